//! Problems of a config as diagnostics, and values that an invoice will need.

use keeptab_config::{Finding, Lack, Severity};
use tower_lsp::ls_types::{Diagnostic, DiagnosticSeverity};

use super::Page;

/// Returns the problems of a config as diagnostics.
pub(super) fn diagnostics(page: &Page) -> Vec<Diagnostic> {
    let lacks = lacks(page).into_iter();
    let lacks = lacks.filter_map(|lack| of_lack(page, &lack));
    let findings = page.proof.findings.iter().map(|finding| of_finding(page, finding));
    findings.chain(lacks).collect()
}

/// Returns the values that invoices lack; empty while the config is broken.
pub(super) fn lacks(page: &Page) -> Vec<Lack> {
    if page.proof.is_good {
        page.proof.config.lacks()
    } else {
        Vec::new()
    }
}

pub(super) fn of_finding(page: &Page, finding: &Finding) -> Diagnostic {
    Diagnostic {
        range: page.range(&finding.range),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        source: Some("keeptab".into()),
        message: finding.message.clone(),
        ..Diagnostic::default()
    }
}

/// Returns a table's missing value as a diagnostic at its heading.
pub(super) fn of_lack(page: &Page, lack: &Lack) -> Option<Diagnostic> {
    let mut blocks = page.outline.blocks.iter();
    let block = blocks.find(|block| block.path() == lack.table)?;
    Some(Diagnostic {
        range: page.range(&block.header.as_ref()?.range),
        severity: Some(DiagnosticSeverity::INFORMATION),
        source: Some("keeptab".into()),
        message: lack.message.clone(),
        ..Diagnostic::default()
    })
}

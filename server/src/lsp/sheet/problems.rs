//! Problems of a timesheet as diagnostics.

use keeptab_core::timesheet::{Problem, Severity};
use tower_lsp::ls_types::{Diagnostic, DiagnosticSeverity, NumberOrString};

use super::Sheet;

/// Returns the problems of a sheet as diagnostics.
pub(super) fn diagnostics(sheet: &Sheet) -> Vec<Diagnostic> {
    let problems = sheet.checked.review.problems.iter();
    problems.map(|problem| diagnostic(sheet, problem)).collect()
}

/// Returns a problem as a diagnostic.
pub(super) fn diagnostic(sheet: &Sheet, problem: &Problem) -> Diagnostic {
    Diagnostic {
        range: sheet.range(&problem.range),
        severity: Some(match problem.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(problem.kind.name().into())),
        source: Some("keeptab".into()),
        message: problem.to_string(),
        ..Diagnostic::default()
    }
}

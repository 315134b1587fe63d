//! The answer to a command, for every surface: words for people, data for programs, and what a client can do with it.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use keeptab_engine::{
    Backup, Catalogue, Comparison, Done, Evidence, Explanation, Forgetting, Gaps, ImportList, ImportView, InvoiceList,
    InvoiceView, Report, Restoration, Roots, Salvage, SheetView, Status, Undo, Verification,
};
use serde::Serialize;
use serde_json::Value;

/// The answer to a command. Displayed, it is what the shell prints.
pub struct Answer {
    shown: Box<dyn Shown>,
    /// The sentence of a change, for clients that have a button to take it back.
    pub summary: Option<String>,
    /// The command that takes it back, if one does.
    pub undo: Option<Undo>,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// The timesheet to open.
    pub sheet: Option<PathBuf>,
    /// True if it reports a problem, for a failing exit code.
    pub is_problem: bool,
}

/// A result that people and programs read.
trait Shown: fmt::Display + Send + Sync {
    fn data(&self) -> Value;
}

impl<T: fmt::Display + Serialize + Send + Sync> Shown for T {
    fn data(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// A result that only programs read.
#[derive(Serialize)]
#[serde(transparent)]
struct Data(Value);

impl fmt::Display for Data {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Answer {
    /// Answers with a result: its words and its data.
    pub fn of(result: impl fmt::Display + Serialize + Send + Sync + 'static) -> Self {
        Self {
            shown: Box::new(result),
            summary: None,
            undo: None,
            files: Vec::new(),
            sheet: None,
            is_problem: false,
        }
    }

    /// Adds the sentence of a change, and the command that takes it back, if one does.
    #[must_use]
    pub fn with_change(self, summary: String, undo: Option<Undo>) -> Self {
        Self {
            summary: Some(summary),
            undo,
            ..self
        }
    }

    /// Answers with data alone, and no words.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn of_data(data: &impl Serialize) -> Result<Self> {
        Ok(Self::of(Data(serde_json::to_value(data)?)))
    }

    /// Returns the data for programs, as `--json` prints it.
    #[must_use]
    pub fn data(&self) -> Value {
        self.shown.data()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(f)
    }
}

/// Tables: results that change nothing, or have no more to say than their words.
macro_rules! tables {
    ($($result:ty),+ $(,)?) => {
        $(impl From<$result> for Answer {
            fn from(result: $result) -> Self {
                Self::of(result)
            }
        })+
    };
}

tables!(
    Backup,
    Catalogue,
    Comparison,
    Evidence,
    Explanation,
    Forgetting,
    Gaps,
    ImportList,
    InvoiceList,
    Report,
    Restoration,
    Roots,
    Salvage,
    Status,
);

impl From<Done> for Answer {
    fn from(done: Done) -> Self {
        Self {
            summary: Some(done.summary.clone()),
            undo: done.undo,
            files: done.files.clone(),
            ..Self::of(done)
        }
    }
}

impl From<InvoiceView> for Answer {
    fn from(invoice: InvoiceView) -> Self {
        Self {
            files: invoice.files.clone(),
            ..Self::of(invoice)
        }
    }
}

impl From<SheetView> for Answer {
    fn from(sheet: SheetView) -> Self {
        Self {
            summary: Some(sheet.outcome.clone()),
            undo: sheet.undo,
            sheet: Some(sheet.path.clone()),
            ..Self::of(sheet)
        }
    }
}

impl From<Verification> for Answer {
    fn from(verification: Verification) -> Self {
        Self {
            is_problem: !verification.holds(),
            ..Self::of(verification)
        }
    }
}

impl From<ImportView> for Answer {
    fn from(import: ImportView) -> Self {
        Self {
            is_problem: import.has_problem(),
            ..Self::of(import)
        }
    }
}

//! The outcome of a change: a sentence for people, data for programs, and the way back.

use std::fmt;
use std::path::PathBuf;

use chrono::NaiveDate;
use keeptab_core::calendar::Week;
use keeptab_core::invoice::{DraftId, InvoiceNumber, Item};
use keeptab_core::rule::ProjectId;
use schemars::JsonSchema;
use serde::Serialize;

use super::taking::Taken;

/// A command that takes a change back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Undo {
    /// The palette's name of the command: `keeptab.undo`.
    pub command: &'static str,
}

impl Undo {
    /// Takes back the latest corrections.
    pub const LATEST: Self = Self {
        command: "keeptab.undo",
    };
}

/// The outcome of a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Done {
    /// One sentence. Further lines say more, and the last of them may be a hint.
    pub summary: String,
    /// The command that takes it back, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// The files that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PathBuf>,
    /// The entries that were made, with the time of them that counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Taken>,
    #[serde(flatten)]
    details: Details,
}

/// The fields of an outcome for programs. Those that a command has nothing to say for are missing.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// The seconds that were added to the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_seconds: Option<i64>,
    /// The outcome of the timer that ran before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Done>>,
    /// False if an entry is not to be billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// The number of lines that were changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<usize>,
    /// The client's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The path of the config that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<PathBuf>,
    /// The day of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The number of documents that were written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<usize>,
    /// The number of the draft that was discarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftId>,
    /// The number of gaps that were breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaps: Option<usize>,
    /// The number of the import that was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<i64>,
    /// The items that are gone with a discarded draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Item>>,
    /// The text of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The first number of a month's invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<InvoiceNumber>,
    /// True if nothing is tracked from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
    /// The project's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectId>,
    /// The projects that time was counted to, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    /// The clients and projects that are no longer in the config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<Vec<String>>,
    /// The number of entries of an import that a review had changed; these stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<usize>,
    /// The beginning of the timer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The number of corrections that were taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_corrections: Option<usize>,
    /// The number of entries that were taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_entries: Option<usize>,
    /// The number of heartbeats that were taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_heartbeats: Option<usize>,
    /// The week of a timesheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// The change that was taken back, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

impl Done {
    /// Makes an outcome of a sentence.
    #[must_use]
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            undo: None,
            files: Vec::new(),
            entries: Vec::new(),
            details: Details::default(),
        }
    }

    /// Sets the fields for programs.
    #[must_use]
    pub fn with(self, details: Details) -> Self {
        Self { details, ..self }
    }

    /// Says that the latest corrections can be taken back.
    #[must_use]
    pub fn undoable(self) -> Self {
        Self {
            undo: Some(Undo::LATEST),
            ..self
        }
    }

    /// Adds new entries. For each that does not count in full, the summary gets a line with the holders of its other
    /// time.
    #[must_use]
    pub fn with_entries(mut self, entries: Vec<Taken>) -> Self {
        for words in entries.iter().filter_map(Taken::words) {
            self.summary.push('\n');
            self.summary.push_str(&words);
        }
        self.entries = entries;
        self
    }

    /// Names a file that was written.
    #[must_use]
    pub fn with_file(mut self, file: PathBuf) -> Self {
        self.files.push(file);
        self
    }
}

/// Shown as the shell prints it.
impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_shell(&self.summary, self.undo))?;
        self.files.iter().try_for_each(|file| write!(f, "\n{}", file.display()))
    }
}

/// Returns a text as the shell prints it: its first line names what takes it back.
#[must_use]
pub fn in_shell(text: &str, undo: Option<Undo>) -> String {
    let Some(Undo { command }) = undo else {
        return text.to_owned();
    };
    let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    format!("{first}; `{}` takes that back{rest}", command.replace('.', " "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shell_reads_the_way_back_and_a_program_the_fields() {
        let done = Done::new("0:45 for api\nhint: none")
            .with(Details {
                project: Some(ProjectId::new("api")),
                ..Details::default()
            })
            .undoable();
        assert_eq!(
            done.to_string(),
            "0:45 for api; `keeptab undo` takes that back\nhint: none"
        );
        let value = serde_json::to_value(&done).unwrap();
        let undo = json!({ "command": "keeptab.undo" });
        assert_eq!(
            value,
            json!({ "summary": "0:45 for api\nhint: none", "undo": undo, "project": "api" })
        );
        let done = Done::new("written").with_file("/a/b.csv".into());
        assert_eq!(done.to_string(), "written\n/a/b.csv");
    }
}

//! The outcome of a change: a sentence for people, data for programs, and the way back.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

use super::taking::Taken;

/// A command that takes a change back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
    /// The fields for programs; each command has its own.
    #[serde(flatten)]
    data: Map<String, Value>,
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
            data: Map::new(),
        }
    }

    /// Adds the fields of a JSON object.
    #[must_use]
    pub fn with(mut self, data: Value) -> Self {
        if let Value::Object(data) = data {
            self.data.extend(data);
        }
        self
    }

    /// Returns the data for programs.
    #[must_use]
    pub fn data(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Says that the latest corrections can be taken back.
    #[must_use]
    pub fn undoable(self) -> Self {
        Self {
            undo: Some(Undo::LATEST),
            ..self
        }
    }

    /// Names entries that were made. If not all of their time counts, the sentence is followed by who has the rest.
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
            .with(json!({ "project": "api" }))
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

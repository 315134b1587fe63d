//! The two documents that the host is a language server for, as the editor has them.
//!
//! Only these are kept in memory. Edits are applied in the order of the notifications, before anything is awaited.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keeptab_core::timesheet::{Parsed, Position, parse};
use serde_json::Value;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::protocol::Told;

/// A kind of keeptab's own documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Timesheet,
    Config,
}

impl Kind {
    /// Returns the kind of document that a URI names, if any. A timesheet is live only in `timesheets`, the folder of
    /// this store; anywhere else it is a text like all others, whoever wrote it.
    fn of(uri: &Uri, timesheets: &Path) -> Option<Self> {
        let path = uri.to_file_path().filter(|_| uri.as_str().starts_with("file:"))?;
        if path.extension().is_some_and(|extension| extension == "timesheet") {
            let folder = path.parent()?;
            (folder == timesheets || is_same_folder(folder, timesheets)).then_some(Self::Timesheet)
        } else if path.file_name().is_some_and(|name| name == "keeptab.toml") {
            Some(Self::Config)
        } else {
            None
        }
    }
}

/// Returns true if two paths are one folder, also through symbolic links and mapped drives.
fn is_same_folder(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some_and(|one| real(other).is_some_and(|other| one == other))
}

/// A document as open in the editor.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) kind: Kind,
    /// The editor's version of the text.
    pub(super) version: i32,
    /// The text with its line index. A config is parsed as a timesheet only for the index.
    pub(super) parsed: Arc<Parsed>,
    /// The action of the next save.
    pub(super) next_save: NextSave,
}

/// The action of a save.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum NextSave {
    /// Apply the document.
    #[default]
    Apply,
    /// Do nothing: the user did not ask for the save.
    Nothing,
    /// Report the outcome of the apply that came just before.
    Tell(Outcome),
}

/// The outcome of an apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done(Told),
    Failed(String),
}

/// The open documents.
#[derive(Clone)]
pub(super) struct Documents {
    /// The folder in which timesheets are live.
    timesheets: Arc<Path>,
    open: Arc<Mutex<HashMap<Uri, Document>>>,
}

impl Documents {
    /// Begins with none; `timesheets` is the folder in which timesheets are live.
    pub(super) fn new(timesheets: PathBuf) -> Self {
        Self {
            timesheets: timesheets.into(),
            open: Arc::default(),
        }
    }

    /// Returns whether a notification or request is about one of our documents.
    pub(super) fn are_about(&self, params: &Value) -> bool {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        uri.parse().is_ok_and(|uri| self.kind_of(&uri).is_some())
    }

    /// Returns the kind of document that a URI names, if any.
    pub(super) fn kind_of(&self, uri: &Uri) -> Option<Kind> {
        Kind::of(uri, &self.timesheets)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Uri, Document>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a document that was opened.
    pub(super) fn put(&self, uri: Uri, version: i32, text: &str) {
        let Some(kind) = self.kind_of(&uri) else { return };
        let document = Document {
            kind,
            version,
            parsed: Arc::new(parse(text)),
            next_save: NextSave::Apply,
        };
        self.open().insert(uri, document);
    }

    /// Takes edits, in their order.
    pub(super) fn change(&self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        if let Some(document) = self.open().get_mut(uri) {
            for change in changes {
                let text = changed(&document.parsed, change);
                document.parsed = Arc::new(parse(&text));
            }
            document.version = version;
        }
    }

    pub(super) fn close(&self, uri: &Uri) {
        self.open().remove(uri);
    }

    pub(super) fn get(&self, uri: &Uri) -> Option<Document> {
        self.open().get(uri).cloned()
    }

    /// Sets the action of the next save.
    pub(super) fn at_next_save(&self, uri: &Uri, what: NextSave) {
        if let Some(document) = self.open().get_mut(uri) {
            document.next_save = what;
        }
    }

    /// Returns the timesheets that are open.
    pub(super) fn timesheets(&self) -> Vec<Uri> {
        let open = self.open();
        let sheets = open.iter().filter(|(_, document)| document.kind == Kind::Timesheet);
        sheets.map(|(uri, _)| uri.clone()).collect()
    }
}

fn changed(parsed: &Parsed, change: TextDocumentContentChangeEvent) -> String {
    let Some(range) = change.range else { return change.text };
    let byte = |position: tower_lsp::ls_types::Position| {
        let position = Position {
            line: usize::try_from(position.line).unwrap_or(usize::MAX),
            utf16: usize::try_from(position.character).unwrap_or(usize::MAX),
        };
        parsed.byte(position)
    };
    let (start, end) = (byte(range.start), byte(range.end));
    let mut text = parsed.text().to_owned();
    text.replace_range(start..end.max(start), &change.text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::ls_types::Range;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    #[test]
    fn edits_are_made_where_the_editor_counts_them() {
        let documents = Documents::new("/x".into());
        let sheet = uri("file:///x/2026-W47.timesheet");
        documents.put(sheet.clone(), 1, "# 2026-W47\nä𝄞b\r\nlast");
        let at = |line, character| tower_lsp::ls_types::Position::new(line, character);
        let edit = |start, end, text: &str| TextDocumentContentChangeEvent {
            range: Some(Range::new(start, end)),
            range_length: None,
            text: text.to_owned(),
        };
        let edits = vec![
            edit(at(1, 3), at(1, 4), "c"),
            edit(at(2, 4), at(9, 0), "!\n"),
            edit(at(0, 0), at(0, 0), "#"),
        ];
        documents.change(&sheet, 2, edits);
        let document = documents.get(&sheet).unwrap();
        assert_eq!(document.parsed.text(), "## 2026-W47\nä𝄞c\r\nlast!\n");
        assert_eq!(document.version, 2);
        documents.close(&sheet);
        assert!(documents.get(&sheet).is_none());
    }

    #[test]
    fn only_our_own_documents_are_kept() {
        let documents = Documents::new("/x".into());
        let other = uri("file:///x/secret.rs");
        documents.put(other.clone(), 1, "secret");
        assert!(documents.get(&other).is_none());
        let kind = |text| Kind::of(&uri(text), Path::new("/x"));
        assert_eq!(kind("file:///x/keeptab.toml"), Some(Kind::Config));
        assert_eq!(kind("file:///x/other-keeptab.toml"), None);
    }

    #[test]
    fn a_timesheet_is_live_in_the_stores_own_folder_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("timesheets");
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        std::fs::create_dir(home.path().join("repository")).unwrap();
        let kind = |name: &str| Kind::of(&uri(&format!("file://{}/{name}", home.path().display())), &folder);
        assert_eq!(kind("timesheets/2026-W47.timesheet"), Some(Kind::Timesheet));
        assert_eq!(kind("timesheets/deep/../2026%2DW47.timesheet"), Some(Kind::Timesheet));
        for elsewhere in [
            "repository/weekly.timesheet",
            "timesheets/deep/weekly.timesheet",
            "timesheets/../repository/weekly.timesheet",
            "nowhere/timesheets/weekly.timesheet",
        ] {
            assert_eq!(kind(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(Kind::of(&uri("untitled:/x/weekly.timesheet"), Path::new("/x")), None);
    }
}

//! State of the one editor of a host: the way it reports activity, and its workspace roots.

use keeptab_core::activity::{Actor, Kind};
use keeptab_core::instant::Instant;
use keeptab_engine::{Activity, Batch, What};
use serde_json::Value;

/// The way the editor reports activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Our plugin observes everything and sends `keeptab/activity`.
    Plugin,
    /// Any LSP client: reported by documents that are opened, changed and saved.
    Documents,
}

/// The editor that this host serves.
#[derive(Debug)]
pub(super) struct Session {
    way: Way,
    source: String,
    roots: Vec<String>,
}

impl Session {
    /// Begins before `initialize`; `name` serves as the source of an editor that does not name itself.
    pub(super) fn new(name: String) -> Self {
        Self {
            way: Way::Documents,
            source: name,
            roots: Vec::new(),
        }
    }

    /// Reads the parameters of `initialize`.
    pub(super) fn initialize(&mut self, params: &Value) {
        let options = &params["initializationOptions"];
        if options["activity"] == "plugin" {
            self.way = Way::Plugin;
        }
        if let Some(source) = options["source"].as_str().filter(|source| !source.is_empty()) {
            source.clone_into(&mut self.source);
        }
        self.add_roots(&params["workspaceFolders"]);
        if self.roots.is_empty() {
            self.roots.extend(params["rootUri"].as_str().map(str::to_owned));
        }
    }

    /// Reads the parameters of `workspace/didChangeWorkspaceFolders`.
    pub(super) fn change_roots(&mut self, params: &Value) {
        let event = &params["event"];
        let removed = uris(&event["removed"]);
        self.roots.retain(|root| !removed.contains(root));
        self.add_roots(&event["added"]);
    }

    /// Returns the workspace roots of an editor that does not tell their other names itself.
    pub(super) fn unnamed_roots(&self) -> Option<Vec<String>> {
        (self.way == Way::Documents && !self.roots.is_empty()).then(|| self.roots.clone())
    }

    /// Returns the workspace roots, as URIs.
    pub(super) fn roots(&self) -> &[String] {
        &self.roots
    }

    fn add_roots(&mut self, folders: &Value) {
        for root in uris(folders) {
            if !self.roots.contains(&root) {
                self.roots.push(root);
            }
        }
    }

    /// Makes a batch of this editor's events.
    pub(super) fn batch(&self, events: Vec<Activity>) -> Batch {
        Batch {
            source: self.source.clone(),
            events,
        }
    }

    /// Returns the work that a document notification is evidence of, if this editor reports in that way.
    pub(super) fn document_activity(&self, method: &str, params: &Value, now: Instant) -> Option<Batch> {
        let kind = match method {
            "textDocument/didOpen" => Kind::Navigate,
            "textDocument/didChange" => Kind::Edit,
            "textDocument/didSave" => Kind::Save,
            _ => return None,
        };
        let document = &params["textDocument"];
        let uri = document["uri"].as_str().filter(|_| self.way == Way::Documents)?;
        let work = What::Work {
            kind,
            actor: Actor::Human,
            root: self.root_of(uri),
            cwd: None,
            uri: Some(uri.to_owned()),
            language: document["languageId"].as_str().map(str::to_owned),
            private: false,
        };
        let activity = Activity {
            seq: None,
            at: now,
            what: work,
        };
        Some(self.batch(vec![activity]))
    }

    fn root_of(&self, uri: &str) -> Option<String> {
        let within = |root: &&String| {
            uri.strip_prefix(root.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.roots.iter().filter(within).max_by_key(|root| root.len()).cloned()
    }
}

fn uris(folders: &Value) -> Vec<String> {
    let folders = folders.as_array().into_iter().flatten();
    folders
        .filter_map(|folder| folder["uri"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plugin_is_believed_and_its_documents_are_not_counted() {
        let mut session = Session::new("lsp-1".into());
        let options = json!({ "initializationOptions": { "activity": "plugin", "source": "nvim-7" } });
        session.initialize(&options);
        let document = json!({ "textDocument": { "uri": "file:///w/a.rs" } });
        let now = Instant::from_millis(0);
        assert!(
            session
                .document_activity("textDocument/didChange", &document, now)
                .is_none()
        );
        assert_eq!(session.batch(vec![]).source, "nvim-7");
    }

    #[test]
    fn the_innermost_root_is_the_root() {
        let mut session = Session::new("lsp-1".into());
        session.initialize(&json!({ "workspaceFolders": [{ "uri": "file:///w" }, { "uri": "file:///w/acme" }] }));
        assert_eq!(
            session.root_of("file:///w/acme/a.rs").as_deref(),
            Some("file:///w/acme")
        );
        session.change_roots(&json!({ "event": { "added": [], "removed": [{ "uri": "file:///w/acme" }] } }));
        assert_eq!(session.root_of("file:///w/acme/a.rs").as_deref(), Some("file:///w"));
        assert_eq!(session.root_of("file:///www/a.rs"), None);
    }
}

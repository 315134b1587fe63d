//! A rule that *assign* wrote, taken back.

use anyhow::{Context as _, Result, bail};
use keeptab_core::rule::{ProjectId, Subject};
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::Edit;
use super::adopt::Written;

/// The text of an edit that names the files or pages of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assigned {
    /// A glob in the list of a project.
    Glob {
        /// The project.
        project: ProjectId,
        /// The glob.
        glob: String,
        /// The text of the list before, with its comments; `None` if there was no list.
        before: Option<String>,
        /// The text of the list with the glob in it.
        after: String,
    },
    /// A new project.
    Project(Written),
}

impl Assigned {
    /// Returns what an edit wrote, from the text before and after; `None` if it wrote no rule.
    #[must_use]
    pub fn of(edit: &Edit, before: &str, after: &str) -> Option<Self> {
        let (before, after) = (before.parse().ok()?, after.parse().ok()?);
        match edit {
            Edit::AddRule { project, glob } => Some(Self::Glob {
                before: list(&before, project, glob).map(ToString::to_string),
                after: list(&after, project, glob)?.to_string(),
                project: project.clone(),
                glob: glob.clone(),
            }),
            Edit::AddProject { id, .. } => Written::of(&after, "project", id.as_str()).map(Self::Project),
            _ => None,
        }
    }

    /// Names it: `the rule ~/work/** of acme/api`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Glob { project, glob, .. } => format!("the rule {glob} of {project}"),
            Self::Project(Written { id, .. }) => format!("project {id}"),
        }
    }

    /// Returns true if a config has it, changed or not.
    #[must_use]
    pub fn stands(&self, text: &str) -> bool {
        let Ok(document) = text.parse::<DocumentMut>() else {
            // A broken config is no reason to forget it.
            return true;
        };
        match self {
            Self::Glob { project, glob, .. } => {
                let globs = list(&document, project, glob).and_then(Item::as_array);
                globs.is_some_and(|globs| globs.iter().any(|known| known.as_str() == Some(glob)))
            }
            Self::Project(Written { id, .. }) => Written::of(&document, "project", id).is_some(),
        }
    }

    /// Removes it. What stands around it, comments too, is as it was before.
    ///
    /// # Errors
    ///
    /// If it was changed since it was written.
    pub(super) fn take_back(&self, document: &mut DocumentMut) -> Result<()> {
        match self {
            Self::Glob {
                project,
                glob,
                before,
                after,
            } => {
                let key = key(glob);
                let table = table_mut(document, project).with_context(|| changed(project, key))?;
                if table.get(key).map(ToString::to_string).as_ref() != Some(after) {
                    bail!("{}", changed(project, key));
                }
                match before {
                    None => {
                        table.remove(key);
                    }
                    Some(before) => {
                        let value: Value = parsed(before).with_context(|| changed(project, key))?;
                        if let Some(list) = table.get_mut(key) {
                            *list = Item::Value(value);
                        }
                    }
                }
            }
            Self::Project(written) => {
                if !written.is_unchanged(document) {
                    bail!(
                        "[project.\"{0}\"] was changed since `assign` wrote it\nhint: remove it from keeptab.toml by hand, or keep it",
                        written.id
                    );
                }
                super::adopt::abandon(document, std::slice::from_ref(written));
            }
        }
        Ok(())
    }
}

fn changed(project: &ProjectId, key: &str) -> String {
    format!(
        "{key} of {project} were changed since `assign` wrote a rule there\nhint: remove the rule from keeptab.toml by hand, or keep it"
    )
}

/// Reads a list as it was written, with the comment behind it.
fn parsed(text: &str) -> Option<Value> {
    let document: DocumentMut = format!("list ={text}\n").parse().ok()?;
    document.get("list")?.as_value().cloned()
}

fn key(glob: &str) -> &'static str {
    match Subject::of(glob) {
        Subject::Path => "paths",
        Subject::Url => "urls",
    }
}

fn list<'d>(document: &'d DocumentMut, project: &ProjectId, glob: &str) -> Option<&'d Item> {
    document.get("project")?.get(project.as_str())?.get(key(glob))
}

fn table_mut<'d>(document: &'d mut DocumentMut, project: &ProjectId) -> Option<&'d mut dyn TableLike> {
    let projects = document.get_mut("project")?.as_table_like_mut()?;
    projects.get_mut(project.as_str())?.as_table_like_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "# mine\n[project.\"acme/api\"] # here\nname = \"API\"\n{}\n[project.b]\nrate = \"1\"\n";

    fn rule() -> Edit {
        Edit::AddRule {
            project: ProjectId::new("acme/api"),
            glob: "~/new/**".into(),
        }
    }

    fn back(assigned: &Assigned, text: &str) -> Result<String> {
        Edit::TakeBack(assigned.clone()).apply(text)
    }

    #[test]
    fn what_was_written_is_taken_back_to_the_letter() {
        for paths in [
            "",
            "paths = []\n",
            "paths = [\"~/a/**\"] # both\n",
            "paths = [ \"~/a/**\", ]\n",
            "paths = [\n    \"~/a/**\", # first\n    \"~/b/**\", # second\n]\n",
            "paths = [\n  \"~/a/**\" # only\n]\n# after\n",
            "paths=[\"~/a/**\"]\n",
        ] {
            let before = CONFIG.replace("{}\n", paths);
            let after = rule().apply(&before).unwrap();
            let assigned = Assigned::of(&rule(), &before, &after).unwrap();
            assert!(assigned.stands(&after) && !assigned.stands(&before), "{after}");
            assert_eq!(back(&assigned, &after).unwrap(), before);
            // A change elsewhere stays.
            let elsewhere = after.replace("rate = \"1\"", "rate = \"2\" # dearer");
            assert_eq!(
                back(&assigned, &elsewhere).unwrap(),
                before.replace("rate = \"1\"", "rate = \"2\" # dearer")
            );
            // A change there is the user's.
            let there = after.replace("\"~/new/**\"", "\"~/new/**\", \"~/own/**\"");
            let error = back(&assigned, &there).unwrap_err().to_string();
            assert!(error.starts_with("paths of acme/api were changed"), "{error}");
        }
    }

    #[test]
    fn a_project_that_was_added_goes_unless_it_was_changed() {
        let before = CONFIG.replace("{}\n", "");
        let edit = Edit::AddProject {
            id: ProjectId::new("notes"),
            client: None,
            name: None,
            rate: None,
            paths: vec!["~/notes/**".into()],
            urls: vec![],
        };
        let after = edit.apply(&before).unwrap();
        let assigned = Assigned::of(&edit, &before, &after).unwrap();
        assert_eq!(back(&assigned, &after).unwrap(), before);
        let changed = after.replace("paths = [\"~/notes/**\"]", "paths = [\"~/notes/**\"]\nname = \"Notes\"");
        assert!(back(&assigned, &changed).is_err());
        assert!(assigned.stands(&changed));
    }
}

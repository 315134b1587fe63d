//! Languages and editors: what was in front of the person who worked.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timeline::{Tag, within};
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use crate::Engine;

/// The captured time of some days by tool, before corrections, without private time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Tools {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// The time by editor, language and project.
    rows: Vec<Tool>,
}

/// The time of one editor, language and project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Tool {
    /// `vscode`, `nvim`, `browser`, `lsp`, or the name of the import.
    editor: String,
    /// The language that the editor reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// The place of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<usize>,
    /// The length.
    seconds: i64,
}

impl Engine {
    /// Returns the time of some days by editor, language and project.
    pub(super) fn tools(&mut self, from: NaiveDate, to: NaiveDate, names: &mut Names, now: Instant) -> Result<Tools> {
        let span = self.config.calendar.days(from, to);
        let things = self.things(span, now, |_| {})?;
        let mut editors = BTreeMap::new();
        for source in self.store.sources()? {
            let editor = source.name.split(['-', ':']).next().unwrap_or_default().to_owned();
            editors.insert(source.id, editor);
        }
        let mut languages = HashMap::new();
        let mut sums = BTreeMap::<_, Length>::new();
        for stretch in within(&things, span) {
            let thing = stretch.tag;
            let project = match thing.tag {
                Tag::Project(index) => self.config.projects.get(index.0),
                Tag::Unassigned => None,
                Tag::Private => continue,
            };
            let project = project.map(|project| names.project(&project.terms.project));
            let editor = editors.get(&thing.source).cloned().unwrap_or_default();
            let language = match languages.entry(thing.entity) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(self.store.language(thing.entity)?),
            };
            *sums.entry((editor, language.clone(), project)).or_default() += stretch.span.length();
        }
        let tool = |((editor, language, project), length): ((String, _, _), Length)| Tool {
            editor,
            language,
            project,
            seconds: length.whole_seconds(),
        };
        let rows = sums.into_iter().map(tool).collect();
        Ok(Tools { from, to, rows })
    }
}

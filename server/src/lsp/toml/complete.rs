//! Completion: headings, keys that are not there yet, and values.

use std::ops::Range;

use keeptab_config::keys::{Key, Kind, Need, Shape, TABLES};
use keeptab_config::outline::{Entry, Node, Place};
use keeptab_engine::Lately;
use tower_lsp::ls_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, TextEdit};

use super::Page;
use super::edits::{heading, quoted};
use super::values::choices;

/// A completion.
struct Proposal {
    label: String,
    insert: String,
    filter: String,
    detail: String,
    doc: String,
    kind: CompletionItemKind,
}

/// Returns whether what could be written at a byte is known from history.
pub(super) fn asks_for_history(page: &Page, byte: usize) -> bool {
    match page.outline.place(page.text(), byte) {
        Place::Value { path, .. } => Shape::key_at(&path).is_some_and(|key| key.kind == Kind::Paths),
        _ => false,
    }
}

/// Returns the completions at a byte, the likeliest first.
pub(super) fn complete(page: &Page, byte: usize, touched: &[Lately]) -> Vec<CompletionItem> {
    let (proposals, bytes) = match page.outline.place(page.text(), byte) {
        Place::Header { header, .. } => (headings(page), header.range.clone()),
        Place::Key {
            table,
            beside,
            entry,
            name,
        } => {
            let bytes = name.map_or(byte..byte, |name| name.range.clone());
            let mut proposals = keys(page, &table, beside, entry);
            let on_a_line_of_its_own = page.outline.block_at(byte).is_some_and(|block| block.path() == table);
            if entry.is_none() && on_a_line_of_its_own {
                proposals.extend(headings(page));
            }
            (proposals, bytes)
        }
        Place::Value { path, node, in_list } => {
            let bytes = node.map_or(byte..byte, |node| written(page, node, byte));
            (values(page, &path, node, in_list, touched), bytes)
        }
        Place::Nothing => return Vec::new(),
    };
    let range = page.range(&bytes);
    let item = |(index, proposal): (usize, Proposal)| CompletionItem {
        label: proposal.label,
        kind: Some(proposal.kind),
        detail: Some(proposal.detail).filter(|detail| !detail.is_empty()),
        documentation: Some(proposal.doc)
            .filter(|doc| !doc.is_empty())
            .map(Documentation::String),
        sort_text: Some(format!("{index:04}")),
        filter_text: Some(proposal.filter),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, proposal.insert))),
        ..CompletionItem::default()
    };
    proposals.into_iter().enumerate().map(item).collect()
}

/// Returns the part of a value that a completion replaces; if a quote is not closed, only the part before the cursor.
fn written(page: &Page, node: &Node, byte: usize) -> Range<usize> {
    let text = page.parsed.slice(&node.range);
    let open = ['"', '\'']
        .iter()
        .any(|quote| text.starts_with(*quote) && (text.len() == 1 || !text.ends_with(*quote)));
    let end = if open { byte } else { node.range.end };
    node.range.start..end
}

fn headings(page: &Page) -> Vec<Proposal> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    let there = |name: &str| {
        let mut blocks = page.outline.blocks.iter();
        blocks.any(|block| block.path().first().is_some_and(|first| first == name))
    };
    for name in ["business", "tracking"] {
        if !there(name) {
            paths.push(vec![name.to_owned()]);
        }
    }
    let clients = page.outline.ids("client");
    let projects = page.proof.config.projects.iter();
    let named = projects.filter_map(|project| project.client.clone());
    paths.extend(
        named
            .filter(|id| !clients.contains(id))
            .map(|id| vec!["client".to_owned(), id]),
    );
    paths.push(vec!["client".to_owned(), "name".to_owned()]);
    let mut ids: Vec<String> = clients.iter().map(|client| format!("{client}/name")).collect();
    ids.push("name".to_owned());
    paths.extend(ids.into_iter().map(|id| vec!["project".to_owned(), id]));
    if !there("review") {
        paths.push(vec!["review".to_owned()]);
    }
    paths.dedup();
    let proposal = |path: Vec<String>| {
        let table = TABLES
            .iter()
            .find(|(name, _)| Some(*name) == path.first().map(String::as_str));
        let heading = heading(&path);
        Proposal {
            label: heading.clone(),
            insert: heading.clone(),
            filter: heading,
            detail: String::new(),
            doc: table.map(|(_, doc)| (*doc).to_owned()).unwrap_or_default(),
            kind: CompletionItemKind::MODULE,
        }
    };
    paths.into_iter().map(proposal).collect()
}

fn keys(page: &Page, table: &[String], beside: &[Entry], entry: Option<&Entry>) -> Vec<Proposal> {
    let Some(shape) = Shape::at(table) else {
        return Vec::new();
    };
    let own = |name: &str| {
        let others = beside
            .iter()
            .filter(|other| !entry.is_some_and(|entry| std::ptr::eq(entry, *other)));
        others
            .into_iter()
            .any(|other| other.key.first().is_some_and(|key| key.text == name))
    };
    // A table of its own, such as [business.tax], is there too.
    let apart = |name: &str| {
        let path: Vec<String> = table.iter().cloned().chain([name.to_owned()]).collect();
        page.outline.blocks.iter().any(|block| block.path() == path)
    };
    let absent = shape.keys().iter().filter(|key| !own(key.name) && !apart(key.name));
    let has_equals = entry.is_some_and(|entry| entry.equals.is_some());
    let proposal = |key: &Key| Proposal {
        label: key.name.to_owned(),
        insert: if has_equals {
            key.name.to_owned()
        } else {
            format!("{} = ", key.name)
        },
        filter: key.name.to_owned(),
        detail: need(key).to_owned(),
        doc: key.doc.to_owned(),
        kind: CompletionItemKind::PROPERTY,
    };
    absent.map(proposal).collect()
}

/// Describes the need for a key.
pub(super) fn need(key: &Key) -> &'static str {
    match key.need {
        Need::Table => "must be there",
        Need::Invoice => "an invoice needs it",
        Need::Nobody => "",
    }
}

fn values(page: &Page, path: &[String], node: Option<&Node>, in_list: bool, touched: &[Lately]) -> Vec<Proposal> {
    let Some(key) = Shape::key_at(path) else {
        return Vec::new();
    };
    let is_quoted = node.is_some_and(|node| page.parsed.slice(&node.range).starts_with(['"', '\'']));
    let list = matches!(key.kind, Kind::Paths) && !in_list && node.is_none();
    let proposal = |choice: super::values::Choice| {
        let insert = match &choice {
            choice if choice.bare => choice.text.clone(),
            choice if list => format!("[{}]", quoted(&choice.text)),
            choice => quoted(&choice.text),
        };
        Proposal {
            filter: if is_quoted { insert.clone() } else { choice.text.clone() },
            label: choice.text,
            insert,
            detail: choice.detail,
            doc: String::new(),
            kind: CompletionItemKind::VALUE,
        }
    };
    choices(page, key.kind, touched).into_iter().map(proposal).collect()
}

//! Pieces of TOML to add to a config, and their places.

use std::ops::Range;

use keeptab_config::Fix;
use keeptab_config::keys::{Kind, Shape};
use keeptab_config::outline::{Block, Place};

use super::Page;

/// A change to the text: the range and its replacement.
pub(super) type Change = (Range<usize>, String);

/// Writes a text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
        letter => letter.to_string(),
    };
    let inside: String = text.chars().map(escaped).collect();
    format!("\"{inside}\"")
}

/// Writes the heading of a table.
pub(super) fn heading(path: &[String]) -> String {
    let is_bare = |name: &String| {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        !name.is_empty() && name.chars().all(fits)
    };
    let names = path
        .iter()
        .map(|name| if is_bare(name) { name.clone() } else { quoted(name) });
    format!("[{}]", names.collect::<Vec<_>>().join("."))
}

/// Returns the title of a fix and its change; `None` if it cannot be made cleanly.
pub(super) fn change(page: &Page, fix: &Fix, at: &Range<usize>) -> Option<(String, Change)> {
    match fix {
        Fix::Replace(text) => Some((format!("Change to {text}"), (at.clone(), text.clone()))),
        Fix::AddKeys(keys) => {
            let title = format!("Add {}", keys.join(", "));
            add_keys(page, keys, at).map(|change| (title, change))
        }
        Fix::AddClient(id) => {
            let heading = heading(&["client".to_owned(), id.clone()]);
            let gap = if page.text().ends_with('\n') { "\n" } else { "\n\n" };
            let end = page.text().len();
            let text = format!("{gap}{heading}\nname = \"\"\n");
            Some((format!("Add {heading}"), (end..end, text)))
        }
        Fix::Except { winner, glob, behind } => {
            let title = format!("Let {winner} win");
            except(page, glob, behind).map(|change| (title, change))
        }
    }
}

fn add_keys(page: &Page, keys: &[&'static str], at: &Range<usize>) -> Option<Change> {
    if page.parsed.slice(at).starts_with('{') {
        let inside = at.start + 1;
        let empty = page.text()[inside..].trim_start().starts_with('}');
        let keys: Vec<String> = keys.iter().map(|key| format!("{key} = \"\"")).collect();
        let comma = if empty { "" } else { "," };
        return Some((inside..inside, format!(" {}{comma}", keys.join(", "))));
    }
    let block = page.outline.block_at(at.start)?;
    add_to_block(block, keys)
}

/// Adds keys behind the last entry of a table, if the table can have them.
pub(super) fn add_to_block(block: &Block, keys: &[&'static str]) -> Option<Change> {
    let shape = Shape::at(&block.path())?;
    let line = |name: &&'static str| {
        let value = match shape.key(name)?.kind {
            Kind::Texts | Kind::Words(_) => "[\"\"]",
            _ => "\"\"",
        };
        Some(format!("\n{name} = {value}"))
    };
    let lines: Option<String> = keys.iter().map(line).collect();
    Some((block.end()..block.end(), lines?))
}

/// Adds an exception after a glob.
fn except(page: &Page, glob: &str, behind: &Range<usize>) -> Option<Change> {
    let exception = quoted(&format!("!{glob}"));
    match page.outline.place(page.text(), behind.start) {
        Place::Value { in_list: true, .. } => Some((behind.end..behind.end, format!(", {exception}"))),
        Place::Value { node: Some(node), .. } => {
            let text = format!("[{}, {exception}]", page.parsed.slice(&node.range));
            Some((node.range.clone(), text))
        }
        _ => None,
    }
}

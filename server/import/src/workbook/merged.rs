//! Cells that are shown as one: the text of the first stands for each of their rows.

use std::io::Read;

use anyhow::Result;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::column;
use super::xml::attribute;

/// The most bytes of the list of merged cells.
const LONGEST: usize = 1024 * 1024;
const LIST: &[u8] = b"<mergeCells";

/// A group of cells of several rows.
pub(super) struct Merged {
    column: usize,
    rows: (u64, u64),
    text: String,
}

/// The number of groups that are looked at.
const MOST_GROUPS: usize = 10_000;

/// Reads the groups of a sheet, which stand behind its rows.
pub(super) fn read(mut sheet: impl Read) -> Result<Vec<Merged>> {
    let (mut list, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    let mut is_found = false;
    loop {
        let count = sheet.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        list.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if !is_found {
            let at = list.windows(LIST.len()).position(|bytes| bytes == LIST);
            is_found = at.is_some();
            list.drain(..at.unwrap_or_else(|| list.len().saturating_sub(LIST.len())));
        }
        list.truncate(LONGEST);
    }
    let mut merged = Vec::new();
    if is_found {
        let mut xml = Reader::from_reader(&list[..]);
        let mut buffer = Vec::new();
        // Behind the list anything may stand.
        while let Ok(event) = xml.read_event_into(&mut buffer) {
            match event {
                Event::Start(start) | Event::Empty(start)
                    if start.local_name().as_ref() == "mergeCell" && merged.len() < MOST_GROUPS =>
                {
                    merged.extend(attribute(&start, "ref").and_then(|name| group(&name)));
                }
                Event::End(end) if end.local_name().as_ref() == "mergeCells" => break,
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
    }
    Ok(merged)
}

/// Reads `B2:B5`.
fn group(name: &str) -> Option<Merged> {
    let (first, last) = name.split_once(':')?;
    let row = |name: &str| {
        name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic())
            .parse::<u64>()
            .ok()
    };
    let rows = (row(first)?, row(last)?);
    (rows.0 < rows.1).then_some(Merged {
        column: column(first)?,
        rows,
        text: String::new(),
    })
}

/// Returns the texts that a row repeats from the rows above it. A number is not repeated: it would count twice.
pub(super) fn repeated(merged: &mut [Merged], number: u64, cells: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for group in merged {
        if number == group.rows.0 {
            let text = cells.get(group.column).cloned().unwrap_or_default();
            let is_clock = text.contains(':')
                && text
                    .chars()
                    .all(|letter| letter.is_ascii_digit() || ":.- ".contains(letter));
            let is_number = text.contains(|letter: char| letter.is_ascii_digit()) && text.parse::<f64>().is_ok();
            let is_amount = is_clock || is_number;
            group.text = if is_amount { String::new() } else { text };
        } else if number > group.rows.0 && number <= group.rows.1 && !cells.is_empty() {
            found.push((group.column, group.text.clone()));
        }
    }
    found
}

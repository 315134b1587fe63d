//! A text with its columns aligned.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::print::{Row, Widths, rest};
use super::text::{DayHeader, Item, Parsed, TimeLine};

/// Aligns the columns of a parsed sheet. Comments, lines with errors, blank lines and line breaks stay as they are, and
/// no field is lost; times are written as `09:02-10:47`.
#[must_use]
pub fn format(parsed: &Parsed) -> String {
    let broken: HashSet<usize> = parsed.problems.iter().map(|problem| problem.line).collect();
    let rows = parsed
        .lines
        .iter()
        .enumerate()
        .map(|(line, source)| match &source.item {
            Item::Time(time) if !broken.contains(&line) => row(parsed, time),
            _ => None,
        });
    let rows: Vec<Option<Row>> = rows.collect();
    let widths = Widths::of(rows.iter().flatten());
    let mut text = String::with_capacity(parsed.text().len());
    let mut end = 0;
    for (line, (source, row)) in parsed.lines.iter().zip(&rows).enumerate() {
        // The line break before this line.
        text.push_str(parsed.slice(&(end..source.range.start)));
        end = source.range.end;
        let old = parsed.slice(&source.range);
        let mark = if line == 0 && old.starts_with('\u{feff}') {
            "\u{feff}"
        } else {
            ""
        };
        let _ = match (&source.item, row) {
            (_, Some(row)) => write!(text, "{mark}{}", row.aligned(widths)),
            (Item::Day(day), None) if !broken.contains(&line) => {
                write!(text, "{mark}{}", day_header(parsed, day, old))
            }
            // Without its blanks, this line's break would merge with the `\r` of the line before.
            (Item::Blank, None) if text.ends_with('\r') => text.write_str(old),
            (Item::Blank | Item::Header(_) | Item::Comment, None) => text.write_str(old.trim_end()),
            _ => text.write_str(old),
        };
    }
    text
}

fn row(parsed: &Parsed, line: &TimeLine) -> Option<Row> {
    let note = line.note.as_ref().map(|note| parsed.slice(&note.range));
    Some(Row {
        time: line.time.as_ref()?.value.to_string(),
        to: parsed.slice(&line.to.as_ref()?.range).to_owned(),
        rest: rest(line.mark.is_some(), note),
    })
}

fn day_header(parsed: &Parsed, day: &DayHeader, old: &str) -> String {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(weekday) = &day.weekday else {
        return old.to_owned();
    };
    let end = day.date.as_ref().map_or(weekday.range.end, |date| date.range.end);
    let date = words(parsed.slice(&(weekday.range.start..end)));
    match &day.total {
        Some(total) => format!("{date}   {}", parsed.slice(total)),
        None => date,
    }
}

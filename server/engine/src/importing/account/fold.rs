//! Text for a terminal of 80 columns, and for a window with a border in it: long lines are folded at their words, and equal complaints stand together.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use keeptab_core::plain;

use super::super::super::view::{columns, wide};

/// The columns of a line.
pub(super) const COLUMNS: usize = 76;
/// The lines that one line becomes at most.
const MOST_LINES: usize = 4;
/// The blanks before a line that is folded.
const MOST_INDENT: usize = 20;
/// The numbers of lines that are listed for one complaint.
const MOST_NUMBERS: usize = 8;
/// A longer name of a file is shortened where it stands before each line.
const LONG_NAME: usize = 32;

/// Folds the lines of a text that are longer than a terminal's. Words in backticks stay together if they fit.
pub(super) fn folded(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(fold).collect();
    lines.join("\n")
}

fn fold(line: &str) -> String {
    if columns(line) <= COLUMNS {
        return line.to_owned();
    }
    let indent = (line.len() - line.trim_start().len()).min(MOST_INDENT);
    let blank = " ".repeat(indent + 4);
    let mut lines = vec![" ".repeat(indent)];
    let mut gap = "";
    for (word, after) in words(line.trim_start()) {
        let Some(last) = lines.last_mut() else { continue };
        // A word that fits into no line is cut where it stands.
        let is_too_long = blank.len() + columns(word) > COLUMNS;
        if columns(last) + columns(gap) + columns(word) <= COLUMNS || last.trim().is_empty() || is_too_long {
            last.extend([gap, word]);
        } else {
            lines.push(format!("{blank}{word}"));
        }
        gap = after;
        while let Some(rest) = lines.last_mut().and_then(cut) {
            lines.push(format!("{blank}{rest}"));
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            while columns(last) >= COLUMNS {
                last.pop();
            }
            last.push('…');
        }
    }
    lines.join("\n")
}

/// Returns a line that takes two lines of a terminal at most.
pub(super) fn shortened(line: &str) -> Cow<'_, str> {
    const MOST: usize = 2 * COLUMNS - 4;
    if columns(line) <= MOST {
        return line.into();
    }
    let (mut width, mut short) = (1, String::new());
    for letter in line.chars() {
        width += wide(letter);
        if width > MOST {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end()).into()
}

/// Cuts a line that is too long, behind a hyphen or a slash if it has one, and returns the rest.
fn cut(line: &mut String) -> Option<String> {
    if columns(line) <= COLUMNS {
        return None;
    }
    let (mut width, mut fits, mut mark) = (0, 0, 0);
    for (at, letter) in line.char_indices() {
        width += wide(letter);
        if width > COLUMNS {
            break;
        }
        fits = at + letter.len_utf8();
        if matches!(letter, '-' | '/') {
            mark = fits;
        }
    }
    let at = if mark > fits / 2 { mark } else { fits };
    Some(line.split_off(at))
}

/// Splits a line into words, each with the blanks behind it.
fn words(line: &str) -> Vec<(&str, &str)> {
    let (mut words, mut start, mut is_code) = (Vec::new(), 0, false);
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        is_code ^= letter == '`';
        if letter != ' ' || is_code {
            continue;
        }
        let mut end = at + 1;
        while letters.next_if(|(_, letter)| *letter == ' ').is_some() {
            end += 1;
        }
        words.push((
            line.get(start..at).unwrap_or_default(),
            line.get(at..end).unwrap_or_default(),
        ));
        start = end;
    }
    words.push((line.get(start..).unwrap_or_default(), ""));
    words
}

/// A line of a file, and what is said of it.
pub(super) struct Said<'s> {
    pub(super) file: &'s str,
    pub(super) line: u64,
    pub(super) words: &'s str,
}

/// Lists what is said of lines, at most `most` times; the lines of which the same is said stand together. `count` is the
/// number of all lines.
pub(super) fn list(f: &mut fmt::Formatter<'_>, said: &[Said<'_>], most: usize, count: u64) -> fmt::Result {
    let mut groups: Vec<(&Said<'_>, Vec<u64>)> = Vec::new();
    for one in said {
        let known = groups
            .iter()
            .position(|(first, _)| first.file == one.file && first.words == one.words);
        if let Some((_, lines)) = known.and_then(|known| groups.get_mut(known)) {
            lines.push(one.line);
        } else if groups.len() <= most {
            groups.push((one, vec![one.line]));
        }
    }
    groups.truncate(most);
    let mut shown = 0;
    for (first, lines) in &groups {
        shown += lines.len() as u64;
        let mut numbers: Vec<String> = lines.iter().take(MOST_NUMBERS).map(u64::to_string).collect();
        if lines.len() > MOST_NUMBERS {
            numbers = vec![format!(
                "{} and {} more",
                numbers.join(", "),
                lines.len() - MOST_NUMBERS
            )];
        }
        writeln!(f, "  {}:{}: {}", short(first.file), numbers.join(", "), first.words)?;
    }
    if count > shown {
        writeln!(f, "  … and {} more; --json lists them", count - shown)?;
    }
    Ok(())
}

/// Shortens a long name of a file in its middle.
fn short(name: &str) -> String {
    let name = plain::line(name);
    let letters = name.chars().count();
    if letters <= LONG_NAME {
        return name.into_owned();
    }
    let start: String = name.chars().take(LONG_NAME / 2).collect();
    let mut short = start.trim_end().to_owned();
    let end: String = name.chars().skip(letters - LONG_NAME / 2).collect();
    let _ = write!(short, "…{}", end.trim_start());
    short
}

#[cfg(test)]
mod tests;

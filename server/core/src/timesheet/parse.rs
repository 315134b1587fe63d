//! From text to lines.

use std::ops::Range;

use chrono::Weekday;

use super::problem::{Problem, ProblemKind};
use super::text::{DayHeader, Header, Item, Parsed, SourceLine, TimeLine, TimeText, Token};
use crate::clock::{Clocks, hours_and_minutes};
use crate::correction::To;
use crate::instant::Length;
use crate::rule::ProjectId;

const TIME_HINT: &str = "write it as 09:02-10:47, +0:45 for time without clock times";
const DAY_HINT: &str = "write a day as Mon 16 Nov";

/// Reads a sheet. Every line of the text is in the result. A line that cannot be read has a problem and affects no
/// other line.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    let mut week_named = false;
    for range in line_ranges(text) {
        let mut words = Words::new(text, range.clone());
        let line = lines.len();
        let item = match words.peek() {
            None => Item::Blank,
            Some('#') => match header(&mut words).filter(|_| !week_named) {
                Some(header) => {
                    week_named = true;
                    Item::Header(header)
                }
                None => Item::Comment,
            },
            Some('0'..='9' | '~' | '+') => Item::Time(time_line(&mut words, line, &mut problems)),
            Some(letter) if letter.is_alphabetic() => Item::Day(day_header(&mut words, line, &mut problems)),
            Some(_) => {
                let place = (line, words.rest());
                let message = "this line has neither a day nor a time";
                problems.push(Problem::error(ProblemKind::Unreadable, place, message, TIME_HINT));
                Item::Unreadable
            }
        };
        lines.push(SourceLine { range, item });
    }
    Parsed::new(text, lines, problems)
}

/// Returns the bytes of each line, without its line break: `\n`, `\r\n` or `\r`.
fn line_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = text.get(start..)?;
        let end = rest.find(['\n', '\r']);
        next = end.map(|end| start + end + if rest[end..].starts_with("\r\n") { 2 } else { 1 });
        Some(start..end.map_or(text.len(), |end| start + end))
    })
}

/// The words of a line, with their places in the text.
struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Words<'t> {
    /// Starts at a line, without its trailing blanks and byte order mark.
    fn new(text: &'t str, range: Range<usize>) -> Self {
        let line = text.get(range.clone()).unwrap_or_default();
        let end = range.start + line.trim_end().len();
        let mark = if range.start == 0 && line.starts_with('\u{feff}') {
            3
        } else {
            0
        };
        let mut words = Self {
            text,
            at: range.start + mark,
            end: end.max(range.start + mark),
        };
        words.skip_blanks();
        words
    }

    fn left(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn rest(&self) -> Range<usize> {
        self.at..self.end
    }

    fn peek(&self) -> Option<char> {
        self.left().chars().next()
    }

    fn skip_blanks(&mut self) {
        let left = self.left();
        self.at += left.len() - left.trim_start().len();
    }

    /// Takes a number of bytes and the blanks after them.
    fn take(&mut self, bytes: usize) -> Range<usize> {
        let range = self.at..self.at + bytes;
        self.at = range.end;
        self.skip_blanks();
        range
    }

    /// Takes the text before the next blank.
    fn word(&mut self) -> Option<(&'t str, Range<usize>)> {
        let left = self.left();
        let word = &left[..left.find(char::is_whitespace).unwrap_or(left.len())];
        (!word.is_empty()).then(|| (word, self.take(word.len())))
    }

    /// Takes a word if `read` accepts it.
    fn word_as<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<Token<T>> {
        let before = self.at;
        let token = self.word().and_then(|(word, range)| {
            let value = read(word)?;
            Some(Token { range, value })
        });
        if token.is_none() {
            self.at = before;
        }
        token
    }
}

/// Reads `# 2026-W47 … r1842-3f9a`.
fn header(words: &mut Words<'_>) -> Option<Header> {
    words.take(1);
    let week = words.word_as(|word| word.parse().ok())?;
    let mut stamp = None;
    while let Some((word, range)) = words.word() {
        if let Ok(value) = word.parse() {
            stamp = Some(Token { range, value });
        }
    }
    Some(Header { week, stamp })
}

/// Reads `Mon 16 Nov   5:23`; date and total may be missing.
fn day_header(words: &mut Words<'_>, line: usize, problems: &mut Vec<Problem>) -> DayHeader {
    let whole = words.rest();
    let weekday = words.word_as(|word| word.trim_end_matches(',').parse::<Weekday>().ok());
    let day = words.word_as(|word| word.trim_end_matches('.').parse::<u32>().ok());
    let month = day.as_ref().and_then(|_| words.word_as(month));
    let date = day.as_ref().zip(month.as_ref()).map(|(day, month)| Token {
        range: day.range.start..month.range.end,
        value: (day.value, month.value),
    });
    let total = words.word_as(|word| hours_and_minutes(word).filter(|(_, length)| *length == word.len()));
    let mut error = |range, message: &str| {
        problems.push(Problem::error(
            ProblemKind::Unreadable,
            (line, range),
            message,
            DAY_HINT,
        ));
    };
    match (&weekday, &day, &date) {
        (None, ..) => error(whole, "this is no day of the week"),
        (Some(_), Some(day), None) => error(day.range.clone(), "the month is missing"),
        _ if words.peek().is_some() => error(words.rest(), "nothing can stand after a day and its total"),
        _ => {}
    }
    let weekday = weekday.filter(|_| day.is_some() == date.is_some());
    let total = total.map(|total| total.range);
    DayHeader { weekday, date, total }
}

fn month(word: &str) -> Option<u32> {
    let month: chrono::Month = word.trim_end_matches('.').parse().ok()?;
    Some(month.number_from_month())
}

/// Reads a time, a project and a note.
fn time_line(words: &mut Words<'_>, line: usize, problems: &mut Vec<Problem>) -> TimeLine {
    let unreadable =
        |range, message: String, hint: &str| Problem::error(ProblemKind::Unreadable, (line, range), message, hint);
    let time = time(words);
    if time.is_none()
        && let Some((word, range)) = words.word()
    {
        problems.push(unreadable(range, format!("`{word}` is not a time"), TIME_HINT));
    }
    let to = match target(words) {
        Ok(to) => Some(to),
        Err(message) => {
            // A missing field is marked after the last word, where it should stand.
            let place = if words.at < words.end {
                words.rest()
            } else {
                words.end..words.end
            };
            let hint = "write a project after the time, `?` to leave it unassigned";
            problems.push(unreadable(place, message.to_owned(), hint));
            None
        }
    };
    let mark = words.left().starts_with('!').then(|| words.take(1));
    let note = words.left();
    let note = (!note.is_empty()).then(|| Token {
        range: words.rest(),
        value: note
            .strip_prefix('\\')
            .filter(|rest| rest.starts_with(['!', '\\']))
            .unwrap_or(note)
            .to_owned(),
    });
    TimeLine { time, to, mark, note }
}

/// Takes a time if there is one, with or without blanks around its dash.
fn time(words: &mut Words<'_>) -> Option<Token<TimeText>> {
    let left = words.left();
    let (value, rest) = if let Some(after) = left.strip_prefix('~') {
        let (length, rest) = length(after)?;
        (TimeText::Short(length), rest)
    } else if let Some(after) = left.strip_prefix('+') {
        entry_time(after)?
    } else {
        let (Clocks { from, to }, rest) = Clocks::read(left)?;
        (TimeText::Clock(from, to), rest)
    };
    let ends = rest.chars().next().is_none_or(char::is_whitespace);
    ends.then(|| Token {
        range: words.take(left.len() - rest.len()),
        value,
    })
}

/// Reads `0:45`, `13:00-14:30` or `13:00-14:30=1:20` at the start of a text; also returns the rest.
fn entry_time(text: &str) -> Option<(TimeText, &str)> {
    let Some((Clocks { from, to }, rest)) = Clocks::read(text) else {
        let (length, rest) = length(text)?;
        return Some((TimeText::Entry(length), rest));
    };
    let Some(rest) = rest.strip_prefix('=') else {
        return Some((TimeText::EntryAt(from, to, None), rest));
    };
    let (length, rest) = length(rest)?;
    Some((TimeText::EntryAt(from, to, Some(length)), rest))
}

/// Reads `0:45` at the start of a text; also returns the rest.
fn length(text: &str) -> Option<(Length, &str)> {
    let (minutes, length) = hours_and_minutes(text)?;
    Some((Length::from_minutes(minutes), &text[length..]))
}

/// Takes an assignment: `acme/api`, `"quoted id"`, `?` or `-`.
fn target(words: &mut Words<'_>) -> Result<Token<To>, &'static str> {
    if words.peek() == Some('"') {
        let (id, length) = quoted(words.left()).ok_or("the quoted project has no end")?;
        let range = words.take(length);
        let value = To::Project(ProjectId::new(id));
        return Ok(Token { range, value });
    }
    let read = |word: &str| match word {
        "?" => Some(To::Unassigned),
        "-" => Some(To::Private),
        _ if word.starts_with('!') => None,
        id => Some(To::Project(ProjectId::new(id))),
    };
    words.word_as(read).ok_or("this line has no project")
}

/// Reads a quoted text; also returns the number of bytes read.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut id = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((id, at + 1)),
            '\\' => id.push(match letters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                other => other,
            }),
            letter => id.push(letter),
        }
    }
    None
}

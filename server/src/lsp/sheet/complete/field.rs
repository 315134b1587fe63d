//! The field of a line at the cursor.

use std::ops::Range;

use keeptab_core::timesheet::{Item, Parsed, TimeLine, TimeText};

/// A field with proposals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The project or other target of the time.
    Target {
        /// True if the line is an entry, which cannot be private.
        entry: bool,
    },
    /// The note.
    Note,
}

/// A field with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) field: Field,
    /// The bytes that a proposal replaces.
    pub(super) range: Range<usize>,
    /// The byte in front of which the cursor stands.
    pub(super) cursor: usize,
}

/// Returns the field of a line at the cursor; `None` in the time, and on lines without time.
pub(super) fn at(parsed: &Parsed, line: usize, cursor: usize) -> Option<Place> {
    let source = parsed.lines.get(line)?;
    let Item::Time(time) = &source.item else { return None };
    let end = time.time.as_ref()?.range.end;
    if cursor <= end {
        return None;
    }
    let place = |field, range| Place { field, range, cursor };
    let entry = matches!(time.time.as_ref()?.value, TimeText::Entry(_) | TimeText::EntryAt(..));
    let target = Field::Target { entry };
    let written = target_range(parsed, time, end..source.range.end);
    match written {
        Some(written) if cursor < written.start => Some(place(target, cursor..cursor)),
        Some(written) if cursor <= written.end => Some(place(target, written)),
        None => Some(place(target, cursor..cursor)),
        // A project that is quoted without an end takes the rest of its line.
        Some(_) if time.to.is_none() => None,
        Some(_) => {
            let start = time.note.as_ref().map_or(cursor, |note| note.range.start.min(cursor));
            let end = time.note.as_ref().map_or(cursor, |note| note.range.end.max(cursor));
            let before_mark = time.mark.as_ref().is_some_and(|mark| cursor < mark.end);
            (!before_mark).then(|| place(Field::Note, start..end))
        }
    }
}

/// Returns the range of the project, finished or not.
fn target_range(parsed: &Parsed, time: &TimeLine, rest: Range<usize>) -> Option<Range<usize>> {
    if let Some(to) = &time.to {
        return Some(to.range.clone());
    }
    let text = parsed.slice(&rest);
    let start = rest.start + text.len() - text.trim_start().len();
    let text = text.trim();
    text.starts_with('"').then(|| start..start + text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_core::timesheet::parse;

    /// A line with `|` for the cursor; expects the field and the text that is replaced.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let cursor = line.find('|').unwrap();
        let text = line.replace('|', "");
        let parsed = parse(&text);
        let found = at(&parsed, 0, cursor).map_or("nothing".to_owned(), |place| {
            let field = match place.field {
                Field::Target { entry: true } => "entry",
                Field::Target { entry: false } => "target",
                Field::Note => "note",
            };
            format!("{field} `{}`", parsed.slice(&place.range))
        });
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn each_place_has_its_field() {
        for (line, expected) in [
            ("|09:00-10:00", "nothing"),
            ("09:0|0-10:00  acme/api", "nothing"),
            ("09:00-10:00|", "nothing"),
            ("09:00-10:00 |", "target ``"),
            ("09:00-10:00   |  ", "target ``"),
            ("09:00-10:00 ac|", "target `ac`"),
            ("09:00-10:00 acme/|", "target `acme/`"),
            ("09:00-10:00 ac|me/api note", "target `acme/api`"),
            ("09:00-10:00 |  acme/api", "target ``"),
            ("09:00-10:00 \"my pro|", "target `\"my pro`"),
            ("09:00-10:00 \"my project\"|", "target `\"my project\"`"),
            ("09:00-10:00 ?|", "target `?`"),
            ("+0:45 |", "entry ``"),
            ("~0:04 a|", "target `a`"),
            ("09:00-10:00 acme/api |", "note ``"),
            ("09:00-10:00 acme/api ca|ll with Sam", "note `call with Sam`"),
            ("09:00-10:00 acme/api call |", "note `call `"),
            ("09:00-10:00 acme/api ! |", "note ``"),
            ("09:00-10:00 acme/api |! call", "nothing"),
            ("09:00-10:00 acme/api ! ca|", "note `ca`"),
            ("Mon 16 Nov|", "nothing"),
            ("# 2026-W47 |", "nothing"),
            ("09:00 - 10:00 ä|", "target `ä`"),
            ("nonsense |", "nothing"),
            ("9 |", "nothing"),
        ] {
            check(line, expected);
        }
    }
}

//! Formatting: the columns of a timesheet aligned, line by line, so that cursors and folds stay.

use keeptab_core::timesheet::{Parsed, format, parse};
use tower_lsp::ls_types::{Range, TextEdit};

use super::{edits_between, range};

/// Returns the edits that align a text, or only those in the lines of a range.
pub(super) fn edits(parsed: &Parsed, within: Option<Range>) -> Vec<TextEdit> {
    let text = format(parsed);
    let formatted = parse(&text);
    if formatted.lines.len() != parsed.lines.len() {
        return edits_between(parsed, &text);
    }
    let lines = parsed.lines.iter().zip(&formatted.lines).enumerate();
    let changed = lines.filter_map(|(line, (old, new))| {
        let line = u32::try_from(line).ok()?;
        let asked = within.is_none_or(|within| (within.start.line..=within.end.line).contains(&line));
        let new = formatted.slice(&new.range);
        (asked && parsed.slice(&old.range) != new).then(|| TextEdit {
            range: range(parsed, &old.range),
            new_text: new.to_owned(),
        })
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::ls_types::Position;

    const TEXT: &str = "# 2026-W47\r\nMon 16 Nov\r\n09:00-10:00 a note\r\n  10:00-11:00  acme/api  x\r\n+0:45 a\r\n";

    #[test]
    fn only_lines_that_change_are_edited() {
        let lines: Vec<_> = edits(&parse(TEXT), None)
            .into_iter()
            .map(|edit| (edit.range.start.line, edit.new_text))
            .collect();
        let expected = [(2, "  09:00-10:00  a         note"), (4, "  +0:45        a")];
        assert_eq!(lines, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_range_is_formatted_alone() {
        let within = Range::new(Position::new(3, 0), Position::new(4, 2));
        let edits = edits(&parse(TEXT), Some(within));
        assert_eq!(edits.iter().map(|edit| edit.range.start.line).collect::<Vec<_>>(), [4]);
    }
}

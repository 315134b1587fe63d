//! Positions in a text, as language servers count them.

use super::text::Parsed;

/// A line and a column, both from 0; the column counts UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line; `\n`, `\r\n` and `\r` end one.
    pub line: usize,
    /// UTF-16 code units from the beginning of the line.
    pub utf16: usize,
}

impl Parsed {
    /// Returns the position of a byte of the text. A byte inside a character or past the end is moved back.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let line = self.line_at(byte);
        let Some(source) = self.lines.get(line) else {
            return Position { line: 0, utf16: 0 };
        };
        let text = self.slice(&source.range);
        let within = byte.saturating_sub(source.range.start);
        let before = text
            .char_indices()
            .take_while(|(at, letter)| at + letter.len_utf8() <= within);
        Position {
            line,
            utf16: before.map(|(_, letter)| letter.len_utf16()).sum(),
        }
    }

    /// Returns the byte at a position. A position past the end of its line is moved back.
    #[must_use]
    pub fn byte(&self, position: Position) -> usize {
        let Some(source) = self.lines.get(position.line) else {
            return self.text().len();
        };
        let mut units = 0;
        for (at, letter) in self.slice(&source.range).char_indices() {
            units += letter.len_utf16();
            if units > position.utf16 {
                return source.range.start + at;
            }
        }
        source.range.end
    }

    /// Returns the line with a byte of the text in it.
    #[must_use]
    pub fn line_at(&self, byte: usize) -> usize {
        let after = self.lines.partition_point(|line| line.range.start <= byte);
        after.saturating_sub(1)
    }
}

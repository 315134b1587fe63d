//! Text in table cells. A spreadsheet runs a cell that begins like a formula.

use std::borrow::Cow;

/// The form of texts in the cells of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cells {
    /// Formulas are escaped: see [`guarded`].
    #[default]
    Guarded,
    /// Unchanged.
    Raw,
}

impl Cells {
    /// Returns the text to write into a cell.
    #[must_use]
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Guarded => guarded(text),
            Self::Raw => text.into(),
        }
    }

    /// Returns the value to write into a cell. A plain number is not escaped: it is harmless as a formula.
    #[must_use]
    pub fn value(self, text: &str) -> Cow<'_, str> {
        if is_number(text) { text.into() } else { self.write(text) }
    }
}

/// Returns the text with an apostrophe before it if a spreadsheet would run it: if it begins with `=`, `+`, `-`, `@`, a
/// tab, a carriage return or a line feed. Apostrophes before these are skipped, so that [`exact`] is the inverse.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_guarded(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// Returns the text that was [`guarded`].
#[must_use]
pub fn exact(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_guarded(text)).unwrap_or(cell)
}

fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_has_an_apostrophe() {
        for text in [
            "=1+1",
            "+49 30",
            "-cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\tx",
            "\r=1",
            "\n=1",
            "'=x",
            "-",
            "-5",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "a=1", "12", "x'", "'", "'twas"] {
            assert_eq!((guarded(text), exact(text)), (text.into(), text));
        }
        let value = |text| Cells::Guarded.value(text);
        assert_eq!(
            [value("-5.00"), value("+1,5"), value("-5+1"), value("-")],
            ["-5.00", "+1,5", "'-5+1", "'-"]
        );
        assert_eq!(Cells::Raw.value("=1"), "=1");
    }

    proptest! {
        #[test]
        fn a_guarded_text_comes_back_and_is_no_formula(text in "[=+@'\t\r\n0-9.,a-]{0,6}") {
            let cells = [guarded(&text), Cells::Guarded.value(&text)];
            for cell in cells {
                prop_assert_eq!(exact(&cell), &*text);
                prop_assert!(is_number(&cell) || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            }
        }
    }
}

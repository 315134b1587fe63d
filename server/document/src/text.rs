//! Text of the user, made fit to print. It reaches typst only as values, so nothing in it is ever read as markup.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::font::Brought;

/// Marks a point at which a long word may break; the template turns it into a break without a character.
const BREAK: char = '\u{200b}';
/// The length in characters above which a word may break. The limit is higher for words of letters alone, and highest
/// for those without a letter, such as figures.
const LONG: usize = 16;
const LONG_LETTERS: usize = 24;
const LONG_FIGURES: usize = 32;

/// Makes each text in a value fit to print, and collects the characters that no face can show: neither a built-in one
/// nor one of `faces`.
pub(crate) fn fit(value: &mut Value, faces: &Brought, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => *text = broken(&shown(&clean(text), faces, missing)),
        Value::Array(values) => values.iter_mut().for_each(|value| fit(value, faces, missing)),
        Value::Object(values) => values.values_mut().for_each(|value| fit(value, faces, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Drops invisible characters. Line breaks become spaces, and code points that never stand for a character U+FFFD: XML 1.0
/// (2.2) has no place for U+FFFE and U+FFFF, however they are written.
pub(crate) fn clean(text: &str) -> String {
    let visible = text.chars().filter(|character| !is_unseen(*character));
    let spaced = visible.map(|character| match character {
        '\u{2028}' | '\u{2029}' => ' ',
        _ if character.is_control() => ' ',
        _ if is_noncharacter(character) => '\u{fffd}',
        _ => character,
    });
    spaced.collect::<String>().trim().to_owned()
}

/// Unicode 16.0, 23.7: the last two code points of each plane, and U+FDD0 to U+FDEF.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Soft hyphens, zero-width and bidirectional marks, variation selectors, the byte order mark.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Puts U+FFFD for characters that the faces lack: PDF/A forbids a missing glyph.
fn shown(text: &str, faces: &Brought, missing: &mut BTreeSet<char>) -> String {
    let show = |character| {
        if faces.covers(character) {
            character
        } else {
            missing.insert(character);
            '\u{fffd}'
        }
    };
    text.chars().map(show).collect()
}

/// Adds break points to words that may be too long for a line, such as URLs: behind punctuation if there is any.
fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\u{a0}']) {
        let long = word.chars().count() > limit(word);
        let mut run = 0;
        let mut behind_mark = false;
        for character in word.chars() {
            if long && (run == LONG || behind_mark && character.is_alphanumeric()) {
                out.push(BREAK);
                run = 0;
            }
            out.push(character);
            run += 1;
            behind_mark = !character.is_alphanumeric();
        }
    }
    out
}

fn limit(word: &str) -> usize {
    let word = word.trim_end();
    if word.chars().all(char::is_alphabetic) {
        LONG_LETTERS
    } else if word.contains(char::is_alphabetic) {
        LONG
    } else {
        LONG_FIGURES
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, expected: &str) {
        let mut value = json!({ "texts": [text] });
        fit(&mut value, &Brought::default(), &mut BTreeSet::new());
        assert_eq!(value, json!({ "texts": [expected] }));
    }

    #[test]
    fn text_is_kept_as_it_is() {
        for text in ["#import \"x\"", "$x$ *bold* <script>", "\\ // -- ~ @a", "Größe Č Ω Щ"] {
            check(text, text);
        }
    }

    #[test]
    fn nothing_unseen_is_printed() {
        check(" a\r\nb\tc\0 ", "a  b c");
        check("a\u{202e}b\u{feff}c\u{200b}", "abc");
        check(
            "a\u{fffe}b\u{ffff}c\u{1ffff}d\u{fdd0}e",
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e",
        );
    }

    #[test]
    fn long_words_may_break() {
        let seen = |text: &str| {
            let mut value = json!(text);
            fit(&mut value, &Brought::default(), &mut BTreeSet::new());
            value.as_str().unwrap_or_default().replace(BREAK, "|")
        };
        assert_eq!(
            seen("see https://example.com/a/b now"),
            "see https://|example.|com/|a/|b now"
        );
        assert_eq!(seen("order 4500000000123-0001-PO"), "order 4500000000123-|0001-|PO");
        assert_eq!(seen(&"x1".repeat(20)), format!("{0}|{0}|x1x1x1x1", "x1".repeat(8)));
    }

    #[test]
    fn words_and_figures_stay_whole() {
        for whole in [
            "Rechtsschutzversicherung",
            "EUR\u{a0}1,189,988,102,269.18",
            "DE75\u{a0}5121\u{a0}0800\u{a0}1245\u{a0}1261\u{a0}99",
            "1,000,000,000,000,000.00",
        ] {
            check(whole, whole);
        }
    }

    #[test]
    fn what_no_face_shows_is_marked_and_told() {
        let mut missing = BTreeSet::new();
        let mut value = json!("株 Kabu 🦀");
        fit(&mut value, &Brought::default(), &mut missing);
        assert_eq!(value, json!("\u{fffd} Kabu \u{fffd}"));
        assert_eq!(missing, BTreeSet::from(['株', '🦀']));
    }
}

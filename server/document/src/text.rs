//! Text of the user, made fit to print. It reaches typst only as values, so nothing in it is ever read as markup.

use std::collections::BTreeSet;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::font::Brought;

/// Marks a point at which a long word may break; the template turns it into a break without a character.
const BREAK: char = '\u{200b}';
/// Marks one inside of a word of letters, where typst shows a hyphen.
const HYPHEN: char = '\u{ad}';
/// The length in grapheme clusters above which a word may break. The limit is higher for words of letters alone, and highest
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

/// Drops invisible characters, except those that shape a visible one before them. Line breaks become spaces, and code
/// points that never stand for a character U+FFFD: XML 1.0 (2.2) has no place for U+FFFE and U+FFFF, however they are
/// written.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let shapes = is_shaping(character) && out.ends_with(|before: char| !before.is_whitespace());
        match character {
            _ if is_unseen(character) && !shapes => {}
            '\u{2028}' | '\u{2029}' => out.push(' '),
            _ if character.is_control() => out.push(' '),
            _ if is_noncharacter(character) => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out.trim().to_owned()
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

/// Joiners and variation selectors, which tell how the character before them looks: Persian, Sinhala and emoji need them
/// (Unicode 16.0, 23.2 and 23.4).
fn is_shaping(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Puts U+FFFD for characters that the faces lack: PDF/A forbids a missing glyph.
fn shown(text: &str, faces: &Brought, missing: &mut BTreeSet<char>) -> String {
    let show = |character| {
        if is_shaping(character) || faces.covers(character) {
            character
        } else {
            missing.insert(character);
            '\u{fffd}'
        }
    };
    text.chars().map(show).collect()
}

/// Adds break points to words that may be too long for a line, such as URLs: behind punctuation if there is any.
///
/// No break stands inside of a grapheme cluster (UAX #29), or beside a letter whose form or line break depends on its
/// neighbours.
fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\u{a0}']) {
        let length = word.graphemes(true).count();
        let long = length > limit(word);
        let of_letters = is_of_letters(word);
        // Letters come apart into equal parts, so that no few are left.
        let (mark, part) = if of_letters {
            (HYPHEN, length.div_ceil(length.div_ceil(LONG)))
        } else {
            (BREAK, LONG)
        };
        let mut run = 0;
        let mut before = '\u{a0}';
        for cluster in word.graphemes(true) {
            let first = cluster.chars().next().unwrap_or(before);
            let behind_mark = !before.is_alphanumeric() && first.is_alphanumeric();
            let due = if of_letters {
                run >= part && !behind_mark
            } else {
                run >= part || behind_mark && run > 0
            };
            if long && due && stands_alone(before) && stands_alone(first) {
                out.push(mark);
                run = 0;
            }
            out.push_str(cluster);
            run += 1;
            before = first;
        }
    }
    out
}

/// Returns whether a character looks the same beside any other: all but letters above U+0530 that are not Latin or
/// Greek. typst breaks lines between Thai, Khmer or Chinese letters by itself.
fn stands_alone(character: char) -> bool {
    character < '\u{530}' || !character.is_alphabetic() || ('\u{1d00}'..'\u{2c80}').contains(&character)
}

/// Returns whether a word has letters alone between its quotes, brackets and commas.
fn is_of_letters(word: &str) -> bool {
    let word = word.trim_matches(|character: char| !character.is_alphanumeric());
    word.chars().all(char::is_alphabetic)
}

fn limit(word: &str) -> usize {
    let word = word.trim_end();
    if !word.contains(char::is_alphabetic) {
        LONG_FIGURES
    } else if is_of_letters(word) {
        LONG_LETTERS
    } else {
        LONG
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
            value
                .as_str()
                .unwrap_or_default()
                .replace(BREAK, "|")
                .replace(HYPHEN, "-|")
        };
        assert_eq!(
            seen("see https://example.com/a/b now"),
            "see https://|example.|com/|a/|b now"
        );
        assert_eq!(seen("order 4500000000123-0001-PO"), "order 4500000000123-|0001-|PO");
        assert_eq!(
            seen("(Donaudampfschifffahrtsgesellschaft),"),
            "(Donaudampfsc-|hifffahrtsges-|ellschaft),"
        );
        assert_eq!(seen(&"x1".repeat(20)), format!("{0}|{0}|x1x1x1x1", "x1".repeat(8)));
    }

    #[test]
    fn joiners_and_selectors_stay_behind_what_they_shape() {
        for text in ["a\u{200c}b", "a\u{200d}", "€\u{fe0f}\u{200d}€"] {
            check(text, text);
        }
        check("\u{200d}a \u{200c}b\u{200b}\u{200e}", "a b");
        let faces = Brought::default();
        let mut missing = BTreeSet::new();
        // Persian, and a family of emoji.
        for text in ["می\u{200c}سازیم", "👩\u{200d}💻 ❤\u{fe0f}", "葛\u{e0100}"] {
            assert_eq!(clean(text), text);
            shown(text, &faces, &mut missing);
        }
        assert!(!missing.iter().any(|character| is_shaping(*character)), "{missing:?}");
    }

    #[test]
    fn no_break_cuts_a_letter() {
        for whole in [
            // Hindi, Thai, Persian, Khmer, Korean, each longer than all limits.
            "क्षत्रियान्तर्राष्ट्रीयमहोत्सव".repeat(3),
            "น้ำดื่มสะอาดบริสุทธิ์ทั่วประเทศ".repeat(3),
            "نرم\u{200c}افزاری".repeat(6),
            "ភាសាខ្មែរ".repeat(8),
            "주식회사".repeat(12),
        ] {
            assert_eq!(broken(&whole), whole);
        }
        // The letters have their marks as characters of their own.
        let marked = "e\u{301}".repeat(40);
        assert_eq!(broken(&marked).replace(BREAK, ""), marked);
        assert!(broken(&marked).contains(BREAK) && !broken(&marked).contains("\u{200b}\u{301}"));
        assert_eq!(
            broken("https://example.com/株式会社/a"),
            "https://\u{200b}example.\u{200b}com/株式会社/\u{200b}a"
        );
    }

    #[test]
    fn words_and_figures_stay_whole() {
        for whole in [
            "Rechtsschutzversicherung",
            "(Versicherungsnehmer),",
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

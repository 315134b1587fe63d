//! Foreign text made plain for terminals and shells: names, notes, folders and the contents of files are never markup.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// Counts things in English: `1 entry`, `2 entries`. `one` is the word for one of them.
#[must_use]
pub fn counted(count: impl Display + PartialEq + From<u8>, one: &str) -> String {
    if count == 1.into() {
        return format!("{count} {one}");
    }
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ => format!("{count} {one}s"),
    }
}

/// Returns a text as a terminal may print it. Line breaks and tabs stay; all other control characters (C0, DEL, C1) and
/// those that change the direction of writing are escaped: `\u{1b}`.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    escaped(
        text,
        |letter| is_control(letter) && !matches!(letter, '\n' | '\t'),
        |shown, code| {
            let _ = write!(shown, "\\u{{{code:x}}}");
        },
    )
}

/// Returns a text as one line of a terminal, such as a field of a table. Line breaks and tabs are escaped, too.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_control, |shown, code| {
        let _ = write!(shown, "\\u{{{code:x}}}");
    })
}

/// Returns JSON as a terminal may print it: the same values, with such characters written as `\u001b`.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    // None of these characters has more than 16 bits. Outside strings there are only line breaks, which stay.
    escaped(
        text,
        |letter| is_control(letter) && !matches!(letter, '\n' | '\t'),
        |shown, code| {
            let _ = write!(shown, "\\u{code:04x}");
        },
    )
}

/// Quotes a word for a POSIX shell. A word without special characters stays as it is.
///
/// Characters that a terminal shows escaped are made by `printf` (`"$(printf 'x\033')"`), so that the word can be
/// copied from the screen. Line breaks at its end stay in single quotes, because `$(…)` would strip them.
#[must_use]
pub fn shell(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@%,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let (body, breaks) = word.split_at(word.trim_end_matches('\n').len());
    let mut quoted = if body.chars().any(is_control) {
        let mut octal = String::new();
        for letter in body.chars() {
            match letter {
                '\\' => octal.push_str(r"\\"),
                '%' => octal.push_str("%%"),
                '\'' => octal.push_str(r"\047"),
                // A leading `-` would begin an option.
                '-' if octal.is_empty() => octal.push_str(r"\055"),
                // Interactive shells expand history within double quotes.
                '!' => octal.push_str(r"\041"),
                letter if is_control(letter) => {
                    for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(octal, "\\{byte:03o}");
                    }
                }
                letter => octal.push(letter),
            }
        }
        format!("\"$(printf '{octal}')\"")
    } else {
        single(body)
    };
    if !breaks.is_empty() {
        quoted.push_str(&single(breaks));
    }
    quoted
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns whether a character is a control, changes the direction of writing, or breaks a line in some programs.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str, is_shown: impl Fn(char) -> bool, show: impl Fn(&mut String, u32)) -> Cow<'_, str> {
    if !text.chars().any(&is_shown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_shown(letter) {
            show(&mut shown, u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// Lets `sh` read a word back.
    fn read_by_sh(quoted: &str) -> String {
        let script = format!("printf %s. {quoted}");
        let done = Command::new("sh").args(["-c", &script]).output().unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        text.strip_suffix('.').unwrap().to_owned()
    }

    #[test]
    fn one_is_counted_as_one() {
        assert_eq!(counted(1_u64, "entry"), "1 entry");
        assert_eq!(counted(0_usize, "entry"), "0 entries");
        assert_eq!(counted(2_i64, "day"), "2 days");
        assert_eq!(counted(3_usize, "row"), "3 rows");
    }

    #[test]
    fn what_is_plain_stays_as_it_is() {
        for text in ["", "acme/api", "Größe\n\tא", "a b"] {
            assert!(matches!(terminal(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(
            terminal("\u{1b}]0;x\u{7}\u{9b}1m\u{202e}\r"),
            r"\u{1b}]0;x\u{7}\u{9b}1m\u{202e}\u{d}"
        );
        assert_eq!(line("a\nb\t\u{1b}"), r"a\u{a}b\u{9}\u{1b}");
        assert_eq!(json("\"\u{9b}\u{2066}\""), r#""\u009b\u2066""#);
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more_into_them() {
        for (word, quoted) in [
            ("acme/api", "acme/api"),
            ("", "''"),
            ("~/src/x $(touch p)", "'~/src/x $(touch p)'"),
            ("it's", r"'it'\''s'"),
            ("a\u{1b}[31m%", r#""$(printf 'a\033[31m%%')""#),
            ("\u{202e}\\'", r#""$(printf '\342\200\256\\\047')""#),
            ("-\u{7}", r#""$(printf '\055\007')""#),
            ("a\n\n", "'a''\n\n'"),
        ] {
            assert_eq!(shell(word), quoted);
            assert_eq!(read_by_sh(quoted), word);
        }
    }

    proptest! {
        #[test]
        fn no_control_reaches_a_terminal(text in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f\u{61c}\u{200e}\u{202a}-\u{202e}\u{2066}-\u{2069}]){0,40}") {
            let control = |letter: char| letter.is_control() || "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(letter);
            prop_assert!(!line(&text).chars().any(control));
            prop_assert!(!terminal(&text).chars().any(|letter| control(letter) && letter != '\n' && letter != '\t'));
            let value = serde_json::Value::from(text.as_str());
            let printed = value.to_string();
            let shown = json(&printed);
            prop_assert!(!shown.chars().any(control));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }

        #[test]
        #[cfg(unix)]
        fn a_shell_reads_every_word_back(word in "(\\PC|[$`\"'\\\\ *?~!#&;()<>|%]|[\\x01-\\x1f\\x7f-\\x9f\u{202e}]){0,20}") {
            let quoted = shell(&word);
            prop_assert_eq!(read_by_sh(&quoted), &word[..]);
            // It survives being shown on a terminal and copied.
            let shown = terminal(&quoted);
            prop_assert_eq!(&*shown, &quoted[..]);
        }
    }
}

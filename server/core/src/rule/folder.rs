//! From a folder to the glob of all in it, and back.

/// Characters with a meaning in a glob. In brackets, each stands for itself.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Returns the glob of everything in a folder or site. Characters of its name are escaped.
#[must_use]
pub fn glob_of(folder: &str) -> String {
    format!("{}/**", escaped(folder.trim_end_matches('/')))
}

/// Returns the glob for a word of the user: a folder, a site, or a glob, which has a `*`. An escaped name is not
/// escaped again.
#[must_use]
pub fn glob_of_word(word: &str) -> String {
    let (literal, _) = literal(word);
    if escaped(&literal) == word {
        glob_of(&literal)
    } else if word.replace("[*]", "").contains('*') {
        word.to_owned()
    } else {
        glob_of(word)
    }
}

/// Escapes a text so that a glob reads none of its letters as a wildcard.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if SPECIAL.contains(&letter) {
            escaped.extend(['[', letter, ']']);
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// Splits a glob before its first wildcard into its literal text, without escapes, and the rest.
#[must_use]
pub fn literal(glob: &str) -> (String, &str) {
    let mut literal = String::new();
    let mut rest = glob;
    loop {
        let mut letters = rest.chars();
        let taken = match letters.next() {
            Some('[') => {
                let inner = letters.next().filter(|inner| SPECIAL.contains(inner));
                inner.filter(|_| letters.next() == Some(']'))
            }
            Some('\\') => letters.next(),
            Some('*' | '?' | '{') | None => None,
            Some(letter) => Some(letter),
        };
        let Some(letter) = taken else {
            return (literal, rest);
        };
        literal.push(letter);
        rest = letters.as_str();
    }
}

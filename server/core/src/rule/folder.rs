//! From a folder to the glob of all in it, and back.

/// What a glob means by itself: each stands for itself in brackets.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Returns the glob of all in a folder or site, whatever letters its name has.
#[must_use]
pub fn glob_of(folder: &str) -> String {
    format!("{}/**", escaped(folder.trim_end_matches('/')))
}

/// Returns the glob that somebody means who names a folder, a site or a glob: a `*` makes a glob. A name that is escaped
/// already is not escaped again.
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

/// Writes a text so that a glob takes none of its letters for wildcards.
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

/// Splits a glob before its first wildcard into what it says literally, without escapes, and the rest.
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

//! Escaped text for Markdown.

/// Shows a text verbatim: a path, a glob, an id.
pub(super) fn code(text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let gap = if longest > 0 { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// Shows a text as words.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\`*_[]<>#|~&!".contains(letter) {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown
}

/// Shows things one below the other.
pub(super) fn list(things: impl IntoIterator<Item = String>) -> String {
    let lines = things.into_iter().map(|thing| format!("- {thing}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_mark() {
        for (text, expected) in [("a.rs", "`a.rs`"), ("a`b", "`` a`b ``"), ("a``", "``` a`` ```")] {
            assert_eq!(code(text), expected);
        }
        assert_eq!(plain("fix_it *now* <b>"), r"fix\_it \*now\* \<b\>");
        assert_eq!(list(["a".into(), "b".into()]), "- a\n- b");
    }
}

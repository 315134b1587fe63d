//! A note from the subjects of commits.

use super::Commit;

/// The most characters of a note.
const LONGEST: usize = 120;
/// Prefixes that `git commit --fixup` and `--squash` put before the subject of the commit they belong to.
const FOLLOWING: [&str; 3] = ["fixup!", "squash!", "amend!"];

/// Proposes a note for the time in which these commits were made: their subjects in order, each once.
///
/// A `fixup! x` stands for `x`. A note longer than 120 characters is cut between words.
#[must_use]
pub fn proposed_note(commits: &[Commit]) -> Option<String> {
    let mut subjects: Vec<String> = Vec::new();
    for commit in commits {
        let subject = tidy(&commit.subject);
        if !subject.is_empty() && !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    (!subjects.is_empty()).then(|| shorten(subjects.join("; ")))
}

/// Returns a subject on one line, without control characters and without the marks of a fixup.
fn tidy(subject: &str) -> String {
    let spaced: String = subject
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let words = spaced.split_whitespace().skip_while(|word| FOLLOWING.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

fn shorten(mut note: String) -> String {
    // One character is left for the ellipsis.
    let Some((end, _)) = note.char_indices().nth(LONGEST - 1) else {
        return note;
    };
    if note[end..].chars().nth(1).is_none() {
        return note;
    }
    // A first word that fills the note is cut at the limit.
    let cut = if note[end..].starts_with(' ') {
        end
    } else {
        note[..end].rfind(' ').unwrap_or(end)
    };
    note.truncate(cut);
    note.truncate(note.trim_end_matches([' ', ';']).len());
    note.push('…');
    note
}

#[cfg(test)]
mod tests {
    use keeptab_core::instant::Instant;
    use proptest::prelude::*;

    use super::*;

    fn commits(subjects: &[&str]) -> Vec<Commit> {
        let commit = |subject: &&str| Commit {
            at: Instant::from_millis(0),
            id: String::new(),
            subject: (*subject).into(),
        };
        subjects.iter().map(commit).collect()
    }

    #[track_caller]
    fn check(subjects: &[&str], expected: &str) {
        assert_eq!(proposed_note(&commits(subjects)).unwrap_or_default(), expected);
    }

    #[test]
    fn subjects_are_joined_in_order_each_once() {
        check(&[], "");
        check(&["", " \t", "fixup!"], "");
        check(&["Page orders"], "Page orders");
        check(&["Page orders", "Fix typo", "Page orders"], "Page orders; Fix typo");
    }

    #[test]
    fn a_fixup_stands_for_what_it_follows() {
        check(&["x y", "fixup! x y", "squash! fixup! x y", "z"], "x y; z");
        check(&["amend! x"], "x");
        check(&["fixup!x"], "fixup!x");
    }

    #[test]
    fn control_characters_are_spaces() {
        check(&["a\u{1b}[31m\tb\r\n", "\u{7}c\u{0}"], "a [31m b; c");
    }

    #[test]
    fn a_long_note_is_cut_between_words() {
        let full = "é".repeat(120);
        check(&[&full], &full);
        check(&[&format!("{full}é")], &format!("{}…", "é".repeat(119)));
        let words = |first: usize| format!("{} more words", "a".repeat(first));
        check(&[&words(109)], &words(109));
        check(&[&words(110)], &format!("{} more…", "a".repeat(110)));
        check(&[&words(114)], &format!("{} more…", "a".repeat(114)));
        check(&[&words(115)], &format!("{}…", "a".repeat(115)));
        check(
            &[&"a".repeat(110), "more of it"],
            &format!("{}; more of…", "a".repeat(110)),
        );
        check(&[&"a".repeat(117), "more"], &format!("{}…", "a".repeat(117)));
    }

    proptest! {
        #[test]
        fn a_note_is_short_and_plain(subjects in prop::collection::vec("(\\PC|\\s|\\x1b){0,60}", 0..6)) {
            let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
            if let Some(note) = proposed_note(&commits(&subjects)) {
                prop_assert!((1..=LONGEST).contains(&note.chars().count()));
                prop_assert!(!note.contains(char::is_control) && note.trim() == note);
            }
        }
    }
}

//! Laws that hold for any name of a folder.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::entity::Entity;
use crate::rule::folder::literal;

fn part() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        3 => "[a-z]{1,3}",
        3 => r"[\[\]{}*?!^,\\~ ]{1,3}",
        2 => "[^/\u{0}]{1,2}",
        1 => "[äé\u{308}\u{301}]{1,2}",
    ];
    let part = (
        vec(letters, 1..3),
        prop_oneof![Just(""), Just(" "), Just("\t"), Just("\u{a0}")],
    );
    part.prop_map(|(letters, end)| letters.concat() + end)
        .prop_filter("a part", |part| part != "." && part != "..")
}

/// A folder as entities have it, with or without a host.
fn folder() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        3 => Just(String::new()),
        1 => "ssh://[a-z0-9.-]{1,5}",
        1 => "wsl://[a-z0-9.-]{1,5}",
        1 => r"container://[a-z0-9_\[\]*{}-]{1,5}",
        1 => "//[a-z][a-z0-9]{1,5}",
        1 => Just("C:".to_owned()),
    ];
    (host, vec(part(), 1..4)).prop_map(|(host, parts)| format!("{host}/{}", parts.join("/")))
}

proptest! {
    #[test]
    fn the_name_of_a_folder_comes_back_from_its_rule(folder in folder()) {
        let glob = glob_of(&folder);
        prop_assert_eq!(Subject::of(&glob), Subject::Path);
        let rule = Rule::new(Target::Ignore, Subject::Path, &glob, &platform()).unwrap();
        let composed: String = unicode_normalization::UnicodeNormalization::nfc(&*folder).collect();
        prop_assert_eq!(rule.prefix(), format!("{composed}/"));
        prop_assert_eq!(rule.never(), None);
        // A name that was escaped once is not escaped again.
        prop_assert_eq!(glob_of_word(&escaped(&folder)), glob);

        let set = RuleSet::new(vec![rule]);
        let matches = |entity: &Entity| set.resolve(entity).is_some();
        let (within, beside) = (format!("{folder}/a.rs"), format!("{folder}x/a.rs"));
        prop_assert_eq!(matches(&Entity::Path(within)), true);
        prop_assert_eq!(matches(&Entity::Path(folder.clone())), true);
        prop_assert_eq!(matches(&Entity::Unnamed { root: Some(folder.clone()) }), true);
        prop_assert_eq!(matches(&Entity::Path(beside)), false);
    }

    #[test]
    fn a_folder_of_this_name_only_is_named(folder in folder(), other in folder()) {
        let rule = Rule::new(Target::Ignore, Subject::Path, &glob_of(&folder), &platform()).unwrap();
        let set = RuleSet::new(vec![rule]);
        let normal = |text: &str| unicode_normalization::UnicodeNormalization::nfc(text).collect::<String>();
        let lies_in = normal(&format!("{other}/")).starts_with(&normal(&format!("{folder}/")));
        prop_assert_eq!(set.resolve(&Entity::Unnamed { root: Some(other) }).is_some(), lies_in);
    }

    #[test]
    fn what_is_escaped_is_literal(text in "[^\u{0}]{0,20}") {
        let glob = escaped(&text);
        prop_assert_eq!(literal(&glob), (text, ""));
    }

    #[test]
    fn whatever_is_taken_as_a_glob_can_be_compared(glob in r"/([a?*/ä\[\]{}!,^\\-]{0,60}|[?]{4000,4200}|[{]{0,400}a[}]{0,400}|(\[!ä-ö\]|\*\*/){900,1400})") {
        for case_blind in [false, true] {
            let platform = Platform { case_blind, ..platform() };
            if let Ok(rule) = Rule::new(Target::Ignore, Subject::Path, &glob, &platform) {
                // The literal beginning fits, so it is compiled.
                rule.matches(rule.prefix(), Subject::Path);
            }
        }
    }

    #[test]
    fn any_text_is_read(uri in "(file|ssh|vscode-remote|scp|wsl|x)?(:|://|/|//)?[a-zA-Z0-9+@%:./\\\\~#?$-]{0,30}", root in "[a-z:/+%]{0,20}") {
        let entity = Entity::seen(Some(&uri), Some(&root), Some(&root));
        // A path stays the same when it is read again, unless it is encoded twice.
        if let Entity::Path(path) = &entity && !path.contains(['%', '?', '#', ':', '@', '+', '$']) {
            prop_assert_eq!(Entity::from_uri(path, None), entity);
        }
        let _ = Rule::new(Target::Ignore, Subject::of(&uri), &uri, &platform());
    }
}

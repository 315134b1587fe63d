//! Which rule wins.

use super::*;

fn platform() -> Platform {
    Platform {
        home: Some("/home/jane".into()),
        case_blind: false,
    }
}

/// Rules as `target glob`, the target `-` being ignore.
fn set(rules: &[&str]) -> RuleSet {
    let compile = |line: &&str| {
        let (target, glob) = line.split_once(' ').unwrap();
        let target = match target {
            "-" => Target::Ignore,
            id => Target::Project(ProjectId::new(id)),
        };
        let subject = if glob.contains("://") {
            Subject::Url
        } else {
            Subject::Path
        };
        Rule::new(target, subject, glob, &platform()).unwrap()
    };
    RuleSet::new(rules.iter().map(compile).collect())
}

#[track_caller]
fn check(rules: &[&str], uri: &str, expected: &str) {
    let set = set(rules);
    let shown = match set.resolve(&Entity::from_uri(uri, None)) {
        Some(Target::Project(id)) => id.as_str(),
        Some(Target::Ignore) => "ignored",
        None => "unassigned",
    };
    assert_eq!(shown, expected, "{uri} by {rules:?}");
}

#[test]
fn the_longest_literal_prefix_wins_whatever_the_order() {
    let rules = ["acme ~/work/acme/**", "api ~/work/acme/api/**", "all ~/**"];
    check(&rules, "/home/jane/work/acme/api/a.rs", "api");
    check(&rules, "/home/jane/work/acme/web/a.rs", "acme");
    check(&rules, "/home/jane/notes.md", "all");
    check(&rules, "/srv/a.rs", "unassigned");
}

#[test]
fn ignore_comes_first() {
    let rules = ["api ~/work/acme/api/**", "- ~/work/**/secret/**"];
    check(&rules, "/home/jane/work/acme/api/secret/a.rs", "ignored");
    check(&rules, "/home/jane/work/acme/api/a.rs", "api");
}

#[test]
fn ties_go_to_the_first_and_are_reported() {
    let rules = ["a ~/work/*/api/**", "b ~/work/acme*/**", "c ~/work/*/web/**"];
    check(&rules, "/home/jane/work/acme/api/a.rs", "b");
    let rules = ["a ~/work/*/api/**", "b ~/work/*/api/**", "c ~/work/*/web/**"];
    check(&rules, "/home/jane/work/acme/api/a.rs", "a");
    assert_eq!(set(&rules).ambiguities(), [Ambiguity { first: 0, second: 1 }]);
    assert_eq!(set(&rules).outranking(1).map(Rule::text), Some("~/work/*/api/**"));
    // An exception in either settles it.
    let settled = ["a ~/work/*/api/**", "a !~/work/*/api/**", "b ~/work/*/api/**"];
    assert_eq!(set(&settled).ambiguities(), []);
    assert!(set(&settled).outranking(2).is_none());
}

#[test]
fn exceptions_take_out_of_their_own_project_only() {
    let rules = ["a ~/work/**", "a !~/work/play/**", "b ~/**"];
    check(&rules, "/home/jane/work/play/a.rs", "b");
    check(&rules, "/home/jane/work/real/a.rs", "a");
    let set = set(&rules);
    let entity = Entity::from_uri("/home/jane/work/play/a.rs", None);
    let verdicts: Vec<Verdict> = set.explain(&entity).iter().map(|(_, verdict)| *verdict).collect();
    assert_eq!(verdicts, [Verdict::Excepted, Verdict::Won]);
}

#[test]
fn a_plain_folder_means_all_in_it() {
    check(&["a ~/work/acme"], "/home/jane/work/acme/x/y.rs", "a");
    check(&["a ~/work/acme/"], "/home/jane/work/acme/y.rs", "a");
    check(&["a ~/work/acme"], "/home/jane/work/acme2/y.rs", "unassigned");
}

#[test]
fn urls_match_on_scheme_host_and_path() {
    let rules = ["a https://github.com/acme/api/**"];
    check(&rules, "https://github.com/acme/api", "a");
    check(&rules, "https://github.com/acme/api/pull/7?tab=files", "a");
    check(&rules, "https://github.com/acme/api-docs", "unassigned");
    check(&rules, "http://github.com/acme/api", "unassigned");
}

#[test]
fn hosts_are_compared_as_dns_has_them() {
    check(&["a HTTPS://GitHub.com/Acme/**"], "https://github.COM/Acme/api", "a");
    check(
        &["a https://github.com/Acme/**"],
        "https://github.com/acme/api",
        "unassigned",
    );
    let idn = "a https://m\u{fc}nchen.example/b\u{fc}ro/**";
    check(&[idn], "https://M\u{dc}NCHEN.example/b\u{fc}ro/x", "a");
    check(&[idn], "https://xn--mnchen-3ya.example/b%C3%BCro/x", "a");
    check(
        &["a https://xn--mnchen-3ya.example/**"],
        "https://m\u{fc}nchen.example/",
        "a",
    );
}

#[test]
fn a_caret_is_the_same_encoded_or_not_and_turns_a_set_round() {
    let caret = "a http://x.example/^/[^b]";
    check(&[caret], "http://x.example/^/a", "a");
    check(&[caret], "http://x.example/%5E/a", "a");
    check(&[caret], "http://x.example/^/b", "unassigned");
}

#[test]
fn ports_are_part_of_the_host_and_the_usual_one_is_none() {
    check(&["a http://localhost:3000/**"], "http://localhost:3000/x", "a");
    check(&["a http://localhost:3000/**"], "http://localhost/x", "unassigned");
    check(&["a http://localhost/**"], "http://localhost:3000/x", "unassigned");
    check(&["a http://localhost:*/**"], "http://localhost:3000/x", "a");
    check(&["a https://acme.example:443/**"], "https://acme.example/x", "a");
    check(&["a https://acme.example/**"], "https://acme.example:443/x", "a");
    check(&["a http://[::1]:3000/**"], "http://[::1]:3000/x", "a");
}

#[test]
fn subdomains_are_named_by_a_star() {
    let rules = ["a https://*.example.com/**"];
    check(&rules, "https://a.b.example.com/x", "a");
    check(&rules, "https://example.com/x", "unassigned");
    check(&rules, "https://evil.example/x.example.com/", "unassigned");
    check(&rules, "https://example.com.evil.example/", "unassigned");
    // The longer literal beginning wins, as with paths.
    check(
        &["a https://*.example.com/**", "b https://git.example.com/**"],
        "https://git.example.com/",
        "b",
    );
    check(&["a *://docs.example/**"], "http://docs.example/x", "a");
    check(&["a {http,https}://docs.example/**"], "https://docs.example/x", "a");
}

#[test]
fn case_follows_the_platform() {
    let blind = Platform {
        case_blind: true,
        ..platform()
    };
    let rule = Rule::new(Target::Ignore, Subject::Path, "C:/Work/**", &blind).unwrap();
    let entity = Entity::from_uri("file:///c%3A/work/A.RS", None);
    assert_eq!(RuleSet::new(vec![rule]).resolve(&entity), Some(&Target::Ignore));
    check(&["a /Work/**"], "/work/a.rs", "unassigned");
}

#[test]
fn a_home_with_special_characters_is_literal() {
    let odd = Platform {
        home: Some("/home/[jane]".into()),
        case_blind: false,
    };
    let rule = Rule::new(Target::Ignore, Subject::Path, "~/x/**", &odd).unwrap();
    let entity = Entity::from_uri("/home/[jane]/x/a", None);
    assert_eq!(RuleSet::new(vec![rule]).resolve(&entity), Some(&Target::Ignore));
}

#[test]
fn what_could_never_match_is_refused() {
    let refuse = |subject, glob| Rule::new(Target::Ignore, subject, glob, &platform()).unwrap_err();
    assert_eq!(refuse(Subject::Path, ""), RuleError::Empty);
    assert_eq!(refuse(Subject::Path, "work/**"), RuleError::Relative);
    assert_eq!(refuse(Subject::Url, "github.com/**"), RuleError::NoScheme);
    assert!(matches!(refuse(Subject::Path, "~/{a,b"), RuleError::Syntax(_)));
    assert_eq!(
        refuse(Subject::Url, "https://app.example/#/acme/**"),
        RuleError::Fragment
    );
    assert_eq!(
        refuse(Subject::Url, "https://*b\u{fc}ro.example/**"),
        RuleError::Host("*b\u{fc}ro".into())
    );
    assert_eq!(refuse(Subject::Url, "https://a.example/[\u{e4}]/**"), RuleError::Set);
}

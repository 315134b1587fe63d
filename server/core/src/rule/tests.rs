//! The choice of the rule that decides.

mod laws;

use super::*;
use crate::entity::Entity;

fn platform() -> Platform {
    Platform {
        home: Some("/home/jane".into()),
        case_blind: false,
        backslash: false,
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
        Rule::new(target, Subject::of(glob), glob, &platform()).unwrap()
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
        backslash: false,
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

#[test]
fn what_no_matcher_can_be_made_of_is_refused() {
    let refuse = |glob: String| Rule::new(Target::Ignore, Subject::Path, &glob, &platform()).unwrap_err();
    assert_eq!(refuse(format!("/{}", "?".repeat(200_000))), RuleError::Long);
    let braces = |depth| format!("/{}a{}", "{".repeat(depth), "}".repeat(depth));
    assert_eq!(refuse(braces(1_000)), RuleError::Nested);
    assert_eq!(refuse(braces(1_000_000)), RuleError::Long);
}

#[test]
fn a_rule_without_a_host_is_about_this_machine() {
    let rules = ["a /srv/app/**"];
    check(&rules, "/srv/app/a.rs", "a");
    check(&rules, "vscode-remote://ssh-remote%2Bbeta/srv/app/a.rs", "unassigned");
    check(&rules, "scp://beta//srv/app/a.rs", "unassigned");
    check(&["a /**"], "//server/srv/app/a.rs", "unassigned");
    check(&["a /*/srv/**"], "//server/srv/app/a.rs", "unassigned");
}

#[test]
fn a_rule_may_name_a_host_or_every_host() {
    let beta = "vscode-remote://ssh-remote%2Bbeta/srv/app/a.rs";
    for rule in [
        "a ssh://beta/srv/app/**",
        "a ssh://beta/srv/app",
        "a SSH://jane@Beta:22/srv/app/**",
        "a scp://beta//srv/app/**",
        "a ssh://*/srv/app/**",
        "a scp://*//srv/app/**",
        "a ssh://b*/srv/**",
        "a ssh://**/app/**",
        "a ssh://beta",
        "a **/app/**",
        "a */app/*",
        "a **",
    ] {
        check(&[rule], beta, if rule == "a */app/*" { "unassigned" } else { "a" });
    }
    for rule in [
        "a ssh://alpha/srv/app/**",
        "a **/beta/**",
        "a ssh://*/app/**",
        "a ssh://beta/srv/ap",
        "a wsl://beta/**",
    ] {
        check(&[rule], beta, "unassigned");
    }
    // The host counts for the length of what is literal.
    check(
        &["any **/app/**", "all ssh://*/srv/**", "beta ssh://beta/**"],
        beta,
        "beta",
    );
    check(&["a wsl://Ubuntu/home/**"], "file://wsl.localhost/Ubuntu/home/x", "a");
    check(&["a //wsl$/Ubuntu/home/**"], "vscode-remote://wsl%2Bubuntu/home/x", "a");
    check(&["a container://api/app/**"], "/docker:api:/app/x", "a");
    check(&["a //server/share/acme/**"], "file://server/share/acme/a.rs", "a");
    check(&["a //Server/share/acme/**"], "file://SERVER/share/acme", "a");
    check(
        &["a //server/share/acme/**"],
        "file://other/share/acme/a.rs",
        "unassigned",
    );
}

#[test]
fn a_folder_is_compared_as_a_file_in_it() {
    #[track_caller]
    fn check(rule: &str, folder: &str, expected: bool) {
        let set = set(&[rule]);
        let entity = Entity::unnamed(Some(folder));
        assert_eq!(set.resolve(&entity).is_some(), expected, "{folder} by {rule}");
    }
    check("a /w/acme/**", "/w/acme", true);
    check("a /w/acme/*", "/w/acme/", true);
    check("a /w/acme/**", "/w/acme/sub", true);
    check("a /w/acme/*", "/w/acme/sub", false);
    check("a /w/*", "/w/acme", false);
    check("a /w/acme/*.rs", "/w/acme", false);
    check("a /**", "/", true);
    check("a ssh://beta/srv/**", "ssh://beta/srv", true);
    check("a /srv/**", "ssh://beta/srv", false);
}

#[test]
fn composed_and_decomposed_letters_are_the_same() {
    check(&["a /w/b\u{fc}ro/**"], "file:///w/bu%CC%88ro/x", "a");
    check(&["a /w/bu\u{308}ro/**"], "/w/b\u{fc}ro/x", "a");
    check(&["a /w/bu\u{308}*/**"], "/w/b\u{fc}ro/x", "a");
}

#[test]
fn an_escape_is_a_letter_of_the_literal_prefix() {
    let rules = ["a /w/**", "b /w/[[]acme[]]/**"];
    check(&rules, "/w/[acme]/x", "b");
    assert_eq!(set(&rules).ambiguities(), []);
    assert_eq!(set(&rules).rules()[1].prefix(), "/w/[acme]/");
    // A set of one letter is a wildcard like any other.
    assert_eq!(set(&["a /w/a[1]/**"]).rules()[0].prefix(), "/w/a");
}

#[test]
fn what_can_never_match_is_named() {
    #[track_caller]
    fn check(glob: &str, backslash: bool, expected: Option<RuleError>) {
        let platform = Platform {
            backslash,
            ..platform()
        };
        let rule = Rule::new(Target::Ignore, Subject::of(glob), glob, &platform).unwrap();
        assert_eq!(rule.never(), expected.as_ref(), "{glob}");
    }
    let (query, foreign) = (Some(RuleError::Query), Some(RuleError::Backslash));
    check("https://x.example/a?tab=files", false, query.clone());
    check("https://x.example/a?/b?tab=*", false, query.clone());
    check("https://x.example/a[?]tab/**", false, query);
    check("https://x.example/v?/**", false, None);
    check(r"C:\work\**", false, foreign.clone());
    check(r"C:\**", false, foreign.clone());
    check(r"/w/a\b/**", false, foreign);
    check(r"/w/a[\]b/**", false, None);
    check(r"/w/a\{b\}/**", false, None);
    check(r"C:\work\**", true, None);
    let windows = Platform {
        backslash: true,
        ..platform()
    };
    let rule = Rule::new(Target::Ignore, Subject::Path, r"C:\work\**", &windows).unwrap();
    assert!(
        RuleSet::new(vec![rule])
            .resolve(&Entity::from_uri(r"c:\work\a.rs", None))
            .is_some()
    );
    let rule = Rule::new(Target::Ignore, Subject::Path, r"\\server\share\**", &windows).unwrap();
    assert!(
        RuleSet::new(vec![rule])
            .resolve(&Entity::from_uri("file://server/share/a", None))
            .is_some()
    );
}

#[test]
fn brackets_may_be_meant_as_a_folder() {
    let check = |glob: &str, expected: Option<(&str, &str)>| {
        let rule = Rule::new(Target::Ignore, Subject::Path, glob, &platform()).unwrap();
        let expected = expected.map(|(folder, rest)| (folder.to_owned(), rest.to_owned()));
        assert_eq!(rule.unescaped(), expected, "{glob}");
    };
    check("/w/[acme]/**", Some(("/w/[acme]", "/**")));
    check("/w/a[1]", Some(("/w/a[1]", "")));
    check("/w/{a,b}/c/*.rs", Some(("/w/{a,b}/c", "/*.rs")));
    check("/w/[[]x[]]/[y]/**", Some(("/w/[x]/[y]", "/**")));
    check("/w/[acme]*/**", None);
    check("/w/acme/**", None);
    check("/w/*/[a]/**", None);
    check("ssh://beta/[a]/**", None);
}

fn rooted(rules: &[&str], roots: &[(&str, Option<&str>, Option<&str>)]) -> RuleSet {
    let root = |(root, real, repository): &(&str, Option<&str>, Option<&str>)| NamedRoot {
        root: (*root).to_owned(),
        real: real.map(str::to_owned),
        repository: repository.map(str::to_owned),
    };
    set(rules).with_roots(&roots.iter().map(root).collect::<Vec<_>>())
}

#[track_caller]
fn resolved(set: &RuleSet, path: &str, expected: &str) {
    for entity in [Entity::from_uri(path, None), Entity::unnamed(Some(path))] {
        let shown = match set.resolve(&entity) {
            Some(Target::Project(id)) => id.as_str(),
            Some(Target::Ignore) => "ignored",
            None => "unassigned",
        };
        assert_eq!(shown, expected, "{entity}");
        let won = set
            .explain(&entity)
            .into_iter()
            .find(|(_, verdict)| *verdict == Verdict::Won);
        assert_eq!(won.map(|(rule, _)| rule.target()), set.resolve(&entity), "{entity}");
    }
}

#[test]
fn a_path_is_compared_under_its_roots_name_and_the_real_one() {
    let roots = [("/w/acme", Some("/mnt/data/acme"), None)];
    for rule in ["a /w/acme/**", "a /mnt/data/acme/**"] {
        let set = rooted(&[rule], &roots);
        resolved(&set, "/w/acme/src/a.rs", "a");
        resolved(&set, "/mnt/data/acme/src/a.rs", "a");
        resolved(&set, "/w/acme2/a.rs", "unassigned");
    }
    // The usual order decides among all rules that match.
    let set = rooted(
        &["a /w/acme/**", "b /mnt/data/acme/**", "- /mnt/data/acme/secret/**"],
        &roots,
    );
    resolved(&set, "/w/acme/src/a.rs", "b");
    resolved(&set, "/w/acme/secret/a.rs", "ignored");
}

#[test]
fn a_worktree_is_compared_as_its_main_folder_first() {
    let roots = [
        ("/w/api-feature", None, Some("/w/api")),
        ("/home/jane/.cursor/worktrees/api/x", Some("/mnt/x"), Some("/w/api")),
        ("/w/api/.trees/y", None, Some("/w/api")),
    ];
    let set = |rules: &[&str]| rooted(rules, &roots);
    let files = [
        "/w/api-feature/src/a.rs",
        "/home/jane/.cursor/worktrees/api/x/src/a.rs",
        "/mnt/x/src/a.rs",
        "/w/api/.trees/y/src/a.rs",
    ];
    for file in files {
        resolved(&set(&["a /w/api/**"]), file, "a");
        resolved(&set(&["a /w/api/src/**", "b /w/**"]), file, "a");
        resolved(
            &set(&["a /w/api/**", "b /home/jane/.cursor/**", "c /mnt/**"]),
            file,
            "a",
        );
        resolved(&set(&["- /w/api/src/**", "b /w/**"]), file, "ignored");
        resolved(&set(&["a /w/api/other/**"]), file, "unassigned");
    }
    // No rule names the main folder: the path itself decides.
    resolved(&set(&["b /w/api-*/**"]), files[0], "b");
    // A rule that begins in the worktree was written for it,
    resolved(&set(&["a /w/api/**", "b /w/api-feature/**"]), files[0], "b");
    resolved(&set(&["a /w/api/src/**", "b /w/api-feature"]), files[0], "b");
    resolved(&set(&["a /w/api/**", "b /w/api-feature/src/**"]), files[0], "b");
    resolved(&set(&["a /w/api/**", "b /mnt/x/**"]), files[1], "b");
    // unless it does not match the file.
    resolved(&set(&["a /w/api/**", "b /w/api-feature/docs/**"]), files[0], "a");
    resolved(
        &set(&["a /w/api/**", "b /w/api-feature/**", "b !/w/api-feature/src/**"]),
        files[0],
        "a",
    );
    // An ignore rule on the worktrees is obeyed.
    resolved(&set(&["a /w/api/**", "- /home/jane/.cursor/**"]), files[1], "ignored");
}

#[test]
fn a_rule_is_compared_with_and_without_its_symbolic_link() {
    let links = |from: &str, to: &str| [(from.to_owned(), to.to_owned())].into_iter().collect();
    for (rule, folder) in [
        ("a /w/link/acme/**", "/w/link/acme"),
        ("a /w/link/acme/*.rs", "/w/link/acme"),
    ] {
        let set = set(&[rule]).with_links(links(folder, "/mnt/[x]"));
        resolved(
            &set,
            "/w/link/acme/a.rs",
            if rule.ends_with("**") { "a" } else { continue },
        );
        resolved(&set, "/mnt/[x]/a.rs", "a");
        resolved(&set, "/mnt/x/a.rs", "unassigned");
    }
    // Rules are ranked as the disk has them.
    let set = set(&["a /w/a/very/long/link/**", "b /m/a/b/**"]).with_links(links("/w/a/very/long/link", "/m/a"));
    let set = set.with_roots(&[NamedRoot {
        root: "/w/a/very/long/link".into(),
        real: Some("/m/a".into()),
        repository: None,
    }]);
    resolved(&set, "/w/a/very/long/link/b/x", "b");
    resolved(&set, "/w/a/very/long/link/c/x", "a");
}

//! From a file or folder to a project: explain, assign, offers and the timeline name the same one.

use keeptab_core::entity::Entity;
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_store::{NewEvent, NewSign};

use super::*;

const WITH_HOSTS: &str = r#"
[tracking]
ignore = ["/w/secret/**"]

[project.api]
paths = ["/w/api/**", "ssh://beta/srv/app/**"]

[project.web]
paths = ["/w/web/**", "//server/share/acme/**"]
"#;

fn with_rules(rules: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keeptab.toml"), rules).unwrap();
    folder
}

/// Work that names these, and the number of the event.
fn seen(seq: u64, at: Instant, uri: Option<&str>, cwd: Option<&str>, root: Option<&str>) -> Activity {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Activity {
        seq: Some(Seq(seq)),
        at,
        what: What::Work {
            kind: Kind::Edit,
            actor: Actor::Human,
            uri: own(uri),
            root: own(root),
            cwd: own(cwd),
            language: None,
            private: false,
        },
    }
}

fn explained(engine: &mut Engine, text: &str) -> String {
    let answer = engine.ask(at(0), |engine, _| engine.explain(text)).unwrap().json();
    match answer["project"].as_str() {
        Some(project) => project.to_owned(),
        None if answer["private"] == true => "private".into(),
        None => "unassigned".into(),
    }
}

/// Returns the target of the timeline's first stretch.
fn counted(engine: &mut Engine) -> String {
    let stretches = engine.captured(Span::ALL, at(60)).unwrap();
    let tag = stretches.first().expect("a stretch").tag;
    match tag {
        Tag::Project(index) => engine.config.projects[index.0].terms.project.to_string(),
        Tag::Unassigned => "unassigned".into(),
        Tag::Private => "private".into(),
    }
}

/// Records two heartbeats a minute apart and checks the project by the timeline and by `explain` of a text.
#[track_caller]
fn check(uri: Option<&str>, cwd: Option<&str>, root: Option<&str>, text: &str, expected: &str) {
    let folder = with_rules(WITH_HOSTS);
    let mut engine = open(&folder);
    let events = (0..2).map(|minute| seen(u64::try_from(minute).unwrap() + 1, at(minute), uri, cwd, root));
    record(&mut engine, "vim", events.collect(), at(60));
    assert_eq!(counted(&mut engine), expected, "{uri:?} {cwd:?} {root:?}");
    if expected != "private" {
        assert_eq!(explained(&mut engine, text), expected, "{text}");
    }
}

#[test]
fn work_without_a_file_belongs_to_the_project_of_its_folder() {
    let api = Some("file:///w/api");
    check(None, None, api, "/w/api", "api");
    check(None, Some("file:///w/web/src"), api, "/w/web/src", "web");
    check(None, Some("file:///w/other"), api, "/w/other", "unassigned");
    check(Some("untitled:Untitled-1"), None, api, "/w/api/", "api");
    check(None, Some("file:///w/secret/x"), api, "", "private");
    check(None, None, Some("file:///w/secret"), "", "private");
    let beta = Some("vscode-remote://ssh-remote%2Bbeta/srv/app");
    check(None, None, beta, "ssh://beta/srv/app", "api");
}

#[test]
fn a_rule_takes_no_file_of_another_host() {
    let remote = |host: &str, path: &str| format!("vscode-remote://{host}{path}");
    check(
        Some(&remote("ssh-remote%2Balpha", "/w/api/a.rs")),
        None,
        None,
        "ssh://alpha/w/api/a.rs",
        "unassigned",
    );
    check(
        Some(&remote("ssh-remote%2Bbeta", "/srv/app/a.rs")),
        None,
        None,
        "ssh://beta/srv/app/a.rs",
        "api",
    );
    check(Some("file:///srv/app/a.rs"), None, None, "/srv/app/a.rs", "unassigned");
    check(
        Some("file://server/share/acme/a.rs"),
        None,
        None,
        "//server/share/acme/a.rs",
        "web",
    );
    // /w/api, in the hexadecimal digits of VS Code.
    let container = "dev-container%2B2f772f617069";
    let root = remote(container, "/workspaces/api");
    check(
        Some(&remote(container, "/workspaces/api/a.rs")),
        None,
        Some(&root),
        "/w/api/a.rs",
        "api",
    );
    check(
        Some(&remote(container, "/etc/hosts")),
        None,
        Some(&root),
        "/w/api",
        "api",
    );
}

#[test]
fn a_name_that_is_too_long_is_dropped_and_its_number_is_taken() {
    let folder = with_rules(WITH_HOSTS);
    let mut engine = open(&folder);
    let long = |length: usize| format!("file:///w/api/{}", "x".repeat(length - "file:///w/api/".len()));
    let (fits, too_long) = (long(4096), long(4097));
    let events = vec![
        seen(1, at(0), Some(&too_long), None, None),
        seen(2, at(1), None, Some(&too_long), None),
        seen(3, at(2), None, None, Some(&too_long)),
        seen(4, at(3), Some(&fits), None, None),
        seen(5, at(4), Some(&too_long), None, None),
    ];
    let batch = Batch {
        source: "vim".into(),
        events,
    };
    assert_eq!(engine.take(&batch, at(5)).unwrap().seq, Seq(5));
    assert_eq!(engine.store().event_count().unwrap(), 1);
}

fn names(
    root: &str,
    real: Option<&str>,
    repository: Option<&str>,
) -> impl FnOnce(&mut Engine, Instant) -> Result<bool> {
    let names = RootNames {
        root: root.into(),
        real: real.map(str::to_owned),
        repository: repository.map(str::to_owned),
    };
    move |engine: &mut Engine, _| engine.know_roots(&[names])
}

#[test]
fn a_worktree_is_its_repositorys_project_for_every_host_and_for_what_came_before() {
    let folder = with_rules(WITH_HOSTS);
    let mut engine = open(&folder);
    let mut other = open(&folder);
    let events = (0..2).map(|minute| {
        seen(
            u64::try_from(minute).unwrap() + 1,
            at(minute),
            Some("file:///w/api-feature/a.rs"),
            None,
            Some("file:///w/api-feature"),
        )
    });
    record(&mut engine, "vim", events.collect(), at(60));
    assert_eq!(counted(&mut engine), "unassigned");
    assert_eq!(explained(&mut other, "/w/api-feature/a.rs"), "unassigned");
    engine
        .ask(at(60), names("file:///w/api-feature", None, Some("/w/api")))
        .unwrap();
    assert_eq!(counted(&mut engine), "api");
    assert_eq!(explained(&mut other, "/w/api-feature/a.rs"), "api");
    assert_eq!(counted(&mut other), "api");
    assert_eq!(counted(&mut open(&folder)), "api");
    // It is a folder of its own again.
    other.ask(at(60), names("file:///w/api-feature", None, None)).unwrap();
    engine.ask(at(60), Engine::status).unwrap();
    assert_eq!(counted(&mut engine), "unassigned");
}

#[test]
fn of_a_root_that_is_ignored_nothing_is_stored_and_its_time_is_private() {
    let folder = with_rules(WITH_HOSTS);
    let mut engine = open(&folder);
    engine
        .ask(at(0), names("file:///w/tree", None, Some("/w/secret")))
        .unwrap();
    assert_eq!(engine.store().roots().unwrap(), []);
    let events = (0..2).map(|minute| {
        seen(
            u64::try_from(minute).unwrap() + 1,
            at(minute),
            Some("file:///w/tree/a.rs"),
            None,
            Some("file:///w/tree"),
        )
    });
    record(&mut engine, "vim", events.collect(), at(60));
    assert_eq!(counted(&mut engine), "private");
    assert_eq!(counted(&mut open(&folder)), "private");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_followed_once_and_every_host_knows_where_it_led() {
    let disk = tempfile::tempdir().unwrap();
    let base = disk.path().canonicalize().unwrap();
    fs::create_dir_all(base.join("real/acme")).unwrap();
    std::os::unix::fs::symlink(base.join("real"), base.join("link")).unwrap();
    let base = base.to_str().unwrap();
    let folder = with_rules(&format!("[project.api]\npaths = [\"{base}/link/acme/**\"]\n"));
    let mut engine = open(&folder);
    let real = format!("{base}/real/acme/a.rs");
    assert_eq!(explained(&mut engine, &real), "api");
    // The links are resolved again only when the config changes.
    fs::remove_file(format!("{base}/link")).unwrap();
    assert_eq!(explained(&mut open(&folder), &real), "api");
    fs::write(
        folder.path().join("keeptab.toml"),
        format!("[project.api]\npaths = [\"{base}/link/acme\"]\n"),
    )
    .unwrap();
    engine.ask(at(0), Engine::reload).unwrap();
    assert_eq!(explained(&mut engine, &real), "unassigned");
}

#[cfg(unix)]
#[test]
fn an_editor_that_tells_no_names_has_its_roots_looked_up() {
    let disk = tempfile::tempdir().unwrap();
    let base = disk.path().canonicalize().unwrap();
    fs::create_dir_all(base.join("api/.git/worktrees/x")).unwrap();
    fs::write(base.join("api/.git/worktrees/x/commondir"), "../..\n").unwrap();
    fs::create_dir_all(base.join("tree")).unwrap();
    fs::write(base.join("tree/.git"), "gitdir: ../api/.git/worktrees/x\n").unwrap();
    std::os::unix::fs::symlink(base.join("tree"), base.join("link")).unwrap();
    let base = base.to_str().unwrap();
    let folder = with_rules(&format!("[project.api]\npaths = [\"{base}/api/**\"]\n"));
    let mut engine = open(&folder);
    let roots = ["tree", "link"].map(|root| format!("file://{base}/{root}"));
    engine.ask(at(0), |engine, _| engine.find_roots(&roots)).unwrap();
    for root in ["tree", "link"] {
        assert_eq!(explained(&mut engine, &format!("{base}/{root}/a.rs")), "api");
    }
}

#[test]
fn rules_that_took_files_of_other_hosts_are_named_with_what_to_write() {
    let folder = with_rules("[project.api]\npaths = [\"/srv/app/**\", \"ssh://gamma/srv/**\"]\n");
    let mut engine = open(&folder);
    let uris = [
        "ssh://beta/srv/app/a.rs",
        "ssh://gamma/srv/app/a.rs",
        "ssh://beta/srv/b.rs",
        "/srv/app/a.rs",
    ];
    let event = |(index, uri): (u64, &str)| seen(index, at(0), Some(uri), None, None);
    record(&mut engine, "vim", (1..).zip(uris).map(event).collect(), at(1));
    let named = engine.once_remote().unwrap();
    let named: Vec<_> = named
        .iter()
        .map(|(rule, globs)| (&**rule, globs.iter().cloned().collect::<Vec<_>>()))
        .collect();
    assert_eq!(named, [("/srv/app/**", vec!["ssh://beta/srv/app/**".to_owned()])]);
}

/// A name that a folder may have; on other hosts as well.
fn name() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        4 => "[a-z]{1,3}",
        2 => r"[\[\]{}*?!^,\\ ~#%:&=+@-]{1,3}",
        1 => "[äÄéßøΩжあ\u{308}\u{301}]{1,2}",
    ];
    vec(letters, 1..4).prop_map(|parts| parts.concat())
}

fn place() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        4 => Just(String::new()),
        1 => "ssh://[a-z]{1,3}",
        1 => "wsl://[a-z]{1,3}",
        1 => "container://[a-z]{1,3}",
        1 => "//[a-z]{2,3}",
    ];
    (
        host,
        vec(name().prop_filter("a part", |name| name != "." && name != ".."), 1..4),
    )
        .prop_map(|(host, parts)| format!("{host}/{}", parts.join("/")))
        // This is how TRAMP and Windows write a path.
        .prop_filter("a plain path", |path| {
            !path.contains(":/") || path.contains("://") && path.matches(":/").count() == 1
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn explain_assign_and_the_timeline_name_the_same_project(place in place(), is_folder: bool, is_in_root: bool) {
        let folder = with_rules(WITH_HOSTS);
        let mut engine = open(&folder);
        // The entity as it is stored if an editor reports it.
        let (entity, root) = if is_folder {
            (Entity::Unnamed { root: Some(place.clone()) }, None)
        } else {
            let root = place.rsplit_once('/').map(|(root, _)| root.to_owned()).filter(|_| is_in_root);
            (Entity::Path(place.clone()), root)
        };
        let event = |minute: i64| NewEvent {
            seq: None,
            at: at(minute),
            sign: NewSign::Heartbeat {
                kind: Kind::Edit,
                actor: Actor::Human,
                entity: entity.clone(),
                root: root.clone().map(|root| Entity::Unnamed { root: Some(root) }),
                language: None,
            },
        };
        engine.store.take("vim", &[event(0), event(1)], at(60)).unwrap();
        prop_assert_eq!(counted(&mut engine), explained(&mut engine, &place));
        prop_assume!(counted(&mut engine) == "unassigned");
        // The folder that is listed is the one that is assigned.
        let roots = engine.ask(at(60), Engine::unassigned).unwrap();
        prop_assert_eq!(roots.0.len(), 1);
        prop_assume!(!roots.0[0].root.is_empty());
        let edit = keeptab_config::Edit::AddRule { project: ProjectId::new("web"), glob: glob_of_word(&roots.0[0].target()) };
        engine.ask(at(60), |engine, now| engine.edit(&edit, now)).unwrap();
        prop_assert_eq!(counted(&mut engine), "web");
        prop_assert_eq!(explained(&mut engine, &place), "web");
    }
}

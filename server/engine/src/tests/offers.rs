//! Workspace roots that no rule names, and roots that are never proposed.

use super::*;

/// Work under a root from one minute to another, a heartbeat a minute, in a file or in no file.
fn work_under(engine: &mut Engine, root: &str, file: Option<&str>, minutes: std::ops::RangeInclusive<i64>) {
    let now = at(*minutes.end());
    let beat = |minute: i64| Activity {
        seq: None,
        at: at(minute),
        what: What::Work {
            kind: Kind::Edit,
            actor: Actor::Human,
            uri: file.map(|file| format!("{root}/{file}")),
            root: Some(root.to_owned()),
            cwd: None,
            language: None,
            private: false,
        },
    };
    record(engine, "vim", minutes.map(beat).collect(), now);
}

fn offer(engine: &mut Engine, open: &[&str], minute: i64) -> Option<String> {
    let open: Vec<String> = open.iter().map(ToString::to_string).collect();
    engine.offer(&open, at(minute)).unwrap().map(|offer| offer.root)
}

#[test]
fn a_root_is_offered_after_five_minutes_and_once() {
    let folder = home();
    let mut engine = open(&folder);
    work_under(&mut engine, "file:///w/new", Some("a.rs"), 0..=4);
    assert_eq!(offer(&mut engine, &["file:///w/new"], 4), None);
    work_under(&mut engine, "file:///w/new", None, 5..=6);
    assert_eq!(offer(&mut engine, &["file:///w/new"], 6).as_deref(), Some("/w/new"));
    assert_eq!(offer(&mut engine, &["file:///w/new"], 6), None);
    // Nor by another host.
    assert_eq!(offer(&mut open(&folder), &["file:///w/new"], 6), None);
}

#[test]
fn a_root_is_offered_again_after_a_week() {
    let folder = home();
    let mut engine = open(&folder);
    let week = 7 * 24 * 60;
    work_under(&mut engine, "file:///w/new", Some("a.rs"), 0..=6);
    assert_eq!(offer(&mut engine, &["file:///w/new"], 6).as_deref(), Some("/w/new"));
    work_under(&mut engine, "file:///w/new", Some("a.rs"), week - 10..=week);
    assert_eq!(offer(&mut engine, &["file:///w/new"], week), None);
    work_under(&mut engine, "file:///w/new", Some("a.rs"), week + 1..=week + 8);
    assert_eq!(
        offer(&mut engine, &["file:///w/new"], week + 8).as_deref(),
        Some("/w/new")
    );
    assert_eq!(offer(&mut engine, &["file:///w/new"], week + 8), None);
}

#[test]
fn one_that_was_declined_does_not_stand_before_another() {
    let folder = home();
    let mut engine = open(&folder);
    let both = ["file:///w/one", "file:///w/two"];
    work_under(&mut engine, both[0], Some("a.rs"), 0..=60);
    assert_eq!(offer(&mut engine, &both, 60).as_deref(), Some("/w/one"));
    work_under(&mut engine, both[1], Some("a.rs"), 61..=67);
    assert_eq!(offer(&mut engine, &both, 67).as_deref(), Some("/w/two"));
}

#[test]
fn of_two_the_one_where_the_work_is_comes_first() {
    let folder = home();
    let mut engine = open(&folder);
    let both = ["file:///w/one", "file:///w/two"];
    work_under(&mut engine, both[0], Some("a.rs"), 0..=10);
    work_under(&mut engine, both[1], Some("a.rs"), 11..=17);
    assert_eq!(offer(&mut engine, &both, 17).as_deref(), Some("/w/two"));
    // No offer is made after a time away.
    assert_eq!(offer(&mut engine, &both, 60), None);
}

#[test]
fn what_is_no_project_or_has_a_rule_is_not_offered() {
    let ignored = "[tracking]\nignore = [\"/secret*\"]\n";
    let taken_out = "paths = [\"/w/web\", \"!/w/play/**\"]";
    let config = CONFIG.replace("[client.acme]", &format!("{ignored}[client.acme]"));
    let config = config.replace("paths = [\"/w/web\"]", taken_out);
    for (root, file, open_root) in [
        // A rule names it, though time in its terminal is unassigned.
        ("file:///w/api", None, "file:///w/api"),
        ("file:///secret1", Some("a.rs"), "file:///secret1"),
        ("file:///w/play", Some("a.rs"), "file:///w/play"),
        ("file:///", Some("a.rs"), "file:///"),
        ("https://example.com", Some("a"), "https://example.com"),
        // A stray file is in no workspace that is open here.
        ("file:///tmp/notes", Some("a.md"), "file:///w/other"),
    ] {
        let folder = home();
        fs::write(folder.path().join("keeptab.toml"), &config).unwrap();
        let mut engine = open(&folder);
        assert_eq!(engine.broken(), None);
        work_under(&mut engine, root, file, 0..=30);
        assert_eq!(offer(&mut engine, &[open_root], 30), None, "{root}");
        assert!(engine.store.setting(&format!("offered {root}")).unwrap().is_none());
    }
}

#[test]
fn nothing_is_offered_before_there_is_a_config_or_while_it_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(&folder);
    work_under(&mut engine, "file:///w/new", Some("a.rs"), 0..=30);
    assert_eq!(offer(&mut engine, &["file:///w/new"], 30), None);
    fs::write(folder.path().join("keeptab.toml"), "[business").unwrap();
    engine.ask(at(30), Engine::reload).unwrap();
    assert_eq!(offer(&mut engine, &["file:///w/new"], 30), None);
    fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
    engine.ask(at(30), Engine::reload).unwrap();
    assert_eq!(offer(&mut engine, &["file:///w/new"], 30).as_deref(), Some("/w/new"));
}

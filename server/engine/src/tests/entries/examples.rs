use super::*;
use crate::tests::timing::start;

#[test]
fn an_hour_that_is_billed_is_not_added_again() {
    let mut desk = Desk::new();
    let added = desk.add(Some(0), 120, false).unwrap();
    assert_eq!(added["entries"][0]["countedSeconds"], 7200);
    // Nor is it before it is billed.
    let refused = desk.add(Some(0), 120, false).unwrap_err().to_string();
    assert!(refused.contains("--beside"), "{refused}");
    desk.issue().unwrap();
    let refused = desk.add(Some(0), 120, false).unwrap_err().to_string();
    assert!(refused.contains("JDS-202611-0001"), "{refused}");
    assert!(desk.issue().unwrap_err().to_string().contains("nothing to bill"));
    // Half of it is free.
    let added = desk.add(Some(60), 120, false).unwrap();
    assert_eq!(added["entries"][0]["countedSeconds"], 3600);
    assert_eq!(added["entries"][0]["taken"][0]["seconds"], 3600);
    assert_eq!(desk.seconds(), (3 * 3600, 3600));
    desk.hold();
}

#[test]
fn an_import_of_billed_time_counts_nothing_and_says_so() {
    let mut desk = Desk::new();
    desk.add(Some(0), 120, false).unwrap();
    desk.issue().unwrap();
    let file = desk.table("toggl.csv", &[(0, 60, "a"), (60, 60, "b"), (120, 30, "c")]);
    let dry = ImportRequest {
        is_dry: true,
        ..Desk::import_request(&file)
    };
    for said in [desk.run(|engine, now| engine.import(&dry, now)), desk.import(&file)] {
        assert_eq!((&said["takenRows"], &said["takenSeconds"]), (&2.into(), &7200.into()));
        assert_eq!(said["takenBy"][0]["by"], "JDS-202611-0001");
        assert_eq!(said["cuts"][0]["line"], 2);
    }
    assert_eq!(desk.seconds(), (7200 + 1800, 1800));
    // A second time it brings nothing, though two rows count nothing.
    assert_eq!(desk.import(&file)["new"]["entries"], 0);
    desk.hold();
}

#[test]
fn an_entry_over_captured_and_billed_time_counts_the_rest() {
    let mut desk = Desk::new();
    desk.capture(0, 120, "/w/api/a.rs");
    desk.issue().unwrap();
    desk.add(Some(0), 180, false).unwrap();
    assert_eq!(desk.seconds(), (3 * 3600, 3600));
    desk.hold();
    // The time was not free when the entry was written: its spans do not grow back.
    desk.cancel(&"JDS-202611-0001".into()).unwrap();
    assert_eq!(desk.seconds(), (3 * 3600, 3 * 3600));
    desk.hold();
}

#[test]
fn a_timer_over_billed_time_is_kept_with_nothing() {
    let mut desk = Desk::new();
    let begun = desk.now;
    desk.run(|engine, now| engine.start(&start("api", None), now));
    let other = desk.add(Some(begun + 1), 60, false).unwrap();
    assert_eq!(other["entries"][0]["countedSeconds"], 3600);
    desk.now = begun + 30;
    let stopped = desk.run(Engine::stop);
    assert_eq!(stopped["entries"][0]["countedSeconds"], 0);
    assert_eq!(stopped["entries"][0]["seconds"], 1800);
    assert_eq!(desk.seconds().0, 3600);
    desk.hold();
}

#[test]
fn beside_counts_in_full_and_replaces_nothing() {
    let mut desk = Desk::new();
    desk.capture(0, 60, "/w/api/a.rs");
    desk.add(Some(0), 60, true).unwrap();
    assert_eq!(desk.seconds(), (7200, 7200));
    desk.issue().unwrap();
    assert_eq!(desk.seconds(), (7200, 0));
    desk.hold();
}

#[test]
fn an_undone_entry_gives_nothing_to_the_one_that_it_cut() {
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.add(Some(30), 60, false).unwrap();
    let first = desk.engine.store.entries(None).unwrap()[0].id;
    desk.engine.store.apply(&[Edit::Void(first)], at(desk.now)).unwrap();
    assert_eq!(desk.seconds().0, 1800);
    desk.hold();
    // The undo of that brings it back, and it stands before the other.
    desk.run(Engine::undo);
    assert_eq!(desk.seconds().0, 5400);
    desk.hold();
}

#[test]
fn a_replacement_keeps_its_place_and_its_instants() {
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.add(Some(30), 60, false).unwrap();
    let second = desk.engine.store.entries(None).unwrap()[1].clone();
    let with = |span: Option<Span>, note: &str| keeptab_core::timesheet::NewEntryLine {
        day: second.day,
        project: second.project.clone(),
        span,
        length: second.length,
        note: Some(note.to_owned()),
        billable: true,
        beside: false,
    };
    let edit = Edit::Replace {
        entry: second.id,
        with: with(second.span, "right words"),
    };
    desk.engine.store.apply(&[edit], at(desk.now)).unwrap();
    let replaced = desk.engine.store.entries(None).unwrap()[1].clone();
    assert_eq!((&replaced.free, replaced.place), (&second.free, second.place));
    // Two that change places in one save get each other's time.
    let entries = desk.engine.store.entries(None).unwrap();
    let swap = [
        Edit::Replace {
            entry: entries[0].id,
            with: with(Span::new(at(60), at(90)), "one"),
        },
        Edit::Replace {
            entry: entries[1].id,
            with: with(Span::new(at(0), at(60)), "other"),
        },
    ];
    desk.engine.store.apply(&swap, at(desk.now)).unwrap();
    assert!(
        desk.engine
            .store
            .entries(None)
            .unwrap()
            .iter()
            .all(|entry| entry.free == [entry.span.unwrap()])
    );
    desk.hold();
}

#[test]
fn a_long_entry_covers_captured_time_of_later_days() {
    let mut desk = Desk::new();
    let file = desk.table("long.csv", &[(0, 70 * 60, "on call")]);
    desk.import(&file);
    desk.capture(2 * 24 * 60, 60, "/w/api/a.rs");
    assert_eq!(desk.seconds().0, 70 * 3600);
    desk.hold();
}

#[test]
fn lengths_above_a_day_are_refused() {
    let mut desk = Desk::new();
    for length in [24 * 60 + 1, 166_667] {
        assert!(
            desk.add(None, length, false)
                .unwrap_err()
                .to_string()
                .contains("more than a day")
        );
    }
    assert!(desk.add(None, 24 * 60, false).is_ok());
}

#[test]
fn rows_of_one_file_that_overlap_count_both_or_once() {
    let rows = [(0, 60, "a"), (30, 60, "b"), (200, 10, "c")];
    let mut desk = Desk::new();
    let file = desk.table("toggl.csv", &rows);
    let said = desk.import(&file);
    assert_eq!((&said["besideRows"], &said["besideSeconds"]), (&1.into(), &1800.into()));
    assert_eq!(desk.seconds(), (130 * 60, 130 * 60));
    desk.issue().unwrap();
    desk.hold();
    // The same rows in another layout count nothing.
    let again = desk.table("again.csv", &[(0, 60, "A"), (30, 60, "B"), (200, 10, "C")]);
    assert_eq!(desk.import(&again)["takenSeconds"], 130 * 60);
    assert_eq!(desk.seconds(), (130 * 60, 0));
    let mut desk = Desk::new();
    let file = desk.table("toggl.csv", &rows);
    let once = ImportRequest {
        overlaps_once: true,
        ..Desk::import_request(&file)
    };
    let said = desk.run(|engine, now| engine.import(&once, now));
    assert_eq!((&said["besideRows"], &said["takenSeconds"]), (&0.into(), &1800.into()));
    assert_eq!(desk.seconds(), (100 * 60, 100 * 60));
}

#[test]
fn an_entry_of_a_project_that_is_gone_is_unassigned_and_named() {
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.capture(120, 60, "/w/web/a.rs");
    fs::write(
        desk.path("keeptab.toml"),
        CONFIG.replace("[project.api]", "[project.other]"),
    )
    .unwrap();
    desk.run(Engine::reload);
    let now = at(desk.now);
    let report = report(&mut desk.engine, now);
    assert_eq!(
        (&report["unassignedSeconds"], &report["totalSeconds"]),
        (&3600.into(), &7200.into())
    );
    let draft = desk.run(|engine, now| engine.draft("acme", &Scope::default(), None, None, now));
    let left = draft["leftOut"].as_array().unwrap();
    let is_it = |left: &&Value| left["project"] == "api" && left["reason"] == "unassigned";
    assert_eq!(left.iter().find(is_it).unwrap()["seconds"], 3600);
    // It comes back with its project, although review gave it a note meanwhile.
    let entry = desk.engine.store.entries(None).unwrap()[0].clone();
    let with = keeptab_core::timesheet::NewEntryLine {
        day: entry.day,
        project: None,
        span: entry.span,
        length: entry.length,
        note: Some("a note".into()),
        billable: true,
        beside: false,
    };
    let mut edits = [Edit::Replace { entry: entry.id, with }];
    desk.engine.keep_gone(&mut edits).unwrap();
    let Edit::Replace { with, .. } = &edits[0] else {
        unreachable!()
    };
    assert_eq!(with.project, entry.project);
}

#[test]
fn a_renamed_project_is_one_project_everywhere() {
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.issue().unwrap();
    desk.add(Some(120), 60, false).unwrap();
    let config = CONFIG.replace("[project.api]", "[project.backend]\nwas = [\"api\"]");
    fs::write(desk.path("keeptab.toml"), config).unwrap();
    desk.run(Engine::reload);
    let now = at(desk.now);
    let report = report(&mut desk.engine, now);
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["project"], &rows[0]["seconds"]),
        (&"backend".into(), &7200.into())
    );
    let sheet = desk.run(|engine, now| engine.review(None, false, now));
    assert!(!sheet["text"].as_str().unwrap().contains(" api"), "{sheet}");
    // Issued documents are unchanged.
    let invoice = desk.run(|engine, now| engine.show("JDS-202611-0001", now));
    assert_eq!(invoice["lines"][0]["project"], "api");
}

#[test]
fn a_draft_with_nothing_left_is_named() {
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.run(|engine, now| engine.draft("acme", &Scope::default(), None, None, now));
    desk.run(Engine::undo);
    let refused = desk.issue().unwrap_err().to_string();
    assert!(
        refused.contains("draft 1") && refused.contains("discard 1"),
        "{refused}"
    );
}

#[test]
fn what_is_free_of_an_entry_again_is_offered_until_it_is_counted() {
    use crate::About;
    use keeptab_core::calendar::Week;
    use keeptab_core::timesheet::Revision;
    let mut desk = Desk::new();
    desk.add(Some(0), 60, false).unwrap();
    desk.add(Some(30), 60, false).unwrap();
    let doubts = |desk: &mut Desk| -> Vec<(Span, bool)> {
        let week = Week::of(desk.engine.config.calendar.day_of(at(0)));
        let doubts = desk.engine.sheet(week, Revision(0), at(desk.now)).unwrap().doubts;
        let is_free = |about: &About| matches!(about, About::Free { .. });
        let of_entries = doubts
            .iter()
            .filter(|doubt| is_free(&doubt.about) || matches!(doubt.about, About::Taken { .. }));
        of_entries.map(|doubt| (doubt.span, is_free(&doubt.about))).collect()
    };
    let span = |from, to| Span::new(at(from), at(to)).unwrap();
    assert_eq!(doubts(&mut desk), [(span(30, 90), false)]);
    let first = desk.engine.store.entries(None).unwrap()[0].id;
    desk.engine.store.apply(&[Edit::Void(first)], at(desk.now)).unwrap();
    assert_eq!(doubts(&mut desk), [(span(30, 60), true)]);
    // Time that was seen there is counted, and not offered.
    desk.capture(30, 15, "/w/api/a.rs");
    assert_eq!(doubts(&mut desk), [(span(30, 90), false), (span(45, 60), true)]);
    desk.add(Some(45), 15, false).unwrap();
    assert_eq!(doubts(&mut desk), [(span(30, 90), false)]);
    assert_eq!(desk.seconds().0, 3600);
    desk.hold();
}

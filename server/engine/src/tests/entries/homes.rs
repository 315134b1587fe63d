use keeptab_core::invoice::Paying;

use super::*;

#[test]
fn an_entry_that_comes_home_is_the_same() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    one.add(None, 45, false).unwrap();
    one.add(Some(0), 60, false).unwrap();
    other.import(&one.export("x.json"));
    assert_eq!(other.seconds(), one.seconds());
    let said = one.import(&other.export("x.json"));
    assert_eq!((&said["new"]["entries"], &said["batch"]), (&0.into(), &Value::Null));
    assert_eq!(one.seconds().0, 105 * 60);
    one.hold();
    other.hold();
}

#[test]
fn what_was_corrected_and_undone_since_arrives() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    one.add(None, 45, false).unwrap();
    one.add(Some(0), 60, false).unwrap();
    other.import(&one.export("first.json"));
    let entries = one.engine.store.entries(None).unwrap();
    let entry = entries.iter().find(|entry| entry.span.is_none()).unwrap();
    let with = keeptab_core::timesheet::NewEntryLine {
        day: entry.day,
        project: entry.project.clone(),
        span: None,
        length: entry.length,
        note: Some("right words".into()),
        billable: true,
        beside: false,
    };
    let edit = Edit::Replace { entry: entry.id, with };
    one.engine.store.apply(&[edit], at(one.now)).unwrap();
    let said = other.import(&one.export("second.json"));
    assert_eq!((&said["new"]["entries"], &said["takenAway"]), (&1.into(), &1.into()));
    assert_eq!(other.seconds(), one.seconds());
    one.now += 1;
    one.run(Engine::undo);
    other.import(&one.export("third.json"));
    let notes = |desk: &Desk| -> Vec<Option<String>> {
        desk.engine
            .store
            .entries(None)
            .unwrap()
            .into_iter()
            .map(|entry| entry.note)
            .collect()
    };
    assert_eq!(notes(&other), notes(&one));
    assert_eq!(other.seconds().0, 105 * 60);
    // An older export does not bring it back.
    other.import(&one.path("first.json"));
    other.import(&one.path("second.json"));
    assert_eq!(notes(&other), notes(&one));
    other.hold();
    // Undoing the import brings back the entries that it took away.
    other.run(|engine, now| engine.undo_import(None, now));
    other.hold();
}

#[test]
fn what_is_billed_here_is_not_replaced() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    one.add(None, 45, false).unwrap();
    other.import(&one.export("first.json"));
    other.issue().unwrap();
    let entry = one.engine.store.entries(None).unwrap()[0].clone();
    let with = keeptab_core::timesheet::NewEntryLine {
        day: entry.day,
        project: entry.project.clone(),
        span: None,
        length: Length::from_minutes(50),
        note: None,
        billable: true,
        beside: false,
    };
    let edit = Edit::Replace { entry: entry.id, with };
    one.engine.store.apply(&[edit], at(one.now)).unwrap();
    let said = other.import(&one.export("second.json"));
    let refused = said["refused"][0]["why"].as_str().unwrap();
    assert!(refused.contains("JDS-202611-0001"), "{refused}");
    assert_eq!(other.seconds(), (45 * 60, 0));
    other.hold();
}

#[test]
fn hours_that_another_home_bills_stay_billed() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    one.add(None, 60, false).unwrap();
    one.capture(0, 60, "/w/api/a.rs");
    one.issue().unwrap();
    other.add(None, 90, false).unwrap();
    other.issue().unwrap();
    // One number, two invoices.
    let said = other.import(&one.export("x.json"));
    assert_eq!(said["unrestored"][0]["number"], "JDS-202611-0001");
    assert_eq!(other.seconds(), (210 * 60, 0));
    assert!(other.issue().unwrap_err().to_string().contains("billed elsewhere"));
    // Neither a late heartbeat, a fill nor an entry bills that time here.
    other.capture(20, 10, "/w/web/b.rs");
    assert!(other.add(Some(0), 60, false).is_err());
    let day = other.engine.config.calendar.day_of(at(0));
    other.run(|engine, now| {
        engine.fill(
            Some(day),
            "9:00-10:00".parse().unwrap(),
            Some(&ProjectId::new("api")),
            now,
        )
    });
    assert_eq!(other.seconds().1, 0);
    other.hold();
    // The same file again changes nothing, and its undo gives the time back.
    other.import(&one.path("x.json"));
    other.hold();
}

#[test]
fn an_invoice_with_the_same_content_is_there() {
    let mut one = Desk::new();
    one.add(Some(0), 60, false).unwrap();
    one.issue().unwrap();
    let mut other = Desk::new();
    other.import(&one.export("x.json"));
    let said = other.import(&one.path("x.json"));
    assert_eq!(said["unrestored"].as_array().unwrap().len(), 0);
    assert_eq!(said["alreadyThere"]["invoices"], 1);
    assert_eq!(other.seconds(), one.seconds());
    other.hold();
}

#[test]
fn whatever_was_cancelled_and_taken_back_can_be_restored() {
    let undo_import = |desk: &mut Desk| drop(desk.run(|engine, now| engine.undo_import(None, now)));
    let undo = |desk: &mut Desk| drop(desk.run(Engine::undo));
    let change = |desk: &mut Desk| {
        let entry = desk.engine.store.entries(None).unwrap()[0].clone();
        let with = keeptab_core::timesheet::NewEntryLine {
            day: entry.day,
            project: entry.project.clone(),
            span: entry.span,
            length: entry.length,
            note: Some("right words".into()),
            billable: true,
            beside: false,
        };
        let edit = Edit::Replace { entry: entry.id, with };
        desk.engine.store.apply(&[edit], at(desk.now)).unwrap();
    };
    let ways: [&dyn Fn(&mut Desk); 3] = [&change, &undo, &undo_import];
    for (imported, after) in [false, false, true].into_iter().zip(ways) {
        let mut one = Desk::new();
        if imported {
            let file = one.table("toggl.csv", &[(0, 120, "a")]);
            one.import(&file);
        } else {
            one.add(None, 120, false).unwrap();
        }
        let invoice = one.issue().unwrap();
        one.cancel(&invoice["number"]).unwrap();
        after(&mut one);
        let mut other = Desk::new();
        let said = other.import(&one.export("x.json"));
        assert_eq!(said["refusedRows"], 0, "{said}");
        assert_eq!(said["new"]["invoices"], 2);
        assert_eq!(other.seconds(), one.seconds());
        other.hold();
        // And the export of that is as good.
        let mut third = Desk::new();
        third.import(&other.export("y.json"));
        assert_eq!(third.seconds(), one.seconds());
        third.hold();
    }
}

#[test]
fn a_record_that_names_one_that_is_not_there_is_refused_alone() {
    let mut one = Desk::new();
    one.add(None, 120, false).unwrap();
    let invoice = one.issue().unwrap();
    one.run(|engine, now| {
        let number = invoice["number"].as_str().unwrap().parse().unwrap();
        engine.pay(&number, &Paying::of(Some(1.into())), None, now)
    });
    one.cancel(&invoice["number"]).unwrap();
    let entry = one.engine.store.entries(None).unwrap()[0].id;
    one.engine.store.apply(&[Edit::Void(entry)], at(one.now)).unwrap();
    let whole = fs::read_to_string(one.export("x.json")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let is = |kind: &str, line: &str| line.trim_start_matches(',').starts_with(&format!("{{\"{kind}\""));
    for (gone, names) in [
        ("entry", vec!["claim", "void"]),
        ("apply", vec!["void"]),
        ("invoice", vec!["claim", "credit", "payment", "document"]),
    ] {
        let left: Vec<String> = lines
            .iter()
            .filter(|line| !is(gone, line))
            .map(|line| line.trim_end_matches(',').to_owned())
            .filter(|line| line.starts_with('{'))
            .collect();
        let path = one.path("part.json");
        fs::write(&path, format!("[\n{}\n]\n", left.join(",\n"))).unwrap();
        let mut other = Desk::new();
        let said = other.import(&path);
        let refused = said["refused"].as_array().unwrap();
        let kinds: Vec<&str> = refused
            .iter()
            .map(|refused| {
                let line = usize::try_from(refused["line"].as_u64().unwrap()).unwrap();
                let record = &left[line - 2];
                ["claim", "void", "credit", "payment", "document"]
                    .into_iter()
                    .find(|kind| is(kind, record))
                    .unwrap()
            })
            .collect();
        for name in names {
            assert!(kinds.contains(&name), "without {gone}: {said}");
        }
    }
}

#[test]
fn once_billed_stays_billed_unless_the_user_says_otherwise() {
    let head = "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency\n";
    let row = |billed: &str| {
        format!("{head}2026-11-16,Acme,api,,Dev,x,2.0,Yes,{billed},No,Ann,L,,Yes,90.0,180.0,0,0,Euro - EUR\n")
    };
    let mut desk = Desk::new();
    let (newer, older) = (desk.path("newer.csv"), desk.path("older.csv"));
    fs::write(&newer, row("Yes")).unwrap();
    fs::write(&older, row("No")).unwrap();
    desk.import(&newer);
    assert_eq!(desk.import(&older)["billedChanged"], 0);
    assert_eq!(desk.seconds(), (7200, 0));
    let unbill = ImportRequest {
        unbill: true,
        ..Desk::import_request(&older)
    };
    assert_eq!(desk.run(|engine, now| engine.import(&unbill, now))["billedChanged"], 1);
    assert_eq!(desk.seconds(), (7200, 7200));
}

#[test]
fn the_same_hours_from_another_tool_count_once() {
    let mut desk = Desk::new();
    let rows: Vec<(i64, i64, &str)> = (0..10).map(|hour| (hour * 60, 60, "Work")).collect();
    let first = desk.table("first.csv", &rows);
    desk.import(&first);
    let renamed = desk.path("renamed.csv");
    let text = fs::read_to_string(&first).unwrap();
    fs::write(&renamed, text.replace(",api,", ",Web 2026,")).unwrap();
    let mut layout = "\"Description\",\"Duration\",\"Member\",\"Email\",\"Project\",\"Tags\",\"Start date\",\"Start time\",\"Stop date\",\"Stop time\"\n".to_owned();
    for (from, ..) in &rows {
        let local = |minute| desk.engine.config.calendar.local(at(minute));
        let (start, end) = (local(*from), local(from + 60));
        let _ = writeln!(
            layout,
            "\"Work\",\"1:00:00\",\"Ann\",\"a@x\",\"api\",\"-\",\"{}\",\"{}\",\"{}\",\"{}\"",
            start.format("%Y-%m-%d"),
            start.format("%H:%M:%S"),
            end.format("%Y-%m-%d"),
            end.format("%H:%M:%S")
        );
    }
    let layout_file = desk.path("layout.csv");
    fs::write(&layout_file, layout).unwrap();
    let mut mended = rows.clone();
    mended[3].2 = "Work mended";
    let mended = desk.table("mended.csv", &mended);
    for file in [renamed, layout_file, mended] {
        let dry = ImportRequest {
            is_dry: true,
            ..Desk::import_request(&file)
        };
        let said = desk.run(|engine, now| engine.import(&dry, now));
        let (rows, seconds) = (
            said["takenRows"].as_i64().unwrap(),
            said["takenSeconds"].as_i64().unwrap(),
        );
        assert!(rows == 10 || rows == 1, "{said}");
        assert_eq!(seconds, rows * 3600);
        assert_eq!(said["takenBy"][0]["by"], "import 1");
        desk.import(&file);
        assert_eq!(desk.seconds(), (36_000, 36_000));
        desk.hold();
    }
}

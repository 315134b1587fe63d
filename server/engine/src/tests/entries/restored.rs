//! A home restored from an export: the same hash chain, the same documents, the same next number.

use keeptab_core::invoice::Paying;

use super::*;

const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";

/// A home whose invoices for Acme have a logo.
fn desk(logo: &str) -> Desk {
    let desk = Desk::with(&CONFIG.replace("[client.acme]\n", "[client.acme]\nlogo = \"l.svg\"\n"));
    fs::write(desk.path("l.svg"), logo).unwrap();
    desk
}

/// Bills an hour, is paid some of it, cancels it, and bills another hour.
fn work(desk: &mut Desk) {
    desk.capture(0, 60, "/w/api/a.rs");
    let first = desk.issue().unwrap();
    let number = || first["number"].as_str().unwrap().parse().unwrap();
    desk.run(|engine, now| engine.pay(&number(), &Paying::of(Some("20".parse().unwrap())), None, now));
    desk.run(|engine, now| engine.send(&number(), crate::Sending::Mark, None, now));
    desk.cancel(&first["number"]).unwrap();
    desk.add(Some(120), 60, false).unwrap();
    let second = desk.issue().unwrap();
    let number = second["number"].as_str().unwrap().parse().unwrap();
    let closed = Paying {
        write_off: Some("bank fees".into()),
        ..Paying::of(Some("30".parse().unwrap()))
    };
    desk.run(|engine, now| engine.pay(&number, &closed, None, now));
}

fn verify(desk: &mut Desk, head: Option<&Value>) -> Value {
    let head = head.map(|head| head.as_str().unwrap().parse().unwrap());
    desk.run(|engine, _| engine.verify(None, head))
}

fn documents(desk: &Desk) -> Vec<([String; 3], Vec<u8>)> {
    let mut documents = Vec::new();
    let each = |names, bytes| {
        documents.push((names, bytes));
        Ok(())
    };
    desk.engine.store.export_documents(each).unwrap();
    documents
}

/// Returns all invoices, without their files.
fn listed(desk: &mut Desk) -> Value {
    let mut list = desk.run(|engine, now| engine.invoices(&crate::Filter::default(), now));
    for view in list.as_array_mut().unwrap() {
        view.as_object_mut().unwrap().remove("files");
    }
    list
}

/// Rewrites the lines of an export.
fn rewrite(path: &Path, line: impl Fn(&str) -> Option<String>) {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<String> = text.lines().filter_map(line).collect();
    fs::write(path, lines.join("\n")).unwrap();
}

#[test]
fn a_restored_home_has_the_same_chain_the_same_documents_and_the_same_next_number() {
    let mut one = desk(LOGO);
    work(&mut one);
    let expected = verify(&mut one, None);
    let mut other = desk(&LOGO.replace('9', "8"));
    let said = other.import(&one.export("x.json"));
    assert_eq!(
        (&said["refusedRows"], &said["chain"]),
        (&0.into(), &serde_json::json!([])),
        "{said}"
    );
    let head = &expected["chain"]["head"];
    let found = verify(&mut other, Some(head));
    assert_eq!(found["problems"], serde_json::json!([]));
    assert_eq!(
        (&found["chain"]["head"], &found["chain"]["noted"]),
        (head, &expected["chain"]["links"])
    );
    assert_eq!(listed(&mut other), listed(&mut one));
    assert_eq!(documents(&other).len(), 3);
    assert!(documents(&other) == documents(&one));
    // A format that is rendered for the first time has the logo of the invoice, not of the present config.
    let render = |desk: &mut Desk| {
        let command = |engine: &mut Engine, now| {
            engine.render(
                &"JDS-202611-0003".parse().unwrap(),
                &[keeptab_core::invoice::Format::Html],
                now,
            )
        };
        let file = desk.run(command)["files"][0].as_str().unwrap().to_owned();
        fs::read(file).unwrap()
    };
    assert!(render(&mut other) == render(&mut one));
    // Records written from here on are linked.
    for desk in [&mut one, &mut other] {
        desk.capture(200, 60, "/w/api/b.rs");
        assert_eq!(desk.issue().unwrap()["number"], "JDS-202611-0004");
        desk.hold();
    }
    let later = verify(&mut other, Some(head));
    assert_eq!(later["chain"]["noted"], expected["chain"]["links"]);
}

#[test]
fn a_tampered_export_is_noticed_before_it_is_taken_and_after() {
    let mut one = desk(LOGO);
    work(&mut one);
    let ways: [(&str, &str, &str); 4] = [
        ("payment", "\"20.00\"", "\"25.00\""),
        ("invoice", "Wien", "Linz"),
        ("link", "\"kind\":\"claim/1\"", "\"kind\":\"claim/2\""),
        ("claim", "\"live\":true", "\"live\":false"),
    ];
    for (kind, was, is) in ways {
        let export = one.export("x.json");
        rewrite(&export, |line| {
            let is_kind = line.starts_with(&format!("{{\"{kind}\":"));
            Some(if is_kind {
                line.replace(was, is)
            } else {
                line.to_owned()
            })
        });
        let mut other = desk(LOGO);
        let dry = other.run(|engine, now| {
            engine.import(
                &ImportRequest {
                    is_dry: true,
                    ..Desk::import_request(&export)
                },
                now,
            )
        });
        let told_before = matches!(kind, "invoice" | "link");
        assert_eq!(
            dry["chain"] != serde_json::json!([]),
            told_before,
            "{kind}: {}",
            dry["chain"]
        );
        let said = other.import(&export);
        assert_ne!(said["chain"], serde_json::json!([]), "{kind}");
        assert_ne!(verify(&mut other, None)["problems"], serde_json::json!([]), "{kind}");
    }
    // Links that are cut off with their records show against the head that was noted.
    let head = verify(&mut one, None)["chain"]["head"].clone();
    let export = one.export("x.json");
    rewrite(&export, |line| {
        (!line.contains("JDS-202611-0003")).then(|| line.to_owned())
    });
    let mut other = desk(LOGO);
    other.import(&export);
    assert_ne!(verify(&mut other, Some(&head))["problems"], serde_json::json!([]));
}

#[test]
fn a_file_that_is_lost_harms_its_document_alone() {
    let mut one = desk(LOGO);
    work(&mut one);
    let export = one.export("x.json");
    // As an export of the second version was: without files, documents and links.
    let is_new = |line: &str| {
        ["asset", "document", "link"]
            .iter()
            .any(|kind| line.starts_with(&format!("{{\"{kind}\":")))
    };
    rewrite(&export, |line| {
        (!is_new(line)).then(|| line.replace("{\"keeptab\":3}", "{\"keeptab\":2}"))
    });
    let mut other = desk("<svg/>");
    let said = other.import(&export);
    assert_eq!(
        (&said["refusedRows"], &said["new"]["invoices"]),
        (&0.into(), &3.into()),
        "{said}"
    );
    assert_eq!(other.seconds(), one.seconds());
    let found = verify(&mut other, None);
    let problems = found["problems"].as_array().unwrap();
    assert!(
        problems
            .iter()
            .all(|problem| problem["problem"].as_str().unwrap().contains("l.svg")),
        "{problems:?}"
    );
    assert_eq!(problems.len(), 3);
    let show = |desk: &mut Desk| desk.run(|engine, now| engine.show("JDS-202611-0003", now));
    let shown = show(&mut other);
    assert_eq!(shown["files"], serde_json::json!([]));
    assert!(shown["trouble"].as_str().unwrap().contains("l.svg"), "{shown}");
    // With the same file again, everything is as before.
    fs::write(other.path("l.svg"), LOGO).unwrap();
    assert_eq!(show(&mut other)["files"].as_array().unwrap().len(), 1);
    assert!(documents(&other).last() == documents(&one).last());
    assert_eq!(verify(&mut other, None)["problems"], serde_json::json!([]));
}

#[test]
fn files_and_documents_that_a_home_lost_come_back_from_its_export() {
    let mut one = desk(LOGO);
    work(&mut one);
    let whole = one.export("x.json");
    let bare = one.path("bare.json");
    fs::copy(&whole, &bare).unwrap();
    rewrite(&bare, |line| {
        (!line.starts_with("{\"asset\":") && !line.starts_with("{\"document\":")).then(|| line.to_owned())
    });
    let mut other = desk("<svg/>");
    other.import(&bare);
    assert_ne!(verify(&mut other, None)["problems"], serde_json::json!([]));
    other.import(&whole);
    assert_eq!(verify(&mut other, None)["problems"], serde_json::json!([]));
    assert!(documents(&other) == documents(&one));
}

#[test]
fn a_damaged_file_of_an_export_is_refused_by_itself() {
    let mut one = desk(LOGO);
    work(&mut one);
    let export = one.export("x.json");
    let damage = |line: &str| line.replacen("\"bytes\":\"", "\"bytes\":\"AAAA", 1);
    rewrite(&export, |line| {
        let is_file = line.starts_with("{\"asset\":") || line.starts_with("{\"document\":");
        Some(if is_file { damage(line) } else { line.to_owned() })
    });
    let mut other = desk(LOGO);
    let said = other.import(&export);
    assert_eq!(
        (&said["refusedRows"], &said["new"]["invoices"]),
        (&4.into(), &3.into()),
        "{said}"
    );
    assert_eq!(other.seconds(), one.seconds());
}

#[test]
fn names_of_roots_and_time_billed_elsewhere_are_restored() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    one.capture(0, 60, "/w/api/a.rs");
    one.issue().unwrap();
    other.add(None, 90, false).unwrap();
    other.issue().unwrap();
    other.import(&one.export("x.json"));
    let names = crate::RootNames {
        root: "/w/link".to_owned(),
        real: Some("/w/api".to_owned()),
        repository: Some("/w/main".to_owned()),
    };
    other.engine.know_roots(&[names]).unwrap();
    let mut third = Desk::new();
    third.import(&other.export("y.json"));
    assert_eq!(third.engine.store.roots().unwrap(), other.engine.store.roots().unwrap());
    assert_eq!(third.engine.store.roots().unwrap().len(), 1);
    assert_eq!(third.seconds(), other.seconds());
    assert_eq!(third.seconds().1, 0);
    third.hold();
    // At home, none of it is news, also after the invoice is cancelled.
    one.cancel(&"JDS-202611-0001".into()).unwrap();
    let before = one.seconds();
    one.import(&third.export("z.json"));
    assert_eq!(one.seconds().1, before.1);
    one.hold();
}

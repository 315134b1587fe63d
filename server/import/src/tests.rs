mod books;
mod laws;
mod mutated;
mod newer;
mod surprises;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use keeptab_core::instant::Length;

use super::*;

/// The folder of the fixtures.
#[expect(clippy::disallowed_methods, reason = "the test runner says so")]
fn fixtures() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../tests/host/fixtures/import")
}

/// All fixtures, the cases of whole imports too.
fn all() -> Vec<PathBuf> {
    let folders = [fixtures(), fixtures().join("../import-cases")];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// Reads a file as an import does: once for what its rows tell together, then for good.
fn read(path: &Path, wish: &Wish) -> Result<(Source, Vec<Row>)> {
    read_file(&File::new(path), wish)
}

fn read_file(file: &File, wish: &Wish) -> Result<(Source, Vec<Row>)> {
    let mut recognised = recognise(file, wish)?;
    let conventions = Conventions::with_order(None);
    let mut rows = Vec::new();
    let input = recognised.open()?;
    recognised
        .importer
        .read(input, &conventions, &mut |_| ControlFlow::Continue(()))?;
    let input = recognised.open()?;
    recognised.importer.read(input, &conventions.settled(), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((recognised.source, rows))
}

/// Reads a file, or all of an archive.
fn read_any(path: &Path, wish: &Wish) -> Result<()> {
    match File::members(path)? {
        None => read(path, wish).map(drop),
        Some(members) => members.iter().try_for_each(|member| read_file(member, wish).map(drop)),
    }
}

/// Writes a file of its own.
fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

/// The length of an entry, as the file says it.
fn length(draft: &Draft) -> Length {
    draft.length.unwrap_or(match draft.when {
        When::Day(_) => Length::ZERO,
        When::Clock(start, end) => Length::from_millis((end - start).num_milliseconds()),
        When::Exact(start, end) => end - start,
    })
}

/// Returns seconds by client and project, and the rows that are not entries.
fn totals(rows: &[Row]) -> (BTreeMap<(String, String), i64>, Vec<String>) {
    let mut sums = BTreeMap::new();
    let mut rest = Vec::new();
    for row in rows {
        match &row.found {
            Found::Entry(draft) => {
                let tag = draft.tags.first().filter(|_| draft.has_project_tag);
                let key = (draft.client.clone(), tag.unwrap_or(&draft.project).clone());
                *sums.entry(key).or_default() += length(draft).whole_seconds();
            }
            Found::Running => rest.push(format!("{}: running", row.line)),
            Found::Refused(why) => rest.push(format!("{}: {why}", row.line)),
            Found::Left(what) => rest.push(format!("{}: left out: {what}", row.line)),
            Found::Heartbeat(_) | Found::Own(_) | Found::Aside => {}
        }
    }
    (sums, rest)
}

/// Reads a fixture and compares seconds by client and project, and the rows that are not entries.
#[track_caller]
fn check(name: &str, source: Source, expected: &[(&str, &str, i64)], rest: &[&str]) {
    let (found, rows) = read(&fixtures().join(name), &Wish::default()).unwrap();
    assert_eq!(found, source, "{name}");
    let (sums, left) = totals(&rows);
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|(client, project, seconds)| (((*client).to_owned(), (*project).to_owned()), *seconds))
        .collect();
    assert_eq!(
        (sums, left),
        (expected, rest.iter().map(|line| (*line).to_owned()).collect()),
        "{name}"
    );
}

#[test]
fn every_shape_is_recognised_and_adds_up_to_what_it_says() {
    check(
        "toggl-classic.csv",
        Source::Toggl,
        &[("", "Learning", 1200), ("Globex", "Shop relaunch", 5415 + 2700)],
        &[],
    );
    check(
        "toggl-no-currency.csv",
        Source::Toggl,
        &[("Globex", "Shop relaunch", 3600)],
        &[],
    );
    check(
        "toggl-new.csv",
        Source::Toggl,
        &[("", "Shop relaunch", 5415), ("", "", 2700)],
        &["4: running"],
    );
    check(
        "harvest.csv",
        Source::Harvest,
        &[("Globex", "Shop relaunch", 5400 + 900)],
        &[],
    );
    check(
        "harvest-comma.csv",
        Source::Harvest,
        &[("Globex", "Shop", 5400 + 36)],
        &[],
    );
    check(
        "clockify-us.csv",
        Source::Clockify,
        &[("Globex", "Shop", 16_210 + 3600)],
        &[],
    );
    check("clockify-dots.csv", Source::Clockify, &[("", "Shop", 3600 + 2097)], &[]);
    check("kimai.csv", Source::Kimai, &[("Globex", "Shop", 360 + 1800)], &[]);
    check("kimai-de.csv", Source::Kimai, &[("Globex", "Shop", 5400)], &[]);
    check("kimai-fr.csv", Source::Kimai, &[("Globex", "Boutique", 5400)], &[]);
    check("kimai-importer.csv", Source::Kimai, &[("Globex", "Shop", 3600)], &[]);
    check(
        "solidtime.csv",
        Source::Solidtime,
        &[("", "Learning", 30), ("Globex", "Shop", 5401)],
        &["4: running"],
    );
    check(
        "timewarrior.json",
        Source::Timewarrior,
        &[("", "acme/api", 5400)],
        &["3: running"],
    );
    check(
        "watson.json",
        Source::Watson,
        &[("", "acme/api", 5400), ("", "garden", 100)],
        &[],
    );
    check("watson.csv", Source::Watson, &[("", "acme/api", 5400)], &[]);
    check(
        "day.timeclock",
        Source::Timeclock,
        &[("", "garden", 300), ("Globex", "Shop", 5415)],
        &["6: running"],
    );
    check("wakatime.json", Source::Wakatime, &[], &[]);
    check("activitywatch.json", Source::Activitywatch, &[], &[]);
}

/// The drafts of a fixture.
fn drafts(name: &str) -> Vec<Draft> {
    let (_, rows) = read(&fixtures().join(name), &Wish::default()).unwrap();
    rows.into_iter()
        .filter_map(|row| match row.found {
            Found::Entry(draft) => Some(*draft),
            _ => None,
        })
        .collect()
}

#[test]
fn what_was_billed_elsewhere_is_known_where_the_file_says_so() {
    let billed = |name| drafts(name).iter().map(|draft| draft.billed).collect::<Vec<_>>();
    assert_eq!(billed("harvest.csv"), [Some(true), Some(false)]);
    assert_eq!(billed("clockify-dots.csv"), [Some(false), Some(true)]);
    assert_eq!(billed("clockify-us.csv"), [None, None]);
    assert_eq!(billed("kimai-importer.csv"), [Some(true), Some(false)]);
    assert_eq!(billed("toggl-classic.csv"), [None, None, None]);
}

#[test]
fn rates_and_currencies_are_taken_where_they_stand() {
    let rates = |name| {
        let rate = |draft: &Draft| {
            let currency = draft.currency.map_or("-".into(), |currency| currency.to_string());
            let number = |number: Option<Decimal>| number.map_or("-".into(), |number| number.normalize().to_string());
            format!("{} {} {currency}", number(draft.own_rate), number(draft.amount))
        };
        drafts(name).iter().map(rate).collect::<Vec<_>>()
    };
    expect_test::expect![[r#"
        toggl-classic.csv: - 135.38 EUR, - 67.5 EUR, - - EUR
        toggl-no-currency.csv: - - -
        harvest.csv: 90 135 EUR, 95.5 23.88 EUR
        clockify-us.csv: 120 540.33 USD, - - USD
        kimai.csv: 95 9.5 EUR, - - EUR
        kimai-de.csv: 95 142.5 EUR"#]]
    .assert_eq(
        &[
            "toggl-classic.csv",
            "toggl-no-currency.csv",
            "harvest.csv",
            "clockify-us.csv",
            "kimai.csv",
            "kimai-de.csv",
        ]
        .map(|name| format!("{name}: {}", rates(name).join(", ")))
        .join("\n"),
    );
}

#[test]
fn a_table_of_nobody_is_read_once_its_columns_are_named() {
    let path = fixtures().join("other.csv");
    let unknown = recognise(&File::new(&path), &Wish::default())
        .err()
        .expect("it is of nobody");
    let unknown = unknown.downcast::<Unknown>().expect("a table");
    assert_eq!(unknown.columns, ["Day", "Hrs", "Job", "Customer", "Comment", "Fee"]);
    assert_eq!(
        unknown.guess.to_string(),
        "client=Customer,date=Day,hours=Hrs,note=Comment,project=Job"
    );
    let mapping: Mapping = "date=Day,hours=hrs,project=Job,client=Customer,note=Comment,rate=Fee"
        .parse()
        .unwrap();
    let saved = vec![("books".to_owned(), mapping.clone())];
    for wish in [
        Wish {
            mapping: Some(mapping.clone()),
            ..Wish::default()
        },
        Wish {
            from: Some("books".into()),
            saved: saved.clone(),
            ..Wish::default()
        },
        // One that was saved is recognised by its columns.
        Wish {
            saved,
            ..Wish::default()
        },
    ] {
        let (source, rows) = read(&path, &wish).unwrap();
        assert_eq!(source, Source::Mapped);
        let (sums, rest) = totals(&rows);
        assert_eq!(sums, BTreeMap::from([(("Initech".into(), "Site".into()), 4500 + 1800)]));
        assert_eq!(rest, [] as [String; 0]);
    }
    for (wrong, why) in [
        ("date=Day", "a mapping needs"),
        ("date=Nope,hours=Hrs", "has no column `Nope`"),
        ("date=Day,hours=Hrs,mood=Job", "nothing called `mood`"),
        ("date", "maps no column"),
    ] {
        let wish = |mapping: Mapping| Wish {
            mapping: Some(mapping),
            ..Wish::default()
        };
        let read = wrong.parse().and_then(|mapping| read(&path, &wish(mapping)));
        let error = format!("{:#}", read.expect_err(wrong));
        assert!(error.contains(why), "{wrong}: {error}");
    }
}

#[test]
fn heartbeats_are_sightings_and_nothing_else_of_activitywatch_is() {
    let sightings = |name| {
        let (_, rows) = read(&fixtures().join(name), &Wish::default()).unwrap();
        let shown = |row: Row| match row.found {
            Found::Heartbeat(seen) => {
                let length = seen.until - seen.at;
                let who = if seen.actor == Actor::Agent { "agent" } else { "human" };
                Some(format!(
                    "{}: {} {}s {who} {}",
                    row.line,
                    seen.at.to_rfc3339(),
                    length.millis() / 1000,
                    seen.entity()
                ))
            }
            _ => None,
        };
        rows.into_iter().filter_map(shown).collect::<Vec<_>>().join("\n")
    };
    expect_test::expect![[r#"
        2: 2024-03-19T08:30:00.250Z 0s human /work/acme/api/a.rs
        3: 2024-03-19T08:35:00.750Z 0s human /work/acme/api/b.rs
        4: 2024-03-19T08:40:00.000Z 0s human /secret/notes.md
        5: 2024-03-19T08:41:40.000Z 0s human (no file)
        6: 2024-03-19T08:43:20.500Z 0s agent /work/globex/a.ts"#]]
    .assert_eq(&sightings("wakatime.json"));
    expect_test::expect![[r#"
        2: 2024-03-19T09:00:00.500Z 2400s human /work/acme/api/a.rs
        3: 2024-03-19T09:40:00.500Z 0s human /work/globex/b.rs
        5: 2024-03-19T09:45:00.000Z 600s human https://git.example/acme/pulls
        6: 2024-03-19T09:58:00.000Z 60s human (private)"#]]
    .assert_eq(&sightings("activitywatch.json"));
}

#[test]
fn encodings_and_separators_make_no_difference() {
    let text = std::fs::read_to_string(fixtures().join("toggl-classic.csv"))
        .unwrap()
        .replace("Globex", "Müller");
    let plain = text.trim_start_matches('\u{feff}').to_owned();
    let expected = totals(&read(file(text.as_bytes()).path(), &Wish::default()).unwrap().1);
    let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let latin: Vec<u8> = plain
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    // A tab or semicolon in place of a comma is a delimiter only outside of quotation marks.
    let other = |mark: &str| {
        let mut quoted = false;
        let swap = |letter: char| {
            quoted ^= letter == '"';
            if letter == ',' && !quoted {
                mark.to_owned()
            } else {
                letter.to_string()
            }
        };
        plain.chars().map(swap).collect::<String>()
    };
    let with_zeros: Vec<u8> = plain.replace("Cart totals", "Cart\0 totals\0").into_bytes();
    for (what, bytes) in [
        ("UTF-16 LE", utf16(&text, u16::to_le_bytes)),
        ("UTF-16 BE", utf16(&text, u16::to_be_bytes)),
        ("UTF-16 LE without a mark", utf16(&plain, u16::to_le_bytes)),
        ("Latin-1", latin),
        ("semicolons", other(";").into_bytes()),
        ("tabs", other("\t").into_bytes()),
        ("said separator", format!("sep=;\r\n{}", other(";")).into_bytes()),
        ("zero bytes", with_zeros),
        ("blank lines", plain.replace("\r\n", "\r\n\r\n").into_bytes()),
    ] {
        let (source, rows) = read(file(&bytes).path(), &Wish::default()).unwrap();
        assert_eq!(source, Source::Toggl, "{what}");
        assert_eq!(totals(&rows), expected, "{what}");
    }
}

#[test]
fn a_wrong_source_and_a_file_of_nobody_say_what_to_do() {
    let say = |path: &Path, from: Option<&str>| {
        let wish = Wish {
            from: from.map(str::to_owned),
            ..Wish::default()
        };
        let error = recognise(&File::new(path), &wish).err().expect("an error");
        format!("{error:#}")
    };
    let toggl = fixtures().join("toggl-classic.csv");
    assert!(say(&toggl, Some("harvest")).contains("is not a file of harvest\nhint: "));
    assert!(say(&toggl, Some("abacus")).contains("no source `abacus`\nhint: sources are toggl"));
    assert!(say(Path::new("/nowhere"), None).contains("cannot read /nowhere"));
    assert!(say(&fixtures(), None).contains("is a folder"));
    for empty in ["", "\n\n", "\u{feff}"] {
        assert!(
            say(file(empty.as_bytes()).path(), None).contains("is empty"),
            "{empty:?}"
        );
    }
    for strange in ["hello", "{\"a\": 1}", "[1, 2]", "%PDF-1.4 ..."] {
        assert!(
            say(file(strange.as_bytes()).path(), None).contains("\nhint: "),
            "{strange}"
        );
    }
    assert!(
        read(
            &toggl,
            &Wish {
                from: Some("Toggl".into()),
                ..Wish::default()
            }
        )
        .is_ok()
    );
}

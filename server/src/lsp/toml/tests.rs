//! Each feature as data: a config with `|` for the cursor, and the editor's answer.

use std::fmt::Write as _;

use keeptab_config::{Surroundings, read};
use keeptab_core::entity::Entity;
use keeptab_core::instant::Length;
use keeptab_core::rule::Platform;
use keeptab_core::timesheet::parse;
use keeptab_engine::{Lately, Proof};
use proptest::prelude::*;
use tower_lsp::ls_types::{CompletionItem, CompletionTextEdit, TextEdit};

use super::*;

pub(super) const JANE: &str = r#"[business]
name = "Jane Doe Software"
org = "JDS"
address = ["Hauptstr. 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
time_zone = "Europe/Berlin"
tax = { category = "S", rate = "19" }

[tracking]
ignore = ["~/work/acme/api/secret/**"]

[client.acme]
name = "Acme Co"
address = ["Ring 1"]
city = "München"
country = "DE"

[project."acme/api"]
client = "acme"
rate = [{ from = 2026-01-01, rate = "95.00" }, { from = 2026-07-01, rate = "100.00" }]
paths = ["~/work/acme/api/**"]

[project.all]
paths = ["~/work/acme/**", "!~/work/acme/play/**"]
"#;

fn surroundings() -> Surroundings {
    Surroundings {
        platform: Platform {
            home: Some("/home/jane".into()),
            case_blind: false,
            backslash: false,
        },
        zone: chrono_tz::Europe::Vienna,
        is_folder: |_| false,
    }
}

fn page(text: &str) -> Page {
    let (config, findings) = read(text, &surroundings());
    let is_good = config.is_some();
    let in_force = || read(JANE, &surroundings()).0.unwrap();
    let proof = Proof {
        config: config.unwrap_or_else(in_force),
        is_good,
        findings,
    };
    Page::new(Arc::new(parse(text)), proof)
}

/// A page with the cursor in it: `old` of Jane's config is replaced by `new`, which has the cursor.
fn jane(old: &str, new: &str) -> (Page, usize) {
    assert!(JANE.contains(old), "{old}");
    cursor(&JANE.replacen(old, new, 1))
}

fn cursor(marked: &str) -> (Page, usize) {
    let byte = marked.find('|').expect("a cursor");
    (page(&marked.replacen('|', "", 1)), byte)
}

fn touched() -> Vec<Lately> {
    let thing = |path: &str, glob: &str, week, lately| Lately {
        entity: Entity::Path(format!("/home/jane/{path}")),
        glob: Some(format!("~/{glob}/**")),
        week: Length::from_minutes(week),
        month: Length::from_minutes(lately),
    };
    vec![
        thing("work/acme/api/src/main.rs", "work/acme/api", 90, 600),
        thing("src/scratch/a.rs", "src/scratch", 10, 30),
        thing("src/bigger/a.rs", "src/bigger", 0, 200),
        thing("src/scratch/b.rs", "src/scratch", 0, 20),
        thing("work/acme/api/secret/key", "work/acme/api", 5, 7),
        thing("work/acme/play/x.rs", "work/acme/play", 0, 45),
    ]
}

fn apply(page: &Page, edit: &TextEdit) -> String {
    let mut text = page.text().to_owned();
    text.replace_range(page.byte(edit.range.start)..page.byte(edit.range.end), &edit.new_text);
    text
}

/// Chooses a proposal and returns the resulting line of the cursor.
fn chosen(page: &Page, item: &CompletionItem) -> String {
    let Some(CompletionTextEdit::Edit(edit)) = &item.text_edit else {
        panic!("{item:?}")
    };
    let line = usize::try_from(edit.range.start.line).unwrap();
    apply(page, edit).lines().nth(line).unwrap_or_default().to_owned()
}

fn labels((page, byte): &(Page, usize)) -> Vec<String> {
    let items = complete::complete(page, *byte, &touched());
    items.into_iter().map(|item| item.label).collect()
}

/// Completes, and checks the first proposals, and the line once the first is chosen.
#[track_caller]
fn completes((page, byte): (Page, usize), first: &[&str], line: &str) {
    let items = complete::complete(&page, byte, &touched());
    let labels: Vec<&str> = items.iter().map(|item| &*item.label).take(first.len()).collect();
    assert_eq!(labels, first);
    assert_eq!(chosen(&page, &items[0]), line);
}

#[test]
fn headings_are_completed() {
    let (first, line) = (&["[client.name]", "[project.\"acme/name\"]"], "[client.name]");
    completes(cursor(&format!("{JANE}\n[|")), first, line);
    completes(cursor(&format!("{JANE}\n[cli|]")), first, line);
    completes(
        cursor("|"),
        &["[business]", "[tracking]", "[client.name]"],
        "[business]",
    );
}

#[test]
fn keys_that_are_not_there_are_completed() {
    completes(
        jane("city = \"M", "|\ncity = \"M"),
        &["postcode", "vat_id", "tax_number"],
        "postcode = ",
    );
    completes(
        jane("rate = \"19\"", "ra|"),
        &["rate"],
        "tax = { category = \"S\", rate =  }",
    );
    completes(
        jane("country = \"DE\"\nvat", "cou| = \"DE\"\nvat"),
        &["country"],
        "country = \"DE\"",
    );
    let there = labels(&jane("[client.acme]\n", "[client.acme]\n|\n"));
    assert!(
        !there.contains(&"name".to_owned()) && there.contains(&"agent_time".to_owned()),
        "{there:?}"
    );
    // A table of its own counts as well.
    let there = labels(&cursor("[business.tax]\ncategory = \"O\"\n[business]\n|"));
    assert!(
        !there.contains(&"tax".to_owned()) && there.contains(&"name".to_owned()),
        "{there:?}"
    );
}

#[test]
fn keys_tell_who_needs_them() {
    let (page, byte) = cursor("[business]\n|");
    let items = complete::complete(&page, byte, &[]);
    let detail = |label: &str| items.iter().find(|item| item.label == label).unwrap().detail.clone();
    assert_eq!(detail("org").as_deref(), Some("must be there"));
    assert_eq!(detail("city").as_deref(), Some("an invoice needs it"));
    assert_eq!(detail("iban"), None);
}

#[test]
fn values_are_completed() {
    completes(
        jane("client = \"acme\"", "client = \"|\""),
        &["acme"],
        "client = \"acme\"",
    );
    completes(jane("client = \"acme\"", "client = |"), &["acme"], "client = \"acme\"");
    completes(
        jane("client = \"acme\"", "client = \"ac|"),
        &["acme"],
        "client = \"acme\"",
    );
    completes(
        jane("\"S\"", "\"|\""),
        &["S", "Z", "E", "AE", "G", "O"],
        "tax = { category = \"S\", rate = \"19\" }",
    );
    completes(jane("\"EUR\"", "\"U|\""), &["EUR", "USD"], "currency = \"EUR\"");
}

#[test]
fn flags_stand_bare_and_words_tell_what_they_mean() {
    completes(
        jane("client = \"acme\"", "billable = |"),
        &["true", "false"],
        "billable = true",
    );
    let (page, byte) = jane("client = \"acme\"", "rounding = { mode = \"|\" }");
    let items = complete::complete(&page, byte, &[]);
    assert_eq!(items[1].label, "up");
    assert_eq!(items[1].detail.as_deref(), Some("what is begun counts"));
    let zones = labels(&jane("\"Europe/Berlin\"", "\"|\""));
    assert!(zones.contains(&"Europe/Vienna".to_owned()) && zones.len() > 400);
    assert_eq!(labels(&jane("country = \"DE\"", "country = \"|\"")).len(), 250);
}

#[test]
fn paths_are_the_roots_that_no_rule_names() {
    let roots = ["~/src/bigger/**", "~/src/scratch/**"];
    let line = "paths = [\"~/work/acme/api/**\", \"~/src/bigger/**\"]";
    completes(jane("api/**\"]\n\n", "api/**\", |]\n\n"), &roots, line);
    assert_eq!(
        labels(&jane("[project.all]\n", "[project.all]\nurls = |\n")),
        Vec::<String>::new()
    );
    completes(
        jane("paths = [\"~/work/acme/**\"", "paths = |\nx = [\"~\""),
        &roots,
        "paths = [\"~/src/bigger/**\"]",
    );
}

fn hovered((page, byte): &(Page, usize)) -> String {
    match hover::subject(page, *byte) {
        Some((hover::Subject::Words(words), _)) => words,
        Some((hover::Subject::Glob(glob), _)) => glob.describe(&page.proof, &touched()),
        Some((hover::Subject::Project(id), _)) => format!("project {id}"),
        None => String::new(),
    }
}

#[track_caller]
fn hovers(at: &(Page, usize), expected: &expect_test::Expect) {
    expected.assert_eq(&hovered(at));
}

#[test]
fn a_glob_tells_what_it_matched_and_who_comes_before_it() {
    let at = jane("\"~/work/acme/api/**\"", "\"~/wo|rk/acme/api/**\"");
    hovers(
        &at,
        &expect_test::expect![[r#"
            `/home/jane/work/acme/api/**`

            **acme/api**: 1:30 this week, 10:00 in 30 days

            - 10:00 `src/main.rs`

            `~/work/acme/api/secret/**` of ignored comes before it: 0:05 this week, 0:07 in 30 days"#]],
    );
    let at = jane("\"~/work/acme/**\"", "\"~/wo|rk/acme/**\"");
    hovers(
        &at,
        &expect_test::expect![[r#"
            `/home/jane/work/acme/**`

            **all**: 0:00 this week, 0:00 in 30 days

            `~/work/acme/api/secret/**` of ignored comes before it: 0:05 this week, 0:07 in 30 days

            `~/work/acme/api/**` of acme/api comes before it: 1:30 this week, 10:00 in 30 days

            exceptions take out 0:00 this week, 0:45 in 30 days"#]],
    );
    let at = jane("\"!~/work", "\"!~/w|ork");
    hovers(
        &at,
        &expect_test::expect![[r#"
            `/home/jane/work/acme/play/**`

            **not for all**: 0:00 this week, 0:45 in 30 days"#]],
    );
    let at = jane("\"~/work/acme/api/secret/**\"", "\"~/work|/acme/api/secret/**\"");
    hovers(
        &at,
        &expect_test::expect![[r#"
            `/home/jane/work/acme/api/secret/**`

            **ignored**: 0:05 this week, 0:07 in 30 days

            - 0:07 `key`"#]],
    );
}

#[test]
fn a_glob_that_is_outranked_is_told_without_history() {
    let (page, byte) = jane("paths = [\"~/work/acme/**\"", "paths = [\"~/work/acme/api/sec|ret/**\"");
    let Some((hover::Subject::Glob(glob), _)) = hover::subject(&page, byte) else {
        panic!("no glob");
    };
    expect_test::expect![[r#"
        `/home/jane/work/acme/api/secret/**`

        **all**: 0:00 this week, 0:00 in 30 days

        `~/work/acme/api/secret/**` of ignored comes before it"#]]
    .assert_eq(&glob.describe(&page.proof, &[]));
}

#[test]
fn keys_rates_and_words_are_explained() {
    let cases = [
        jane("org", "o|rg"),
        jane("\"95.00\"", "\"95|.00\""),
        jane("\"100.00\"", "\"100|.00\""),
        jane("\"19\"", "\"1|9\""),
        jane("\"S\"", "\"|S\""),
        jane("\"DE\"", "\"D|E\""),
        jane("client = \"acme\"", "client = \"ac|me\""),
        jane("\"acme/api\"", "\"acme|/api\""),
        jane("[client.acme]", "[cli|ent.acme]"),
        jane("name = \"Jane", "name| = \"Jane"),
    ];
    let mut all = String::new();
    for at in &cases {
        writeln!(all, "{}", hovered(at).replace("\n\n", " / ")).unwrap();
    }
    expect_test::expect![[r#"
        `org`: What invoice numbers begin with: 1 to 12 capital letters and digits, as in JDS-202611-0001. / *must be there*
        EUR 95.00 an hour, from 2026-01-01 to 2026-06-30 / `rate`: The rate from that day on. / *must be there*
        EUR 100.00 an hour, from 2026-07-01 on / `rate`: The rate from that day on. / *must be there*
        `rate`: The rate in per cent; only category S has one.
        `S`: standard rate / `category`: The VAT category of EN 16931. / *must be there*
        Germany / `country`: The country: two letters of ISO 3166, such as DE. / *an invoice needs it*
        Acme Co / `client`: The client it is billed to; without one its time counts and is not billable. / *an invoice needs it*
        project acme/api
        Who is billed; what it does not set it has from [business].
        `name`: The name as it stands on invoices. / *must be there*
    "#]].assert_eq(&all);
}

/// Returns the fixes at the cursor, each with the lines that it adds or changes.
fn fixes((page, byte): &(Page, usize)) -> String {
    let uri: Uri = "file:///x/keeptab.toml".parse().unwrap();
    let at = page.range(&(*byte..*byte));
    let mut all = String::new();
    for action in actions::actions(page, &uri, at) {
        let edits = action.edit.and_then(|edit| edit.changes).unwrap();
        let after = apply(page, &edits[&uri][0]);
        let before: Vec<&str> = page.text().lines().collect();
        let changed: Vec<&str> = after.lines().filter(|line| !before.contains(line)).collect();
        writeln!(all, "{}: {}", action.title, changed.join(" / ")).unwrap();
    }
    all
}

#[test]
fn what_is_wrong_can_be_mended() {
    let cases = [
        jane("currency =", "curr|ancy ="),
        jane("client = \"acme\"", "client = \"ac|mee\""),
        jane(
            "[business]\nname = \"Jane Doe Software\"\norg = \"JDS\"\n",
            "[busi|ness]\nname = \"Jane Doe Software\"\n",
        ),
        jane("\"EUR\"", "\"E|URO\""),
        jane("\"Europe/Berlin\"", "\"ber|lin\""),
        jane("\"DE\"", "\"Ger|many\""),
        jane("category = \"S\", ", "|"),
        jane("[client.acme]", "[clie|nts.acme]"),
        jane("\"S\"", "\"A|\""),
    ];
    let mut all = String::new();
    for at in &cases {
        writeln!(all, "{}", fixes(at)).unwrap();
    }
    expect_test::expect![[r#"
        Change to currency: currency = "EUR"

        Change to "acme": client = "acme"
        Add [client.acmee]: [client.acmee] / name = ""

        Add org: org = ""

        Change to "EUR": currency = "EUR"

        Change to "Europe/Berlin": time_zone = "Europe/Berlin"

        Change to "DE": 

        Add category: tax = { category = "", rate = "19" }

        Change to client: [client.acme]

        Change to "AE": tax = { category = "AE", rate = "19" }

    "#]]
    .assert_eq(&all);
}

#[test]
fn what_an_invoice_needs_can_be_added() {
    let at = jane("city = \"München\"\ncountry = \"DE\"\n\n[project", "|\n\n[project");
    expect_test::expect![[r#"
        Add postcode, city, country, which an invoice needs: postcode = "" / city = "" / country = ""
    "#]]
    .assert_eq(&fixes(&at));
    assert_eq!(fixes(&jane("city = \"M", "|city = \"M")), "");
}

#[test]
fn either_of_two_projects_can_be_let_win() {
    let text = JANE.replace("\"~/work/acme/**\"", "\"~/work/acme/api/**\"");
    let both = [
        text.replacen("\"~/work/acme/api/**\"", "\"~/work|/acme/api/**\"", 1),
        text.replacen("all]\npaths = [\"~", "all]\npaths = [\"|~", 1),
    ];
    let mut all = String::new();
    for marked in both {
        let (page, byte) = cursor(&marked);
        writeln!(all, "{}", fixes(&(page, byte))).unwrap();
    }
    expect_test::expect![[r#"
        Let acme/api win: paths = ["~/work/acme/api/**", "!~/work/acme/api/**", "!~/work/acme/play/**"]
        Let all win: paths = ["~/work/acme/api/**", "!~/work/acme/api/**"]

        Let all win: paths = ["~/work/acme/api/**", "!~/work/acme/api/**"]
        Let acme/api win: paths = ["~/work/acme/api/**", "!~/work/acme/api/**", "!~/work/acme/play/**"]

    "#]]
    .assert_eq(&all);

    // Having let one win, nothing is ambiguous any more.
    let (page, byte) = cursor(&text.replacen("\"~/work/acme/api/**\"", "\"~/work|/acme/api/**\"", 1));
    let uri: Uri = "file:///x/keeptab.toml".parse().unwrap();
    for action in actions::actions(&page, &uri, page.range(&(byte..byte))) {
        let edits = action.edit.and_then(|edit| edit.changes).unwrap();
        let after = self::page(&apply(&page, &edits[&uri][0]));
        assert_eq!(after.proof.findings, [], "{}", action.title);
    }
}

#[test]
fn tables_are_symbols_and_fold() {
    let page = page(JANE);
    let symbols = symbols::symbols(&page.parsed);
    let names: Vec<&str> = symbols.iter().map(|symbol| &*symbol.name).collect();
    assert_eq!(
        names,
        ["business", "tracking", "client.acme", "project.acme/api", "project.all"]
    );
    assert_eq!(symbols[1].children.as_ref().map(|keys| &*keys[0].name), Some("ignore"));
    let folds = symbols::folds(&page.parsed);
    assert_eq!((folds[0].start_line, folds[0].end_line), (0, 10));
}

proptest! {
    #[test]
    fn no_mangled_config_panics_any_feature(
        cuts in proptest::collection::vec((0..JANE.len(), 0..12_usize, "[\\[\\]{}\"'=.,#\n\r |ä𝄞a-z~/!*-]{0,6}"), 0..6),
        at in 0..JANE.len(),
    ) {
        let mut text = JANE.to_owned();
        for (start, length, new) in cuts {
            let start = text.floor_char_boundary(start.min(text.len()));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, &new);
        }
        let page = page(&text);
        let byte = text.floor_char_boundary(at.min(text.len()));
        let uri: Uri = "file:///x/keeptab.toml".parse().unwrap();
        for item in complete::complete(&page, byte, &touched()) {
            if let Some(CompletionTextEdit::Edit(edit)) = &item.text_edit {
                apply(&page, edit);
            }
        }
        hovered(&(page, byte));
        let page = self::page(&text);
        problems::diagnostics(&page);
        for action in actions::actions(&page, &uri, page.range(&(0..text.len()))) {
            for edit in &action.edit.and_then(|edit| edit.changes).unwrap()[&uri] {
                apply(&page, edit);
            }
        }
        symbols::symbols(&page.parsed);
        symbols::folds(&page.parsed);
    }
}

//! The document against the report and the timesheet, and the changes that come back from it.

use keeptab_core::activity::{Actor, Kind, Seq};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::Paying;
use keeptab_core::timesheet::Alteration;
use keeptab_system::home::Home;
use serde_json::{Value, json};
use tempfile::TempDir;

mod sums;

use super::*;
use crate::tests::Json as _;
use crate::{Activity, Batch, By, Engine, Scope, What};

const CONFIG: &str = r#"
[business]
name = "Jane"
org = "JDS"
city = "Berlin"
country = "DE"
currency = "EUR"
time_zone = "Europe/Berlin"

[client.acme]
name = "Acme"
city = "Wien"
country = "AT"

[client.globex]
name = "Globex"
city = "London"
country = "GB"
currency = "GBP"

[project.api]
client = "acme"
name = "API development"
rate = "95.00"
paths = ["/w/api"]

[project."<script>alert(1)</script>"]
client = "globex"
rate = "77.77"
paths = ["/w/web"]

[project.own]
budget_hours = 40
paths = ["/w/own"]
"#;

/// 2026-11-16T08:00:00Z, a Monday: nine in the morning.
const MONDAY: i64 = 1_794_816_000_000;
const WEEK: &str = "2026-W47";

fn at(minutes: i64) -> Instant {
    Instant::from_millis(MONDAY) + Length::from_minutes(minutes)
}

struct Desk {
    _folder: TempDir,
    engine: Engine,
    seq: u64,
    now: Instant,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
        let home = Home::at(folder.path().to_owned(), None);
        let engine = Engine::open(home, at(0)).unwrap();
        Self {
            _folder: folder,
            engine,
            seq: 0,
            now: at(7 * 24 * 60),
        }
    }

    /// Works on a file, a key a minute, from one minute after Monday's nine to another.
    fn work(&mut self, actor: Actor, from: i64, to: i64, path: &str) -> &mut Self {
        self.work_in("vim", None, actor, from, to, path)
    }

    /// Works on a file of a language in an editor.
    fn work_in(
        &mut self,
        source: &str,
        language: Option<&str>,
        actor: Actor,
        from: i64,
        to: i64,
        path: &str,
    ) -> &mut Self {
        let mut events = Vec::new();
        for minute in from..=to {
            self.seq += 1;
            events.push(Activity {
                seq: Some(Seq(self.seq)),
                at: at(minute),
                what: What::Work {
                    kind: Kind::Edit,
                    actor,
                    uri: Some(path.to_owned()),
                    root: None,
                    cwd: None,
                    language: language.map(str::to_owned),
                    private: false,
                },
            });
        }
        let batch = Batch {
            source: source.to_owned(),
            events,
        };
        self.engine.take(&batch, self.now).unwrap();
        self
    }

    fn run<T>(&mut self, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> T {
        self.engine.ask(self.now, call).unwrap()
    }

    fn document(&mut self) -> Value {
        let week = WEEK.parse().ok();
        self.run(|engine, now| engine.dashboard(week, None, now)).json()
    }

    fn report(&mut self, range: Range, by: By) -> Value {
        let range = Some(range);
        self.run(|engine, now| engine.report(range, by, now)).json()
    }

    /// Changes the block of a day, as the page does.
    fn change(&mut self, block: &Value, alteration: Alteration) -> Result<String> {
        let command = |engine: &mut Engine, now| {
            engine.change(
                &crate::LineChange {
                    day: Some("2026-11-16".parse().unwrap()),
                    line: block["key"].as_str().unwrap().to_owned(),
                    alteration,
                },
                now,
            )
        };
        self.engine.ask(self.now, command).map(|reply| reply.to_string())
    }
}

/// A Monday for two clients and oneself, with a gap and an agent in it.
fn monday() -> Desk {
    let mut desk = Desk::new();
    desk.work(Actor::Human, 0, 105, "/w/api/a.rs")
        .work(Actor::Human, 106, 170, "/w/web/\"quoted\" it's.rs")
        .work(Actor::Agent, 180, 200, "/w/api/b.rs")
        .work(Actor::Human, 230, 290, "/w/own/c.rs")
        .work(Actor::Human, 300, 330, "/elsewhere/<b>/d.rs");
    desk
}

/// The blocks of Monday, with their parts by name.
fn blocks(document: &Value) -> Vec<Value> {
    let packed = document["weeks"][0]["days"][0]["blocks"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let named = packed.into_iter().map(|packed| {
        let mut block = packed.get(3).cloned().unwrap_or_else(|| json!({}));
        for (at, name) in ["from", "to", "project"].into_iter().enumerate() {
            block[name] = packed[at].clone();
        }
        block
    });
    named.collect()
}

#[test]
fn a_day_is_blocks_gaps_and_agents_on_the_clock() {
    let document = monday().document();
    let day = &document["weeks"][0]["days"][0];
    let shown: Vec<Value> = blocks(&document)
        .iter()
        .map(|block| json!([block["from"], block["to"], block["project"], block["hint"]]))
        .collect();
    let nine = 9 * 3600;
    assert_eq!(
        shown,
        [
            json!([nine, nine + 106 * 60, 0, null]),
            json!([nine + 106 * 60, nine + 170 * 60, 1, null]),
            json!([nine + 230 * 60, nine + 300 * 60, 2, null]),
            json!([nine + 300 * 60, nine + 330 * 60, null, "/elsewhere/<b>"]),
        ]
    );
    assert_eq!(day["gaps"], json!([[nine + 170 * 60, nine + 230 * 60]]));
    assert_eq!(
        day["agents"],
        json!([{ "from": nine + 180 * 60, "to": nine + 200 * 60, "project": 0 }])
    );
    assert_eq!(document["projects"][2]["budget"], 40 * 3600);
    assert_eq!(document["projects"][1]["id"], "<script>alert(1)</script>");
}

#[test]
fn every_total_is_what_the_report_says() {
    let mut desk = monday();
    desk.now = at(8 * 24 * 60);
    let issue =
        |engine: &mut Engine, now| engine.issue("acme", &Some(Range::Week(WEEK.parse().unwrap())).into(), None, now);
    desk.run(issue);
    desk.work(Actor::Human, 1500, 1561, "/w/api/a.rs");
    let document = desk.document();
    let ranges = [
        (format!("week {WEEK}"), Range::Week(WEEK.parse().unwrap())),
        ("month 2026-11".to_owned(), Range::Month("2026-11".parse().unwrap())),
        ("all all".to_owned(), Range::All),
    ];
    for (name, range) in ranges {
        let of_it = |total: &&Value| {
            format!(
                "{} {}",
                total["kind"].as_str().unwrap(),
                total["name"].as_str().unwrap()
            ) == name
        };
        let total = document["totals"].as_array().unwrap().iter().find(of_it).unwrap();
        for (key, by) in [("projects", By::Project), ("clients", By::Client)] {
            let report = desk.report(range, by);
            for field in ["unassignedSeconds", "privateSeconds", "totalSeconds"] {
                assert_eq!(total[field], report[field], "{name} {field}");
            }
            let shown = total[key].as_array().unwrap();
            let rows = report["rows"].as_array().unwrap();
            assert_eq!(shown.len(), rows.len());
            for (sum, row) in shown.iter().zip(rows) {
                let fields = [
                    ("seconds", "seconds"),
                    ("billable", "billableSeconds"),
                    ("invoiced", "invoicedSeconds"),
                ];
                for (field, of_row) in fields {
                    assert_eq!(sum[field].as_i64().unwrap_or_default(), row[of_row], "{name} {field}");
                }
                assert_eq!((&sum["amount"], &sum["currency"]), (&row["amount"], &row["currency"]));
            }
        }
    }
    // Issued time is billed, and later time is not.
    let all = document["totals"].as_array().unwrap().last().unwrap();
    assert_eq!(all["projects"][1]["amount"], "265.05");
    assert_eq!(all["projects"][1]["unbilled"], "96.90");
    assert_eq!(document["unbilled"][0], json!({ "amount": "96.90", "currency": "EUR" }));
    assert_eq!(document["invoices"]["list"][0]["state"], "owed");
    assert_eq!(document["invoices"]["list"][0]["days"], 14);
}

#[test]
fn a_block_is_retagged_split_noted_and_erased_and_each_is_taken_back() {
    let mut desk = monday();
    let before = desk.document();
    let first = blocks(&before)[0].clone();
    let revised = |to: Option<&str>, note: Option<&str>| keeptab_core::timesheet::Revised {
        to: to.map(|to| keeptab_core::correction::To::Project(keeptab_core::rule::ProjectId::new(to))),
        note: note.map(str::to_owned),
        billable: None,
    };
    let ten = "10:00".parse().unwrap();
    let nine = 9 * 3600;
    let changes = [
        (
            Alteration::Revise(revised(Some("own"), None)),
            json!([[nine, nine + 6360, 2, null]]),
        ),
        (
            Alteration::Revise(revised(None, Some("  a\ncall  "))),
            json!([[nine, nine + 6360, 0, "a call"]]),
        ),
        (
            Alteration::Split(ten, revised(Some("own"), Some("review"))),
            json!([[nine, nine + 3600, 0, null], [nine + 3600, nine + 6360, 2, "review"]]),
        ),
        (Alteration::Erase, json!([])),
    ];
    for (alteration, expected) in changes {
        let said = desk.change(&first, alteration.clone()).unwrap();
        assert!(said.contains("applied; `keeptab undo` takes"), "{alteration:?}: {said}");
        let after = desk.document();
        let early = blocks(&after)
            .into_iter()
            .filter(|block| block["from"].as_i64().unwrap() < nine + 6360);
        let early = early.map(|block| json!([block["from"], block["to"], block["project"], block["note"]]));
        assert_eq!(Value::Array(early.collect()), expected, "{alteration:?}");
        // A line that was changed is no longer found under its old key.
        let again = desk.change(&first, Alteration::Erase);
        let stale = matches!(&again, Err(error) if error.to_string().contains("changed meanwhile"));
        assert!(stale || expected == json!([[nine, nine + 6360, 0, null]]), "{again:?}");
        desk.run(Engine::undo);
        assert_eq!(desk.document()["weeks"], before["weeks"]);
    }
}

#[test]
fn what_a_timesheet_refuses_is_refused_here() {
    let mut desk = monday();
    let document = desk.document();
    let first = blocks(&document)[0].clone();
    let unknown = Alteration::Revise(keeptab_core::timesheet::Revised {
        to: Some(keeptab_core::correction::To::Project(
            keeptab_core::rule::ProjectId::new("apu"),
        )),
        ..Default::default()
    });
    let refused = desk.change(&first, unknown).unwrap_err().to_string();
    assert!(
        refused.contains("unknown project apu\nhint: did you mean api?"),
        "{refused}"
    );
    let outside = Alteration::Split("08:00".parse().unwrap(), keeptab_core::timesheet::Revised::default());
    let refused = desk.change(&first, outside).unwrap_err().to_string();
    assert!(refused.contains("08:00 is not inside this time"), "{refused}");
    desk.run(|engine, now| engine.issue("acme", &Scope::default(), None, now));
    let document = desk.document();
    let billed = blocks(&document)[0].clone();
    assert_eq!(document["numbers"][0], "JDS-202611-0001");
    let refused = desk.change(&billed, Alteration::Erase).unwrap_err().to_string();
    assert!(refused.contains("JDS-202611-0001"), "{refused}");
    assert_eq!(desk.document()["weeks"], document["weeks"]);
}

#[test]
fn a_year_holds_no_keys_and_gets_shorter_to_one_week() {
    let mut desk = monday();
    let week = WEEK.parse().ok();
    let long_ago = crate::Addition {
        project: keeptab_core::rule::ProjectId::new("api"),
        length: Length::from_minutes(45),
        day: "2025-12-01".parse().ok(),
        at: None,
        note: None,
        billable: true,
        beside: false,
    };
    desk.run(|engine, now| engine.add(&long_ago, now));
    let mut year = desk.run(|engine, now| engine.dashboard_of_year(week, None, now));
    assert_eq!(year.weeks.len(), 51);
    assert!(blocks(&year.json()).iter().all(|block| block["key"].is_null()));
    let months = |year: &Dashboard| year.totals.iter().filter(|total| total.name.len() == 7).count();
    let before = months(&year);
    while year.shorten() {}
    assert_eq!((year.weeks.len(), months(&year)), (1, before));
    assert_eq!(year.weeks[0].week.to_string(), WEEK);
    let weeks = year.totals.iter().filter(|total| total.name.contains("-W")).count();
    assert_eq!(weeks, 1);
}

#[test]
fn the_week_as_text_bars() {
    let mut desk = monday();
    let week = WEEK.parse().ok();
    let text = desk.run(|engine, now| engine.dashboard(week, None, now)).text();
    expect_test::expect![[r#"
        2026-W47   Mon 16 Nov – Sun 22 Nov 2026   4:30   EUR 168.15, GBP 83.21 unbilled

                    10      12      14
        Mon 16  aaaaaaaccccc···bbbbb??·· 4:30
        Tue 17  ························
        Wed 18  ························
        Thu 19  ························
        Fri 20  ························
        Sat 21  ························
        Sun 22  ························

        a api                        ██████████████████████████████ 1:46   EUR 168.15
        b own                        ████████████████████           1:10
        c <script>alert(1)</script>  ██████████████████             1:04   GBP 83.21
        ? unassigned                 ████████                       0:30"#]]
    .assert_eq(&text);
}

#[test]
fn an_empty_first_day_says_what_to_do_next() {
    let mut desk = Desk::new();
    let document = desk.document();
    assert_eq!(
        document["totals"].as_array().unwrap().last().unwrap()["totalSeconds"],
        0
    );
    let text = desk.run(|engine, now| engine.dashboard(None, None, now)).text();
    assert!(text.contains("Open a file of a project and work"), "{text}");
}

#[test]
fn what_is_owed_is_one_figure_here_and_in_the_list() {
    let mut desk = Desk::new();
    let fee = |price: &str| {
        keeptab_core::invoice::Item::Charge(keeptab_core::invoice::Charge {
            kind: keeptab_core::billing::LineKind::Fee,
            description: "Setup".into(),
            quantity: 1.into(),
            price: price.parse().unwrap(),
            project: None,
            day: None,
            tax: None,
        })
    };
    let which = || "acme".to_owned();
    let issue = |desk: &mut Desk| {
        let item = fee("226.10");
        let draft = desk.run(|engine, now| engine.add_item(&which(), &item, now)).json();
        // The credit is kept for later.
        for item in draft["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["credit"].is_object())
        {
            let item = usize::try_from(item["number"].as_u64().unwrap()).unwrap();
            desk.run(|engine, now| engine.remove_item(&which(), item, now));
        }
        let issue = |engine: &mut Engine, now| engine.issue(&which(), &Scope::default(), None, now);
        let number: keeptab_core::invoice::InvoiceNumber =
            desk.run(issue).json()["number"].as_str().unwrap().parse().unwrap();
        number
    };
    // Part-paid, cancelled, issued again: the client owes the new one, and has a credit.
    let first = issue(&mut desk);
    desk.run(|engine, now| engine.pay(&first.clone(), &Paying::of(Some(100.into())), None, now));
    desk.run(|engine, now| engine.cancel(&first, None, true, None, None, now));
    issue(&mut desk);
    let board = desk.document();
    let sums = board["invoices"]["sums"].as_array().unwrap().clone();
    let owed = sums.iter().find(|sum| sum["state"] == "owed").unwrap();
    assert_eq!(owed["amount"], "226.10");
    let credit = serde_json::json!([{ "amount": "100.00", "currency": "EUR" }]);
    assert_eq!(board["invoices"]["credit"], credit);
    let list = desk
        .run(|engine, now| engine.invoices(&crate::Filter::default(), now))
        .to_string();
    let in_all = list.lines().find(|line| line.trim_start().starts_with("in all"));
    let in_all = in_all.unwrap_or_else(|| panic!("{list}"));
    let figures: Vec<&str> = in_all.split_whitespace().skip(2).collect();
    assert_eq!(figures, ["EUR", "226.10", "EUR", "100.00"]);
}

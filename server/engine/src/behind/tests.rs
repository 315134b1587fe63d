use std::fs;
use std::path::Path;

use keeptab_core::activity::{Kind, Seq};
use keeptab_system::home::Home;
use tempfile::TempDir;

use super::*;
use crate::{Activity, Batch, What};

const CONFIG: &str = r#"
[tracking]
ignore = ["/secret"]

[project.first]
paths = ["~/play/first"]

[project.web]
paths = ["~/work/acme/web"]

[project.api]
paths = ["~/work/acme/api"]
urls = ["https://git.example/acme/**"]
"#;

/// 2026-11-16T08:00:00Z, a Monday.
const MONDAY: i64 = 1_794_816_000_000;

fn at(minutes: i64) -> Instant {
    Instant::from_millis(MONDAY + minutes * 60_000)
}

/// Records `minute uri [language] [agent]`, one a line, and shows what stands behind some minutes.
fn behind(events: &[&str], spans: &[(i64, i64)]) -> Behind {
    let folder: TempDir = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
    let home = Home::at(folder.path().to_owned(), Some(Path::new("/home/jane").to_owned()));
    let mut engine = Engine::open(home, at(0)).unwrap();
    let event = |(line, seq): (&&str, u64)| {
        let words: Vec<&str> = line.split(' ').collect();
        let word = |index: usize| words.get(index).map(|word| (*word).to_owned());
        Activity {
            seq: Some(Seq(seq)),
            at: at(words[0].parse().unwrap()),
            what: What::Work {
                kind: Kind::Edit,
                actor: if words.contains(&"agent") {
                    Actor::Agent
                } else {
                    Actor::Human
                },
                uri: word(1),
                root: None,
                cwd: None,
                language: word(2).filter(|word| word != "agent"),
                private: false,
            },
        }
    };
    let batch = Batch {
        source: "vim".into(),
        events: events.iter().zip(1..).map(event).collect(),
    };
    engine.take(&batch, at(600)).unwrap();
    let spans = spans.iter().filter_map(|(from, to)| Span::new(at(*from), at(*to)));
    let spans: Vec<Span> = spans.collect();
    engine.ask(at(600), |engine, now| engine.behind(&spans, now)).unwrap()
}

fn touched(behind: &Behind) -> Vec<String> {
    let shown = |touched: &Touched| format!("{} {} {}", touched.name, touched.time, touched.count);
    behind.touched.iter().map(shown).collect()
}

#[test]
fn time_is_counted_as_the_timeline_counts_it_and_cut_at_the_bounds() {
    let events = [
        "0 /home/jane/work/acme/api/a.rs rust",
        "10 /home/jane/work/acme/api/b.md markdown",
        "15 https://git.example/acme/pull/7",
        "20 /home/jane/work/acme/api/a.rs rust",
        "120 /home/jane/work/acme/api/c.rs rust",
    ];
    for (spans, expected) in [
        (
            vec![(0, 30)],
            vec![
                "~/work/acme/api/a.rs 0:10 2",
                "~/work/acme/api/b.md 0:05 1",
                "https://git.example/acme/pull/7 0:05 1",
            ],
        ),
        // Time goes to the thing touched last before it, also before the stretch, and nothing follows the last thing.
        (
            vec![(5, 12)],
            vec!["~/work/acme/api/a.rs 0:05 0", "~/work/acme/api/b.md 0:02 1"],
        ),
        (
            vec![(5, 7), (15, 16)],
            vec!["~/work/acme/api/a.rs 0:02 0", "https://git.example/acme/pull/7 0:01 1"],
        ),
        (vec![(25, 100)], vec![]),
        (vec![(119, 121)], vec!["~/work/acme/api/c.rs 0:00 1"]),
    ] {
        assert_eq!(touched(&behind(&events, &spans)), expected, "{spans:?}");
    }
    assert_eq!(behind(&events, &[(0, 30)]).languages, ["rust", "markdown"]);
}

#[test]
fn the_rule_is_that_of_what_was_touched_longest() {
    let events = ["0 /home/jane/work/acme/api/a.rs", "10 /tmp/x", "12 /tmp/x"];
    let won = behind(&events, &[(0, 12)]).rule.unwrap();
    assert_eq!(won.of, "~/work/acme/api/a.rs");
    assert_eq!(won.by, Some(("~/work/acme/api".to_owned(), ProjectId::new("api"))));
    let lost = behind(&events, &[(10, 12)]).rule.unwrap();
    assert_eq!((lost.of.as_str(), lost.by), ("/tmp/x", None));
}

#[test]
fn agents_are_beside_it_and_private_things_have_no_name() {
    let events = [
        "0 /secret/a.rs rust",
        "5 /tmp/x",
        "6 /tmp/y agent",
        "7 /tmp/y agent",
        "10 /tmp/x",
    ];
    let behind = behind(&events, &[(0, 10)]);
    assert_eq!(touched(&behind), ["/tmp/x 0:05 1"]);
    assert_eq!(behind.private, Length::from_minutes(5));
    assert_eq!(behind.agents, (1, 2));
    assert_eq!(behind.languages, Vec::<String>::new());
}

#[test]
fn projects_are_likely_by_their_rules_then_by_the_way_to_them() {
    for (events, expected) in [
        (
            vec![
                "0 /home/jane/work/acme/api/a.rs",
                "5 /home/jane/work/acme/web/a.rs",
                "15 /tmp/x",
            ],
            vec!["web", "api"],
        ),
        // A folder beside those of two projects, and none of the third.
        (vec!["0 /home/jane/work/acme/docs/a.md"], vec!["web", "api"]),
        (
            vec!["0 /home/jane/play/x", "1 /home/jane/work/acme/api/a.rs"],
            vec!["api", "first"],
        ),
        (vec!["0 /tmp/x"], vec![]),
        (vec!["0 https://git.example/other/1"], vec![]),
    ] {
        let likely = behind(&events, &[(0, 20)]).likely;
        let likely: Vec<&str> = likely.iter().map(ProjectId::as_str).collect();
        assert_eq!(likely, expected, "{events:?}");
    }
}

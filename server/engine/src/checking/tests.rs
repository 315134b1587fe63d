//! Caching a comparison changes no answer: two hosts with a cache answer as one that has just started.

use std::fs;

use keeptab_core::correction::{Change, To};
use keeptab_core::instant::{Length, Span};
use keeptab_core::timesheet::{Edit, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::tests::{CONFIG, at, home, open, record, work};
use crate::{Engine, Scope};

/// A step between two looks at the sheet; minutes are counted from the present.
#[derive(Clone, Debug)]
enum Step {
    /// A host records work; one dated ahead is due later.
    Work { host: usize, ahead: i64, web: bool },
    /// Time goes on, or the clock is set back.
    Wait(i64),
    /// A host corrects a stretch of the past.
    Correct {
        host: usize,
        back: i64,
        long: i64,
        change: usize,
    },
    /// A host takes the latest corrections back.
    Undo(usize),
    /// A host invoices what there is.
    Issue(usize),
    /// The rate, the rules and the timeout are edited.
    Edit(bool),
    /// The person types.
    Key,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2usize, -9000..40i64, any::<bool>()).prop_map(|(host, ahead, web)| Step::Work { host, ahead, web }),
        4 => (0..2usize, -5..5i64, any::<bool>()).prop_map(|(host, ahead, web)| Step::Work { host, ahead, web }),
        3 => (0..30i64).prop_map(Step::Wait),
        1 => (-60..6000i64).prop_map(Step::Wait),
        2 => (0..2usize, 1..300i64, 1..60i64, 0..3usize)
            .prop_map(|(host, back, long, change)| Step::Correct { host, back, long, change }),
        1 => (0..2usize).prop_map(Step::Undo),
        1 => (0..2usize).prop_map(Step::Issue),
        1 => any::<bool>().prop_map(Step::Edit),
        2 => Just(Step::Key),
    ]
}

struct Scene {
    folder: TempDir,
    hosts: [Engine; 2],
    seq: u64,
    minute: i64,
    text: String,
    parsed: Arc<Parsed>,
}

impl Scene {
    fn new() -> Self {
        let folder = home();
        let mut hosts = [open(&folder), open(&folder)];
        let sheet = hosts[0]
            .ask(at(0), |engine, now| engine.review(None, false, now))
            .unwrap();
        let parsed = Arc::new(parse(&sheet.text));
        Self {
            folder,
            hosts,
            seq: 0,
            minute: 0,
            text: sheet.text,
            parsed,
        }
    }

    fn take(&mut self, step: &Step) {
        let now = at(self.minute);
        match *step {
            Step::Work { host, ahead, web } => {
                self.seq += 1;
                let uri = if web { "/w/web/b.rs" } else { "/w/api/a.rs" };
                let event = work(self.seq, at(self.minute + ahead), uri);
                record(&mut self.hosts[host], &format!("vim-{host}"), vec![event], now);
            }
            Step::Wait(minutes) => self.minute += minutes,
            Step::Correct {
                host,
                back,
                long,
                change,
            } => {
                let start = at(self.minute - back);
                let span = Span::new(start, start + Length::from_minutes(long)).unwrap();
                let change = match change {
                    0 => Change::Erase,
                    1 => Change::Assign {
                        to: To::Project(ProjectId::new("web".to_owned())),
                    },
                    _ => Change::Note {
                        text: format!("note {}", self.seq),
                    },
                };
                self.hosts[host]
                    .store
                    .apply(&[Edit::Correct(span, change)], now)
                    .unwrap();
            }
            // There may be nothing to take back, and nothing to bill.
            Step::Undo(host) => drop(self.hosts[host].ask(now, Engine::undo)),
            Step::Issue(host) => {
                let issue = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
                drop(self.hosts[host].ask(now, issue));
            }
            Step::Edit(other) => {
                let config = if other {
                    CONFIG.replace("95.00", "12.00").replace("/w/web", "/v")
                } else {
                    CONFIG.into()
                };
                fs::write(self.folder.path().join("keeptab.toml"), config).unwrap();
                for host in &mut self.hosts {
                    host.ask(now, Engine::reload).unwrap();
                }
            }
            Step::Key => {
                self.text.push_str("# x\n");
                self.parsed = Arc::new(parse(&self.text));
            }
        }
    }

    fn look(&mut self) {
        let now = at(self.minute);
        let fresh = open(&self.folder).check(&self.parsed, now).unwrap();
        for host in &mut self.hosts {
            let kept = host.check(&self.parsed, now).unwrap();
            assert_eq!(format!("{kept:#?}"), format!("{fresh:#?}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_kept_never_shows(steps in vec(step(), 1..20)) {
        let mut scene = Scene::new();
        for step in &steps {
            scene.take(step);
            scene.look();
        }
    }
}

#[test]
fn a_text_is_compared_once() {
    let mut scene = Scene::new();
    scene.take(&Step::Work {
        host: 0,
        ahead: -3,
        web: false,
    });
    let first = scene.hosts[0].check(&scene.parsed, at(1)).unwrap();
    let second = scene.hosts[0].check(&scene.parsed, at(2)).unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    scene.take(&Step::Key);
    let third = scene.hosts[0].check(&scene.parsed, at(2)).unwrap();
    assert!(!Arc::ptr_eq(&first, &third));
}

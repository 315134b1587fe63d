use super::*;

/// An event in one of two homes.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Capture(i64, i64, bool),
    Add(Option<i64>, i64, bool),
    Fill(i64, i64),
    Void(usize),
    Replace(usize, Option<i64>),
    Import(Vec<(i64, i64)>, bool),
    Draft,
    Issue,
    Cancel(usize),
    Undo,
    UndoImport,
    Merge,
}

/// Times are quarters of an hour in the first two days, so that they meet.
fn quarter() -> impl Strategy<Value = i64> {
    (0..24_i64).prop_map(|quarter| quarter * 15)
}

fn length() -> impl Strategy<Value = i64> {
    (1..10_i64).prop_map(|quarters| quarters * 15)
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (quarter(), length(), any::<bool>()).prop_map(|(from, length, web)| Event::Capture(from, length, web)),
        5 => (prop::option::weighted(0.9, quarter()), length(), prop::bool::weighted(0.1))
            .prop_map(|(from, length, beside)| Event::Add(from, length, beside && from.is_some())),
        1 => (quarter(), length()).prop_map(|(from, length)| Event::Fill(from, length)),
        1 => (0..9_usize).prop_map(Event::Void),
        2 => (0..9_usize, prop::option::of(quarter())).prop_map(|(which, to)| Event::Replace(which, to)),
        2 => (vec((quarter(), length()), 1..4), any::<bool>()).prop_map(|(rows, once)| Event::Import(rows, once)),
        1 => Just(Event::Draft),
        2 => Just(Event::Issue),
        2 => (0..4_usize).prop_map(Event::Cancel),
        2 => Just(Event::Undo),
        1 => Just(Event::UndoImport),
        3 => Just(Event::Merge),
    ]
}

impl Event {
    /// The same, some minutes later.
    pub(super) fn later(self, by: i64) -> Self {
        match self {
            Self::Capture(from, length, web) => Self::Capture(from + by, length, web),
            Self::Add(from, length, beside) => Self::Add(from.map(|from| from + by), length, beside),
            Self::Fill(from, length) => Self::Fill(from + by, length),
            Self::Replace(which, from) => Self::Replace(which, from.map(|from| from + by)),
            Self::Import(rows, once) => {
                let later = |(from, length)| (from + by, length);
                Self::Import(rows.into_iter().map(later).collect(), once)
            }
            other => other,
        }
    }
}

impl Desk {
    /// Lets something happen here. Much of it is refused, and rightly so.
    pub(super) fn happen(&mut self, event: &Event, other: &Self) {
        let entries = self.engine.store.entries(None).unwrap();
        match event {
            Event::Capture(from, length, web) => {
                self.capture(*from, *length, if *web { "/w/web/b.rs" } else { "/w/api/a.rs" });
            }
            Event::Add(from, length, beside) => drop(self.add(*from, *length, *beside)),
            Event::Fill(from, length) => {
                let calendar = self.engine.config.calendar;
                let day = calendar.day_of(at(*from));
                let clock = |minute| keeptab_core::clock::Clock::of(&calendar, day, at(minute));
                drop(self.ask(|engine, now| {
                    engine.fill(
                        Some(day),
                        format!("{}-{}", clock(*from), clock(from + length)).parse().unwrap(),
                        Some(&ProjectId::new("web")),
                        now,
                    )
                }));
            }
            Event::Void(which) => {
                if let Some(entry) = entries.get(*which) {
                    self.now += 1;
                    drop(self.engine.store.apply(&[Edit::Void(entry.id)], at(self.now)));
                }
            }
            Event::Replace(which, to) => {
                if let Some(entry) = entries.get(*which) {
                    let span = to
                        .and_then(|from| Span::new(at(from), at(from) + entry.length))
                        .or(entry.span);
                    let with = keeptab_core::timesheet::NewEntryLine {
                        day: entry.day,
                        project: entry.project.clone(),
                        span,
                        length: entry.length,
                        note: Some(format!("mended {}", self.now)),
                        billable: true,
                        beside: false,
                    };
                    self.now += 1;
                    drop(
                        self.engine
                            .store
                            .apply(&[Edit::Replace { entry: entry.id, with }], at(self.now)),
                    );
                }
            }
            Event::Import(rows, once) => {
                let rows: Vec<(i64, i64, &str)> = rows.iter().map(|(from, length)| (*from, *length, "row")).collect();
                let file = self.table("rows.csv", &rows);
                let request = ImportRequest {
                    overlaps_once: *once,
                    ..Self::import_request(&file)
                };
                self.run(|engine, now| engine.import(&request, now));
            }
            Event::Draft => drop(self.ask(|engine, now| engine.draft("acme", &Scope::default(), None, None, now))),
            Event::Issue => drop(self.issue()),
            Event::Cancel(which) => {
                let issued = self.engine.store.invoices().unwrap();
                let number = issued.get(*which).map(|row| row.invoice.number().to_string());
                if let Some(number) = number {
                    drop(self.cancel(&number.into()));
                }
            }
            Event::Undo => drop(self.ask(Engine::undo)),
            Event::UndoImport => drop(self.ask(|engine, now| engine.undo_import(None, now))),
            Event::Merge => {
                let file = other.export("merge.json");
                self.import(&file);
            }
        }
    }
}

/// The number of histories to try.
const CASES: u32 = 24;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn no_instant_counts_or_is_billed_twice_whatever_happens(events in vec((event(), any::<bool>()), 1..14)) {
        holds(&events);
    }

    #[test]
    fn an_export_restores_into_a_new_home_whatever_happened(events in vec(event(), 1..12)) {
        let (mut one, other) = (Desk::new(), Desk::new());
        for event in &events {
            one.happen(event, &other);
        }
        let mut restored = Desk::new();
        let said = restored.import(&one.export("all.json"));
        prop_assert_eq!(said["refusedRows"].as_i64(), Some(0), "{}", said);
        prop_assert_eq!(restored.seconds(), one.seconds());
        restored.hold();
        // A second time brings nothing, and it comes home as it went.
        prop_assert_eq!(&restored.import(&one.path("all.json"))["batch"], &Value::Null);
        prop_assert_eq!(&one.import(&restored.export("back.json"))["batch"], &Value::Null);
    }

    #[test]
    fn of_entries_written_in_either_order_the_first_keeps_what_both_have(
        first in (quarter(), length()), second in (quarter(), length()),
    ) {
        let counted = |order: [(i64, i64); 2]| {
            let mut desk = Desk::new();
            let added = order.map(|(from, length)| -> i64 {
                let added = desk.add(Some(from), length, false);
                added.map_or(0, |added: Value| added["entries"][0]["countedSeconds"].as_i64().unwrap())
            });
            desk.hold();
            added
        };
        let both = Span::new(at(first.0), at(first.0 + first.1)).unwrap();
        let both = both.intersect(Span::new(at(second.0), at(second.0 + second.1)).unwrap());
        let both = both.map_or(0, |both| both.length().whole_seconds());
        prop_assert_eq!(counted([first, second]), [first.1 * 60, second.1 * 60 - both]);
        prop_assert_eq!(counted([second, first]), [second.1 * 60, first.1 * 60 - both]);
    }
}

/// One history: what happened, and whether here or in the other home.
fn holds(events: &[(Event, bool)]) {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    for (event, here) in events {
        if *here {
            one.happen(event, &other);
        } else {
            other.happen(event, &one);
        }
    }
    one.hold();
    other.hold();
}

#[test]
fn what_was_replaced_here_and_billed_in_the_other_home_is_billed() {
    for from in [None, Some(30)] {
        let (mut one, mut other) = (Desk::new(), Desk::new());
        one.happen(&Event::Add(from, 60, false), &other);
        other.happen(&Event::Merge, &one);
        other.happen(&Event::Replace(0, from), &one);
        one.happen(&Event::Issue, &other);
        other.happen(&Event::Merge, &one);
        one.hold();
        other.hold();
        let drafted = other.issue();
        assert!(drafted.is_err(), "billed again: {drafted:?}");
    }
}

//! Months of entries that are kept say what a full computation says.

use std::collections::BTreeSet;

use keeptab_core::billing::Tally;
use keeptab_store::Form;
use ledger::Grain;
use proptest::test_runner::TestCaseError;

use super::laws::{Event, event};
use super::*;

/// From the Monday at nine to the last day of November at eight in the evening, in Berlin: what happens in the six
/// hours from there lies in two months.
const BEFORE_MONTHS_END: i64 = 14 * 24 * 60 + 11 * 60;

fn summed(ledger: &ledger::Ledger) -> Vec<ledger::Summed> {
    let mut all: Vec<ledger::Summed> = ledger.sums().collect();
    all.sort_unstable();
    all
}

impl Desk {
    /// Compares what is kept with a full computation, for all time and for the time before each of some days.
    fn agrees(&mut self) -> Result<(), TestCaseError> {
        let now = at(self.now);
        let calendar = self.engine.config.calendar;
        let mut ranges = vec![(Span::ALL, None)];
        for day in 0..3 {
            let last = calendar.day_of(at(BEFORE_MONTHS_END + day * 24 * 60));
            let span = Span::new(Instant::EARLIEST, calendar.day(last).end()).unwrap();
            ranges.push((span, Some((chrono::NaiveDate::MIN, last))));
        }
        for (span, days) in ranges {
            let full = self.engine.ledger(span, days, now).unwrap();
            // The first may compute months, and the second finds them.
            for _ in 0..2 {
                let kept = self.engine.totals_ledger(span, days, Grain::Day, now).unwrap();
                prop_assert_eq!(summed(&kept), summed(&full));
                prop_assert_eq!(&kept.open, &full.open);
                prop_assert_eq!(kept.unassigned(), full.unassigned());
                let tallied = |ledger: &ledger::Ledger| {
                    let tallied = self.engine.tallied(ledger, By::Client).unwrap();
                    serde_json::to_value(tallied.rows).unwrap()
                };
                prop_assert_eq!(tallied(&kept), tallied(&full));
                self.sums_agree((span, days), &full)?;
            }
            let store = &self.engine.store;
            let named = store.named_projects().unwrap();
            let entries = store.entries(None).unwrap();
            let used: BTreeSet<ProjectId> = entries.into_iter().filter_map(|entry| entry.project).collect();
            prop_assert!(named.is_superset(&used));
            let filled = ProjectId::new("web");
            prop_assert!(named.iter().all(|named| *named == filled || used.contains(named)));
        }
        Ok(())
    }

    /// Compares sums by month with a full computation, for all that is made of them.
    fn sums_agree(
        &mut self,
        (span, days): (Span, Option<(chrono::NaiveDate, chrono::NaiveDate)>),
        full: &ledger::Ledger,
    ) -> Result<(), TestCaseError> {
        let now = at(self.now);
        let summed = self.engine.totals_ledger(span, days, Grain::Month, now).unwrap();
        prop_assert_eq!(&summed.open, &full.open);
        prop_assert_eq!(summed.unassigned(), full.unassigned());
        for by in [By::Client, By::Project, By::Month] {
            let tallied = |ledger: &ledger::Ledger| {
                let tallied = self.engine.tallied(ledger, by).unwrap();
                (serde_json::to_value(tallied.rows).unwrap(), tallied.total_seconds)
            };
            prop_assert_eq!(tallied(&summed), tallied(full));
        }
        let notes = |ledger: &ledger::Ledger| self.engine.notes(ledger, now).unwrap();
        prop_assert_eq!(notes(&summed), notes(full));
        let unbilled = |ledger: &ledger::Ledger| {
            let tally = self.engine.tally(Tally::default(), ledger);
            tally.amounts(|project| self.engine.terms_of(project))
        };
        prop_assert_eq!(unbilled(&summed), unbilled(full));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn kept_months_are_a_full_computation_whatever_happens(events in vec((event(), any::<bool>()), 1..14)) {
        let (mut one, mut other) = (Desk::new(), Desk::new());
        for desk in [&mut one, &mut other] {
            desk.now += BEFORE_MONTHS_END;
        }
        for (event, here) in events {
            let event = event.later(BEFORE_MONTHS_END);
            if here {
                one.happen(&event, &other);
            } else {
                other.happen(&event, &one);
            }
            one.agrees()?;
        }
    }
}

/// Each change by itself, so that nothing but its own trigger can remove the month.
#[test]
fn a_change_removes_the_months_that_it_touches() {
    let other = Desk::new();
    let mut desk = Desk::new();
    desk.now += BEFORE_MONTHS_END;
    let at_end = |from| Some(BEFORE_MONTHS_END + from);
    let events = [
        Event::Add(None, 60, false),
        Event::Issue,
        Event::Cancel(0),
        Event::Void(0),
        Event::Undo,
        Event::Add(at_end(0), 60, false),
        Event::Issue,
        Event::Cancel(1),
        Event::Replace(1, at_end(6 * 60)),
        Event::Undo,
        Event::Import(vec![(BEFORE_MONTHS_END, 120)], false),
        Event::UndoImport,
        Event::Void(1),
    ];
    for event in events {
        let before = desk.now;
        desk.happen(&event, &other);
        assert!(desk.now > before, "{event:?}");
        desk.agrees().unwrap_or_else(|error| panic!("{event:?}: {error}"));
    }
}

#[test]
fn a_month_that_nothing_touches_is_computed_once() {
    let mut desk = Desk::new();
    desk.now += BEFORE_MONTHS_END;
    for from in [0, BEFORE_MONTHS_END] {
        desk.happen(&Event::Add(Some(from), 60, false), &Desk::new());
    }
    desk.happen(&Event::Add(Some(BEFORE_MONTHS_END + 24 * 60), 60, false), &Desk::new());
    let kept = |desk: &mut Desk| -> Vec<bool> {
        let months = desk.engine.store.entry_months(Form::Sums).unwrap();
        months.into_iter().map(|(_, kept)| kept.is_some()).collect()
    };
    assert_eq!(kept(&mut desk), [false, false]);
    let now = at(desk.now);
    desk.engine.report(Some(Range::All), By::Client, now).unwrap();
    assert_eq!(kept(&mut desk), [true, true]);
    desk.happen(&Event::Add(Some(BEFORE_MONTHS_END + 25 * 60), 60, false), &Desk::new());
    assert_eq!(kept(&mut desk), [true, false]);
}

#[test]
fn entries_of_one_project_and_month_are_read_as_one_sum() {
    let mut desk = Desk::new();
    desk.now += BEFORE_MONTHS_END;
    for from in [0, 120, BEFORE_MONTHS_END] {
        desk.happen(&Event::Add(Some(from), 60, false), &Desk::new());
    }
    let now = at(desk.now);
    let entries = |desk: &mut Desk, grain| -> Vec<usize> {
        let ledger = desk.engine.totals_ledger(Span::ALL, None, grain, now).unwrap();
        ledger.summed.iter().map(|summed| summed.entries).collect()
    };
    assert_eq!(entries(&mut desk, Grain::Month).iter().sum::<usize>(), 3);
    assert_eq!(entries(&mut desk, Grain::Month).len(), 1);
    assert_eq!(entries(&mut desk, Grain::Day), [1, 1, 1]);
}

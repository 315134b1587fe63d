//! Generated weeks.

use chrono::Weekday;
use keeptab_core::calendar::Calendar;
use keeptab_core::correction::{Change, To};
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Length, Span};
use keeptab_core::timeline::Stretch;
use keeptab_core::timesheet::Piece;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::ledger::{Ledger, PROJECTS, berlin, ledger_of, night, tag, to};

/// In milliseconds.
const MINUTE: i64 = 60_000;

pub fn target() -> impl Strategy<Value = To> {
    prop_oneof![
        6 => select(PROJECTS.to_vec()).prop_map(to),
        2 => Just(To::Unassigned),
        1 => Just(To::Private),
    ]
}

pub fn note() -> impl Strategy<Value = Option<String>> {
    let note = select(vec!["call with Sam", "! odd", "\\odd", "ü 🦀  two blanks", "# 1"]);
    proptest::option::weighted(0.3, note.prop_map(str::to_owned))
}

/// A gap before a piece, and its length; often under a minute, often none.
fn step() -> impl Strategy<Value = (i64, i64)> {
    let gap = prop_oneof![4 => Just(0), 2 => 1..MINUTE, 2 => MINUTE..120 * MINUTE];
    let length = prop_oneof![2 => 1..MINUTE, 1 => MINUTE..2 * MINUTE, 6 => 2 * MINUTE..180 * MINUTE];
    (gap, length)
}

/// Weeks with both nights on which the clock changes, and one with none.
fn week() -> impl Strategy<Value = (Calendar, &'static str)> {
    let calendar = prop_oneof![
        3 => Just(berlin()),
        1 => Just(night()),
        1 => Just(Calendar { week_start: Weekday::Sun, ..berlin() }),
    ];
    (calendar, select(vec!["2026-W43", "2026-W13", "2026-W47"]))
}

/// The captured time of a day or two around the end of a week, and entries.
pub fn any_ledger() -> impl Strategy<Value = Ledger> {
    let piece = (
        step(),
        target(),
        note(),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.03),
    );
    let entry = (0..7_usize, 1..600 * 1000_i64, target(), note());
    let start = prop_oneof![Just(4 * 24 * 60), Just(6 * 24 * 60), Just(5 * 24 * 60 + 22 * 60)];
    (week(), start, vec(piece, 0..24), vec(entry, 0..4)).prop_map(|((calendar, week), start, pieces, entries)| {
        let mut ledger = ledger_of(calendar, week, "");
        let (first, _) = calendar.week_of(ledger.week.monday());
        let mut at = calendar.day(first).start() + Length::from_minutes(start);
        for ((gap, length), to, note, billable, billed) in pieces {
            let start = at + Length::from_millis(gap);
            let span = Span::new(start, start + Length::from_millis(length)).unwrap();
            at = span.end();
            if billed {
                let billed = Some("JDS-202611-0001".to_owned());
                ledger.claims.push(Piece {
                    span,
                    to,
                    note,
                    billable,
                    billed,
                    hint: None,
                });
                continue;
            }
            ledger.captured.push(Stretch { span, tag: tag(&to) });
            if let Some(text) = note {
                ledger.correct(span, Change::Note { text });
            }
            if !billable {
                ledger.correct(span, Change::Billable { billable });
            }
        }
        for (day, length, to, note) in entries {
            let day = first.iter_days().nth(day).unwrap();
            let project = match to {
                To::Project(id) => Some(id),
                _ => None,
            };
            let id = EntryId(i64::try_from(ledger.entries.len()).unwrap() + 1);
            let entry = Entry {
                project,
                note,
                ..Entry::new(id, day, None, Length::from_millis(length * 10))
            };
            ledger.entries.push((entry, None));
        }
        ledger
    })
}

//! Measures the review of a week: printing, reading and merging 500 lines, and that 10,000 cost as much a line.
//!
//! `cargo bench -p keeptab-core --bench timesheet` prints each time beside the floor: one pass over the text's bytes.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::correction::To;
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Heading, Piece, Revision, Sheet, changes, format, parse, print};

/// The number of runs; the quickest counts, because on a busy machine the others measure the neighbours.
const RUNS: u32 = 15;
/// The minutes of a week.
const WEEK: i64 = 7 * 24 * 60;

fn main() {
    let projects: Vec<ProjectId> = (0..40)
        .map(|index| ProjectId::new(format!("acme/project-{index}")))
        .collect();
    for lines in [500, 10_000] {
        let base = sheet(lines, &projects);
        let text = print(&base);
        // Every third line that has a note gets another.
        let edited: Vec<String> = text.lines().enumerate().map(edit).collect();
        let edited = edited.join("\n");
        let mine = parse(&edited);
        let edits = changes(&base, &mine, &base, &projects).unwrap_or_default().len();
        println!("{lines} lines, {} bytes, {edits} edits", text.len());
        measure("floor", || edited.bytes().filter(|byte| *byte == b'\n').count());
        measure("print", || print(&base).len());
        measure("parse", || parse(&edited).lines.len());
        measure("format", || format(&mine).len());
        measure("parse + merge", || {
            changes(&base, &parse(&edited), &base, &projects).map_or(0, |edits| edits.len())
        });
    }
}

fn edit((number, line): (usize, &str)) -> String {
    if number % 3 == 0 {
        line.replace("done", "made")
    } else {
        line.to_owned()
    }
}

/// A week with the given number of lines: most captured, some entries.
fn sheet(lines: i64, projects: &[ProjectId]) -> Sheet {
    let calendar = Calendar::new(chrono_tz::Europe::Berlin);
    let week: Week = Week::of(chrono::NaiveDate::default());
    let start = calendar.day(week.monday()).start();
    let project = |index: i64| {
        let index = usize::try_from(index).unwrap_or_default() % projects.len();
        projects.get(index).cloned()
    };
    let captured = lines.min(WEEK / 2 - 1);
    let length = WEEK * 60_000 / captured;
    let at = |index| start + Length::from_millis(index * length);
    let piece = |index: i64| {
        Some(Piece {
            span: Span::new(at(index), Instant::from_millis(at(index + 1).millis() - 1))?,
            to: To::Project(project(index)?),
            note: (index % 2 == 0).then(|| format!("what was done {index}")),
            billable: true,
            billed: None,
            hint: None,
        })
    };
    let entry = |index: i64| {
        let day = week.monday() + chrono::Days::new(u64::try_from(index % 7).unwrap_or_default());
        Entry {
            project: project(index),
            note: Some(format!("call {}", index / 3)),
            ..Entry::new(EntryId(index), day, None, Length::from_secs(60))
        }
    };
    let heading = Heading {
        revision: Revision(1),
        unbilled: Vec::new(),
        doubts: Vec::new(),
        usual: Vec::new(),
    };
    let entries = (captured..lines).map(|index| (entry(index), Length::from_secs(60), None));
    Sheet::of(week, &calendar, heading, (0..captured).filter_map(piece), entries)
}

fn measure<T>(name: &str, mut run: impl FnMut() -> T) {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Clock::now();
        black_box(run());
        best = best.min(start.elapsed());
    }
    println!("  {name:<14} {:>9.1} µs", best.as_secs_f64() * 1e6);
}

//! Org's clock tables: the sums of headings, of a day each. The outermost heading is the project; a heading's own time is its
//! sum without those of the headings under it.
//!
//! Source: Org's manual (the clock table) and `org-clock.el`. Only a report by days says when its time was.

use std::mem;
use std::ops::ControlFlow;

use anyhow::{Result, anyhow};
use chrono::NaiveDate;
use keeptab_core::instant::Length;

use super::super::conventions::Conventions;
use super::super::lines::lines;
use super::super::table::hand_over;
use super::super::value;
use super::super::{Draft, Each, Found, Importer, Input, Row, When};

/// Words of the beginning of a line that begins a table.
const BEGIN: &str = "#+begin: clocktable";

/// The tables of a file that has no clock lines.
pub(in super::super) struct ClockTables;

/// Returns true if a file has a clock table.
pub(in super::super) fn has_table(head: &str) -> bool {
    head.lines().any(is_begin)
}

fn is_begin(line: &str) -> bool {
    line.get(..BEGIN.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(BEGIN))
}

/// A heading with the rest of its sum that no heading under it has.
struct Heading {
    line: u64,
    level: usize,
    text: String,
    sum: Length,
    below: Length,
}

/// A table while it is read.
#[derive(Default)]
struct Table {
    day: Option<NaiveDate>,
    /// The index of the first cell with times, once the row with the names of the columns was read.
    times: Option<usize>,
    open: Vec<Heading>,
    /// The headings with time of their own. A sum is above those that it has.
    done: Vec<(u64, Draft)>,
    /// True once it is refused because it has no day.
    is_refused: bool,
}

impl Importer for ClockTables {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let (mut table, mut is_inside, mut done) = (Table::default(), false, false);
        lines(input, |number, line| {
            let mut flow = ControlFlow::Continue(());
            if is_begin(line) {
                is_inside = true;
            } else if line.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("#+end:")) {
                flow = table.end(each);
                (table, is_inside) = (Table::default(), false);
            } else if let Some(row) = line.strip_prefix('|').filter(|_| is_inside) {
                flow = table.row(number, row, conventions, each);
            } else if is_inside {
                flow = table.end(each);
                if let Some(day) = day(line, conventions) {
                    table = Table {
                        day: Some(day),
                        ..Table::default()
                    };
                } else if !line.is_empty() {
                    table.times = None;
                }
            } else if line.trim_start().starts_with("CLOCK:") {
                let error = anyhow!("the clock table above may have this time, too");
                flow = hand_over(each, number, Err(error));
            }
            done = flow.is_break();
            flow
        })?;
        if !done {
            let _ = table.end(each);
        }
        Ok(())
    }
}

/// Returns the day of a report: `Daily report: [2024-03-04 Mon]`, or the caption of a table of one day,
/// `… at [2024-03-10 Sun 10:00], for Monday, March 04, 2024.`
fn day(line: &str, conventions: &Conventions) -> Option<NaiveDate> {
    if let Some((_, of)) = line.split_once("], for ") {
        return value::date(of.trim_end_matches('.'), conventions).ok();
    }
    let is_daily = line.to_lowercase().starts_with("daily report");
    let (_, stamp) = line.split_once('[').filter(|_| is_daily)?;
    value::date(stamp.split([' ', ']']).next()?, conventions).ok()
}

impl Table {
    fn row(&mut self, line: u64, row: &str, conventions: &Conventions, each: Each<'_>) -> ControlFlow<()> {
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        if row.starts_with('-') {
            return ControlFlow::Continue(());
        }
        let Some(times) = self.times else {
            // The last name is that of the times, but for a share of the whole.
            let last = cells.iter().rposition(|cell| !matches!(*cell, "" | "%"));
            self.times = last;
            return ControlFlow::Continue(());
        };
        let time = cells.iter().enumerate().skip(times).find(|(_, cell)| !cell.is_empty());
        let Some((column, written)) = time else {
            return ControlFlow::Continue(());
        };
        // The sum of all, and of a file.
        if written.starts_with('*') {
            return ControlFlow::Continue(());
        }
        let text = times
            .checked_sub(1)
            .and_then(|before| cells.get(before))
            .copied()
            .unwrap_or_default();
        // Deeper headings are indented, and their times stand further right.
        let (text, level) = match text.strip_prefix("\\_") {
            Some(rest) => (rest.trim_start(), 1 + (rest.len() - rest.trim_start().len()) / 2),
            None => (text, column - times),
        };
        let sum = match (self.day, value::length(written, None, conventions)) {
            (Some(_), Ok((sum, _))) => sum,
            (None, Ok(_)) if mem::replace(&mut self.is_refused, true) => {
                return each(Row {
                    line,
                    found: Found::Aside,
                });
            }
            (None, Ok(_)) => {
                let error = anyhow!("its table does not say the day; `:step day` makes one that does");
                return hand_over(each, line, Err(error));
            }
            (_, Err(error)) => return hand_over(each, line, Err(error)),
        };
        if let Some(parent) = self.open.iter_mut().rev().find(|heading| heading.level < level) {
            parent.below += sum;
        }
        self.close(level);
        self.open.push(Heading {
            line,
            level,
            text: named(text),
            sum,
            below: Length::ZERO,
        });
        ControlFlow::Continue(())
    }

    /// Ends the headings that are not above a level.
    fn close(&mut self, level: usize) {
        while let Some(heading) = self.open.pop_if(|heading| heading.level >= level) {
            let (Some(day), own) = (self.day, heading.sum - heading.below) else {
                continue;
            };
            if own <= Length::ZERO {
                continue;
            }
            let mut draft = Draft::at(When::Day(day));
            (draft.length, draft.exact) = (Some(own), Length::from_secs(60));
            match self.open.first() {
                Some(outermost) => {
                    draft.project.clone_from(&outermost.text);
                    draft.description = heading.text;
                }
                None => draft.project = heading.text,
            }
            self.done.push((heading.line, draft));
        }
    }

    /// Hands over the table, in the order of its lines.
    fn end(&mut self, each: Each<'_>) -> ControlFlow<()> {
        self.close(0);
        self.done.sort_by_key(|(line, _)| *line);
        for (line, draft) in self.done.drain(..) {
            hand_over(each, line, Ok(Found::from(draft)))?;
        }
        ControlFlow::Continue(())
    }
}

/// Returns the words of a heading, which may be a link: `[[file:a.org::*Site][Site]]`.
fn named(text: &str) -> String {
    let link = text.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    let words = link.map_or(text, |link| link.rsplit("][").next().unwrap_or(link));
    words.replace("\\vert{}", "|").replace("\\vert", "|")
}

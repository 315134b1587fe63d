//! Lines of a sheet as an editor has them, and edits of them.

use std::fmt::Write as _;

use chrono::NaiveDate;
use keeptab_core::calendar::Calendar;
use keeptab_core::clock::Clock;
use keeptab_core::correction::To;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timesheet::{Line, LineTime, Sheet, TimeText, print_line};
use proptest::prelude::*;
use proptest::sample::Index;

use super::week::{note, target};

/// An edit of a line; one that does not fit the line does nothing.
#[derive(Clone, Debug)]
pub enum Action {
    Retag(To),
    Note(Option<String>),
    Mark,
    Delete,
    Split(Index, To),
    TrimStart(Index),
    TrimEnd(Index),
    Extend(Index),
    Merge,
    AddAfter(Index, To),
    AddEntry(i64, To),
}

pub fn action() -> impl Strategy<Value = Action> {
    let index = any::<Index>;
    prop_oneof![
        target().prop_map(Action::Retag),
        note().prop_map(Action::Note),
        Just(Action::Mark),
        Just(Action::Delete),
        (index(), target()).prop_map(|(at, to)| Action::Split(at, to)),
        index().prop_map(Action::TrimStart),
        index().prop_map(Action::TrimEnd),
        index().prop_map(Action::Extend),
        Just(Action::Merge),
        (index(), target()).prop_map(|(at, to)| Action::AddAfter(at, to)),
        (1..300_i64, target()).prop_map(|(minutes, to)| Action::AddEntry(minutes, to)),
    ]
}

/// An editable line, as its text shows it.
#[derive(Clone, Debug)]
struct Row {
    time: TimeText,
    to: To,
    note: Option<String>,
    billable: bool,
    billed: bool,
}

pub struct Rows {
    calendar: Calendar,
    days: Vec<(NaiveDate, Vec<Row>)>,
}

impl Rows {
    pub fn of(sheet: &Sheet) -> Self {
        let row = |day, line: &Line| Row {
            time: TimeText::of(&line.time, &sheet.calendar, day),
            to: line.to.clone(),
            note: line.shown_note().map(str::to_owned),
            billable: line.billable,
            billed: line.billed.is_some(),
        };
        let days = sheet.days.iter().map(|day| {
            let rows = day.lines.iter().map(|line| row(day.date, line)).collect();
            (day.date, rows)
        });
        Self {
            calendar: sheet.calendar,
            days: days.collect(),
        }
    }

    pub fn text(&self, header: &str) -> String {
        let mut text = format!("{header}\n");
        for (day, rows) in &self.days {
            let _ = writeln!(text, "\n{}", day.format("%a %-d %b"));
            for row in rows {
                let line = print_line(row.time, &row.to, row.billable, row.note.as_deref());
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }

    /// Applies one action after another.
    pub fn play(&mut self, script: &[(Index, Action)]) {
        for (place, action) in script {
            self.act(*place, action);
        }
    }

    /// Applies an action to a line, within the rules.
    fn act(&mut self, place: Index, action: &Action) {
        let count = self.days.iter().map(|(_, rows)| rows.len()).sum::<usize>();
        if count == 0 {
            return;
        }
        let mut place = place.index(count);
        let calendar = self.calendar;
        for (day, rows) in &mut self.days {
            if place >= rows.len() {
                place -= rows.len();
                continue;
            }
            Spot {
                calendar,
                day: *day,
                rows,
                place,
            }
            .act(action);
            return;
        }
    }
}

/// A line among those of its day.
struct Spot<'a> {
    calendar: Calendar,
    day: NaiveDate,
    rows: &'a mut Vec<Row>,
    place: usize,
}

impl Spot<'_> {
    fn act(&mut self, action: &Action) {
        let row = self.rows[self.place].clone();
        match (action, row.time) {
            (Action::AddEntry(_, To::Private), _) => {}
            (Action::AddEntry(minutes, to), _) => self.rows.push(self.entry(*minutes, to)),
            _ if row.billed => {}
            (Action::Retag(To::Private), TimeText::Entry(_)) => {}
            (Action::Retag(to), _) => self.rows[self.place].to = to.clone(),
            (Action::Note(note), _) => self.rows[self.place].note.clone_from(note),
            (Action::Mark, _) => self.rows[self.place].billable = !row.billable,
            (Action::Delete, _) => drop(self.rows.remove(self.place)),
            (_, TimeText::Clock(start, end)) => self.act_on_clock(action, row, start, end),
            _ => {}
        }
    }

    fn act_on_clock(&mut self, action: &Action, row: Row, start: Clock, end: Clock) {
        let (from, until, limit) = (self.minute(start), self.minute(end), self.limit());
        let inside = |at: Index| between(at, from, until).map(|at| self.clock(at));
        let mut time = None;
        let mut added = None;
        match action {
            Action::Split(at, to) => {
                if let Some(at) = inside(*at) {
                    time = Some((start, at));
                    added = Some(Row {
                        time: TimeText::Clock(at, end),
                        to: to.clone(),
                        ..row
                    });
                }
            }
            Action::TrimStart(at) => time = inside(*at).map(|at| (at, end)),
            Action::TrimEnd(at) => time = inside(*at).map(|at| (start, at)),
            Action::Extend(at) => time = Some((start, self.clock(between(*at, until, limit).unwrap_or(limit)))),
            Action::AddAfter(at, to) => {
                added = between(*at, until, limit).map(|from| {
                    let time = TimeText::Clock(self.clock(from), self.clock(limit));
                    Row {
                        time,
                        to: to.clone(),
                        note: None,
                        billable: true,
                        billed: false,
                    }
                });
            }
            Action::Merge => {
                if let Some(Row {
                    time: TimeText::Clock(_, end),
                    billed: false,
                    ..
                }) = self.rows.get(self.place + 1)
                {
                    time = Some((start, *end));
                    self.rows.remove(self.place + 1);
                }
            }
            _ => {}
        }
        if let Some((start, end)) = time {
            self.rows[self.place].time = TimeText::Clock(start, end);
        }
        if let Some(row) = added {
            self.rows.insert(self.place + 1, row);
        }
    }

    /// Returns the minute at which the next line begins or the day ends.
    fn limit(&self) -> Instant {
        let next = self.rows[self.place + 1..].iter().find_map(|row| match row.time {
            TimeText::Clock(start, _) => Some(self.minute(start)),
            _ => None,
        });
        next.unwrap_or(self.calendar.day(self.day).end())
    }

    fn entry(&self, minutes: i64, to: &To) -> Row {
        let time = LineTime::Entry {
            id: EntryId(0),
            span: None,
            length: Length::from_minutes(minutes),
            counted: None,
        };
        let time = TimeText::of(&time, &self.calendar, self.day);
        Row {
            time,
            to: to.clone(),
            note: None,
            billable: true,
            billed: false,
        }
    }

    fn minute(&self, clock: Clock) -> Instant {
        clock.instant(&self.calendar, self.day).unwrap()
    }

    fn clock(&self, at: Instant) -> Clock {
        Clock::of(&self.calendar, self.day, at)
    }
}

/// Returns a minute strictly between two.
fn between(at: Index, start: Instant, end: Instant) -> Option<Instant> {
    let minutes = usize::try_from((end - start).millis() / 60_000).unwrap_or_default();
    let choices = minutes.checked_sub(1).filter(|choices| *choices > 0)?;
    Some(start + Length::from_minutes(i64::try_from(1 + at.index(choices)).unwrap()))
}

//! The user's own hand: entries, timers, gaps, the week's sheet, imports, undo.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::{Days, NaiveDate};
use keeptab_core::calendar::Week;
use keeptab_core::clock::Clock;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timesheet::parse;
use keeptab_engine::{Addition, Done, Engine, ImportRequest, Start};

use super::{PROJECTS, project};
use crate::rows::lost;
use crate::world::{Answer, World};

impl World {
    fn told(&mut self, done: Result<Done>) -> Answer {
        match done {
            Ok(_) if self.disk.seen().is_dead => Answer::refused("killed"),
            Ok(done) => {
                let details = serde_json::to_value(&done).unwrap_or_default();
                let entries = details["entries"].as_array().cloned().unwrap_or_default();
                let keys = entries
                    .iter()
                    .filter_map(|entry| Some(format!("entry {}", entry["entry"].as_i64()?)));
                Answer::done(done.summary.lines().next().unwrap_or_default()).promises(keys.collect::<Vec<_>>())
            }
            Err(error) => self.refused(&error),
        }
    }

    /// Returns an instant some days ago, in quarters of an hour from nine o'clock.
    fn at_quarter(&self, days_ago: u8, quarter: u8) -> (NaiveDate, Instant) {
        let calendar = self.calendar();
        let today = calendar.day_of(self.now);
        let day = today.checked_sub_days(Days::new(days_ago.into())).unwrap_or(today);
        let from_nine = Length::from_minutes(9 * 60 + i64::from(quarter) * 15);
        (day, calendar.at_clock(day, from_nine))
    }

    fn addition(&self, nth: u8, (days_ago, quarter, minutes): (u8, Option<u8>, u16), is_beside: bool) -> Addition {
        let (day, at) = self.at_quarter(days_ago, quarter.unwrap_or(0));
        Addition {
            project: project(nth),
            length: Length::from_minutes(minutes.into()),
            day: Some(day),
            at: quarter.map(|_| Clock::of(&self.calendar(), day, at)),
            note: Some(format!("work of step {}", self.step)),
            billable: true,
            beside: is_beside,
        }
    }

    pub(super) fn add(&mut self, host: u8, nth: u8, when: (u8, Option<u8>, u16), is_beside: bool) -> Answer {
        let addition = self.addition(nth, when, is_beside);
        let done = self.ask(host, |engine, now| engine.add(&addition, now));
        self.told(done)
    }

    pub(super) fn start(&mut self, host: u8, nth: u8) -> Answer {
        let start = Start {
            project: project(nth),
            at: None,
            note: Some(format!("call of step {}", self.step)),
        };
        let done = self.ask(host, |engine, now| engine.start(&start, now));
        self.told(done)
    }

    pub(super) fn stop(&mut self, host: u8) -> Answer {
        let done = self.ask(host, Engine::stop);
        self.told(done)
    }

    pub(super) fn fill(&mut self, host: u8, nth: u8, to: u8) -> Answer {
        let done = self.ask(host, |engine, now| {
            let gaps = engine.away(None, now)?;
            let gaps = gaps.gaps();
            let gap = gaps.get(usize::from(nth) % gaps.len().max(1)).context("no gap")?;
            let times = format!("{}-{}", gap.from, gap.to).parse()?;
            engine.fill(None, times, Some(&project(to)), now)
        });
        self.told(done)
    }

    /// Writes a week's sheet, changes a line of it, and applies it.
    pub(super) fn review(&mut self, host: u8, nth: u8, change: u8, weeks_ago: u8) -> Answer {
        let day = self.calendar().day_of(self.now);
        let day = day.checked_sub_days(Days::new(u64::from(weeks_ago) * 7)).unwrap_or(day);
        let week = Week::of(day);
        let written = self.ask(host, |engine, now| engine.review(Some(week), true, now));
        let sheet = match written {
            Ok(sheet) => sheet,
            Err(error) => return self.refused(&error),
        };
        let text = changed(&sheet.text, nth, change);
        let parsed = Arc::new(parse(&text));
        match self.ask(host, |engine, now| engine.apply_sheet(&parsed, true, now)) {
            Ok(_) if self.disk.seen().is_dead => Answer::refused("killed"),
            Ok(applied) => Answer::done(applied.outcome.lines().next().unwrap_or_default()),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn import(&mut self, host: u8, rows: &[(u8, u16)], days_ago: u8, once: bool) -> Answer {
        let mut text = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,\
                        Duration,Tags,Amount (EUR)\n"
            .to_owned();
        for (nth, (quarter, minutes)) in rows.iter().enumerate() {
            let (_, start) = self.at_quarter(days_ago, *quarter);
            let end = start + Length::from_minutes((*minutes).into());
            let calendar = self.calendar();
            let [start, end] = [start, end].map(|at| calendar.local(at));
            let written = writeln!(
                text,
                "Jane,j@example.com,Acme,{},,row {nth} of step {},Yes,{},{},{},{},{:02}:{:02}:00,,",
                PROJECTS[nth % 2],
                self.step,
                start.format("%Y-%m-%d"),
                start.format("%H:%M:%S"),
                end.format("%Y-%m-%d"),
                end.format("%H:%M:%S"),
                minutes / 60,
                minutes % 60
            );
            debug_assert!(written.is_ok());
        }
        let file = self.disk.root().join("rows.csv");
        if let Err(error) = std::fs::write(&file, text) {
            return Answer::refused(error.to_string());
        }
        let request = ImportRequest {
            files: vec![file],
            overlaps_once: once,
            has_long_days: true,
            ..ImportRequest::default()
        };
        match self.ask(host, |engine, now| engine.import(&request, now)) {
            Ok(_) if self.disk.seen().is_dead => Answer::refused("killed"),
            Ok(view) => Answer::done(view.summary().lines().next().unwrap_or_default()),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn undo_import(&mut self, host: u8) -> Answer {
        let done = self.ask(host, |engine, now| engine.undo_import(None, now));
        self.told(done)
    }

    pub(super) fn undo(&mut self, host: u8) -> Answer {
        let done = self.ask(host, Engine::undo);
        self.told(done)
    }

    /// Adds an entry and takes it back: the report is as before, to the second.
    pub(super) fn there_and_back(&mut self, host: u8, nth: u8, minutes: u16) -> Answer {
        let before = match self.report(host) {
            Ok(before) => before,
            Err(error) => return self.refused(&error),
        };
        let addition = self.addition(nth, (0, Some(nth * 5), minutes), false);
        let done = self.ask(host, |engine, now| engine.add(&addition, now));
        let mut answer = self.told(done);
        if !answer.is_done {
            return answer;
        }
        let undone = self.ask(host, Engine::undo);
        let undone = self.told(undone);
        if !undone.is_done {
            return undone;
        }
        match self.report(host) {
            Ok(after) if after != before => {
                answer.broken = Some(format!("undo does not restore: {before} became {after}"));
            }
            Ok(_) => {}
            Err(error) => return self.refused(&error),
        }
        let present = self.contents().unwrap_or_default();
        if let Some((key, ..)) = lost(&self.last.facts, &present.facts) {
            answer.broken = Some(format!("undo removed {key}"));
        }
        Answer {
            words: format!("{}; {}", answer.words, undone.words),
            ..answer
        }
    }
}

/// Changes a line of a sheet that has a project: another project, no line at all, a note, or another end.
fn changed(text: &str, nth: u8, change: u8) -> String {
    let named = |line: &str| PROJECTS.iter().find(|project| line.contains(**project)).copied();
    let lines: Vec<&str> = text.lines().collect();
    let own: Vec<usize> = (0..lines.len())
        .filter(|at| !lines[*at].starts_with('#') && named(lines[*at]).is_some())
        .collect();
    let Some(chosen) = own.get(usize::from(nth) % own.len().max(1)).copied() else {
        return text.to_owned();
    };
    let mut written = String::new();
    for (at, line) in lines.into_iter().enumerate() {
        let line = match (named(line).filter(|_| at == chosen), change % 4) {
            (None, _) => line.to_owned(),
            (Some(_), 0) => continue,
            (Some(old), 1) => line.replacen(old, if old == "ops" { "web" } else { "ops" }, 1),
            (Some(_), 2) => format!("{line} noted"),
            (Some(old), _) => line.replacen(old, "web", 1),
        };
        written.push_str(&line);
        written.push('\n');
    }
    written
}

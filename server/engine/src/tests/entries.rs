//! No hour twice: entries beside captured time, invoices, imports and other homes.

mod damaged;
mod examples;
mod homes;
mod laws;
mod months;
mod rates;
mod restored;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use keeptab_core::rule::ProjectId;
use keeptab_import::{FORMAT, Own};
use serde_json::Value;

use super::*;

/// A home with its engine, at a time that only goes on.
pub(super) struct Desk {
    folder: TempDir,
    pub(super) engine: Engine,
    pub(super) now: i64,
    seq: u64,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(CONFIG)
    }

    pub(super) fn with(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("keeptab.toml"), config).unwrap();
        let engine = open(&folder);
        Self {
            folder,
            engine,
            now: 3 * 24 * 60,
            seq: 0,
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a call, a minute later.
    pub(super) fn ask<T: Json>(&mut self, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> Result<Value> {
        self.now += 1;
        self.engine.ask(at(self.now), call).map(|answer| answer.json())
    }

    #[track_caller]
    pub(super) fn run<T: Json>(&mut self, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> Value {
        self.ask(call).unwrap()
    }

    /// Works for a project from a minute on, for a number of minutes.
    pub(super) fn capture(&mut self, from: i64, length: i64, uri: &str) {
        let events = (0..=length / 5).map(|step| {
            self.seq += 1;
            work(self.seq, at(from + step * 5), uri)
        });
        let events = events.collect();
        let now = at(self.now);
        record(&mut self.engine, "vim", events, now);
    }

    /// Adds an entry that begins at a minute, or has no clock times.
    pub(super) fn add(&mut self, from: Option<i64>, length: i64, beside: bool) -> anyhow::Result<Value> {
        let day = from.map_or(at(0), at);
        let calendar = self.engine.config.calendar;
        let day = calendar.day_of(day);
        self.ask(|engine, now| {
            engine.add(
                &Addition {
                    project: ProjectId::new("api"),
                    length: Length::from_minutes(length),
                    day: Some(day),
                    at: from.map(|from| keeptab_core::clock::Clock::of(&calendar, day, at(from))),
                    note: None,
                    billable: true,
                    beside,
                },
                now,
            )
        })
    }

    pub(super) fn issue(&mut self) -> anyhow::Result<Value> {
        self.ask(|engine, now| engine.issue("acme", &Scope::default(), None, now))
    }

    pub(super) fn cancel(&mut self, number: &Value) -> anyhow::Result<Value> {
        self.ask(|engine, now| engine.cancel(&number.as_str().unwrap().parse().unwrap(), None, false, None, None, now))
    }

    /// Returns the seconds of all time, and what of it a draft would bill.
    pub(super) fn seconds(&mut self) -> (i64, i64) {
        let now = at(self.now);
        let ledger = self.engine.ledger(Span::ALL, None, now).unwrap();
        let open = ledger.work();
        let open: Length = open
            .iter()
            .filter(|work| work.billable)
            .map(|work| work.time.length())
            .sum();
        let report = report(&mut self.engine, now);
        (report["totalSeconds"].as_i64().unwrap(), open.whole_seconds())
    }

    /// Writes an export.
    pub(super) fn export(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let mut text = format!("[\n{}", serde_json::to_string(&Own::Keeptab(FORMAT)).unwrap());
        self.engine
            .export(&mut |own| {
                let _ = write!(text, ",\n{}", serde_json::to_string(&own)?);
                Ok(())
            })
            .unwrap();
        text.push_str("\n]\n");
        fs::write(&path, text).unwrap();
        path
    }

    pub(super) fn import_request(file: &Path) -> ImportRequest {
        ImportRequest {
            files: vec![file.to_owned()],
            ..ImportRequest::default()
        }
    }

    pub(super) fn import(&mut self, file: &Path) -> Value {
        self.run(|engine, now| engine.import(&Self::import_request(file), now))
    }

    /// Writes a table of rows: the beginning in minutes, the length, and a note.
    pub(super) fn table(&self, name: &str, rows: &[(i64, i64, &str)]) -> PathBuf {
        let mut text = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n".to_owned();
        for (from, length, note) in rows {
            let local = |minute| self.engine.config.calendar.local(at(minute));
            let (start, end) = (local(*from), local(from + length));
            let _ = writeln!(
                text,
                "Ann,a@x,Acme,api,,{note},Yes,{},{},{},{},{:02}:{:02}:00,,",
                start.format("%Y-%m-%d"),
                start.format("%H:%M:%S"),
                end.format("%Y-%m-%d"),
                end.format("%H:%M:%S"),
                length / 60,
                length % 60
            );
        }
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Asserts that no instant counts or is billed twice, and that parts of time add up to the whole.
    #[track_caller]
    pub(super) fn hold(&mut self) {
        let now = at(self.now);
        assert_eq!(self.engine.store.doubled_claims().unwrap(), 0);
        let ledger = self.engine.ledger(Span::ALL, None, now).unwrap();
        let held = self.engine.store.held(Span::ALL).unwrap();
        let open = ledger.open.iter().filter(|stretch| stretch.tag.billable != Some(false));
        let mut spans: Vec<Span> = open.map(|stretch| stretch.span).collect();
        spans.extend(held.iter().map(|held| held.span));
        let plain = |entered: &&ledger::Entered| entered.entry.beside == keeptab_core::entry::Beside::No;
        let plain = ledger
            .entries
            .iter()
            .filter(plain)
            .filter(|entered| entered.entry.rows.is_none());
        spans.extend(plain.flat_map(|entered| entered.counted.spans.iter().copied()));
        spans.sort();
        for pair in spans.windows(2) {
            assert!(pair[0].end() <= pair[1].start(), "{pair:?} count the same time");
        }
        let calendar = self.engine.config.calendar;
        for day in 0..4 {
            let day = calendar.day_of(at(day * 24 * 60));
            let part = self.engine.ledger(calendar.day(day), Some((day, day)), now).unwrap();
            let counted = |ledger: &ledger::Ledger| -> Vec<_> {
                let of_day = ledger.entered().filter(|entered| entered.entry.day == day);
                let mut counted: Vec<_> = of_day
                    .map(|entered| (entered.entry.id, entered.counted.clone()))
                    .collect();
                counted.sort_by_key(|(id, _)| *id);
                counted
            };
            assert_eq!(counted(&part), counted(&ledger));
            let within = keeptab_core::timeline::within(&ledger.open, calendar.day(day));
            let sum = |open: &[keeptab_core::timeline::Stretch<keeptab_core::timeline::Tagged>]| -> Length {
                open.iter().map(|stretch| stretch.span.length()).sum()
            };
            assert_eq!(sum(&part.open), sum(&within));
        }
        let found = self.engine.verify(None, None).unwrap();
        assert!(found.holds(), "{found}");
    }
}

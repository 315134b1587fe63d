//! One person's sessions of ten years, as imports bring them, in the formats of several tools.
//!
//! They are the same each time they are made, are dated so that the last one ends today, and begin and end at whole minutes, so
//! that each tool counts the same time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock::{DAY, Evening};
use crate::history::{CLIENTS, PROJECTS, is_weekday};

/// Number of sessions on a working day.
const A_DAY: usize = 38;
const MINUTE: i64 = 60_000;
/// Descriptions that occur.
const NOTES: [&str; 6] = ["review", "dashboard", "tests", "call", "release", "search"];

/// One session.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The beginning, in epoch milliseconds.
    begin: i64,
    /// The end, in epoch milliseconds.
    end: i64,
    /// The project, from 0.
    project: u32,
    note: &'static str,
}

/// Sessions in order of time, and the zone in which they are civil days.
pub struct Sessions {
    evening: Evening,
    all: Vec<Session>,
}

impl Sessions {
    /// Makes `count` sessions on weekdays and today.
    #[must_use]
    pub fn make(count: usize, evening: Evening) -> Self {
        let mut random = fastrand::Rng::with_seed(0x0073_6573_7369_6f6e);
        let mut mornings: Vec<i64> = (0..)
            .map(|back| evening.today() - back * DAY)
            .filter(|midnight| *midnight == evening.today() || is_weekday(*midnight))
            .take(count.div_ceil(A_DAY))
            .collect();
        mornings.reverse();
        let mut all = Vec::with_capacity(count);
        for midnight in mornings {
            let mut begin = midnight + (8 * 60 + random.i64(0..30)) * MINUTE;
            for _ in 0..A_DAY.min(count - all.len()) {
                let end = begin + random.i64(5..19) * MINUTE;
                all.push(Session {
                    begin,
                    end,
                    project: random.u32(0..PROJECTS),
                    note: NOTES[random.usize(0..NOTES.len())],
                });
                begin = end + random.i64(0..4) * MINUTE;
            }
        }
        Self { evening, all }
    }

    /// Returns the zone's IANA name.
    #[must_use]
    pub fn zone(&self) -> String {
        self.evening.name()
    }

    /// Returns the length of all, in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.all
            .iter()
            .map(|session| (session.end - session.begin) / 1000)
            .sum()
    }

    /// Writes a table of Toggl Track.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn toggl(&self, file: &Path) -> Result<()> {
        let mut text = String::from(
            "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n",
        );
        for session in &self.all {
            let minutes = (session.end - session.begin) / MINUTE;
            writeln!(
                text,
                "Jane Doe,jane@doe.example,{},{},,{},Yes,{},{},00:{minutes:02}:00,dev,",
                session.client(),
                session.project(),
                session.note,
                self.local(session.begin, "%Y-%m-%d,%H:%M:%S"),
                self.local(session.end, "%Y-%m-%d,%H:%M:%S"),
            )?;
        }
        Ok(fs::write(file, text)?)
    }

    /// Writes a log of bartib.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn bartib(&self, file: &Path) -> Result<()> {
        let mut text = String::new();
        for session in &self.all {
            let (begin, end) = (session.begin, session.end);
            let [begin, end] = [begin, end].map(|at| self.local(at, "%Y-%m-%d %H:%M"));
            let (client, project) = (session.client(), session.project());
            writeln!(text, "{begin} - {end} | {client} {project} | {}", session.note)?;
        }
        Ok(fs::write(file, text)?)
    }

    /// Writes a timeclock, which hledger reads.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn timeclock(&self, file: &Path) -> Result<()> {
        let mut text = String::new();
        for session in &self.all {
            let [begin, end] = [session.begin, session.end].map(|at| self.local(at, "%Y-%m-%d %H:%M:%S"));
            let (client, project) = (session.client(), session.project());
            writeln!(text, "i {begin} {client}:{project}  {}\no {end}", session.note)?;
        }
        Ok(fs::write(file, text)?)
    }

    /// Writes the folder of Timewarrior's database: a file a month, in UTC.
    ///
    /// # Errors
    ///
    /// If the files cannot be written.
    pub fn timewarrior(&self, folder: &Path) -> Result<()> {
        let mut months = BTreeMap::<String, String>::new();
        for session in &self.all {
            let [begin, end] = [session.begin, session.end].map(|at| utc(at).format("%Y%m%dT%H%M%SZ"));
            let month = months
                .entry(utc(session.begin).format("%Y-%m").to_string())
                .or_default();
            let (client, project) = (session.client(), session.project());
            writeln!(month, "inc {begin} - {end} # \"{client}\" \"{project}\"")?;
        }
        let data = folder.join("data");
        fs::create_dir_all(&data)?;
        for (month, text) in months {
            fs::write(data.join(format!("{month}.data")), text)?;
        }
        Ok(fs::write(folder.join("timewarrior.cfg"), "confirmation = off\n")?)
    }

    /// Writes the folder of Watson.
    ///
    /// # Errors
    ///
    /// If the files cannot be written.
    pub fn watson(&self, folder: &Path) -> Result<()> {
        let frame = |(id, session): (u128, &Session)| {
            let [begin, end] = [session.begin, session.end].map(|at| at / 1000);
            // As random as the ids of Watson.
            let id = format!("{:032x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
            json!([begin, end, session.project(), id, [session.client()], end])
        };
        let frames: Vec<Value> = (1..).zip(&self.all).map(frame).collect();
        fs::create_dir_all(folder)?;
        Ok(fs::write(folder.join("frames"), serde_json::to_string(&frames)?)?)
    }

    fn local(&self, at: i64, format: &str) -> String {
        utc(at + self.evening.offset()).format(format).to_string()
    }
}

impl Session {
    fn client(&self) -> String {
        format!("Client {}", self.project % CLIENTS)
    }

    fn project(&self) -> String {
        format!("Project {}", self.project)
    }
}

fn utc(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

//! Work that an editor reports, long ago.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

/// Monday, 3 March 2025, 08:00 UTC, in epoch milliseconds. Offsets below count from here.
pub const MONDAY: i64 = 1_740_988_800_000;

/// Events of one source, numbered from 1, or from the end of another trace.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Vec<Value>,
    seq: u64,
}

impl Trace {
    /// Begins at number 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins after a number.
    pub fn after(seq: u64) -> Self {
        Self {
            events: Vec::new(),
            seq,
        }
    }

    /// Adds an event; its number is filled in.
    pub fn event(mut self, mut event: Value) -> Self {
        self.seq += 1;
        event["seq"] = self.seq.into();
        self.events.push(event);
        self
    }

    /// Adds typing in a file, at most a minute apart, over seconds from [`MONDAY`].
    pub fn work(mut self, path: &str, seconds: RangeInclusive<i64>) -> Self {
        let (first, last) = seconds.into_inner();
        for at in (first..last).step_by(60).chain([last]) {
            self = self.event(json!({ "at": MONDAY + at * 1000, "kind": "edit", "uri": format!("file://{path}") }));
        }
        self
    }

    /// Returns the number of the last event.
    pub fn last(&self) -> u64 {
        self.seq
    }

    /// Returns the events.
    pub fn events(&self) -> &[Value] {
        &self.events
    }
}

//! A recorded working day: the stretches of `tests/traces`, one after the other until eight hours are full.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// Eight hours in milliseconds.
const LENGTH: i64 = 8 * 3_600_000;
/// Milliseconds from the end of a stretch to the next one.
const BETWEEN: i64 = 5_000;

/// Reads the recorded stretches and returns the events of a day that begins at `start`, numbered from 1.
///
/// # Errors
///
/// If there are no recordings, or they cannot be read.
pub fn day(start: i64) -> Result<Vec<Value>> {
    let mut stretches = stretches()?;
    ensure!(!stretches.is_empty(), "there are no recordings in tests/traces");
    let mut events = Vec::new();
    let mut offset = 0;
    loop {
        for stretch in &mut stretches {
            let mut last = 0;
            for event in stretch.iter() {
                last = event["at"].as_i64().context("an event has no time")?;
                if offset + last > LENGTH {
                    return Ok(events);
                }
                let mut event = event.clone();
                event["at"] = (start + offset + last).into();
                event["seq"] = (events.len() + 1).into();
                events.push(event);
            }
            offset += last + BETWEEN;
        }
    }
}

fn stretches() -> Result<Vec<Vec<Value>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../traces");
    let mut files: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let read = |path| -> Result<Vec<Value>> {
        let text = fs::read_to_string(path)?;
        let events: serde_json::Result<Vec<Value>> = text.lines().map(serde_json::from_str).collect();
        Ok(events?)
    };
    files.into_iter().map(read).collect()
}

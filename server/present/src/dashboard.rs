//! The dashboard as a page, for an editor that shows it and as a file.

use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::instant::Instant;
use keeptab_engine::{Dashboard, Done, Engine};
use keeptab_system::home::write_whole;

use crate::page;

/// The most bytes of a page in a file: older weeks are left out.
const LONGEST_PAGE: usize = 290_000;

/// Writes the dashboard as a read-only page, by default to keeptab's own file.
///
/// # Errors
///
/// If the time cannot be read, or the file cannot be written.
pub fn write(
    engine: &mut Engine,
    week: Option<Week>,
    range: Option<Range>,
    path: Option<PathBuf>,
    now: Instant,
) -> Result<Done> {
    let mut dashboard = engine.dashboard_of_year(week, range, now)?;
    let html = fitting(&mut dashboard)?;
    let path = path.unwrap_or_else(|| engine.home().dashboard());
    write_whole(&path, html.as_bytes())?;
    let text = format!("{} as a picture; run it again to see what has changed", dashboard.week);
    Ok(Done::new(text).with_file(path))
}

/// Returns the page with as many weeks as fit.
fn fitting(dashboard: &mut Dashboard) -> Result<String> {
    loop {
        let html = page::html(dashboard)?;
        if html.len() <= LONGEST_PAGE || !dashboard.shorten() {
            return Ok(html);
        }
    }
}

#[cfg(test)]
mod tests;

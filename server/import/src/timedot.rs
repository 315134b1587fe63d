//! hledger's timedot: a date, and below it an account and a quantity a line. A dot is a quarter of an hour.
//!
//! Source: hledger's manual, 1.40 (timedot). Two spaces stand between account and quantity.

use std::ops::ControlFlow;

use anyhow::{Context as _, Result, anyhow, bail};
use chrono::NaiveDate;
use keeptab_core::instant::Length;

use super::conventions::{Bare, Conventions};
use super::lines::lines;
use super::table::hand_over;
use super::tool::{Form, Tool, reader};
use super::{Draft, Each, Found, Importer, Input, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "timedot",
    forms: &[Form::Text(|head, _| {
        is_timedot(head).then_some(Timedot).and_then(reader)
    })],
};

/// The lines.
pub(super) struct Timedot;

impl Importer for Timedot {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let mut day: Option<NaiveDate> = None;
        lines(input, |number, line| {
            // An outline's stars stand before a line.
            let line = line.trim_start_matches('*').trim_start();
            if line.is_empty() || line.starts_with(['#', ';']) {
                return ControlFlow::Continue(());
            }
            if let Some(next) = date(line, conventions) {
                day = Some(next);
                return ControlFlow::Continue(());
            }
            // Lines below an unreadable date belong to no day.
            if looks_like_date(line) {
                day = None;
                return hand_over(each, number, Err(anyhow!("`{line}` is not a date")));
            }
            let found = day
                .context("no date stands above it")
                .and_then(|day| entry(day, line, conventions));
            hand_over(each, number, found)
        })
    }
}

/// Returns true if a date stands above a line with an account and a quantity.
fn is_timedot(head: &str) -> bool {
    let lines = head.lines().map(|line| line.trim_start_matches('*').trim());
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let is_date = lines
        .next()
        .is_some_and(|line| date(line, &Conventions::default()).is_some());
    is_date && lines.next().is_some_and(is_entry)
}

/// Reads a line that begins with a date.
fn date(line: &str, conventions: &Conventions) -> Option<NaiveDate> {
    let first = line.split_whitespace().next()?;
    let is_date = first.starts_with(|letter: char| letter.is_ascii_digit()) && first.contains(['-', '/', '.']);
    value::date(first, conventions).ok().filter(|_| is_date)
}

/// Returns whether a line is a number with marks alone.
fn looks_like_date(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let is_mark = |letter: char| matches!(letter, '-' | '/' | '.');
    first.starts_with(|letter: char| letter.is_ascii_digit())
        && first.contains(is_mark)
        && first.chars().all(|letter| letter.is_ascii_digit() || is_mark(letter))
}

/// Returns true if a line is an entry.
fn is_entry(line: &str) -> bool {
    entry(NaiveDate::MIN, line, &Conventions::default()).is_ok()
}

fn entry(day: NaiveDate, line: &str, conventions: &Conventions) -> Result<Found> {
    let (line, comment) = line.split_once(';').unwrap_or((line, ""));
    let (account, quantity) = line.trim_end().split_once("  ").context("it has no quantity")?;
    let mut draft = Draft::at(When::Day(day));
    draft.length = Some(quantity_of(quantity.trim(), conventions)?);
    match account.trim().split_once(':') {
        Some((client, project)) => {
            client.clone_into(&mut draft.client);
            draft.project = project.replace(':', " ");
        }
        None => account.trim().clone_into(&mut draft.project),
    }
    comment.trim().clone_into(&mut draft.description);
    Ok(draft.into())
}

/// Reads `.... ..`, `1.5`, `90m`; letters in place of dots are tags.
fn quantity_of(text: &str, conventions: &Conventions) -> Result<Length> {
    let marks: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if marks.is_empty() {
        bail!("it has no quantity");
    }
    let are_dots = marks.iter().all(|mark| *mark == '.');
    let are_letters = marks.iter().all(|mark| mark.is_alphabetic());
    if are_dots || are_letters {
        let quarters = i64::try_from(marks.len()).unwrap_or(i64::MAX);
        return value::sane(Length::from_minutes(quarters.saturating_mul(15)));
    }
    value::length(text, Some(Bare::Hours), conventions).map(|(length, _)| length)
}

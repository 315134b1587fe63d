//! Totals above the week and its days, and a way from the week to an invoice.
//!
//! The lens above the week shows what an invoice would bill, so it follows the ledger. The one above a day sums its
//! lines as they are typed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use keeptab_core::correction::To;
use keeptab_core::instant::Length;
use keeptab_core::timesheet::{Item, money, target};
use keeptab_engine::Owed;
use serde_json::json;
use tower_lsp::ls_types::{CodeLens, Command};

use super::Sheet;

/// Returns the lenses of a sheet, from its beginning.
pub(super) fn lenses(sheet: &Sheet) -> Vec<CodeLens> {
    let days = by_day(sheet);
    let mut lenses = Vec::new();
    for line in &sheet.parsed.lines {
        let lens = |command| CodeLens {
            range: sheet.range(&line.range),
            command: Some(command),
            data: None,
        };
        match &line.item {
            Item::Header(_) => {
                lenses.push(lens(shown(week(sheet))));
                lenses.extend(sheet.checked.owed.iter().map(|owed| lens(create(sheet, owed))));
            }
            Item::Day(header) => {
                let total = sheet.day(header).and_then(|day| days.get(&day));
                lenses.extend(total.map(|total| lens(shown(total.to_string()))));
            }
            _ => {}
        }
    }
    lenses
}

/// A title that does nothing.
fn shown(title: String) -> Command {
    Command {
        title,
        command: String::new(),
        arguments: None,
    }
}

fn create(sheet: &Sheet, owed: &Owed) -> Command {
    Command {
        title: format!(
            "{} {} · {} · Create invoice",
            owed.name,
            owed.length.to_the_second(),
            money(owed.currency, owed.amount)
        ),
        command: "keeptab.invoice".into(),
        arguments: Some(vec![json!({ "client": owed.client, "week": sheet.checked.base.week })]),
    }
}

/// Returns `31:42 · EUR 2,853.00 unbilled`.
fn week(sheet: &Sheet) -> String {
    let now = &sheet.checked.now;
    let mut parts = vec![now.shown_total().to_string()];
    if !now.unbilled.is_empty() {
        let amounts = now.unbilled.iter().map(|(currency, amount)| money(*currency, *amount));
        parts.push(format!("{} unbilled", amounts.collect::<Vec<_>>().join(", ")));
    }
    if !sheet.checked.review.edits.is_empty() {
        parts.push("changes not applied, save applies them".into());
    }
    parts.join(" · ")
}

/// The total length of a day's lines, by target.
#[derive(Default)]
pub(super) struct Total(BTreeMap<To, Length>);

impl Total {
    /// Returns the parts, the longest first; private time comes last and is in no total.
    pub(super) fn parts(&self) -> Vec<(&To, Length)> {
        let mut parts: Vec<(&To, Length)> = self.0.iter().map(|(to, length)| (to, *length)).collect();
        parts.sort_by_key(|(to, length)| (**to == To::Private, std::cmp::Reverse(*length)));
        parts
    }

    /// Returns the sum without private time.
    pub(super) fn sum(&self) -> Length {
        let counted = self.0.iter().filter(|(to, _)| **to != To::Private);
        counted.map(|(_, length)| *length).sum()
    }
}

/// Shown as `5:23 · acme/api 4:00 · ? 1:23`.
impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.sum())?;
        let mut parts = self.parts().into_iter();
        parts.try_for_each(|(to, length)| write!(f, " · {} {length}", target(to)))
    }
}

/// Sums the lines of each day, as typed.
pub(super) fn by_day(sheet: &Sheet) -> BTreeMap<NaiveDate, Total> {
    let mut days = BTreeMap::<NaiveDate, Total>::new();
    for row in sheet.rows() {
        let day = days.entry(row.resolved.day).or_default();
        *day.0.entry(row.to().clone()).or_default() += row.shown;
    }
    days
}

#[cfg(test)]
mod tests;

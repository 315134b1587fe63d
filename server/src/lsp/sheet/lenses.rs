//! Totals above the week and its days, and a way from the week to an invoice.
//!
//! The lens above the week shows what an invoice would bill, so it follows the ledger. The one above a day sums its
//! lines as they are typed. None repeats a sum that its line has.

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
                let week = week(sheet, sheet.parsed.slice(&line.range));
                lenses.extend(week.map(|week| lens(shown(week))));
                lenses.extend(sheet.checked.owed.iter().map(|owed| lens(create(sheet, owed))));
            }
            Item::Day(header) => {
                let total = sheet.day(header).and_then(|day| days.get(&day));
                let written = header.total.as_ref().map(|total| sheet.parsed.slice(total));
                let told = total.and_then(|total| total.beside(written.unwrap_or_default()));
                lenses.extend(told.map(|told| lens(shown(told))));
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
    let sum = format!(
        " {} · {}",
        owed.length.to_the_second(),
        money(owed.currency, owed.amount)
    );
    // The sum of one client may be that of the week, which the header has.
    let is_the_week = sheet.checked.owed.len() == 1 && owed.length == sheet.checked.now.shown_total();
    let sum = if is_the_week { "" } else { sum.as_str() };
    Command {
        title: format!("{}{sum} · Create invoice", owed.name),
        command: "keeptab.invoice".into(),
        arguments: Some(vec![json!({ "client": owed.client, "week": sheet.checked.base.week })]),
    }
}

/// Returns `31:42 · EUR 2,853.00 unbilled`, without what the header has; `None` if that is all.
fn week(sheet: &Sheet, header: &str) -> Option<String> {
    let now = &sheet.checked.now;
    let mut parts = vec![now.shown_total().to_string()];
    if !now.unbilled.is_empty() {
        let amounts = now.unbilled.iter().map(|(currency, amount)| money(*currency, *amount));
        parts.push(format!("{} unbilled", amounts.collect::<Vec<_>>().join(", ")));
    }
    parts.retain(|part| !header.contains(&format!("   {part}   ")));
    if !sheet.checked.review.edits.is_empty() {
        parts.push("changes not applied, save applies them".into());
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
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

impl Total {
    /// Returns the text beside a day's sum as written: the parts if there are several, after the sum if it is another one. `None` if
    /// the sum says it all.
    fn beside(&self, written: &str) -> Option<String> {
        let (sum, whole) = (self.sum().to_string(), self.to_string());
        match (sum == written, self.0.len() > 1) {
            (true, true) => whole.strip_prefix(&format!("{sum} · ")).map(str::to_owned),
            (true, false) => None,
            (false, true) => Some(whole),
            (false, false) => Some(sum),
        }
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

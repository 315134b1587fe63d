//! Targets that the time of a line can be credited to.

use std::collections::HashMap;

use chrono::NaiveDate;
use keeptab_core::correction::To;
use keeptab_core::instant::Length;
use keeptab_core::money::Unit;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::target;
use keeptab_engine::Offered;
use tower_lsp::ls_types::CompletionItemKind;

use super::Proposal;
use crate::lsp::sheet::Sheet;

/// Returns all projects: the likely ones by the touched files, those of this week, the longest first, and the others
/// in the order of the config; then unassigned, and private unless the line is an entry.
pub(super) fn proposals(sheet: &Sheet, line: usize, entry: bool, likely: &[ProjectId]) -> Vec<Proposal> {
    let mut week = HashMap::<&ProjectId, Length>::new();
    for line in sheet.checked.now.days.iter().flat_map(|day| &day.lines) {
        if let To::Project(id) = &line.to {
            *week.entry(id).or_default() += line.time.length();
        }
    }
    let spent = |project: &Offered| week.get(&project.terms.project).copied().unwrap_or_default();
    let mut projects: Vec<&Offered> = sheet.checked.projects.iter().collect();
    projects.sort_by_key(|project| {
        let place = likely.iter().position(|id| *id == project.terms.project);
        (place.unwrap_or(likely.len()), std::cmp::Reverse(spent(project)))
    });
    let day = sheet.day_above(line);
    let mut proposals: Vec<Proposal> = projects
        .into_iter()
        .map(|project| Proposal {
            kind: CompletionItemKind::MODULE,
            label: project.terms.project.to_string(),
            detail: detail(project, day, spent(project)),
            text: target(&To::Project(project.terms.project.clone())),
        })
        .collect();
    let other = |to: &To, detail: &str| Proposal {
        kind: CompletionItemKind::KEYWORD,
        label: target(to),
        detail: detail.into(),
        text: target(to),
    };
    proposals.push(other(&To::Unassigned, "unassigned"));
    if !entry {
        proposals.push(other(&To::Private, "private"));
    }
    proposals
}

/// Returns `Acme Co · EUR 95.00/h · 12:30 this week`.
fn detail(project: &Offered, day: Option<NaiveDate>, spent: Length) -> String {
    let terms = &project.terms;
    let rate = day.map_or_else(|| terms.rates.last().copied(), |day| terms.rate_on(day));
    let rate = rate.map(|rate| {
        let unit = match rate.unit {
            Unit::Hour => "h",
            Unit::Day => "day",
        };
        format!("{} {}/{unit}", terms.currency, rate.price)
    });
    let client = project.client.clone().unwrap_or_else(|| "no client".into());
    let rate = match rate {
        _ if !terms.billable => "not billable".to_owned(),
        Some(rate) => rate,
        None => "no rate".to_owned(),
    };
    let spent = (!spent.is_zero()).then(|| format!("{spent} this week"));
    [Some(client), Some(rate), spent]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

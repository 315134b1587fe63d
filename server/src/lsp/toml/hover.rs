//! Hover texts of a key, a glob, a project or a rate.

use std::ops::Range;

use chrono::{Days, NaiveDate};
use keeptab_config::countries;
use keeptab_config::keys::{Key, Kind, Shape, TABLES};
use keeptab_config::outline::{Node, NodeKind, Place};
use keeptab_core::billing::Rate;
use keeptab_core::money::{Amount, Currency, Unit};
use keeptab_core::rule::{ProjectId, Subject as Of, Target};
use keeptab_engine::Standing;

use super::Page;
use super::complete::need;
use super::globs::GlobAt;

/// The subject of a hover.
pub(super) enum Subject {
    /// Text that needs no query.
    Words(String),
    /// A glob, to be shown with its matches.
    Glob(GlobAt),
    /// A project, to be shown with its totals.
    Project(ProjectId),
}

/// Returns the subject at a byte, with its range.
pub(super) fn subject(page: &Page, byte: usize) -> Option<(Subject, Range<usize>)> {
    match page.outline.place(page.text(), byte) {
        Place::Header { header, name } => {
            let first = header.path.first()?;
            match (first.text.as_str(), name.and_then(|index| header.path.get(index))) {
                ("project", Some(id)) if name == Some(1) => {
                    Some((Subject::Project(ProjectId::new(&*id.text)), id.range.clone()))
                }
                (table, _) => {
                    let (_, doc) = TABLES.iter().find(|(name, _)| *name == table)?;
                    Some((Subject::Words((*doc).to_owned()), header.range.clone()))
                }
            }
        }
        Place::Key {
            table,
            name: Some(name),
            ..
        } => {
            let key = Shape::at(&table)?.key(&name.text)?;
            Some((Subject::Words(of_key(key)), name.range.clone()))
        }
        Place::Value {
            path, node: Some(node), ..
        } => {
            let key = Shape::key_at(&path)?;
            Some((of_value(page, key, &path, node), node.range.clone()))
        }
        Place::Key { .. } | Place::Value { .. } | Place::Nothing => None,
    }
}

fn of_key(key: &Key) -> String {
    match need(key) {
        "" => format!("`{}`: {}", key.name, key.doc),
        need => format!("`{}`: {}\n\n*{need}*", key.name, key.doc),
    }
}

fn of_value(page: &Page, key: &Key, path: &[String], node: &Node) -> Subject {
    let NodeKind::Scalar(text) = &node.kind else {
        return Subject::Words(of_key(key));
    };
    let project = match path {
        [table, id, ..] if table == "project" => Some(ProjectId::new(&**id)),
        _ => None,
    };
    let glob = |subject| {
        Subject::Glob(GlobAt {
            text: text.clone(),
            target: project.clone().map_or(Target::Ignore, Target::Project),
            subject,
        })
    };
    let means = match key.kind {
        Kind::Paths => return glob(Of::Path),
        Kind::Urls => return glob(Of::Url),
        Kind::Globs => return glob(if text.contains("://") { Of::Url } else { Of::Path }),
        Kind::Rates | Kind::Number(..) if path.get(2).is_some_and(|name| name == "rate") => {
            project.and_then(|project| rate(page, &project, path, node))
        }
        Kind::Word(words) | Kind::Words(words) | Kind::FlagOr(words) => {
            let known = words.iter().find(|(word, _)| word == text);
            known.map(|(word, means)| format!("`{word}`: {means}"))
        }
        Kind::Country => countries()
            .find(|(code, _)| code == text)
            .map(|(_, name)| name.to_owned()),
        Kind::Client => {
            let client = page.proof.config.clients.get(text);
            client.map(|client| client.party.name.clone())
        }
        _ => None,
    };
    Subject::Words(means.map_or_else(|| of_key(key), |means| format!("{means}\n\n{}", of_key(key))))
}

/// Describes the days on which a rate is in force.
fn rate(page: &Page, project: &ProjectId, path: &[String], node: &Node) -> Option<String> {
    let known = page.proof.config.project(project)?;
    let rates = &known.terms.rates;
    let from = if path.len() > 3 { from_beside(page, node) } else { None };
    let index = rates.iter().position(|rate| rate.from == from)?;
    let Rate { price, unit, .. } = rates.get(index)?;
    let unit = match unit {
        Unit::Hour => "an hour".to_owned(),
        Unit::Day => format!("a day of {} hours", known.terms.hours_per_day),
    };
    let until = rates.get(index + 1).and_then(|next| next.from);
    let until = until.and_then(|next| next.checked_sub_days(Days::new(1)));
    let when = match (from, until) {
        (None, None) => "for all time".to_owned(),
        (None, Some(until)) => format!("up to {until}"),
        (Some(from), None) => format!("from {from} on"),
        (Some(from), Some(until)) => format!("from {from} to {until}"),
    };
    let currency = known.terms.currency;
    Some(format!("{currency} {} {unit}, {when}", price.shown(currency)))
}

/// Returns the first day that is beside a rate in its table.
fn from_beside(page: &Page, node: &Node) -> Option<NaiveDate> {
    let Place::Key { beside, .. } = page.outline.place(page.text(), key_before(page, node)?) else {
        return None;
    };
    let from = beside
        .iter()
        .find(|entry| entry.key.iter().any(|name| name.text == "from"))?;
    match &from.value.as_ref()?.kind {
        NodeKind::Scalar(text) => text.parse().ok(),
        NodeKind::Array(_) | NodeKind::Table(_) => None,
    }
}

/// Returns a byte of the key before a value.
fn key_before(page: &Page, node: &Node) -> Option<usize> {
    let before = page.text().get(..node.range.start)?.trim_end();
    Some(before.strip_suffix('=')?.trim_end().len())
}

/// Describes the totals of a project.
pub(super) fn project(page: &Page, id: &ProjectId, standing: &Standing) -> String {
    let money = |(currency, amount): &(Currency, Amount)| format!(", {currency} {amount} unbilled");
    let unbilled: String = standing.unbilled.iter().map(money).collect();
    let hours = format!(
        "**{id}**: {} this week, {} in all{unbilled}",
        standing.week, standing.all
    );
    let Some(known) = page.proof.config.project(id) else {
        return hours;
    };
    let client = match known.client.as_ref() {
        Some(client) => format!("for {client}"),
        None => "without a client: its time is not billable".to_owned(),
    };
    let rate = known.terms.rates.last().map(|rate| {
        let unit = match rate.unit {
            Unit::Hour => "an hour",
            Unit::Day => "a day",
        };
        let from = rate.from.map(|from| format!(" from {from} on")).unwrap_or_default();
        format!("{} {} {unit}{from}", known.terms.currency, rate.price)
    });
    format!("{hours}\n\n{client}, {}", rate.unwrap_or_else(|| "no rate".to_owned()))
}

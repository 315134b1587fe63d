//! Details of a line, a doubt or a day, in words.

mod doubt;
mod markdown;

use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::correction::To;
use keeptab_core::instant::Span;
use keeptab_core::timesheet::{Item, money, target};
use keeptab_engine::{Behind, Touched};
use keeptab_repository::{self, Commit};
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::rows::Row;
use super::{Sheet, hints, lenses};
use crate::lsp::server::Host;
use markdown::{code, list, plain};

/// The most files or pages to name.
const MOST: usize = 8;

/// Returns the hover text of the line at a place.
pub(super) async fn hover(host: &Host, sheet: &Sheet, at: Position) -> Result<Option<Hover>> {
    let (number, _) = sheet.place(at);
    let Some(line) = sheet.parsed.lines.get(number) else {
        return Ok(None);
    };
    let text = match &line.item {
        Item::Comment => doubt::of(&sheet.checked, sheet.parsed.slice(&line.range)),
        Item::Day(header) => sheet.day(header).and_then(|day| {
            let days = lenses::by_day(sheet);
            days.get(&day).map(|total| of_day(sheet, total))
        }),
        Item::Time(_) => match sheet.row(number) {
            Some(row) => Some(of_line(sheet, &row, &behind(host, sheet, number).await?)),
            None => None,
        },
        Item::Header(_) | Item::Blank | Item::Unreadable => None,
    };
    Ok(text.map(|value| Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }),
        range: Some(sheet.range(&line.range)),
    }))
}

/// Returns the work behind a line.
pub(super) async fn behind(host: &Host, sheet: &Sheet, line: usize) -> Result<Behind> {
    let spans = sheet.stretches(line);
    if spans.is_empty() {
        return Ok(Behind::default());
    }
    let asked = spans.clone();
    let mut behind = host.engine.ask(move |engine, now| engine.behind(&asked, now)).await?;
    let places = std::mem::take(&mut behind.places);
    // A large repository takes a while; neither the engine nor the reading of messages waits for it.
    let commits = tokio::task::spawn_blocking(move || commits(&places, &spans)).await?;
    behind.note = keeptab_repository::proposed_note(&commits);
    behind.commits = commits.into_iter().map(|commit| commit.subject).collect();
    Ok(behind)
}

/// Returns the user's commits in some stretches, in the order of time.
fn commits(places: &[PathBuf], spans: &[Span]) -> Vec<Commit> {
    let Some(all) = spans
        .iter()
        .copied()
        .reduce(|all, span| Span::new(all.start().min(span.start()), all.end().max(span.end())).unwrap_or(all))
    else {
        return Vec::new();
    };
    let mut commits = Vec::new();
    for place in places {
        match keeptab_repository::commits(place, all) {
            Ok(found) => commits.extend(found),
            Err(error) => tracing::info!("{} was not looked into: {error:#}", place.display()),
        }
    }
    commits.retain(|commit| spans.iter().any(|span| span.contains(commit.at)));
    commits.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    // Two roots may lie in one repository.
    commits.dedup_by(|one, other| one.id == other.id);
    commits
}

/// Describes the totals of a day, project by project.
fn of_day(sheet: &Sheet, total: &lenses::Total) -> String {
    let part = |(to, length)| match project(sheet, to) {
        Some((_, what)) if !what.is_empty() => format!("{length} {} · {what}", code(&target(to))),
        _ => format!("{length} {}", named(to)),
    };
    let parts = total.parts().into_iter().map(part);
    format!("**{}**\n\n{}", total.sum(), list(parts))
}

fn named(to: &To) -> String {
    match to {
        To::Unassigned => "unassigned".into(),
        To::Private => "private, and in no total".into(),
        To::Project(_) => code(&target(to)),
    }
}

/// Returns a project with its name and its client's.
fn project<'s>(sheet: &'s Sheet, to: &To) -> Option<(&'s keeptab_engine::Offered, String)> {
    let To::Project(id) = to else { return None };
    let project = sheet.project(id)?;
    let name = Some(project.terms.name.as_str()).filter(|name| *name != id.as_str());
    let words: Vec<String> = [name, project.client.as_deref()]
        .into_iter()
        .flatten()
        .map(plain)
        .collect();
    Some((project, words.join(" · ")))
}

/// Describes a line and the work behind it.
fn of_line(sheet: &Sheet, row: &Row<'_>, behind: &Behind) -> String {
    let mut parts = vec![head(sheet, row), amount(sheet, row)];
    parts.extend(todo(row, behind));
    parts.extend(files(behind));
    parts.extend(rule(behind));
    if !behind.commits.is_empty() {
        let subjects = behind.commits.iter().map(|subject| plain(subject));
        parts.push(format!("Commits:\n{}", list(subjects)));
    }
    parts.join("\n\n")
}

fn head(sheet: &Sheet, row: &Row<'_>) -> String {
    let what = project(sheet, row.to()).map(|(_, what)| what).unwrap_or_default();
    let name = match row.to() {
        To::Unassigned => "unassigned".into(),
        To::Private => "private".into(),
        to @ To::Project(_) => code(&target(to)),
    };
    if what.is_empty() {
        format!("**{name}**")
    } else {
        format!("**{name}** · {what}")
    }
}

/// Returns the line's length and amount, or the reason why it has no amount.
fn amount(sheet: &Sheet, row: &Row<'_>) -> String {
    let label = hints::label(sheet, row);
    if let Some(sum) = hints::sum(sheet, row) {
        return format!("{label} ({sum})");
    }
    let To::Project(id) = row.to() else { return label };
    match sheet.project(id).map(|project| &project.terms) {
        _ if row.billed.is_some() => label,
        _ if !row.billable() => format!("{label} · not billable: the line is marked `!`"),
        None => format!("{label} · the project is not in keeptab.toml"),
        Some(terms) if !terms.billable => format!("{label} · not billable: the project has no client, or says so"),
        Some(terms) => match terms.rate_on(row.resolved.day) {
            None => format!("{label} · no rate on this day"),
            Some(_) => format!(
                "{label} · {}: it rounds to nothing",
                money(terms.currency, keeptab_core::money::Amount::zero(terms.currency))
            ),
        },
    }
}

/// Returns the next step for a line that cannot be billed.
fn todo(row: &Row<'_>, behind: &Behind) -> Option<String> {
    match row.to() {
        To::Private => {
            Some("Only that time passed is kept of it. Write a project instead of the `-` to count it.".into())
        }
        To::Unassigned => {
            let hint = row.written.and_then(|written| written.hint.as_deref());
            let root = hint.map_or_else(String::new, |root| format!(" in {}", code(root)));
            let likely = behind.likely.first();
            let likely = likely.map_or_else(String::new, |project| {
                format!(", such as {}", code(&target(&To::Project(project.clone()))))
            });
            Some(format!(
                "No rule names what was touched{root}. Write a project instead of the `?`{likely}, or assign the folder \
                 to one: add it to the project's `paths` in keeptab.toml."
            ))
        }
        To::Project(_) => None,
    }
}

/// Lists the touched things: files, languages, pages, agents.
fn files(behind: &Behind) -> Vec<String> {
    let (pages, files): (Vec<&Touched>, Vec<&Touched>) = behind.touched.iter().partition(|touched| touched.page);
    let mut parts = Vec::new();
    let named = |touched: &&Touched| format!("{} {} · {}×", code(&touched.name), touched.time, touched.count);
    for (things, what) in [(files, "files"), (pages, "pages")] {
        let more = things.len().saturating_sub(MOST);
        let rest = (more > 0).then(|| format!("and {more} more {what}"));
        let lines: Vec<String> = things.iter().take(MOST).map(named).chain(rest).collect();
        if !lines.is_empty() {
            parts.push(list(lines));
        }
        if what == "files" && !behind.languages.is_empty() {
            let languages: Vec<String> = behind.languages.iter().map(|language| plain(language)).collect();
            parts.push(languages.join(", "));
        }
    }
    if !behind.private.is_zero() {
        parts.push(format!("{} in private files or pages", behind.private));
    }
    let (things, times) = behind.agents;
    if times > 0 {
        let changes = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        parts.push(format!(
            "Agents: {} in {}",
            changes(times, "change"),
            changes(things, "file")
        ));
    }
    parts
}

fn rule(behind: &Behind) -> Option<String> {
    let won = behind.rule.as_ref()?;
    let of = code(&won.of);
    Some(match &won.by {
        Some((glob, project)) => format!(
            "Rule: {} wins for {of} and names {}",
            code(glob),
            code(project.as_str())
        ),
        None => format!("Rule: none names {of}"),
    })
}

#[cfg(test)]
mod tests;

//! Checks of a sheet beyond its single lines.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::pair::{Mine, Pairing};
use crate::correction::To;
use crate::instant::{Length, Span};
use crate::rule::ProjectId;
use crate::timesheet::Sheet;
use crate::timesheet::print::short_date;
use crate::timesheet::problem::{Problem, ProblemKind};

/// Checks projects, overlaps and the length of days; warns of unassigned time.
pub(super) fn check(pairing: &Pairing<'_>, base: &Sheet, projects: &[ProjectId], problems: &mut Vec<Problem>) {
    unknown_projects(pairing, projects, problems);
    overlaps(pairing, problems);
    long_days(pairing, base, problems);
    for mine in pairing.mine.iter().filter(|mine| *mine.to == To::Unassigned) {
        let place = (mine.source, mine.to_range.clone());
        let length = mine
            .length
            .map_or_else(|| "time".to_owned(), |length| length.to_string());
        let message = format!("{length} is unassigned");
        let hint = "write a project instead of the `?`";
        problems.push(Problem::error(ProblemKind::Unassigned, place, message, hint).as_warning());
    }
    for mine in pairing
        .mine
        .iter()
        .filter(|mine| mine.is_entry() && *mine.to == To::Private)
    {
        let message = "an entry cannot be private";
        let hint = "delete the line, or give it a project";
        let place = (mine.source, mine.to_range.clone());
        problems.push(Problem::error(ProblemKind::Entry, place, message, hint));
    }
}

/// Checks that each project is in the config or in the written text: history may name a removed one.
fn unknown_projects(pairing: &Pairing<'_>, projects: &[ProjectId], problems: &mut Vec<Problem>) {
    let mut known: HashSet<&ProjectId> = projects.iter().collect();
    known.extend(pairing.base.iter().filter_map(|written| project(&written.line.to)));
    let mut hints: HashMap<&ProjectId, String> = HashMap::new();
    for mine in &pairing.mine {
        let Some(id) = project(mine.to).filter(|id| !known.contains(id)) else {
            continue;
        };
        let hint = hints.entry(id).or_insert_with(|| nearest(id, projects)).clone();
        let place = (mine.source, mine.to_range.clone());
        problems.push(Problem::error(
            ProblemKind::Project,
            place,
            format!("unknown project {id}"),
            hint,
        ));
    }
}

fn project(to: &To) -> Option<&ProjectId> {
    match to {
        To::Project(id) => Some(id),
        To::Unassigned | To::Private => None,
    }
}

/// Returns a hint: the project that a text is part of or nearly spells, if any.
fn nearest(id: &ProjectId, projects: &[ProjectId]) -> String {
    let wanted = id.as_str().to_lowercase();
    // Edit distance costs quadratic time, and no project is near a long text.
    let most = if wanted.len() > 100 { 0 } else { 2.max(wanted.len() / 3) };
    let distance = |project: &ProjectId| {
        let name = project.as_str().to_lowercase();
        let part = name.split('/').any(|part| part == wanted);
        if part || most == 0 {
            usize::from(!part)
        } else {
            strsim::osa_distance(&name, &wanted)
        }
    };
    let near = projects.iter().map(|project| (distance(project), project));
    match near
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
    {
        Some((_, project)) => format!("did you mean {project}?"),
        None => format!("add [project.\"{id}\"] to keeptab.toml, or write one that is there"),
    }
}

/// Checks that lines with clock times do not overlap; a warning only if both times are as they were written.
fn overlaps(pairing: &Pairing<'_>, problems: &mut Vec<Problem>) {
    let mut lines: Vec<_> = pairing
        .mine
        .iter()
        .filter_map(|mine| Some((mine.span?, mine)))
        .collect();
    lines.sort_by_key(|(span, mine)| (*span, mine.source));
    let kept = |mine: &Mine<'_>| {
        let written = mine.written.and_then(|written| pairing.base.get(written));
        written.is_some_and(|written| written.shown == mine.shown)
    };
    let mut longest: Option<(Span, &Mine<'_>)> = None;
    for (span, mine) in lines {
        if let Some((before, other)) = longest.filter(|(before, _)| span.start() < before.end()) {
            // Report the line that was changed.
            let (at, with) = if mine.unchanged && !other.unchanged {
                (other, mine)
            } else {
                (mine, other)
            };
            let message = format!("{} overlaps {} of {}", at.shown, with.shown, shown(with.to));
            let hint = "end the one where the other begins";
            let place = (at.source, at.time_range.clone());
            let problem = Problem::error(ProblemKind::Overlap, place, message, hint);
            let both_kept = kept(mine) && kept(other);
            problems.push(if both_kept { problem.as_warning() } else { problem });
            if span.end() <= before.end() {
                continue;
            }
        }
        longest = Some((span, mine));
    }
}

fn shown(to: &To) -> String {
    match to {
        To::Project(id) => id.to_string(),
        To::Unassigned => "no project".to_owned(),
        To::Private => "private time".to_owned(),
    }
}

/// Checks that no day has more time than its civil day; a warning only if it has no more than was written.
fn long_days(pairing: &Pairing<'_>, base: &Sheet, problems: &mut Vec<Problem>) {
    let mut days: BTreeMap<_, Length> = BTreeMap::new();
    for mine in &pairing.mine {
        let written = mine.written.and_then(|written| pairing.base.get(written));
        let kept = written.filter(|written| written.shown == mine.shown);
        let counted = kept.map(|written| written.line.time.length()).or(mine.length);
        *days.entry(mine.day).or_default() += counted.unwrap_or_default();
    }
    let mut before: BTreeMap<_, Length> = BTreeMap::new();
    for written in &pairing.base {
        *before.entry(written.day).or_default() += written.line.time.length();
    }
    for (day, length) in days {
        let most = base.calendar.day(day).length();
        // In minutes, as shown: nobody could find the seconds over a full day.
        let minutes = |length: Length| length.whole_seconds() / 60;
        if minutes(length) <= minutes(most) {
            continue;
        }
        let message = format!("{length} on {}, which has {most}", short_date(day));
        let hint = "look at its entries: some may stand beside captured time";
        let problem = Problem::error(ProblemKind::LongDay, pairing.day_place(day), message, hint);
        let more = before.get(&day).is_none_or(|before| length > *before);
        problems.push(if more { problem } else { problem.as_warning() });
    }
}

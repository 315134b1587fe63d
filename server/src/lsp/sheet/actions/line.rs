//! Actions on any line: split it, merge it with the one above, change its billable mark.

use keeptab_core::clock::Clock;
use keeptab_core::correction::To;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timesheet::{TimeText, print_line};

use super::scene::{Change, Row, Scene};
use super::{Does, Offer};

/// Returns the actions on a line; none on a billed one.
pub(super) fn offers(scene: &Scene<'_>, row: &Row<'_>) -> Vec<Offer> {
    if row.billed {
        return Vec::new();
    }
    let structural = [split(scene, row), merge(scene, row)].into_iter().flatten();
    let sound = |offer: &Offer| match &offer.does {
        Does::Edit(changes) => scene.is_sound(changes),
        Does::Run(..) => true,
    };
    let mark = (row.to.value != To::Private).then(|| billable(row));
    structural.filter(sound).chain(mark).collect()
}

/// Splits a line in two that meet in its middle.
fn split(scene: &Scene<'_>, row: &Row<'_>) -> Option<Offer> {
    let (from, to, _) = row.clocks()?;
    let middle = middle(scene, row)?;
    let part = |from, to| TimeText::Clock(from, to).to_string();
    let rest = scene.parsed.slice(&(row.time.range.end..row.bytes.end));
    let indent = scene.parsed.slice(&(row.bytes.start..row.time.range.start));
    let second = format!("{indent}{}{rest}", part(middle, to));
    let changes = vec![
        Change::new(row.time.range.clone(), part(from, middle)),
        scene.after(row.line, second.trim_start_matches('\u{feff}')),
    ];
    Some(Offer::new(format!("Split at {middle}"), Does::Edit(changes)))
}

/// Returns the middle of a line, cut to five minutes, or to the minute if the line is short.
fn middle(scene: &Scene<'_>, row: &Row<'_>) -> Option<Clock> {
    let (from, to, span) = row.clocks()?;
    let half = span.start() + Length::from_millis(span.length().millis() / 2);
    let cut = |minutes: i64| {
        let step = Length::from_minutes(minutes).millis();
        Instant::from_millis(half.millis().div_euclid(step) * step)
    };
    let inside = |at: &Instant| {
        let clock = scene.clock(row.day, *at);
        span.contains(*at) && clock != from && clock != to
    };
    let at = [5, 1].map(cut).into_iter().find(inside)?;
    Some(scene.clock(row.day, at))
}

/// Merges a line with the one before it, and counts the time between them.
fn merge(scene: &Scene<'_>, row: &Row<'_>) -> Option<Offer> {
    let (_, own_end, own) = row.clocks()?;
    let above = scene.rows.iter().rev().find(|other| other.line < row.line)?;
    let (start, above_end, upper) = above.clocks().filter(|_| above.day == row.day && !above.billed)?;
    if own.start() < upper.start() {
        return None;
    }
    let title = match (&above.to.value, &row.to.value) {
        (upper, lower) if upper == lower => "Merge with the line above".to_owned(),
        (To::Project(project), To::Project(_) | To::Unassigned) => {
            format!("Merge with the line above, for {project}")
        }
        _ => return None,
    };
    let between = own.start() - upper.end();
    let title = if between >= Length::from_minutes(1) {
        format!("{title} ({between} between is counted)")
    } else {
        title
    };
    let end = if own.end() > upper.end() { own_end } else { above_end };
    let mut notes: Vec<&str> = [scene.note(above), scene.note(row)].into_iter().flatten().collect();
    notes.dedup();
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    let text = print_line(
        TimeText::Clock(start, end),
        &above.to.value,
        above.mark.is_none(),
        note.as_deref(),
    );
    let changes = vec![
        Change::new(above.time.range.start..above.bytes.end, text),
        Change::new(scene.whole(row.line), ""),
    ];
    Some(Offer::new(title, Does::Edit(changes)))
}

/// Marks a line not billable, or takes the mark away.
fn billable(row: &Row<'_>) -> Offer {
    let end = row.to.range.end;
    match (row.mark, row.note) {
        (Some(mark), note) => {
            let to = note.map_or(mark.end, |note| note.range.start);
            let text = if note.is_some() { "  " } else { "" };
            Offer::new("Billable", Does::Edit(vec![Change::new(end..to, text)]))
        }
        (None, Some(note)) => {
            let start = note.range.start;
            Offer::new("Not billable", Does::Edit(vec![Change::new(start..start, "! ")]))
        }
        (None, None) => Offer::new("Not billable", Does::Edit(vec![Change::new(end..end, "  !")])),
    }
}

//! Places the rows of imported files among existing time.

use super::Taken;
use super::counting::meeting;
use crate::instant::{Length, Span};

/// The treatment of rows of one file that overlap one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlaps {
    /// The later row counts beside the earlier one.
    #[default]
    Beside,
    /// Their common instants count once, for the earlier row.
    Once,
}

/// A row with clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The index of its file.
    pub file: u32,
    /// Its clock times.
    pub span: Span,
}

/// The time that a row counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landed {
    /// The instants that it counts, in order.
    pub free: Vec<Span>,
    /// The length that it counts beside earlier rows of its file.
    pub beside: Length,
    /// True if it shares an instant with another row of its file.
    pub shares: bool,
}

/// Returns the time that each row counts, in order: its instants that neither `taken` nor an earlier row holds. With
/// [`Overlaps::Beside`], earlier rows of the same file take nothing from it.
#[must_use]
pub fn land(rows: &[Row], taken: &Taken, overlaps: Overlaps) -> Vec<Landed> {
    let mut landed: Vec<Landed> = Vec::with_capacity(rows.len());
    let mut all = taken.clone();
    let files = rows
        .iter()
        .map(|row| row.file)
        .max()
        .map_or(0, |last| last as usize + 1);
    // By file: the instants that other files hold, and those that the file itself holds.
    let mut others = vec![taken.clone(); if overlaps == Overlaps::Beside { files } else { 0 }];
    let mut own = vec![Taken::default(); others.len()];
    for row in rows {
        let file = row.file as usize;
        let before = others.get(file).unwrap_or(&all);
        let free = before.free(row.span);
        let beside = own.get(file).map_or(Length::ZERO, |own| {
            let length = |spans: &[Span]| spans.iter().map(|span| span.length()).sum::<Length>();
            let alone: Vec<Span> = free.iter().flat_map(|span| own.free(*span)).collect();
            length(&free) - length(&alone)
        });
        all.extend(free.iter().copied());
        for (other, taken) in others.iter_mut().enumerate() {
            if other != file {
                taken.extend(free.iter().copied());
            }
        }
        if let Some(own) = own.get_mut(file) {
            own.extend(free.iter().copied());
        }
        landed.push(Landed {
            free,
            beside,
            shares: false,
        });
    }
    for file in 0..u32::try_from(own.len()).unwrap_or_default() {
        let of_file = rows
            .iter()
            .zip(&landed)
            .enumerate()
            .filter(|(_, (row, _))| row.file == file);
        let spans = of_file.flat_map(|(index, (_, landed))| landed.free.iter().map(move |span| (*span, Some(index))));
        for index in meeting(spans.collect()) {
            landed[index].shares = true;
        }
    }
    landed
}

//! Rows of imported files, as they land among the time that is there.

use super::Taken;
use super::counting::meeting;
use crate::instant::{Length, Span};

/// What becomes of rows of one file that overlap one another.
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
    /// The place of its file.
    pub file: u32,
    /// Its clock times.
    pub span: Span,
}

/// What a row gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landed {
    /// The instants that it counts, in order.
    pub free: Vec<Span>,
    /// How much of them it counts beside earlier rows of its file.
    pub beside: Length,
    /// Whether it shares an instant with another row of its file.
    pub shares: bool,
}

/// Returns what rows get, in their order: the instants that are not taken before, and not by an earlier row. What an
/// earlier row of the same file has, a row may have beside it.
#[must_use]
pub fn land(rows: &[Row], taken: &Taken, overlaps: Overlaps) -> Vec<Landed> {
    let mut landed: Vec<Landed> = Vec::with_capacity(rows.len());
    let mut all = taken.clone();
    let files = rows
        .iter()
        .map(|row| row.file)
        .max()
        .map_or(0, |last| last as usize + 1);
    // What other files have, and what the file has itself.
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

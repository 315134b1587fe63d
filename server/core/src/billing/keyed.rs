//! The lines of one key, and the share of each line in the parts that are rounded.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::collect::{Group, Part, Piece, Row, Running};
use super::rounding::{Held, Place, Rounding, Share};
use super::{Per, Policy};
use crate::instant::Length;
use crate::money::Unit;

/// The time of one key, line by line.
#[derive(Clone, Debug, Default)]
pub(super) struct Keyed {
    rows: BTreeMap<Row, Group>,
    running: Running,
}

/// Rows that make one line: a row whose quantity is 0 joins a neighbour.
pub(super) struct Run {
    rows: Range<usize>,
    /// The index of the row that names the line.
    named: usize,
    /// The rounded time of the lines before.
    before: Length,
    pub(super) quantity: Decimal,
}

/// A line of a key.
pub(super) struct Made {
    pub(super) row: Row,
    pub(super) time: Group,
    pub(super) quantity: Decimal,
    pub(super) rounding: Rounding,
}

impl Keyed {
    /// Adds a piece of work to a row.
    pub(super) fn add(&mut self, row: Row, per: Per, piece: Piece, note: Option<&Arc<str>>) {
        let part = self.running.part(per, &piece, note);
        self.rows.entry(row).or_default().add(part, piece);
    }

    /// Drops the claims.
    pub(super) fn forget_claims(&mut self) {
        self.rows.values_mut().for_each(|group| group.claims.clear());
    }

    /// Returns all time of the key.
    pub(super) fn tracked(&self) -> Length {
        self.rows.values().map(|group| group.tracked).sum()
    }

    /// Returns the exact length of each part.
    fn wholes(&self) -> BTreeMap<&Part, Length> {
        let mut wholes = BTreeMap::new();
        for (part, length) in self.rows.values().flat_map(|group| &group.parts) {
            *wholes.entry(part).or_default() += *length;
        }
        wholes
    }

    /// Returns the lines, each with a quantity that is not 0; empty if all time rounds to 0.
    pub(super) fn runs(&self, rounding: &Rounding, unit: Unit) -> Vec<Run> {
        let mut runs = Vec::<Run>::new();
        let (mut first, mut before) = (0, Length::ZERO);
        let mut stand = |index: usize, rounded: Length| {
            let quantity = rounding.quantity(before, rounded, unit);
            if !quantity.is_zero() {
                runs.push(Run {
                    rows: first..index + 1,
                    named: index,
                    before,
                    quantity,
                });
                (first, before) = (index + 1, rounded);
            }
        };
        if let (1, Some(only)) = (self.rows.len(), self.rows.values().next()) {
            // The common case. A shortcut, so that the status bar need not collect all parts at each refresh.
            stand(0, only.rounded(&rounding.policy));
        } else {
            let mut progress = Progress::new(self, &rounding.policy);
            for (index, group) in self.rows.values().enumerate() {
                progress.add(group);
                stand(index, progress.rounded);
            }
        }
        // Trailing rows whose quantity is 0 join the last line.
        if let Some(last) = runs.last_mut() {
            last.rows.end = self.rows.len();
        }
        runs
    }

    /// Returns the lines with everything that is stored about them.
    pub(super) fn made(&self, rounding: &Rounding, unit: Unit) -> Vec<Made> {
        let rows: Vec<(&Row, &Group)> = self.rows.iter().collect();
        let mut progress = Progress::new(self, &rounding.policy);
        let mut made = Vec::new();
        for run in self.runs(rounding, unit) {
            let Some((row, _)) = rows.get(run.named) else { continue };
            let mut groups = rows.get(run.rows.clone()).unwrap_or_default().iter();
            let mut time = groups.next().map(|(_, group)| (*group).clone()).unwrap_or_default();
            groups.for_each(|(_, group)| time.join(group));
            let place = Place {
                decimals: rounding.decimals(),
                before: run.before,
                parts: progress.shares(&time),
            };
            let rounding = Rounding {
                place: Some(place),
                ..rounding.clone()
            };
            progress.add(&time);
            made.push(Made {
                row: (*row).clone(),
                time,
                quantity: run.quantity,
                rounding,
            });
        }
        made
    }
}

/// The state of a key after some of its lines.
struct Progress<'a> {
    policy: &'a Policy,
    wholes: BTreeMap<&'a Part, Length>,
    /// The share of each part that the lines so far hold.
    held: BTreeMap<&'a Part, Length>,
    /// The rounded time of the lines so far.
    rounded: Length,
}

impl<'a> Progress<'a> {
    fn new(keyed: &'a Keyed, policy: &'a Policy) -> Self {
        Self {
            policy,
            wholes: keyed.wholes(),
            held: BTreeMap::new(),
            rounded: Length::ZERO,
        }
    }

    fn add(&mut self, group: &Group) {
        for (part, own) in &group.parts {
            let Some((part, whole)) = self.wholes.get_key_value(part) else {
                continue;
            };
            let held = self.held.entry(*part).or_default();
            self.rounded += self.policy.share(*whole, *held, *own);
            *held += *own;
        }
    }

    /// Returns the shares that the next line has to store.
    fn shares(&self, group: &Group) -> Vec<Share> {
        let share = |(part, own): (&Part, &Length)| {
            let whole = self.wholes.get(part).copied().unwrap_or_default();
            let of = match part {
                Part::Line => Held::Line,
                Part::Day(day) => Held::Day(*day),
                Part::Session(start) => Held::Session(*start),
                Part::Note(_) => Held::Note(*own),
                Part::Entry(_) => return None,
            };
            let before = self.held.get(part).copied().unwrap_or_default();
            let told = *own < whole || matches!(part, Part::Note(_));
            told.then_some(Share { of, whole, before })
        };
        group.parts.iter().filter_map(share).collect()
    }
}

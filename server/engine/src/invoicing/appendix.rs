//! The work that an invoice bills, row by row, for its appendix.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::billing::{Bill, Claim, Line};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::invoice::{Appendix, AppendixPolicy, AppendixRow};
use keeptab_core::timeline::within;

use crate::Engine;
use crate::ledger::Ledger;

/// The most files and pages of a row.
const MOST_PATHS: usize = 20;

/// A row's day, its project's name, its note, and the key of the line.
type Key = (NaiveDate, String, Option<Arc<str>>, usize);

impl Engine {
    /// Returns the work of a bill in the detail that the client's policy allows.
    pub(super) fn appendix(
        &mut self,
        policy: AppendixPolicy,
        bill: &Bill,
        ledger: &Ledger,
        now: Instant,
    ) -> Result<Option<Appendix>> {
        if policy == AppendixPolicy::None {
            return Ok(None);
        }
        let calendar = self.config.calendar;
        let mut groups = BTreeMap::<Key, (Length, Vec<Span>)>::new();
        let mut keys = Vec::new();
        for claimed in &bill.lines {
            let Line {
                project, price, unit, ..
            } = &claimed.line;
            let own = (project, price, unit);
            let key = keys.iter().position(|key| *key == own).unwrap_or_else(|| {
                keys.push(own);
                keys.len() - 1
            });
            let name = &claimed.line.description;
            for claim in &claimed.claims {
                match *claim {
                    Claim::Span(span) => {
                        for stretch in within(&ledger.open, span) {
                            let note = stretch.tag.note.and_then(|note| ledger.notes.get(&note).cloned());
                            for (day, piece) in calendar.split(stretch.span) {
                                let group = groups.entry((day, name.clone(), note.clone(), key)).or_default();
                                group.0 += piece.length();
                                group.1.push(piece);
                            }
                        }
                    }
                    Claim::Entry(id, day) => {
                        let Some(entered) = ledger.entries.iter().find(|entered| entered.entry.id == id) else {
                            continue;
                        };
                        let note = entered.entry.note.as_deref().map(Arc::from);
                        groups.entry((day, name.clone(), note, key)).or_default().0 += entered.counted.length;
                    }
                }
            }
        }
        let mut rows = Vec::with_capacity(groups.len());
        for ((day, project, note, key), (length, spans)) in groups {
            let paths = match policy {
                AppendixPolicy::Full => self.behind(&spans, now)?.touched,
                AppendixPolicy::None | AppendixPolicy::Hours => Vec::new(),
            };
            rows.push(AppendixRow {
                day,
                length,
                project,
                key,
                note: note.as_deref().map(str::to_owned),
                paths: paths.into_iter().take(MOST_PATHS).map(|touched| touched.name).collect(),
            });
        }
        Ok(Some(Appendix {
            time_zone: calendar.zone.name().to_owned(),
            rows,
        }))
    }
}

//! Time that is not on an invoice, with the reason.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::billing::{LeftOut, Reason, Time, Work};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, subtract, united};
use keeptab_core::invoice::{DraftId, Reservation};
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{ProjectIndex, Tag, within};
use keeptab_store::DraftRow;

use super::compute::{Wanted, days};
use super::scope::{chooses, selects};
use crate::Engine;
use crate::ledger::Ledger;

/// Time that is not on an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The length, the project and the reason.
    pub time: LeftOut,
    /// The draft that reserves it.
    pub draft: Option<DraftId>,
    /// The other currency that it is billed in.
    pub currency: Option<Currency>,
}

impl From<LeftOut> for Left {
    fn from(time: LeftOut) -> Self {
        Self {
            time,
            draft: None,
            currency: None,
        }
    }
}

/// The work of a client, without the time that is left out before billing.
pub(super) struct Sifted {
    pub(super) work: Vec<Work>,
    pub(super) left_out: Vec<Left>,
}

/// Another draft, and the days of the entries that it reserves.
struct Other {
    draft: DraftRow,
    days: (NaiveDate, NaiveDate),
}

/// Lengths that are left out, by project, reason and the draft that reserves them.
type Sums = BTreeMap<(ProjectIndex, Reason, Option<DraftId>), Length>;

impl Engine {
    /// Selects the work to bill: that of the client's projects, without time that lies ahead, time that other drafts
    /// reserve, and time in another currency. If two drafts hold the same time since a project was renamed, the older
    /// one has it. Projects that were not chosen are not reported as left out.
    pub(super) fn sift(&self, wanted: &Wanted<'_>, ledger: &Ledger, now: Instant) -> Result<Sifted> {
        let Reservation { client, selection, .. } = wanted.of;
        let others = self.others(client, wanted.draft)?;
        let ahead = self.ahead(ledger, now);
        let (mut kept, mut sums) = (Vec::new(), Sums::new());
        for work in ledger.work() {
            let index = work.project;
            let Some(project) = self.config.projects.get(index.0) else {
                continue;
            };
            if project.client.as_deref() != Some(client) || !chooses(&self.config, selection, index.0) {
                continue;
            }
            let takes = selection.takes(project.terms.currency);
            match work.time {
                Time::Entry(id, ..) if work.billable && ahead.contains(&id) => {
                    *sums.entry((index, Reason::ToCome, None)).or_default() += work.time.length();
                }
                _ if work.billable && project.terms.billable => {
                    let reserves = |other: &&Other| !takes || wanted.draft.is_none_or(|own| other.draft.id < own);
                    let free = self.free(work, others.iter().filter(reserves), &mut sums);
                    if takes {
                        kept.extend(free);
                    } else {
                        let length = free.iter().map(|work| work.time.length()).sum();
                        *sums.entry((index, Reason::OtherCurrency, None)).or_default() += length;
                    }
                }
                _ if takes => kept.push(work),
                _ => *sums.entry((index, Reason::NotBillable, None)).or_default() += work.time.length(),
            }
        }
        let mut left_out = Vec::new();
        for ((project, reason, draft), length) in sums {
            let Some(terms) = self.terms_of(project) else { continue };
            left_out.push(Left {
                time: LeftOut {
                    project: Some(terms.project.clone()),
                    length,
                    reason,
                },
                draft,
                currency: (reason == Reason::OtherCurrency).then_some(terms.currency),
            });
        }
        Ok(Sifted { work: kept, left_out })
    }

    /// Returns the drafts of a client but one, oldest first.
    fn others(&self, client: &str, but: Option<DraftId>) -> Result<Vec<Other>> {
        let drafts = self.drafts_of(client)?.into_iter();
        let others = drafts.filter(|draft| Some(draft.id) != but).map(|draft| Other {
            days: days(draft.reserves.span, &self.config.calendar),
            draft,
        });
        Ok(others.collect())
    }

    /// Returns the entries that lie ahead: those with clock times until they are over, others until their day begins.
    fn ahead(&self, ledger: &Ledger, now: Instant) -> HashSet<EntryId> {
        let today = self.config.calendar.day_of(now);
        let entries = ledger.entries.iter().map(|entered| &entered.entry);
        let ahead = entries.filter(|entry| entry.span.map_or(entry.day > today, |span| span.end() > now));
        ahead.map(|entry| entry.id).collect()
    }

    /// Returns work without what other drafts reserve, and adds up how much each of them does.
    fn free<'o>(&self, work: Work, others: impl Iterator<Item = &'o Other>, sums: &mut Sums) -> Vec<Work> {
        let mut free = vec![work];
        for Other { draft, days } in others {
            let Some(project) = free.first().map(|work| work.project) else {
                break;
            };
            let Reservation { span, selection, .. } = &draft.reserves;
            if !selects(&self.config, selection, project.0) {
                continue;
            }
            let before: Length = free.iter().map(|work| work.time.length()).sum();
            let left = |work: Work| match work.time {
                Time::Captured(stretch) => {
                    let left = subtract(stretch, &[*span]).into_iter();
                    let left = left.map(|stretch| Work {
                        time: Time::Captured(stretch),
                        ..work.clone()
                    });
                    left.collect::<Vec<_>>()
                }
                Time::Entry(_, day, _) if (days.0..=days.1).contains(&day) => Vec::new(),
                Time::Entry(..) => vec![work],
            };
            free = free.into_iter().flat_map(left).collect();
            let after: Length = free.iter().map(|work| work.time.length()).sum();
            if after < before {
                *sums.entry((project, Reason::Reserved, Some(draft.id))).or_default() += before - after;
            }
        }
        free
    }

    /// Returns all time that is left out: by billing, by [`Self::sift`], and for lack of a project.
    pub(super) fn all_left_out(
        &self,
        client: &str,
        ledger: &Ledger,
        sifted: Vec<Left>,
        unbilled: Vec<LeftOut>,
    ) -> Vec<Left> {
        let mut left_out: Vec<Left> = unbilled.into_iter().map(Left::from).chain(sifted).collect();
        // An entry that another tool billed is none that its project or its user calls not billable.
        for (index, length) in billed_elsewhere(ledger) {
            let Some(project) = self.config.projects.get(index.0) else {
                continue;
            };
            let id = Some(project.terms.project.clone());
            let is_it = |left: &&mut Left| left.time.project == id && left.time.reason == Reason::NotBillable;
            if project.client.as_deref() == Some(client)
                && let Some(left) = left_out.iter_mut().find(is_it)
            {
                left.time.length = left.time.length - length;
                let time = LeftOut {
                    project: id,
                    length,
                    reason: Reason::BilledElsewhere,
                };
                left_out.push(time.into());
            }
        }
        let gone = gone(ledger);
        let unassigned = ledger.unassigned() - gone.values().copied().sum();
        let nameless = std::iter::once((None, unassigned));
        let nameless = nameless.chain(gone.into_iter().map(|(project, length)| (Some(project), length)));
        left_out.extend(nameless.map(|(project, length)| {
            Left::from(LeftOut {
                project,
                length,
                reason: Reason::Unassigned,
            })
        }));
        left_out.retain(|left| !left.time.length.is_zero());
        left_out
    }
}

/// Returns the open time that other tools or homes billed, by project.
fn billed_elsewhere(ledger: &Ledger) -> BTreeMap<ProjectIndex, Length> {
    let mut lengths = BTreeMap::<_, Length>::new();
    for entered in ledger.entries.iter().filter(|entered| entered.entry.billed_elsewhere) {
        if let Some(project) = entered.project {
            *lengths.entry(project).or_default() += entered.counted.length;
        }
    }
    for span in united(ledger.elsewhere.iter().map(|(span, _)| *span).collect()) {
        for stretch in within(&ledger.open, span) {
            if let Tag::Project(project) = stretch.tag.tag {
                *lengths.entry(project).or_default() += stretch.span.length();
            }
        }
    }
    lengths
}

/// Returns the open entries of projects that the config has no longer, by project.
fn gone(ledger: &Ledger) -> BTreeMap<ProjectId, Length> {
    let mut gone = BTreeMap::<_, Length>::new();
    for entered in ledger.entries.iter().filter(|entered| entered.project.is_none()) {
        if let Some(id) = &entered.entry.project {
            *gone.entry(id.clone()).or_default() += entered.counted.length;
        }
    }
    gone
}

/// Returns the reasons in brackets, for an invoice without lines.
pub(super) fn because(left_out: &[Left]) -> String {
    let reason = |left: &Left| format!("{} {}", left.time.length, left.time.reason.words());
    let reasons: Vec<String> = left_out.iter().map(reason).collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join(", "))
    }
}

//! The queue of doubt: what of a week the user should look at before it is billed.

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::clock::Clock;
use keeptab_core::correction::{Change, To};
use keeptab_core::entry::{Beside, EntryId};
use keeptab_core::instant::{Instant, Length, Span, subtract, united};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{Tag, within};
use keeptab_core::timesheet::Piece;
use serde::Serialize;

use super::Engine;
use super::ledger::{Entered, Ledger};

pub(super) mod usual;
pub use usual::Usual;

/// Shorter stretches are not worth a question.
const SHORT: Length = Length::from_minutes(5);
/// A row that a sheet can show.
const MINUTE: Length = Length::from_minutes(1);
/// A longer gap is the evening, not a call.
const LONG: Length = Length::from_minutes(4 * 60);
/// The most questions: nobody answers more.
const MOST: usize = 20;

/// A question about a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The text in the sheet.
    pub text: String,
    /// The civil day.
    pub day: NaiveDate,
    /// The stretch.
    pub span: Span,
    /// The subject.
    pub about: About,
}

/// The subject of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// No rule names the touched things.
    Unassigned {
        /// The workspace root.
        root: Option<String>,
    },
    /// No heartbeat came for long, and the time was counted.
    Bridged,
    /// The person was away, and work went on afterwards: a call?
    Away,
    /// Only agents worked.
    Agents {
        /// The project that they worked on.
        project: Option<ProjectId>,
    },
    /// An entry counts beside other time.
    Overlap {
        /// The entry.
        entry: EntryId,
    },
    /// Some of an entry's time is counted or billed already.
    Taken {
        /// The entry.
        entry: EntryId,
        /// The length that counts.
        counted: Length,
    },
    /// Some of an entry's span was taken when it was written, and is free now.
    Free {
        /// The entry.
        entry: EntryId,
        /// Its project.
        project: ProjectId,
        /// The description of the work.
        note: Option<String>,
        /// True if it may be billed.
        billable: bool,
    },
}

impl Engine {
    /// Lists the doubts about a week, in the order of time, and its usual breaks.
    pub(super) fn doubts(
        &mut self,
        pieces: &[Piece],
        ledger: &Ledger,
        span: Span,
        now: Instant,
    ) -> Result<(Vec<Doubt>, Vec<Usual>)> {
        let spans = pieces.iter().map(|piece| piece.span);
        let counted = united(
            spans
                .chain(ledger.entered().filter_map(|entered| entered.entry.span))
                .collect(),
        );
        let mut found = Vec::new();
        for piece in pieces
            .iter()
            .filter(|piece| piece.to == To::Unassigned && piece.span.length() >= SHORT)
        {
            let root = piece.hint.clone();
            found.push((piece.span, About::Unassigned { root }));
        }
        for (from, to) in counted.iter().zip(counted.iter().skip(1)) {
            let gap = Span::new(from.end(), to.start());
            found.extend(gap.filter(|gap| self.is_away(*gap)).map(|gap| (gap, About::Away)));
        }
        let seen = self.seen(span, now)?;
        let open: Vec<Span> = pieces
            .iter()
            .filter(|piece| piece.billed.is_none())
            .map(|piece| piece.span)
            .collect();
        let bridged = seen
            .gaps
            .into_iter()
            .filter(|gap| open.iter().any(|piece| piece.intersect(*gap) == Some(*gap)));
        found.extend(bridged.map(|gap| (gap, About::Bridged)));
        for stretch in within(&seen.agents, span) {
            let project = match stretch.tag {
                Tag::Project(index) => Some(self.config.projects[index.0].terms.project.clone()),
                Tag::Unassigned => None,
                Tag::Private => continue,
            };
            let alone = subtract(stretch.span, &counted)
                .into_iter()
                .filter(|span| span.length() >= SHORT);
            found.extend(alone.map(|span| {
                (
                    span,
                    About::Agents {
                        project: project.clone(),
                    },
                )
            }));
        }
        for entered in &ledger.entries {
            let free = self.free_again(entered, pieces)?;
            let length: Length = free.iter().map(|(span, _)| span.length()).sum();
            // An entry that is free as a whole is counted nowhere else.
            let is_counted = entered.taken() - length >= MINUTE;
            found.extend(of_entry(entered).filter(|(_, about)| is_counted || !matches!(about, About::Taken { .. })));
            found.extend(free);
        }
        // Time in which an agent worked is no idle gap.
        let agents: Vec<Span> = found
            .iter()
            .filter(|(_, about)| matches!(about, About::Agents { .. }))
            .map(|(span, _)| *span)
            .collect();
        found.retain(|(gap, about)| *about != About::Away || !agents.iter().any(|span| span.intersect(*gap).is_some()));
        // A gap that the user erased is no question.
        let corrections = self.store.corrections(span)?.into_iter();
        let erased = corrections.filter(|correction| correction.change == Change::Erase);
        let erased = united(erased.map(|correction| correction.span).collect());
        let is_gap = |about: &About| matches!(about, About::Away | About::Agents { .. });
        found.retain(|(gap, about)| !is_gap(about) || !subtract(*gap, &erased).is_empty());
        found.sort_by_key(|(span, _)| *span);
        let usual = self.usual(&mut found, span, now)?;
        found.truncate(MOST);
        let doubts = found.into_iter().map(|(span, about)| self.doubt(span, about));
        Ok((doubts.collect(), usual))
    }

    /// Returns the stretches of an entry that were taken when it was written and are free now. If the entry has a
    /// break, it is unknown which of them were worked.
    fn free_again(&self, entered: &Entered, pieces: &[Piece]) -> Result<Vec<(Span, About)>> {
        let entry = &entered.entry;
        let lost = entered.taken();
        let is_cut = entry.beside == Beside::No && entry.rows.is_none() && !entry.billed_elsewhere && !lost.is_zero();
        let Some((span, project)) = entry.span.zip(entry.project.clone()).filter(|_| is_cut) else {
            return Ok(Vec::new());
        };
        let held = self.store.holders(span, &[entry.id])?;
        let mut taken: Vec<Span> = held.into_iter().map(|(held, _)| held).collect();
        taken.extend(&entry.free);
        taken.extend(pieces.iter().map(|piece| piece.span));
        let free = subtract(span, &united(taken));
        if entered.project.is_none() || free.iter().map(|span| span.length()).sum::<Length>() > lost {
            return Ok(Vec::new());
        }
        let about = About::Free {
            entry: entry.id,
            project,
            note: entry.note.clone(),
            billable: entry.billable,
        };
        let long = free.into_iter().filter(|span| span.length() >= MINUTE);
        Ok(long.map(|span| (span, about.clone())).collect())
    }

    /// Returns true if a gap within a day follows idle time and is no longer than a call may be.
    fn is_away(&self, gap: Span) -> bool {
        let calendar = self.config.calendar;
        gap.length() > self.config.counting.idle_timeout
            && gap.length() <= LONG
            && calendar.day_of(gap.start()) == calendar.day_of(gap.end())
    }

    /// Returns the day of a stretch, and the stretch in words: `Mon 12:10-13:00`.
    fn when(&self, span: Span) -> (NaiveDate, String) {
        let calendar = self.config.calendar;
        let day = calendar.day_of(span.start());
        let (from, to) = (span.start(), span.end());
        let [from, to] = [from, to].map(|at| Clock::of(&calendar, day, at));
        (day, format!("{} {from}-{to}", day.format("%a")))
    }

    fn doubt(&self, span: Span, about: About) -> Doubt {
        let project = about.project().map(ProjectId::as_str);
        Doubt {
            text: self.question(span, &about, project),
            day: self.when(span).0,
            span,
            about,
        }
    }

    /// Returns a question in words, with the project as it is to be named.
    pub(super) fn question(&self, span: Span, about: &About, project: Option<&str>) -> String {
        let (length, when) = (span.length(), self.when(span).1);
        let what = match about {
            About::Unassigned { root: Some(root) } => format!("{length} unassigned in {root}"),
            About::Unassigned { root: None } => format!("{length} unassigned"),
            About::Bridged => format!("{length} counted, and nothing was seen"),
            About::Away => format!("away {length}: a call?"),
            About::Agents { .. } => match project {
                Some(project) => format!("{length} an agent alone on {project}"),
                None => format!("{length} an agent alone"),
            },
            About::Overlap { .. } => format!("{length} counted beside other time"),
            About::Free { .. } => format!("{length} of an entry is free again"),
            About::Taken { counted, .. } => format!("{counted} of {length} counts: the rest is counted already"),
        };
        format!("{when}  {what}")
    }
}

impl About {
    /// Returns the project that the question names, if it names one.
    pub(super) fn project(&self) -> Option<&ProjectId> {
        match self {
            Self::Agents { project } => project.as_ref(),
            _ => None,
        }
    }
}

/// Returns the question about an entry that counts beside other time, or not as a whole.
fn of_entry(entered: &Entered) -> Option<(Span, About)> {
    let Entered { entry, counted, .. } = entered;
    let about = match entry.beside {
        Beside::Rows | Beside::All => About::Overlap { entry: entry.id },
        Beside::No if entered.taken().is_zero() => return None,
        Beside::No => About::Taken {
            entry: entry.id,
            counted: counted.length,
        },
    };
    Some((entry.span?, about))
}

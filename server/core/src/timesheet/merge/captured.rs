//! Captured time: the difference between the written text and the user's text by instant, as corrections.

use super::pair::{Fate, Mine, Pairing, spans};
use crate::correction::{Change, To};
use crate::instant::{Instant, Span, united};
use crate::timesheet::problem::{Problem, ProblemKind};
use crate::timesheet::{Edit, Line, LineTime, Sheet};

/// The fields of an instant.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State<'a> {
    to: &'a To,
    note: Option<&'a str>,
    billable: bool,
}

impl<'a> State<'a> {
    fn of(line: &'a Line) -> Self {
        Self {
            to: &line.to,
            note: line.note.as_deref(),
            billable: line.billable,
        }
    }

    fn wanted(mine: &Mine<'a>) -> Self {
        Self {
            to: mine.to,
            note: mine.note,
            billable: mine.billable,
        }
    }

    /// Returns the state right after a fill.
    fn fresh(to: &'a To) -> Self {
        Self {
            to,
            note: None,
            billable: true,
        }
    }
}

/// Adds the text's changes of captured time.
pub(super) fn edits(pairing: &Pairing<'_>, now: &Sheet, edits: &mut Vec<Edit>, problems: &mut Vec<Problem>) {
    let written = pairing.base.iter().enumerate();
    let written = written.flat_map(|(index, written)| written.spans().iter().map(move |span| (*span, index)));
    let mut written = Cover::new(written.collect());
    let mut edited = Cover::new(pairing.edited().map(|(span, index, _)| (span, index)).collect());
    let ledger = now.days.iter().flat_map(|day| &day.lines);
    let mut ledger = Cover::new(
        ledger
            .flat_map(|line| spans(line).iter().map(move |span| (*span, line)))
            .collect(),
    );

    let mut points: Vec<Instant> = Vec::new();
    points.extend(written.points());
    points.extend(edited.points());
    points.extend(ledger.points());
    points.sort_unstable();
    points.dedup();
    let mut found = Corrections::default();
    for pair in points.windows(2) {
        let Some(span) = pair
            .first()
            .zip(pair.last())
            .and_then(|(start, end)| Span::new(*start, *end))
        else {
            continue;
        };
        let base = written.over(span.start()).and_then(|index| pairing.base.get(index));
        let over = edited.over(span.start());
        let present = ledger.over(span.start());
        let fate = base.map_or(Fate::Kept, |base| base.fate);
        if over.is_none() && fate == Fate::Kept {
            continue;
        }
        let became = match fate {
            Fate::Became(index) => Some(index),
            Fate::Gone | Fate::Kept => None,
        };
        let mine = over.or(became).and_then(|index| pairing.mine.get(index));
        let place = || {
            let instead = base.and_then(|base| edited.touching(*base.spans().first()?));
            match (mine.or_else(|| pairing.mine.get(instead?)), base) {
                (Some(mine), _) => mine.place(),
                (None, Some(base)) => pairing.day_place(base.day),
                (None, None) => (0, 0..0),
            }
        };
        let (was, wanted) = (base.map(|base| State::of(base.line)), mine.map(State::wanted));
        let arrived = present.filter(|_| was != wanted).and_then(|line| line.billed.as_ref());
        if let Some(number) = base.and_then(|base| base.line.billed.as_ref()).or(arrived) {
            problems.push(super::entries::billed(place(), number));
        } else if was != wanted && found.correct(span, was, present.map(State::of), wanted).is_err() {
            let message = "this time changed after the sheet was written";
            let hint = "write the sheet anew to see it, then make the change again";
            problems.push(Problem::error(ProblemKind::Changed, place(), message, hint));
        }
    }
    found.uncover(pairing, now);
    edits.extend(found.into_edits());
}

/// Spans in order, each with a value.
struct Cover<T> {
    spans: Vec<(Span, T)>,
    at: usize,
}

impl<T: Copy> Cover<T> {
    fn new(mut spans: Vec<(Span, T)>) -> Self {
        spans.sort_by_key(|(span, _)| *span);
        Self { spans, at: 0 }
    }

    fn points(&self) -> impl Iterator<Item = Instant> {
        self.spans.iter().flat_map(|(span, _)| [span.start(), span.end()])
    }

    /// Returns the value over an instant. Instants must be asked for in ascending order.
    fn over(&mut self, at: Instant) -> Option<T> {
        while self.spans.get(self.at).is_some_and(|(span, _)| span.end() <= at) {
            self.at += 1;
        }
        let (span, value) = self.spans.get(self.at)?;
        span.contains(at).then_some(*value)
    }
}

impl Cover<usize> {
    /// Returns the value of the first span that overlaps a span.
    fn touching(&self, span: Span) -> Option<usize> {
        let first = self.spans.partition_point(|(other, _)| other.end() <= span.start());
        let (other, value) = self.spans.get(first)?;
        other.intersect(span).map(|_| *value)
    }
}

/// The time was changed in another way since the sheet was written.
struct Conflict;

/// Corrections by kind, each kind in order and joined where two touch.
#[derive(Default)]
struct Corrections {
    erase: Vec<(Span, Change)>,
    assign: Vec<(Span, Change)>,
    fill: Vec<(Span, Change)>,
    note: Vec<(Span, Change)>,
    billable: Vec<(Span, Change)>,
}

impl Corrections {
    /// Merges one span, field by field: the user's change wins, unless the field was changed in another way meanwhile.
    fn correct(
        &mut self,
        span: Span,
        was: Option<State<'_>>,
        is: Option<State<'_>>,
        wanted: Option<State<'_>>,
    ) -> Result<(), Conflict> {
        let Some(wanted) = wanted else {
            return match is {
                None => Ok(()),
                Some(_) if is == was => {
                    push(&mut self.erase, span, Change::Erase);
                    Ok(())
                }
                Some(_) => Err(Conflict),
            };
        };
        let Some(is) = is else {
            if was.is_some() {
                return Err(Conflict);
            }
            push(&mut self.fill, span, Change::Fill { to: wanted.to.clone() });
            self.mark(span, State::fresh(wanted.to), wanted);
            return Ok(());
        };
        let before = was.unwrap_or(State::fresh(wanted.to));
        let to = merged(was.map(|was| was.to), Some(is.to), Some(wanted.to))?.unwrap_or(wanted.to);
        let note = merged(before.note, is.note, wanted.note)?;
        let billable = merged(before.billable, is.billable, wanted.billable)?;
        if to != is.to {
            push(&mut self.assign, span, Change::Assign { to: to.clone() });
        }
        self.mark(span, is, State { to, note, billable });
        Ok(())
    }

    fn mark(&mut self, span: Span, is: State<'_>, wanted: State<'_>) {
        if is.note != wanted.note {
            let text = wanted.note.unwrap_or_default().to_owned();
            push(&mut self.note, span, Change::Note { text });
        }
        if is.billable != wanted.billable {
            let billable = wanted.billable;
            push(&mut self.billable, span, Change::Billable { billable });
        }
    }

    /// Erases changed lines under the clock times of entries first, because an entry may hide captured time beneath it.
    fn uncover(&mut self, pairing: &Pairing<'_>, now: &Sheet) {
        let written = pairing.base.iter().map(|written| written.line);
        let present = now.days.iter().flat_map(|day| &day.lines);
        let clock_times = |line: &Line| match line.time {
            LineTime::Entry { span, .. } => span,
            LineTime::Clock(_) | LineTime::Short(_) => None,
        };
        let entries = united(written.chain(present).filter_map(clock_times).collect());
        if entries.is_empty() {
            return;
        }
        let mut lines: Vec<_> = pairing.edited().collect();
        lines.sort_by_key(|(span, ..)| *span);
        for entry in entries {
            let first = lines.partition_point(|(span, ..)| span.end() <= entry.start());
            let over = lines.iter().skip(first).map_while(|(span, ..)| span.intersect(entry));
            self.erase.extend(over.map(|span| (span, Change::Erase)));
        }
    }

    /// Returns the corrections in an order in which none undoes another: erase, assign, fill, then mark.
    fn into_edits(self) -> impl Iterator<Item = Edit> {
        let unmarked = self.erase.into_iter().chain(self.assign).chain(self.fill);
        let all = unmarked.chain(self.note).chain(self.billable);
        all.map(|(span, change)| Edit::Correct(span, change))
    }
}

/// Merges one field: if the user left it unchanged, the present value stays; else it must not have changed in another
/// way.
fn merged<T: PartialEq>(was: T, is: T, wanted: T) -> Result<T, Conflict> {
    if wanted == was || wanted == is {
        return Ok(is);
    }
    if is == was { Ok(wanted) } else { Err(Conflict) }
}

/// Adds a correction after the others, joining it with the last one if they touch and do the same.
fn push(corrections: &mut Vec<(Span, Change)>, span: Span, change: Change) {
    if let Some((last, same)) = corrections.last_mut()
        && last.end() == span.start()
        && *same == change
        && let Some(joined) = Span::new(last.start(), span.end())
    {
        *last = joined;
        return;
    }
    corrections.push((span, change));
}

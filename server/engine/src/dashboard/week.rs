//! A week as blocks on a clock: the lines of its timesheet, and beside them gaps and what agents did.

use std::borrow::Cow;

use anyhow::Result;
use chrono::{NaiveDate, NaiveTime};
use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::correction::To;
use keeptab_core::instant::{Instant, Length, Span, subtract, united};
use keeptab_core::timeline::{Tag, within};
use keeptab_core::timesheet::{Day, Line, LineTime, Revision, TimeText};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::names::Names;
use crate::changing::key;
use crate::checking::Built;
use crate::statusing::Money;
use crate::{About, Doubt, Engine};

/// Agents that pause for less go on.
const AGENT_PAUSE: Length = Length::from_minutes(2);

/// A week.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PackedWeek")]
pub(super) struct WeekView {
    /// Its name, such as `2026-W47`.
    #[schemars(with = "String")]
    pub(super) week: Week,
    /// The first day.
    pub(super) first: NaiveDate,
    /// The last day.
    pub(super) last: NaiveDate,
    /// All of its time except private time.
    pub(super) seconds: i64,
    /// Its unbilled amounts, by currency.
    pub(super) unbilled: Vec<Money>,
    /// All of its days.
    pub(super) days: Vec<DayView>,
    /// The questions to answer before billing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<DoubtView>,
}

/// A civil day. All times are seconds by the clock since its midnight.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PackedDay")]
pub(super) struct DayView {
    /// The day.
    pub(super) date: NaiveDate,
    /// All of its time except private time.
    pub(super) seconds: i64,
    /// The lines of the timesheet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) blocks: Vec<Block>,
    /// Time between blocks without human work, longer than the idle timeout.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<GapView>,
    /// The work of agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    agents: Vec<Agents>,
}

/// A line of the timesheet, written as `[from, to, project, {more}]`: there are thousands in a year.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Its clock times, if it has any.
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
    pub(super) project: Option<usize>,
    pub(super) more: More,
}

/// Further fields of a line. Default values are left out: billable, not billed, captured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct More {
    /// The key that names the line in a change, as long as the line is unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Its length, if the clock times do not give it.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
    /// The time as the timesheet shows it, if the clock times do not give it.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    /// True if it is private.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) private: bool,
    /// The note.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The text shown if there is no note: a folder of unassigned time.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// True if it is not billable.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    free: bool,
    /// The place of the invoice's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    billed: Option<usize>,
    /// True if it has its own seconds.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    entry: bool,
}

/// Describes a type that is written as a list: elements that are always there, and one that may be missing.
macro_rules! packed {
    ($packed:ty, $name:literal, $about:literal, ($($field:ident: $kind:ty),+), ($last:ident: $rest:ty)) => {
        impl JsonSchema for $packed {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let elements = [
                    $((stringify!($field), generator.subschema_for::<$kind>()),)+
                    (stringify!($last), generator.subschema_for::<$rest>()),
                ];
                let least = elements.len() - 1;
                let elements = elements.map(|(name, mut schema)| {
                    schema.insert("title".into(), name.into());
                    schema
                });
                json_schema!({ "description": $about, "type": "array", "prefixItems": elements, "items": false, "minItems": least })
            }
        }
    };
}

impl Serialize for Block {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = (self.from, self.to, self.project);
        if self.more == More::default() {
            whole.serialize(serializer)
        } else {
            (whole.0, whole.1, whole.2, &self.more).serialize(serializer)
        }
    }
}

packed!(
    Block,
    "PackedBlock",
    "A line of the timesheet.",
    (from: Option<i64>, to: Option<i64>, project: Option<usize>),
    (more: More)
);

/// Time without human work, written as `[from, to]`, with a third element if the clock is ambiguous.
#[derive(Clone, Debug)]
struct GapView {
    from: i64,
    to: i64,
    told: Option<Told>,
}

/// The length and text of a span in an hour that comes twice, which the clock's seconds do not give.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Told {
    /// The length.
    seconds: i64,
    /// As the timesheet shows it.
    time: String,
}

impl Serialize for GapView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.told {
            None => (self.from, self.to).serialize(serializer),
            Some(told) => (self.from, self.to, told).serialize(serializer),
        }
    }
}

packed!(GapView, "Gap", "Time without human work.", (from: i64, to: i64), (told: Told));

/// Time at which agents worked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Agents {
    /// The start.
    from: i64,
    /// The end.
    to: i64,
    /// The place of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<usize>,
}

/// A question to answer before billing, written as `[text, day, from, to, about]`, with the time as a sixth element if the
/// clock times do not give it: a year has hundreds.
#[derive(Clone, Debug)]
struct DoubtView {
    text: String,
    /// The place of the day in the week, from 0.
    day: i64,
    from: i64,
    to: i64,
    /// The time as the timesheet shows it.
    time: Option<String>,
    about: &'static str,
}

impl Serialize for DoubtView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            text,
            day,
            from,
            to,
            time,
            about,
        } = self;
        match time {
            None => (text, day, from, to, about).serialize(serializer),
            Some(time) => (text, day, from, to, about, time).serialize(serializer),
        }
    }
}

packed!(
    DoubtView,
    "PackedDoubt",
    "A question to answer before billing.",
    (text: String, day: usize, from: i64, to: i64, about: String),
    (time: String)
);

impl Engine {
    /// Returns a week; `keyed` adds keys to the blocks that can be changed.
    pub(super) fn week_view(&mut self, week: Week, keyed: bool, names: &mut Names, now: Instant) -> Result<WeekView> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(week.monday());
        let Built {
            sheet, doubts, owed, ..
        } = self.sheet(week, Revision(1), now)?;
        let agents = self.agents(calendar.days(first, last), names, now)?;
        let mut days = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            let day = sheet.days.iter().find(|day| day.date == date);
            let lines = day.map(|day| day.lines.as_slice()).unwrap_or_default();
            let blocks = lines.iter().map(|line| block(line, date, &calendar, keyed, names));
            let clock = |at| clock(&calendar, date, at);
            let of_day = agents.iter().filter(|(day, ..)| *day == date);
            days.push(DayView {
                date,
                seconds: day.map(Day::total).unwrap_or_default().whole_seconds(),
                blocks: blocks.collect(),
                gaps: self
                    .between(lines)
                    .into_iter()
                    .map(|gap| GapView {
                        from: clock(gap.start()),
                        to: clock(gap.end()),
                        told: told(&calendar, date, gap),
                    })
                    .collect(),
                agents: of_day
                    .map(|(_, span, project)| Agents {
                        from: clock(span.start()),
                        to: clock(span.end()),
                        project: *project,
                    })
                    .collect(),
            });
        }
        let mut asked_of = |doubt: &Doubt| {
            let project = doubt.about.project().map(|project| names.project(project));
            project.map(|place| names.label(place))
        };
        let doubts = doubts.into_iter().map(|doubt| DoubtView {
            text: self.question(doubt.span, &doubt.about, asked_of(&doubt).as_deref()),
            day: (doubt.day - first).num_days(),
            from: clock(&calendar, doubt.day, doubt.span.start()),
            to: clock(&calendar, doubt.day, doubt.span.end()),
            time: told(&calendar, doubt.day, doubt.span).map(|told| told.time),
            about: match doubt.about {
                About::Unassigned { .. } => "unassigned",
                About::Bridged => "bridged",
                About::Away => "away",
                About::Agents { .. } => "agents",
                About::Overlap { .. } | About::Taken { .. } | About::Free { .. } => "overlap",
            },
        });
        Ok(WeekView {
            week,
            first,
            last,
            seconds: sheet.total.whole_seconds(),
            unbilled: super::sums(owed.iter().map(|owed| (owed.currency, owed.amount))),
            days,
            doubts: doubts.collect(),
        })
    }

    /// Returns the gaps between lines that are longer than the idle timeout.
    fn between(&self, lines: &[Line]) -> Vec<Span> {
        let counted = lines.iter().flat_map(|line| match &line.time {
            LineTime::Clock(span) => vec![*span],
            LineTime::Short(spans) => spans.clone(),
            LineTime::Entry { span, .. } => span.iter().copied().collect(),
        });
        let counted = united(counted.collect());
        let Some((first, last)) = counted.first().zip(counted.last()) else {
            return Vec::new();
        };
        let whole = Span::new(first.start(), last.end());
        let gaps = whole.map(|whole| subtract(whole, &counted)).unwrap_or_default();
        let is_long = |gap: &Span| gap.length() > self.config.counting.idle_timeout;
        gaps.into_iter().filter(is_long).collect()
    }

    /// Returns when agents worked on what, by day.
    fn agents(&mut self, span: Span, names: &mut Names, now: Instant) -> Result<Vec<(NaiveDate, Span, Option<usize>)>> {
        let seen = self.seen(span, now)?;
        let mut runs: Vec<(NaiveDate, Span, Option<usize>)> = Vec::new();
        for stretch in within(&seen.agents, span) {
            let project = match stretch.tag {
                Tag::Project(index) => match self.config.projects.get(index.0) {
                    Some(project) => Some(names.project(&project.terms.project)),
                    None => continue,
                },
                Tag::Unassigned => None,
                Tag::Private => continue,
            };
            for (day, piece) in self.config.calendar.split(stretch.span) {
                let goes_on = runs.last_mut().filter(|(known, last, of)| {
                    *known == day && *of == project && piece.start() - last.end() <= AGENT_PAUSE
                });
                match goes_on {
                    Some((_, last, _)) => *last = Span::new(last.start(), piece.end()).unwrap_or(piece),
                    None => runs.push((day, piece, project)),
                }
            }
        }
        Ok(runs)
    }
}

fn block(line: &Line, date: NaiveDate, calendar: &Calendar, keyed: bool, names: &mut Names) -> Block {
    let span = match &line.time {
        LineTime::Clock(span) => Some(*span),
        LineTime::Short(_) => None,
        LineTime::Entry { span, .. } => *span,
    };
    let from = span.map(|span| clock(calendar, date, span.start()));
    let to = span.map(|span| clock(calendar, date, span.end()));
    let seconds = line.time.length().whole_seconds();
    let said = from.zip(to).map(|(from, to)| to - from) == Some(seconds);
    let time = TimeText::of(&line.time, calendar, date).to_string();
    let plain = from.zip(to).map(|(from, to)| format!("{}-{}", shown(from), shown(to)));
    Block {
        from,
        to,
        project: match &line.to {
            To::Project(id) => Some(names.project(id)),
            To::Unassigned | To::Private => None,
        },
        more: More {
            key: keyed.then(|| key(date, line)),
            seconds: (!said).then_some(seconds),
            time: (plain.as_ref() != Some(&time)).then_some(time),
            private: line.to == To::Private,
            note: line.note.clone(),
            hint: line.hint.clone().filter(|_| line.note.is_none()),
            free: !line.billable,
            billed: line.billed.as_deref().map(|number| names.number(number)),
            entry: matches!(line.time, LineTime::Entry { .. }),
        },
    }
}

/// Returns the length and text of a stretch, `None` if the clock's seconds give them.
fn told(calendar: &Calendar, day: NaiveDate, span: Span) -> Option<Told> {
    let shown_at = |at| Clock::of(calendar, day, at);
    let clocks = Clocks {
        from: shown_at(span.start()),
        to: shown_at(span.end()),
    };
    let (from, to) = (clock(calendar, day, span.start()), clock(calendar, day, span.end()));
    let (seconds, time) = (span.length().whole_seconds(), clocks.to_string());
    let is_plain = time == format!("{}-{}", shown(from), shown(to)) && (to - from - seconds).abs() <= 1;
    (!is_plain).then_some(Told { seconds, time })
}

/// Returns a clock time as seconds since a day's midnight; past the next one it counts on.
pub(super) fn clock(calendar: &Calendar, day: NaiveDate, at: Instant) -> i64 {
    (calendar.local(at) - day.and_time(NaiveTime::MIN)).num_seconds()
}

/// Shows seconds since midnight to the minute: `09:02`.
pub(super) fn shown(seconds: i64) -> String {
    let minutes = seconds.div_euclid(60);
    format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

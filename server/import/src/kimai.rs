//! Kimai: its CSV export, whose headers are in the user's language, and the format of its importer.

use anyhow::Result;
use chrono::{Days, NaiveDateTime};
use keeptab_core::instant::Length;

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::tool::{Form, Tool, of_table};
use super::{Draft, Found, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "kimai",
    forms: &[Form::Table(|header, titles, _| of_table(Kimai::of(header), titles))],
};

/// The words for the columns by language, in the order of [`Word`].
const WORDS: &str = include_str!("kimai/words.tsv");

/// The columns that have a word in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Date,
    Begin,
    End,
    Duration,
    Customer,
    Project,
    Activity,
    Description,
    Billable,
    Exported,
    Alias,
    User,
    Currency,
    HourlyRate,
    Rate,
    Tags,
}

/// The columns without which a table is not Kimai's.
const NEEDED: [Word; 7] = [
    Word::Date,
    Word::Begin,
    Word::End,
    Word::Duration,
    Word::Customer,
    Word::Project,
    Word::Activity,
];

/// Words of the importer's format, and of earlier versions.
const EARLIER: [(Word, &[&str]); 8] = [
    (Word::Begin, &["begin", "beginn", "début", "inizio", "desde"]),
    (Word::End, &["end", "ende", "fin", "fine", "hasta", "até"]),
    (Word::Activity, &["aktivität"]),
    (Word::Description, &["omschrijving"]),
    (Word::Exported, &["exportée", "esportato"]),
    (Word::User, &["utilisateur", "gebruiker"]),
    (Word::HourlyRate, &["hourly rate", "stundenlohn", "stundensatz"]),
    (Word::Rate, &["rate", "lohn", "prix", "prijs"]),
];

/// Both formats.
pub(super) struct Kimai {
    date: Column,
    from: Column,
    to: Column,
    duration: Column,
    customer: Column,
    project: Column,
    activity: Column,
    description: Column,
    billable: Column,
    exported: Column,
    user: Column,
    currency: Column,
    hourly: Column,
    price: Column,
    tags: Column,
}

impl Kimai {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let lines = WORDS.lines().filter(|line| !line.starts_with('#'));
        let languages: Vec<Vec<&str>> = lines.map(|line| line.split('\t').skip(1).collect()).collect();
        let english = languages.iter().find(|words| words.first() == Some(&"date"))?;
        let column = |words: &[&str], word: Word| {
            let of = |words: &[&str]| {
                words
                    .get(word as usize)
                    .map_or(Column(None), |name| header.column(name))
            };
            let earlier = EARLIER.iter().find(|(earlier, _)| *earlier == word);
            let earlier = earlier.map_or(Column(None), |(_, names)| header.any(names));
            of(words).or(of(english)).or(earlier)
        };
        let known = |words: &Vec<&str>| words.iter().filter(|word| header.column(word).is_there()).count();
        let fits = |words: &&Vec<&str>| NEEDED.iter().all(|word| column(words, *word).is_there());
        let words = languages.iter().filter(fits).max_by_key(|words| known(words))?;
        let column = |word| column(words, word);
        Some(Self {
            date: column(Word::Date),
            from: column(Word::Begin),
            to: column(Word::End),
            duration: column(Word::Duration),
            customer: column(Word::Customer),
            project: column(Word::Project),
            activity: column(Word::Activity),
            description: column(Word::Description),
            billable: column(Word::Billable),
            exported: column(Word::Exported),
            user: column(Word::User).or(column(Word::Alias)),
            currency: column(Word::Currency),
            hourly: column(Word::HourlyRate),
            price: column(Word::Rate),
            tags: column(Word::Tags),
        })
    }
}

impl Layout for Kimai {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        if !cells.is_filled(self.to) {
            return Ok(Found::Running);
        }
        let date = cells.date(self.date)?;
        let from = date.and_time(cells.time(self.from)?);
        let to = date.and_time(cells.time(self.to)?);
        // Both times share one date: an end before the start is on the next day.
        let to = if to < from { to + Days::new(1) } else { to };
        let mut draft = Draft::at(When::Clock(from, to));
        draft.exact = Length::from_secs(60);
        cells.measure(&mut draft, self.duration);
        if let Some(length) = draft.length {
            draft.when = When::Clock(from, end_of(from, to, length));
        }
        draft.user = cells.owned(self.user);
        draft.client = cells.owned(self.customer);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.activity);
        draft.description = cells.owned(self.description);
        draft.tags = cells.tags(self.tags);
        // This tool writes an empty cell for no.
        draft.billable = match cells.flag(self.billable)? {
            None if self.billable.is_there() => Some(false),
            said => said,
        };
        draft.billed = match cells.flag(self.exported)? {
            None if self.exported.is_there() => Some(false),
            said => said,
        };
        draft.currency = value::currency(cells.text(self.currency));
        draft.own_rate = cells.price(&mut draft, self.hourly);
        draft.amount = cells.price(&mut draft, self.price);
        Ok(draft.into())
    }
}

/// Returns the end on the day that the length asks for: a row has one date, however many days it lasts.
fn end_of(from: NaiveDateTime, to: NaiveDateTime, length: Length) -> NaiveDateTime {
    let day = Length::from_minutes(24 * 60).millis();
    let missing = length.millis() - (to - from).num_milliseconds();
    let days = u64::try_from(missing / day).unwrap_or(0);
    // The length has a step of a minute, and the clock times as well.
    let near = u64::try_from((missing + 2 * 60_000) / day).unwrap_or(days);
    to.checked_add_days(Days::new(near)).unwrap_or(to)
}

#[cfg(test)]
mod tests;

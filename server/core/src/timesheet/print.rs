//! From a sheet to text.

use std::fmt::Write as _;

use chrono::{Datelike as _, NaiveDate};

use super::text::TimeText;
use super::{Day, Line, Sheet, Stamp, usual};
use crate::calendar::Calendar;
use crate::correction::To;
use crate::instant::Length;
use crate::money::{Amount, Currency};

/// Prints a sheet, its columns aligned.
#[must_use]
pub fn print(sheet: &Sheet) -> String {
    let shown = sheet.shown();
    let totals: Vec<Length> = sheet
        .days
        .iter()
        .zip(&shown)
        .map(|(day, lines)| day.shown(lines))
        .collect();
    let mut text = String::new();
    for doubt in &sheet.doubts {
        let _ = writeln!(text, "# ? {doubt}");
    }
    if !sheet.usual.is_empty() {
        let _ = writeln!(text, "{}", usual::print(&sheet.usual));
    }
    let row = |day: &Day, line: &Line| Row {
        time: TimeText::of(&line.time, &sheet.calendar, day.date).to_string(),
        to: target(&line.to),
        rest: rest(!line.billable, line.shown_note().map(escaped).as_deref()),
    };
    let rows = sheet
        .days
        .iter()
        .map(|day| (day, day.lines.iter().map(|line| row(day, line))));
    let rows: Vec<(&Day, Vec<Row>)> = rows.map(|(day, rows)| (day, rows.collect())).collect();
    let widths = Widths::of(rows.iter().flat_map(|(_, rows)| rows));
    for ((day, rows), total) in rows.iter().zip(&totals) {
        let _ = write!(text, "\n{}\n", day_header(day.date, Some(*total)));
        for row in rows {
            text.push_str(&row.aligned(widths));
            text.push('\n');
        }
    }
    let header = header(sheet, totals.iter().copied().sum());
    format!("{header}   {}\n{text}", Stamp::of(sheet.revision, &text))
}

/// Prints one line, for a text that has no columns yet: `09:02-10:47  acme/api  GET /orders pagination`.
#[must_use]
pub fn print_line(time: TimeText, to: &To, billable: bool, note: Option<&str>) -> String {
    let row = Row {
        time: time.to_string(),
        to: target(to),
        rest: rest(!billable, note.map(escaped).as_deref()),
    };
    row.aligned(Widths::default()).trim_start().to_owned()
}

/// Prints a day's header: `Mon 16 Nov   5:23`.
pub(super) fn day_header(date: NaiveDate, total: Option<Length>) -> String {
    let day = short_date(date);
    total.map_or(day.clone(), |total| format!("{day}   {total}"))
}

/// Shows a day as `Mon 16 Nov`.
pub(super) fn short_date(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// The fields of a line as text.
pub(super) struct Row {
    pub(super) time: String,
    pub(super) to: String,
    /// The mark and the note.
    pub(super) rest: String,
}

/// The widths of columns, in characters.
#[derive(Clone, Copy, Default)]
pub(super) struct Widths {
    time: usize,
    to: usize,
}

/// The maximum width of the project column. A longer project shifts only its own note.
const WIDEST: usize = 40;

impl Widths {
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r Row>) -> Self {
        rows.fold(Self::default(), |widths, row| Self {
            time: widths.time.max(row.time.chars().count()),
            to: widths.to.max(row.to.chars().count().min(WIDEST)),
        })
    }
}

impl Row {
    pub(super) fn aligned(&self, widths: Widths) -> String {
        let Self { time, to, rest } = self;
        let line = format!("  {time:<0$}  {to:<1$}  {rest}", widths.time, widths.to);
        // A quoted project ends in its quote, so its own blanks are not trimmed.
        line.trim_end().to_owned()
    }
}

/// Returns the mark and the note at the end of a line.
pub(super) fn rest(mark: bool, note: Option<&str>) -> String {
    match (mark, note) {
        (true, Some(note)) => format!("! {note}"),
        (true, None) => "!".to_owned(),
        (false, note) => note.unwrap_or_default().to_owned(),
    }
}

/// Escapes the beginning of a note that would read as the mark.
fn escaped(note: &str) -> String {
    let escape = if note.starts_with(['!', '\\']) { "\\" } else { "" };
    format!("{escape}{note}")
}

/// Shows an assignment. An id that would not read back as one word is quoted.
#[must_use]
pub fn target(to: &To) -> String {
    let id = match to {
        To::Unassigned => return "?".to_owned(),
        To::Private => return "-".to_owned(),
        To::Project(id) => id.as_str(),
    };
    let plain = !id.starts_with(['"', '!']) && !id.contains(char::is_whitespace) && !["", "?", "-"].contains(&id);
    if plain {
        return id.to_owned();
    }
    let id = id.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", id.replace('\n', "\\n").replace('\r', "\\r"))
}

fn header(sheet: &Sheet, total: Length) -> String {
    let total = if sheet.unbilled.is_empty() {
        total.to_string()
    } else {
        total.to_the_second()
    };
    let mut text = format!("# {}   {}   {total}", sheet.week, dates(sheet));
    if !sheet.unbilled.is_empty() {
        let amounts = sheet
            .unbilled
            .iter()
            .map(|(currency, amount)| money(*currency, *amount));
        let _ = write!(text, "   {} unbilled", amounts.collect::<Vec<_>>().join(", "));
    }
    text
}

/// Shows the days of the week: `Mon 16 Nov – Sun 22 Nov 2026`.
fn dates(sheet: &Sheet) -> String {
    let (first, last) = week(sheet.week, &sheet.calendar);
    let year = if first.year() == last.year() {
        String::new()
    } else {
        format!(" {}", first.year())
    };
    format!("{}{year} – {} {}", short_date(first), short_date(last), last.year())
}

fn week(week: crate::calendar::Week, calendar: &Calendar) -> (NaiveDate, NaiveDate) {
    calendar.week_of(week.monday())
}

/// Shows an amount with thousands separators: `EUR 2,853.00`.
#[must_use]
pub fn money(currency: Currency, amount: Amount) -> String {
    let text = amount.to_string();
    let (whole, cents) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, cents)| (whole, Some(cents)));
    let digits = whole.trim_start_matches('-').len();
    let mut shown = format!("{currency} ");
    for (at, letter) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if left < digits && left % 3 == 0 {
            shown.push(',');
        }
        shown.push(letter);
    }
    cents.map_or(shown.clone(), |cents| format!("{shown}.{cents}"))
}

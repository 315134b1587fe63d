//! Files that are tables: a header, then a row an entry.

use std::io::BufRead;
use std::ops::ControlFlow;

use anyhow::{Result, bail};
use chrono::{NaiveDate, NaiveTime};
use keeptab_core::instant::Length;
use rust_decimal::Decimal;

use super::conventions::{Bare, Conventions};
use super::header::{Column, Header};
use super::records::{Record, Records};
use super::{Draft, Each, Found, Importer, Input, Row, value};

/// Maps the columns of a table to fields.
pub(super) trait Layout: Send {
    /// Reads one row.
    fn row(&self, cells: &Cells<'_>) -> Result<Found>;

    /// Returns the most bytes of a record, if it is not the usual number.
    fn longest(&self) -> Option<usize> {
        None
    }
}

/// The most records above a header: titles, the name of the person, the range of a report.
const MOST_TITLES: usize = 20;

/// Words of the rows that sum up those above them.
const SUMS: [&str; 9] = [
    "total",
    "totals",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "somme",
    "totale",
    "totaal",
];

/// Reads a table whose columns are known.
pub(super) struct Table<L> {
    layout: L,
    /// The number of records above the header.
    titles: usize,
}

impl<L: Layout> Table<L> {
    pub(super) fn new(layout: L, titles: usize) -> Self {
        Self { layout, titles }
    }
}

impl<L: Layout> Importer for Table<L> {
    fn read(&mut self, mut input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let delimiter = delimiter(&mut input)?;
        let mut records = Records::new(input, delimiter).up_to(self.layout.longest());
        let mut record = Record::default();
        let mut header = header(&mut records, &mut record)?;
        for _ in 0..self.titles {
            if records.next(&mut record)? {
                header = Header::new(record.fields());
            }
        }
        while records.next(&mut record)? {
            let found = read(&self.layout, &header, &record, conventions);
            let row = Row {
                line: record.line,
                found: found.unwrap_or_else(|error| Found::Refused(format!("{error:#}"))),
            };
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn read(layout: &impl Layout, header: &Header, record: &Record, conventions: &Conventions) -> Result<Found> {
    if record.is_broken {
        bail!("a quotation mark is not closed, or closed in the middle of a field");
    }
    let fields = record.fields();
    let surplus = fields.iter().skip(header.len()).any(|field| !field.is_empty());
    if fields.len() < header.len() || surplus {
        let plural = if fields.len() == 1 { "" } else { "s" };
        bail!(
            "it has {} field{plural} where the header has {}",
            fields.len(),
            header.len()
        );
    }
    let filled: Vec<&str> = fields
        .iter()
        .map(|field| field.trim())
        .filter(|field| !field.is_empty())
        .collect();
    // Files that were joined have the header again.
    let is_header = || {
        fields
            .iter()
            .map(|field| field.trim())
            .eq(header.written().iter().map(String::as_str))
    };
    match filled.first() {
        None => return Ok(Found::Aside),
        Some(first) if is_sum(first) && filled.len() * 2 <= fields.len() => {
            return Ok(Found::Left(first.trim_end_matches(':').to_owned()));
        }
        _ if is_header() => return Ok(Found::Aside),
        _ => {}
    }
    layout.row(&Cells { fields, conventions })
}

/// Returns true if a cell names a sum of the rows above it.
pub(super) fn is_sum(text: &str) -> bool {
    let word = text.trim_end_matches(':').trim().to_lowercase();
    SUMS.contains(&word.as_str())
}

/// Reads the records that can be the header of a table: the first one, and those below it, for a spreadsheet may begin
/// with titles. Each comes with the number of records above it.
pub(super) fn headers(mut input: Input) -> Result<Vec<(usize, Header)>> {
    let delimiter = delimiter(&mut input)?;
    let mut records = Records::new(input, delimiter);
    let mut record = Record::default();
    let mut found = vec![(0, header(&mut records, &mut record)?)];
    for titles in 1..MOST_TITLES {
        if !records.next(&mut record)? {
            break;
        }
        let header = Header::new(record.fields());
        // A header names all of its columns but a few.
        if header.len() > 1 && header.written().iter().filter(|name| name.is_empty()).count() * 2 < header.len() {
            found.push((titles, header));
        }
    }
    Ok(found)
}

fn header<R: BufRead>(records: &mut Records<R>, record: &mut Record) -> Result<Header> {
    while records.next(record)? {
        // A spreadsheet may give the delimiter on a line of its own.
        let says_separator = |field: &String| field.to_ascii_lowercase().starts_with("sep=");
        if !record.fields().first().is_some_and(says_separator) {
            return Ok(Header::new(record.fields()));
        }
    }
    bail!("the file is empty")
}

/// Returns the delimiter of the header's fields: the most frequent of comma, semicolon, tab and bar outside of quotes, in
/// the first line with two of them.
fn delimiter(input: &mut Input) -> Result<u8> {
    let head = input.fill_buf()?;
    let head = head.trim_ascii_start();
    let head = match head.get(..5) {
        Some([b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', mark]) if !mark.is_ascii_whitespace() || *mark == b'\t' => {
            return Ok(*mark);
        }
        _ => head,
    };
    let mut quoted = false;
    let lines = head.split(|byte| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b'\n' | b'\r')
    });
    let mut first = None;
    for line in lines.take(MOST_TITLES) {
        let (mark, count) = likeliest(line);
        if count > 1 {
            return Ok(mark);
        }
        first = first.or((count > 0).then_some(mark));
    }
    Ok(first.unwrap_or(b','))
}

/// Returns the most frequent delimiter of a line, and how often it occurs.
fn likeliest(line: &[u8]) -> (u8, usize) {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if !quoted && let Some((_, count)) = counts.iter_mut().find(|(mark, _)| mark == byte) {
            *count += 1;
        }
    }
    // Ties go to the comma, which stands first.
    let likeliest = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    likeliest.unwrap_or((b',', 0))
}

/// The cells of one row.
pub(super) struct Cells<'r> {
    fields: &'r [String],
    conventions: &'r Conventions,
}

impl Cells<'_> {
    /// Returns the text of a cell; empty if there is no such column.
    pub(super) fn text(&self, column: Column) -> &str {
        let field = column.0.and_then(|index| self.fields.get(index));
        field.map_or("", |field| field.trim())
    }

    pub(super) fn owned(&self, column: Column) -> String {
        self.text(column).to_owned()
    }

    /// Returns the text of a cell; a dash alone stands for none.
    pub(super) fn words(&self, column: Column) -> String {
        let text = self.text(column);
        if matches!(text, "-" | "–") {
            String::new()
        } else {
            text.to_owned()
        }
    }

    /// Returns the cells as they stand in the file.
    pub(super) fn fields(&self) -> &[String] {
        self.fields
    }

    pub(super) fn conventions(&self) -> &Conventions {
        self.conventions
    }

    /// Returns true if a cell is not empty.
    pub(super) fn is_filled(&self, column: Column) -> bool {
        !self.text(column).is_empty()
    }

    pub(super) fn date(&self, column: Column) -> Result<NaiveDate> {
        value::date(self.needed(column, "date")?, self.conventions)
    }

    pub(super) fn time(&self, column: Column) -> Result<NaiveTime> {
        value::time(self.needed(column, "clock time")?)
    }

    pub(super) fn moment(&self, column: Column) -> Result<value::Moment> {
        value::moment(self.needed(column, "date and time")?, self.conventions)
    }

    fn needed(&self, column: Column, what: &str) -> Result<&str> {
        let text = self.text(column);
        if text.is_empty() {
            bail!("it has no {what}");
        }
        Ok(text)
    }

    /// Returns a length and the step of its notation, if the cell has one. A number without a unit is in `bare`.
    pub(super) fn length(&self, column: Column, bare: Option<Bare>) -> Result<Option<(Length, Length)>> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        value::length(text, bare, self.conventions).map(Some)
    }

    /// Gives an entry with clock times the length of a cell. One that cannot be read is a doubt: the clock times count.
    pub(super) fn measure(&self, draft: &mut Draft, column: Column) {
        let text = self.text(column);
        if text.is_empty() {
            return;
        }
        if let (Ok(number), Some(seconds)) = (text.parse::<u64>(), draft.seconds_between())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && number > 0
        {
            self.conventions.saw_span(number, seconds);
        }
        match value::length(text, None, self.conventions) {
            Ok((length, exact)) => {
                (draft.length, draft.exact) = (Some(length), exact);
                draft.doubt = value::doubt(text);
            }
            Err(error) => draft.doubt = Some(format!("{error:#}; its clock times count")),
        }
    }

    pub(super) fn flag(&self, column: Column) -> Result<Option<bool>> {
        value::flag(self.text(column))
    }

    /// Returns an amount above zero and its currency, if the cell has one. One that cannot be read is a doubt: it must
    /// not lose the time.
    pub(super) fn price(&self, draft: &mut Draft, column: Column) -> Option<Decimal> {
        let text = self.text(column);
        if matches!(text, "" | "-") {
            return None;
        }
        match value::price(text, self.conventions) {
            Ok((number, currency)) => {
                draft.currency = currency.or(draft.currency);
                (number > Decimal::ZERO).then_some(number)
            }
            Err(error) => {
                draft.doubt = Some(format!("{error:#}; the time is taken without it"));
                None
            }
        }
    }

    /// Returns the tags of a cell, which commas separate.
    pub(super) fn tags(&self, column: Column) -> Vec<String> {
        let tags = self.text(column).split(',').map(str::trim);
        tags.filter(|tag| !matches!(*tag, "" | "-"))
            .map(str::to_owned)
            .collect()
    }
}

/// Passes a row to `each`, whose result tells if it has enough.
pub(super) fn hand_over(each: Each<'_>, line: u64, found: Result<Found>) -> ControlFlow<()> {
    each(Row {
        line,
        found: found.unwrap_or_else(|error| Found::Refused(format!("{error:#}"))),
    })
}

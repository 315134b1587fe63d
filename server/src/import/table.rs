//! Files that are tables: a header, then a row an entry.

use std::io::BufRead;
use std::ops::ControlFlow;

use anyhow::{Context as _, Result, bail};
use chrono::{NaiveDate, NaiveTime};
use keeptab_core::instant::Length;
use rust_decimal::Decimal;

use super::conventions::Conventions;
use super::header::{Column, Header};
use super::records::{Record, Records};
use super::{Each, Found, Importer, Input, Row, value};

/// Maps the columns of a table to fields.
pub(super) trait Layout: Send {
    /// Reads one row.
    fn row(&self, cells: &Cells<'_>) -> Result<Found>;

    /// Returns the most bytes of a record, if it is not the usual number.
    fn longest(&self) -> Option<usize> {
        None
    }
}

/// Reads a table whose columns are known.
pub(super) struct Table<L> {
    layout: L,
}

impl<L: Layout> Table<L> {
    pub(super) fn new(layout: L) -> Self {
        Self { layout }
    }
}

impl<L: Layout> Importer for Table<L> {
    fn read(&mut self, mut input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let delimiter = delimiter(&mut input)?;
        let mut records = Records::new(input, delimiter).up_to(self.layout.longest());
        let mut record = Record::default();
        let header = header(&mut records, &mut record)?;
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
    if fields.iter().all(|field| field.trim().is_empty()) {
        return Ok(Found::Aside);
    }
    layout.row(&Cells { fields, conventions })
}

/// Reads the header of a table.
pub(super) fn columns(mut input: Input) -> Result<Header> {
    let delimiter = delimiter(&mut input)?;
    header(&mut Records::new(input, delimiter), &mut Record::default())
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

/// Returns the delimiter of the header's fields: the most frequent of comma, semicolon, tab and bar outside of quotes.
fn delimiter(input: &mut Input) -> Result<u8> {
    let head = input.fill_buf()?;
    let head = head.trim_ascii_start();
    let head = match head.get(..5) {
        Some([b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', mark]) if !mark.is_ascii_whitespace() || *mark == b'\t' => {
            return Ok(*mark);
        }
        _ => head,
    };
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            byte => counts
                .iter_mut()
                .filter(|(mark, _)| mark == byte)
                .for_each(|(_, count)| *count += 1),
        }
    }
    // Ties go to the comma, which stands first.
    let likeliest = counts.iter().rev().max_by_key(|(_, count)| *count);
    Ok(likeliest.map_or(b',', |(mark, _)| *mark))
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

    /// Returns a length and its precision, if the cell has one.
    pub(super) fn length(&self, column: Column) -> Result<Option<(Length, Length)>> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        value::length(text, self.conventions).map(Some)
    }

    pub(super) fn flag(&self, column: Column) -> Result<Option<bool>> {
        value::flag(self.text(column))
    }

    /// Returns a number above zero, if the cell has one. An unreadable price must not lose the time.
    pub(super) fn price(&self, column: Column) -> Option<Decimal> {
        let number = value::decimal(self.text(column), self.conventions).ok()?;
        (number > Decimal::ZERO).then_some(number)
    }
}

/// Calls a row's mistakes by the name of the tool's column.
pub(super) fn hours(cells: &Cells<'_>, column: Column) -> Result<Length> {
    let text = cells.text(column);
    if text.contains(':') {
        return value::length(text, cells.conventions).map(|(length, _)| length);
    }
    value::hours(text, cells.conventions).context("the hours cannot be read")
}

/// Passes a row to `each`, whose result tells if it has enough.
pub(super) fn hand_over(each: Each<'_>, line: u64, found: Result<Found>) -> ControlFlow<()> {
    each(Row {
        line,
        found: found.unwrap_or_else(|error| Found::Refused(format!("{error:#}"))),
    })
}

//! Workbooks (XLSX): a sheet as the text of a table, a row a line, so that every reader of tables reads them.
//!
//! Source: ECMA-376, part 1, 18.2 (workbook), 18.3 (sheets), 18.8.30 (formats), 18.17.4 (dates as numbers of days).

mod cell;
mod merged;
mod parts;
mod xml;

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use cell::{Kind, Value, written};
use merged::Merged;
use parts::Book;
use xml::{Xml, attribute, open, piece};

/// The most columns that are read.
const MOST_COLUMNS: usize = 512;
/// The most rows of a sheet.
const MOST_ROWS: u64 = 1_048_576;
/// The most bytes of a sheet as text.
const LONGEST: usize = 1024 * 1024 * 1024;
/// The bytes of a cell's text; Excel writes 32,767 letters at most.
const LONGEST_CELL: usize = 256 * 1024;
/// The bytes of rows that are read at once, or one row if that is more.
const AT_ONCE: usize = 64 * 1024;

/// Returns true if an archive is a workbook.
pub(super) fn is_workbook(archive: &Archive) -> bool {
    archive.member("xl/workbook.xml").is_some()
}

/// Returns the names of the sheets, those that are shown first.
pub(super) fn sheets(path: &Path) -> Result<Vec<String>> {
    let sheets = Book::open(path)?.sheets;
    let (shown, hidden): (Vec<_>, Vec<_>) = sheets.into_iter().partition(|sheet| sheet.is_shown);
    Ok(shown.into_iter().chain(hidden).map(|sheet| sheet.name).collect())
}

/// A sheet as text. Its rows keep their numbers as lines: a row without cells is an empty line.
pub(super) struct Sheet {
    book: Book,
    xml: Xml,
    buffer: Vec<u8>,
    merged: Vec<Merged>,
    text: Vec<u8>,
    used: usize,
    /// The rows that are written.
    rows: u64,
    width: usize,
    written: usize,
    is_done: bool,
}

impl Sheet {
    /// Opens a sheet.
    pub(super) fn open(path: &Path, name: &str) -> Result<Self> {
        let mut book = Book::open(path)?;
        let part = book.sheets.iter().find(|sheet| sheet.name == name);
        let part = part.context("the sheet is not there")?.part.clone();
        book.read_texts(path)?;
        let merged = merged::read(open(path, &book.archive, &part)?)?;
        let xml = Xml::from_reader(io::BufReader::new(open(path, &book.archive, &part)?));
        Ok(Self {
            book,
            xml,
            buffer: Vec::new(),
            merged,
            text: Vec::new(),
            used: 0,
            rows: 0,
            width: 0,
            written: 0,
            is_done: false,
        })
    }

    /// Reads up to the next row, and writes it.
    fn next(&mut self) -> Result<()> {
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(start) if start.local_name().as_ref() == "row" => {
                    let number = attribute(&start, "r").and_then(|number| number.parse().ok());
                    return self.row(number.unwrap_or(self.rows + 1));
                }
                Event::Eof => bail!("the sheet is cut off"),
                Event::End(end) if end.local_name().as_ref() == "sheetData" => {
                    self.is_done = true;
                    return Ok(());
                }
                Event::Empty(empty) if empty.local_name().as_ref() == "sheetData" => {
                    self.is_done = true;
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// Reads the cells of a row, from 1.
    fn row(&mut self, number: u64) -> Result<()> {
        if number <= self.rows || number > MOST_ROWS {
            bail!("the rows of the sheet are not in order");
        }
        let mut cells: Vec<String> = Vec::new();
        let mut next = 0;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(start) if start.local_name().as_ref() == "c" => {
                    let (column, kind, value) = place(&start, next, &self.book);
                    next = column + 1;
                    let text = self.cell(kind, value)?;
                    set(&mut cells, column, text);
                }
                Event::Empty(start) if start.local_name().as_ref() == "c" => {
                    next = place(&start, next, &self.book).0 + 1;
                }
                Event::End(end) if end.local_name().as_ref() == "row" => break,
                Event::Eof => bail!("the sheet is cut off"),
                _ => {}
            }
        }
        for (column, text) in merged::repeated(&mut self.merged, number, &cells) {
            set(&mut cells, column, text);
        }
        self.write(number, cells)
    }

    /// Reads the value of a cell. A formula has the one that was saved with it.
    fn cell(&mut self, kind: Kind, value: Value) -> Result<String> {
        let (mut text, mut is_value) = (String::new(), false);
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer)?;
            match &event {
                Event::Start(start) => is_value = matches!(start.local_name().as_ref(), "v" | "t"),
                Event::End(end) if end.local_name().as_ref() == "c" => break,
                Event::End(_) => is_value = false,
                Event::Eof => bail!("the sheet is cut off"),
                _ if is_value => piece(&event, &mut text),
                _ => {}
            }
            if text.len() > LONGEST_CELL {
                bail!("a cell has more than 256 kB of text\nhint: save the sheet as CSV");
            }
        }
        Ok(written(&text, kind, value, &self.book))
    }

    fn write(&mut self, number: u64, mut cells: Vec<String>) -> Result<()> {
        let before = self.text.len();
        while self.rows + 1 < number {
            self.text.push(b'\n');
            self.rows += 1;
        }
        if !cells.is_empty() {
            // A row has as many cells as the header above it.
            self.width = self.width.max(cells.len());
            cells.resize(self.width, String::new());
            for (index, cell) in cells.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                let quoted = format!("{comma}\"{}\"", cell.replace('"', "\"\""));
                self.text.extend_from_slice(quoted.as_bytes());
            }
        }
        self.text.push(b'\n');
        self.rows += 1;
        self.written += self.text.len() - before;
        if self.written > LONGEST {
            bail!("the sheet has more than 1 GB\nhint: save it as CSV");
        }
        Ok(())
    }
}

/// Returns the place, the format and the type of a cell.
fn place(start: &BytesStart<'_>, next: usize, book: &Book) -> (usize, Kind, Value) {
    let column = attribute(start, "r").and_then(|name| column(&name)).unwrap_or(next);
    let style = attribute(start, "s").and_then(|style| style.parse::<usize>().ok());
    let kind = style
        .and_then(|style| book.kinds.get(style))
        .copied()
        .unwrap_or_default();
    (column, kind, Value::of(attribute(start, "t").as_deref()))
}

/// Returns the column of a cell such as `B12`, from 0.
fn column(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0, |number, letter| {
        number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1)
}

fn set(cells: &mut Vec<String>, column: usize, text: String) {
    if text.is_empty() || column >= MOST_COLUMNS {
        return;
    }
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
}

impl Read for Sheet {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The form of a table is found from the first bytes: a first row without text is not all of it.
        if self.used == self.text.len() {
            self.text.clear();
            self.used = 0;
            while self.text.len() < AT_ONCE && !self.is_done {
                self.next().map_err(|error| io::Error::other(format!("{error:#}")))?;
            }
        }
        let rest = self.text.get(self.used..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(into), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(from);
        }
        self.used += count;
        Ok(count)
    }
}

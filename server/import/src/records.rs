//! A table as records, each with its line. A broken line does not take those after it along.

use std::io::BufRead;

use anyhow::Result;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::input::text;

/// The most bytes of a record. A longer one has a quotation mark that is never closed.
const LONGEST: usize = 64 * 1024;
/// The most bytes of a record in keeptab's own tables, where an invoice with a year of sessions is one.
pub(super) const LONGEST_OWN: usize = 8 * 1024 * 1024;
/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// The fields of one record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line on which it begins.
    pub(super) line: u64,
    /// True if it is broken: a quotation mark is not closed, or closed in the middle of a field.
    pub(super) is_broken: bool,
    fields: Vec<String>,
    count: usize,
}

impl Record {
    /// Returns the fields.
    pub(super) fn fields(&self) -> &[String] {
        self.fields.get(..self.count).unwrap_or_default()
    }
}

/// Reads records.
pub(super) struct Records<R> {
    input: R,
    parser: Reader,
    delimiter: u8,
    /// The bytes read; those from `start` on are not used yet.
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    line: u64,
    output: Vec<u8>,
    ends: Vec<usize>,
    longest: usize,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Self {
            input,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            line: 1,
            output: vec![0; 4096],
            ends: vec![0; 64],
            longest: LONGEST,
        }
    }

    /// Sets the most bytes of a record.
    pub(super) fn up_to(mut self, longest: Option<usize>) -> Self {
        self.longest = longest.unwrap_or(self.longest);
        self
    }

    /// Reads the next record and returns whether there was one.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool> {
        if !self.skip_blank()? {
            return Ok(false);
        }
        record.line = self.line;
        record.is_broken = false;
        let (used, fields, bytes) = self.parse()?;
        let raw = self.buffer.get(self.start..self.start + used).unwrap_or_default();
        let lines = newlines(raw);
        let whole = fields.is_some();
        // A stray quote on one line harms only that line; over several lines it may have swallowed some.
        let suspicious = lines > 1 || self.ended && self.start + used >= self.buffer.len();
        if whole && (!suspicious || is_well_quoted(raw, self.delimiter)) {
            self.fill(record, fields.unwrap_or_default(), bytes);
            self.consume(used);
            return Ok(true);
        }
        // Only its first line is given up.
        let first = raw
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(raw.len(), |at| at + 1);
        self.parser.reset();
        self.consume(first);
        record.is_broken = true;
        record.count = 0;
        Ok(true)
    }

    fn fill(&self, record: &mut Record, fields: usize, bytes: usize) {
        record.count = fields;
        if record.fields.len() < fields {
            record.fields.resize_with(fields, String::new);
        }
        let mut from = 0;
        for (field, end) in record.fields.iter_mut().zip(self.ends.iter().take(fields)) {
            let end = (*end).min(bytes);
            text(self.output.get(from..end).unwrap_or_default(), field);
            from = end;
        }
    }

    /// Parses one record from `start` on. Returns its size in bytes, the number of its fields if it is whole, and the
    /// size of their contents.
    fn parse(&mut self) -> Result<(usize, Option<usize>, usize)> {
        let (mut used, mut bytes, mut fields) = (0, 0, 0);
        loop {
            let rest = self.buffer.get(self.start + used..).unwrap_or_default();
            let at_end = rest.is_empty() && self.ended;
            if rest.is_empty() && !self.ended {
                self.read_more()?;
                continue;
            }
            let output = self.output.get_mut(bytes..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, read, written, ended) = self.parser.read_record(rest, output, ends);
            (used, bytes, fields) = (used + read, bytes + written, fields + ended);
            match result {
                ReadRecordResult::Record => {
                    // The parser leaves the `\n` of a `\r\n`, which belongs to the record's end.
                    if self.byte(used.wrapping_sub(1)) == Some(b'\r') && self.byte(used) == Some(b'\n') {
                        used += 1;
                    }
                    self.parser.reset();
                    return Ok((used, Some(fields), bytes));
                }
                ReadRecordResult::End => return Ok((used, None, bytes)),
                ReadRecordResult::InputEmpty if at_end => return Ok((used, None, bytes)),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
            if used > self.longest {
                return Ok((used, None, bytes));
            }
        }
    }

    fn byte(&self, after: usize) -> Option<u8> {
        self.buffer.get(self.start.checked_add(after)?).copied()
    }

    /// Skips to the next line that is not blank, and returns true if there is one.
    fn skip_blank(&mut self) -> Result<bool> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let found = blank < rest.len();
            self.consume(blank);
            if found {
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            self.read_more()?;
        }
    }

    fn consume(&mut self, count: usize) {
        let used = self.buffer.get(self.start..self.start + count).unwrap_or_default();
        self.line += newlines(used);
        self.start += count;
    }

    fn read_more(&mut self) -> Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let more = self.input.fill_buf()?;
        let count = more.len().min(CHUNK);
        self.buffer.extend(more.iter().take(count));
        self.input.consume(count);
        self.ended = count == 0;
        Ok(())
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Returns whether every quotation mark that opens a field is closed right before a delimiter or the line's end.
fn is_well_quoted(raw: &[u8], delimiter: u8) -> bool {
    let mut bytes = raw.iter().copied().peekable();
    let mut begins = true;
    while let Some(byte) = bytes.next() {
        if !(begins && byte == b'"') {
            begins = byte == delimiter || byte == b'\n' || byte == b'\r';
            continue;
        }
        loop {
            match bytes.next() {
                None => return false,
                Some(b'"') if bytes.peek() == Some(&b'"') => drop(bytes.next()),
                Some(b'"') => break,
                Some(_) => {}
            }
        }
        begins = match bytes.next() {
            None => true,
            Some(next) if next == delimiter || next == b'\n' || next == b'\r' => true,
            Some(_) => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests;

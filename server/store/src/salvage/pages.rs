//! The pages of a database file, each read by itself: the rows of a whole page are found, whatever state the others
//! are in.
//!
//! After <https://www.sqlite.org/fileformat2.html>.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;

use anyhow::Result;
use rusqlite::types::Value;

/// A row as a page holds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Its rowid; `None` in an index, as which a table without rowids is stored.
    pub(super) rowid: Option<i64>,
    /// Its columns in stored order. A row that is older than its last columns has fewer.
    pub(super) values: Vec<Value>,
}

/// A page that can be read.
pub(super) enum Page {
    /// Rows of a table or an index.
    Rows(Vec<Row>),
    /// Rows of an index, and the pages below them.
    Index(Vec<Row>, Vec<u32>),
    /// The pages below one of a table.
    Table(Vec<u32>),
}

/// A file of pages.
pub(super) struct Pages {
    bytes: Vec<u8>,
    size: usize,
}

/// The head of the file, on its first page.
const HEAD: usize = 100;
/// The page size of keeptab's files, for an unreadable head.
const USUAL_SIZE: usize = 4_096;

impl Pages {
    /// Reads a file with the committed part of its log.
    pub(super) fn read(path: &Path) -> Result<Self> {
        Ok(Self::of(std::fs::read(path)?, path))
    }

    /// Reads a file that this process may have open as a database.
    pub(super) fn read_open(path: &Path) -> Result<Self> {
        let mut bytes = Vec::new();
        let mut file = std::fs::File::open(path)?;
        file.read_to_end(&mut bytes)?;
        // POSIX: closing it would take away the locks that SQLite holds on the file. It stays open for as long as the process.
        std::mem::forget(file);
        Ok(Self::of(bytes, path))
    }

    fn of(bytes: Vec<u8>, path: &Path) -> Self {
        let size = match bytes.get(16..18) {
            Some([0, 1]) => 65_536,
            Some([high, low]) => usize::from(*high) << 8 | usize::from(*low),
            _ => 0,
        };
        let is_size = size.is_power_of_two() && (512..=65_536).contains(&size);
        let mut pages = Self {
            bytes,
            size: if is_size { size } else { USUAL_SIZE },
        };
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        if let Ok(log) = std::fs::read(&log) {
            pages.apply(&log);
        }
        pages
    }

    /// Returns how many pages there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.bytes.len().div_ceil(self.size)).unwrap_or(u32::MAX)
    }

    fn bytes_of(&self, number: u32) -> Option<&[u8]> {
        let start = usize::try_from(number.checked_sub(1)?).ok()?.checked_mul(self.size)?;
        self.bytes.get(start..start + self.size)
    }

    /// Reads a page; `None` if it does not hold rows.
    pub(super) fn page(&self, number: u32) -> Option<Page> {
        let page = self.bytes_of(number)?;
        let head = if number == 1 { HEAD } else { 0 };
        let kind = *page.get(head)?;
        let cells = usize::from(two(page, head + 3)?);
        let pointers = head + if matches!(kind, 2 | 5) { 12 } else { 8 };
        let (mut rows, mut below) = (Vec::new(), Vec::new());
        for cell in 0..cells.min(self.size / 2) {
            let Some(at) = two(page, pointers + 2 * cell).map(usize::from) else {
                break;
            };
            match kind {
                13 => rows.extend(self.table_row(page, at)),
                10 => rows.extend(self.index_row(page, at)),
                2 => {
                    below.extend(four(page, at));
                    rows.extend(self.index_row(page, at + 4));
                }
                5 => below.extend(four(page, at)),
                _ => return None,
            }
        }
        if matches!(kind, 2 | 5) {
            below.extend(four(page, head + 8));
        }
        Some(match kind {
            2 => Page::Index(rows, below),
            5 => Page::Table(below),
            10 | 13 => Page::Rows(rows),
            _ => return None,
        })
    }

    /// Returns the free pages, whose rows were deleted.
    pub(super) fn free(&self) -> HashSet<u32> {
        let mut free = HashSet::new();
        let mut trunk = self.bytes_of(1).and_then(|page| four(page, 32)).unwrap_or_default();
        while trunk != 0 && free.insert(trunk) {
            let Some(page) = self.bytes_of(trunk) else { break };
            let leaves = four(page, 4).unwrap_or_default();
            let most = u32::try_from(self.size / 4).unwrap_or_default();
            free.extend((0..leaves.min(most)).filter_map(|leaf| four(page, 8 + 4 * leaf as usize)));
            trunk = four(page, 0).unwrap_or_default();
        }
        free
    }

    fn table_row(&self, page: &[u8], at: usize) -> Option<Row> {
        let mut at = at;
        let length = usize::try_from(varint(page, &mut at)?).ok()?;
        let rowid = varint(page, &mut at)?;
        let values = record(&self.payload(page, at, length, self.size - 35)?)?;
        Some(Row {
            rowid: Some(rowid),
            values,
        })
    }

    fn index_row(&self, page: &[u8], at: usize) -> Option<Row> {
        let mut at = at;
        let length = usize::try_from(varint(page, &mut at)?).ok()?;
        let values = record(&self.payload(page, at, length, (self.size - 12) * 64 / 255 - 23)?)?;
        Some(Row { rowid: None, values })
    }

    /// Returns a whole record: the part that does not fit on its page continues on others.
    fn payload(&self, page: &[u8], at: usize, length: usize, most: usize) -> Option<Vec<u8>> {
        if length > self.bytes.len() {
            return None;
        }
        if length <= most {
            return Some(page.get(at..at + length)?.to_vec());
        }
        let least = (self.size - 12) * 32 / 255 - 23;
        let fits = least + (length - least) % (self.size - 4);
        let here = if fits <= most { fits } else { least };
        let mut payload = page.get(at..at + here)?.to_vec();
        let mut next = four(page, at + here)?;
        let mut seen = HashSet::new();
        while payload.len() < length {
            if !seen.insert(next) {
                return None;
            }
            let page = self.bytes_of(next)?;
            next = four(page, 0)?;
            let rest = (length - payload.len()).min(self.size - 4);
            payload.extend(page.get(4..4 + rest)?);
        }
        Some(payload)
    }

    /// Applies the committed pages of a log to those of the file.
    fn apply(&mut self, log: &[u8]) {
        let Some(size) = four(log, 8).and_then(|size| usize::try_from(size).ok()) else {
            return;
        };
        let is_ours = matches!(four(log, 0), Some(0x377f_0682 | 0x377f_0683)) && size == self.size;
        let (Some(salts), true) = (log.get(16..24), is_ours) else {
            return;
        };
        let big = four(log, 0) == Some(0x377f_0683);
        let mut sums = sum(big, (0, 0), log.get(..24).unwrap_or_default());
        let mut waiting = Vec::new();
        let frames = log.get(32..).unwrap_or_default().chunks_exact(24 + size);
        for frame in frames {
            let (head, page) = frame.split_at(24);
            sums = sum(big, sum(big, sums, &head[..8]), page);
            let holds = head.get(8..16) == Some(salts) && four(head, 16).zip(four(head, 20)) == Some(sums);
            let (Some(number), true) = (four(head, 0), holds) else {
                return;
            };
            waiting.push((number, page));
            // A commit has the number of pages.
            if four(head, 4) != Some(0) {
                for (number, page) in waiting.drain(..) {
                    let Some(start) = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)) else {
                        continue;
                    };
                    let start = start * size;
                    if start > self.bytes.len() + log.len() {
                        return;
                    }
                    if self.bytes.len() < start + size {
                        self.bytes.resize(start + size, 0);
                    }
                    self.bytes[start..start + size].copy_from_slice(page);
                }
            }
        }
    }
}

/// Continues the checksum of a log.
fn sum(big: bool, (mut one, mut two): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let word = |word: &[u8]| {
        let word = [word[0], word[1], word[2], word[3]];
        if big {
            u32::from_be_bytes(word)
        } else {
            u32::from_le_bytes(word)
        }
    };
    for pair in bytes.chunks_exact(8) {
        one = one.wrapping_add(word(&pair[..4])).wrapping_add(two);
        two = two.wrapping_add(word(&pair[4..])).wrapping_add(one);
    }
    (one, two)
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Reads an integer of 1 to 9 bytes.
fn varint(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut value = 0_u64;
    for place in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if place == 8 {
            return Some((value << 8 | u64::from(byte)).cast_signed());
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some(value.cast_signed());
        }
    }
    None
}

/// Decodes a record. All of its bytes must be used.
fn record(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut at = 0;
    let head = usize::try_from(varint(bytes, &mut at)?).ok()?;
    let mut body = head;
    let mut values = Vec::new();
    while at < head {
        let kind = varint(bytes, &mut at)?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 => 8,
            12.. => usize::try_from((kind - 12) / 2).ok()?,
            // keeptab stores no floating point number.
            _ => return None,
        };
        let content = bytes.get(body..body.checked_add(length)?)?;
        body += length;
        values.push(match kind {
            0 => Value::Null,
            8 | 9 => Value::Integer(kind - 8),
            1..=6 => Value::Integer(integer(content)),
            _ if kind % 2 == 0 => Value::Blob(content.to_vec()),
            _ => Value::Text(String::from_utf8(content.to_vec()).ok()?),
        });
    }
    (at == head && body == bytes.len()).then_some(values)
}

/// Reads a big-endian two's complement.
fn integer(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|byte| *byte >= 0x80) {
        -1
    } else {
        0
    };
    bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte))
}

//! A file as UTF-8 bytes, from any of the encodings that tools write.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use keeptab_system::plain;

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// A file that is read from its beginning: without a byte order mark, and UTF-16 turned into UTF-8.
///
/// Bytes that are not valid in either are passed on as they are: each field is checked for UTF-8 by itself ([`text`]),
/// so that one wrong byte does not change how the others read.
pub struct Input {
    reader: BufReader<Box<dyn Read + Send>>,
    read: Arc<AtomicU64>,
}

impl Input {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not a file.
    pub fn open(path: &Path) -> Result<Self> {
        let cannot = || format!("cannot read {}", path.display());
        if path.is_dir() {
            bail!("{} is a folder\nhint: name the files in it", path.display());
        }
        // It may have to be read twice.
        let file = plain::open(path).map_err(|error| match error.kind() {
            ErrorKind::InvalidInput => {
                anyhow!("cannot read {}: {error}\nhint: save it as a file first", path.display())
            }
            _ => anyhow::Error::from(error).context(cannot()),
        })?;
        Self::new(file).with_context(cannot)
    }

    /// Reads from any source.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn new(source: impl Read + Send + 'static) -> Result<Self> {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            source,
            read: Arc::clone(&read),
        };
        let mut reader = BufReader::with_capacity(CHUNK, counted);
        let head = fill(&mut reader)?;
        let utf16 = match head {
            [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
            [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
            // Without a mark, the zeros beside plain letters tell.
            [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some((UTF_16LE, 0)),
            [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some((UTF_16BE, 0)),
            _ => None,
        };
        let mark = if head.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        let source: Box<dyn Read + Send> = if let Some((encoding, mark)) = utf16 {
            reader.consume(mark);
            Box::new(Wide {
                source: reader,
                decoder: encoding.new_decoder_without_bom_handling(),
                done: false,
            })
        } else {
            reader.consume(mark);
            Box::new(reader)
        };
        Ok(Self {
            reader: BufReader::with_capacity(CHUNK, source),
            read,
        })
    }

    /// Returns a count of the bytes of the file that were read, which goes on while it is read.
    #[must_use]
    pub fn progress(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }
}

/// Fills the buffer with the first bytes; a short first read would hide a mark.
fn fill<R: Read>(reader: &mut BufReader<R>) -> io::Result<&[u8]> {
    reader.fill_buf()
}

struct Counted<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// UTF-16 as UTF-8.
struct Wide<R> {
    source: BufReader<R>,
    decoder: Decoder,
    done: bool,
}

impl<R: Read> Read for Wide<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The decoder wants room for one letter at least.
        if buffer.len() < 8 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the buffer is too small"));
        }
        while !self.done {
            let bytes = self.source.fill_buf()?;
            let last = bytes.is_empty();
            let (_, consumed, written, _) = self.decoder.decode_to_utf8(bytes, buffer, last);
            self.source.consume(consumed);
            self.done = last;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// Reads a field as UTF-8, or else as Windows-1252, a superset of Latin-1. Zero bytes are dropped.
pub(super) fn text(bytes: &[u8], into: &mut String) {
    into.clear();
    match std::str::from_utf8(bytes) {
        Ok(text) => into.push_str(text),
        Err(_) => into.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
    if into.as_bytes().contains(&0) {
        into.retain(|letter| letter != '\0');
    }
}

//! Compressed files of the database: gzip, which any system unpacks.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Compresses a file and reads it back.
///
/// # Errors
///
/// If one of them cannot be read or written, or if what is read back is not what was written.
pub(super) fn compress(from: &Path, to: &Path, file: File) -> Result<u64> {
    let mut encoder = GzEncoder::new(file, Compression::default());
    let written = pour(File::open(from)?, &mut encoder)?;
    encoder.finish()?.sync_all()?;
    let read = pour(MultiGzDecoder::new(File::open(to)?), &mut io::sink())?;
    ensure!(written == read, "it does not read back as it was written");
    Ok(std::fs::metadata(to)?.len())
}

/// Copies all, and returns the SHA-256 of it.
fn pour(from: impl Read, to: &mut impl Write) -> Result<[u8; 32]> {
    let mut from = BufReader::with_capacity(1 << 16, from);
    let mut hash = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let count = from.read(&mut bytes)?;
        let Some(some) = bytes.get(..count).filter(|some| !some.is_empty()) else {
            return Ok(hash.finalize().into());
        };
        hash.update(some);
        to.write_all(some).context("cannot write")?;
    }
}

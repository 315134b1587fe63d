//! Compressed files of the database: gzip, which any system unpacks.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use keeptab_system::home::private_file;
use sha2::{Digest as _, Sha256};

/// The first bytes of such a file.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Compresses a file into an empty one, and reads that back.
///
/// # Errors
///
/// If one of them cannot be read or written, or if the bytes read back differ.
pub(super) fn compress(from: &Path, mut to: &File) -> Result<u64> {
    let mut encoder = GzEncoder::new(to, Compression::default());
    let written = pour(File::open(from)?, &mut encoder)?;
    encoder.finish()?.sync_all()?;
    // Through the same handle: on Windows no other can read a locked file.
    to.rewind()?;
    let read = pour(MultiGzDecoder::new(to), &mut io::sink())?;
    ensure!(written == read, "it does not read back as it was written");
    Ok(to.metadata()?.len())
}

/// Writes a backup, packed or not, into an existing empty file, with the log beside it.
///
/// # Errors
///
/// If one of them cannot be read or written, or is cut off.
pub(super) fn unpack(from: &Path, to: &Path) -> Result<()> {
    let mut file = File::options().write(true).open(to)?;
    let mut packed = BufReader::new(File::open(from)?);
    if packed.fill_buf()?.starts_with(GZIP) {
        pour(MultiGzDecoder::new(packed), &mut file)?;
        return Ok(());
    }
    pour(packed, &mut file)?;
    let with_log = |path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        PathBuf::from(name)
    };
    if with_log(from).exists() {
        let mut log = private_file().write(true).create_new(true).open(with_log(to))?;
        pour(File::open(with_log(from))?, &mut log)?;
    }
    Ok(())
}

/// Returns whether a file begins as a text does: then it is no backup, not even a damaged one.
///
/// # Errors
///
/// If it cannot be read.
pub(super) fn is_text(file: &Path) -> Result<bool> {
    let mut start = Vec::new();
    File::open(file)?.take(512).read_to_end(&mut start)?;
    // The last letter may be cut.
    let is_utf8 = std::str::from_utf8(&start).map_or_else(|error| error.error_len().is_none(), |_| true);
    Ok(is_utf8 && !start.contains(&0))
}

/// Returns whether a file is packed.
///
/// # Errors
///
/// If it cannot be read.
pub(super) fn is_packed(file: &Path) -> Result<bool> {
    Ok(BufReader::new(File::open(file)?).fill_buf()?.starts_with(GZIP))
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

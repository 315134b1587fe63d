//! Reading of plain files of a bounded size; anything else in their place is refused.

use std::fs::{self, File};
use std::io::{self, Error, ErrorKind, Read};
use std::path::Path;

/// The most bytes of a text that the user writes by hand: a config or a timesheet.
pub const LONGEST_TEXT: u64 = 1024 * 1024;

/// Opens a plain file.
///
/// # Errors
///
/// If it cannot be opened, or is a folder, a device, a socket or a FIFO, which could be read forever.
pub fn open(path: &Path) -> io::Result<File> {
    // Opening a FIFO waits for a writer, so the kind is checked before opening, and again on the open file.
    if fs::metadata(path)?.is_file() {
        let file = File::open(path)?;
        if file.metadata()?.is_file() {
            return Ok(file);
        }
    }
    Err(Error::new(ErrorKind::InvalidInput, "it is no plain file"))
}

/// Reads a plain file of at most `most` bytes.
///
/// # Errors
///
/// If it cannot be read, is not a plain file, or is longer.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    bytes(open(path)?, most)
}

/// Reads a plain file of at most `most` bytes as UTF-8.
///
/// # Errors
///
/// If it cannot be read, is not a plain file, is longer, or is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    text(open(path)?, most)
}

/// Reads UTF-8 of at most `most` bytes to its end.
///
/// # Errors
///
/// If it cannot be read, is longer, or is not UTF-8.
pub fn text(source: impl Read, most: u64) -> io::Result<String> {
    String::from_utf8(bytes(source, most)?).map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

fn bytes(source: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let count = source.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if count as u64 > most {
        return Err(Error::new(
            ErrorKind::FileTooLarge,
            format!("it has more than {}", size(most)),
        ));
    }
    Ok(bytes)
}

fn size(bytes: u64) -> String {
    match bytes / (1024 * 1024) {
        0 => format!("{bytes} bytes"),
        whole => format!("{whole} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_at_most_as_many_bytes_as_are_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_text(&path, 5).unwrap(), "12345");
        assert_eq!(read(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(read_text(&path, 4).unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(read(folder.path(), 4).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    #[cfg(unix)]
    fn what_has_no_end_is_not_read() {
        assert_eq!(
            read(Path::new("/dev/zero"), 4).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert_eq!(read(&link, 4).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(text(io::repeat(b'a'), 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}

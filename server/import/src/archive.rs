//! ZIP archives: their members are read as they are unpacked, and nothing of them is written to the disk.
//!
//! Source: APPNOTE.TXT of PKWARE, 6.3.10 (4.3.7 local header, 4.3.12 central directory, 4.3.16 its end).

use std::fs::File as Disk;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Take};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use keeptab_system::plain;

/// The most members of an archive.
const MOST_MEMBERS: usize = 10_000;
/// The most bytes of a directory of members.
const LONGEST_DIRECTORY: u64 = 8 * 1024 * 1024;
/// The most bytes of a member, unpacked: the largest export of time has some hundred million.
const LARGEST: u64 = if cfg!(test) { 4 } else { 2 * 1024 } * 1024 * 1024;
/// The bytes of the end of the directory, and of the longest comment behind it.
const END: u64 = 22;
const LONGEST_COMMENT: u64 = 0xffff;
/// The bytes of the headers before the name.
const HEADER: usize = 46;
const LOCAL_HEADER: u64 = 30;

/// The members of an archive.
pub(super) struct Archive {
    members: Vec<Member>,
}

/// A file in an archive.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its name with its folders.
    pub(super) name: String,
    is_locked: bool,
    method: u64,
    checksum: u64,
    packed: u64,
    /// The place of its local header.
    at: u64,
}

/// Returns true if a file begins as an archive does.
pub(super) fn is_archive(path: &Path) -> bool {
    let mut head = [0; 4];
    let read = plain::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && (head == *b"PK\x03\x04" || head == *b"PK\x05\x06")
}

/// Returns the number in some bytes, the lowest byte first.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64> {
    let bytes = bytes.get(at..at + length).context("the archive is cut off")?;
    Ok(bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

impl Archive {
    /// Reads the directory of an archive.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let cannot = || format!("cannot read {}", path.display());
        let mut file = plain::open(path).with_context(cannot)?;
        Self::read(&mut file).with_context(cannot)
    }

    fn read(file: &mut Disk) -> Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        let tail = size.min(END + LONGEST_COMMENT);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(size - tail))?;
        file.take(tail).read_to_end(&mut bytes)?;
        let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06");
        let end = bytes.get(end.context("the archive is cut off")?..).unwrap_or_default();
        let (count, length, at) = (number(end, 10, 2)?, number(end, 12, 4)?, number(end, 16, 4)?);
        if count > MOST_MEMBERS as u64 || length > LONGEST_DIRECTORY || at == 0xffff_ffff {
            bail!("the archive is too large\nhint: unpack it, and name the files to import");
        }
        bytes.clear();
        file.seek(SeekFrom::Start(at))?;
        file.take(length).read_to_end(&mut bytes)?;
        let (mut rest, mut members) = (&bytes[..], Vec::new());
        for _ in 0..count {
            ensure!(rest.starts_with(b"PK\x01\x02"), "the archive is damaged");
            let lengths = [28, 30, 32].map(|at| number(rest, at, 2));
            let [name, extra, comment] = lengths;
            let (name, more) = (usize::try_from(name?)?, usize::try_from(extra? + comment?)?);
            let text = rest.get(HEADER..HEADER + name).context("the archive is cut off")?;
            members.push(Member {
                name: String::from_utf8_lossy(text).into_owned(),
                is_locked: number(rest, 8, 2)? & 1 == 1,
                method: number(rest, 10, 2)?,
                checksum: number(rest, 16, 4)?,
                packed: number(rest, 20, 4)?,
                at: number(rest, 42, 4)?,
            });
            rest = rest.get(HEADER + name + more..).context("the archive is cut off")?;
        }
        Ok(Self { members })
    }

    /// Returns the files, by name. What macOS adds to each file is not one.
    pub(super) fn files(&self) -> Vec<String> {
        let is_file = |name: &&String| !name.ends_with('/') && !name.starts_with("__MACOSX/");
        let mut names: Vec<String> = self
            .members
            .iter()
            .map(|member| &member.name)
            .filter(is_file)
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Returns a member by its name; case makes no difference.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| member.name.eq_ignore_ascii_case(name))
    }
}

/// A member as it is unpacked.
pub(super) struct Unpacked {
    source: Packed,
    sum: Crc,
    checksum: u64,
    left: u64,
}

enum Packed {
    Stored(Take<BufReader<Disk>>),
    Deflated(Box<DeflateDecoder<Take<BufReader<Disk>>>>),
}

impl Member {
    /// Opens it.
    pub(super) fn open(&self, path: &Path) -> Result<Unpacked> {
        if self.is_locked {
            bail!("it has a password\nhint: unpack it, and name the file");
        }
        let mut file = plain::open(path)?;
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(self.at))?;
        (&mut file).take(LOCAL_HEADER).read_to_end(&mut head)?;
        ensure!(head.starts_with(b"PK\x03\x04"), "the archive is damaged");
        let before = number(&head, 26, 2)? + number(&head, 28, 2)?;
        file.seek(SeekFrom::Start(self.at + LOCAL_HEADER + before))?;
        let packed = BufReader::new(file).take(self.packed);
        Ok(Unpacked {
            source: match self.method {
                0 => Packed::Stored(packed),
                8 => Packed::Deflated(Box::new(DeflateDecoder::new(packed))),
                _ => bail!("it is packed in a way that is not known\nhint: unpack it, and name the file"),
            },
            sum: Crc::new(),
            checksum: self.checksum,
            left: LARGEST,
        })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.source {
            Packed::Stored(source) => source.read(buffer)?,
            Packed::Deflated(source) => source.read(buffer)?,
        };
        if count == 0 && !buffer.is_empty() && u64::from(self.sum.sum()) != self.checksum {
            return Err(io::Error::other("it is damaged in the archive"));
        }
        self.sum.update(buffer.get(..count).unwrap_or_default());
        // The size that the archive gives may be a lie.
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other("it has more than 2 GB when it is unpacked")),
        }
        Ok(count)
    }
}

//! The part of the disk that survives, and what was changed since.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::names::{Names, is_memory, known_as};
use crate::{Fault, Seen};

/// The bytes that a disk writes whole.
const SECTOR: usize = 512;
/// "Input/output error" and "no space left on device".
const TROUBLES: [i32; 2] = [5, 28];

/// The permission for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum May {
    /// It happens.
    Go,
    /// So much of it happens, in thousandths; the program is dead then.
    Part(u32),
    /// It does not happen.
    Refused,
}

/// A change of a file since its last sync.
#[derive(Clone, Debug)]
enum Written {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

/// A file.
#[derive(Clone, Debug, Default)]
struct File {
    /// The bytes that survive.
    kept: Vec<u8>,
    /// The writes of `SQLite` since the last sync.
    since: Vec<Written>,
}

pub(crate) struct Model {
    root: PathBuf,
    /// A folder in which each file has a name as long as it may come back.
    anchors: PathBuf,
    files: BTreeMap<u64, File>,
    folders: BTreeMap<PathBuf, Names>,
    seed: u64,
    /// The number of decisions, so that each is another one.
    decisions: u64,
    fault: Option<(u64, Fault)>,
    seen: Seen,
    is_calm: bool,
}

impl Model {
    pub(crate) fn new(root: &Path, anchors: &Path, seed: u64) -> io::Result<Self> {
        fs::create_dir(anchors)?;
        Ok(Self {
            root: root.to_owned(),
            anchors: anchors.to_owned(),
            files: BTreeMap::new(),
            folders: BTreeMap::new(),
            seed,
            decisions: 0,
            fault: None,
            seen: Seen::default(),
            is_calm: false,
        })
    }

    pub(crate) fn has(&self, path: &Path) -> bool {
        path.starts_with(&self.root) && !is_memory(&path.to_string_lossy())
    }

    pub(crate) fn begin(&mut self, fault: Option<(u64, Fault)>) {
        self.fault = fault;
        self.seen = Seen::default();
    }

    pub(crate) fn end(&mut self) -> Seen {
        self.fault = None;
        std::mem::take(&mut self.seen)
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.clone()
    }

    pub(crate) fn kill(&mut self) {
        self.seen.is_dead = true;
    }

    pub(crate) fn set_calm(&mut self, is_calm: bool) {
        self.is_calm = is_calm;
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.seen.is_dead
    }

    /// Returns random numbers for one decision. They depend on no earlier decision, nor on names that differ from run to run.
    pub(crate) fn random(&mut self, about: &str) -> fastrand::Rng {
        self.decisions += 1;
        let mut seed = self.seed ^ self.decisions.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in about.bytes() {
            seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        fastrand::Rng::with_seed(seed)
    }

    /// Decides about a change of a file.
    pub(crate) fn admit(&mut self, word: &str, path: &Path) -> May {
        if self.is_calm {
            return May::Go;
        }
        if self.seen.is_dead {
            return May::Refused;
        }
        let nth = self.seen.changes;
        self.seen.changes += 1;
        let Some((_, fault)) = self.fault.filter(|(at, _)| *at == nth) else {
            return May::Go;
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = known_as(&name);
        let (what, may) = match fault {
            Fault::Refuse => ("the disk refuses", May::Refused),
            Fault::Kill => {
                self.seen.is_dead = true;
                let mut random = self.random(word);
                match random.u8(..3) {
                    0 => ("killed before", May::Refused),
                    1 => ("killed after", May::Part(1000)),
                    _ => ("killed while", May::Part(random.u32(..1000))),
                }
            }
        };
        self.seen.fault = Some(format!("{what} {word} {name} (change {nth})"));
        may
    }

    /// Returns the system's number of a trouble with the disk.
    pub(crate) fn trouble(&mut self) -> i32 {
        let which = self.random("trouble").usize(..TROUBLES.len());
        TROUBLES.get(which).copied().unwrap_or_default()
    }

    /// Notes a file that `SQLite` opened, and returns its number.
    pub(crate) fn opened(&mut self, path: &Path) -> io::Result<u64> {
        let number = fs::metadata(path)?.ino();
        if !self.files.contains_key(&number) {
            let bytes = fs::read(path)?;
            self.know(number, path)?;
            if !bytes.is_empty() {
                self.wrote(number, 0, &bytes);
            }
        }
        Ok(number)
    }

    fn know(&mut self, number: u64, path: &Path) -> io::Result<&mut File> {
        if !self.files.contains_key(&number) {
            match fs::hard_link(path, self.anchors.join(number.to_string())) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        Ok(self.files.entry(number).or_default())
    }

    pub(crate) fn wrote(&mut self, number: u64, offset: usize, bytes: &[u8]) {
        if let Some(file) = self.files.get_mut(&number) {
            file.since.push(Written::Bytes(offset, bytes.to_owned()));
        }
    }

    pub(crate) fn cut(&mut self, number: u64, length: usize) {
        if let Some(file) = self.files.get_mut(&number) {
            file.since.push(Written::Length(length));
        }
    }

    pub(crate) fn sync_number(&mut self, number: u64) -> io::Result<()> {
        let bytes = fs::read(self.anchors.join(number.to_string()))?;
        if let Some(file) = self.files.get_mut(&number) {
            file.kept = bytes;
            file.since.clear();
        }
        Ok(())
    }

    pub(crate) fn sync(&mut self, path: &Path) -> io::Result<()> {
        if !self.has(path) {
            return Ok(());
        }
        let number = fs::metadata(path)?.ino();
        self.know(number, path)?;
        self.sync_number(number)
    }

    pub(crate) fn look_at_folder_of(&mut self, path: &Path) -> io::Result<()> {
        match path.parent().filter(|folder| folder.starts_with(&self.root)) {
            Some(folder) => self.look(folder),
            None => Ok(()),
        }
    }

    fn look(&mut self, folder: &Path) -> io::Result<()> {
        let names = self.folders.entry(folder.to_owned()).or_default();
        names.look(folder)?;
        for (name, number) in names.seen.clone() {
            self.know(number, &folder.join(name))?;
        }
        Ok(())
    }

    pub(crate) fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.starts_with(&self.root) {
            self.look(folder)?;
            self.folders.entry(folder.to_owned()).or_default().sync();
        }
        Ok(())
    }

    fn all_folders(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = vec![self.root.clone()];
        let mut next = 0;
        while let Some(folder) = found.get(next).cloned() {
            next += 1;
            let mut below = Vec::new();
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    below.push(entry.path());
                }
            }
            below.sort();
            found.extend(below);
        }
        Ok(found)
    }

    pub(crate) fn settle(&mut self) -> io::Result<()> {
        for folder in self.all_folders()? {
            self.sync_folder(&folder)?;
        }
        let numbers: Vec<u64> = self.files.keys().copied().collect();
        numbers.into_iter().try_for_each(|number| self.sync_number(number))
    }

    pub(crate) fn fail_power(&mut self) -> io::Result<()> {
        let in_order = self.random("order").bool();
        let mut left = BTreeMap::<PathBuf, u64>::new();
        for folder in self.all_folders()? {
            self.look(&folder)?;
            let mut random = self.random(&folder.strip_prefix(&self.root).unwrap_or(&folder).to_string_lossy());
            let names = self.folders.entry(folder.clone()).or_default();
            let names = names.fail_power(&mut random, in_order);
            left.extend(names.into_iter().map(|(name, number)| (folder.join(name), number)));
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if !entry.file_type()?.is_dir() {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        let mut files = BTreeMap::new();
        let mut paths: Vec<(&PathBuf, &u64)> = left.iter().collect();
        paths.sort_by_key(|(path, _)| known_as(&path.to_string_lossy()));
        for (path, number) in paths {
            let anchor = self.anchors.join(number.to_string());
            fs::hard_link(&anchor, path)?;
            if !files.contains_key(number) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let bytes = self.surviving(*number, &known_as(&name), fs::read(&anchor)?);
                let file = fs::File::options().write(true).open(&anchor)?;
                file.set_len(0)?;
                file.write_all_at(&bytes, 0)?;
                files.insert(
                    *number,
                    File {
                        kept: bytes,
                        since: Vec::new(),
                    },
                );
            }
        }
        for number in self.files.keys().filter(|number| !files.contains_key(number)) {
            fs::remove_file(self.anchors.join(number.to_string()))?;
        }
        self.files = files;
        Ok(())
    }

    /// Returns the bytes of a file that survive a failure of the power.
    fn surviving(&mut self, number: u64, name: &str, seen: Vec<u8>) -> Vec<u8> {
        let mut random = self.random(name);
        let File { mut kept, since } = self.files.get(&number).cloned().unwrap_or_default();
        if since.is_empty() {
            if kept == seen {
                return kept;
            }
            // Written without SQLite and never synced: the length may be there without the bytes.
            return match random.u8(..4) {
                0 => kept,
                1 => seen,
                2 => seen[..random.usize(..=seen.len())].to_owned(),
                _ => vec![0; seen.len()],
            };
        }
        let way = random.u8(..4);
        let until = random.usize(..=since.len());
        for (nth, change) in since.into_iter().enumerate() {
            let is_there = match way {
                0 => false,
                1 => true,
                2 => nth < until,
                _ => random.bool(),
            };
            if !is_there {
                continue;
            }
            match change {
                Written::Length(length) => kept.resize(length, 0),
                Written::Bytes(offset, bytes) => {
                    // Sectors go to the disk one by one, and in any order.
                    let is_torn = way >= 2 && random.u8(..8) == 0;
                    for (nth, sector) in bytes.chunks(SECTOR).enumerate() {
                        if !is_torn || random.bool() {
                            put(&mut kept, offset + nth * SECTOR, sector);
                        }
                    }
                }
            }
        }
        kept
    }
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    if let Some(place) = file.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

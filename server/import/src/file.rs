//! A file to import: as it is, or one of those in an archive.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::Input;
use super::archive::{self, Archive};
use super::workbook::{self, Sheet};

/// A file as it is, or a member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    path: PathBuf,
    member: Option<String>,
}

impl File {
    /// Makes a file as it is.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            member: None,
        }
    }

    /// Returns the files in an archive, or `None` if the path is no archive. A workbook is none: it is one file.
    ///
    /// # Errors
    ///
    /// If the archive cannot be read, or has too many files.
    pub fn members(path: &Path) -> Result<Option<Vec<Self>>> {
        if !archive::is_archive(path) {
            return Ok(None);
        }
        let archive = Archive::open(path)?;
        if workbook::is_workbook(&archive) {
            return Ok(None);
        }
        let member = |name| Self {
            path: path.to_owned(),
            member: Some(name),
        };
        Ok(Some(archive.files().into_iter().map(member).collect()))
    }

    /// Returns the path on the disk.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name without its folders. A member has the name of its archive before it.
    #[must_use]
    pub fn name(&self) -> String {
        let path = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy();
        match &self.member {
            Some(member) => format!("{path}: {}", last(member)),
            None => path.into_owned(),
        }
    }

    /// Returns the end of the name after its last dot, in lower case.
    #[must_use]
    pub fn extension(&self) -> String {
        let name = self.name();
        name.rsplit_once('.')
            .map_or("", |(_, extension)| extension)
            .to_lowercase()
    }

    /// Returns another file of the same folder or archive.
    pub(super) fn beside(&self, name: &str) -> Self {
        match &self.member {
            Some(member) => Self {
                path: self.path.clone(),
                member: Some(format!(
                    "{}{name}",
                    member.strip_suffix(last(member)).unwrap_or_default()
                )),
            },
            None => Self::new(&self.path.with_file_name(name)),
        }
    }

    /// Returns the sheets of a workbook, those that are shown first, or `None` if it is none.
    pub(super) fn sheets(&self) -> Result<Option<Vec<String>>> {
        if self.member.is_some() || !archive::is_archive(&self.path) {
            return Ok(None);
        }
        if !workbook::is_workbook(&Archive::open(&self.path)?) {
            bail!("{self} is an archive\nhint: unpack it, and name a file of it");
        }
        let sheets = workbook::sheets(&self.path).with_context(|| format!("cannot read {self}"))?;
        Ok(Some(sheets))
    }

    /// Opens it; of a workbook, a sheet.
    pub(super) fn open(&self, sheet: Option<&str>) -> Result<Input> {
        let opened = match (&self.member, sheet) {
            (Some(member), _) => self.unpack(member).and_then(Input::new),
            (None, Some(sheet)) => Sheet::open(&self.path, sheet).and_then(Input::new),
            (None, None) => return Input::open(&self.path),
        };
        opened.with_context(|| format!("cannot read {self}"))
    }

    fn unpack(&self, name: &str) -> Result<archive::Unpacked> {
        let archive = Archive::open(&self.path)?;
        archive
            .member(name)
            .context("it is not there any more")?
            .open(&self.path)
    }
}

/// Returns a name in an archive without its folders.
fn last(member: &str) -> &str {
    member.rsplit(['/', '\\']).next().unwrap_or(member)
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{} in {}", last(member), self.path.display()),
            None => write!(f, "{}", self.path.display()),
        }
    }
}

//! A backup in the place of the database.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Format, InvoiceNumber};
use keeptab_core::plain::counted;
use keeptab_store::{Candidate, Carried, Contents, Held, brief, is_unreadable, put_in_place};
use keeptab_system::home::{Beside, Home, sweep};
use schemars::JsonSchema;
use serde::Serialize;

use super::{archive, backup};
use crate::Engine;

/// The records that were restored, or would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Restoration {
    /// The backup.
    pub file: PathBuf,
    /// True if it is in place.
    pub done: bool,
    /// The contents of the backup.
    pub backup: Contents,
    /// The contents of the database that it replaces; `None` if there is none that can be read throughout.
    pub present: Option<Contents>,
    /// The records carried over from there.
    pub carried: Carried,
    /// The numbers that are taken though their invoices are lost: documents or links alone tell of them.
    pub taken: Vec<InvoiceNumber>,
    /// The reason why the replaced database cannot be read in full; `None` if it can or there is none.
    pub unreadable: Option<String>,
    /// The file that keeps the replaced database; `None` if there was none.
    pub kept: Option<PathBuf>,
}

impl Engine {
    /// Restores a backup and opens it, or describes the result.
    ///
    /// # Errors
    ///
    /// If the file is no backup, is damaged or of a newer version, another host holds the database, or a file cannot be
    /// written.
    pub fn restore(&mut self, file: &Path, yes: bool, now: Instant) -> Result<Restoration> {
        let restored = restore(&self.home, file, yes, now)?;
        if restored.done {
            *self = Self::open(self.home.clone(), now)?;
        }
        Ok(restored)
    }
}

/// Restores a backup, or describes the result. The present database need not be readable.
///
/// # Errors
///
/// If the backup cannot be read or is damaged, the backup and the database each have invoices that the other lacks,
/// another process holds the database, or a file cannot be written. The database is unchanged then.
pub fn restore(home: &Home, file: &Path, yes: bool, now: Instant) -> Result<Restoration> {
    let place = home.database();
    if fs::canonicalize(file)
        .ok()
        .is_some_and(|file| fs::canonicalize(&place).ok() == Some(file))
    {
        bail!(
            "{} is the database itself\nhint: backups lie in {}",
            file.display(),
            home.backups().display()
        );
    }
    let is_text = archive::is_text(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if is_text {
        bail!(
            "{} is no backup\nhint: backups lie in {}",
            file.display(),
            home.backups().display()
        );
    }
    let _lock = backup::lock(home, File::lock)?;
    sweep(home, now);
    let new = Beside::database(&place)?;
    archive::unpack(file, new.path()).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut candidate = Candidate::open(new.path(), now).with_context(|| file.display().to_string())?;
    let mut restored = Restoration {
        file: file.to_owned(),
        done: false,
        backup: candidate.contents()?,
        present: None,
        carried: Carried::default(),
        taken: Vec::new(),
        unreadable: None,
        kept: None,
    };
    let mut held = None;
    if place.exists() {
        // Held, so that no invoice is issued that would not be carried over.
        let by_us = Held::hold(&place, now).map(|by_us| held.insert(by_us));
        let carried = by_us.and_then(|by_us| Ok((by_us.contents()?, candidate.carry_from(&place)?)));
        match carried {
            Ok((present, carried)) => {
                restored.present = Some(present);
                restored.carried = carried;
                candidate.forget_as(&place)?;
            }
            Err(error) if is_unreadable(&error) => {
                restored.unreadable = Some(brief(&error));
                let (carried, lost) = candidate.carry_remains(&place, now)?;
                restored.carried = carried;
                restored.taken = candidate.take_numbers([lost, numbers_of_documents(home)].concat())?;
            }
            Err(error) => return Err(error).with_context(|| format!("{} cannot be replaced", place.display())),
        }
    } else {
        restored.taken = candidate.take_numbers(numbers_of_documents(home))?;
    }
    candidate.finish(new.path())?;
    if yes {
        let kept = place.with_extension(format!("replaced-{}.db", now.to_rfc3339().replace(':', "")));
        restored.kept = place.exists().then(|| kept.clone());
        put_in_place(new.path(), &place, &kept, held)?;
        restored.done = true;
    }
    Ok(restored)
}

/// Returns the numbers that the files in the folder of invoices bear.
fn numbers_of_documents(home: &Home) -> Vec<InvoiceNumber> {
    fs::read_dir(home.invoices())
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let name = name.to_str()?;
            let mut endings = Format::ALL.into_iter().map(Format::ending);
            endings.find_map(|ending| name.strip_suffix(ending)?.parse().ok())
        })
        .collect()
}

impl fmt::Display for Restoration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.file.display())?;
        writeln!(f, "  the backup has   {}", Shown(&self.backup))?;
        if let Some(present) = &self.present {
            writeln!(f, "  the database has {}", Shown(present))?;
        }
        if let Some(reason) = &self.unreadable {
            writeln!(f, "  the database cannot be read throughout: {reason}")?;
        }
        let Carried {
            invoices,
            payments,
            documents,
            entries,
        } = &self.carried;
        if !invoices.is_empty() {
            writeln!(f, "  carried over: {}", invoices.join(", "))?;
        }
        for (count, what) in [
            (payments, "payments"),
            (documents, "documents"),
            (entries, "entries that are billed"),
        ] {
            if *count > 0 {
                writeln!(f, "  carried over: {count} {what}")?;
            }
        }
        if !self.taken.is_empty() {
            let taken: Vec<String> = self.taken.iter().map(ToString::to_string).collect();
            writeln!(f, "  lost, and their numbers stay taken: {}", taken.join(", "))?;
        }
        if !self.done {
            return write!(
                f,
                "nothing was changed\nhint: with --yes it is restored; the database is kept under another name"
            );
        }
        match &self.kept {
            Some(kept) => write!(f, "restored; the database before is kept:\n{}", kept.display()),
            None => write!(f, "restored"),
        }
    }
}

/// Returns the contents of a database on one line.
struct Shown<'a>(&'a Contents);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contents {
            events,
            last_event,
            entries,
            corrections,
            invoices,
        } = self.0;
        write!(
            f,
            "{}, {}, {}, {}",
            counted(*invoices, "invoice"),
            counted(*entries, "entry"),
            counted(*corrections, "correction"),
            counted(*events, "event")
        )?;
        match last_event {
            Some(last) => write!(f, " up to {last}"),
            None => Ok(()),
        }
    }
}

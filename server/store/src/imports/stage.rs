//! Staging area of an import, an attached database of its own that disappears when it is detached. The main database
//! is not locked while a long file is read.

mod bills;
mod commit;
mod extras;
mod facts;
mod landing;
mod papers;
mod seen;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::activity::{Kind, Seq};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::money::Price;
use keeptab_core::rule::{NamedRoot, ProjectId};
use rusqlite::{CachedStatement, Transaction, params};

use super::super::events::{NewSign, code, parts};
use super::super::open::{LARGE_CACHE, USUAL_CACHE, keep_pages};
use super::super::{NewEvent, Store};

use seen::Seen;

pub use bills::Fate;
pub use extras::{
    At, NewApply, NewClaim, NewCorrection, NewCredit, NewElsewhere, NewInvoice, NewPayment, NewSeries, NewUndone,
    NewVoid, Origin, OwnEntry,
};
pub use landing::{By, Landings};
pub use papers::NewPart;

/// An entry as it will be kept.
#[derive(Clone, Debug)]
pub struct NewEntry<'e> {
    /// The fingerprint that equal rows share. The rows are numbered when all are staged.
    pub fingerprint: &'e str,
    /// The line of the file.
    pub line: u64,
    /// The fields that only keeptab's own export has.
    pub own: Option<OwnEntry>,
    /// The project.
    pub project: Option<&'e ProjectId>,
    /// The civil day.
    pub day: NaiveDate,
    /// Its clock times.
    pub span: Option<Span>,
    /// Its length.
    pub length: Length,
    /// The description of the work.
    pub note: Option<&'e str>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if another tool billed it; `None` if that is not known.
    pub billed: Option<bool>,
    /// The price of an hour, if it brings its own.
    pub rate: Option<Price>,
}

/// An editor or a browser of an import.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewSource {
    /// The machine; this one unless given.
    pub device: Option<String>,
    /// Its name.
    pub name: String,
}

/// A heartbeat or boundary of an import, with its number.
#[derive(Clone, Debug)]
pub struct NewImported {
    /// The place of its source, as [`Stage::source`] returned it.
    pub source: u32,
    /// The event; its number must be the same each time the same row is imported.
    pub event: NewEvent,
}

/// The size of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Entries.
    pub entries: u64,
    /// The total length of the entries.
    pub length: Length,
    /// Heartbeats and boundaries.
    pub events: u64,
    /// Corrections.
    pub corrections: u64,
    /// Invoices.
    pub invoices: u64,
    /// Entries that another tool billed or released since the last import.
    pub updated: u64,
    /// Entries that the files replace or take away.
    pub taken_away: u64,
    /// Invoices that are not restored.
    pub unrestored: u64,
    /// Time of this home that invoices of another one bill.
    pub elsewhere: Length,
}

/// A temporary file without a journal: after an error, its content is not needed.
const ATTACH: &str = "
    ATTACH '' AS stage;
    PRAGMA stage.journal_mode = OFF;
    PRAGMA stage.synchronous = OFF;
    CREATE TABLE stage.entry (
        n           INTEGER PRIMARY KEY,
        file        INTEGER NOT NULL,
        line        INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        -- Of an export: 0 if it is known by its origin, else which of those that are equal.
        own         INTEGER,
        project     TEXT,
        day         TEXT NOT NULL,
        start_at    INTEGER,
        end_at      INTEGER,
        length      INTEGER NOT NULL,
        note        TEXT,
        billable    INTEGER NOT NULL,
        billed      INTEGER,
        rate        TEXT
    ) STRICT;
    CREATE TABLE stage.own (
        n            INTEGER PRIMARY KEY,
        number       INTEGER NOT NULL,
        device       TEXT,
        origin       INTEGER,
        keeps        INTEGER NOT NULL,
        made_at      INTEGER,
        apply        INTEGER,
        place_at     INTEGER,
        place_device TEXT,
        place_n      INTEGER,
        beside       INTEGER NOT NULL,
        rows         TEXT,
        free         TEXT,
        undone       INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX stage.own_number ON own (number);
    -- How entries land that meet other time.
    CREATE TABLE stage.cut (n INTEGER PRIMARY KEY, free TEXT, beside INTEGER NOT NULL, rows TEXT) STRICT;
    -- The fingerprints of which there may be two.
    CREATE TABLE stage.suspect (fingerprint TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE stage.event (
        at       INTEGER NOT NULL,
        source   INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        sign     INTEGER NOT NULL,
        kind     INTEGER,
        text     TEXT,
        root     TEXT,
        language TEXT,
        PRIMARY KEY (at, source, seq)
    ) STRICT, WITHOUT ROWID;";

const INSERT: &str = "
    INSERT INTO stage.entry
        (file, fingerprint, own, line, project, day, start_at, end_at, length, note, billable, billed, rate)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Equal rows of one file are distinct; the n-th matches the n-th in an overlapping file. Only rows that may have an
/// equal are sorted, once, at the end: looking each row up among all others costs more.
const NUMBER_EQUAL: &str = "
    UPDATE stage.entry SET fingerprint = fingerprint || '.' || place, own = iif(own > 0, place, own)
    FROM (
        SELECT n AS nth, row_number() OVER (PARTITION BY file, fingerprint ORDER BY n) AS place FROM stage.entry
        WHERE fingerprint IN (SELECT fingerprint FROM stage.suspect)
    ) WHERE nth = n AND place > 1";
/// Entries that an earlier file has too.
const OVERLAP: &str = "
    SELECT n FROM (
        SELECT n, row_number() OVER (PARTITION BY fingerprint ORDER BY n) AS place FROM stage.entry
        WHERE fingerprint IN (SELECT fingerprint FROM stage.entry GROUP BY fingerprint HAVING count(*) > 1)
    ) WHERE place > 1";

/// An import while it is read.
pub struct Stage<'s> {
    // Dropped before the transaction ends. Prepared once, not for each row.
    insert: CachedStatement<'s>,
    transaction: Transaction<'s>,
    staged: &'s mut Staged,
    /// The index of the file that is being read.
    file: u32,
    seen: Seen,
    /// The day of the last entry with its text, since the next entry is mostly of the same day.
    day: (NaiveDate, String),
}

/// Entries that appear in several files and count once, with their time by project and by whether the other tool
/// billed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Entries.
    pub entries: u64,
    /// Their time.
    pub lengths: Vec<(Option<ProjectId>, bool, Length)>,
}

/// Staged records that are kept in memory, not in a table.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    sources: Vec<(NewSource, Seq)>,
    applies: Vec<NewApply>,
    voids: Vec<NewVoid>,
    undone: Vec<NewUndone>,
    corrections: Vec<NewCorrection>,
    invoices: Vec<NewInvoice>,
    claims: Vec<NewClaim>,
    credits: Vec<NewCredit>,
    payments: Vec<NewPayment>,
    series: Vec<NewSeries>,
    roots: Vec<NamedRoot>,
    elsewhere: Vec<NewElsewhere>,
}

impl Store {
    /// Starts staging an import and drops what the last one staged.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn stage(&mut self) -> Result<Stage<'_>> {
        self.staged = Staged::default();
        self.detach()?;
        keep_pages(&self.connection, LARGE_CACHE)?;
        self.connection.execute_batch(ATTACH)?;
        self.connection.execute_batch(papers::TABLES)?;
        self.connection
            .pragma_update(Some("stage"), "cache_size", -USUAL_CACHE)?;
        Ok(Stage {
            insert: self.connection.prepare_cached(INSERT)?,
            transaction: self.connection.unchecked_transaction()?,
            staged: &mut self.staged,
            file: 0,
            seen: Seen::new(),
            day: (NaiveDate::MIN, String::new()),
        })
    }

    /// Drops what was staged and frees its memory.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn unstage(&mut self) -> Result<()> {
        self.staged = Staged::default();
        self.detach()?;
        keep_pages(&self.connection, USUAL_CACHE)
    }

    fn detach(&self) -> Result<()> {
        let mut databases = self
            .connection
            .prepare("SELECT 1 FROM pragma_database_list WHERE name = 'stage'")?;
        let is_attached = databases.exists([])?;
        drop(databases);
        if is_attached {
            self.connection.execute_batch("DETACH stage")?;
        }
        Ok(())
    }

    /// Returns the size of what is staged.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be read.
    pub fn staged_sizes(&self) -> Result<Amounts> {
        let (entries, length) = self.pair("SELECT count(*), coalesce(sum(length), 0) FROM stage.entry", &[])?;
        let (events, _) = self.pair("SELECT count(*), 0 FROM stage.event", &[])?;
        Ok(Amounts {
            entries,
            length,
            events,
            corrections: self.staged.corrections.len() as u64,
            invoices: self.staged.invoices.len() as u64,
            ..Amounts::default()
        })
    }

    fn pair(&self, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<(u64, Length)> {
        let row = self
            .connection
            .query_row(sql, parameters, |row| Ok((row.get(0)?, row.get(1)?)));
        let (count, length): (i64, i64) = row?;
        Ok((count.try_into()?, Length::from_millis(length)))
    }

    /// Returns the size of what is staged, and the size of the part that is in the database already.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn staged(&self, unbill: bool) -> Result<(Amounts, Amounts)> {
        let all = self.staged_sizes()?;
        let pair = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| self.pair(sql, parameters);
        let sql = format!(
            "SELECT count(*), coalesce(sum(length), 0) FROM stage.entry AS staged WHERE {}",
            commit::IS_THERE
        );
        let (entries, length) = pair(&sql, &[&self.person.0])?;
        let sql = format!(
            "SELECT count(*), 0 FROM stage.entry AS staged WHERE {}",
            commit::IS_BILLED_ANEW
        );
        let (updated, _) = pair(&sql, &[&unbill])?;
        let mut there = Amounts {
            entries,
            length,
            updated,
            ..Amounts::default()
        };
        for (place, (source, _)) in self.staged.sources.iter().enumerate() {
            let sql = "SELECT count(*), 0 FROM stage.event AS staged WHERE source = ?1 AND EXISTS (
                           SELECT 1 FROM main.event WHERE at = staged.at AND seq = staged.seq AND source = ?2)";
            if let Some(known) = self.known_source(source)? {
                there.events += pair(sql, &[&i64::try_from(place)?, &known])?.0;
            }
        }
        let is_there = |correction: &&NewCorrection| facts::is_there(&self.connection, correction);
        let corrections = self.staged.corrections.iter().map(|correction| is_there(&correction));
        there.corrections = corrections
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .filter(|is| *is)
            .count() as u64;
        let known = self.staged_invoices()?;
        there.invoices = known.iter().filter(|(_, fate)| *fate == Fate::There).count() as u64;
        there.unrestored = known
            .iter()
            .filter(|(_, fate)| matches!(fate, Fate::Differs | Fate::Foreign))
            .count() as u64;
        there.taken_away = self.taken_away()?.len() as u64;
        Ok((all, there))
    }
}

impl Stage<'_> {
    /// Begins a file.
    pub fn next_file(&mut self) {
        self.file += 1;
    }

    /// Takes an entry.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn entry(&mut self, entry: &NewEntry<'_>) -> Result<()> {
        if self.seen.may_have(entry.fingerprint) {
            let sql = "INSERT OR IGNORE INTO stage.suspect VALUES (?1)";
            self.transaction.prepare_cached(sql)?.execute([entry.fingerprint])?;
        }
        if self.day.0 != entry.day {
            self.day = (entry.day, entry.day.to_string());
        }
        self.insert.execute(params![
            self.file,
            entry.fingerprint,
            entry
                .own
                .as_ref()
                .map(|own| i64::from(own.origin.is_none() && !own.has_fingerprint)),
            i64::try_from(entry.line)?,
            entry.project.map(ProjectId::as_str),
            self.day.1,
            entry.span.map(|span| span.start().millis()),
            entry.span.map(|span| span.end().millis()),
            entry.length.millis(),
            entry.note,
            entry.billable,
            entry.billed,
            entry.rate.map(|rate| rate.to_string()),
        ])?;
        if let Some(own) = &entry.own {
            self.own(entry.span, own)?;
        }
        Ok(())
    }

    /// Returns the place of a source. New sources are placed in the order in which they come.
    pub fn source(&mut self, source: NewSource, taken: Seq) -> u32 {
        let sources = &mut self.staged.sources;
        let place = sources.iter().position(|(known, _)| *known == source);
        let place = place.unwrap_or_else(|| {
            sources.push((source, taken));
            sources.len() - 1
        });
        if let Some((_, known)) = sources.get_mut(place) {
            *known = (*known).max(taken);
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Takes a heartbeat or boundary; the same one twice is once.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn event(&mut self, imported: &NewImported) -> Result<()> {
        let event = &imported.event;
        let seq = event.seq.context("an imported event has no number")?;
        let Some(sign) = code(&event.sign) else { return Ok(()) };
        let (entity, root, language) = match &event.sign {
            NewSign::Heartbeat {
                entity, root, language, ..
            } => (
                Some(parts(entity)),
                root.as_ref().map(|root| parts(root).1),
                language.as_deref(),
            ),
            NewSign::Boundary(_) | NewSign::Nothing => (None, None, None),
        };
        let sql = "INSERT OR IGNORE INTO stage.event (at, source, seq, sign, kind, text, root, language)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.transaction.prepare_cached(sql)?.execute(params![
            event.at.millis(),
            imported.source,
            i64::try_from(seq.0)?,
            sign,
            entity.map(|(kind, _)| kind),
            entity.map(|(_, text)| text),
            root,
            language,
        ])?;
        Ok(())
    }

    /// Ends the reading, and returns the entries that several files contain. The staged records stay until the next
    /// stage begins.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn finish(self) -> Result<Overlap> {
        let mut overlap = Overlap::default();
        let sql = "SELECT EXISTS (SELECT 1 FROM stage.suspect)";
        if self.transaction.query_row(sql, [], |row| row.get(0))? {
            self.transaction.execute(NUMBER_EQUAL, [])?;
            if self.file > 1 {
                overlap = self.drop_overlap()?;
            }
        }
        self.transaction.commit()?;
        Ok(overlap)
    }

    fn drop_overlap(&self) -> Result<Overlap> {
        let sql =
            format!("SELECT project, billed IS 1, sum(length) FROM stage.entry WHERE n IN ({OVERLAP}) GROUP BY 1, 2");
        let mut statement = self.transaction.prepare(&sql)?;
        let lengths = statement.query_map([], |row| {
            let project: Option<String> = row.get(0)?;
            Ok((
                project.map(ProjectId::new),
                row.get(1)?,
                Length::from_millis(row.get(2)?),
            ))
        })?;
        let lengths = lengths.collect::<rusqlite::Result<_>>()?;
        let sql = format!("DELETE FROM stage.entry WHERE n IN ({OVERLAP})");
        let entries = self.transaction.execute(&sql, [])? as u64;
        Ok(Overlap { entries, lengths })
    }
}

impl Store {
    /// Calls `each` on the staged heartbeats of the person in the order of time, with the entity's kind and text.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be read.
    pub fn staged_heartbeats(
        &self,
        mut each: impl FnMut(Instant, u32, Seq, Kind, keeptab_core::entity::Entity),
    ) -> Result<()> {
        let sql = "SELECT at, source, seq, kind, text, sign FROM stage.event
                   WHERE sign < 32 AND sign % 2 = 0 ORDER BY at, source, seq";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let entity = super::super::events::entity_of(row.get(3)?, row.get(4)?);
            let seq: i64 = row.get(2)?;
            let Some(kind) = super::super::events::kind_of(row.get(5)?) else {
                continue;
            };
            each(
                Instant::from_millis(row.get(0)?),
                row.get(1)?,
                Seq(seq.try_into()?),
                kind,
                entity,
            );
        }
        Ok(())
    }
}

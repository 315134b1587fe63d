//! A backup as the new store: missing invoices are carried over from the store that it replaces.

mod remains;

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::InvoiceNumber;
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use schemars::JsonSchema;
use serde::Serialize;

use super::cause::{self, Damaged};
use super::forget::Forgotten;
use super::salvage::SALVAGED;
use super::{chain, device, open};

/// The contents of a database, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Number of events.
    pub events: u64,
    /// The instant of the last one: RFC 3339.
    pub last_event: Option<String>,
    /// Number of entries.
    pub entries: u64,
    /// Number of corrections.
    pub corrections: u64,
    /// Number of invoices and credit notes.
    pub invoices: u64,
}

/// The records that were carried over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Carried {
    /// The numbers of invoices and credit notes.
    pub invoices: Vec<String>,
    /// Number of payments.
    pub payments: u64,
    /// Number of documents.
    pub documents: u64,
    /// Number of entries that they bill.
    pub entries: u64,
}

/// A database that is to be put in the place of the store.
pub struct Candidate {
    connection: Connection,
}

impl Candidate {
    /// Opens a file that no other process uses, checks it, and migrates it to the present version.
    ///
    /// # Errors
    ///
    /// If it is not ours, is of a newer version, or is damaged.
    pub fn open(path: &Path, now: Instant) -> Result<Self> {
        let mut connection = open::connect(path)?;
        let check = || -> Result<()> {
            open::check(&connection)?;
            contents_throughout(&connection).map(drop)
        };
        check().context(
            "it cannot be restored\nhint: `keeptab salvage` writes what a damaged file still holds into a new one",
        )?;
        open::migrate(&mut connection, None, now)?;
        let faults = chain::audit(&connection)?.faults.len();
        ensure!(
            faults == 0 || is_salvaged(&connection)?,
            "{faults} records of invoices are not as they were written\nhint: restore another backup"
        );
        Ok(Self { connection })
    }

    /// Returns its contents.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn contents(&self) -> Result<Contents> {
        contents(&self.connection)
    }

    /// Carries over all that a store has of invoices, credit notes, payments and documents and the candidate lacks, with the
    /// entries that they bill. Drafts are replaced by the store's; an invoiced item is on no draft. No counter goes
    /// back, and no row's number is given twice.
    ///
    /// # Errors
    ///
    /// If both have invoices that the other lacks, or the store cannot be read; then nothing is carried over.
    pub fn carry_from(&mut self, store: &Path) -> Result<Carried> {
        self.beside(store, carry)
    }

    /// Runs a function while another database is attached as `old`, without foreign keys.
    fn beside<T>(&mut self, other: &Path, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.connection.execute("ATTACH ?1 AS old", [open::Name(other)])?;
        // It cannot be changed within a transaction.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let worked = self
            .connection
            .transaction()
            .map_err(Into::into)
            .and_then(|transaction| {
                let done = work(&transaction)?;
                transaction.commit()?;
                Ok(done)
            });
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.connection.execute("DETACH old", [])?;
        worked
    }

    /// Forgets in the candidate the things that the store has forgotten.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or the candidate cannot be written; then it is unchanged.
    pub fn forget_as(&mut self, store: &Path) -> Result<()> {
        Forgotten::of(store)?.apply(&mut self.connection).map(drop)
    }

    /// Marks numbers as taken. Returns those without an invoice, in their order.
    ///
    /// # Errors
    ///
    /// If the candidate cannot be written.
    pub fn take_numbers(&mut self, mut numbers: Vec<InvoiceNumber>) -> Result<Vec<InvoiceNumber>> {
        numbers.sort();
        numbers.dedup();
        let transaction = self.connection.transaction()?;
        let mut taken = Vec::new();
        for number in numbers {
            let next = number.counter().checked_add(1).context("the series is full")?;
            let sql = "INSERT INTO series (org, month, next) VALUES (?1, ?2, ?3)
                       ON CONFLICT DO UPDATE SET next = excluded.next WHERE series.next < excluded.next";
            let series = number.series();
            transaction.execute(sql, (series.org().as_str(), series.month(), next))?;
            let sql = "SELECT 1 FROM invoice WHERE number = ?1";
            if !transaction.prepare_cached(sql)?.exists([number.to_string()])? {
                taken.push(number);
            }
        }
        transaction.commit()?;
        Ok(taken)
    }

    /// Makes it ready to be put in place: as a copy, which a new device writes.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(self, path: &Path) -> Result<()> {
        device::mark_copy(&self.connection, path)?;
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

/// A reason for which a database is not replaced, though it may be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Both have invoices that the other lacks.
    Parted,
    /// Other programs never stop writing.
    Busy,
    /// It is of a version that is not known here.
    Newer,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parted => {
                "both the backup and the present database have invoices that the other lacks\nhint: `keeptab invoice list` shows the present ones; restore the backup into another KEEPTAB_HOME"
            }
            Self::Busy => "the database is busy\nhint: close other programs that use it, and try again",
            Self::Newer => "the database was written by a newer keeptab\nhint: install the newest version",
        })
    }
}

impl std::error::Error for Refusal {}

/// Returns whether an error is about damage of a database, and not about the disk, other programs, or two databases that parted.
#[must_use]
pub fn is_unreadable(error: &anyhow::Error) -> bool {
    !error.is::<Refusal>() && cause::is_unreadable(error)
}

fn carry(transaction: &Transaction<'_>) -> Result<Carried> {
    if !lacks(transaction)? {
        transaction.execute_batch(COUNTERS)?;
        return Ok(Carried::default());
    }
    let before = Before::keep(transaction)?;
    // The links come over unchanged, and rows that were allowed once are not checked again.
    let triggers = open::take_triggers(transaction)?;
    transaction.execute_batch(FACTS)?;
    transaction.execute_batch(RELEASES)?;
    transaction.execute_batch(LEDGER)?;
    transaction.execute_batch("INSERT OR IGNORE INTO main.link SELECT * FROM old.link")?;
    transaction.execute_batch(STATE)?;
    transaction.execute_batch(COUNTERS)?;
    for (_, trigger) in triggers {
        transaction.execute_batch(&trigger)?;
    }
    refuse_dangling(transaction)?;
    before.carried(transaction)
}

/// The beginning of the names of tables with the keys that the backup has.
const BACKED_UP: &str = "backed_up_";

/// The rows of the backup before others come.
struct Before {
    entries: i64,
}

impl Before {
    fn keep(transaction: &Transaction<'_>) -> Result<Self> {
        chain::keep_keys(transaction, BACKED_UP)?;
        let entries = count(transaction, "main.entry")?;
        Ok(Self { entries })
    }

    /// Counts the rows that came.
    fn carried(&self, transaction: &Transaction<'_>) -> Result<Carried> {
        let came = |table: &str| -> Result<u64> {
            let came = count(transaction, &format!("main.{table}"))?
                - count(transaction, &format!("temp.{BACKED_UP}{table}"))?;
            Ok(came.try_into().unwrap_or_default())
        };
        let sql = format!(
            "SELECT number FROM main.invoice WHERE id NOT IN (SELECT id FROM temp.{BACKED_UP}invoice) ORDER BY id"
        );
        let numbers = transaction
            .prepare(&sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let entries = count(transaction, "main.entry")? - self.entries;
        Ok(Carried {
            invoices: numbers,
            payments: came("payment")?,
            documents: came("document")?,
            entries: entries.try_into().unwrap_or_default(),
        })
    }
}

fn count(connection: &Connection, table: &str) -> Result<i64> {
    let sql = format!("SELECT count(*) FROM {table}");
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Returns true if a file was salvaged: links of its chain may be lost, and it is better than no file.
fn is_salvaged(connection: &Connection) -> Result<bool> {
    let sql = "SELECT 1 FROM setting WHERE key = ?1";
    Ok(connection.prepare(sql)?.exists([SALVAGED])?)
}

/// Returns the contents of the store that a connection has open, if all of it can be read.
///
/// # Errors
///
/// If it is damaged.
pub(super) fn contents_throughout(connection: &Connection) -> Result<Contents> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(Damaged(found).into());
    }
    refuse_dangling(connection)?;
    contents(connection)
}

fn contents(connection: &Connection) -> Result<Contents> {
    let count = |table: &str| -> Result<u64> { Ok(count(connection, table)?.try_into()?) };
    let last: Option<i64> = connection.query_row("SELECT max(at) FROM event", [], |row| row.get(0))?;
    Ok(Contents {
        events: count("event")?,
        last_event: last.map(|at| Instant::from_millis(at).to_rfc3339()),
        entries: count("entry")?,
        corrections: count("correction")?,
        invoices: count("invoice")?,
    })
}

fn refuse_dangling(connection: &Connection) -> Result<()> {
    if connection.prepare("PRAGMA main.foreign_key_check")?.exists([])? {
        return Err(Damaged("a row names another that is not there".to_owned()).into());
    }
    Ok(())
}

/// Returns true if the chain of the store continues the candidate's.
fn lacks(transaction: &Transaction<'_>) -> Result<bool> {
    let last = |of: &str| -> Result<Option<(i64, Vec<u8>)>> {
        let sql = format!("SELECT n, hash FROM {of}.link ORDER BY n DESC LIMIT 1");
        let row = transaction.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(row.optional()?)
    };
    let goes_on_from = |of: &str, (n, hash): &(i64, Vec<u8>)| -> Result<bool> {
        let sql = format!("SELECT 1 FROM {of}.link WHERE n = ?1 AND hash = ?2");
        Ok(transaction.prepare(&sql)?.exists((n, hash))?)
    };
    Ok(match (last("main")?, last("old")?) {
        (_, None) => false,
        (Some(_), Some(old)) if goes_on_from("main", &old)? => false,
        (None, Some(_)) => true,
        (Some(main), Some(_)) if goes_on_from("old", &main)? => true,
        _ => return Err(Refusal::Parted.into()),
    })
}

/// The facts behind carried invoices: the entries that they bill, and each whole save that made one of them.
const FACTS: &str = "
    CREATE TEMP TABLE billed AS SELECT DISTINCT entry AS id FROM old.claim
        WHERE entry IS NOT NULL AND entry NOT IN (SELECT id FROM main.entry);
    CREATE TEMP TABLE saves AS SELECT DISTINCT apply AS id FROM old.entry WHERE id IN (SELECT id FROM billed)
        AND apply IS NOT NULL AND apply NOT IN (SELECT id FROM main.apply);
    INSERT INTO billed SELECT id FROM old.entry WHERE apply IN (SELECT id FROM saves);
    INSERT OR IGNORE INTO main.person SELECT * FROM old.person;
    INSERT OR IGNORE INTO main.device SELECT * FROM old.device;
    UPDATE main.device SET facts = max(facts, theirs) FROM (SELECT id AS of, facts AS theirs FROM old.device) WHERE of = id;
    INSERT OR IGNORE INTO main.batch SELECT * FROM old.batch
        WHERE id IN (SELECT batch FROM old.entry WHERE id IN (SELECT id FROM billed))
            OR id IN (SELECT batch FROM old.apply WHERE id IN (SELECT id FROM saves));
    INSERT OR IGNORE INTO main.apply SELECT * FROM old.apply WHERE id IN (SELECT id FROM saves);
    INSERT OR IGNORE INTO main.entry SELECT * FROM old.entry WHERE id IN (SELECT id FROM billed);
    INSERT OR IGNORE INTO main.correction SELECT * FROM old.correction WHERE apply IN (SELECT id FROM saves);
    INSERT OR IGNORE INTO main.void SELECT * FROM old.void
        WHERE apply IN (SELECT id FROM saves) AND entry IN (SELECT id FROM main.entry);
    DROP TABLE billed;
    DROP TABLE saves;
";

/// Claims that were released since the backup. Before others come: an entry that is billed again has a claim already, and
/// two live ones cannot be.
const RELEASES: &str = "
    UPDATE main.claim SET live = 0 WHERE live = 1 AND id IN (SELECT id FROM old.claim WHERE live = 0);
    UPDATE main.claim_span SET live = 0
        WHERE live = 1 AND (claim, start_at) IN (SELECT claim, start_at FROM old.claim_span WHERE live = 0);
";

/// All that is only ever added about invoices.
const LEDGER: &str = "
    INSERT OR IGNORE INTO main.asset SELECT * FROM old.asset;
    INSERT OR IGNORE INTO main.invoice SELECT * FROM old.invoice;
    INSERT OR IGNORE INTO main.credit SELECT * FROM old.credit;
    INSERT OR IGNORE INTO main.payment SELECT * FROM old.payment;
    INSERT OR IGNORE INTO main.used SELECT * FROM old.used;
    INSERT OR IGNORE INTO main.document SELECT * FROM old.document;
    INSERT OR IGNORE INTO main.claim SELECT * FROM old.claim;
    INSERT OR IGNORE INTO main.claim_span SELECT * FROM old.claim_span;
";

/// The changeable parts of the ledger, and the drafts: as they are in the store.
const STATE: &str = "
    UPDATE main.invoice SET sent_on = theirs.sent_on, note = theirs.note
        FROM old.invoice AS theirs WHERE theirs.id = invoice.id AND theirs.number = invoice.number;
    DELETE FROM main.item;
    DELETE FROM main.draft;
    INSERT INTO main.draft SELECT * FROM old.draft;
    INSERT INTO main.item SELECT * FROM old.item;
    DELETE FROM main.day_cache;
    DELETE FROM main.entry_month;
    DELETE FROM main.entry_month_detail;
";

/// Counters of numbers and of rows: none goes back. A series without a number may begin anywhere, so the other side's is right.
const COUNTERS: &str = "
    INSERT INTO main.series SELECT * FROM old.series WHERE 1
        ON CONFLICT DO UPDATE SET
            first = CASE WHEN first = next THEN excluded.first WHEN excluded.first = excluded.next THEN first
                ELSE min(first, excluded.first) END,
            next = CASE WHEN first = next THEN excluded.next WHEN excluded.first = excluded.next THEN next
                ELSE max(next, excluded.next) END,
            last_date = nullif(max(coalesce(last_date, ''), coalesce(excluded.last_date, '')), '');
    UPDATE main.sqlite_sequence SET seq = max(seq, theirs)
        FROM (SELECT name AS of, seq AS theirs FROM old.sqlite_sequence) WHERE of = name;
    INSERT INTO main.sqlite_sequence (name, seq)
        SELECT name, seq FROM old.sqlite_sequence WHERE name NOT IN (SELECT name FROM main.sqlite_sequence);
";

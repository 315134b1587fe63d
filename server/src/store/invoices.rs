//! Drafts, invoices, numbers, claims and rendered documents.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::billing::{Claim, ClaimedLine};
use keeptab_core::instant::{Instant, Span};
use keeptab_core::invoice::{Content, DraftId, InvoiceNumber, Issued, Org, Series, Status};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::{Store, immediate, touch_past};

/// A draft as it is kept: only what it reserves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Names it.
    pub id: DraftId,
    /// The client's id.
    pub client: String,
    /// The reserved range.
    pub span: Span,
}

/// An issued invoice and where it stands.
#[derive(Clone, Debug)]
pub struct InvoiceRow {
    /// The invoice.
    pub invoice: Issued,
    /// Where it stands.
    pub status: Status,
}

/// A stretch of the timeline that a live invoice bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The invoice, as the store numbers them.
    pub invoice: i64,
    /// The line's place on it.
    pub line: usize,
    /// What is billed.
    pub span: Span,
}

/// What is issued.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The seller's name in numbers.
    pub org: Org,
    /// The civil day of issue.
    pub date: NaiveDate,
    /// All that the invoice says.
    pub content: Content,
    /// The lines with what they claim, in the order of the content's lines.
    pub lines: Vec<ClaimedLine>,
}

/// A kind of rendered document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The PDF.
    Pdf,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
        }
    }
}

impl Store {
    /// Returns the open drafts, oldest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT id, client, start_at, end_at FROM draft ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut drafts = Vec::new();
        for row in rows {
            let (id, client, start, end) = row?;
            drafts.push(DraftRow {
                id: DraftId(id),
                client,
                span: span(start, end)?,
            });
        }
        Ok(drafts)
    }

    /// Reserves client × range.
    ///
    /// # Errors
    ///
    /// Where another draft reserves some of it.
    pub fn add_draft(&mut self, client: &str, span: Span, now: Instant) -> Result<DraftId> {
        let sql = "INSERT INTO draft (client, start_at, end_at, made_at) VALUES (?1, ?2, ?3, ?4)";
        let row = (client, span.start().millis(), span.end().millis(), now.millis());
        self.connection.execute(sql, row).with_context(|| {
            format!("{client} has a draft over some of this time\nhint: discard it, or take the days around it")
        })?;
        Ok(DraftId(self.connection.last_insert_rowid()))
    }

    /// Gives a draft's time back and returns whether there was such a draft.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub fn discard_draft(&mut self, id: DraftId) -> Result<bool> {
        Ok(self.connection.execute("DELETE FROM draft WHERE id = ?1", [id.0])? > 0)
    }

    /// Issues an invoice: number, content, claims and the draft's end in one transaction.
    ///
    /// The number is the series' counter, taken here, so that there is never a gap nor a double.
    ///
    /// # Errors
    ///
    /// Where some of the time is billed already, the date lies before the series' last, or the draft is gone. Then
    /// nothing is written.
    pub fn issue(&mut self, issue: &Issue, draft: Option<DraftId>, now: Instant) -> Result<Issued> {
        let person = self.person;
        // An invoice is on the disk before anyone hears of it.
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let issued = (|| {
            let transaction = immediate(&mut self.connection)?;
            if let Some(draft) = draft
                && transaction.execute("DELETE FROM draft WHERE id = ?1", [draft.0])? == 0
            {
                bail!(
                    "draft {} is gone\nhint: somebody issued or discarded it meanwhile",
                    draft.0
                );
            }
            let number = take_number(&transaction, &issue.org, issue.date)?;
            let invoice = Issued::new(number, issue.date, issue.content.clone());
            let content = serde_json::to_string(invoice.content())?;
            transaction.execute(
                "INSERT INTO invoice (number, kind, client, issue_date, issued_at, content, status)
                 VALUES (?1, 'invoice', ?2, ?3, ?4, ?5, 'issued')",
                params![
                    invoice.number().to_string(),
                    invoice.content().client,
                    issue.date.to_string(),
                    now.millis(),
                    content
                ],
            )?;
            let id = transaction.last_insert_rowid();
            {
                let sql = "INSERT INTO claim (invoice, line, person, start_at, end_at, entry)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let mut insert = transaction.prepare(sql)?;
                for (line, claimed) in issue.lines.iter().enumerate() {
                    for claim in &claimed.claims {
                        let (start, end, entry) = match claim {
                            Claim::Span(span) => (Some(span.start().millis()), Some(span.end().millis()), None),
                            Claim::Entry(entry, _) => (None, None, Some(entry.0)),
                        };
                        let row = params![id, i64::try_from(line)?, person.0, start, end, entry];
                        insert.execute(row).context(
                            "some of this time is billed already\nhint: look at it anew; another window issued an invoice",
                        )?;
                    }
                }
            }
            touch_past(&transaction)?;
            transaction.commit()?;
            Ok(invoice)
        })();
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        issued
    }

    /// Returns all invoices, oldest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn invoices(&self) -> Result<Vec<InvoiceRow>> {
        let sql = "SELECT number, issue_date, content, status FROM invoice ORDER BY id";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], invoice_texts)?;
        rows.map(|texts| invoice(texts?)).collect()
    }

    /// Returns the invoice with a number.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn invoice(&self, number: &InvoiceNumber) -> Result<InvoiceRow> {
        let sql = "SELECT number, issue_date, content, status FROM invoice WHERE number = ?1";
        let found = self
            .connection
            .query_row(sql, [number.to_string()], invoice_texts)
            .optional()?;
        let hint = "`keeptab invoice list` shows them all";
        invoice(found.with_context(|| format!("there is no invoice {number}\nhint: {hint}"))?)
    }

    /// Returns the live claims that reach into a span, in order.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn claims(&self, within: Span) -> Result<Vec<Claimed>> {
        // Live claims do not overlap: at most one that begins before the span reaches into it.
        let sql = "SELECT invoice, line, start_at, end_at FROM claim
                   WHERE person = ?1 AND live = 1 AND start_at IS NOT NULL AND start_at < ?3 AND start_at >= coalesce((
                       SELECT max(start_at) FROM claim
                       WHERE person = ?1 AND live = 1 AND start_at IS NOT NULL AND start_at <= ?2), ?2)
                   AND end_at > ?2 ORDER BY start_at";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = (self.person.0, within.start().millis(), within.end().millis());
        let rows = statement.query_map(row, |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
        })?;
        let mut claims = Vec::new();
        for row in rows {
            let (invoice, line, start, end) = row?;
            claims.push(Claimed {
                invoice,
                line: usize::try_from(line)?,
                span: span(start, end)?,
            });
        }
        Ok(claims)
    }

    /// Returns the invoice with the store's own number for it.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn invoice_numbered(&self, id: i64) -> Result<Issued> {
        let sql = "SELECT number, issue_date, content, status FROM invoice WHERE id = ?1";
        Ok(invoice(self.connection.query_row(sql, [id], invoice_texts)?)?.invoice)
    }

    /// Returns the bytes of a document, if it was rendered, after checking that they are what was written.
    ///
    /// # Errors
    ///
    /// Where the bytes do not have their checksum any more.
    pub fn document(&self, number: &InvoiceNumber, format: Format) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes, sha256 FROM document JOIN invoice ON invoice.id = document.invoice
                   WHERE number = ?1 AND format = ?2";
        let row = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?));
        let found = self
            .connection
            .query_row(sql, (number.to_string(), format.name()), row)
            .optional()?;
        match found {
            Some((bytes, sha256)) if checksum(&bytes) == sha256 => Ok(Some(bytes)),
            Some(_) => bail!("the stored document of {number} is damaged\nhint: restore the database from a backup"),
            None => Ok(None),
        }
    }

    /// Keeps a rendered document for ever. What was kept before stays: the first rendering is the document.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub fn keep_document(&mut self, number: &InvoiceNumber, format: Format, bytes: &[u8]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO document (invoice, format, sha256, bytes)
                   SELECT id, ?2, ?3, ?4 FROM invoice WHERE number = ?1";
        self.connection
            .execute(sql, (number.to_string(), format.name(), checksum(bytes), bytes))?;
        Ok(())
    }
}

/// Takes the next number of a series.
fn take_number(connection: &Connection, org: &Org, date: NaiveDate) -> Result<InvoiceNumber> {
    let series = Series::of(org.clone(), date);
    let key = (series.org().as_str(), series.month());
    let sql = "SELECT next, last_date FROM series WHERE org = ?1 AND month = ?2";
    let row = |row: &Row<'_>| Ok((row.get::<_, u32>(0)?, row.get::<_, Option<String>>(1)?));
    let (counter, last) = connection.query_row(sql, key, row).optional()?.unwrap_or((1, None));
    let date = date.to_string();
    if let Some(last) = last.filter(|last| *last > date) {
        bail!(
            "{date} lies before {last}, when the last invoice of this series was issued\nhint: issue it with --date {last} or later"
        );
    }
    let next = counter.checked_add(1).context("the series is full")?;
    let sql = "INSERT INTO series (org, month, next, last_date) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET next = excluded.next, last_date = excluded.last_date";
    connection.execute(sql, (key.0, key.1, next, date))?;
    Ok(InvoiceNumber::new(series, counter))
}

type InvoiceTexts = (String, String, String, String);

fn invoice_texts(row: &Row<'_>) -> rusqlite::Result<InvoiceTexts> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn invoice((number, date, content, status): InvoiceTexts) -> Result<InvoiceRow> {
    let status = match status.as_str() {
        "sent" => Status::Sent,
        "paid" => Status::Paid,
        "cancelled" => Status::Cancelled,
        _ => Status::Issued,
    };
    let content = serde_json::from_str(&content).with_context(|| format!("invoice {number} cannot be read"))?;
    Ok(InvoiceRow {
        invoice: Issued::new(number.parse()?, date.parse()?, content),
        status,
    })
}

pub(super) fn span(start: i64, end: i64) -> Result<Span> {
    Span::new(Instant::from_millis(start), Instant::from_millis(end)).context("the database holds an empty span")
}

fn checksum(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

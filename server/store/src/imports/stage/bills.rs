//! Invoices of another home's export: restored into a home that never issued one, and else known or named.

use std::collections::BTreeMap;

use anyhow::Result;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{EntryId, Taken};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::invoice::{PaymentKind, TaxSubtotal};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use rust_decimal::Decimal;

use super::super::super::chain::{self, Fault};
use super::super::super::invoices::Claiming;
use super::super::super::{Store, spans};
use super::super::BatchId;
use super::extras::{At, NewClaim, NewElsewhere, NewInvoice, NewPayment};
use super::facts::local;
use super::{Staged, papers};

/// The outcome for an invoice of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is restored with all that it bills.
    Restored,
    /// It is here already, with the same content.
    There,
    /// Another invoice has its number here.
    Differs,
    /// This home has invoices of its own, or changed an entry that an invoice of the export bills.
    Foreign,
}

/// The result of writing invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Billed {
    /// Invoices that were restored.
    pub(super) restored: u64,
    /// Time of this home that invoices of the other one bill.
    pub(super) elsewhere: Length,
    /// Records that refer to a record that is not there.
    pub(super) refused: Vec<(At, String)>,
    /// Differences between the restored records and the hash chain that came with them.
    pub(super) faults: Vec<Fault>,
}

impl Store {
    /// Returns the outcome for each staged invoice, in their order.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn staged_invoices(&self) -> Result<Vec<(String, Fate)>> {
        fates(&self.connection, &self.staged)
    }
}

fn fates(connection: &Connection, staged: &Staged) -> Result<Vec<(String, Fate)>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM invoice)";
    let has_own = connection.query_row(sql, [], |row| row.get::<_, bool>(0))?;
    let restores = !has_own && !is_changed(connection, staged)?;
    let mut statement =
        connection.prepare("SELECT kind, client, issue_date, content, issued_at FROM invoice WHERE number = ?1")?;
    let mut fate = |invoice: &NewInvoice| -> Result<(String, Fate)> {
        let here = statement.query_row([&invoice.number], |row| {
            let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok((texts, row.get::<_, i64>(4)?))
        });
        let there = [&invoice.kind, &invoice.client, &invoice.issue_date, &invoice.content];
        // Two homes may bill the same hours of one client alike: only the instant tells these invoices apart.
        let is_same = |(texts, issued_at): &([String; 4], i64)| {
            texts.each_ref() == there && *issued_at == invoice.issued_at.millis()
        };
        let fate = match here.optional()? {
            _ if restores => Fate::Restored,
            Some(here) if is_same(&here) => Fate::There,
            Some(_) => Fate::Differs,
            None => Fate::Foreign,
        };
        Ok((invoice.number.clone(), fate))
    };
    staged.invoices.iter().map(&mut fate).collect()
}

/// Returns true if this home replaced or took away an entry that an invoice of the export bills: the invoice cannot
/// hold here.
fn is_changed(connection: &Connection, staged: &Staged) -> Result<bool> {
    for number in staged
        .claims
        .iter()
        .filter(|claim| claim.live)
        .filter_map(|claim| claim.entry)
    {
        if let Some(entry) = local(connection, number)?
            && !stands(connection, entry)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn stands(connection: &Connection, entry: EntryId) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM standing WHERE id = ?1")?;
    Ok(statement.exists([entry.0])?)
}

/// Returns the entry that replaces one, or that entry itself.
fn in_its_place(connection: &Connection, entry: EntryId) -> Result<EntryId> {
    if stands(connection, entry)? {
        return Ok(entry);
    }
    let sql = "SELECT standing.id FROM standing, entry AS old
               WHERE old.id = ?1
                   AND coalesce(standing.place_at, standing.made_at) = coalesce(old.place_at, old.made_at)
                   AND coalesce(standing.place_device, standing.device) = coalesce(old.place_device, old.device)
                   AND coalesce(standing.place_n, standing.n) = coalesce(old.place_n, old.n)";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([entry.0], |row| row.get(0)).optional()?;
    Ok(found.map_or(entry, EntryId))
}

/// Restores invoices with their claims, or keeps the time of their claims from being billed again.
///
/// A store without a hash chain takes the links of the export in place of those that triggers would write.
pub(super) fn write(
    transaction: &Transaction<'_>,
    staged: &Staged,
    (batch, person): (BatchId, PersonId),
    now: Instant,
) -> Result<Billed> {
    let fates: BTreeMap<String, Fate> = fates(transaction, staged)?.into_iter().collect();
    let restores = fates.values().any(|fate| *fate == Fate::Restored);
    if !restores || !chain::is_empty(transaction)? {
        return records(transaction, staged, &fates, (batch, person));
    }
    chain::remove_triggers(transaction)?;
    let mut billed = records(transaction, staged, &fates, (batch, person))?;
    if papers::has_links(transaction)? {
        papers::restore_links(transaction)?;
        chain::resume(transaction, now)?;
        billed.faults = chain::audit(transaction)?.faults;
    } else {
        chain::install(transaction, now)?;
    }
    Ok(billed)
}

fn records(
    transaction: &Transaction<'_>,
    staged: &Staged,
    fates: &BTreeMap<String, Fate>,
    (batch, person): (BatchId, PersonId),
) -> Result<Billed> {
    let mut billed = Billed::default();
    for invoice in &staged.invoices {
        if fates.get(&invoice.number) == Some(&Fate::Restored) {
            match insert(transaction, invoice)? {
                None => billed.restored += 1,
                Some(why) => billed.refused.push((invoice.at, why)),
            }
        }
    }
    for claim in &staged.claims {
        let refused = match fates.get(&claim.invoice) {
            Some(Fate::Restored) => restore(transaction, claim, person)?,
            Some(Fate::There) => None,
            Some(Fate::Differs | Fate::Foreign) => {
                billed.elsewhere += bill_elsewhere(transaction, claim, (batch, person))?;
                None
            }
            None => Some(missing(&claim.invoice)),
        };
        billed.refused.extend(refused.map(|why| (claim.at, why)));
    }
    for credit in &staged.credits {
        let numbers = [&credit.invoice, &credit.credit_note];
        if let Some(unknown) = numbers.into_iter().find(|number| !fates.contains_key(*number)) {
            billed.refused.push((credit.at, missing(unknown)));
        } else if fates.get(&credit.invoice) == Some(&Fate::Restored) {
            let sql = "INSERT OR IGNORE INTO credit (invoice, line, credit_note)
                       SELECT invoice.id, ?2, other.id FROM invoice, invoice AS other
                       WHERE invoice.number = ?1 AND other.number = ?3";
            transaction.execute(sql, (&credit.invoice, credit.line, &credit.credit_note))?;
        }
    }
    for payment in &staged.payments {
        let refused = match fates.get(&payment.invoice) {
            None => Some(missing(&payment.invoice)),
            Some(Fate::Restored) => pay(transaction, payment)?,
            Some(_) => None,
        };
        billed.refused.extend(refused.map(|why| (payment.at, why)));
    }
    for elsewhere in &staged.elsewhere {
        billed.elsewhere += keep_elsewhere(transaction, elsewhere, (batch, person))?;
    }
    billed.refused.extend(papers::write(transaction, fates)?);
    if billed.restored > 0 || staged.invoices.is_empty() && is_new(transaction)? {
        for series in &staged.series {
            let sql = "INSERT INTO series (org, month, next, last_date, first) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT DO UPDATE SET next = max(next, excluded.next), last_date = excluded.last_date";
            let row = (&series.org, series.month, series.next, &series.last_date, series.first);
            transaction.execute(sql, row)?;
        }
    }
    Ok(billed)
}

fn is_new(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM invoice)", [], |row| row.get(0))?)
}

fn missing(number: &str) -> String {
    format!("it names {number}, which is not there")
}

fn taken(id: i64) -> String {
    format!("another record has its number {id}")
}

/// Writes a payment, or returns why it is refused.
fn pay(transaction: &Transaction<'_>, payment: &NewPayment) -> Result<Option<String>> {
    if let Some(id) = payment.id
        && transaction
            .prepare_cached("SELECT 1 FROM payment WHERE id = ?1")?
            .exists([id])?
    {
        return Ok(Some(taken(id)));
    }
    let is_known = |kind: &String| kind.as_str() != PaymentKind::Money.word() && PaymentKind::of_word(kind).is_some();
    let are_taxes = |taxes: &String| serde_json::from_str::<Vec<TaxSubtotal>>(taxes).is_ok();
    if !payment.kind.iter().all(is_known) || !payment.taxes.iter().all(are_taxes) {
        return Ok(Some("it is a payment of an unknown kind".to_owned()));
    }
    let amount = payment.amount.parse::<Decimal>().ok();
    if amount.is_none_or(|amount| amount.abs() > Decimal::from(1_000_000_000_000_i64)) {
        return Ok(Some("it is a payment of an amount that nobody pays".to_owned()));
    }
    let sql = "INSERT INTO payment (id, invoice, amount, day, made_at, kind, reason, taxes)
               SELECT ?5, id, ?2, ?3, ?4, ?6, ?7, ?8 FROM invoice WHERE number = ?1";
    let at = payment.made_at.millis();
    transaction.execute(
        sql,
        params![
            payment.invoice,
            payment.amount,
            payment.day,
            at,
            payment.id,
            payment.kind,
            payment.reason,
            payment.taxes
        ],
    )?;
    if let Some(number) = &payment.used_by {
        let row = (transaction.last_insert_rowid(), number);
        let sql = "INSERT INTO used (payment, invoice) SELECT ?1, id FROM invoice WHERE number = ?2";
        if transaction.execute(sql, row)? == 0 {
            return Ok(Some(missing(number)));
        }
    }
    Ok(None)
}

/// Writes an invoice, or returns why it is refused.
fn insert(transaction: &Transaction<'_>, invoice: &NewInvoice) -> Result<Option<String>> {
    if id_of(transaction, &invoice.number)?.is_some() {
        return Ok(Some("another invoice of the file has its number".to_owned()));
    }
    let cancels = match &invoice.cancels {
        None => None,
        Some(number) => {
            let id = id_of(transaction, number)?;
            if id.is_none() {
                return Ok(Some(missing(number)));
            }
            id
        }
    };
    let sql = "INSERT INTO invoice (number, kind, cancels, client, issue_date, issued_at, content, sent_on, note)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    transaction.execute(
        sql,
        params![
            invoice.number,
            invoice.kind,
            cancels,
            invoice.client,
            invoice.issue_date,
            invoice.issued_at.millis(),
            invoice.content,
            invoice.sent_on,
            invoice.note
        ],
    )?;
    Ok(None)
}

fn id_of(connection: &Connection, number: &str) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT id FROM invoice WHERE number = ?1")?;
    Ok(statement.query_row([number], |row| row.get(0)).optional()?)
}

/// Restores a claim, or returns why it is refused.
fn restore(transaction: &Transaction<'_>, claim: &NewClaim, person: PersonId) -> Result<Option<String>> {
    let Some(invoice) = id_of(transaction, &claim.invoice)? else {
        return Ok(Some(missing(&claim.invoice)));
    };
    if let Some(id) = claim.id
        && transaction
            .prepare_cached("SELECT 1 FROM claim WHERE id = ?1")?
            .exists([id])?
    {
        return Ok(Some(taken(id)));
    }
    let mut claiming = Claiming {
        id: claim.id,
        invoice,
        line: claim.line,
        entry: None,
        length: claim.spans.iter().map(|span| span.length()).sum(),
        spans: claim.spans.clone(),
        live: claim.live,
    };
    if let Some(number) = claim.entry {
        let Some(entry) = local(transaction, number)? else {
            return Ok(Some(format!("it bills entry {number}, which is not there")));
        };
        let sql =
            "SELECT start_at, end_at, length, beside, EXISTS (SELECT 1 FROM standing WHERE standing.id = entry.id)
                   FROM entry WHERE id = ?1";
        let (whole, length, beside, stands) = transaction.query_row(sql, [entry.0], |row| {
            let length = Length::from_millis(row.get(2)?);
            Ok((
                spans::clock_times(row, 0, 1)?,
                length,
                row.get::<_, i64>(3)?,
                row.get::<_, bool>(4)?,
            ))
        })?;
        if claim.live && !stands {
            return Ok(Some(format!("it bills entry {number}, which was taken away")));
        }
        claiming.entry = Some(entry);
        claiming.length = claim.length.unwrap_or(length);
        // Exports of the first version have no spans: the entry was billed as a whole.
        if claim.length.is_none() && beside == 0 {
            claiming.spans = whole.into_iter().collect();
        }
    }
    if claim.live {
        // Time that an older version billed twice stays billed, once.
        let mut taken = Taken::default();
        for span in &claiming.spans {
            taken.extend(
                spans::held(transaction, person, *span)?
                    .into_iter()
                    .map(|(held, _)| held.span),
            );
        }
        if claiming.spans.iter().any(|span| taken.meets(*span)) {
            if claiming.entry.is_none() {
                return Ok(Some("it bills time that another line bills".to_owned()));
            }
            claiming.spans.clear();
        }
    }
    claiming.write(transaction, person)?;
    Ok(None)
}

/// Marks the time that an invoice of another home bills, and returns how much of it is new.
fn bill_elsewhere(
    transaction: &Transaction<'_>,
    claim: &NewClaim,
    (batch, person): (BatchId, PersonId),
) -> Result<Length> {
    if !claim.live {
        return Ok(Length::ZERO);
    }
    if let Some(number) = claim.entry {
        let Some(entry) = local(transaction, number)? else {
            return Ok(Length::ZERO);
        };
        let entry = in_its_place(transaction, entry)?;
        let sql = "UPDATE entry SET billed_elsewhere = 1 WHERE id = ?1 AND billed_elsewhere = 0
                   AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.entry = entry.id AND live = 1) RETURNING length";
        let length = transaction
            .prepare_cached(sql)?
            .query_row([entry.0], |row| row.get(0))
            .optional()?;
        return Ok(Length::from_millis(length.unwrap_or_default()));
    }
    let mut new = Length::ZERO;
    for span in &claim.spans {
        new += mark(transaction, *span, &claim.invoice, (batch, person))?;
    }
    Ok(new)
}

/// Marks the time that an invoice of a third home bills, unless an invoice of this home with that number claims or
/// claimed it.
fn keep_elsewhere(transaction: &Transaction<'_>, elsewhere: &NewElsewhere, by: (BatchId, PersonId)) -> Result<Length> {
    let NewElsewhere { invoice, span } = elsewhere;
    let sql =
        "SELECT 1 FROM claim_span JOIN claim ON claim.id = claim_span.claim JOIN invoice ON invoice.id = claim.invoice
               WHERE number = ?1 AND start_at < ?3 AND end_at > ?2";
    let row = (invoice, span.start().millis(), span.end().millis());
    if transaction.prepare_cached(sql)?.exists(row)? {
        return Ok(Length::ZERO);
    }
    mark(transaction, *span, invoice, by)
}

/// Marks the free part of a span as billed elsewhere, and returns its length.
fn mark(
    transaction: &Transaction<'_>,
    span: Span,
    invoice: &str,
    (batch, person): (BatchId, PersonId),
) -> Result<Length> {
    let held = spans::held(transaction, person, span)?;
    let taken: Taken = held.into_iter().map(|(held, _)| held.span).collect();
    let mut new = Length::ZERO;
    for free in taken.free(span) {
        insert_elsewhere(transaction, free, invoice, (batch, person))?;
        new += free.length();
    }
    Ok(new)
}

fn insert_elsewhere(
    transaction: &Transaction<'_>,
    span: Span,
    invoice: &str,
    (batch, person): (BatchId, PersonId),
) -> Result<()> {
    let sql = "INSERT INTO elsewhere (batch, person, invoice, start_at, end_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let millis = |at: Instant| at.millis();
    let row = (batch.0, person.0, invoice, millis(span.start()), millis(span.end()));
    transaction.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

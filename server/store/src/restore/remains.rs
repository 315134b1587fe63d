//! The invoices that a damaged store still holds.

use std::path::Path;

use anyhow::Result;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_system::home::Beside;
use rusqlite::Transaction;

use super::{
    BACKED_UP, Before, COUNTERS, Candidate, Carried, FACTS, LEDGER, RELEASES, Refusal, STATE, refuse_dangling,
};
use crate::chain::{self, Strand};
use crate::forget::Forgotten;
use crate::{open, salvage};

impl Candidate {
    /// Carries over the undamaged part of the records that `carry_from` carries over, from a damaged store. Returns
    /// the numbers of invoices of which only links are left: these numbers stay taken. Things that the store has
    /// forgotten are forgotten. The file may be open in this process.
    ///
    /// # Errors
    ///
    /// If both have invoices that the other lacks, the file cannot be read at all, or nothing can be written.
    pub fn carry_remains(&mut self, store: &Path, now: Instant) -> Result<(Carried, Vec<InvoiceNumber>)> {
        let found = Beside::database(store)?;
        salvage::gather_open(store, found.path(), now)?;
        let carried = self.beside(found.path(), |transaction| carry(transaction, now))?;
        Forgotten::left_in(found.path())?.apply(&mut self.connection)?;
        Ok(carried)
    }
}

/// The rows of `old` are as found: rows that they refer to can be lost, and some are changed.
fn carry(transaction: &Transaction<'_>, now: Instant) -> Result<(Carried, Vec<InvoiceNumber>)> {
    let (ours, theirs) = (Strand::read(transaction, "main")?, Strand::read(transaction, "old")?);
    if theirs.parts_from(&ours) {
        return Err(Refusal::Parted.into());
    }
    let before = Before::keep(transaction)?;
    let triggers = open::take_triggers(transaction)?;
    transaction.execute_batch(FACTS)?;
    transaction.execute_batch(RELEASES)?;
    transaction.execute_batch(LEDGER)?;
    theirs.go_on(transaction, ours)?;
    transaction.execute_batch(STATE)?;
    // Each removed row can leave others that refer to nothing.
    while chain::remove_changed(transaction, BACKED_UP)? > 0 {}
    transaction.execute_batch(REWRITTEN)?;
    transaction.execute_batch(salvage::REPAIRS)?;
    transaction.execute_batch(COUNTERS)?;
    let lost = salvage::count_on(transaction)?;
    for (_, trigger) in triggers.iter().filter(|(name, _)| !name.starts_with("linked_")) {
        transaction.execute_batch(trigger)?;
    }
    // Rows whose links are lost are linked anew.
    chain::install(transaction, now)?;
    if !chain::audit(transaction)?.faults.is_empty() {
        salvage::mark(transaction, now)?;
    }
    refuse_dangling(transaction)?;
    let lost = lost.iter().filter_map(|number| number.parse().ok()).collect();
    Ok((before.carried(transaction)?, lost))
}

/// Lost rows that can be rebuilt from their links.
const REWRITTEN: &str = "
    CREATE TEMP TABLE written AS SELECT link.kind, record, invoice.id AS invoice
        FROM main.link JOIN main.invoice ON invoice.number = record ->> 'invoice'
        WHERE link.kind <> 'begin/1' AND json_valid(record);
    INSERT OR IGNORE INTO main.credit (invoice, line, credit_note)
        SELECT written.invoice, record ->> 'line', note.id
        FROM written JOIN main.invoice AS note ON note.number = record ->> 'creditNote' WHERE written.kind GLOB 'credit/*';
    INSERT OR IGNORE INTO main.payment (id, invoice, amount, day, made_at, kind, reason, taxes)
        SELECT record ->> 'payment', invoice, record ->> 'amount', record ->> 'day', record ->> 'madeAt',
            record ->> 'kind', record ->> 'reason', record ->> 'taxes'
        FROM written WHERE kind GLOB 'payment/*';
    INSERT OR IGNORE INTO main.used (payment, invoice)
        SELECT payment.id, other.id FROM written JOIN main.payment ON payment.id = record ->> 'payment'
        JOIN main.invoice AS other ON other.number = record ->> 'usedBy' WHERE written.kind GLOB 'use/*';
    INSERT OR IGNORE INTO main.claim (id, invoice, line, person, length)
        SELECT record ->> 'claim', invoice, record ->> 'line', record ->> 'person', record ->> 'length'
        FROM written WHERE kind GLOB 'claim/*';
    INSERT OR IGNORE INTO main.claim_span (claim, start_at, end_at, person)
        SELECT claim.id, record ->> 'startAt', record ->> 'endAt', record ->> 'person'
        FROM written JOIN main.claim ON claim.id = record ->> 'claim' WHERE kind GLOB 'span/*';
    UPDATE main.claim SET live = 0 WHERE id IN (SELECT record ->> 'claim' FROM written WHERE kind GLOB 'release/*');
    UPDATE main.claim_span SET live = 0 WHERE (claim, start_at) IN (
        SELECT record ->> 'claim', record ->> 'startAt' FROM written WHERE kind GLOB 'freed/*');
    UPDATE main.invoice SET sent_on = record ->> 'day' FROM written
        WHERE written.kind GLOB 'sent/*' AND written.invoice = invoice.id AND sent_on IS NULL;
    DROP TABLE written;
";

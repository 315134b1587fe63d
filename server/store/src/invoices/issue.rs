//! Issuing: number, content and claims in one transaction.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::billing::{Claim, ClaimedLine};
use keeptab_core::entry::{Counted, EntryId};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{
    Asset, Content, DraftId, InvoiceNumber, Issued, Item, Org, Released, Reservation, Series, after_credit, credit,
    given_back,
};
use keeptab_core::money::Currency;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::claims::Claiming;
use super::credit::book;
use super::documents::keep_assets;
use super::drafts::{DraftRow, drafts, insert_draft, insert_item};
use super::life::insert_payment;
use super::released::released;
use super::{ItemRow, Store, read};
use crate::{immediate, touch_past};

/// The input of [`Store::issue`].
#[derive(Clone, Debug)]
pub struct Issue {
    /// The seller's name in numbers.
    pub org: Org,
    /// The civil day of issue.
    pub date: NaiveDate,
    /// The content of the invoice.
    pub content: Content,
    /// The lines with their claims, in the order of the content's lines. Items added by hand follow, without claims.
    pub lines: Vec<ClaimedLine>,
    /// The claimed parts of entries.
    pub entries: HashMap<EntryId, Counted>,
    /// The released lines whose discounts were considered.
    pub released: Vec<Released>,
}

/// The input of [`Store::cancel`].
#[derive(Clone, Debug)]
pub struct Cancel {
    /// The invoice.
    pub number: InvoiceNumber,
    /// The indexes of the lines; all that are left if `None`.
    pub lines: Option<Vec<usize>>,
    /// True if the time stays billed.
    pub keep: bool,
    /// The civil day of the credit note.
    pub date: NaiveDate,
    /// The reason, which is printed as a note.
    pub reason: Option<String>,
    /// All fonts of the credit note beside the built-in ones.
    pub fonts: Vec<Asset>,
    /// Returns the reservation of a draft for items added by hand, if no other draft reserves some of it.
    pub unbilled: Reservation,
}

/// Items of a cancelled invoice that are on a draft again.
#[derive(Clone, Debug)]
pub struct GivenBack {
    /// The draft that holds them.
    pub draft: DraftId,
    /// True if the draft was created for them.
    pub made: bool,
    /// The items.
    pub items: Vec<ItemRow>,
}

impl Store {
    /// Issues an invoice: number, content, claims and the draft's end in one transaction.
    ///
    /// The number comes from the series' counter in the same transaction, so that there are no gaps and no duplicates.
    ///
    /// # Errors
    ///
    /// If some of the time is billed already, the date lies before the series' last, the draft is gone or was changed
    /// by hand since its `revision` was computed, or another invoice took one of its discounts or credits. Then
    /// nothing is written.
    pub fn issue(&mut self, issue: &Issue, draft: Option<(DraftId, i64)>, now: Instant) -> Result<Issued> {
        let person = self.person;
        self.durably(|transaction| {
            if let Some((draft, revision)) = draft {
                let sql = "DELETE FROM draft WHERE id = ?1 AND revision = ?2";
                if transaction.execute(sql, (draft.0, revision))? == 0 {
                    bail!(
                        "draft {} was changed, issued or discarded meanwhile\nhint: look at it again",
                        draft.0
                    );
                }
            }
            if released(transaction, &issue.content.client)? != issue.released {
                bail!("another window issued or cancelled an invoice meanwhile\nhint: look at it again");
            }
            let (id, invoice) = write(transaction, &issue.org, issue.date, issue.content.clone(), None, now)?;
            for (line, claimed) in issue.lines.iter().enumerate() {
                for claim in &claimed.claims {
                    let of = (id, i64::try_from(line)?);
                    let claim = match claim {
                        Claim::Span(span) => Claiming::captured(of, *span),
                        Claim::Entry(entry, _) => {
                            let counted = issue.entries.get(entry).context("an entry of the draft is gone")?;
                            Claiming::entered(of, *entry, counted)
                        }
                    };
                    claim.write(transaction, person).context(
                        "some of this time is billed already\nhint: look at it anew; another window issued an invoice",
                    )?;
                }
            }
            book(transaction, (id, &invoice), now)?;
            Ok(invoice)
        })
    }

    /// Cancels an invoice, or some lines of it, by a credit note in the same series, and releases their time unless it
    /// is kept billed. Items added by hand go back to the client's oldest draft that can hold them, or to a new one.
    /// All of it happens in one transaction.
    ///
    /// # Errors
    ///
    /// If the lines do not exist or were taken back before, or the date lies before the series' last. Then nothing is
    /// written.
    pub fn cancel(&mut self, cancel: &Cancel, now: Instant) -> Result<(Issued, Option<GivenBack>)> {
        self.durably(|transaction| {
            let row = read::by_number(transaction, &cancel.number)?;
            let (original, of) = (row.invoice, row.id);
            let credits = row.standing.credits.iter();
            let before: BTreeSet<usize> = credits.flat_map(|credit| credit.lines.iter().copied()).collect();
            let mut content = credit(&original, &before, cancel.lines.as_deref(), cancel.keep, cancel.date)?;
            content.notes.extend(cancel.reason.clone());
            content.stationery.fonts.clone_from(&cancel.fonts);
            let credited = content.kind.credited();
            let lines = credited.map(|credited| credited.lines.clone()).unwrap_or_default();
            let items = credited.map(|credited| given_back(&original, &before, credited));
            let org = original.number().series().org();
            let (id, note) = write(transaction, org, cancel.date, content, Some(of), now)?;
            for line in lines {
                let line = i64::try_from(line)?;
                let sql = "INSERT INTO credit (invoice, line, credit_note) VALUES (?1, ?2, ?3)";
                transaction.execute(sql, (of, line, id))?;
                if !cancel.keep {
                    let sql = "UPDATE claim SET live = 0 WHERE invoice = ?1 AND line = ?2 AND live = 1";
                    transaction.execute(sql, (of, line))?;
                }
            }
            let after = read::by_number(transaction, &cancel.number)?.standing;
            for mut payment in after_credit(&original, &row.standing, &after, cancel.date) {
                payment.reason = Some(note.number().to_string());
                insert_payment(transaction, of, &payment, now)?;
            }
            let back = give_back(
                transaction,
                original.content().currency,
                &cancel.unbilled,
                &items.unwrap_or_default(),
                now,
            )?;
            Ok((note, back))
        })
    }

    /// Starts a series at a higher number, for users who move to keeptab in mid-year.
    ///
    /// # Errors
    ///
    /// If the series has numbers already: it would get a gap.
    pub fn start_series(&mut self, first: &InvoiceNumber) -> Result<()> {
        let series = first.series();
        let (org, month) = (series.org().as_str(), series.month());
        let sql = "INSERT INTO series (org, month, first, next) VALUES (?1, ?2, ?3, ?3)
                   ON CONFLICT DO UPDATE SET first = excluded.first, next = excluded.next WHERE series.next = series.first";
        let started = self.synced(|transaction| Ok(transaction.execute(sql, (org, month, first.counter()))?))?;
        if started == 0 {
            bail!(
                "this series has numbers already, and would have a gap\nhint: only a month without invoices can begin higher"
            );
        }
        Ok(())
    }

    /// Writes an invoice and its records, and syncs them to the disk before it returns.
    fn durably<T>(&mut self, write: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.synced(|transaction| {
            let written = write(transaction)?;
            touch_past(transaction)?;
            Ok(written)
        })
    }

    /// Writes records about invoices that change no counted time, and syncs them to the disk before it returns: what has a
    /// link in the chain outlives a failure of the power, or a head that was noted would be missing.
    pub(super) fn synced<T>(&mut self, write: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let written = (|| {
            let transaction = immediate(&mut self.connection)?;
            let written = write(&transaction)?;
            transaction.commit()?;
            Ok(written)
        })();
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        written
    }
}

/// Puts items added by hand on a client's oldest draft of their currency and projects, or on a new one.
fn give_back(
    connection: &Connection,
    currency: Currency,
    unbilled: &Reservation,
    items: &[Item],
    now: Instant,
) -> Result<Option<GivenBack>> {
    if items.is_empty() {
        return Ok(None);
    }
    let drafts = drafts(connection)?;
    let holds = |draft: &&DraftRow| {
        let Reservation { client, selection, .. } = &draft.reserves;
        *client == unbilled.client && items.iter().all(|item| item.fits(selection, currency))
    };
    let open = drafts.iter().find(holds).map(|draft| draft.id);
    let draft = if let Some(id) = open {
        id
    } else {
        let mut reserves = unbilled.clone();
        if drafts.iter().any(|draft| draft.reserves.meets(&reserves)) {
            // Other drafts reserve some of the time: this one is for the fees alone.
            reserves.selection.projects = Some(BTreeSet::new());
        }
        insert_draft(connection, &reserves, now)?
    };
    let row = |item: &Item| {
        let id = insert_item(connection, draft, item)?;
        Ok(ItemRow { id, item: item.clone() })
    };
    Ok(Some(GivenBack {
        draft,
        made: open.is_none(),
        items: items.iter().map(row).collect::<Result<_>>()?,
    }))
}

/// Writes an invoice or a credit note under the next number of its series.
fn write(
    connection: &Connection,
    org: &Org,
    date: NaiveDate,
    content: Content,
    cancels: Option<i64>,
    now: Instant,
) -> Result<(i64, Issued)> {
    let number = take_number(connection, org, date)?;
    let invoice = Issued::new(number, date, content);
    keep_assets(connection, &invoice.content().stationery)?;
    connection.execute(
        "INSERT INTO invoice (number, kind, cancels, client, issue_date, issued_at, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            invoice.number().to_string(),
            if cancels.is_some() { "credit" } else { "invoice" },
            cancels,
            invoice.content().client,
            date.to_string(),
            now.millis(),
            serde_json::to_string(invoice.content())?
        ],
    )?;
    Ok((connection.last_insert_rowid(), invoice))
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

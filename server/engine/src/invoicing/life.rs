//! Life of an issued invoice: sent, cancelled, noted; and the first number of a series.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{InvoiceNumber, Issued, Party, Series};
use keeptab_store::Cancel;
use keeptab_system::home::write_whole;
use keeptab_system::mail::{self, Mail};

use super::no_business;
use super::view::InvoiceView;
use crate::Engine;
use crate::done::{Details, Done};
use crate::papers::unprintable;

/// The way of sending an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Opens a mail with the documents, for the user to check and send.
    Open,
    /// Writes that mail as a file, for any mail program.
    File,
    /// Only marks it: the user sent it by hand.
    Mark,
}

fn no_address(client: &str) -> String {
    format!("the mail has no recipient\nhint: set contact = {{ email = … }} under [client.{client}]")
}

impl Engine {
    /// Opens or writes a mail with all documents of an invoice, and marks it as sent.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, it was cancelled, no mail program opens, or the store cannot be written.
    pub fn send(
        &mut self,
        number: &InvoiceNumber,
        sending: Sending,
        date: Option<NaiveDate>,
        now: Instant,
    ) -> Result<InvoiceView> {
        let row = self.store.invoice(number)?;
        let day = self.past_day(date, now)?;
        let mut view = self.issued_view(&row, now)?;
        if sending != Sending::Mark {
            // Never a part of the documents.
            if view.files.len() < self.papers().formats(&row.invoice.content().client).len() {
                bail!("{}", view.trouble.unwrap_or_default());
            }
            let mail = self.mail(&row.invoice, &view);
            let to = mail.to.clone();
            let file = self.home.invoices().join(format!("{number}.eml"));
            if sending == Sending::File || mail::NEEDS_FILE {
                write_whole(&file, mail.eml()?.as_bytes())?;
            }
            if sending == Sending::Open {
                mail::open(&mail, &file)?;
            }
            let row = self.store.mark_sent(number, day)?;
            view = self.issued_view(&row, now)?;
            if sending == Sending::File {
                view.files.push(file);
            }
            let client = &row.invoice.content().client;
            view.warnings.extend(to.is_none().then(|| no_address(client)));
            return Ok(view);
        }
        let row = self.store.mark_sent(number, day)?;
        self.issued_view(&row, now)
    }

    /// Writes the mail of an invoice with its documents. It goes to the client's address of today, or that of the invoice.
    fn mail(&self, invoice: &Issued, view: &InvoiceView) -> Mail {
        let content = invoice.content();
        let letter = keeptab_document::letter(invoice);
        let email = |party: &Party| party.contact.as_ref()?.email.clone();
        let client = self.config.clients.get(&content.client);
        Mail {
            from: (content.seller.name.clone(), email(&content.seller)),
            to: client
                .and_then(|client| email(&client.party))
                .or_else(|| email(&content.buyer)),
            subject: letter.subject,
            body: letter.body,
            attachments: view.files.clone(),
        }
    }

    /// Cancels an invoice, or some of its lines, by a credit note that says the reason, if there is one; items added by hand go
    /// back to a draft. Spain requires the reason (RD 1619/2012 art. 15 (4)).
    ///
    /// # Errors
    ///
    /// If there is no such invoice or line, it is a credit note, all of it was cancelled already, or the store cannot be written.
    pub fn cancel(
        &mut self,
        number: &InvoiceNumber,
        lines: Option<Vec<usize>>,
        keep: bool,
        date: Option<NaiveDate>,
        reason: Option<String>,
        now: Instant,
    ) -> Result<InvoiceView> {
        let credited = self.store.invoice(number)?.invoice;
        let date = self.day_of_issue(date, Some(credited.issue_date()), now)?;
        let content = credited.content();
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        // A credit note is final as well: it is not issued with boxes in the place of letters.
        let mut printed = content.clone();
        printed.notes.extend(reason.clone());
        if let Some(problem) = unprintable(&self.papers().add_fonts(&mut printed, date)?) {
            bail!("{problem}");
        }
        let cancel = Cancel {
            number: number.clone(),
            lines,
            keep,
            date,
            reason,
            fonts: printed.stationery.fonts,
            unbilled: self.for_fees(&content.client, content.currency, now)?,
        };
        let (note, back) = self.store.cancel(&cancel, now)?;
        let row = self.store.invoice(note.number())?;
        let mut view = self.issued_view(&row, now)?;
        if let Some(back) = back {
            let refusal = self.refusal(&back, now)?;
            view.given_back(&back, refusal);
        }
        let row = self.store.invoice(number)?;
        view.warnings.extend(self.offer_credit(&row, now)?);
        Ok(view)
    }

    /// Keeps a note on an invoice that only the user sees.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, or the store cannot be written.
    pub fn annotate(&mut self, number: &InvoiceNumber, note: Option<&str>, now: Instant) -> Result<InvoiceView> {
        let row = self
            .store
            .annotate(number, note.filter(|note| !note.trim().is_empty()))?;
        self.issued_view(&row, now)
    }

    /// Starts a series at a number, or this month's at a counter.
    ///
    /// # Errors
    ///
    /// If the number was given already or is not after the last one, or the store cannot be written.
    pub fn start_numbers(&mut self, number: Option<InvoiceNumber>, next: Option<u32>, now: Instant) -> Result<Done> {
        let business = self.config.business.as_ref().with_context(no_business)?;
        let this_month = Series::of(business.org.clone(), self.config.calendar.day_of(now));
        let first = match (number, next) {
            (Some(number), _) => number,
            (None, Some(0)) => bail!("numbers begin with 1\nhint: say which is next, such as --next 42"),
            (None, Some(next)) => InvoiceNumber::new(this_month.clone(), next),
            (None, None) => bail!("no number is given\nhint: `keeptab invoice start JDS-202611-0042`, or --next 42"),
        };
        let own = first.series().org() == this_month.org();
        if !own {
            bail!(
                "{first} is not one of yours\nhint: your numbers begin with {}, which is org in the config",
                this_month.org().as_str()
            );
        }
        self.store.start_series(&first)?;
        let text = format!("the first invoice of that month will be {first}");
        Ok(Done::new(text).with(Details {
            number: Some(first),
            ..Details::default()
        }))
    }

    /// Returns a day that is not in the future; today unless given.
    pub(super) fn past_day(&self, date: Option<NaiveDate>, now: Instant) -> Result<NaiveDate> {
        let today = self.config.calendar.day_of(now);
        let date = date.unwrap_or(today);
        if date > today {
            bail!("{date} is in the future\nhint: note what happened, when it has happened");
        }
        Ok(date)
    }
}

//! Drafting, issuing, showing and rendering invoices.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::billing::{Bill, BillingError, Claim, LeftOut, Reason, Time, Work, bill};
use keeptab_core::calendar::{Range, Week};
use keeptab_core::instant::{Instant, Length, Span, subtract};
use keeptab_core::invoice::{Content, Draft, DraftId, InvoiceNumber, Issued, Paper, Status, Totals};

use super::Engine;
use super::configuring::write_whole;
use super::view::{InvoiceList, InvoiceView, Words};
use crate::config::Client;
use crate::store::{DraftRow, Format, Issue};

/// What a word on the command line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// An issued invoice.
    Number(InvoiceNumber),
    /// A draft.
    Draft(DraftId),
    /// A client.
    Client(String),
}

/// Reads a number such as `JDS-202611-0001`, a draft such as `3`, or else a client's id.
#[must_use]
pub fn parse_which(word: &str) -> Which {
    if let Ok(number) = word.parse() {
        return Which::Number(number);
    }
    match word.parse() {
        Ok(id) => Which::Draft(DraftId(id)),
        Err(_) => Which::Client(word.to_owned()),
    }
}

/// What an invoice of a client over a span would say.
struct Computed {
    content: Content,
    bill: Bill,
}

impl Engine {
    /// Drafts an invoice: the client's open draft where there is one and no range is given, else a new one.
    pub(super) fn draft(&mut self, client: &str, range: Option<Range>, now: Instant) -> Result<InvoiceView> {
        let open = self
            .store
            .drafts()?
            .into_iter()
            .find(|draft| draft.client == client && range.is_none());
        let (span, existing) = match open {
            Some(draft) => (draft.span, Some(draft.id)),
            None => (self.span_to_bill(range, now)?, None),
        };
        let computed = self.compute(client, span, existing, now)?;
        let id = match existing {
            Some(id) => id,
            None => self.store.add_draft(client, span, now)?,
        };
        self.draft_view(id, computed, now)
    }

    /// Drafts an invoice of a week, or goes on with the client's draft of just that week.
    pub(super) fn draft_week(&mut self, client: &str, week: Week, now: Instant) -> Result<InvoiceView> {
        let range = Range::Week(week);
        let span = self.span_to_bill(Some(range), now)?;
        let mut open = self.store.drafts()?.into_iter();
        match open.find(|draft| draft.client == client && draft.span == span) {
            Some(draft) => self.show(&draft.id.0.to_string(), now),
            None => self.draft(client, Some(range), now),
        }
    }

    /// Gives a draft's time back.
    pub(super) fn discard(&mut self, which: &str) -> Result<Words> {
        let draft = self.find_draft(which)?.with_context(|| no_draft(which))?;
        self.store.discard_draft(draft.id)?;
        Ok(Words::new(format!(
            "draft {} of {} is discarded; its time is free again",
            draft.id.0, draft.client
        )))
    }

    /// Issues a client's draft, or its unbilled time where there is none.
    pub(super) fn issue(
        &mut self,
        which: &str,
        range: Option<Range>,
        date: Option<NaiveDate>,
        now: Instant,
    ) -> Result<InvoiceView> {
        self.reload(now)?;
        if !self.file_is_good {
            let first = self.findings.first().map(ToString::to_string).unwrap_or_default();
            bail!("the config is broken, so nothing can be issued: {first}");
        }
        let today = self.config.calendar.day_of(now);
        let date = date.unwrap_or(today);
        if date > today {
            bail!("{date} is in the future\nhint: an invoice is issued today or earlier; drafts need no date");
        }
        let draft = self.find_draft(which)?.filter(|_| range.is_none());
        let (client, span) = match (&draft, parse_which(which)) {
            (Some(draft), _) => (draft.client.clone(), draft.span),
            (None, Which::Client(client)) => (client, self.span_to_bill(range, now)?),
            (None, _) => bail!(no_draft(which)),
        };
        let computed = self.compute(&client, span, draft.as_ref().map(|draft| draft.id), now)?;
        if let Some(problem) = computed.content.problems().first() {
            bail!("{problem}");
        }
        let business = self.config.business.as_ref().context(NO_BUSINESS)?;
        let issue = Issue {
            org: business.org.clone(),
            date,
            content: computed.content,
            lines: computed.bill.lines,
        };
        let issued = self.store.issue(&issue, draft.map(|draft| draft.id), now)?;
        let mut view = self.issued_view(&issued, Status::Issued)?;
        view.left_out(&computed.bill.left_out);
        Ok(view)
    }

    /// Returns all invoices and drafts.
    pub(super) fn invoices(&mut self, now: Instant) -> Result<InvoiceList> {
        let mut views = Vec::new();
        for row in self.store.invoices()? {
            views.push(InvoiceView::of_issued(&row.invoice, row.status));
        }
        for draft in self.store.drafts()? {
            match self.compute(&draft.client, draft.span, Some(draft.id), now) {
                Ok(computed) => views.push(self.draft_view(draft.id, computed, now)?),
                // An emptied draft still holds its range, and can still be discarded.
                Err(_) => views.push(InvoiceView::of_empty_draft(draft.id, &draft.client)),
            }
        }
        Ok(InvoiceList::new(views))
    }

    /// Returns one invoice or draft.
    pub(super) fn show(&mut self, which: &str, now: Instant) -> Result<InvoiceView> {
        if let Which::Number(number) = parse_which(which) {
            let row = self.store.invoice(&number)?;
            return self.issued_view(&row.invoice, row.status);
        }
        let draft = self.find_draft(which)?.with_context(|| no_draft(which))?;
        let computed = self.compute(&draft.client, draft.span, Some(draft.id), now)?;
        self.draft_view(draft.id, computed, now)
    }

    /// Writes the document of an invoice to its folder, rendering it where that has not happened yet.
    pub(super) fn render(&mut self, number: &InvoiceNumber) -> Result<InvoiceView> {
        let row = self.store.invoice(number)?;
        self.issued_view(&row.invoice, row.status)
    }

    fn issued_view(&mut self, issued: &Issued, status: Status) -> Result<InvoiceView> {
        let mut view = InvoiceView::of_issued(issued, status);
        match self.write_document(issued) {
            Ok(path) => view.files.push(path),
            // The invoice stands; only its paper is missing, and `render` makes it.
            Err(error) => {
                view.trouble = Some(format!(
                    "{error:#}\nhint: `keeptab invoice render {}` tries again",
                    issued.number()
                ));
            }
        }
        Ok(view)
    }

    /// Returns the path of an invoice's PDF, holding the bytes that were rendered first.
    fn write_document(&mut self, issued: &Issued) -> Result<PathBuf> {
        let bytes = if let Some(bytes) = self.store.document(issued.number(), Format::Pdf)? {
            bytes
        } else {
            let rendered = keeptab_document::pdf(&issued.paper())?;
            self.store.keep_document(issued.number(), Format::Pdf, &rendered)?;
            self.store.document(issued.number(), Format::Pdf)?.unwrap_or(rendered)
        };
        let path = self.home.invoices().join(format!("{}.pdf", issued.number()));
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            write_whole(&path, &bytes)?;
        }
        Ok(path)
    }

    fn draft_view(&mut self, id: DraftId, computed: Computed, now: Instant) -> Result<InvoiceView> {
        let draft = Draft {
            id,
            content: computed.content,
        };
        let paper: Paper<'_> = draft.paper(self.config.calendar.day_of(now));
        let mut view = InvoiceView::of_draft(id, &paper);
        view.left_out(&computed.bill.left_out);
        view.trouble = draft
            .content
            .problems()
            .first()
            .map(ToString::to_string)
            .or_else(|| unprintable(&paper));
        let path = self.home.invoices().join(format!("draft-{}.pdf", id.0));
        write_whole(&path, &keeptab_document::pdf(&paper)?)?;
        view.files.push(path);
        Ok(view)
    }

    /// Returns what an invoice of a client over a span would say.
    fn compute(&mut self, id: &str, span: Span, draft: Option<DraftId>, now: Instant) -> Result<Computed> {
        let day = |at| self.config.calendar.day_of(at);
        let days = (day(span.start()), day(span.end() - Length::from_millis(1)));
        let ledger = self.ledger(span, Some(days), now)?;
        let work = self.work(&ledger);
        let reserved = self.reserved(id, draft)?;
        let config = &self.config;
        let business = config.business.as_ref().context(NO_BUSINESS)?;
        let client: &Client = config.clients.get(id).with_context(|| no_client(id, &config.clients))?;
        let of_client = |work: &&Work| config.projects[work.project.0].client.as_deref() == Some(id);
        let all: Vec<Work> = work.iter().filter(of_client).copied().collect();
        let (free, held) = self.free(&all, &reserved);
        let terms: Vec<_> = config.projects.iter().map(|project| project.terms.clone()).collect();
        let mut bill = bill(&free, &terms, &config.calendar).map_err(|error: BillingError| anyhow::anyhow!(error))?;
        for (length, reason) in [(held, Reason::Reserved), (ledger.unassigned(), Reason::Unassigned)] {
            if !length.is_zero() {
                bill.left_out.push(LeftOut {
                    project: None,
                    length,
                    reason,
                });
            }
        }
        let day = |at| config.calendar.day_of(at);
        let days = bill
            .lines
            .iter()
            .flat_map(|line| &line.claims)
            .flat_map(|claim| match claim {
                Claim::Span(span) => [day(span.start()), day(span.end() - Length::from_millis(1))],
                Claim::Entry(_, day) => [*day, *day],
            });
        let days: Vec<NaiveDate> = days.collect();
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
            let because = because(&bill.left_out);
            bail!("there is nothing to bill {id}{because}\nhint: `keeptab report --by client` shows what was tracked");
        };
        let period = (*first, *last);
        let lines: Vec<_> = bill.lines.iter().map(|claimed| claimed.line.clone()).collect();
        let currency = terms
            .iter()
            .find(|terms| terms.project == lines[0].project)
            .map(|terms| terms.currency);
        let currency = currency.context("the project of a line is gone")?;
        let content = Content {
            seller: business.party.clone(),
            buyer: client.party.clone(),
            client: id.to_owned(),
            currency,
            totals: Totals::of(&lines, currency),
            lines,
            period,
            payment_days: client.payment_days,
            iban: business.iban.clone(),
            buyer_reference: client.buyer_reference.clone(),
            language: client.language,
        };
        Ok(Computed { content, bill })
    }

    /// Returns work without what other drafts reserve, and how much they do.
    fn free(&self, work: &[Work], reserved: &[Span]) -> (Vec<Work>, Length) {
        let mut free = Vec::with_capacity(work.len());
        for work in work {
            match work.time {
                Time::Captured(span) => {
                    let left = subtract(span, reserved).into_iter();
                    free.extend(left.map(|span| Work {
                        time: Time::Captured(span),
                        ..*work
                    }));
                }
                Time::Entry(_, day, _) => {
                    let noon = self.config.calendar.day(day).start() + Length::from_minutes(12 * 60);
                    if !reserved.iter().any(|span| span.contains(noon)) {
                        free.push(*work);
                    }
                }
            }
        }
        let sum = |work: &[Work]| work.iter().map(|work| work.time.length()).sum::<Length>();
        let held = sum(work) - sum(&free);
        (free, held)
    }

    /// Returns what other drafts of a client reserve, in order.
    fn reserved(&self, client: &str, except: Option<DraftId>) -> Result<Vec<Span>> {
        let drafts = self.store.drafts()?.into_iter();
        let others = drafts.filter(|draft| draft.client == client && Some(draft.id) != except);
        let mut spans: Vec<Span> = others.map(|draft| draft.span).collect();
        spans.sort();
        Ok(spans)
    }

    fn span_to_bill(&self, range: Option<Range>, now: Instant) -> Result<Span> {
        match range {
            Some(range) if range != Range::All => Ok(range.span(&self.config.calendar, now)),
            _ => Span::new(Instant::EARLIEST, now).context("the clock stands before all time"),
        }
    }

    fn find_draft(&self, which: &str) -> Result<Option<DraftRow>> {
        let which = parse_which(which);
        let is_it = |draft: &DraftRow| match &which {
            Which::Draft(id) => draft.id == *id,
            Which::Client(client) => draft.client == *client,
            Which::Number(_) => false,
        };
        Ok(self.store.drafts()?.into_iter().find(is_it))
    }
}

/// Names the characters that the invoice's font lacks.
fn unprintable(paper: &Paper<'_>) -> Option<String> {
    let missing: String = keeptab_document::missing_characters(paper).into_iter().collect();
    let hint = "the invoice shows a box in their place; write those words in Latin, Greek or Cyrillic letters";
    (!missing.is_empty()).then(|| format!("these characters cannot be printed: {missing}\nhint: {hint}"))
}

const NO_BUSINESS: &str = "nobody is named who bills\nhint: run `keeptab init`, or fill in [business] in the config";

fn no_draft(which: &str) -> String {
    format!("there is no draft `{which}`\nhint: `keeptab invoice list` shows drafts and invoices")
}

fn no_client(id: &str, clients: &std::collections::BTreeMap<String, Client>) -> String {
    let known: Vec<&str> = clients.keys().map(String::as_str).collect();
    if known.is_empty() {
        return format!("there is no client `{id}`\nhint: add one with `keeptab client add {id} --name …`");
    }
    format!("there is no client `{id}`\nhint: clients are {}", known.join(", "))
}

fn because(left_out: &[LeftOut]) -> String {
    let reason = |left: &LeftOut| format!("{} {}", left.length, left.reason.words());
    let reasons: Vec<String> = left_out.iter().map(reason).collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join(", "))
    }
}

//! Drafting, issuing and looking at invoices.

mod advice;
mod appendix;
mod attest;
mod changes;
mod compute;
mod credit;
mod documents;
mod export;
mod items;
mod left_out;
mod life;
mod listing;
mod paying;
mod scope;
mod verify;
mod view;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::billing::{Grouping, LineKind};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::{Content, DraftId, InvoiceNumber, Item};
use keeptab_core::plain;
use keeptab_store::{DraftRow, Issue, ItemRow};

use super::Engine;
use super::done::{Details, Done};
use super::failure::{Code, Refused};
use super::papers::unprintable;
pub(super) use attest::problems;
pub use changes::Changed;
use changes::changes;
use compute::{Computed, Wanted};
use scope::{Meant, in_the_way};

pub use left_out::Left;
pub use life::Sending;
pub use listing::{Filter, State};
pub use scope::{Scope, told};
pub use verify::Verification;
use view::told_item;
pub use view::{InvoiceList, InvoiceView};

/// The meaning of a word on the command line.
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

impl Engine {
    /// Drafts an invoice: shows the client's open draft of that range and those projects, or makes a new one.
    ///
    /// # Errors
    ///
    /// If the client is unknown, nothing is unbilled, another draft reserves the time, its preview cannot be written, or the
    /// store cannot be written. Then no draft is left that was not there before.
    pub fn draft(
        &mut self,
        which: &str,
        scope: &Scope,
        grouping: Option<Grouping>,
        date: Option<NaiveDate>,
        now: Instant,
    ) -> Result<InvoiceView> {
        let reserves = match self.meant(which, scope, now)? {
            Meant::Draft(open) => {
                self.store.change_draft(open.id, grouping, date)?;
                return self.show(&open.id.0.to_string(), now);
            }
            Meant::Free(reserves) => reserves,
        };
        let drafts = self.store.drafts()?;
        let others: Vec<&DraftRow> = drafts.iter().filter(|draft| draft.reserves.meets(&reserves)).collect();
        if !others.is_empty() {
            return Err(in_the_way(&others, &self.config.calendar));
        }
        let wanted = Wanted {
            grouping,
            date,
            ..Wanted::anew(&reserves)
        };
        let computed = self.compute(&wanted, now)?;
        let id = self.store.add_draft(&reserves, now)?;
        let shown = self.new_draft(id, grouping, date, computed, now);
        self.kept(id, shown)
    }

    fn new_draft(
        &mut self,
        id: DraftId,
        grouping: Option<Grouping>,
        date: Option<NaiveDate>,
        computed: Computed,
        now: Instant,
    ) -> Result<InvoiceView> {
        self.store.change_draft(id, grouping, date)?;
        let draft = self.find_draft(&id.0.to_string())?;
        let view = self.draft_view(&draft, &[], computed, now)?;
        self.credited(id, view, now)
    }

    /// Gives a draft's time back, and names what was added to it by hand: that is gone.
    ///
    /// # Errors
    ///
    /// If there is no such draft, or the store cannot be written.
    pub fn discard(&mut self, which: &str) -> Result<Done> {
        let draft = self.find_draft(which)?;
        let items = self.store.items(draft.id)?;
        self.store.discard_draft(draft.id)?;
        self.remove_preview(draft.id);
        let (id, client) = (draft.id.0, &draft.reserves.client);
        let mut text = format!("draft {id} of {client} is discarded; its time is free again");
        // Credit is the client's until an issued invoice uses it.
        let is_gone = |row: &&ItemRow| !matches!(row.item, Item::Credit(_));
        let gone: Vec<&ItemRow> = items.iter().filter(is_gone).collect();
        for row in &gone {
            text.push_str("\ngone with it: ");
            text.push_str(&told_item(&row.item, None));
        }
        if !gone.is_empty() {
            let client = plain::shell(client);
            text.push_str("\nhint: `keeptab invoice item add ");
            text.push_str(&client);
            text.push_str(" …` puts what is still to be billed on another draft");
        }
        let gone = gone.into_iter().map(|row| row.item.clone()).collect();
        Ok(Done::new(text).with(Details {
            draft: Some(draft.id),
            client: Some(client.clone()),
            items: Some(gone),
            ..Details::default()
        }))
    }

    /// Issues a draft, or a client's unbilled time if no draft of it is open.
    ///
    /// # Errors
    ///
    /// As [`Engine::draft`]; also if doubts are open, data that the law requires is missing, or a document cannot be
    /// made.
    pub fn issue(&mut self, which: &str, scope: &Scope, date: Option<NaiveDate>, now: Instant) -> Result<InvoiceView> {
        self.reload(now)?;
        let meant = self.meant(which, scope, now)?;
        let draft = match &meant {
            Meant::Draft(draft) => Some(draft),
            Meant::Free(_) => None,
        };
        let date = date.or_else(|| draft?.issue_date);
        let date = self.day_of_issue(date, None, now)?;
        let items = match draft {
            Some(draft) => self.store.items(draft.id)?,
            None => Vec::new(),
        };
        let wanted = match &meant {
            Meant::Draft(draft) => Wanted::of(draft, &items),
            Meant::Free(reserves) => Wanted::anew(reserves),
        };
        let wanted = Wanted {
            date: Some(date),
            ..wanted
        };
        let mut computed = match draft {
            Some(_) => self.compute(&wanted, now)?,
            None => self.compute_with_credit(wanted, now)?,
        };
        if let Some(problem) = computed.content.problems().first() {
            bail!("{problem}");
        }
        follows_the_work(date, &computed.content)?;
        if let Some(problem) = wrong_terms(&computed.content) {
            bail!("{problem}");
        }
        // An issued document is final: it is not issued with boxes in the place of letters.
        if let Some(problem) = unprintable(&self.papers().add_fonts(&mut computed.content, date)?) {
            bail!("{problem}");
        }
        // The user's own layout or logo may be broken: that is reported before a number is taken.
        let stationery = &computed.content.stationery;
        if stationery.template.is_some() || stationery.logo.is_some() {
            keeptab_document::pdf(&computed.content.paper(date))?;
        }
        let seen = match draft {
            Some(draft) => self.store.preview(draft.id)?,
            None => None,
        };
        let business = self.config.business.as_ref().with_context(no_business)?;
        let issue = Issue {
            org: business.org.clone(),
            date,
            content: computed.content,
            lines: computed.bill.lines,
            entries: computed.entries,
            released: computed.released,
        };
        let draft = draft.map(|draft| (draft.id, draft.revision));
        let issued = self.store.issue(&issue, draft, now)?;
        if let Some((draft, _)) = draft {
            self.remove_preview(draft);
        }
        let row = self.store.invoice(issued.number())?;
        let mut view = self.issued_view(&row, now)?;
        view.left_out(&computed.left_out);
        view.taken(&computed.taken);
        view.warnings.extend(self.doubtful_clock(now)?);
        view.warnings.extend(advice::advice(
            &self.config,
            issued.content(),
            &Which::Number(issued.number().clone()),
        ));
        if let Some(seen) = seen {
            view.changes = changes(&seen, issued.content());
        }
        Ok(view)
    }

    /// Returns the civil day of a document that is about to get its number; the config must be valid. A credit note
    /// may have the day of the invoice that it credits, even if that lies ahead.
    fn day_of_issue(&mut self, date: Option<NaiveDate>, credits: Option<NaiveDate>, now: Instant) -> Result<NaiveDate> {
        self.reload(now)?;
        if !self.file_is_good {
            let first = self.findings.first().map(ToString::to_string).unwrap_or_default();
            bail!("the config is broken, so nothing can be issued: {first}");
        }
        let today = self.config.calendar.day_of(now);
        let date = date.unwrap_or_else(|| credits.map_or(today, |credited| credited.max(today)));
        if date > today && Some(date) != credits {
            bail!("{date} is in the future\nhint: an invoice is issued today or earlier; drafts need no date");
        }
        Ok(date)
    }

    /// Returns a warning if the clock is far from the newest activity: the date of an invoice is final.
    fn doubtful_clock(&self, now: Instant) -> Result<Option<String>> {
        let Some(last) = self.store.newest_event()? else {
            return Ok(None);
        };
        let day = |at| self.config.calendar.day_of(at);
        let (today, last_day) = (day(now), day(last));
        let said = if now - last > LONG_AGO {
            format!("today is {today} by the clock, and the last activity was on {last_day}")
        } else if last - now > A_DAY {
            format!("today is {today} by the clock, and there is activity of {last_day}")
        } else {
            return Ok(None);
        };
        Ok(Some(format!("{said}; if the clock is wrong, set it before you issue")))
    }

    /// Returns one invoice or draft; of a client without a draft, the latest invoice or credit note.
    ///
    /// # Errors
    ///
    /// If there is no such invoice or draft, or the store cannot be read.
    pub fn show(&mut self, which: &str, now: Instant) -> Result<InvoiceView> {
        if let Which::Number(number) = parse_which(which) {
            return self.render(&number, &[], now);
        }
        let Some(draft) = self.draft_named(which)? else {
            let latest = self.latest_of(which)?.with_context(|| no_draft(which))?;
            return self.render(&latest, &[], now);
        };
        let items = self.store.items(draft.id)?;
        let computed = self.compute(&Wanted::of(&draft, &items), now)?;
        self.draft_view(&draft, &items, computed, now)
    }
}

impl Engine {
    /// Returns the number of a client's latest invoice or credit note, if a word names a client that has one.
    fn latest_of(&self, which: &str) -> Result<Option<InvoiceNumber>> {
        let Which::Client(client) = parse_which(which) else {
            return Ok(None);
        };
        let invoices = self.store.invoices()?.into_iter();
        let mut its = invoices.filter(|row| row.invoice.content().client == client);
        Ok(its.next_back().map(|row| row.invoice.number().clone()))
    }
}

/// The clock is doubtful this long after the newest activity.
const LONG_AGO: Length = Length::from_minutes(45 * 24 * 60);
/// And this long before it.
const A_DAY: Length = Length::from_minutes(24 * 60);

/// Names a code of a discount in the terms that cannot be one: on paper it would stand as it is.
fn wrong_terms(content: &Content) -> Option<String> {
    let line = content.wrong_discount()?.trim();
    let hint = "write #SKONTO#TAGE=10#PROZENT=2.00# on a line of its own, with a base of at most the total; or set cash_discount";
    Some(format!("`{line}` in the terms is no cash discount\nhint: {hint}"))
}

/// Refuses a date before the last day of the time that is billed.
fn follows_the_work(date: NaiveDate, content: &Content) -> Result<()> {
    let time = content.lines.iter().filter(|line| line.kind == LineKind::Time);
    let last = time.filter_map(|line| Some(line.period?.1)).max();
    match last.filter(|last| date < *last) {
        Some(last) => bail!(
            "{date} lies before {last}, the last day of the time on it\nhint: {last} is the first day allowed: --date {last}"
        ),
        None => Ok(()),
    }
}

fn no_business() -> Refused {
    let words = "nobody is named who bills\nhint: run `keeptab init`, or fill in [business] in the config";
    Refused::new(Code::NoBusiness, words)
}

fn no_draft(which: &str) -> Refused {
    let words = format!("there is no draft `{which}`\nhint: `keeptab invoice list` shows drafts and invoices");
    Refused::new(Code::UnknownInvoice, words)
}

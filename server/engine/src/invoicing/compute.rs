//! Computation of an invoice of a client over a span, anew each time.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result, anyhow, bail};
use chrono::NaiveDate;
use keeptab_config::{Business, Client, Config, Project};
use keeptab_core::billing::{Bill, BillingError, Claim, Grouping, Line, Reason, Terms, bill};
use keeptab_core::calendar::{Calendar, Range};
use keeptab_core::entry::{Beside, Counted, EntryId, Place};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::invoice::{
    BilledTime, Content, Discount, DraftId, ExchangeRate, HomeTax, Item, Kind, Released, Reservation, Stationery,
    Totals, allowances, carried, period,
};
use keeptab_core::money::{Amount, Currency};
use keeptab_core::plain;
use keeptab_core::rule::ProjectId;
use keeptab_store::{DraftRow, ItemRow};

use super::credit::used;
use super::left_out::{Left, Sifted, because};
use super::no_business;
use super::scope::in_the_way;
use crate::Engine;
use crate::failure::{Code, Refused};
use crate::ledger::{Entered, Ledger};
use crate::taking::TakenEntry;

/// The input of the computation.
pub(super) struct Wanted<'a> {
    /// The client, the span and the projects.
    pub(super) of: &'a Reservation,
    /// The draft that reserves it.
    pub(super) draft: Option<DraftId>,
    /// The grouping of its time into lines; the client's if `None`.
    pub(super) grouping: Option<Grouping>,
    /// The items added by hand.
    pub(super) items: &'a [ItemRow],
    /// The day of issue; today if `None`.
    pub(super) date: Option<NaiveDate>,
}

impl<'a> Wanted<'a> {
    /// Makes the input from a draft.
    pub(super) fn of(draft: &'a DraftRow, items: &'a [ItemRow]) -> Self {
        Self {
            of: &draft.reserves,
            draft: Some(draft.id),
            grouping: draft.grouping,
            items,
            date: draft.issue_date,
        }
    }

    /// Wants what no draft holds.
    pub(super) fn anew(of: &'a Reservation) -> Self {
        Self {
            of,
            draft: None,
            grouping: None,
            items: &[],
            date: None,
        }
    }
}

/// A computed invoice with its basis.
pub(super) struct Computed {
    pub(super) content: Content,
    pub(super) bill: Bill,
    /// The time that is left out.
    pub(super) left_out: Vec<Left>,
    /// The billed entries that lost time to others.
    pub(super) taken: Vec<TakenEntry>,
    /// The claimed parts of entries.
    pub(super) entries: HashMap<EntryId, Counted>,
    /// The released lines whose discounts were considered.
    pub(super) released: Vec<Released>,
}

/// Items added by hand, sorted by their effect.
#[derive(Default)]
struct ByHand {
    discounts: Vec<Discount>,
    prepaid: rust_decimal::Decimal,
    notes: Vec<String>,
    /// The rate at which the tax is converted.
    exchange: Option<ExchangeRate>,
}

impl Engine {
    /// Returns the invoice of a client over a span as it would be issued now.
    pub(super) fn compute(&mut self, wanted: &Wanted<'_>, now: Instant) -> Result<Computed> {
        let Reservation {
            client: id,
            span,
            selection,
        } = wanted.of;
        let calendar = self.config.calendar;
        let day = |at| calendar.day_of(at);
        let ledger = self.ledger(*span, Some(days(*span, &calendar)), now)?;
        let config = &self.config;
        let business = config.business.as_ref().with_context(no_business)?;
        let client: &Client = config.clients.get(id).with_context(|| no_client(id, config))?;
        let Sifted { work, left_out } = self.sift(wanted, &ledger, now)?;
        let terms = terms(config, wanted.grouping);
        let mut bill = bill(&work, &terms, &config.calendar).map_err(|error| mixed(error, wanted.draft))?;
        let left_out = self.all_left_out(id, &ledger, left_out, std::mem::take(&mut bill.left_out));
        let mut lines: Vec<Line> = bill.lines.iter().map(|claimed| claimed.line.clone()).collect();
        let currency = lines
            .first()
            .and_then(|line| config.project(line.project.as_ref()?))
            .map(|project| project.terms.currency)
            .or(selection.currency);
        let (charges, currency, by_hand) = by_hand(config, (id, client), currency, wanted.items)?;
        lines.extend(charges);
        if lines.is_empty() {
            let because = because(&left_out);
            if let Some(DraftId(draft)) = wanted.draft {
                bail!(
                    "draft {draft} has nothing to bill {id}{because}\nhint: `keeptab invoice discard {draft}` removes it"
                );
            }
            let drafts = self.drafts_of(id)?;
            let is_wanted = |draft: &&DraftRow| draft.reserves.meets(wanted.of);
            let holds = |draft: &&DraftRow| left_out.iter().any(|left| left.draft == Some(draft.id));
            let others: Vec<&DraftRow> = drafts.iter().filter(is_wanted).filter(holds).collect();
            if !others.is_empty() {
                return Err(in_the_way(&others, &calendar));
            }
            let hint = match left_out.iter().find(|left| left.time.reason == Reason::NoRate) {
                Some(left) => {
                    let project = left.time.project.as_ref().map_or("PROJECT", ProjectId::as_str);
                    format!(
                        "write `rate = \"95.00\"` below [project.\"{project}\"] in {}",
                        self.home.config_file().display()
                    )
                }
                None => "`keeptab report --by client` shows what was tracked".to_owned(),
            };
            let words = format!("there is nothing to bill {id}{because}\nhint: {hint}");
            return Err(Refused::new(Code::NothingToBill, words).into());
        }
        let mut allowances = allowances(&lines, &by_hand.discounts, currency)?;
        let entries: HashMap<EntryId, Counted> = ledger.entries.iter().map(claimed).collect();
        let released = self.store.released(id)?;
        let time = billed_time(&bill, &ledger, &entries);
        allowances.extend(carried(&released, &lines, &time, &allowances, currency));
        let prepaid = amount(by_hand.prepaid, currency)?;
        let mut totals = Totals::reduced(&lines, &allowances, prepaid, currency);
        if totals.due < Amount::zero(currency) {
            bail!(
                "{currency} {prepaid} was paid in advance, more than the {} of the invoice\nhint: remove it from the draft; what is left over stays with the client",
                totals.gross
            );
        }
        let items = self.with_credit(wanted.items, &totals, currency)?;
        let prepaid = prepaid + used(&items, None, currency);
        totals = Totals::reduced(&lines, &allowances, prepaid, currency);
        let mut content = content(business, client, lines, currency);
        content.project_reference = project_references(config, client, &content.lines);
        let home = by_hand
            .exchange
            .map(|rate| HomeTax::of(totals.tax, currency, business.tax_currency, rate));
        content.home_tax = home.transpose()?;
        content.grouping = grouping(&terms, &content.lines);
        // A fee without a day has the issue date.
        let date = wanted.date.unwrap_or_else(|| day(now));
        content.period = period(&content.lines).unwrap_or((date, date));
        content.allowances = allowances;
        content.items = items;
        content.totals = totals;
        content.notes.extend(by_hand.notes);
        content.stationery = self.papers().stationery(&client.paper)?;
        content.calendar = Some(calendar);
        id.clone_into(&mut content.client);
        let policy = client.paper.appendix;
        content.appendix = self.appendix(policy, &bill, &ledger, now)?;
        let taken = self.taken_of_billed(&bill, &ledger)?;
        Ok(Computed {
            content,
            bill,
            left_out,
            taken,
            entries,
            released,
        })
    }

    /// Returns how much of the billed entries was taken away, and who has it.
    fn taken_of_billed(&self, bill: &Bill, ledger: &Ledger) -> Result<Vec<TakenEntry>> {
        let claims = bill.lines.iter().flat_map(|line| &line.claims);
        let billed: HashSet<EntryId> = claims
            .filter_map(|claim| match claim {
                Claim::Entry(id, _) => Some(*id),
                Claim::Span(_) => None,
            })
            .collect();
        let entries = ledger.entries.iter();
        let taken = entries.filter(|entered| billed.contains(&entered.entry.id) && !entered.taken().is_zero());
        taken.map(|entered| self.taken_from(entered)).collect()
    }

    pub(super) fn span_to_bill(&self, range: Option<Range>, now: Instant) -> Result<Span> {
        match range {
            Some(range) if range != Range::All => {
                let calendar = &self.config.calendar;
                Ok(range.resolved(calendar, now)?.span(calendar, now))
            }
            _ => Span::new(Instant::EARLIEST, now).context("the clock stands before all time"),
        }
    }
}

/// Returns the civil days of a span.
pub(super) fn days(span: Span, calendar: &Calendar) -> (NaiveDate, NaiveDate) {
    let last = span.end() - Length::from_millis(1);
    (calendar.day_of(span.start()), calendar.day_of(last))
}

/// Adds the next step to an error about several currencies, if a draft holds them all.
fn mixed(error: BillingError, draft: Option<DraftId>) -> anyhow::Error {
    match draft {
        Some(DraftId(id)) => anyhow!("{error}, once `keeptab invoice discard {id}` gave this one back"),
        None => error.into(),
    }
}

/// Returns the terms of all projects, with another grouping if one is given.
fn terms(config: &Config, grouping: Option<Grouping>) -> Vec<Terms> {
    let terms = |project: &Project| Terms {
        grouping: grouping.unwrap_or(project.terms.grouping),
        ..project.terms.clone()
    };
    config.projects.iter().map(terms).collect()
}

/// Makes the content of an invoice around its lines from the config.
fn content(business: &Business, client: &Client, lines: Vec<Line>, currency: Currency) -> Content {
    let account = client.paper.account.as_ref();
    Content {
        kind: Kind::Invoice,
        seller: business.party.clone(),
        buyer: client.party.clone(),
        client: String::new(),
        currency,
        totals: Totals::of(&lines, currency),
        lines,
        tax_name: client.paper.tax_name.clone(),
        grouping: Grouping::default(),
        allowances: Vec::new(),
        items: Vec::new(),
        period: (NaiveDate::MIN, NaiveDate::MIN),
        payment_days: client.paper.payment_days,
        month_end: client.paper.month_end,
        home_tax: None,
        iban: account.map(|account| account.iban.clone()),
        bic: account.and_then(|account| account.bic.clone()),
        buyer_reference: client.buyer_reference.clone(),
        order_reference: client.order_reference.clone(),
        contract_reference: client.contract_reference.clone(),
        project_reference: None,
        supplier_number: client.supplier_number.clone(),
        terms: client.paper.terms.clone(),
        cash_discount: client.paper.cash_discount,
        notes: client.paper.notes.clone(),
        language: client.paper.language,
        appendix: None,
        stationery: Stationery::default(),
        calendar: None,
    }
}

/// Returns the references of the billed projects, each once, in the order of the lines; the client's if no project has one.
fn project_references(config: &Config, client: &Client, lines: &[Line]) -> Option<String> {
    let projects = lines.iter().filter_map(|line| config.project(line.project.as_ref()?));
    let mut references: Vec<&str> = Vec::new();
    for reference in projects.filter_map(|project| project.reference.as_deref()) {
        if !references.contains(&reference) {
            references.push(reference);
        }
    }
    if references.is_empty() {
        return client.project_reference.clone();
    }
    Some(references.join(", "))
}

/// Returns the fees and expenses among the items added by hand, the invoice's currency, and the other items.
fn by_hand(
    config: &Config,
    (client_id, client): (&str, &Client),
    currency: Option<Currency>,
    items: &[ItemRow],
) -> Result<(Vec<Line>, Currency, ByHand)> {
    let mut currency = currency;
    let mut charges = Vec::new();
    let mut rest = ByHand::default();
    for ItemRow { item, .. } in items {
        match item {
            Item::Charge(charge) => {
                let project = charge.project.as_ref();
                let project = project.map(|id| project_of(config, client_id, id)).transpose()?;
                let own = project.map_or(client.currency, |project| project.terms.currency);
                let whole = *currency.get_or_insert(own);
                if let Some(project) = project.filter(|_| own != whole) {
                    bail!(
                        "the invoice would be in several currencies: {whole}, and {own} ({})\nhint: one invoice has one currency; put it on an invoice of its own",
                        project.terms.project
                    );
                }
                let tax = project.map_or(client.tax, |project| project.terms.tax);
                charges.push((charge, tax));
            }
            Item::Discount(discount) => rest.discounts.push(discount.clone()),
            Item::Prepaid(amount) => rest.prepaid += *amount,
            // Its length is known once all else is added up.
            Item::Credit(_) => {}
            Item::Exchange(rate) => rest.exchange = Some(*rate),
            Item::Note(text) => rest.notes.push(text.clone()),
        }
    }
    let currency = currency.unwrap_or(client.currency);
    let lines = charges.into_iter().map(|(charge, tax)| charge.line(tax, currency));
    Ok((lines.collect(), currency, rest))
}

/// Returns a project of a client.
pub(super) fn project_of<'c>(config: &'c Config, client: &str, id: &ProjectId) -> Result<&'c Project> {
    let project = config
        .project(id)
        .filter(|project| project.client.as_deref() == Some(client));
    project
        .with_context(|| format!("{client} has no project `{id}`\nhint: `keeptab project list` shows whose are whose"))
}

fn amount(value: rust_decimal::Decimal, currency: Currency) -> Result<Amount> {
    let amount = Amount::rounded(value, currency);
    if amount.value() != value {
        let decimals = currency.exponent();
        bail!("{value} is no amount of {currency}\nhint: it has {decimals} decimals at most");
    }
    Ok(amount)
}

/// Returns the claim on an entry. An entry beside other time claims no instants.
fn claimed(entered: &Entered) -> (EntryId, Counted) {
    let mut counted = entered.counted.clone();
    if entered.entry.beside != Beside::No {
        counted.spans.clear();
    }
    (entered.entry.id, counted)
}

/// Returns the time that each line would bill, for comparison with released time.
fn billed_time(bill: &Bill, ledger: &Ledger, counted: &HashMap<EntryId, Counted>) -> Vec<Vec<BilledTime>> {
    let places: HashMap<EntryId, Place> = ledger
        .entries
        .iter()
        .map(|entered| (entered.entry.id, entered.entry.place))
        .collect();
    let time = |claim: &Claim| match claim {
        Claim::Span(span) => BilledTime {
            entry: None,
            length: span.length(),
            spans: vec![*span],
        },
        Claim::Entry(id, _) => {
            let Counted { spans, length } = counted.get(id).cloned().unwrap_or_default();
            BilledTime {
                entry: places.get(id).copied(),
                length,
                spans,
            }
        }
    };
    let lines = bill.lines.iter();
    lines.map(|line| line.claims.iter().map(time).collect()).collect()
}

/// Returns the grouping of the lines' time; the finest one if their projects differ.
fn grouping(terms: &[Terms], lines: &[Line]) -> Grouping {
    let used = |terms: &&Terms| lines.iter().any(|line| line.project.as_ref() == Some(&terms.project));
    let groupings: Vec<Grouping> = terms.iter().filter(used).map(|terms| terms.grouping).collect();
    [Grouping::Day, Grouping::Note]
        .into_iter()
        .find(|grouping| groupings.contains(grouping))
        .unwrap_or_default()
}

pub(super) fn no_client(id: &str, config: &Config) -> Refused {
    let known: Vec<&str> = config.clients.keys().map(String::as_str).collect();
    if known.is_empty() {
        let word = plain::shell(id);
        let words = format!("there is no client `{id}`\nhint: add one with `keeptab client add {word} --name …`");
        return Refused::new(Code::UnknownClient, words);
    }
    let words = format!("there is no client `{id}`\nhint: clients are {}", known.join(", "));
    Refused::new(Code::UnknownClient, words)
}

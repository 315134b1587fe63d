//! `keeptab invoice`: from words to commands of the engine.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use keeptab_core::billing::{Grouping, LineKind};
use keeptab_core::calendar::{Month, Named, Range};
use keeptab_core::chain::Hash;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{
    Charge, Covers, Discount, ExchangeRate, Format, InvoiceNumber, Item, Reduction, Selection,
};
use keeptab_core::money::{Currency, Tax, TaxCategory, number};
use keeptab_core::rule::ProjectId;
use keeptab_engine::{Engine, Filter, Scope, Sending, State};
use keeptab_present::flow::{Answer, Call};
use rust_decimal::Decimal;

use super::payment::{PayArgs, WriteOffArgs};
use super::range::RangeArgs;
use super::terminal;

/// The actions on invoices.
#[derive(Debug, Subcommand)]
pub(super) enum InvoiceAction {
    /// Make a draft: it holds the time and has no number yet
    Draft {
        /// The client's id, or an open draft
        client: String,
        #[command(flatten)]
        scope: ScopeArgs,
        /// The grouping of time into lines; the config's unless given
        #[arg(long, value_enum)]
        by: Option<GroupingArg>,
        /// The day of issue; the day on which it is issued unless given
        #[arg(long, value_name = "DAY")]
        date: Option<NaiveDate>,
    },
    /// Give a draft's time back
    Discard {
        /// The draft, or its client
        draft: String,
    },
    /// Add fees, expenses, discounts and notes to a draft, or remove them
    Item {
        #[command(subcommand)]
        action: ItemAction,
    },
    /// Issue an invoice: it gets its number and is never changed again
    Issue {
        /// The client, or a draft
        which: String,
        #[command(flatten)]
        scope: ScopeArgs,
        /// The day of issue; the draft's or today unless given
        #[arg(long, value_name = "DAY")]
        date: Option<NaiveDate>,
    },
    /// List invoices and drafts, and what is owed
    List(FilterArgs),
    /// Show an invoice or a draft
    Show {
        /// A number, a draft or a client
        which: String,
    },
    /// Write an invoice's documents to their folder again
    Render {
        /// The number
        number: InvoiceNumber,
        /// pdf, xrechnung, xrechnung-ubl, ubl, html, csv or json; those of the config unless given
        #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',')]
        formats: Vec<Format>,
    },
    /// Open a mail with an invoice in your mail program, and mark it as sent
    Send {
        /// The number
        number: InvoiceNumber,
        /// Only mark it: you sent it yourself
        #[arg(long, conflicts_with = "eml")]
        mark: bool,
        /// Write the mail as a file for any mail program
        #[arg(long)]
        eml: bool,
        /// The day it was sent; today unless given
        #[arg(long, value_name = "DAY")]
        date: Option<NaiveDate>,
    },
    /// Record a payment; all that is owed unless an amount is given
    Pay(PayArgs),
    /// Write off what is still owed, or take that back
    WriteOff(WriteOffArgs),
    /// Cancel an invoice, or some of its lines, by a credit note; what it bills can be billed again
    Cancel {
        /// The number
        number: InvoiceNumber,
        /// Only these lines, such as 1,3
        #[arg(long, value_delimiter = ',', value_name = "LINES")]
        lines: Vec<usize>,
        /// Keep the time billed
        #[arg(long)]
        keep: bool,
        /// The reason, which the credit note says
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Do not ask first
        #[arg(long)]
        yes: bool,
        /// The day of the credit note; today unless given
        #[arg(long, value_name = "DAY")]
        date: Option<NaiveDate>,
    },
    /// Keep a note on an invoice that only you see; none removes it
    Note {
        /// The number
        number: InvoiceNumber,
        /// The note
        text: Option<String>,
    },
    /// Derive every amount from its time again and compare, also with the hash chain, documents, files and numbers
    Verify {
        /// The number; all unless given
        number: Option<InvoiceNumber>,
        /// The head that an earlier `verify` printed: the chain has to go on from it
        #[arg(long, value_name = "HEX")]
        head: Option<Hash>,
    },
    /// Let a month's numbers begin higher, where you move in mid-year
    #[command(group(clap::ArgGroup::new("first").required(true)))]
    Start {
        /// The first number
        #[arg(group = "first")]
        number: Option<InvoiceNumber>,
        /// The first counter of this month's numbers
        #[arg(long, group = "first")]
        next: Option<u32>,
    },
    /// Write the documents of invoices to a folder
    Export {
        /// The folder
        folder: PathBuf,
        #[command(flatten)]
        filter: FilterArgs,
    },
}

/// The actions on items of a draft that are added by hand.
#[derive(Debug, Subcommand)]
pub(super) enum ItemAction {
    /// Add an item; a client without a draft gets one
    Add(Box<ItemArgs>),
    /// Remove something
    Remove {
        /// The draft, or its client
        draft: String,
        /// Its number, as `show` has it: a fee or an expense has its line's
        item: usize,
    },
}

/// Something to add to a draft.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
pub(super) struct ItemArgs {
    /// The draft, or its client
    draft: String,
    /// A fixed fee
    #[arg(long, group = "what", num_args = 2, allow_hyphen_values = true, value_names = ["DESCRIPTION", "AMOUNT"])]
    fee: Option<Vec<String>>,
    /// An expense
    #[arg(long, group = "what", num_args = 2, allow_hyphen_values = true, value_names = ["DESCRIPTION", "AMOUNT"])]
    expense: Option<Vec<String>>,
    /// A discount on time and fees: 10% or an amount
    #[arg(long, group = "what", requires = "reason", value_parser = reduction)]
    discount: Option<Reduction>,
    /// An advance that the client paid
    #[arg(long, group = "what", value_name = "AMOUNT", value_parser = number)]
    prepaid: Option<Decimal>,
    /// The rate to convert the VAT into your own currency: what one unit costs, such as EUR=1.0850
    #[arg(long, group = "what", value_name = "RATE")]
    exchange_rate: Option<ExchangeRate>,
    /// A paragraph on the invoice
    #[arg(long, group = "what", value_name = "TEXT")]
    text: Option<String>,
    /// The reason for the discount
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["fee", "expense", "prepaid", "exchange_rate", "text"])]
    reason: Option<String>,
    /// Discount expenses as well
    #[arg(long, requires = "discount")]
    with_expenses: bool,
    /// The number of fees or expenses; one unless given
    #[arg(long, value_parser = number, conflicts_with_all = ["discount", "prepaid", "exchange_rate", "text"])]
    quantity: Option<Decimal>,
    /// The project of the fee or expense
    #[arg(long, conflicts_with_all = ["discount", "prepaid", "exchange_rate", "text"])]
    project: Option<String>,
    /// The day of the fee or expense
    #[arg(long, value_name = "DAY", conflicts_with_all = ["discount", "prepaid", "exchange_rate", "text"])]
    day: Option<NaiveDate>,
    /// Its tax: a rate such as 7, or a category such as Z or AE; as the project's or the client's unless given
    #[arg(long, value_parser = tax, conflicts_with_all = ["discount", "prepaid", "exchange_rate", "text"])]
    tax: Option<Tax>,
}

/// The time and items that a draft or an invoice bills.
#[derive(Debug, Args)]
pub(super) struct ScopeArgs {
    /// A day, a week or a month: 2026-11, last, 47, yesterday; all that is unbilled unless given
    #[arg(value_name = "RANGE", value_parser = Named::of_invoice, allow_negative_numbers = true, conflicts_with_all = ["range", "from"])]
    when: Option<Named>,
    #[command(flatten)]
    range: RangeArgs,
    /// Only this project; again for more
    #[arg(long, value_name = "PROJECT")]
    project: Vec<String>,
    /// Only projects of this currency, such as EUR
    #[arg(long, value_name = "CURRENCY")]
    currency: Option<Currency>,
}

impl ScopeArgs {
    fn scope(self) -> Scope {
        let projects: BTreeSet<ProjectId> = self.project.into_iter().map(ProjectId::new).collect();
        Scope {
            range: self.when.map(Range::Named).or_else(|| self.range.range()),
            selection: Selection {
                projects: Some(projects).filter(|projects| !projects.is_empty()),
                currency: self.currency,
            },
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GroupingArg {
    Project,
    Day,
    Note,
}

impl From<GroupingArg> for Grouping {
    fn from(by: GroupingArg) -> Self {
        match by {
            GroupingArg::Project => Self::Project,
            GroupingArg::Day => Self::Day,
            GroupingArg::Note => Self::Note,
        }
    }
}

/// A filter on invoices.
#[derive(Debug, Default, Args)]
pub(super) struct FilterArgs {
    /// Those of a client
    #[arg(long)]
    client: Option<String>,
    /// Those that stand somewhere
    #[arg(long, value_enum)]
    state: Option<StateArg>,
    /// Those issued in a month, such as 2026-11
    #[arg(long)]
    month: Option<Month>,
    /// Those that should have been paid
    #[arg(long)]
    overdue: bool,
    /// Those of which something is owed
    #[arg(long)]
    unpaid: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StateArg {
    Draft,
    Issued,
    Sent,
    PartPaid,
    Paid,
    WrittenOff,
    Cancelled,
    /// As --overdue: whatever else it is
    Overdue,
}

impl FilterArgs {
    fn filter(self) -> Filter {
        let state = match self.state {
            Some(StateArg::Draft) => Some(State::Draft),
            Some(StateArg::Issued) => Some(State::Issued),
            Some(StateArg::Sent) => Some(State::Sent),
            Some(StateArg::PartPaid) => Some(State::PartPaid),
            Some(StateArg::Paid) => Some(State::Paid),
            Some(StateArg::WrittenOff) => Some(State::WrittenOff),
            Some(StateArg::Cancelled) => Some(State::Cancelled),
            Some(StateArg::Overdue) | None => None,
        };
        Filter {
            client: self.client,
            state,
            month: self.month,
            overdue: self.overdue || matches!(self.state, Some(StateArg::Overdue)),
            unpaid: self.unpaid,
        }
    }
}

impl InvoiceAction {
    /// Returns the number and whether the time stays billed, if it cancels an invoice that is still to be confirmed.
    pub(super) fn cancels(&self) -> Option<(InvoiceNumber, bool)> {
        match self {
            Self::Cancel {
                number,
                keep,
                yes: false,
                ..
            } => Some((number.clone(), *keep)),
            _ => None,
        }
    }

    /// Asks, at a terminal, before an invoice is cancelled.
    pub(super) fn is_confirmed(&self) -> bool {
        match self.cancels() {
            Some((number, keep)) => terminal::confirm_cancel(&number, keep),
            None => true,
        }
    }

    pub(super) fn call(self) -> Result<Call> {
        Ok(match self {
            Self::Draft {
                client,
                scope,
                by,
                date,
            } => {
                let grouping = by.map(Grouping::from);
                Call::of_draft(client, scope.scope(), move |engine, which, scope, now| {
                    engine.draft(which, scope, grouping, date, now)
                })
            }
            Self::Discard { draft } => about(draft, |engine, which, _| engine.discard(which)),
            Self::Item { action } => action.call()?,
            Self::Issue { which, scope, date } => {
                Call::of_draft(which, scope.scope(), move |engine, which, scope, now| {
                    engine.issue(which, scope, date, now)
                })
            }
            Self::List(filter) => {
                let filter = filter.filter();
                Call::new(move |engine, now| engine.invoices(&filter, now))
            }
            Self::Show { which } => about(which, Engine::show),
            Self::Render { number, formats } => Call::new(move |engine, now| engine.render(&number, &formats, now)),
            Self::Send {
                number,
                mark,
                eml,
                date,
            } => {
                let sending = match (mark, eml) {
                    (true, _) => Sending::Mark,
                    (_, true) => Sending::File,
                    _ => Sending::Open,
                };
                Call::new(move |engine, now| engine.send(&number, sending, date, now))
            }
            Self::Pay(arguments) => arguments.call(),
            Self::WriteOff(arguments) => arguments.call(),
            Self::Cancel {
                number,
                lines,
                keep,
                date,
                reason,
                yes: _,
            } => {
                let lines = places(&lines)?;
                Call::new(move |engine, now| engine.cancel(&number, lines, keep, date, reason, now))
            }
            Self::Note { number, text } => Call::new(move |engine, now| engine.annotate(&number, text.as_deref(), now)),
            Self::Verify { number, head } => Call::new(move |engine, _| engine.verify(number.as_ref(), head)),
            Self::Start { number, next } => Call::new(move |engine, now| engine.start_numbers(number, next, now)),
            Self::Export { folder, filter } => {
                let (filter, folder) = (filter.filter(), std::path::absolute(folder)?);
                Call::new(move |engine, now| engine.export_invoices(&filter, &folder, now))
            }
        })
    }
}

/// Makes a call about a draft that takes no scope.
fn about<T: Into<Answer>>(
    which: String,
    call: impl Fn(&mut Engine, &str, Instant) -> Result<T> + Clone + Send + 'static,
) -> Call {
    Call::of_draft(which, Scope::default(), move |engine, which, _, now| {
        call(engine, which, now)
    })
}

impl ItemAction {
    fn call(self) -> Result<Call> {
        Ok(match self {
            Self::Add(arguments) => {
                let which = arguments.draft.clone();
                let item = arguments.item()?;
                about(which, move |engine, which, now| engine.add_item(which, &item, now))
            }
            Self::Remove { draft, item } => {
                about(draft, move |engine, which, now| engine.remove_item(which, item, now))
            }
        })
    }
}

impl ItemArgs {
    fn item(self) -> Result<Item> {
        if let Some(of) = self.discount {
            let reason = self
                .reason
                .context("a discount has a reason\nhint: say it with --reason")?;
            let covers = if self.with_expenses { Covers::All } else { Covers::Work };
            return Ok(Item::Discount(Discount {
                reason,
                of,
                tax: None,
                covers,
            }));
        }
        if let Some(amount) = self.prepaid {
            return Ok(Item::Prepaid(amount));
        }
        if let Some(rate) = self.exchange_rate {
            return Ok(Item::Exchange(rate));
        }
        if let Some(text) = self.text {
            return Ok(Item::Note(text));
        }
        let (kind, words) = match (self.fee, self.expense) {
            (Some(words), _) => (LineKind::Fee, words),
            (None, words) => (LineKind::Expense, words.unwrap_or_default()),
        };
        let [description, amount] = words.as_slice() else {
            bail!("a fee has a description and an amount\nhint: --fee \"Setup\" 500");
        };
        Ok(Item::Charge(Charge {
            kind,
            description: description.clone(),
            quantity: self.quantity.unwrap_or(Decimal::ONE),
            price: amount.parse()?,
            project: self.project.map(ProjectId::new),
            day: self.day,
            tax: self.tax,
        }))
    }
}

/// Returns the places of lines that are counted from 1.
fn places(lines: &[usize]) -> Result<Option<Vec<usize>>> {
    if lines.is_empty() {
        return Ok(None);
    }
    let place = |line: &usize| {
        line.checked_sub(1)
            .context("there is no line 0\nhint: lines are counted from 1")
    };
    lines.iter().map(place).collect::<Result<_>>().map(Some)
}

/// Reads `10%` or `100.00`.
fn reduction(text: &str) -> Result<Reduction> {
    Ok(match text.strip_suffix('%') {
        Some(percent) => Reduction::Percent(number(percent)?),
        None => Reduction::Amount(number(text)?),
    })
}

/// Reads `19`, `19%`, `AE` or `S:19`.
fn tax(text: &str) -> Result<Tax> {
    let (category, rate) = match text.split_once(':') {
        Some((category, rate)) => (category, Some(rate)),
        None if text.starts_with(|letter: char| letter.is_ascii_digit()) => ("S", Some(text)),
        None => (text, None),
    };
    let category: TaxCategory = category.parse()?;
    let rate = rate.map(|rate| number(rate.trim_end_matches('%'))).transpose()?;
    Ok(Tax::new(category, rate)?)
}

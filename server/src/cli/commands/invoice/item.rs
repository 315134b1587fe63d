//! `keeptab invoice item`: fees, expenses, discounts and notes of a draft.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use keeptab_core::billing::LineKind;
use keeptab_core::invoice::{Charge, Covers, Discount, ExchangeRate, Item, Reduction};
use keeptab_core::money::{Tax, TaxCategory, number};
use keeptab_core::rule::ProjectId;
use keeptab_present::flow::Call;
use rust_decimal::Decimal;

use super::about;

/// The actions on items of a draft that are added by hand.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ItemAction {
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
pub(in crate::cli) struct ItemArgs {
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

impl ItemAction {
    pub(super) fn call(self) -> Result<Call> {
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

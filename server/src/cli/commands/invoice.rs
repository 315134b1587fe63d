//! `keeptab invoice`: from words to commands of the engine.

mod item;
mod payment;
mod scope;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use keeptab_core::billing::Grouping;
use keeptab_core::chain::Hash;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Format, InvoiceNumber};
use keeptab_engine::{Done, Engine, InvoiceList, InvoiceView, Scope, Sending, Verification};
use keeptab_present::flow::{Answer, Call};
use keeptab_system::home::Home;

use super::output::Output;
use super::range::RangeArgs;
use super::schema::of;
use super::{About, Command, answered, terminal};
use item::ItemAction;
use payment::{PayArgs, WriteOffArgs};
use scope::{FilterArgs, GroupingArg, ScopeArgs};

/// Draft, issue and look at invoices
#[derive(Debug, Args)]
pub(in crate::cli) struct Invoice {
    #[command(subcommand)]
    pub(in crate::cli) action: InvoiceAction,
}

impl Command for Invoice {
    const ABOUT: About = About {
        name: "invoice",
        palette: Some(
            "asks for a client, for the currency or the open draft if there are several, shows the draft, \
             issues it, opens the PDF; with `[{ client?, week?, projects?, currency? }]` it does not ask for \
             these, and bills that week and those projects. With words that name a client of several open \
             drafts it asks which, and tells the outcome in a message",
        ),
        examples: &[
            (
                "invoice",
                &[
                    "keeptab invoice draft acme --month 2026-11",
                    "keeptab invoice issue acme",
                    "keeptab invoice list --unpaid",
                ],
            ),
            (
                "invoice draft",
                &[
                    "keeptab invoice draft acme",
                    "keeptab invoice draft acme --month 2026-11 --project acme/api --by day",
                ],
            ),
            ("invoice discard", &["keeptab invoice discard acme"]),
            ("invoice item", &["keeptab invoice item add acme --fee \"Set-up\" 250"]),
            (
                "invoice item add",
                &[
                    "keeptab invoice item add acme --fee \"Set-up\" 250",
                    "keeptab invoice item add acme --expense \"Train to Wien\" 84.50 --day 2026-11-20",
                    "keeptab invoice item add acme --discount 10% --reason \"as agreed\"",
                ],
            ),
            ("invoice item remove", &["keeptab invoice item remove acme 1"]),
            (
                "invoice issue",
                &[
                    "keeptab invoice issue acme",
                    "keeptab invoice issue acme --month 2026-11 --date 2026-11-30",
                ],
            ),
            (
                "invoice list",
                &["keeptab invoice list", "keeptab invoice list --client acme --overdue"],
            ),
            (
                "invoice show",
                &["keeptab invoice show acme", "keeptab invoice show JDS-202611-0001"],
            ),
            (
                "invoice render",
                &["keeptab invoice render JDS-202611-0001 --format pdf,xrechnung"],
            ),
            (
                "invoice send",
                &[
                    "keeptab invoice send JDS-202611-0001",
                    "keeptab invoice send JDS-202611-0001 --mark --date 2026-11-30",
                ],
            ),
            (
                "invoice pay",
                &[
                    "keeptab invoice pay JDS-202611-0001",
                    "keeptab invoice pay JDS-202611-0001 --amount 200,50 --date 2026-12-05",
                    "keeptab invoice pay JDS-202611-0001 --take-discount",
                ],
            ),
            (
                "invoice write-off",
                &[
                    "keeptab invoice write-off JDS-202611-0001 --reason \"bank fees\"",
                    "keeptab invoice write-off JDS-202611-0001 --undo",
                ],
            ),
            (
                "invoice cancel",
                &[
                    "keeptab invoice cancel JDS-202611-0001",
                    "keeptab invoice cancel JDS-202611-0001 --lines 1,3",
                ],
            ),
            (
                "invoice note",
                &["keeptab invoice note JDS-202611-0001 \"Sam asked for two weeks\""],
            ),
            (
                "invoice verify",
                &["keeptab invoice verify", "keeptab invoice verify JDS-202611-0001"],
            ),
            ("invoice start", &["keeptab invoice start JDS-202611-0040"]),
            (
                "invoice export",
                &["keeptab invoice export ~/taxes/november --month 2026-11"],
            ),
        ],
        answers: &[
            ("invoice draft", of::<InvoiceView>),
            ("invoice discard", of::<Done>),
            ("invoice item add", of::<InvoiceView>),
            ("invoice item remove", of::<InvoiceView>),
            ("invoice issue", of::<InvoiceView>),
            ("invoice list", of::<InvoiceList>),
            ("invoice show", of::<InvoiceView>),
            ("invoice render", of::<InvoiceView>),
            ("invoice send", of::<InvoiceView>),
            ("invoice pay", of::<InvoiceView>),
            ("invoice write-off", of::<InvoiceView>),
            ("invoice cancel", of::<InvoiceView>),
            ("invoice note", of::<InvoiceView>),
            ("invoice verify", of::<Verification>),
            ("invoice start", of::<Done>),
            ("invoice export", of::<Done>),
        ],
    };

    fn call(self) -> Result<Call> {
        self.action.call()
    }

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let mut engine = output.open(home)?;
        if !self.action.is_confirmed() {
            return Output::line("Nothing was cancelled.");
        }
        answered(&mut engine, self.call()?, output)
    }
}

/// The actions on invoices.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum InvoiceAction {
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

impl InvoiceAction {
    /// Returns the number and whether the time stays billed, if it cancels an invoice that is still to be confirmed.
    pub(in crate::cli) fn cancels(&self) -> Option<(InvoiceNumber, bool)> {
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
    fn is_confirmed(&self) -> bool {
        match self.cancels() {
            Some((number, keep)) => terminal::confirm_cancel(&number, keep),
            None => true,
        }
    }

    fn call(self) -> Result<Call> {
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

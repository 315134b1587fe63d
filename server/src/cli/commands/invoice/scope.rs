//! The words that choose what an invoice bills, and which invoices are meant.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use keeptab_core::billing::Grouping;
use keeptab_core::calendar::{Month, Named, Range};
use keeptab_core::invoice::Selection;
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use keeptab_engine::{Filter, Scope, State};

use super::RangeArgs;

/// The time and items that a draft or an invoice bills.
#[derive(Debug, Args)]
pub(in crate::cli) struct ScopeArgs {
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
    pub(super) fn scope(self) -> Scope {
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
pub(in crate::cli) enum GroupingArg {
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
pub(in crate::cli) struct FilterArgs {
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
    pub(super) fn filter(self) -> Filter {
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

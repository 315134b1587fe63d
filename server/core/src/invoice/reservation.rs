//! A draft's reservation: projects of a client × a range.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::instant::Span;
use crate::money::Currency;
use crate::rule::ProjectId;

/// Projects of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// The chosen projects; `None` is all of the client's, also later ones, and fees without a project. An empty set holds
    /// no time, only fees that were added by hand.
    pub projects: Option<BTreeSet<ProjectId>>,
    /// The currency of the projects; `None` is any. Chosen projects have one.
    pub currency: Option<Currency>,
}

impl Selection {
    /// Selects the projects of a currency.
    #[must_use]
    pub const fn of_currency(currency: Currency) -> Self {
        Self {
            projects: None,
            currency: Some(currency),
        }
    }

    /// Returns whether neither projects nor a currency were chosen.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.projects.is_none() && self.currency.is_none()
    }

    /// Returns whether it holds a project.
    #[must_use]
    pub fn holds(&self, project: &ProjectId, currency: Currency) -> bool {
        self.takes(currency) && self.projects.as_ref().is_none_or(|chosen| chosen.contains(project))
    }

    /// Returns whether it holds projects of a currency.
    #[must_use]
    pub fn takes(&self, currency: Currency) -> bool {
        self.currency.is_none_or(|own| own == currency)
    }

    /// Returns whether a project may be in both, now or later.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let currencies = self.currency.is_none_or(|own| other.takes(own));
        let nothing = |selection: &Self| selection.projects.as_ref().is_some_and(BTreeSet::is_empty);
        let projects = match (&self.projects, &other.projects) {
            (Some(own), Some(others)) => !own.is_disjoint(others),
            _ => !nothing(self) && !nothing(other),
        };
        currencies && projects
    }
}

/// The projects and the range that a draft reserves. No other draft can reserve any of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The client's id.
    pub client: String,
    /// The range.
    pub span: Span,
    /// The projects.
    pub selection: Selection,
}

impl Reservation {
    /// Returns whether there may be time that both hold.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.client == other.client
            && self.span.intersect(other.span).is_some()
            && self.selection.meets(&other.selection)
    }
}

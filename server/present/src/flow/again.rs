//! The questions that an error of a call asks, and the call that follows from the answer.

use anyhow::Error;
use keeptab_core::invoice::{Overpaid, PayError};
use keeptab_engine::SeveralDrafts;

use super::{Ask, Call, is_sure, pick_draft};

/// How a call is made again.
pub enum Again {
    /// About the draft that is named.
    Draft(Box<dyn FnOnce(String) -> Call + Send>),
    /// As a payment of more than is owed.
    Overpaid(Box<dyn FnOnce() -> Call + Send>),
}

impl Again {
    /// Returns whether an error asks its question.
    #[must_use]
    pub fn is_asked_by(&self, error: &Error) -> bool {
        match self {
            Self::Draft(_) => error.is::<SeveralDrafts>(),
            Self::Overpaid(_) => overpaid(error).is_some(),
        }
    }

    /// Asks the question of an error, and returns the call that follows; `None` if the user gives up, or the error asks none.
    pub async fn ask(self, ask: &impl Ask, error: &Error) -> Option<Call> {
        match self {
            Self::Draft(call) => pick_draft(ask, error.downcast_ref()?).await.map(call),
            Self::Overpaid(call) => is_right(ask, overpaid(error)?).await.then(call),
        }
    }
}

fn overpaid(error: &Error) -> Option<&Overpaid> {
    match error.downcast_ref() {
        Some(PayError::Overpaid(overpaid)) => Some(overpaid),
        _ => None,
    }
}

/// Asks whether what is too much becomes the client's credit.
async fn is_right(ask: &impl Ask, overpaid: &Overpaid) -> bool {
    let becomes = format!("{} {} becomes the client's credit", overpaid.currency, overpaid.over);
    is_sure(ask, &overpaid.sentence(), "note it?", ("Note It", &becomes)).await
}

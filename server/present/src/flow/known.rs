//! The names that a command may be given.

use anyhow::Result;
use keeptab_core::calendar::Range;
use keeptab_core::instant::Instant;
use keeptab_engine::thread::Handle;
use keeptab_engine::{By, Engine, Filter, InvoiceView};

/// Names that a command can refer to.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of projects, as in the config.
    pub projects: Vec<String>,
    /// Ids of clients, as in the config.
    pub clients: Vec<String>,
    /// Weeks with time in them, the newest first.
    pub weeks: Vec<String>,
    /// Numbers of invoices and ids of drafts, the newest first.
    pub invoices: Vec<String>,
}

/// Asks the engine for all names.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn known(engine: &Handle) -> Result<Known> {
    engine.ask(Known::read).await
}

impl Known {
    /// Reads all names.
    ///
    /// # Errors
    ///
    /// If the engine returns an error.
    pub fn read(engine: &mut Engine, now: Instant) -> Result<Self> {
        let catalogue = engine.catalogue(now)?;
        let weeks = engine.report(Some(Range::All), By::Week, now)?;
        let list = engine.invoices(&Filter::default(), now)?;
        Ok(Self {
            projects: catalogue.projects.iter().map(|row| row.id.to_string()).collect(),
            clients: catalogue.clients.into_iter().map(|row| row.id).collect(),
            weeks: weeks.periods().into_iter().rev().map(|(week, _)| week).collect(),
            invoices: list.invoices().iter().rev().map(InvoiceView::which).collect(),
        })
    }
}

//! The names that a command may be given.

use anyhow::Result;
use keeptab_core::calendar::Range;

use crate::engine::thread::Handle;
use crate::engine::{By, Command, Filter, InvoiceView, Reply};

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
    let mut known = Known::default();
    if let Reply::Catalogue(catalogue) = engine.ask(Command::Catalogue).await? {
        known.projects = catalogue.projects.iter().map(|row| row.id.to_string()).collect();
        known.clients = catalogue.clients.into_iter().map(|row| row.id).collect();
    }
    let (range, by) = (Some(Range::All), By::Week);
    if let Reply::Report(report) = engine.ask(Command::Report { range, by }).await? {
        known.weeks = report.periods().into_iter().rev().map(|(week, _)| week).collect();
    }
    if let Reply::Invoices(list) = engine.ask(Command::Invoices(Filter::default())).await? {
        known.invoices = list.invoices().iter().rev().map(InvoiceView::which).collect();
    }
    Ok(known)
}

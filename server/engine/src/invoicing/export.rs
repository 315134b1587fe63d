//! The documents of many invoices, in a folder of the user's.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use keeptab_core::instant::Instant;
use keeptab_core::plain::counted;
use keeptab_system::home::write_whole;

use super::listing::Filter;
use super::view::InvoiceView;
use crate::Engine;
use crate::done::{Details, Done};

impl Engine {
    /// Writes the documents of the invoices that a filter takes to a folder.
    ///
    /// # Errors
    ///
    /// If a document cannot be made, or the folder cannot be written.
    pub fn export_invoices(&mut self, filter: &Filter, folder: &Path, now: Instant) -> Result<Done> {
        let today = self.config.calendar.day_of(now);
        let mut count = 0;
        for row in self.store.invoices()? {
            if !filter.takes(&InvoiceView::of_issued(&row.invoice, &row.standing, today)) {
                continue;
            }
            for path in self.issued_view(&row, now)?.files {
                let name = path.file_name().context("a document has no name")?;
                let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
                write_whole(&folder.join(name), &bytes)?;
                count += 1;
            }
        }
        if count == 0 {
            bail!("there is no such invoice\nhint: `keeptab invoice list` shows them all");
        }
        Ok(Done::new(counted(count, "document"))
            .with(Details {
                documents: Some(count),
                ..Details::default()
            })
            .with_file(folder.to_owned()))
    }
}

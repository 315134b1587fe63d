//! The documents of invoices: rendered once, kept for ever, written to the folder of invoices.

use std::path::PathBuf;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Content, Draft, DraftId, InvoiceNumber, Issued, Paper};

use super::compute::Computed;
use crate::engine::Engine;
use crate::engine::configuring::write_whole;
use crate::engine::view::InvoiceView;
use crate::store::{Format, InvoiceRow, ItemRow};

impl Engine {
    /// Writes the documents of an invoice to its folder, rendering them where that has not happened yet.
    pub(in crate::engine) fn render(&mut self, number: &InvoiceNumber, now: Instant) -> Result<InvoiceView> {
        let row = self.store.invoice(number)?;
        self.issued_view(&row, now)
    }

    pub(super) fn issued_view(&mut self, row: &InvoiceRow, now: Instant) -> Result<InvoiceView> {
        let today = self.config.calendar.day_of(now);
        let mut view = InvoiceView::of_issued(&row.invoice, &row.standing, today);
        match self.write_document(&row.invoice) {
            Ok(path) => view.files.push(path),
            // The invoice stands; only its paper is missing, and `render` makes it.
            Err(error) => {
                view.trouble = Some(format!(
                    "{error:#}\nhint: `keeptab invoice render {}` tries again",
                    row.invoice.number()
                ));
            }
        }
        Ok(view)
    }

    /// Returns the path of an invoice's PDF, holding the bytes that were rendered first.
    pub(super) fn write_document(&mut self, issued: &Issued) -> Result<PathBuf> {
        let bytes = if let Some(bytes) = self.store.document(issued.number(), Format::Pdf)? {
            bytes
        } else {
            let rendered = self.rendered(issued)?;
            self.store.keep_document(issued.number(), Format::Pdf, &rendered)?;
            self.store.document(issued.number(), Format::Pdf)?.unwrap_or(rendered)
        };
        let path = self.home.invoices().join(format!("{}.pdf", issued.number()));
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            write_whole(&path, &bytes)?;
        }
        Ok(path)
    }

    /// Renders an invoice as it was issued. Where the layout that was stored with it is broken, the one that the config
    /// names by now is taken: the invoice stands, and the user can mend only that one.
    fn rendered(&self, issued: &Issued) -> Result<Vec<u8>> {
        let error = match keeptab_document::pdf(&issued.paper()) {
            Ok(bytes) => return Ok(bytes),
            Err(error) => error,
        };
        let content = issued.content();
        let client = self.config.clients.get(&content.client);
        let (Some(client), Some(_)) = (client, &content.stationery.template) else {
            return Err(error.into());
        };
        let mended = Content {
            stationery: self.stationery(&client.paper)?,
            ..content.clone()
        };
        let mended = Issued::new(issued.number().clone(), issued.issue_date(), mended);
        Ok(keeptab_document::pdf(&mended.paper())?)
    }

    /// Shows a draft, writes its preview, and remembers what it said.
    pub(super) fn draft_view(
        &mut self,
        id: DraftId,
        items: &[ItemRow],
        computed: Computed,
        now: Instant,
    ) -> Result<InvoiceView> {
        let today = self.config.calendar.day_of(now);
        let view = self.drafted(id, items, &computed, today);
        let draft = Draft {
            id,
            content: computed.content,
        };
        let pdf = keeptab_document::pdf(&draft.paper(today))?;
        for path in &view.files {
            write_whole(path, &pdf)?;
        }
        self.store.keep_preview(id, &draft.content)?;
        Ok(view)
    }

    /// Shows a draft in passing.
    pub(super) fn drafted(&self, id: DraftId, items: &[ItemRow], computed: &Computed, today: NaiveDate) -> InvoiceView {
        let paper = computed.content.paper(today);
        let mut view = InvoiceView::of_draft(id, &paper);
        view.items(items);
        view.left_out(&computed.bill.left_out);
        let problems = computed.content.problems();
        let problem = problems.first().map(ToString::to_string);
        view.trouble = problem.or_else(|| unprintable(&paper));
        view.files
            .push(self.home.invoices().join(format!("draft-{}.pdf", id.0)));
        view
    }
}

/// Names the characters that the invoice's font lacks.
fn unprintable(paper: &Paper<'_>) -> Option<String> {
    let missing: String = keeptab_document::missing_characters(paper).into_iter().collect();
    let hint = "the invoice shows a box in their place; write those words in Latin, Greek or Cyrillic letters";
    (!missing.is_empty()).then(|| format!("these characters cannot be printed: {missing}\nhint: {hint}"))
}

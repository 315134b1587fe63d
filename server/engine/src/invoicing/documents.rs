//! The documents of invoices: rendered once, stored forever, written to the folder of invoices.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Asset, Content, Draft, DraftId, Format, InvoiceNumber, Issued, has_prefixed_vat_ids};
use keeptab_document::DocumentError;
use keeptab_store::{DraftRow, InvoiceRow, ItemRow};
use keeptab_system::disk;
use keeptab_system::home::write_whole;
use tracing::warn;

use super::advice::advice;
use super::compute::Computed;
use super::items::time_lines;
use super::view::InvoiceView;
use super::{Which, wrong_terms};
use crate::Engine;
use crate::papers::unprintable;

impl Engine {
    /// Writes the documents of an invoice to its folder, after rendering the missing ones: in the given formats, or
    /// those of the config.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, a document cannot be made, or a file cannot be written.
    pub fn render(&mut self, number: &InvoiceNumber, formats: &[Format], now: Instant) -> Result<InvoiceView> {
        let row = self.store.invoice(number)?;
        if formats.is_empty() {
            return self.issued_view(&row, now);
        }
        let today = self.config.calendar.day_of(now);
        let mut view = InvoiceView::of_issued(&row.invoice, &row.standing, today);
        for format in formats {
            view.files.push(self.write_document(&row.invoice, *format)?);
        }
        Ok(view)
    }

    pub(super) fn issued_view(&mut self, row: &InvoiceRow, now: Instant) -> Result<InvoiceView> {
        let today = self.config.calendar.day_of(now);
        let mut view = InvoiceView::of_issued(&row.invoice, &row.standing, today);
        for format in self.papers().formats(&row.invoice.content().client) {
            match self.write_document(&row.invoice, format) {
                Ok(path) => view.files.push(path),
                // The invoice is issued; only its documents are missing, and `render` makes them.
                Err(error) => {
                    let hint = format!("hint: `keeptab invoice render {}` tries again", row.invoice.number());
                    view.trouble.get_or_insert(format!("{error:#}\n{hint}"));
                }
            }
        }
        if view.trouble.is_none() && self.is_to_be_electronic(row.invoice.content()) {
            let plain = keeptab_document::lacking(&row.invoice.paper(), Format::Pdf);
            view.trouble = plain.map(|lacking| format!("there is no electronic invoice inside the PDF: {lacking}"));
        }
        Ok(view)
    }

    /// Returns whether it matters that a PDF has an electronic invoice inside: if the seller is in Europe, where EN 16931 is
    /// the standard (Directive 2014/55/EU), or if the client has an electronic format. Elsewhere the page is the invoice.
    fn is_to_be_electronic(&self, content: &Content) -> bool {
        let is_electronic = |format: &Format| matches!(format, Format::XRechnung | Format::XRechnungUbl | Format::Ubl);
        let country = content.seller.country.as_deref();
        country.is_none_or(has_prefixed_vat_ids) || self.papers().formats(&content.client).iter().any(is_electronic)
    }

    /// Returns the path of a document of an invoice, holding the bytes that were rendered first.
    pub(super) fn write_document(&mut self, issued: &Issued, format: Format) -> Result<PathBuf> {
        let bytes = if let Some(bytes) = self.store.document(issued.number(), format)? {
            bytes
        } else {
            let rendered = match self.whole(issued)? {
                Some(whole) => self.rendered(&whole, format)?,
                None => self.rendered(issued, format)?,
            };
            self.store.keep_document(issued.number(), format, &rendered)?;
            self.store.document(issued.number(), format)?.unwrap_or(rendered)
        };
        let name = format!("{}{}", issued.number(), format.ending());
        let path = self.home.invoices().join(name);
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            write_whole(&path, &bytes)?;
        }
        Ok(path)
    }

    /// Returns an invoice with the files that the store has lost, if the config names the very files, and stores them again.
    fn whole(&mut self, issued: &Issued) -> Result<Option<Issued>> {
        let content = issued.content();
        let client = self.config.clients.get(&content.client);
        let (true, Some(client)) = (content.stationery.assets().any(Asset::is_gone), client) else {
            return Ok(None);
        };
        // The file that the config names may be gone as well: then rendering names it.
        let Ok(mut present) = self.papers().stationery(&client.paper) else {
            return Ok(None);
        };
        let mut content = content.clone();
        if content.stationery.fonts.iter().any(Asset::is_gone) {
            let missing = keeptab_document::missing_characters(&content.paper(issued.issue_date()));
            present
                .fonts
                .extend(self.papers().fonts_for(&client.paper, missing).unwrap_or_default());
        }
        for asset in content.stationery.assets_mut().filter(|asset| asset.is_gone()) {
            if let Some(same) = present.assets().find(|present| present.sha256 == asset.sha256) {
                asset.bytes = same.bytes.clone();
            }
        }
        self.store.keep_stationery(&content.stationery)?;
        Ok(Some(Issued::new(issued.number().clone(), issued.issue_date(), content)))
    }

    /// Renders an invoice as it was issued. If the layout or the logo that was stored with it is broken, the config's
    /// present ones are used: the invoice is final, and the user can fix only the config.
    fn rendered(&self, issued: &Issued, format: Format) -> Result<Vec<u8>> {
        let error = match keeptab_document::render(&issued.paper(), format) {
            Ok(bytes) => return Ok(bytes),
            Err(error) => error,
        };
        let content = issued.content();
        let client = self.config.clients.get(&content.client);
        let broken = matches!(error, DocumentError::Template { .. } | DocumentError::Logo(_));
        let Some(client) = client.filter(|_| broken) else {
            return Err(error.into());
        };
        let mut mended = Content {
            stationery: self.papers().stationery(&client.paper)?,
            ..content.clone()
        };
        self.papers().add_fonts(&mut mended, issued.issue_date())?;
        let mended = Issued::new(issued.number().clone(), issued.issue_date(), mended);
        Ok(keeptab_document::render(&mended.paper(), format)?)
    }

    /// Shows a draft, writes its preview, and stores the content shown. Without a preview, it says why, and has no file.
    pub(super) fn draft_view(
        &mut self,
        row: &DraftRow,
        items: &[ItemRow],
        mut computed: Computed,
        now: Instant,
    ) -> Result<InvoiceView> {
        let today = self.config.calendar.day_of(now);
        let date = row.issue_date.unwrap_or(today);
        let missing = self.papers().add_fonts(&mut computed.content, date);
        let mut view = self.drafted(row, items, &computed, today);
        if let Ok(missing) = &missing
            && computed.content.problems().is_empty()
        {
            view.trouble = unprintable(missing).or(view.trouble);
        }
        view.warnings.extend(self.doubtful_clock(now)?);
        view.warnings
            .extend(advice(&self.config, &computed.content, &Which::Draft(row.id)));
        view.warnings.extend(self.near_budgets(&computed.content, now)?);
        let draft = Draft {
            id: row.id,
            content: computed.content,
        };
        if let Err(error) = missing.and_then(|_| write_preview(&draft, date, &view.files)) {
            view.files.clear();
            view.trouble = Some(format!("{error:#}"));
        }
        self.store.keep_preview(row.id, &draft.content)?;
        Ok(view)
    }

    /// Discards a new draft that could not be shown, or has no preview: it would hold time that nobody sees.
    pub(super) fn kept(&mut self, draft: DraftId, shown: Result<InvoiceView>) -> Result<InvoiceView> {
        let refused = match shown {
            Ok(view) if !view.files.is_empty() => return Ok(view),
            Ok(view) => anyhow!("no draft is made: {}", view.trouble.unwrap_or_default()),
            Err(error) => error,
        };
        self.store.discard_draft(draft)?;
        self.remove_preview(draft);
        Err(refused)
    }

    /// Shows a draft in passing.
    pub(super) fn drafted(
        &self,
        row: &DraftRow,
        items: &[ItemRow],
        computed: &Computed,
        today: NaiveDate,
    ) -> InvoiceView {
        let paper = computed.content.paper(row.issue_date.unwrap_or(today));
        let mut view = InvoiceView::of_draft(row.id, &paper);
        view.reserves(&row.reserves, &self.config.calendar);
        view.items(items, time_lines(&computed.content));
        view.left_out(&computed.left_out);
        view.taken(&computed.taken);
        let problems = computed.content.problems();
        let problem = problems.first().map(ToString::to_string);
        let is_told = self.is_to_be_electronic(&computed.content);
        let lacking = |format| keeptab_document::lacking(&paper, format).filter(|_| is_told);
        let formats = self.papers().formats(&computed.content.client).into_iter();
        let mut others = formats.filter(|format| *format != Format::Pdf);
        let other = || others.find_map(lacking).map(|lacking| lacking.to_string());
        view.trouble = problem.or_else(|| wrong_terms(&computed.content)).or_else(other);
        // The page is an invoice without it, too.
        if view.trouble.is_none()
            && let Some(lacking) = lacking(Format::Pdf)
        {
            let words = format!("there will be no electronic invoice inside the PDF: {lacking}");
            view.warnings.push(words);
        }
        view.files.push(self.preview_of(row.id));
        view
    }

    fn preview_of(&self, draft: DraftId) -> PathBuf {
        self.home.invoices().join(format!("draft-{}.pdf", draft.0))
    }

    /// Removes the preview of a draft that is gone. Windows keeps a file that another program shows: that does no
    /// harm.
    pub(super) fn remove_preview(&self, draft: DraftId) {
        let path = self.preview_of(draft);
        match disk::remove(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => warn!("{} stays: {error}", path.display()),
            _ => {}
        }
    }
}

fn write_preview(draft: &Draft, date: NaiveDate, files: &[PathBuf]) -> Result<()> {
    let pdf = keeptab_document::pdf(&draft.paper(date))?;
    files.iter().try_for_each(|path| write_whole(path, &pdf))
}

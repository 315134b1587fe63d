//! Warnings about a document that can be issued as it is.

use anyhow::Result;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Content, DraftId};
use keeptab_core::money::TaxCategory;
use keeptab_core::rule::ProjectId;

use crate::Engine;

impl Engine {
    /// Returns the warnings about an invoice or a draft, one line each but for hints.
    pub(super) fn advice(&self, content: &Content, draft: Option<DraftId>) -> Vec<String> {
        let code = keeptab_document::lacking_code(content).map(str::to_owned);
        let mut taxes = content.totals.taxes.iter().map(|subtotal| subtotal.tax.category());
        let is_taxed = taxes.any(|category| category == TaxCategory::S);
        let abroad = self.config.doubtful_tax(&content.client).filter(|_| is_taxed);
        code.into_iter()
            .chain(abroad)
            .chain(self.lacking_home_tax(content, draft))
            .collect()
    }

    /// Returns the budgets of a document's projects that are nearly or wholly used.
    pub(super) fn near_budgets(&mut self, content: &Content, now: Instant) -> Result<Vec<String>> {
        let has = |project: &ProjectId| content.lines.iter().any(|line| line.project.as_ref() == Some(project));
        let budgets = self.budgets(has, None, now)?;
        let near = budgets.iter().filter(|budget| budget.is_near());
        Ok(near.map(ToString::to_string).collect())
    }

    /// Returns the warning that the tax must be told in another currency, too.
    fn lacking_home_tax(&self, content: &Content, draft: Option<DraftId>) -> Option<String> {
        let home = self.config.business.as_ref()?.tax_currency;
        if !content.lacks_home_tax(home) {
            return None;
        }
        let which = draft.map_or_else(|| content.client.clone(), |DraftId(id)| id.to_string());
        Some(format!(
            "the invoice is in {}, and you owe its tax in {home}: it must show the tax in {home} as well\nhint: `keeptab invoice item add {which} --exchange-rate {home}=RATE`, or tax_currency under [business]",
            content.currency
        ))
    }
}

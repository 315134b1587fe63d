//! Seller and buyer, and the details that the law requires of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::check::doubtful_vat_id;
use crate::money::{Tax, TaxCategory};

/// The language of an invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Dutch.
    Nl,
    /// Italian.
    It,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Nl, Self::It];

    /// Returns its tag of BCP 47.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Nl => "nl",
            Self::It => "it",
        }
    }
}

/// The contact for questions about an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// A person's name.
    pub name: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// A business as it stands on an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// The name.
    pub name: String,
    /// Street lines.
    pub address: Vec<String>,
    /// The postal code.
    pub postcode: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The country: a code of ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The VAT id, in Europe with its country prefix; elsewhere the number for GST or sales tax.
    pub vat_id: Option<String>,
    /// The local tax number.
    pub tax_number: Option<String>,
    /// The number in a register of companies.
    pub registration: Option<String>,
    /// The contact.
    pub contact: Option<Contact>,
    /// The address for electronic invoices (BT-34, BT-49).
    #[serde(default)]
    pub electronic: Option<ElectronicAddress>,
}

/// An address in a network of electronic invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ElectronicAddress {
    /// The scheme: a code of the EAS list, such as `0204` for a *Leitweg-ID*, `9930` for a German VAT id, `EM` for mail.
    pub scheme: String,
    /// The address in it.
    pub id: String,
}

/// A problem that keeps an invoice from being valid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// A party has no address.
    #[error("{0} has no address\nhint: set address, postcode, city and country under [{1}]")]
    NoAddress(String, String),
    /// The seller has neither a VAT id nor a tax number (Directive 2006/112/EC art. 226 (3)).
    #[error("{0} has no VAT id or tax number\nhint: set vat_id or tax_number under [business]")]
    NoSellerTaxId(String),
    /// Reverse charge needs the VAT ids of both (Directive 2006/112/EC art. 226 (4), EN 16931 BR-AE-02).
    #[error("reverse charge needs the VAT id of {0}\nhint: set vat_id under [{1}]")]
    NoVatId(String, String),
    /// An export is invoiced under a VAT id (EN 16931 BR-G-02).
    #[error("an export without VAT needs the VAT id of {0}\nhint: set vat_id under [business]")]
    NoExporterVatId(String),
    /// A VAT id of a wrong form.
    #[error("{0}")]
    VatIdForm(String),
    /// Lines outside the scope of VAT stand beside others (EN 16931 BR-O-11 to 14 require an invoice of their own).
    #[error(
        "lines outside the scope of VAT (O) cannot stand beside taxed ones\nhint: bill them on an invoice of their own, or give them another tax; a small business has E or O for all"
    )]
    MixedScope,
}

impl Party {
    /// Returns the problem if this party's address is incomplete; `table` is its place in the config.
    fn address_problem(&self, table: &str) -> Option<Problem> {
        let complete = self.city.is_some() && self.country.is_some();
        (!complete).then(|| Problem::NoAddress(self.name.clone(), table.to_owned()))
    }

    /// Returns a message if its VAT id has a wrong form.
    fn doubtful_vat_id(&self) -> Option<String> {
        doubtful_vat_id(self.vat_id.as_deref()?, self.country.as_deref())
    }

    fn no_vat_id(&self, table: &str) -> Option<Problem> {
        let missing = self.vat_id.is_none();
        missing.then(|| Problem::NoVatId(self.name.clone(), table.to_owned()))
    }
}

/// Returns whether a country has a sales tax in place of VAT: its invoices need no id of the seller.
#[must_use]
pub fn has_sales_tax(country: &str) -> bool {
    matches!(country, "PR" | "US")
}

/// Returns the problems that keep an invoice from being valid, given the taxes on its lines.
#[must_use]
pub fn problems(seller: &Party, buyer: &Party, buyer_table: &str, taxes: &[Tax]) -> Vec<Problem> {
    let any = |category| taxes.iter().any(|tax| tax.category() == category);
    let mut problems = Vec::new();
    problems.extend(seller.address_problem("business"));
    problems.extend(buyer.address_problem(buyer_table));
    let within_scope = any(TaxCategory::S) || any(TaxCategory::Z) || any(TaxCategory::E);
    let needs_none = seller.country.as_deref().is_some_and(has_sales_tax);
    if within_scope && !needs_none && seller.vat_id.is_none() && seller.tax_number.is_none() {
        problems.push(Problem::NoSellerTaxId(seller.name.clone()));
    }
    if any(TaxCategory::AE) {
        problems.extend(seller.no_vat_id("business"));
        problems.extend(buyer.no_vat_id(buyer_table));
    }
    if any(TaxCategory::G) && seller.vat_id.is_none() {
        problems.push(Problem::NoExporterVatId(seller.name.clone()));
    }
    if any(TaxCategory::O) && taxes.iter().any(|tax| tax.category() != TaxCategory::O) {
        problems.push(Problem::MixedScope);
    }
    let forms = [seller, buyer].into_iter().filter_map(Party::doubtful_vat_id);
    problems.extend(forms.map(Problem::VatIdForm));
    problems
}

//! Everything that depends on the language. One table per language, each in a file of its own: to add one, fill in
//! another.

use std::borrow::Cow;

use keeptab_core::invoice::{Content, Language};
use keeptab_core::money::TaxCategory;

mod country;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;

pub(crate) use country::{A4, is_silent_if_untaxed, page_size};

/// The form of a day.
#[derive(Clone)]
pub(crate) enum Dates {
    /// With the name of its month: `22 Nov 2026`.
    Named([&'static str; 12]),
    /// With the name of its month first: `Nov 22, 2026`.
    MonthFirst([&'static str; 12]),
    /// In digits, day first, with this text between them: `22.11.2026`.
    Digits(&'static str),
    /// In digits, year first: `2026-11-22`.
    YearFirst,
}

/// The form of figures and days.
#[derive(Clone)]
pub(crate) struct Form {
    /// The separator of groups of three digits.
    pub(crate) thousands: &'static str,
    /// True if the groups above the thousands have two digits: `12,34,567.00`.
    pub(crate) lakhs: bool,
    /// The separator of the decimals.
    pub(crate) decimal: &'static str,
    /// The text after a rate in per cent.
    pub(crate) percent: &'static str,
    /// True if the currency stands before its amount.
    pub(crate) currency_first: bool,
    /// The form of a day.
    pub(crate) dates: Dates,
}

/// The name of the tax.
#[derive(Clone)]
pub(crate) struct TaxName {
    /// Before a rate: `USt.`.
    pub(crate) label: Cow<'static, str>,
    /// Inside a sentence: `Umsatzsteuer`.
    pub(crate) inside: Cow<'static, str>,
}

impl TaxName {
    const fn new(label: &'static str, inside: &'static str) -> Self {
        Self {
            label: Cow::Borrowed(label),
            inside: Cow::Borrowed(inside),
        }
    }
}

/// The mail that an invoice is sent with. `{number}` is its number, `{sum}` the amount due, `{gross}` the total, `{due}` the
/// due date, `{original}` the credited invoice.
#[derive(Clone)]
pub(crate) struct MailWords {
    pub(crate) greeting: &'static str,
    pub(crate) invoice: &'static str,
    /// The sentence if nothing is due.
    pub(crate) paid: &'static str,
    pub(crate) credit_note: &'static str,
    pub(crate) closing: &'static str,
}

/// The fixed words of invoices and timesheets, and the form of figures and dates. In the texts about the tax, `{tax}`
/// stands for its name.
#[derive(Clone)]
pub(crate) struct Words {
    /// The BCP 47 tag of the language.
    pub(crate) tag: &'static str,
    /// The form of figures and days.
    pub(crate) form: Form,
    /// The days of the week, from Monday on, shortened.
    pub(crate) weekdays: [&'static str; 7],

    pub(crate) invoice: &'static str,
    /// The heading of an issued invoice with the tax.
    pub(crate) invoice_with_tax: &'static str,
    /// The issuer's name for a credit note: German law reserves *Gutschrift* for a document that the buyer issues.
    pub(crate) credit_note: &'static str,
    pub(crate) draft_invoice: &'static str,
    pub(crate) draft_mark: &'static str,
    pub(crate) draft_note: &'static str,
    pub(crate) billed_to: &'static str,
    pub(crate) attention: &'static str,
    pub(crate) issue_date: &'static str,
    pub(crate) due_date: &'static str,
    pub(crate) period: &'static str,
    pub(crate) buyer_reference: &'static str,
    pub(crate) order_reference: &'static str,
    pub(crate) contract_reference: &'static str,
    pub(crate) project_reference: &'static str,
    pub(crate) supplier_number: &'static str,
    /// The text before the number of the credited invoice.
    pub(crate) original: &'static str,
    /// The word between the number and the date of the credited invoice, such as *vom*.
    pub(crate) dated: &'static str,
    pub(crate) vat_id: &'static str,
    pub(crate) tax_number: &'static str,
    pub(crate) registration: &'static str,

    pub(crate) description: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) days: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) amount: &'static str,

    /// The sum of the lines.
    pub(crate) subtotal: &'static str,
    /// A discount without a reason of its own.
    pub(crate) discount: &'static str,
    /// The rest of the lines after discounts, before VAT.
    pub(crate) net: &'static str,
    pub(crate) tax: TaxName,
    pub(crate) vat_exempt: &'static str,
    pub(crate) no_vat: &'static str,
    /// The name of the sum without tax if the recipient owes it, in the law's own words.
    pub(crate) tax_reversed: &'static str,
    pub(crate) exported: &'static str,
    pub(crate) on_base: &'static str,
    /// The sentence with the tax in another currency, with `{tax}`, `{currency}`, `{amount}`, and the exchange rate: `{one}`,
    /// `{price}` and `{other}`.
    pub(crate) home_tax: &'static str,
    /// The sum with VAT, if a part of it is paid.
    pub(crate) gross: &'static str,
    pub(crate) already_paid: &'static str,
    /// The tax inside an advance, with `{tax}`, `{rate}` and `{amount}`.
    pub(crate) inside: &'static str,
    /// Credit of another invoice that was used: `{number}`.
    pub(crate) prepayment: &'static str,
    pub(crate) total_due: &'static str,
    pub(crate) total_credit: &'static str,

    pub(crate) payment: &'static str,
    /// The sentence that asks for payment, with `{amount}` and `{date}`.
    pub(crate) please_pay: &'static str,
    /// The sentence that offers a discount for early payment, with `{percent}`, `{date}` and `{amount}`.
    pub(crate) cash_discount: &'static str,
    pub(crate) no_cash_discount: &'static str,
    /// The sentence about interest and costs of a late payment, as French law sets them.
    pub(crate) late_payment: &'static str,
    /// The sentence of a credit note, with `{amount}` and `{number}`.
    pub(crate) we_credit: &'static str,
    pub(crate) account_holder: &'static str,
    pub(crate) iban: &'static str,
    pub(crate) bic: &'static str,
    pub(crate) reference: &'static str,
    /// The text beside the code for banking apps.
    pub(crate) scan_to_pay: &'static str,
    /// The texts before the page number, and before the number of pages.
    pub(crate) page: [&'static str; 2],

    pub(crate) reverse_charge: &'static str,
    /// The reason why a small business charges no VAT, with `{law}`, which may be empty.
    pub(crate) small_business: &'static str,
    /// The text before the law.
    pub(crate) under_law: &'static str,
    pub(crate) export: &'static str,
    pub(crate) not_subject: &'static str,
    pub(crate) zero_rated: &'static str,

    pub(crate) mail: MailWords,

    pub(crate) timesheet: &'static str,
    /// The heading of the work in detail behind an invoice.
    pub(crate) work_in_detail: &'static str,
    pub(crate) made_for: &'static str,
    pub(crate) time_zone: &'static str,
    pub(crate) total: &'static str,
    pub(crate) time: &'static str,
    pub(crate) project: &'static str,
    pub(crate) note: &'static str,
    /// The heading of lengths in hours and minutes.
    pub(crate) duration: &'static str,
    /// The heading of lengths in hours with decimals.
    pub(crate) in_hours: &'static str,
    /// The text after a day that continues on the next page.
    pub(crate) continued: &'static str,
    pub(crate) billable: &'static str,
    pub(crate) not_billable: &'static str,
    pub(crate) approved: &'static str,
    pub(crate) signed_on: &'static str,
    pub(crate) signed_by: &'static str,
    pub(crate) signature: &'static str,
}

impl Words {
    /// Returns the words of an invoice: those of its language, as they are usual in the seller's country, with the
    /// seller's own name of the tax.
    pub(crate) fn on(content: &Content) -> Self {
        let mut words = Self::at(content.language, content.seller.country.as_deref());
        if let Some(name) = &content.tax_name {
            words.tax = TaxName {
                label: name.clone().into(),
                inside: name.clone().into(),
            };
        }
        let mut taxes = content.totals.taxes.iter().map(|subtotal| subtotal.tax.category());
        if taxes.all(|category| matches!(category, TaxCategory::E | TaxCategory::O)) {
            words.name_sums_without_tax(content.language);
        }
        words
    }

    /// Names the sums as a business does that charges no tax: none of them is with or without it.
    fn name_sums_without_tax(&mut self, language: Language) {
        let [subtotal, net, gross] = match language {
            Language::Fr => ["Sous-total", "Total", "Total"],
            Language::Nl => ["Subtotaal", "Totaal", "Totaal"],
            Language::De | Language::En | Language::Es | Language::It => return,
        };
        (self.subtotal, self.net, self.gross) = (subtotal, net, gross);
    }

    /// Returns the words of a language as they are usual in a country.
    pub(crate) fn at(language: Language, country: Option<&str>) -> Self {
        let mut words = Self::of(language).clone();
        if let Some(country) = country {
            country::adapt(&mut words, language, country);
        }
        words
    }

    /// Puts the name of the tax into one of the texts about it, which begins with a capital letter then.
    pub(crate) fn taxed(&self, text: &str) -> String {
        let named = text.replace("{tax}", &self.tax.inside);
        let mut letters = named.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters.clone()).collect()
    }

    /// Returns the words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
            Language::Es => &es::WORDS,
            Language::Nl => &nl::WORDS,
            Language::It => &it::WORDS,
        }
    }
}

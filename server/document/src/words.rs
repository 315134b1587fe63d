//! Everything that a language decides. One table a language, each in a file: to add one, fill in another.

use keeptab_core::invoice::Language;

mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;

/// How a day is written.
pub(crate) enum Dates {
    /// With the name of its month: `22 Nov 2026`.
    Named([&'static str; 12]),
    /// In digits, day first, with this between them: `22.11.2026`.
    Digits(&'static str),
}

/// The fixed words of invoices and timesheets, and how figures and dates are written.
pub(crate) struct Words {
    /// The tag of the language, as BCP 47 has it.
    pub(crate) tag: &'static str,
    /// Between groups of three digits.
    pub(crate) thousands: &'static str,
    /// Before the decimals.
    pub(crate) decimal: &'static str,
    /// After a rate in per cent.
    pub(crate) percent: &'static str,
    /// Whether the currency stands before its amount.
    pub(crate) currency_first: bool,
    /// How a day is written.
    pub(crate) dates: Dates,
    /// The days of the week, from Monday on, shortened.
    pub(crate) weekdays: [&'static str; 7],

    pub(crate) invoice: &'static str,
    /// What takes an invoice back, as its issuer calls it: German law keeps *Gutschrift* for what a buyer issues.
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
    /// Before the invoice that a credit note takes back.
    pub(crate) original: &'static str,
    /// Between that invoice and its date.
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
    /// What is left of the lines after discounts, before VAT.
    pub(crate) net: &'static str,
    pub(crate) vat: &'static str,
    pub(crate) vat_exempt: &'static str,
    pub(crate) no_vat: &'static str,
    pub(crate) on_base: &'static str,
    /// The sum with VAT, where some of it is paid.
    pub(crate) gross: &'static str,
    pub(crate) already_paid: &'static str,
    pub(crate) total_due: &'static str,
    pub(crate) total_credit: &'static str,

    pub(crate) payment: &'static str,
    /// The sentence that asks for payment; `{amount}` and `{date}` are put in.
    pub(crate) please_pay: &'static str,
    /// The sentence of a credit note; `{amount}` and `{number}` are put in.
    pub(crate) we_credit: &'static str,
    pub(crate) account_holder: &'static str,
    pub(crate) iban: &'static str,
    pub(crate) bic: &'static str,
    pub(crate) reference: &'static str,
    /// Beside the code that a banking app reads.
    pub(crate) scan_to_pay: &'static str,
    /// Before the page and between it and the number of pages.
    pub(crate) page: [&'static str; 2],

    pub(crate) reverse_charge: &'static str,
    /// Why a small business charges no VAT; `{law}` is put in, or nothing.
    pub(crate) small_business: &'static str,
    /// Before the law that says so.
    pub(crate) under_law: &'static str,
    pub(crate) export: &'static str,
    pub(crate) not_subject: &'static str,
    pub(crate) zero_rated: &'static str,

    pub(crate) timesheet: &'static str,
    /// Above the work in detail behind an invoice.
    pub(crate) work_in_detail: &'static str,
    pub(crate) made_for: &'static str,
    pub(crate) time_zone: &'static str,
    pub(crate) total: &'static str,
    pub(crate) time: &'static str,
    pub(crate) project: &'static str,
    pub(crate) note: &'static str,
    /// Above lengths in hours and minutes.
    pub(crate) duration: &'static str,
    /// Above lengths in hours with decimals.
    pub(crate) in_hours: &'static str,
    /// After a day that goes on over a page.
    pub(crate) continued: &'static str,
    pub(crate) billable: &'static str,
    pub(crate) not_billable: &'static str,
    pub(crate) approved: &'static str,
    pub(crate) signed_on: &'static str,
    pub(crate) signed_by: &'static str,
    pub(crate) signature: &'static str,
}

impl Words {
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

//! Everything that a language decides. One table a language: to add one, fill in another.

use keeptab_core::invoice::Language;

/// The fixed words of an invoice, and how figures and dates are written.
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
    /// The months of a date that is not all digits.
    pub(crate) months: Option<[&'static str; 12]>,

    pub(crate) invoice: &'static str,
    pub(crate) draft_invoice: &'static str,
    pub(crate) draft_mark: &'static str,
    pub(crate) draft_note: &'static str,
    pub(crate) billed_to: &'static str,
    pub(crate) attention: &'static str,
    pub(crate) issue_date: &'static str,
    pub(crate) due_date: &'static str,
    pub(crate) period: &'static str,
    pub(crate) buyer_reference: &'static str,
    pub(crate) vat_id: &'static str,
    pub(crate) tax_number: &'static str,
    pub(crate) registration: &'static str,

    pub(crate) description: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) days: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) amount: &'static str,

    pub(crate) subtotal: &'static str,
    pub(crate) vat: &'static str,
    pub(crate) vat_exempt: &'static str,
    pub(crate) no_vat: &'static str,
    pub(crate) on_base: &'static str,
    pub(crate) total_due: &'static str,

    pub(crate) payment: &'static str,
    /// The sentence that asks for payment; `{amount}` and `{date}` are put in.
    pub(crate) please_pay: &'static str,
    pub(crate) account_holder: &'static str,
    pub(crate) iban: &'static str,
    pub(crate) reference: &'static str,
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
}

impl Words {
    /// Returns the words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::De => &GERMAN,
        }
    }
}

static ENGLISH: Words = Words {
    tag: "en",
    thousands: ",",
    decimal: ".",
    percent: "%",
    currency_first: true,
    months: Some([
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]),
    invoice: "Invoice",
    draft_invoice: "Draft invoice",
    draft_mark: "DRAFT",
    draft_note: "For review only: this is not an invoice.",
    billed_to: "Billed to",
    attention: "Attn.",
    issue_date: "Issue date",
    due_date: "Due date",
    period: "Service period",
    buyer_reference: "Your reference",
    vat_id: "VAT ID",
    tax_number: "Tax number",
    registration: "Registration",
    description: "Description",
    quantity: "Quantity",
    hours: "h",
    days: "d",
    rate: "Rate",
    amount: "Amount",
    subtotal: "Subtotal",
    vat: "VAT",
    vat_exempt: "VAT exempt",
    no_vat: "Not subject to VAT",
    on_base: "on",
    total_due: "Total due",
    payment: "Payment",
    please_pay: "Please pay {amount} by {date}.",
    account_holder: "Account holder",
    iban: "IBAN",
    reference: "Reference",
    page: ["Page", "of"],
    reverse_charge: "Reverse charge: VAT to be accounted for by the recipient.",
    small_business: "No VAT is charged: small business exemption{law}.",
    under_law: " under ",
    export: "Export: no VAT is charged.",
    not_subject: "This service is not subject to VAT.",
    zero_rated: "Zero-rated: VAT at 0%.",
};

static GERMAN: Words = Words {
    tag: "de",
    thousands: ".",
    decimal: ",",
    percent: "\u{a0}%",
    currency_first: false,
    months: None,
    invoice: "Rechnung",
    draft_invoice: "Rechnungsentwurf",
    draft_mark: "ENTWURF",
    draft_note: "Nur zur Durchsicht: Dies ist keine Rechnung.",
    billed_to: "Rechnung an",
    attention: "z. Hd.",
    issue_date: "Rechnungsdatum",
    due_date: "Fällig am",
    period: "Leistungszeitraum",
    buyer_reference: "Ihr Zeichen",
    vat_id: "USt-IdNr.",
    tax_number: "Steuernummer",
    registration: "Registernummer",
    description: "Leistung",
    quantity: "Menge",
    hours: "h",
    days: "Tage",
    rate: "Satz",
    amount: "Betrag",
    subtotal: "Zwischensumme",
    vat: "USt.",
    vat_exempt: "Umsatzsteuerfrei",
    no_vat: "Nicht umsatzsteuerbar",
    on_base: "auf",
    total_due: "Zu zahlen",
    payment: "Zahlung",
    please_pay: "Bitte überweisen Sie {amount} bis zum {date}.",
    account_holder: "Empfänger",
    iban: "IBAN",
    reference: "Verwendungszweck",
    page: ["Seite", "von"],
    reverse_charge: "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
    small_business: "Kein Ausweis von Umsatzsteuer, da Kleinunternehmer{law}.",
    under_law: " gemäß ",
    export: "Ausfuhr: Es wird keine Umsatzsteuer berechnet.",
    not_subject: "Die Leistung unterliegt nicht der Umsatzsteuer.",
    zero_rated: "Nullsatz: Umsatzsteuer zu 0\u{a0}%.",
};

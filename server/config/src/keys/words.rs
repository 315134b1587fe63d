//! The words that a key may be, each with its meaning.

/// Categories of VAT (UNCL 5305, as EN 16931 takes them).
pub(super) const CATEGORIES: &[(&str, &str)] = &[
    ("S", "standard rate"),
    ("Z", "zero rated"),
    ("E", "exempt, as for small businesses"),
    ("AE", "reverse charge: the customer owes the tax"),
    ("G", "export, such as of goods out of the EU"),
    (
        "O",
        "outside the scope of VAT, such as services to a business in another tax area",
    ),
];

/// The days on which a week may begin.
pub(super) const WEEKDAYS: &[(&str, &str)] = &[
    ("monday", "as in ISO 8601"),
    ("tuesday", ""),
    ("wednesday", ""),
    ("thursday", ""),
    ("friday", ""),
    ("saturday", ""),
    ("sunday", ""),
];

/// The forms of an invoice.
pub(super) const FORMS_OF_INVOICES: &[(&str, &str)] = &[
    ("pdf", "with Factur-X inside; it is made in any case"),
    ("xrechnung", "XRechnung in CII"),
    ("xrechnung-ubl", "XRechnung in UBL"),
    ("ubl", "UBL as Peppol takes it"),
    ("html", "a page"),
    ("csv", "lines and sums as a table"),
    ("json", "the whole content, for programs"),
];

/// The languages of invoices.
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    ("en", "English"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("nl", "Dutch"),
    ("it", "Italian"),
];

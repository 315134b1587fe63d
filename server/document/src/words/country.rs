//! Differences of a language by country: the name of the tax and of tax ids, figures, dates, spelling, paper.
//!
//! Figures, dates and the sizes of paper are those of Unicode CLDR 46. A country that is in none of the tables has what
//! its language has.

use keeptab_core::invoice::Language;
use keeptab_core::invoice::Language::{De, En, Es, Fr, It, Nl};

use super::{Dates, Form, TaxName, Words, en};

const LANGUAGES: &[Language] = &Language::ALL;

/// Countries and languages, and what is usual there.
type Row<T> = (&'static [&'static str], &'static [Language], T);
type Table<T> = &'static [Row<T>];

/// The names of the tax, by country and language.
const TAXES: Table<TaxName> = &[
    (&["AU", "IN", "NZ", "SG"], LANGUAGES, TaxName::new("GST", "GST")),
    (&["CA"], &[Fr], TaxName::new("TPS/TVH", "TPS/TVH")),
    (&["CA"], &[En, De, Es, Nl, It], TaxName::new("GST/HST", "GST/HST")),
    (&["CH", "LI"], &[De], TaxName::new("MWST", "Mehrwertsteuer")),
    (&["JP"], &[En], TaxName::new("Consumption tax", "consumption tax")),
    (&["MY"], LANGUAGES, TaxName::new("SST", "SST")),
    (&["US", "PR"], &[En], TaxName::new("Sales tax", "sales tax")),
    (&["US", "PR"], &[Fr], TaxName::new("Taxe de vente", "taxe de vente")),
    (
        &["US", "PR"],
        &[Es],
        TaxName::new("Impuesto sobre las ventas", "impuesto sobre las ventas"),
    ),
    (&["US", "PR"], &[De, Nl, It], TaxName::new("Sales Tax", "Sales Tax")),
];

/// The names of the ids that are given as VAT id and as tax number. Where there is no VAT, both are the same id.
const IDS: Table<[Option<&'static str>; 2]> = &[
    (&["AT"], &[De], [Some("UID-Nr."), None]),
    (&["AU"], LANGUAGES, [Some("ABN"), Some("ABN")]),
    (&["CA"], &[Fr], [Some("N°\u{a0}TPS/TVH"), Some("N°\u{a0}TPS/TVH")]),
    (
        &["CA"],
        &[En, De, Es, Nl, It],
        [Some("GST/HST No."), Some("GST/HST No.")],
    ),
    (&["CH", "LI"], &[De], [Some("MWST-Nr."), None]),
    (&["CH", "LI"], &[It], [Some("N.\u{a0}IVA"), None]),
    (&["IN"], LANGUAGES, [Some("GSTIN"), Some("GSTIN")]),
    (&["JP"], &[En], [Some("Registration No."), Some("Registration No.")]),
    (&["MX"], &[Es], [Some("RFC"), Some("RFC")]),
    (&["NZ"], LANGUAGES, [Some("GST No."), Some("GST No.")]),
    (&["SG"], LANGUAGES, [Some("GST Reg. No."), Some("GST Reg. No.")]),
    (&["US", "PR"], &[En], [Some("Tax ID"), Some("Tax ID")]),
];

/// The form of figures and days.
const FORMS: Table<Form> = &[
    (
        &["CA", "US", "PR"],
        &[En],
        Form {
            dates: Dates::MonthFirst(en::MONTHS),
            ..ENGLISH
        },
    ),
    (&["IN"], &[En], Form { lakhs: true, ..ENGLISH }),
    (
        &["CH", "LI"],
        &[En],
        Form {
            thousands: "’",
            ..ENGLISH
        },
    ),
    (
        &["CH", "LI"],
        &[De, It],
        Form {
            thousands: "’",
            dates: Dates::Digits("."),
            ..ENGLISH
        },
    ),
    (
        &["CH", "LI"],
        &[Fr],
        Form {
            thousands: "\u{202f}",
            currency_first: false,
            dates: Dates::Digits("."),
            ..ENGLISH
        },
    ),
    (
        &["CA"],
        &[Fr],
        Form {
            thousands: "\u{a0}",
            decimal: ",",
            percent: "\u{a0}%",
            currency_first: false,
            dates: Dates::YearFirst,
            ..ENGLISH
        },
    ),
    (
        &["DO", "GT", "HN", "MX", "NI", "PE", "SV", "US"],
        &[Es],
        Form {
            dates: Dates::Digits("/"),
            ..ENGLISH
        },
    ),
];

const ENGLISH: Form = Form {
    thousands: ",",
    lakhs: false,
    decimal: ".",
    percent: "%",
    currency_first: true,
    dates: Dates::Named(en::MONTHS),
};

/// Countries in which an invoice with the tax is called a tax invoice: A New Tax System (Goods and Services Tax) Act
/// 1999 s 29-70 (AU), CGST Rules 2017 r 46 (IN), GST (General) Regulations reg 11 (SG).
const TAX_INVOICE: &[&str] = &["AU", "IN", "SG"];

/// Countries without VAT, and those where an invoice of a business that is not registered for the tax says nothing
/// about it.
const SILENT: &[&str] = &[
    "AU", "BM", "CA", "GI", "HK", "IN", "KW", "KY", "MO", "MY", "NZ", "PR", "QA", "SG", "US",
];

/// The size of pages everywhere else.
pub(crate) const A4: &str = "a4";

/// Territories that print on US Letter.
const LETTER: &[&str] = &[
    "BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE",
];

/// Adapts the words of a language to a country.
pub(super) fn adapt(words: &mut Words, language: Language, country: &str) {
    if let Some(name) = of(TAXES, language, country) {
        words.tax = name.clone();
    }
    if let Some(form) = of(FORMS, language, country) {
        words.form = form.clone();
    }
    if let Some([vat_id, tax_number]) = of(IDS, language, country) {
        words.vat_id = vat_id.unwrap_or(words.vat_id);
        words.tax_number = tax_number.unwrap_or(words.tax_number);
    }
    match (language, country) {
        (De, "CH" | "LI") => {
            // Swiss German has no ß.
            words.mail.closing = "Mit freundlichen Grüssen";
            // The law exempts the business, not its supplies (MWSTG art. 10 (2)).
            words.small_business = "Kein Ausweis von {tax}, da Kleinunternehmer.";
        }
        // The law's own words for a small business: it is not exempt, the tax does not apply (CGI art. 293 E; circolare
        // 10/E/2016 of the Agenzia delle Entrate).
        (Fr, "BE" | "FR" | "LU") => words.vat_exempt = "{tax} non applicable",
        (It, "IT") => {
            words.vat_exempt = "Senza applicazione dell’{tax}";
            words.small_business = "Operazione senza applicazione dell’{tax}: regime forfettario{law}.";
        }
        (Fr, "CA") => {
            words.subtotal = "Sous-total";
            words.net = "Total avant taxes";
            words.gross = "Total";
            words.registration = "N°\u{a0}d’inscription";
        }
        (En, country) if TAX_INVOICE.contains(&country) => words.invoice_with_tax = "Tax invoice",
        _ => {}
    }
}

/// Returns whether an untaxed invoice says nothing about the tax.
pub(crate) fn is_silent_if_untaxed(country: Option<&str>) -> bool {
    country.is_some_and(|country| SILENT.contains(&country))
}

/// Returns the size of pages in a country, by typst's name.
pub(crate) fn page_size(country: Option<&str>) -> &'static str {
    let letter = country.is_some_and(|country| LETTER.contains(&country));
    if letter { "us-letter" } else { A4 }
}

fn of<T>(table: Table<T>, language: Language, country: &str) -> Option<&'static T> {
    let fits = |row: &&Row<T>| row.0.contains(&country) && row.1.contains(&language);
    table.iter().find(fits).map(|(_, _, value)| value)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use keeptab_core::money::Amount;
    use rust_decimal::Decimal;

    use super::*;
    use crate::date::day;
    use crate::number::{money, percent};

    fn check(places: &[(&str, Language)], expected: &Expect) {
        let currency = "EUR".parse().unwrap();
        let sum = Amount::rounded(Decimal::new(123_456_750, 2), currency);
        let date = "2026-11-02".parse().unwrap();
        let usual: Vec<String> = places
            .iter()
            .map(|(country, language)| {
                let words = &Words::at(*language, Some(country));
                let figures = format!(
                    "{} | {} | {}",
                    money(sum, currency, words),
                    percent(Decimal::new(77, 1), words),
                    day(date, words)
                );
                let ids = format!("{} | {}", words.vat_id, words.tax_number);
                let exempt = words.taxed(words.vat_exempt);
                let tag = language.tag();
                format!("{tag}-{country} | {} | {exempt} | {ids} | {figures}\n", words.tax.label)
            })
            .collect();
        expected.assert_eq(&usual.concat().replace(['\u{a0}', '\u{202f}'], "_"));
    }

    #[test]
    fn names_figures_and_days_follow_the_country_and_the_language() {
        check(
            &[
                ("US", En),
                ("CA", En),
                ("CA", Fr),
                ("AU", En),
                ("NZ", En),
                ("IN", En),
                ("SG", En),
            ],
            &expect![[r#"
                en-US | Sales tax | Sales tax exempt | Tax ID | Tax ID | EUR_1,234,567.50 | 7.7% | Nov_2,_2026
                en-CA | GST/HST | GST/HST exempt | GST/HST No. | GST/HST No. | EUR_1,234,567.50 | 7.7% | Nov_2,_2026
                fr-CA | TPS/TVH | Exonéré de TPS/TVH | N°_TPS/TVH | N°_TPS/TVH | 1_234_567,50_EUR | 7,7_% | 2026-11-02
                en-AU | GST | GST exempt | ABN | ABN | EUR_1,234,567.50 | 7.7% | 2_Nov_2026
                en-NZ | GST | GST exempt | GST No. | GST No. | EUR_1,234,567.50 | 7.7% | 2_Nov_2026
                en-IN | GST | GST exempt | GSTIN | GSTIN | EUR_12,34,567.50 | 7.7% | 2_Nov_2026
                en-SG | GST | GST exempt | GST Reg. No. | GST Reg. No. | EUR_1,234,567.50 | 7.7% | 2_Nov_2026
            "#]],
        );
        check(
            &[
                ("CH", De),
                ("CH", Fr),
                ("CH", It),
                ("CH", En),
                ("LI", De),
                ("AT", De),
                ("DE", De),
            ],
            &expect![[r#"
                de-CH | MWST | Von der Mehrwertsteuer befreit | MWST-Nr. | Steuernummer | EUR_1’234’567.50 | 7.7% | 02.11.2026
                fr-CH | TVA | Exonéré de TVA | N°_TVA | N°_fiscal | 1_234_567.50_EUR | 7.7% | 02.11.2026
                it-CH | IVA | Esente da IVA | N._IVA | Codice fiscale | EUR_1’234’567.50 | 7.7% | 02.11.2026
                en-CH | VAT | VAT exempt | VAT ID | Tax number | EUR_1’234’567.50 | 7.7% | 2_Nov_2026
                de-LI | MWST | Von der Mehrwertsteuer befreit | MWST-Nr. | Steuernummer | EUR_1’234’567.50 | 7.7% | 02.11.2026
                de-AT | USt. | Von der Umsatzsteuer befreit | UID-Nr. | Steuernummer | 1.234.567,50_EUR | 7,7_% | 02.11.2026
                de-DE | USt. | Von der Umsatzsteuer befreit | USt-IdNr. | Steuernummer | 1.234.567,50_EUR | 7,7_% | 02.11.2026
            "#]],
        );
        check(
            &[("MX", Es), ("ES", Es), ("GB", En), ("US", De), ("US", Es)],
            &expect![[r#"
            es-MX | IVA | Exento de IVA | RFC | RFC | EUR_1,234,567.50 | 7.7% | 02/11/2026
            es-ES | IVA | Exento de IVA | NIF-IVA | NIF | 1.234.567,50_EUR | 7,7_% | 02/11/2026
            en-GB | VAT | VAT exempt | VAT ID | Tax number | EUR_1,234,567.50 | 7.7% | 2_Nov_2026
            de-US | Sales Tax | Von der Sales Tax befreit | USt-IdNr. | Steuernummer | 1.234.567,50_EUR | 7,7_% | 02.11.2026
            es-US | Impuesto sobre las ventas | Exento de impuesto sobre las ventas | NIF-IVA | NIF | EUR_1,234,567.50 | 7.7% | 02/11/2026
        "#]],
        );
    }

    #[test]
    fn swiss_german_has_no_sharp_s() {
        let source = include_str!("de.rs");
        let swiss = Words::at(De, Some("CH"));
        assert_eq!(source.matches('ß').count(), 1, "each ß of German needs a Swiss form");
        assert_eq!(swiss.mail.closing, "Mit freundlichen Grüssen");
    }

    #[test]
    fn letter_is_the_paper_of_north_america() {
        let sizes = ["US", "CA", "DE", "CH", "AU"].map(|country| page_size(Some(country)));
        assert_eq!(sizes, ["us-letter", "us-letter", "a4", "a4", "a4"]);
        assert_eq!(page_size(None), "a4");
    }
}

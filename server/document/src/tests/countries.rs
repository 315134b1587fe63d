//! Invoices of sellers in several countries on paper.

use expect_test::expect;
use keeptab_core::money::{Amount, Tax};

use super::*;

fn sold_in(country: &str, currency: &str, tax: Tax) -> Content {
    let mut content = acme();
    content.seller.country = Some(country.to_owned());
    content.buyer.country = Some(country.to_owned());
    (content.seller.vat_id, content.buyer.vat_id) = (None, None);
    content.seller.tax_number = Some("12-3456789".to_owned());
    content.iban = None;
    content.currency = currency.parse().unwrap();
    bill(&mut content, &[("API development", "18.25", "95.00")], tax);
    content
}

#[test]
fn an_untaxed_invoice_of_the_us_says_nothing_of_a_tax() {
    let content = sold_in("US", "USD", untaxed(TaxCategory::O));
    let document = document(content.clone());
    let size = document.pages()[0].frame.size();
    assert_eq!((size.x.to_pt().round(), size.y.to_pt().round()), (612.0, 792.0));
    let read = read(&document).to_lowercase();
    assert!(!read.contains("vat") && !read.contains("sales tax"), "{read}");
    let html = html::html(&issued(content.clone()).paper()).unwrap();
    assert!(!String::from_utf8(html).unwrap().contains("VAT"));
    check(
        content,
        &expect![[r#"
            Jane Doe Software
            Invoice
            Hauptstr. 1
            Berlin 10115
            JDS-202611-0001
            United States
            jane@example.com
            Tax ID 12-3456789
            Billed to
            Issue date | Nov 22, 2026
            Due date | Dec 6, 2026
            Acme Co
            Service period | Nov 16, 2026 – Nov 22, 2026
            Ring 1
            Your reference | PO-4711
            Wien 1010
            United States
            Description | Quantity | Rate | Amount (USD)
            API development | 18.25 | h | 95.00 | 1,733.75
            Subtotal | 1,733.75
            Total due | USD 1,733.75
            Payment
            Please pay USD 1,733.75 by Dec 6, 2026.
            Reference | JDS-202611-0001
            Jane Doe Software · JDS-202611-0001 | Page 1 of 1
        "#]],
    );
}

#[test]
fn a_swiss_invoice_in_german() {
    let mut content = sold_in("CH", "CHF", standard(8));
    content.language = Language::De;
    check(
        content,
        &expect![[r#"
        Jane Doe Software
        Rechnung
        Hauptstr. 1
        10115 Berlin
        JDS-202611-0001
        Schweiz
        jane@example.com
        Steuernummer 12-3456789
        Rechnung an
        Rechnungsdatum | 22.11.2026
        Fällig am | 06.12.2026
        Acme Co
        Leistungszeitraum | 16.11.2026 – 22.11.2026
        Ring 1
        Ihr Zeichen | PO-4711
        1010 Wien
        Schweiz
        Leistung | Menge | Satz | Betrag (CHF)
        API development | 18.25 | h | 95.00 | 1’733.75
        Zwischensumme | 1’733.75
        MWST 8% | 138.70
        Zu zahlen | CHF 1’872.45
        Zahlung
        Bitte überweisen Sie CHF 1’872.45 bis zum 06.12.2026.
        Verwendungszweck | JDS-202611-0001
        Jane Doe Software · JDS-202611-0001 | Seite 1 von 1
    "#]],
    );
}

#[test]
fn an_invoice_with_the_tax_is_a_tax_invoice_where_the_law_calls_it_so() {
    let heading = |country, tax| Sheet::of(&issued(sold_in(country, "AUD", tax)).paper(), None).heading;
    assert_eq!(heading("AU", standard(10)), "Tax invoice");
    // A business that is not registered must not call it so.
    assert_eq!(heading("AU", untaxed(TaxCategory::O)), "Invoice");
    assert_eq!(heading("DE", standard(19)), "Invoice");
}

#[test]
fn the_sellers_own_name_of_the_tax_stands_everywhere() {
    let mut content = sold_in("CA", "CAD", standard(13));
    content.tax_name = Some("HST".to_owned());
    let sums = |content: &Content| {
        let sums = Sheet::of(&issued(content.clone()).paper(), None).sums;
        sums.into_iter().map(|sum| sum.label).collect::<Vec<String>>()
    };
    assert_eq!(sums(&content), ["Subtotal", "HST 13%"]);
    content.totals.prepaid = Amount::rounded(1.into(), content.currency);
    content.tax_name = None;
    assert_eq!(sums(&content), ["Subtotal", "GST/HST 13%", "Total", "Already paid"]);
}

#[test]
fn a_small_business_names_no_sum_with_or_without_tax() {
    let printed = |country: &str, language, category| {
        let mut content = sold_in(country, "EUR", untaxed(category));
        content.language = language;
        content.totals.prepaid = Amount::rounded(1.into(), content.currency);
        let sheet = Sheet::of(&issued(content).paper(), None);
        let labels = sheet.sums.into_iter().take(3).map(|sum| sum.label);
        let printed = labels.chain(sheet.said.into_iter().take(1)).collect::<Vec<String>>();
        printed.join(" | ").replace('\u{a0}', " ")
    };
    for (country, language, expected) in [
        (
            "FR",
            Language::Fr,
            "Sous-total | TVA non applicable | Total | TVA non applicable, art. 293 B du CGI.",
        ),
        (
            "IT",
            Language::It,
            "Subtotale | Senza applicazione dell’IVA | Totale | Operazione senza applicazione dell’IVA: regime \
             forfettario, art. 1, commi 54–89, L. 190/2014.",
        ),
        (
            "DE",
            Language::De,
            "Zwischensumme | Von der Umsatzsteuer befreit | Gesamtbetrag | Steuerfrei nach § 19 UStG (Kleinunternehmer).",
        ),
        // Swiss law exempts the business (MWSTG art. 10 (2)).
        (
            "CH",
            Language::De,
            "Zwischensumme | Von der Mehrwertsteuer befreit | Gesamtbetrag | Kein Ausweis von Mehrwertsteuer, da \
             Kleinunternehmer.",
        ),
        (
            "LI",
            Language::De,
            "Zwischensumme | Von der Mehrwertsteuer befreit | Gesamtbetrag | Kein Ausweis von Mehrwertsteuer, da \
             Kleinunternehmer.",
        ),
        (
            "NL",
            Language::Nl,
            "Subtotaal | Vrijgesteld van btw | Totaal | Vrijgesteld van btw: kleineondernemersregeling, artikel 25 Wet OB.",
        ),
    ] {
        assert_eq!(printed(country, language, TaxCategory::E), expected);
    }
    // With the tax owed by the recipient, the sums are without it.
    assert_eq!(
        printed("FR", Language::Fr, TaxCategory::AE),
        "Sous-total HT | Autoliquidation | Total TTC | Autoliquidation : TVA due par le preneur."
    );
}

#[test]
fn a_final_invoice_says_the_tax_inside_an_advance() {
    let label = |language| {
        let mut content = sold_in("DE", "EUR", standard(19));
        content.language = language;
        content.totals.prepaid = Amount::rounded(500.into(), content.currency);
        let sums = Sheet::of(&issued(content).paper(), None).sums;
        sums.last()
            .map(|sum| sum.label.replace('\u{a0}', " "))
            .unwrap_or_default()
    };
    assert_eq!(label(Language::De), "Bereits gezahlt (darin USt. 19 %: 79,83)");
    assert_eq!(label(Language::Fr), "Déjà réglé (dont TVA 19 % : 79,83)");
    assert_eq!(label(Language::En), "Already paid (including VAT 19%: 79.83)");
}

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use keeptab_core::invoice::{Content, Draft, DraftId, Language, Totals};
use keeptab_core::money::{Measure, TaxCategory};
use typst_layout::PagedDocument;

use super::*;

mod countries;
mod figures;
pub(crate) mod fonts;
mod forms;
pub(crate) mod layout;
mod lines;
pub(crate) mod printed;
mod references;
pub(crate) mod sample;

use printed::{read, runs};
use sample::{acme, bill, issue_date, issued, standard, untaxed};

fn typeset(paper: &Paper<'_>) -> PagedDocument {
    let pay = Pay::of(paper);
    let manuscript = manuscript(paper, pay.as_ref()).unwrap();
    manuscript.typeset(&Sheet::of(paper, pay)).unwrap()
}

fn document(content: Content) -> PagedDocument {
    typeset(&issued(content).paper())
}

fn check(content: Content, expected: &Expect) {
    expected.assert_eq(&read(&document(content)));
}

fn hours(count: usize) -> Content {
    let mut content = acme();
    let texts: Vec<String> = (1..=count).map(|number| format!("part {number}")).collect();
    let lines: Vec<(&str, &str, &str)> = texts.iter().map(|text| (text.as_str(), "7.25", "95")).collect();
    bill(&mut content, &lines, standard(19));
    content
}

#[test]
fn an_invoice_in_english() {
    check(
        acme(),
        &expect![[r#"
            Jane Doe Software
            Invoice
            Hauptstr. 1
            10115 Berlin
            JDS-202611-0001
            Germany
            jane@example.com
            VAT ID DE123456789
            Billed to
            Issue date | 22 Nov 2026
            Due date | 6 Dec 2026
            Acme Co
            Service period | 16 Nov 2026 – 22 Nov 2026
            Ring 1
            Your reference | PO-4711
            1010 Wien
            Austria
            VAT ID ATU12345678
            Description | Quantity | Rate | Amount (EUR)
            API development | 18.25 | h | 95.00 | 1,733.75
            Dashboard | 7.50 | h | 110.00 | 825.00
            Subtotal | 2,558.75
            Reverse charge | 0.00
            Total due | EUR 2,558.75
            Reverse charge: VAT to be accounted for by the recipient.
            Payment
            Please pay EUR 2,558.75 by 6 Dec 2026.
            Account holder | Jane Doe Software
            IBAN | DE75 5121 0800 1245 1261 99
            Reference | JDS-202611-0001
            Scan to pay
            Jane Doe Software · JDS-202611-0001 | Page 1 of 1
        "#]],
    );
}

#[test]
fn an_invoice_in_german_with_days_and_two_taxes() {
    let mut content = acme();
    content.language = Language::De;
    content
        .lines
        .push(sample::line(&content, "Schulung", "2", "1200.5", standard(7)));
    content
        .lines
        .push(sample::line(&content, "", "1", "95.125", standard(19)));
    content.lines[2].unit = Measure::Day;
    content.totals = Totals::of(&content.lines, content.currency);
    check(
        content,
        &expect![[r#"
            Jane Doe Software
            Rechnung
            Hauptstr. 1
            10115 Berlin
            JDS-202611-0001
            Deutschland
            jane@example.com
            USt-IdNr. DE123456789
            Rechnung an
            Rechnungsdatum | 22.11.2026
            Fällig am | 06.12.2026
            Acme Co
            Leistungszeitraum | 16.11.2026 – 22.11.2026
            Ring 1
            Ihr Zeichen | PO-4711
            1010 Wien
            Österreich
            UID-Nr. ATU12345678
            Leistung | Menge | Satz | USt. | Betrag (EUR)
            API development | 18,25 | h | 95,00 | – | 1.733,75
            Dashboard | 7,50 | h | 110,00 | – | 825,00
            Schulung | 2 | Tage | 1.200,50 | 7 % | 2.401,00
            acme/api | 1,00 | h | 95,125 | 19 % | 95,13
            Zwischensumme | 5.054,88
            USt. 7 % auf 2.401,00 | 168,07
            USt. 19 % auf 95,13 | 18,07
            Steuerschuldnerschaft des Leistungsempfängers auf 2.558,75 | 0,00
            Zu zahlen | 5.241,02 EUR
            Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).
            Zahlung
            Bitte überweisen Sie 5.241,02 EUR bis zum 06.12.2026.
            Empfänger | Jane Doe Software
            IBAN | DE75 5121 0800 1245 1261 99
            Verwendungszweck | JDS-202611-0001
            Zahlen mit Code
            Jane Doe Software · JDS-202611-0001 | Seite 1 von 1
        "#]],
    );
}

#[test]
fn a_currency_without_decimals_and_a_small_business() {
    let mut content = acme();
    content.currency = "JPY".parse().unwrap();
    content.iban = None;
    content.buyer_reference = None;
    bill(
        &mut content,
        &[("API development", "120.5", "12000")],
        untaxed(TaxCategory::E),
    );
    check(
        content,
        &expect![[r"
            Jane Doe Software
            Invoice
            Hauptstr. 1
            10115 Berlin
            JDS-202611-0001
            Germany
            jane@example.com
            VAT ID DE123456789
            Billed to
            Issue date | 22 Nov 2026
            Due date | 6 Dec 2026
            Acme Co
            Service period | 16 Nov 2026 – 22 Nov 2026
            Ring 1
            1010 Wien
            Austria
            VAT ID ATU12345678
            Description | Quantity | Rate | Amount (JPY)
            API development | 120.50 | h | 12,000 | 1,446,000
            Subtotal | 1,446,000
            VAT exempt | 0
            Total due | JPY 1,446,000
            No VAT is charged: small business exemption under § 19 UStG.
            Payment
            Please pay JPY 1,446,000 by 6 Dec 2026.
            Reference | JDS-202611-0001
            Jane Doe Software · JDS-202611-0001 | Page 1 of 1
        "]],
    );
}

#[test]
fn a_draft_has_a_mark_and_no_number() {
    for (language, title, note) in [
        (Language::En, "Draft invoice", "this is not an invoice"),
        (Language::De, "Rechnungsentwurf", "keine Rechnung"),
    ] {
        let content = Content { language, ..acme() };
        let draft = Draft {
            id: DraftId(1),
            content,
        };
        let document = typeset(&draft.paper(issue_date()));
        let text = read(&document);
        assert!(text.contains(title) && text.contains(note), "{text}");
        assert!(!text.contains("JDS-"), "{text}");
        let mark = words::Words::of(language).draft_mark;
        assert!(format!("{:?}", document.pages()).contains(mark), "{mark}");
    }
    assert!(!format!("{:?}", document(acme()).pages()).contains("DRAFT"));
}

#[test]
fn what_users_write_is_printed_as_it_stands() {
    for text in [
        "#import \"x\": *",
        "#panic(1)",
        "$x^2$ *bold* _it_",
        "= Head",
        "- item -- dash ...",
        "<script> @ref // note /* x */",
        "\\u{41} \\ ~ `raw`",
        "{\"json\": [1]}",
    ] {
        let mut content = acme();
        content.seller.name = text.to_owned();
        content.buyer.name = text.to_owned();
        content.buyer.address = vec![text.to_owned()];
        content.buyer_reference = Some(text.to_owned());
        bill(&mut content, &[(text, "1", "1")], standard(19));
        let read = read(&document(content));
        // Seller, its footer, account holder; buyer, address, reference; the line.
        assert_eq!(read.matches(text).count(), 7, "{text} in\n{read}");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let first = issued(acme());
    let bytes = pdf(&first.paper()).unwrap();
    pdf(&issued(hours(3)).paper()).unwrap();
    assert_eq!(pdf(&first.paper()).unwrap(), bytes);
    let elsewhere = std::thread::spawn(|| pdf(&issued(acme()).paper()).unwrap());
    assert_eq!(elsewhere.join().unwrap(), bytes);
}

#[test]
fn the_file_is_an_archive_with_title_author_and_date() {
    let bytes = pdf(&issued(acme()).paper()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    for part in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "JDS-202611-0001</rdf:li>",
        "<rdf:li>Jane Doe Software</rdf:li>",
        "<xmp:CreateDate>2026-11-22T00:00:00+00:00</xmp:CreateDate>",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn the_last_line_stays_with_the_sums() {
    let mut pages = Vec::new();
    for count in 10..=30 {
        let document = document(hours(count));
        let runs = runs(&document);
        let page = |text: &str| runs.iter().rfind(|run| run.text == text).map(|run| run.page);
        let last = page(&format!("part {count}"));
        assert!(last.is_some());
        assert_eq!(page("Subtotal"), last, "{count} lines");
        assert_eq!(page("Total due"), last, "{count} lines");
        pages.push(document.pages().len());
    }
    assert_eq!((pages.first(), pages.last()), (Some(&1), Some(&2)));
}

#[test]
fn pages_are_numbered_and_repeat_the_head_of_the_table() {
    let read = read(&document(hours(60)));
    let pages: Vec<&str> = read.split("----\n").collect();
    assert_eq!(pages.len(), 3);
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(
            page.matches("Description | Quantity | Rate | Amount (EUR)").count(),
            1,
            "{page}"
        );
        assert!(page.contains(&format!("Page {} of 3", index + 1)), "{page}");
        assert!(page.contains("JDS-202611-0001"), "{page}");
    }
}

#[test]
fn nothing_leaves_the_margins() {
    let name = "Konsolidierte Rechtsschutzversicherungsgesellschaft für Datenverarbeitung mbH & Co. KG";
    let url = format!("https://example.com/{}?q=1", "0123456789abcdef".repeat(12));
    for language in Language::ALL {
        let mut content = Content { language, ..acme() };
        content.seller.name = name.to_owned();
        content.seller.registration = Some("HRB 123456 B, Amtsgericht Charlottenburg (Berlin)".to_owned());
        content.buyer.name = name.repeat(2);
        content.buyer.address = vec![url.clone(), name.to_owned()];
        content.buyer_reference = Some("PURCHASE-ORDER-2026-11-22/45000000000000000000000000000000000000".to_owned());
        let lines = [
            (name, "18.25", "95.1234"),
            (&url, "999.99", "1000000000"),
            (&"W".repeat(200), "1", "1"),
            (&"long words and short ".repeat(10), "1", "1"),
        ];
        bill(&mut content, &lines, standard(19));
        content
            .lines
            .push(sample::line(&content, "more", "1", "1000000000", standard(7)));
        content.totals = Totals::of(&content.lines, content.currency);
        let (left, right) = (24.0 / 25.4 * 72.0 - 0.1, (210.0 - 24.0) / 25.4 * 72.0 + 0.1);
        let mut outside = String::new();
        for run in runs(&document(content)) {
            if run.left < left || run.right > right {
                let _ = writeln!(outside, "{} {:.1}..{:.1}", run.text, run.left, run.right);
            }
        }
        assert_eq!(outside, "");
    }
}

#[test]
fn figures_of_a_column_end_at_one_line() {
    let mut content = acme();
    let lines = [("a", "2", "1.11"), ("b", "10.75", "1000"), ("c", "100", "77.7")];
    bill(&mut content, &lines, standard(19));
    let runs = runs(&document(content));
    for column in [["2.00", "10.75", "100.00"], ["1.11", "1,000.00", "77.70"]] {
        let figures = runs.iter().filter(|run| column.contains(&run.text.as_str()));
        let ends: Vec<f64> = figures.map(|run| run.right).collect();
        assert_eq!(ends.len(), 3, "{column:?}");
        assert!(
            ends.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.01),
            "{column:?} {ends:?}"
        );
    }
}

#[test]
fn odd_invoices_still_render() {
    let mut empty = acme();
    bill(&mut empty, &[], standard(19));
    let mut bare = acme();
    bare.seller = keeptab_core::invoice::Party::default();
    bare.buyer = keeptab_core::invoice::Party::default();
    let mut endless = acme();
    bill(
        &mut endless,
        &[(&"many words ".repeat(2_000), "1", "1"), ("b", "1", "1")],
        standard(19),
    );
    let mut foreign = acme();
    foreign.buyer.name = "株式会社 🦀\u{0}\u{feff}\u{e000}\u{301}שלום".to_owned();
    for content in [empty, bare, endless, foreign] {
        assert!(pdf(&issued(content).paper()).is_ok());
    }
}

#[test]
fn characters_that_cannot_be_printed_are_told() {
    let mut content = acme();
    assert!(missing_characters(&issued(content.clone()).paper()).is_empty());
    content.buyer.city = Some("東京".to_owned());
    assert_eq!(
        missing_characters(&issued(content).paper()),
        BTreeSet::from(['東', '京'])
    );
}

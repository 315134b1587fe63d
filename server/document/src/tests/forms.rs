//! The electronic formats, and the electronic invoice inside the PDF.

use expect_test::{ExpectFile, expect, expect_file};
use keeptab_core::invoice::{
    Covers, Credit, Credited, Discount, ElectronicAddress, Issued, Item, Kind, Reduction, allowances,
};
use keeptab_core::money::TaxCategory;
use rust_decimal::Decimal;

use super::*;

fn text(content: Content, format: Format) -> String {
    String::from_utf8(render(&issued(content).paper(), format).unwrap()).unwrap()
}

/// Checks the names and texts of an XML document, beginning at `from`.
fn check(content: Content, format: Format, from: &str, expected: &ExpectFile) {
    let text = text(content, format);
    let start = text.find(from).unwrap();
    expected.assert_eq(&text[start..]);
}

fn discounted() -> Content {
    let mut content = acme();
    content.seller.contact = Some(keeptab_core::invoice::Contact {
        name: Some("Jane Doe".to_owned()),
        phone: Some("+49 30 1234567".to_owned()),
        email: Some("jane@example.com".to_owned()),
    });
    bill(&mut content, &[("API development", "18.25", "95.00")], standard(19));
    let given = Discount {
        reason: "Treue".to_owned(),
        tax: None,
        covers: Covers::All,
        of: Reduction::Percent(Decimal::from(10)),
    };
    content.allowances = allowances(&content.lines, &[given], content.currency).unwrap();
    let paid = keeptab_core::money::Amount::rounded(Decimal::from(500), content.currency);
    content.totals = Totals::reduced(&content.lines, &content.allowances, paid, content.currency);
    content
}

fn credit_note() -> Content {
    let mut content = acme();
    content.kind = Kind::CreditNote(Credited {
        number: "JDS-202610-0007".parse().unwrap(),
        issue_date: "2026-10-31".parse().unwrap(),
        lines: vec![0, 1],
        in_full: true,
        kept: false,
        shares: Vec::new(),
    });
    content
}

#[test]
fn what_is_to_be_paid_in_cii() {
    let xml = text(discounted(), Format::XRechnung);
    for said in [
        "<ram:TypeCode>58</ram:TypeCode>",
        "<ram:IBANID>DE75512108001245126199</ram:IBANID>",
        "<ram:CalculatedAmount>296.47</ram:CalculatedAmount>",
        "<ram:BasisAmount>1560.37</ram:BasisAmount>",
        "<ram:CalculationPercent>10</ram:CalculationPercent>",
        "<ram:ActualAmount>173.38</ram:ActualAmount>",
        "<ram:LineTotalAmount>1733.75</ram:LineTotalAmount>",
        "<ram:AllowanceTotalAmount>173.38</ram:AllowanceTotalAmount>",
        "<ram:TaxBasisTotalAmount>1560.37</ram:TaxBasisTotalAmount>",
        "<ram:TaxTotalAmount currencyID=\"EUR\">296.47</ram:TaxTotalAmount>",
        "<ram:GrandTotalAmount>1856.84</ram:GrandTotalAmount>",
        "<ram:TotalPrepaidAmount>500.00</ram:TotalPrepaidAmount>",
        "<ram:DuePayableAmount>1356.84</ram:DuePayableAmount>",
    ] {
        assert!(xml.contains(said), "{said} in {xml}");
    }
}

#[test]
fn an_id_without_a_country_is_a_tax_number() {
    let mut content = discounted();
    for (party, id) in [
        (&mut content.seller, "51 824 753 556"),
        (&mut content.buyer, "33 051 775 556"),
    ] {
        party.country = Some("AU".to_owned());
        party.vat_id = Some(id.to_owned());
        party.tax_number = None;
        party.electronic = Some(ElectronicAddress {
            scheme: "EM".to_owned(),
            id: "pay@acme.example".to_owned(),
        });
    }
    let xml = text(content, Format::XRechnung);
    assert!(xml.contains("<ram:ID schemeID=\"FC\">51 824 753 556</ram:ID>"), "{xml}");
    assert!(!xml.contains("schemeID=\"VA\"") && !xml.contains("33 051"), "{xml}");
}

#[test]
fn credit_that_was_used_names_its_invoice_in_every_form() {
    let mut content = discounted();
    // 500.00 in advance, of which 120.50 is credit.
    content.items.push(Item::Credit(Credit {
        of: "JDS-202610-0007".parse().unwrap(),
        amount: "120.50".parse().unwrap(),
    }));
    for (format, said) in [
        (
            Format::XRechnung,
            "<ram:Content>Less prepayment from JDS-202610-0007: EUR\u{a0}120.50</ram:Content>",
        ),
        (
            Format::XRechnung,
            "<ram:TotalPrepaidAmount>500.00</ram:TotalPrepaidAmount>",
        ),
        (
            Format::XRechnung,
            "<ram:DuePayableAmount>1356.84</ram:DuePayableAmount>",
        ),
        (
            Format::Ubl,
            "Less prepayment from JDS-202610-0007: EUR\u{a0}120.50</cbc:Note>",
        ),
        (
            Format::Ubl,
            "<cbc:PrepaidAmount currencyID=\"EUR\">500.00</cbc:PrepaidAmount>",
        ),
        (Format::Html, "Less prepayment from JDS-202610-0007"),
        (Format::Html, "379.50"),
        (Format::Json, "\"of\": \"JDS-202610-0007\""),
    ] {
        let text = text(content.clone(), format);
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn a_credit_note_in_ubl() {
    let content = Content {
        notes: vec!["Sorry <for> that.".to_owned()],
        ..credit_note()
    };
    check(content, Format::Ubl, "<CreditNote", &expect_file!["credit_note.xml"]);
}

/// Each profile lists all that is missing at once, in the words of the config.
#[test]
fn what_is_lacking_is_told() {
    let told = |change: &dyn Fn(&mut Content), format| {
        let mut content = acme();
        change(&mut content);
        lacking(&issued(content).paper(), format).map_or_else(String::new, |lacking| lacking.to_string())
    };
    let nothing = |_: &mut Content| {};
    assert_eq!(told(&nothing, Format::Pdf), "");
    assert_eq!(told(&nothing, Format::Ubl), "");
    expect![[r#"
        XRechnung needs contact.name of Jane Doe Software, contact.phone of Jane Doe Software
        hint: fill it in under [business] or the client's table; invoices that are issued keep what they say"#]]
    .assert_eq(&told(&nothing, Format::XRechnung));
    let bare = |content: &mut Content| {
        content.seller = keeptab_core::invoice::Party::default();
        content.buyer_reference = None;
        content.buyer.vat_id = None;
    };
    expect![[r#"
        XRechnung needs the name of seller and buyer, the country of a party, the city of a party, the postcode of a party, the VAT id or tax number of , the VAT id of Acme Co, a VAT id, tax number or registration of , contact.name of , contact.phone of , contact.email of , buyer_reference of Acme Co, the electronic address of , the electronic address of Acme Co
        hint: fill it in under [business] or the client's table; invoices that are issued keep what they say"#]].assert_eq(&told(&bare, Format::XRechnungUbl));
    expect![[r#"
        Peppol UBL needs the name of seller and buyer, the country of a party, the VAT id or tax number of , the VAT id of Acme Co, a VAT id, tax number or registration of , buyer_reference or order_reference of Acme Co, the electronic address of , the electronic address of Acme Co
        hint: fill it in under [business] or the client's table; invoices that are issued keep what they say"#]].assert_eq(&told(&bare, Format::Ubl));
    let dinars = |content: &mut Content| content.currency = "KWD".parse().unwrap();
    expect![[r#"
        Factur-X needs another currency
        hint: EN 16931 takes amounts of two decimals at most; the PDF is the invoice"#]]
    .assert_eq(&told(&dinars, Format::Pdf));
    let mixed = |content: &mut Content| {
        content
            .lines
            .push(sample::line(content, "more", "1", "1", untaxed(TaxCategory::O)));
        content.totals = Totals::of(&content.lines, content.currency);
    };
    expect![[r#"
        Factur-X needs one tax category
        hint: put what is not subject to VAT on an invoice of its own (EN 16931 BR-O-11); the PDF is the invoice"#]]
    .assert_eq(&told(&mixed, Format::Pdf));
    for plain in [Format::Html, Format::Csv, Format::Json] {
        assert_eq!(told(&bare, plain), "");
    }
}

#[test]
fn what_cannot_be_electronic_is_a_plain_pdf() {
    let paper = |currency: &str| {
        let mut content = acme();
        content.currency = currency.parse().unwrap();
        bill(&mut content, &[("API development", "1", "1")], untaxed(TaxCategory::AE));
        issued(content)
    };
    let inside = |issued: &Issued| {
        let bytes = pdf(&issued.paper()).unwrap();
        String::from_utf8_lossy(&bytes).contains("factur-x.xml")
    };
    assert!(inside(&paper("EUR")));
    assert!(inside(&paper("JPY")));
    assert!(!inside(&paper("KWD")));
    let draft = Draft {
        id: DraftId(1),
        content: acme(),
    };
    let paper = draft.paper(issue_date());
    assert!(!String::from_utf8_lossy(&pdf(&paper).unwrap()).contains("factur-x.xml"));
    assert!(matches!(render(&paper, Format::Ubl), Err(DocumentError::Lacking(_))));
}

/// The properties inserted into the metadata move the objects behind them: each entry of the table must still lead to
/// its object, and the stream must have its stated length.
#[test]
fn the_table_of_a_pdf_leads_to_its_objects() {
    let mut content = acme();
    // Text of the user must not be mistaken for the structure of the file.
    content.seller.name = "/Type/Metadata /Length 1 stream </rdf:RDF> xref startxref".to_owned();
    let bytes = pdf(&issued(content).paper()).unwrap();
    let find = |word: &[u8], from: usize| {
        from + bytes[from..]
            .windows(word.len())
            .position(|window| window == word)
            .unwrap()
    };
    let word = |at: usize| -> String {
        let rest = bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace());
        rest.map(|byte| char::from(*byte)).collect()
    };
    let start: usize = word(find(b"startxref\n", bytes.len() - 64) + 10).parse().unwrap();
    assert!(bytes[start..].starts_with(b"xref\n0 "));
    let count: usize = word(start + 7).parse().unwrap();
    let first = start + 7 + word(start + 7).len() + 1;
    let mut objects = 0;
    for object in 0..count {
        let entry = std::str::from_utf8(&bytes[first + object * 20..][..20]).unwrap();
        if entry.ends_with(" n\r\n") {
            let place: usize = entry[..10].parse().unwrap();
            assert!(
                bytes[place..].starts_with(format!("{object} 0 obj").as_bytes()),
                "{object}"
            );
            objects += 1;
        }
    }
    assert!(objects > 10);
    let said = find(b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>", 0);
    let stream = (0..said)
        .rev()
        .find(|at| bytes[*at..].starts_with(b"stream\n"))
        .unwrap()
        + 7;
    let length_at = (0..stream)
        .rev()
        .find(|at| bytes[*at..].starts_with(b"/Length "))
        .unwrap()
        + 8;
    let digits = word(length_at);
    let digits = digits.split(|letter: char| !letter.is_ascii_digit()).next().unwrap();
    let length: usize = digits.parse().unwrap();
    assert!(bytes[stream + length..].trim_ascii_start().starts_with(b"endstream"));
}

#[test]
fn all_forms_are_the_same_bytes_again() {
    for format in Format::ALL {
        let issued = issued(discounted());
        assert_eq!(
            render(&issued.paper(), format).unwrap(),
            render(&issued.paper(), format).unwrap()
        );
    }
}

#[test]
fn a_page_stands_alone_and_says_only_what_it_was_told() {
    let mut content = discounted();
    content.buyer.name = "<script>alert(1)</script> & \"Co\"".to_owned();
    let page = text(content, Format::Html);
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(!page.contains("src=\"http") && !page.contains("url("));
    // Names in letters from right to left run so.
    assert!(page.contains("<strong dir=\"auto\">&lt;script"), "{page}");
    assert!(page.contains("<data value=\"-173.38\">\u{2212}173.38</data>"));
}

#[test]
fn lines_and_sums_as_a_table() {
    let csv = text(discounted(), Format::Csv);
    expect![[r#"
        number,kind,issue_date,due_date,client,row,project,description,quantity,unit,rate,amount,tax_category,tax_rate,currency
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,line,acme/api,API development,18.25,hour,95.00,1733.75,S,19,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,discount,,Treue,,,,-173.38,S,19,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,net,,,,,,1560.37,,,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,tax,,,,,,296.47,S,19,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,gross,,,,,,1856.84,,,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,paid,,,,,,-500.00,,,EUR
        JDS-202611-0001,invoice,2026-11-22,2026-12-06,Acme Co,due,,,,,,1356.84,,,EUR
    "#]].assert_eq(&csv.replace('\r', ""));
    let formula = |text: &str| keeptab_core::cell::guarded(text).into_owned();
    assert_eq!(formula("=1+1"), "'=1+1");
}

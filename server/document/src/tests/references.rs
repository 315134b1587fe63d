//! References of the buyer, and the tax in another currency, in all forms.

use keeptab_core::invoice::{Credited, Format, HomeTax, Kind};

use super::*;

fn referenced() -> Content {
    let mut content = acme();
    content.contract_reference = Some("RV-7".to_owned());
    content.project_reference = Some("P-17".to_owned());
    content.supplier_number = Some("LF-0815".to_owned());
    content.currency = "USD".parse().unwrap();
    let contact = content.seller.contact.as_mut().unwrap();
    contact.name = Some("Jane Doe".to_owned());
    contact.phone = Some("+49 30 1234567".to_owned());
    bill(&mut content, &[("API development", "10", "100.00")], standard(19));
    let home = "EUR".parse().unwrap();
    let rate = "EUR=1.0850".parse().unwrap();
    content.home_tax = Some(HomeTax::of(content.totals.tax, content.currency, home, rate).unwrap());
    content
}

fn form(content: &Content, format: Format) -> String {
    let bytes = render(&issued(content.clone()).paper(), format).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Returns the element that holds a text, behind its parent if it is the first in it.
fn around(form: &str, text: &str) -> String {
    let at = form
        .find(&format!(">{text}<"))
        .unwrap_or_else(|| panic!("{text} is not in {form}"));
    let opened: Vec<&str> = form[..at].rsplitn(3, '<').take(2).collect();
    let name = |tag: &str| tag.split([' ', '>']).next().unwrap_or_default().to_owned();
    let names = opened.iter().rev().map(|tag| name(tag));
    names
        .filter(|name| !name.starts_with('/'))
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn references_stand_in_every_form() {
    let content = referenced();
    let read = read(&document(content.clone()));
    for printed in [
        "Contract | RV-7",
        "Your project | P-17",
        "Supplier No. | LF-0815",
        "Jane Doe",
        "+49 30 1234567",
    ] {
        assert!(read.contains(printed), "{printed} in {read}");
    }
    let places = |format| {
        let form = form(&content, format);
        ["RV-7", "P-17", "LF-0815", "175.12"].map(|text| around(&form, text))
    };
    let cii = [
        "ram:ContractReferencedDocument/ram:IssuerAssignedID",
        "ram:SpecifiedProcuringProject/ram:ID",
        "ram:SellerTradeParty/ram:ID",
        "ram:TaxTotalAmount",
    ];
    let ubl = [
        "cac:ContractDocumentReference/cbc:ID",
        "cac:ProjectReference/cbc:ID",
        "cac:PartyIdentification/cbc:ID",
        "cac:TaxTotal/cbc:TaxAmount",
    ];
    assert_eq!(places(Format::XRechnung), cii);
    assert_eq!(places(Format::XRechnungUbl), ubl);
    assert_eq!(places(Format::Ubl), ubl);
    let json: serde_json::Value = serde_json::from_str(&form(&content, Format::Json)).unwrap();
    assert_eq!(json["contractReference"], "RV-7");
    assert_eq!(
        json["homeTax"],
        serde_json::json!({ "currency": "EUR", "amount": "175.12", "rate": "EUR=1.0850" })
    );
}

#[test]
fn a_credit_note_has_its_project_as_a_document() {
    let mut content = referenced();
    content.kind = Kind::CreditNote(Credited {
        number: "JDS-202610-0007".parse().unwrap(),
        issue_date: "2026-10-31".parse().unwrap(),
        lines: vec![0],
        in_full: true,
        kept: false,
        shares: Vec::new(),
    });
    let form = form(&content, Format::Ubl);
    assert_eq!(around(&form, "P-17"), "cac:AdditionalDocumentReference/cbc:ID");
    assert_eq!(around(&form, "175.12"), "cac:TaxTotal/cbc:TaxAmount");
}

#[test]
fn the_tax_is_printed_in_the_currency_in_which_it_is_owed() {
    let mut content = referenced();
    let check = |content: &Content, expected: &str| {
        let sheet = Sheet::of(&issued(content.clone()).paper(), None);
        assert_eq!(sheet.said.concat().replace(['\u{a0}', '\u{202f}'], " "), expected);
    };
    check(&content, "VAT in EUR: EUR 175.12 (1 EUR = 1.0850 USD).");
    content.language = Language::De;
    check(&content, "USt. in EUR: 175,12 EUR (1 EUR = 1,0850 USD).");
    let rate = "USD=0.9217".parse().unwrap();
    content.home_tax = Some(HomeTax::of(content.totals.tax, content.currency, "EUR".parse().unwrap(), rate).unwrap());
    check(&content, "USt. in EUR: 175,12 EUR (1 USD = 0,9217 EUR).");
}

//! Sample invoices for the tests and the example.

use chrono::NaiveDate;
use keeptab_core::billing::{Grouping, Line, LineKind};
use keeptab_core::instant::Length;
use keeptab_core::invoice::{
    Contact, Content, InvoiceNumber, Issued, Kind, Language, Party, Series, Stationery, Totals,
};
use keeptab_core::money::{Amount, Measure, Tax, TaxCategory};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;

/// A line of hours.
pub(crate) fn line(content: &Content, description: &str, quantity: &str, price: &str, tax: Tax) -> Line {
    let quantity = Decimal::from_str_exact(quantity).unwrap();
    let price: keeptab_core::money::Price = price.parse().unwrap();
    Line {
        kind: LineKind::Time,
        project: Some(ProjectId::new("acme/api")),
        description: description.to_owned(),
        note: None,
        period: None,
        quantity,
        unit: Measure::Hour,
        price,
        amount: Amount::rounded(quantity * price.value(), content.currency),
        tax,
        tracked: Length::default(),
        rounding: None,
    }
}

/// Sets the lines and adds them up.
pub(crate) fn bill(content: &mut Content, lines: &[(&str, &str, &str)], tax: Tax) {
    let lines = lines.iter();
    content.lines = lines
        .map(|(text, quantity, price)| line(content, text, quantity, price, tax))
        .collect();
    content.totals = Totals::of(&content.lines, content.currency);
}

/// The tax of a category that has no rate.
pub(crate) fn untaxed(category: TaxCategory) -> Tax {
    Tax::new(category, None).unwrap()
}

/// The standard tax.
pub(crate) fn standard(rate: i64) -> Tax {
    Tax::new(TaxCategory::S, Some(Decimal::from(rate))).unwrap()
}

/// Jane Doe Software bills Acme Co in Vienna.
pub(crate) fn acme() -> Content {
    let seller = Party {
        name: "Jane Doe Software".to_owned(),
        address: vec!["Hauptstr. 1".to_owned()],
        postcode: Some("10115".to_owned()),
        city: Some("Berlin".to_owned()),
        country: Some("DE".to_owned()),
        vat_id: Some("DE123456789".to_owned()),
        contact: Some(Contact {
            name: None,
            phone: None,
            email: Some("jane@example.com".to_owned()),
        }),
        ..Party::default()
    };
    let buyer = Party {
        name: "Acme Co".to_owned(),
        address: vec!["Ring 1".to_owned()],
        postcode: Some("1010".to_owned()),
        city: Some("Wien".to_owned()),
        country: Some("AT".to_owned()),
        vat_id: Some("ATU12345678".to_owned()),
        ..Party::default()
    };
    let currency = "EUR".parse().unwrap();
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let mut content = Content {
        kind: Kind::Invoice,
        seller,
        buyer,
        client: "acme".to_owned(),
        currency,
        lines: Vec::new(),
        tax_name: None,
        grouping: Grouping::Project,
        allowances: Vec::new(),
        items: Vec::new(),
        totals: Totals::of(&[], currency),
        home_tax: None,
        period: (day(16), day(22)),
        payment_days: 14,
        month_end: None,
        iban: Some("DE75512108001245126199".to_owned()),
        bic: None,
        buyer_reference: Some("PO-4711".to_owned()),
        order_reference: None,
        contract_reference: None,
        project_reference: None,
        supplier_number: None,
        cash_discount: None,
        terms: None,
        notes: Vec::new(),
        language: Language::En,
        appendix: None,
        stationery: Stationery::default(),
        calendar: None,
    };
    let lines = [("API development", "18.25", "95.00"), ("Dashboard", "7.50", "110.00")];
    bill(&mut content, &lines, untaxed(TaxCategory::AE));
    content
}

/// The first day on which an invoice of these samples is issued.
pub(crate) fn issue_date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// Issues an invoice with this content.
#[allow(dead_code, reason = "one of the examples has numbers of its own")]
pub(crate) fn issued(content: Content) -> Issued {
    let series = Series::of("JDS".parse().unwrap(), issue_date());
    Issued::new(InvoiceNumber::new(series, 1), issue_date(), content)
}

//! Reading what earlier versions stored, and adding up sums.

mod carried;
mod laws;
mod life;
mod paying;
mod reservations;

use expect_test::expect;
use rust_decimal::Decimal;

use super::*;
use crate::billing::{Grouping, Line, LineKind};
use crate::instant::Length;
use crate::money::{Amount, Currency, Measure, Tax, TaxCategory};

/// An invoice as the first version stored it.
const FIRST: &str = r#"{"seller":{"name":"Jane Doe Software","address":["Hauptstr. 1"],"postcode":"10115",
"city":"Berlin","country":"DE","vat_id":"DE123456789","tax_number":null,"registration":null,"contact":null},
"buyer":{"name":"Acme Co","address":["Ring 1"],"postcode":"1010","city":"Wien","country":"AT","vat_id":"ATU12345678",
"tax_number":null,"registration":null,"contact":null},"client":"acme","currency":"EUR","lines":[{"project":"acme/api",
"description":"API development","quantity":"1.02","unit":"hour","price":"95.00","amount":"96.90","tax":{"category":"S",
"rate":"19"},"tracked":3661000}],"totals":{"net":"96.90","taxes":[{"tax":{"category":"S","rate":"19"},"base":"96.90",
"amount":"18.41"}],"tax":"18.41","gross":"115.31"},"period":["2026-11-16","2026-11-16"],"payment_days":14,"iban":null,
"buyer_reference":"PO-4711","language":"de"}"#;

#[test]
fn what_the_first_version_stored_is_read() {
    let content: Content = serde_json::from_str(FIRST).unwrap();
    assert_eq!(content.kind, Kind::Invoice);
    assert_eq!(content.totals, Totals::of(&content.lines, Currency::EUR));
    assert_eq!(content.totals.due.to_string(), "115.31");
    assert_eq!(
        (content.lines[0].unit, content.lines[0].kind),
        (Measure::Hour, LineKind::Time)
    );
    assert_eq!((content.grouping, content.calendar), (Grouping::Project, None));
    let again: Content = serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
    assert_eq!(again, content);
}

/// An invoice as the first version stored it.
pub(super) fn first() -> Content {
    serde_json::from_str(FIRST).unwrap()
}

pub(super) fn euros(cents: i64) -> Amount {
    Amount::rounded(Decimal::new(cents, 2), Currency::EUR)
}

pub(super) fn standard(rate: i64) -> Tax {
    Tax::new(TaxCategory::S, Some(Decimal::from(rate))).unwrap()
}

/// A fee of the given cents.
pub(super) fn fee(cents: i64, tax: Tax) -> Line {
    Line {
        kind: LineKind::Fee,
        project: None,
        description: "Setup".into(),
        note: None,
        period: None,
        quantity: Decimal::ONE,
        unit: Measure::Each,
        price: Decimal::new(cents, 2).try_into().unwrap(),
        amount: euros(cents),
        tax,
        tracked: Length::ZERO,
        rounding: None,
    }
}

#[test]
fn allowances_reduce_the_base_of_their_tax_and_advances_what_is_due() {
    let lines = [fee(10_000, standard(19)), fee(5_000, standard(7))];
    let allowance = Allowance {
        reason: "loyalty".into(),
        percent: Some(Decimal::from(10)),
        base: euros(10_000),
        amount: euros(1_000),
        tax: standard(19),
        of: None,
        covers: Covers::All,
    };
    let totals = Totals::reduced(&lines, &[allowance], euros(2_000), Currency::EUR);
    expect![[r#"
        Totals {
            lines: 150.00,
            allowances: 10.00,
            net: 140.00,
            taxes: [
                TaxSubtotal {
                    tax: Tax {
                        category: S,
                        rate: 7,
                    },
                    base: 50.00,
                    amount: 3.50,
                },
                TaxSubtotal {
                    tax: Tax {
                        category: S,
                        rate: 19,
                    },
                    base: 90.00,
                    amount: 17.10,
                },
            ],
            tax: 20.60,
            gross: 160.60,
            prepaid: 20.00,
            due: 140.60,
        }
    "#]]
    .assert_debug_eq(&totals);
}

//! The laws of EN 16931 on sums, for any lines, discounts and advances, and those of credit notes.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::*;
use crate::billing::Line;
use crate::money::Price;

fn tax() -> impl Strategy<Value = Tax> {
    prop_oneof![
        Just(standard(19)),
        Just(standard(7)),
        Just(Tax::new(TaxCategory::S, Some(Decimal::new(81, 1))).unwrap()),
        Just(Tax::new(TaxCategory::Z, None).unwrap()),
        Just(Tax::new(TaxCategory::AE, None).unwrap()),
    ]
}

fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")].prop_map(|code| code.parse().unwrap())
}

fn line(currency: Currency, (quantity, price, tax): (i64, i64, Tax)) -> Line {
    let quantity = Decimal::new(quantity, 2);
    let price: Price = Decimal::new(price, 2).try_into().unwrap();
    let is_expense = quantity.mantissa() % 3 == 0;
    Line {
        kind: if is_expense { LineKind::Expense } else { LineKind::Fee },
        quantity,
        price,
        amount: Amount::rounded(quantity * price.value(), currency),
        ..fee(0, tax)
    }
}

fn discount() -> impl Strategy<Value = Discount> {
    let of = prop_oneof![
        (1..4_000_i64).prop_map(|basis| Reduction::Percent(Decimal::new(basis, 2))),
        (1..100_i64).prop_map(|amount| Reduction::Amount(Decimal::from(amount))),
    ];
    (of, any::<bool>()).prop_map(|(of, all)| Discount {
        reason: "loyalty".into(),
        tax: None,
        covers: if all { Covers::All } else { Covers::Work },
        of,
    })
}

/// Rounds half up by another method than the code's.
fn half_up(value: Decimal, currency: Currency) -> Decimal {
    let factor = Decimal::from(10_i64.pow(currency.exponent()));
    (value * factor + Decimal::new(5, 1)).floor() / factor
}

fn values<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Decimal {
    amounts.map(|amount| amount.value()).sum()
}

/// Checks the sums of EN 16931 by other arithmetic than the code's.
fn check(lines: &[Line], allowances: &[Allowance], totals: &Totals, currency: Currency) -> Result<(), TestCaseError> {
    for line in lines {
        prop_assert_eq!(
            line.amount.value(),
            half_up(line.quantity * line.price.value(), currency)
        );
    }
    // BR-CO-10, 11, 13.
    prop_assert_eq!(totals.lines.value(), values(lines.iter().map(|line| &line.amount)));
    prop_assert_eq!(
        totals.allowances.value(),
        values(allowances.iter().map(|allowance| &allowance.amount))
    );
    prop_assert_eq!(totals.net.value(), totals.lines.value() - totals.allowances.value());
    // BR-CO-14, 15, 16.
    prop_assert_eq!(
        totals.tax.value(),
        values(totals.taxes.iter().map(|subtotal| &subtotal.amount))
    );
    prop_assert_eq!(totals.gross.value(), totals.net.value() + totals.tax.value());
    prop_assert_eq!(totals.due.value(), totals.gross.value() - totals.prepaid.value());
    // BR-CO-17 and 18; each tax once; its base is its lines less its allowances (BR-S-08 and the like).
    let taxes: BTreeSet<Tax> = totals.taxes.iter().map(|subtotal| subtotal.tax).collect();
    prop_assert_eq!(taxes.len(), totals.taxes.len());
    prop_assert!(lines.is_empty() || !taxes.is_empty());
    for subtotal in &totals.taxes {
        let of_lines = lines.iter().filter(|line| line.tax == subtotal.tax);
        let of_allowances = allowances.iter().filter(|allowance| allowance.tax == subtotal.tax);
        let base = values(of_lines.map(|line| &line.amount)) - values(of_allowances.map(|allowance| &allowance.amount));
        prop_assert_eq!(subtotal.base.value(), base);
        prop_assert!(base >= Decimal::ZERO);
        let tax = half_up(base * subtotal.tax.rate() / Decimal::ONE_HUNDRED, currency);
        prop_assert_eq!(subtotal.amount.value(), tax);
    }
    for amount in [totals.lines, totals.net, totals.tax, totals.gross, totals.due] {
        prop_assert_eq!(amount.value().scale(), currency.exponent());
    }
    Ok(())
}

fn content(lines: Vec<Line>, allowances: Vec<Allowance>, currency: Currency) -> Content {
    let content: Content = serde_json::from_str(FIRST).unwrap();
    Content {
        currency,
        totals: Totals::reduced(&lines, &allowances, Amount::zero(currency), currency),
        lines,
        allowances,
        ..content
    }
}

fn issued(content: Content) -> Issued {
    let day = "2026-11-16".parse().unwrap();
    Issued::new("JDS-202611-0001".parse().unwrap(), day, content)
}

proptest! {
    #[test]
    fn sums_hold_for_any_lines_and_discounts(
        currency in currency(),
        lines in vec((1..100_000_i64, 0..100_000_i64, tax()), 1..8),
        discounts in vec(discount(), 0..4),
        advance in 0..1_000_i64,
    ) {
        let lines: Vec<Line> = lines.into_iter().map(|parts| line(currency, parts)).collect();
        let Ok(allowances) = allowances(&lines, &discounts, currency) else {
            return Ok(());
        };
        let advance = Amount::rounded(Decimal::from(advance), currency);
        let totals = Totals::reduced(&lines, &allowances, advance, currency);
        check(&lines, &allowances, &totals, currency)?;
        // A discount of an amount takes just that off, however many taxes share it, if there is something to take it off.
        let has_lines = |discount: &&Discount| lines.iter().any(|line| discount.takes(line));
        for discount in discounts.iter().filter(has_lines).filter(|_| discounts.len() == 1) {
            if let Reduction::Amount(amount) = discount.of {
                prop_assert_eq!(totals.allowances.value(), amount);
            }
        }
    }

    /// For lines credited in any order, the credit notes of all of them add up to the invoice's net, each of them is
    /// valid by itself, and no line is credited twice.
    #[test]
    fn credit_notes_of_all_lines_come_to_the_invoice(
        currency in currency(),
        lines in vec((1..10_000_i64, 1..10_000_i64, tax()), 1..8),
        discounts in vec(discount(), 0..3),
        goes in vec(any::<u8>(), 8),
    ) {
        let lines: Vec<Line> = lines.into_iter().map(|parts| line(currency, parts)).collect();
        let Ok(allowances) = allowances(&lines, &discounts, currency) else {
            return Ok(());
        };
        let invoice = issued(content(lines.clone(), allowances, currency));
        let day = invoice.issue_date();
        let mut before = BTreeSet::new();
        let (mut net, mut gross, mut notes) = (Decimal::ZERO, Decimal::ZERO, 0);
        for go in 0..3_u8 {
            let wanted: Vec<usize> = (0..lines.len()).filter(|line| goes[*line] % 3 == go).collect();
            if wanted.is_empty() {
                continue;
            }
            let note = credit(&invoice, &before, Some(&wanted), false, day).unwrap();
            check(&note.lines, &note.allowances, &note.totals, currency)?;
            let credited = note.kind.credited().unwrap().clone();
            prop_assert_eq!(&credited.lines, &wanted);
            let again = credit(&invoice, &before.union(&wanted.iter().copied().collect()).copied().collect(), Some(&wanted), false, day);
            prop_assert!(again.is_err());
            before.extend(wanted);
            prop_assert_eq!(credited.in_full, before.len() == lines.len());
            net += note.totals.net.value();
            gross += note.totals.gross.value();
            notes += 1;
        }
        let totals = &invoice.content().totals;
        prop_assert_eq!(net, totals.net.value());
        // Taxes are rounded on each note: half a cent a tax and note at most.
        let cents = Decimal::from(notes * totals.taxes.len()) / Decimal::from(10_i64.pow(currency.exponent()));
        prop_assert!((gross - totals.gross.value()).abs() <= cents);
        prop_assert_eq!(credit(&invoice, &before, None, false, day), Err(CreditError::Nothing(invoice.number().clone())));
    }

    /// A credit note of everything has the invoice's own sums, to the cent.
    #[test]
    fn a_full_credit_note_is_the_invoice(
        currency in currency(),
        lines in vec((1..10_000_i64, 1..10_000_i64, tax()), 1..8),
        discounts in vec(discount(), 0..3),
    ) {
        let lines: Vec<Line> = lines.into_iter().map(|parts| line(currency, parts)).collect();
        let Ok(allowances) = allowances(&lines, &discounts, currency) else {
            return Ok(());
        };
        let invoice = issued(content(lines, allowances, currency));
        let note = credit(&invoice, &BTreeSet::new(), None, true, invoice.issue_date()).unwrap();
        prop_assert_eq!(&note.totals, &invoice.content().totals);
        prop_assert_eq!(&note.lines, &invoice.content().lines);
        prop_assert!(note.kind.credited().is_some_and(|credited| credited.in_full && credited.kept));
    }
}

#[test]
fn rounding_half_up_is_what_the_laws_compare_with() {
    let value = Decimal::new(125, 3);
    assert_eq!(half_up(value, Currency::EUR), Decimal::new(13, 2));
    assert_eq!(
        value.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven),
        Decimal::new(12, 2)
    );
}

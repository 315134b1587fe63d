//! The records of a payment: a discount taken, an amount written off, and credit.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const EARLY: &str = "2026-11-20";
const LATE: &str = "2026-12-20";

/// An invoice of 2026-11-16 with 2 % for payment within ten days.
fn granting(lines: Vec<Line>, prepaid: i64, currency: Currency) -> Issued {
    let content: Content = serde_json::from_str(FIRST).unwrap();
    let prepaid = Amount::rounded(Decimal::new(prepaid, currency.exponent()), currency);
    let content = Content {
        totals: Totals::reduced(&lines, &[], prepaid, currency),
        currency,
        lines,
        cash_discount: CashDiscount::new(10, Decimal::TWO),
        ..content
    };
    Issued::new("JDS-202611-0001".parse().unwrap(), day("2026-11-16"), content)
}

fn taking(amount: Option<&str>) -> Paying {
    Paying {
        takes_discount: true,
        ..paying(amount)
    }
}

fn paying(amount: Option<&str>) -> Paying {
    Paying::of(amount.map(|amount| amount.parse().unwrap()))
}

fn off(amount: Option<&str>) -> Paying {
    Paying {
        write_off: Some("bank fees".into()),
        ..paying(amount)
    }
}

fn over(amount: &str) -> Paying {
    Paying {
        overpays: true,
        ..paying(Some(amount))
    }
}

/// Pays, and returns what was booked in words.
fn book(of: &Issued, standing: &mut Standing, paying: &Paying, on: &str) -> Result<String, PayError> {
    let booked = pay(of, standing, paying, day(on))?;
    standing.payments.extend(booked.iter().cloned());
    let words: Vec<String> = booked.iter().map(told).collect();
    Ok(words.join(", "))
}

fn told(payment: &Payment) -> String {
    let parts: Vec<String> = payment
        .taxes
        .iter()
        .map(|part| format!(" {}%: {} + {}", part.tax.rate(), part.base, part.amount))
        .collect();
    format!("{} {}{}", payment.kind.word(), payment.amount, parts.join(";"))
}

fn cancel(of: &Issued, standing: &mut Standing, lines: &[usize]) -> String {
    let before: BTreeSet<usize> = standing
        .credits
        .iter()
        .flat_map(|credit| credit.lines.clone())
        .collect();
    let note = credit(of, &before, Some(lines), false, of.issue_date()).unwrap();
    let mut after = standing.clone();
    after.credits.push(CreditedBy {
        number: "JDS-202611-0002".parse().unwrap(),
        lines: lines.to_vec(),
        gross: note.totals.gross,
        taxes: note.totals.taxes,
        kept: false,
    });
    let booked = after_credit(of, standing, &after, day(LATE));
    after.payments.extend(booked.iter().cloned());
    *standing = after;
    booked.iter().map(told).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_reduced_amount_closes_within_the_days() {
    let of = granting(vec![fee(10_000, standard(19))], 0, Currency::EUR);
    for (amount, on, booked, owed) in [
        (
            "116.62",
            "2026-11-26",
            "money 116.62, discount 2.38 19%: 2.00 + 0.38",
            "0.00",
        ),
        (
            "116.62",
            "2026-11-10",
            "money 116.62, discount 2.38 19%: 2.00 + 0.38",
            "0.00",
        ),
        ("116.62", "2026-11-27", "money 116.62", "2.38"),
        ("116.61", EARLY, "money 116.61", "2.39"),
        ("119.00", EARLY, "money 119.00", "0.00"),
    ] {
        let mut standing = Standing::default();
        assert_eq!(
            book(&of, &mut standing, &paying(Some(amount)), on).as_deref(),
            Ok(booked)
        );
        assert_eq!(standing.owed(&of).to_string(), owed, "{amount} on {on}");
    }
    // In two parts as well: only together they leave the discount.
    let mut standing = Standing::default();
    book(&of, &mut standing, &paying(Some("50")), EARLY).unwrap();
    assert_eq!(
        book(&of, &mut standing, &paying(Some("66.62")), EARLY).as_deref(),
        Ok("money 66.62, discount 2.38 19%: 2.00 + 0.38")
    );
    assert_eq!(standing.status(&of), Status::Paid);
}

#[test]
fn a_late_discount_is_taken_when_it_is_said_and_taken_back() {
    let of = granting(vec![fee(10_000, standard(19))], 0, Currency::EUR);
    let mut standing = Standing::default();
    book(&of, &mut standing, &paying(Some("116.62")), LATE).unwrap();
    assert_eq!(
        book(&of, &mut standing, &taking(None), LATE).as_deref(),
        Ok("discount 2.38 19%: 2.00 + 0.38")
    );
    assert_eq!(standing.status(&of), Status::Paid);
    assert_eq!(
        book(&of, &mut standing, &taking(None), LATE),
        Err(PayError::DiscountTaken(of.number().clone()))
    );
    let back = take_back(&of, &standing, PaymentKind::Discount, day(LATE)).unwrap();
    assert_eq!(told(&back), "discount -2.38 19%: -2.00 + -0.38");
    standing.payments.push(back);
    assert_eq!(
        (standing.owed(&of).to_string(), standing.status(&of)),
        ("2.38".into(), Status::PartPaid)
    );
    assert!(take_back(&of, &standing, PaymentKind::Discount, day(LATE)).is_err());
    // All of the rest at once, and more than the discount leaves.
    let mut standing = Standing::default();
    assert_eq!(
        book(&of, &mut standing, &taking(None), LATE).as_deref(),
        Ok("money 116.62, discount 2.38 19%: 2.00 + 0.38")
    );
    let mut standing = Standing::default();
    assert_eq!(
        book(&of, &mut standing, &taking(Some("118")), LATE).as_deref(),
        Ok("money 118.00, discount 1.00 19%: 0.84 + 0.16")
    );
    // Nothing is granted where no discount was agreed, and none is left of an invoice that is paid.
    let plain = Issued::new(
        of.number().clone(),
        of.issue_date(),
        Content {
            cash_discount: None,
            ..of.content().clone()
        },
    );
    let error = book(&plain, &mut Standing::default(), &taking(None), EARLY);
    assert_eq!(error, Err(PayError::NoDiscount(of.number().clone())));
    let error = book(&of, &mut Standing::default(), &taking(Some("119")), EARLY);
    assert!(matches!(error, Err(PayError::NothingLeft(..))), "{error:?}");
}

#[test]
fn a_discount_is_told_by_tax_to_the_cent_in_any_currency() {
    // 119.00 at 19 % and 107.00 at 7 %: 2 % of 226.00 is 4.52.
    let of = granting(
        vec![fee(10_000, standard(19)), fee(10_000, standard(7))],
        0,
        Currency::EUR,
    );
    let mut standing = Standing::default();
    assert_eq!(
        book(&of, &mut standing, &paying(Some("221.48")), EARLY).as_deref(),
        Ok("money 221.48, discount 4.52 7%: 2.00 + 0.14; 19%: 2.00 + 0.38")
    );
    // The line at 19 % is credited: its part of the discount goes back with it, and the money becomes credit.
    assert_eq!(cancel(&of, &mut standing, &[0]), "discount -2.38 19%: -2.00 + -0.38");
    assert_eq!(standing.owed(&of).to_string(), "-116.62");
    assert_eq!(cancel(&of, &mut standing, &[1]), "discount -2.14 7%: -2.00 + -0.14");
    assert_eq!(standing.owed(&of).to_string(), "-221.48");
    for (code, price, booked) in [
        ("JPY", 1_000, "money 1078, discount 22 10%: 20 + 2"),
        ("KWD", 1_000, "money 1.078, discount 0.022 10%: 0.020 + 0.002"),
    ] {
        let currency: Currency = code.parse().unwrap();
        let value = Decimal::new(price, currency.exponent());
        let line = Line {
            price: value.try_into().unwrap(),
            amount: Amount::rounded(value, currency),
            ..fee(0, standard(10))
        };
        let of = granting(vec![line], 0, currency);
        assert_eq!(
            book(&of, &mut Standing::default(), &taking(None), EARLY).as_deref(),
            Ok(booked)
        );
    }
}

#[test]
fn a_write_off_closes_and_money_that_still_comes_takes_it_back() {
    let of = granting(vec![fee(10_000, standard(19))], 0, Currency::EUR);
    let mut standing = Standing::default();
    book(&of, &mut standing, &paying(Some("100")), LATE).unwrap();
    assert_eq!(
        book(&of, &mut standing, &off(None), LATE).as_deref(),
        Ok("write-off 19.00 19%: 15.97 + 3.03")
    );
    assert_eq!(
        (standing.owed(&of).to_string(), standing.status(&of)),
        ("0.00".into(), Status::Paid)
    );
    assert_eq!(
        book(&of, &mut standing, &off(None), LATE),
        Err(PayError::NothingOwed(of.number().clone()))
    );
    assert_eq!(
        book(&of, &mut standing, &paying(Some("9")), LATE).as_deref(),
        Ok("money 9.00, write-off -9.00 19%: -7.57 + -1.43")
    );
    // More than was written off is credit.
    assert_eq!(
        book(&of, &mut standing, &over("12"), LATE).as_deref(),
        Ok("money 12.00, write-off -10.00 19%: -8.40 + -1.60")
    );
    assert_eq!(standing.credit(&of).to_string(), "2.00");
    // In one go with a payment; a blank reason is none.
    let mut standing = Standing::default();
    assert_eq!(
        book(&of, &mut standing, &off(Some("118.50")), LATE).as_deref(),
        Ok("money 118.50, write-off 0.50 19%: 0.42 + 0.08")
    );
    let blank = Paying {
        write_off: Some(" ".into()),
        ..Paying::default()
    };
    assert_eq!(
        book(&of, &mut Standing::default(), &blank, LATE),
        Err(PayError::NoReason)
    );
    // Nothing came in at all; then it is cancelled, and nobody has credit.
    let mut standing = Standing::default();
    book(&of, &mut standing, &off(None), LATE).unwrap();
    assert_eq!(standing.status(&of), Status::WrittenOff);
    assert_eq!(
        cancel(&of, &mut standing, &[0]),
        "write-off -119.00 19%: -100.00 + -19.00"
    );
    assert_eq!(
        (standing.owed(&of).to_string(), standing.status(&of)),
        ("0.00".into(), Status::Cancelled)
    );
}

#[test]
fn an_overpayment_is_confirmed_and_becomes_credit() {
    let of = granting(vec![fee(10_000, standard(19))], 10_000, Currency::EUR);
    let mut standing = Standing::default();
    let error = book(&of, &mut standing, &paying(Some("25")), LATE).unwrap_err();
    let PayError::Overpaid(overpaid) = error else {
        panic!("{error}");
    };
    assert_eq!(
        (overpaid.owed.to_string(), overpaid.over.to_string()),
        ("19.00".into(), "6.00".into())
    );
    assert_eq!(
        book(&of, &mut standing, &over("25"), LATE).as_deref(),
        Ok("money 25.00")
    );
    assert_eq!(
        (standing.credit(&of).to_string(), standing.status(&of)),
        ("6.00".into(), Status::Paid)
    );
    // Money that comes a second time is all credit; it goes back without a question.
    assert!(book(&of, &mut standing, &paying(Some("25")), LATE).is_err());
    book(&of, &mut standing, &over("25"), LATE).unwrap();
    assert_eq!(standing.credit(&of).to_string(), "31.00");
    assert_eq!(
        book(&of, &mut standing, &paying(None), LATE).as_deref(),
        Ok("money -31.00")
    );
    assert_eq!(standing.owed(&of).to_string(), "0.00");
    // No amount makes the sum of many more than a decimal holds.
    for amount in [
        "1000000000000.01",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
    ] {
        let error = book(&of, &mut standing, &over(amount), LATE).unwrap_err();
        assert!(matches!(error, PayError::NoAmount(..)), "{error}");
    }
}

proptest! {
    /// The total is what was paid, discounted, written off and is still owed; only money becomes credit; parts add up.
    #[test]
    fn nothing_is_lost_whatever_is_booked(
        prices in vec((1_i64..50_000, prop::sample::select(vec![7, 19, 20])), 1..4),
        code in prop::sample::select(vec!["EUR", "JPY", "KWD"]),
        prepaid in 0_i64..2_000,
        steps in vec((0_u8..7, -30_000_i64..60_000, 0_usize..4), 1..16),
    ) {
        let currency: Currency = code.parse().unwrap();
        let minor = |units: i64| Decimal::new(units, currency.exponent());
        let line = |(price, rate): &(i64, i64)| Line {
            price: minor(*price).try_into().unwrap(),
            amount: Amount::rounded(minor(*price), currency),
            ..fee(0, standard(*rate))
        };
        let of = granting(prices.iter().map(line).collect(), prepaid, currency);
        let zero = Amount::zero(currency);
        let mut standing = Standing::default();
        for (what, amount, index) in steps {
            let amount = Some(minor(amount));
            let paying = match what {
                0 | 1 => Paying::of(amount),
                2 => Paying { overpays: true, ..Paying::of(amount) },
                3 => Paying { takes_discount: true, amount: amount.filter(|_| index > 1), ..Paying::default() },
                4 => Paying { write_off: Some("lost".into()), amount: amount.filter(|_| index > 1), ..Paying::default() },
                5 => {
                    let kind = if index > 1 { PaymentKind::Discount } else { PaymentKind::WriteOff };
                    standing.payments.extend(take_back(&of, &standing, kind, day(LATE)));
                    continue;
                }
                _ => {
                    let left: Vec<usize> = (0..prices.len())
                        .filter(|line| standing.credits.iter().all(|credit| !credit.lines.contains(line)))
                        .collect();
                    if let Some(line) = left.get(index) {
                        cancel(&of, &mut standing, &[*line]);
                    }
                    continue;
                }
            };
            let on = if index == 0 { EARLY } else { LATE };
            let before = standing.credit(&of);
            if book(&of, &mut standing, &paying, on).is_ok() && !paying.overpays {
                prop_assert!(standing.credit(&of) <= before, "credit came without a word");
            }
        }
        let sum = |kind| standing.sum_of(&of, kind);
        let (discount, written_off) = (sum(PaymentKind::Discount), sum(PaymentKind::WriteOff));
        prop_assert!(discount >= zero && written_off >= zero);
        let billed = if standing.is_cancelled(&of) {
            zero
        } else {
            standing.credits.iter().fold(of.content().totals.gross, |sum, credit| sum - credit.gross)
        };
        let came = of.content().totals.prepaid + standing.paid(&of);
        prop_assert_eq!(billed, came + discount + written_off + standing.owed(&of));
        prop_assert!(standing.credit(&of) <= came.max(zero));
        if standing.is_cancelled(&of) {
            prop_assert!(discount.is_zero() && written_off.is_zero());
        }
        for payment in &standing.payments {
            let parts = payment.taxes.iter().fold(zero, |sum, part| sum + part.base + part.amount);
            prop_assert_eq!(parts, if payment.kind == PaymentKind::Money { zero } else { payment.amount });
        }
        for kind in [PaymentKind::Discount, PaymentKind::WriteOff] {
            let parts = standing.taxes_of(kind).iter().fold(zero, |sum, part| sum + part.base + part.amount);
            prop_assert_eq!(parts, standing.sum_of(&of, kind));
        }
    }
}

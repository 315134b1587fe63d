//! Sending, paying and crediting an issued invoice, and the cases that are refused.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;

fn invoice(lines: Vec<Line>, prepaid: i64) -> Issued {
    let content: Content = serde_json::from_str(FIRST).unwrap();
    let content = Content {
        totals: Totals::reduced(&lines, &[], euros(prepaid), Currency::EUR),
        lines,
        ..content
    };
    Issued::new("JDS-202611-0001".parse().unwrap(), day("2026-11-16"), content)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn paid(cents: &[i64]) -> Standing {
    let payment = |cents: &i64| Payment::of_money(day("2026-11-20"), euros(*cents));
    Standing {
        payments: cents.iter().map(payment).collect(),
        ..Standing::default()
    }
}

fn credited(standing: Standing, invoice: &Issued, lines: &[usize]) -> Standing {
    let before = standing
        .credits
        .iter()
        .flat_map(|credit| credit.lines.clone())
        .collect();
    let note = credit(invoice, &before, Some(lines), false, invoice.issue_date()).unwrap();
    let mut standing = standing;
    standing.credits.push(CreditedBy {
        number: "JDS-202611-0002".parse().unwrap(),
        lines: lines.to_vec(),
        gross: note.totals.gross,
        taxes: note.totals.taxes,
        kept: false,
    });
    standing
}

#[test]
fn it_stands_where_sending_paying_and_crediting_brought_it() {
    // 119.00 and 107.00.
    let of = invoice(vec![fee(10_000, standard(19)), fee(10_000, standard(7))], 0);
    let check = |standing: &Standing, status: Status, owed: &str| {
        assert_eq!(standing.status(&of), status, "{standing:?}");
        assert_eq!(standing.owed(&of).to_string(), owed, "{standing:?}");
    };
    check(&paid(&[]), Status::Issued, "226.00");
    let sent = Standing {
        sent_on: Some(day("2026-11-17")),
        ..Standing::default()
    };
    check(&sent, Status::Sent, "226.00");
    check(&paid(&[10_000]), Status::PartPaid, "126.00");
    check(&paid(&[10_000, 12_600]), Status::Paid, "0.00");
    check(&paid(&[22_600, -2_600]), Status::PartPaid, "26.00");
    // A line is taken back; the rest is paid; then all is taken back, and the money is owed to the client.
    let one = credited(paid(&[10_700]), &of, &[0]);
    check(&one, Status::Paid, "0.00");
    check(&credited(one, &of, &[1]), Status::Cancelled, "-107.00");
    check(&credited(paid(&[]), &of, &[0]), Status::Issued, "107.00");
}

#[test]
fn it_is_overdue_after_its_day_while_something_is_owed() {
    let of = invoice(vec![fee(10_000, standard(19))], 0);
    assert_eq!(of.due_date(), day("2026-11-30"));
    assert!(!paid(&[]).is_overdue(&of, day("2026-11-30")));
    assert!(paid(&[1]).is_overdue(&of, day("2026-12-01")));
    assert!(!paid(&[11_900]).is_overdue(&of, day("2026-12-01")));
    assert!(!credited(paid(&[]), &of, &[0]).is_overdue(&of, day("2026-12-01")));
}

#[test]
fn what_was_paid_in_advance_is_not_owed_and_goes_back_when_all_is_cancelled() {
    let of = invoice(vec![fee(10_000, standard(19))], 5_000);
    assert_eq!(paid(&[]).owed(&of).to_string(), "69.00");
    assert_eq!(paid(&[6_900]).status(&of), Status::Paid);
    assert_eq!(credited(paid(&[6_900]), &of, &[0]).owed(&of).to_string(), "-119.00");
}

#[test]
fn a_fee_goes_back_with_its_line_a_discount_with_the_whole_and_an_advance_is_owed() {
    let charge = |description: &str| {
        Item::Charge(Charge {
            kind: LineKind::Fee,
            description: description.into(),
            quantity: Decimal::ONE,
            price: "100.00".parse().unwrap(),
            project: None,
            day: None,
            tax: None,
        })
    };
    let discount = Item::Discount(Discount {
        reason: "loyalty".into(),
        tax: None,
        covers: Covers::All,
        of: Reduction::Percent(10.into()),
    });
    let (setup, travel) = (charge("Setup"), charge("Travel"));
    let (thanks, advance) = (Item::Note("Thank you.".into()), Item::Prepaid(50.into()));
    let items = vec![setup.clone(), discount.clone(), advance, travel.clone(), thanks.clone()];
    // A line of time, then the two.
    let lines = vec![
        fee(9_500, standard(19)),
        fee(10_000, standard(19)),
        fee(10_000, standard(19)),
    ];
    let content = Content {
        items,
        ..invoice(lines, 5_000).content().clone()
    };
    let of = Issued::new("JDS-202611-0001".parse().unwrap(), day("2026-11-16"), content);
    let back = |before: &[usize], lines: Option<&[usize]>, kept: bool| {
        let before = before.iter().copied().collect();
        let note = credit(&of, &before, lines, kept, of.issue_date()).unwrap();
        assert_eq!(note.items, []);
        given_back(&of, &before, note.kind.credited().unwrap())
    };
    assert_eq!(
        back(&[], None, false),
        [setup.clone(), discount, travel.clone(), thanks]
    );
    assert_eq!(back(&[], None, true), []);
    assert_eq!(back(&[], Some(&[0]), false), []);
    assert_eq!(back(&[], Some(&[1]), false), [setup]);
    assert_eq!(back(&[0, 1], None, false), [travel]);
}

#[test]
fn a_fee_goes_back_with_its_share_of_the_discounts() {
    let charge = |price: &str| Charge {
        kind: LineKind::Fee,
        description: price.into(),
        quantity: Decimal::ONE,
        price: price.parse().unwrap(),
        project: None,
        day: None,
        tax: None,
    };
    let given = Discount {
        reason: "loyalty".into(),
        tax: None,
        covers: Covers::All,
        of: Reduction::Percent(10.into()),
    };
    let charges = [charge("1000"), charge("500"), charge("33.33")];
    let lines: Vec<Line> = charges
        .iter()
        .map(|charge| charge.line(standard(19), Currency::EUR))
        .collect();
    let allowances = allowances(&lines, std::slice::from_ref(&given), Currency::EUR).unwrap();
    let content = Content {
        items: charges
            .iter()
            .cloned()
            .map(Item::Charge)
            .chain([Item::Discount(given)])
            .collect(),
        allowances,
        ..invoice(lines, 0).content().clone()
    };
    let of = Issued::new("JDS-202611-0001".parse().unwrap(), day("2026-11-16"), content);
    let net = |before: &[usize], wanted: &[usize]| {
        let before = before.iter().copied().collect();
        let note = credit(&of, &before, Some(wanted), false, of.issue_date()).unwrap();
        // The new invoices add up to the credited amount.
        let back = given_back(&of, &before, note.kind.credited().unwrap());
        let mut lines = Vec::new();
        let mut discounts = Vec::new();
        for item in back {
            match item {
                Item::Charge(charge) => lines.push(charge.line(standard(19), Currency::EUR)),
                Item::Discount(discount) => discounts.push(discount),
                Item::Prepaid(_) | Item::Credit(_) | Item::Exchange(_) | Item::Note(_) => unreachable!(),
            }
        }
        assert!(
            discounts
                .iter()
                .all(|discount| discount.reason == "discount of JDS-202611-0001")
        );
        let taken = super::allowances(&lines, &discounts, Currency::EUR).unwrap();
        let again = Totals::reduced(&lines, &taken, Amount::zero(Currency::EUR), Currency::EUR);
        assert_eq!(again.net, note.totals.net);
        again.net.to_string()
    };
    assert_eq!(net(&[], &[0]), "900.00");
    assert_eq!(net(&[0], &[1]), "450.00");
    assert_eq!(net(&[], &[0, 1]), "1350.00");
    assert_eq!(net(&[0, 1], &[2]), "30.00");
}

#[test]
fn nothing_to_pay_is_paid() {
    let of = invoice(vec![fee(0, standard(19))], 0);
    assert_eq!(paid(&[]).status(&of), Status::Paid);
}

#[test]
fn what_cannot_be_credited_is_refused_by_name() {
    let of = invoice(vec![fee(10_000, standard(19)), fee(5_000, standard(19))], 0);
    let none = BTreeSet::new();
    let refused = |before: &BTreeSet<usize>, lines: Option<&[usize]>, date: &str| {
        let error = credit(&of, before, lines, false, day(date)).unwrap_err().to_string();
        error.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        refused(&none, Some(&[2]), "2026-11-16"),
        "JDS-202611-0001 has no line 3"
    );
    let first = BTreeSet::from([0]);
    assert_eq!(
        refused(&first, Some(&[1, 0]), "2026-11-16"),
        "line 1 of JDS-202611-0001 is cancelled already"
    );
    let both = BTreeSet::from([0, 1]);
    assert_eq!(
        refused(&both, None, "2026-11-16"),
        "JDS-202611-0001 is cancelled already"
    );
    assert_eq!(
        refused(&none, None, "2026-11-15"),
        "2026-11-15 lies before 2026-11-16, the day on which the invoice was issued"
    );
    let content = credit(&of, &none, None, false, day("2026-11-16")).unwrap();
    let credited = Issued::new("JDS-202611-0002".parse().unwrap(), day("2026-11-16"), content);
    assert!(matches!(
        credit(&credited, &none, None, false, day("2026-11-17")),
        Err(CreditError::CreditNote(_))
    ));
    assert_eq!(Standing::default().owed(&credited), euros(0));
    assert_eq!(Standing::default().status(&credited), Status::Issued);
}

#[test]
fn a_credit_note_is_of_the_days_of_its_lines() {
    let on = |cents: i64, from: &str, to: &str| Line {
        period: Some((day(from), day(to))),
        ..fee(cents, standard(19))
    };
    let of = invoice(
        vec![
            on(10_000, "2026-11-02", "2026-11-03"),
            on(5_000, "2026-11-05", "2026-11-05"),
            on(5_000, "2026-11-09", "2026-11-11"),
            fee(2_000, standard(19)),
        ],
        0,
    );
    let period = |lines: &[usize]| {
        let note = credit(&of, &BTreeSet::new(), Some(lines), false, day("2026-11-16")).unwrap();
        (note.period.0.to_string(), note.period.1.to_string())
    };
    let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(period(&[1]), days("2026-11-05", "2026-11-05"));
    assert_eq!(period(&[1, 2, 3]), days("2026-11-05", "2026-11-11"));
    // A fee without a day has the invoice's.
    assert_eq!(period(&[3]), days("2026-11-16", "2026-11-16"));
}

#[test]
fn discounts_are_never_more_than_the_lines() {
    let lines = [fee(10_000, standard(19)), fee(5_000, standard(7))];
    let give = |of: &[Reduction]| {
        let discount = |of: &Reduction| Discount {
            reason: "loyalty".into(),
            tax: None,
            covers: Covers::All,
            of: *of,
        };
        let discounts: Vec<Discount> = of.iter().map(discount).collect();
        allowances(&lines, &discounts, Currency::EUR)
            .map(|allowances| {
                allowances
                    .iter()
                    .map(|given| given.amount.to_string())
                    .collect::<Vec<_>>()
            })
            .map_err(|error| error.to_string())
    };
    let (percent, amount) = (
        |of: i64| Reduction::Percent(of.into()),
        |of: i64| Reduction::Amount(of.into()),
    );
    assert_eq!(give(&[percent(10)]), Ok(vec!["5.00".into(), "10.00".into()]));
    assert_eq!(give(&[amount(10)]), Ok(vec!["3.33".into(), "6.67".into()]));
    assert_eq!(give(&[percent(100)]), Ok(vec!["50.00".into(), "100.00".into()]));
    assert_eq!(give(&[amount(150)]), Ok(vec!["50.00".into(), "100.00".into()]));
    for more in [
        vec![amount(151)],
        vec![percent(60), percent(50)],
        vec![percent(100), amount(1)],
    ] {
        assert!(
            give(&more).unwrap_err().contains("more than the lines, 150.00\nhint: "),
            "{more:?}"
        );
    }
}

#[test]
fn each_tax_has_what_it_demands() {
    let party = |vat_id: Option<&str>| Party {
        name: "Jane".into(),
        city: Some("Berlin".into()),
        country: Some("DE".into()),
        vat_id: vat_id.map(str::to_owned),
        ..Party::default()
    };
    let none = |category| Tax::new(category, None).unwrap();
    let check = |seller: Option<&str>, buyer: Option<&str>, taxes: &[Tax], expected: &[&str]| {
        let found = problems(&party(seller), &party(buyer), "client.acme", taxes);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.iter().all(|problem| problem.contains("\nhint: ")), "{found:?}");
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(found, expected)| found.contains(expected)),
            "{found:?}"
        );
    };
    let id = Some("DE123456789");
    check(id, None, &[standard(19), standard(7), none(TaxCategory::Z)], &[]);
    check(None, None, &[standard(19)], &["no VAT id or tax number"]);
    check(None, None, &[none(TaxCategory::E)], &["no VAT id or tax number"]);
    check(None, None, &[none(TaxCategory::O)], &[]);
    check(
        None,
        None,
        &[none(TaxCategory::AE)],
        &["reverse charge needs", "reverse charge needs"],
    );
    check(id, Some("ATU12345678"), &[none(TaxCategory::AE)], &[]);
    check(None, None, &[none(TaxCategory::G)], &["an export without VAT needs"]);
    check(
        id,
        None,
        &[none(TaxCategory::O), standard(19)],
        &["cannot stand beside taxed ones"],
    );
    check(
        Some("DE12"),
        Some("12"),
        &[none(TaxCategory::O)],
        &["is not a VAT id", "no country prefix"],
    );
}

#[test]
fn a_sales_tax_needs_no_id_of_the_seller() {
    let party = |country: &str| Party {
        name: "Jane".into(),
        city: Some("Springfield".into()),
        country: Some(country.into()),
        ..Party::default()
    };
    let count = |country| problems(&party(country), &party(country), "client.acme", &[standard(8)]).len();
    assert_eq!(["US", "DE", "AU"].map(count), [0, 1, 1]);
}

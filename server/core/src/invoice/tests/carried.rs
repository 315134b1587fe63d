//! Discounts of released time: all parts of a share add up to the share, and no part is taken twice.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::entry::Place;
use crate::instant::{Instant, Span};

fn place(n: u64) -> Place {
    Place { n, ..Place::default() }
}

/// An hour of captured time, in pieces of the given minutes.
fn pieces(minutes: i64) -> Vec<BilledTime> {
    let piece = |start: i64| {
        let at = |minute: i64| Instant::from_millis(minute * 60_000);
        let span = Span::new(at(start), at(start + minutes)).unwrap();
        BilledTime {
            entry: None,
            length: span.length(),
            spans: vec![span],
        }
    };
    (0..60 / minutes).map(|nth| piece(nth * minutes)).collect()
}

fn entry(n: u64, minutes: i64) -> BilledTime {
    BilledTime {
        entry: Some(place(n)),
        length: Length::from_minutes(minutes),
        spans: Vec::new(),
    }
}

fn released(cents: i64, time: Vec<BilledTime>) -> Released {
    Released {
        number: "JDS-202611-0001".parse().unwrap(),
        currency: Currency::EUR,
        share: euros(cents),
        time,
        again: Vec::new(),
    }
}

/// Bills some time in one line of 100.00 and returns its discount.
fn bill(of: &mut Released, time: Vec<BilledTime>) -> Amount {
    let lines = [fee(10_000, standard(19))];
    let allowances = carried(
        std::slice::from_ref(of),
        &lines,
        std::slice::from_ref(&time),
        &[],
        Currency::EUR,
    );
    of.again.extend(time);
    allowances.iter().fold(euros(0), |sum, allowance| {
        assert_eq!(allowance.of.as_ref(), Some(&of.number));
        assert_eq!(allowance.reason, "discount of JDS-202611-0001");
        sum + allowance.amount
    })
}

#[test]
fn a_part_of_the_time_takes_its_part_of_the_share() {
    let mut of = released(1_000, pieces(60));
    let mut parts = pieces(20).into_iter();
    assert_eq!(bill(&mut of, parts.by_ref().take(1).collect()), euros(333));
    assert_eq!(bill(&mut of, parts.by_ref().take(1).collect()), euros(334));
    // Time that was billed again takes no discount a second time, in any later state of that invoice.
    assert_eq!(bill(&mut of, pieces(30).into_iter().take(1).collect()), euros(0));
    assert_eq!(bill(&mut of, pieces(30)), euros(333));
    assert_eq!(bill(&mut of, pieces(60)), euros(0));
    // An entry without clock times is known by its place, also when it was replaced by a shorter one.
    let mut of = released(900, vec![entry(1, 60), entry(2, 30)]);
    assert_eq!(bill(&mut of, vec![entry(3, 60)]), euros(0));
    assert_eq!(bill(&mut of, vec![entry(2, 20)]), euros(200));
    assert_eq!(bill(&mut of, vec![entry(1, 90)]), euros(600));
    // Time that is entered over captured time is the same time.
    let mut of = released(900, pieces(60));
    let mut entered = pieces(30).remove(1);
    entered.entry = Some(place(7));
    assert_eq!(bill(&mut of, vec![entered]), euros(450));
}

#[test]
fn no_more_is_taken_than_other_discounts_leave_and_only_in_its_currency() {
    let lines = [fee(10_000, standard(19)), fee(5_000, standard(7))];
    let time = [pieces(30), Vec::new()];
    let given = Allowance {
        reason: "loyalty".into(),
        percent: None,
        base: euros(10_000),
        amount: euros(9_800),
        tax: standard(19),
        of: None,
        covers: Covers::All,
    };
    let of = [released(1_000, pieces(60))];
    let taken = carried(&of, &lines, &time, std::slice::from_ref(&given), Currency::EUR);
    let amounts: Vec<_> = taken
        .iter()
        .map(|taken| (taken.tax, taken.amount, taken.base))
        .collect();
    assert_eq!(amounts, [(standard(19), euros(200), euros(10_000))]);
    assert_eq!(carried(&of, &lines, &time, &[], "USD".parse().unwrap()), []);
}

proptest! {
    /// If time is billed again, in pieces of any length and order, the parts add up to the share.
    #[test]
    fn all_parts_come_to_the_share(
        cents in 0..10_000_i64,
        breaks in 0..30_i64,
        order in vec((0..12_usize, any::<bool>()), 0..24),
    ) {
        // Some of the hour is an entry with a break, and there is an entry of a day.
        let mut time = pieces(30);
        time[1].entry = Some(place(1));
        time[1].length = Length::from_minutes(30 - breaks);
        time.push(entry(2, 45));
        let mut of = released(cents, time);
        let mut sum = euros(0);
        for (nth, day) in order {
            let mut bills = vec![pieces(5).remove(nth)];
            bills.extend(day.then(|| entry(2, 15)));
            let part = bill(&mut of, bills);
            prop_assert!(part >= euros(0));
            sum = sum + part;
            prop_assert!(sum <= of.share);
        }
        sum = sum + bill(&mut of, pieces(15).into_iter().chain([entry(2, 45)]).collect());
        prop_assert_eq!(sum, euros(cents));
    }

    /// The shares of the lines add up to the discounts that the credit notes take back.
    #[test]
    fn shares_of_the_lines_are_the_discounts_of_the_credit_notes(
        amounts in vec(1..10_000_i64, 2..6),
        percent in 1..100_i64,
        goes in vec(any::<bool>(), 6),
    ) {
        let lines: Vec<Line> = amounts.iter().map(|cents| Line { kind: LineKind::Time, ..fee(*cents, standard(19)) }).collect();
        let given = Discount { reason: "loyalty".into(), of: Reduction::Percent(percent.into()), tax: None, covers: Covers::All };
        let allowances = allowances(&lines, &[given], Currency::EUR).unwrap();
        let content: Content = serde_json::from_str(FIRST).unwrap();
        let content = Content { totals: Totals::reduced(&lines, &allowances, euros(0), Currency::EUR), lines, allowances, ..content };
        let whole = content.totals.allowances;
        let of = Issued::new("JDS-202611-0001".parse().unwrap(), "2026-11-16".parse().unwrap(), content);
        let (mut before, mut sum) = (std::collections::BTreeSet::new(), euros(0));
        for go in [true, false] {
            let wanted: Vec<usize> = (0..amounts.len()).filter(|line| goes[*line] == go).collect();
            if wanted.is_empty() {
                continue;
            }
            let note = credit(&of, &before, Some(&wanted), false, of.issue_date()).unwrap();
            let shares = &note.kind.credited().unwrap().shares;
            let shares = shares.iter().fold(euros(0), |sum, (_, share)| sum + *share);
            prop_assert_eq!(shares, note.totals.allowances);
            sum = sum + shares;
            before.extend(wanted);
        }
        prop_assert_eq!(sum, whole);
    }
}

//! Decimal cases by name, and the laws of lines and totals.

mod grouped;

use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::instant::Instant;
use crate::invoice::Totals;
use crate::money::TaxCategory;

const MINUTE: i64 = 60_000;

fn calendar() -> Calendar {
    Calendar::new(chrono_tz::Europe::Berlin)
}

fn terms(price: &str, policy: Policy) -> Terms {
    Terms {
        project: ProjectId::new("acme/api"),
        name: "API development".into(),
        billable: true,
        rates: vec![Rate {
            from: None,
            price: price.parse().unwrap(),
            unit: Unit::Hour,
        }],
        hours_per_day: Decimal::from(8),
        quantity_decimals: None,
        currency: "EUR".parse().unwrap(),
        tax: Tax::new(TaxCategory::S, Some(Decimal::from(19))).unwrap(),
        policy,
        grouping: Grouping::Project,
    }
}

/// 2026-11-16, a Monday, at nine in Berlin.
fn monday() -> Instant {
    chrono::DateTime::parse_from_rfc3339("2026-11-16T09:00:00+01:00")
        .unwrap()
        .into()
}

fn work(span: Span, project: usize) -> Work {
    Work {
        project: ProjectIndex(project),
        billable: true,
        note: None,
        rate: None,
        time: Time::Captured(span),
    }
}

/// Sessions of the given minutes, half an hour apart.
fn sessions(minutes: &[i64]) -> Vec<Work> {
    let mut start = monday();
    let session = |minutes: &i64| {
        let span = Span::new(start, start + Length::from_minutes(*minutes)).unwrap();
        start = span.end() + Length::from_minutes(30);
        work(span, 0)
    };
    minutes.iter().map(session).collect()
}

/// Shows the lines as `quantity × price = amount`.
fn lines(stretches: &[Work], terms: Terms) -> String {
    let bill = bill(stretches, &[terms], &calendar()).unwrap();
    let show = |claimed: &ClaimedLine| {
        let line = &claimed.line;
        format!("{} × {} = {}", line.quantity, line.price, line.amount)
    };
    let left = |left: &LeftOut| format!("{} {}", left.reason.words(), left.length.millis());
    let lines = bill.lines.iter().map(show).chain(bill.left_out.iter().map(left));
    lines.collect::<Vec<_>>().join("; ")
}

#[test]
fn thirteen_minutes_at_sixty_are_printed_as_they_multiply() {
    // 13 min are 0.21666 h; the line says 0.22 × 60.00, so it must say 13.20, not 13.00.
    assert_eq!(
        lines(&sessions(&[13]), terms("60.00", Policy::default())),
        "0.22 × 60.00 = 13.20"
    );
}

#[test]
fn twelve_times_five_minutes_at_95_are_one_hour() {
    assert_eq!(
        lines(&sessions(&[5; 12]), terms("95.00", Policy::default())),
        "1.00 × 95.00 = 95.00"
    );
}

#[test]
fn six_lines_of_one_67_at_19_per_cent_are_taxed_once() {
    let line = bill(&sessions(&[60]), &[terms("1.67", Policy::default())], &calendar())
        .unwrap()
        .lines[0]
        .line
        .clone();
    let totals = Totals::of(&vec![line; 6], "EUR".parse().unwrap());
    assert_eq!(
        (totals.net.to_string(), totals.tax.to_string()),
        ("10.02".into(), "1.90".into())
    );
    assert_eq!(totals.gross.to_string(), "11.92");
}

#[test]
fn policies_round_what_they_say() {
    let policy = |mode, per| Policy {
        increment: Length::from_minutes(15),
        mode,
        per,
        minimum: Length::ZERO,
    };
    let minutes = [7, 8, 22];
    let billed = |mode, per| lines(&sessions(&minutes), terms("100", policy(mode, per)));
    assert_eq!(billed(Mode::Nearest, Per::Line), "0.50 × 100 = 50.00");
    assert_eq!(billed(Mode::Up, Per::Line), "0.75 × 100 = 75.00");
    assert_eq!(billed(Mode::Down, Per::Line), "0.50 × 100 = 50.00");
    assert_eq!(billed(Mode::Up, Per::Session), "1.00 × 100 = 100.00");
    assert_eq!(billed(Mode::Nearest, Per::Session), "0.50 × 100 = 50.00");
    assert_eq!(billed(Mode::Up, Per::Day), "0.75 × 100 = 75.00");
}

#[test]
fn halves_of_an_odd_increment_go_up() {
    let policy = Policy {
        increment: Length::from_millis(3),
        ..Policy::default()
    };
    assert_eq!(policy.round(Length::from_millis(1)), Length::ZERO);
    assert_eq!(policy.round(Length::from_millis(2)), Length::from_millis(3));
}

#[test]
fn rounding_is_exact_at_the_step_and_a_millisecond_beside_it() {
    let round = |mode, millis| {
        let increment = Length::from_millis(1000);
        let policy = Policy {
            increment,
            mode,
            ..Policy::default()
        };
        policy.round(Length::from_millis(millis)).millis()
    };
    let all = |mode| [1, 499, 500, 999, 1000, 1001].map(|millis| round(mode, millis));
    assert_eq!(all(Mode::Nearest), [0, 0, 1000, 1000, 1000, 1000]);
    assert_eq!(all(Mode::Up), [1000, 1000, 1000, 1000, 1000, 2000]);
    assert_eq!(all(Mode::Down), [0, 0, 0, 0, 1000, 1000]);
    // Lengths that no import should bring must not cause a panic.
    let huge = [Mode::Nearest, Mode::Up, Mode::Down].map(|mode| round(mode, i64::MAX));
    assert!(huge.iter().all(|millis| *millis >= i64::MAX - 1000));
}

#[test]
fn a_share_of_a_line_is_of_its_quantity_and_all_of_it_is_its_amount() {
    let policy = Policy {
        increment: Length::from_minutes(15),
        mode: Mode::Up,
        ..Policy::default()
    };
    let bill = bill(&sessions(&[50]), &[terms("90", policy)], &calendar()).unwrap();
    let line = &bill.lines[0].line;
    let share = |minutes| {
        let share = line.share(Length::from_minutes(minutes), "EUR".parse().unwrap());
        share.to_string()
    };
    // An hour is billed for fifty minutes; ten of them are a fifth of it.
    assert_eq!(
        [0, 10, 25, 49, 50, 51].map(share),
        ["0.00", "18.00", "45.00", "88.20", "90.00", "90.00"]
    );
}

#[test]
fn a_currency_that_bills_nothing_is_no_mix() {
    let other = Terms {
        project: ProjectId::new("globex/app"),
        currency: "USD".parse().unwrap(),
        billable: false,
        ..terms("95", Policy::default())
    };
    let mut stretches = sessions(&[60, 60]);
    stretches[1].project = ProjectIndex(1);
    let bill = bill(&stretches, &[terms("95", Policy::default()), other], &calendar()).unwrap();
    assert_eq!((bill.lines.len(), bill.left_out.len()), (1, 1));
}

#[test]
fn a_minimum_holds_only_where_something_was_done() {
    let policy = Policy {
        minimum: Length::from_minutes(30),
        ..Policy::default()
    };
    assert_eq!(lines(&sessions(&[3]), terms("100", policy)), "0.50 × 100 = 50.00");
    assert_eq!(policy.round(Length::ZERO), Length::ZERO);
}

#[test]
fn a_changed_rate_makes_two_lines_and_time_before_the_first_is_left_out() {
    let rate = |from: &str, price: &str| Rate {
        from: Some(from.parse().unwrap()),
        price: price.parse().unwrap(),
        unit: Unit::Hour,
    };
    let terms = Terms {
        rates: vec![rate("2026-11-17", "80"), rate("2026-11-18", "90")],
        ..terms("0", Policy::default())
    };
    let days = Span::new(monday(), monday() + Length::from_minutes(48 * 60)).unwrap();
    let stretches = [work(days, 0)];
    assert_eq!(
        lines(&stretches, terms),
        "24.00 × 80 = 1920.00; 9.00 × 90 = 810.00; no rate 54000000"
    );
}

#[test]
fn daily_rates_count_days() {
    let mut terms = terms("800", Policy::default());
    terms.rates[0].unit = Unit::Day;
    assert_eq!(lines(&sessions(&[360]), terms), "0.75 × 800 = 600.00");
}

#[test]
fn what_rounds_to_nothing_is_left_out() {
    let brief = Span::new(monday(), monday() + Length::from_millis(17_999)).unwrap();
    assert_eq!(lines(&[work(brief, 0)], terms("95", Policy::default())), "zero 17999");
}

#[test]
fn what_is_not_billable_is_left_out() {
    let terms = Terms {
        billable: false,
        ..terms("95", Policy::default())
    };
    assert_eq!(lines(&sessions(&[60]), terms), "not billable 3600000");
}

#[test]
fn mixed_currencies_are_refused_by_name() {
    let other = Terms {
        project: ProjectId::new("globex/app"),
        currency: "USD".parse().unwrap(),
        ..terms("95", Policy::default())
    };
    let mut stretches = sessions(&[60, 60]);
    stretches[1].project = ProjectIndex(1);
    let error = bill(&stretches, &[terms("95", Policy::default()), other], &calendar()).unwrap_err();
    assert!(
        error.to_string().contains("EUR (acme/api), USD (globex/app)"),
        "{error}"
    );
}

#[test]
fn time_marked_not_billable_is_left_out_and_entries_count_by_their_length() {
    let day = "2026-11-16".parse().unwrap();
    let mut work = sessions(&[60, 30]);
    work[1].billable = false;
    work.push(Work {
        time: Time::Entry(EntryId(7), day, Length::from_minutes(45)),
        ..work[0].clone()
    });
    assert_eq!(
        lines(&work, terms("100", Policy::default())),
        "1.75 × 100 = 175.00; not billable 1800000"
    );
    let bill = bill(&work, &[terms("100", Policy::default())], &calendar()).unwrap();
    assert_eq!(bill.lines[0].claims[1], Claim::Entry(EntryId(7), day));
}

#[test]
fn a_session_is_not_split_by_a_note_or_midnight() {
    let policy = Policy {
        increment: Length::from_minutes(60),
        mode: Mode::Up,
        per: Per::Session,
        ..Policy::default()
    };
    let start = monday() + Length::from_minutes(14 * 60 + 50);
    let span =
        |from: i64, to: i64| Span::new(start + Length::from_minutes(from), start + Length::from_minutes(to)).unwrap();
    let touching = [work(span(0, 5), 0), work(span(5, 25), 0)];
    assert_eq!(lines(&touching, terms("100", policy)), "1.00 × 100 = 100.00");
    let apart = [work(span(0, 5), 0), work(span(6, 25), 0)];
    assert_eq!(lines(&apart, terms("100", policy)), "2.00 × 100 = 200.00");
}

fn policy() -> impl Strategy<Value = Policy> {
    let mode = prop_oneof![Just(Mode::Nearest), Just(Mode::Up), Just(Mode::Down)];
    let per = prop_oneof![Just(Per::Line), Just(Per::Day), Just(Per::Session), Just(Per::Note)];
    let increment = prop_oneof![Just(0), Just(6), Just(15)];
    (mode, per, increment, prop_oneof![Just(0), Just(10)]).prop_map(|(mode, per, increment, minimum)| Policy {
        increment: Length::from_minutes(increment),
        mode,
        per,
        minimum: Length::from_minutes(minimum),
    })
}

fn price() -> impl Strategy<Value = Price> {
    (0..50_000_i64, 0..3_u32).prop_map(|(number, scale)| Decimal::new(number, scale).try_into().unwrap())
}

proptest! {
    /// Split anywhere, also within sessions, the sum of two additions equals the one bill of all the work.
    #[test]
    fn a_tally_comes_to_the_bill_of_it_all(
        lengths in vec((1..20 * 60 * MINUTE, any::<bool>(), any::<bool>()), 1..40),
        policy in policy(),
        grouping in prop_oneof![Just(Grouping::Project), Just(Grouping::Day), Just(Grouping::Note)],
        cut in 0..100_usize,
    ) {
        let terms = [terms("95.00", policy), terms("72.30", policy)].map(|terms| Terms { grouping, ..terms });
        let mut start = monday();
        let mut stretches = Vec::new();
        for (length, other, apart) in lengths {
            let span = Span::new(start, start + Length::from_millis(length)).unwrap();
            start = span.end() + Length::from_minutes(i64::from(apart));
            let note = Some(Arc::from(format!("note {}", length % 3)));
            stretches.push(Work { note, ..work(span, usize::from(other)) });
        }
        let index = stretches.len() * cut / 100;
        let Time::Captured(span) = stretches[index].time else { unreachable!() };
        let middle = span.start() + Length::from_millis(span.length().millis() / 2);
        let half = |span: Option<Span>| span.map(|span| Work { time: Time::Captured(span), ..stretches[index].clone() });
        let (one, two) = (half(Span::new(span.start(), middle)), half(Span::new(middle, span.end())));
        let before: Vec<Work> = stretches[..index].iter().cloned().chain(one).collect();
        let after: Vec<Work> = two.into_iter().chain(stretches[index + 1..].iter().cloned()).collect();

        let mut tally = Tally::default();
        for work in [before, after] {
            tally.add(&work, |project| terms.get(project.0), &calendar());
        }
        let amounts: Vec<Amount> = tally.amounts(|project| terms.get(project.0)).into_values().collect();
        let bill = bill(&stretches, &terms, &calendar()).unwrap();
        let zero = Amount::zero(terms[0].currency);
        let sum = bill.lines.iter().fold(zero, |sum, claimed| sum + claimed.line.amount);
        prop_assert_eq!(amounts.into_iter().fold(zero, |sum, amount| sum + amount), sum);
        // The worth of each project is what its lines say.
        for (index, terms) in terms.iter().enumerate() {
            let of_project: Vec<Work> = stretches.iter().filter(|work| work.project.0 == index).cloned().collect();
            let bill = super::bill(&of_project, &[terms.clone(), terms.clone()], &calendar()).unwrap();
            let lines = || bill.lines.iter().map(|claimed| &claimed.line);
            prop_assert_eq!(worth(&of_project, terms, &calendar()), Worth {
                billable: lines().map(|line| line.tracked).sum(),
                amount: lines().map(|line| line.amount).reduce(|sum, amount| sum + amount),
            });
        }
    }

    #[test]
    fn quantity_times_rate_is_the_amount_and_lines_add_up(
        lengths in vec(1..20 * 60 * MINUTE, 1..40),
        prices in vec(price(), 1..4),
        policy in policy(),
        code in prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")],
    ) {
        let currency: Currency = code.parse().unwrap();
        let terms: Vec<Terms> = prices
            .iter()
            .enumerate()
            .map(|(index, price)| Terms {
                project: ProjectId::new(format!("p{index}")),
                currency,
                ..terms(&price.to_string(), policy)
            })
            .collect();
        let mut start = monday();
        let stretches: Vec<Work> = lengths
            .iter()
            .enumerate()
            .map(|(index, length)| {
                let span = Span::new(start, start + Length::from_millis(*length)).unwrap();
                start = span.end();
                work(span, index % terms.len())
            })
            .collect();
        let bill = bill(&stretches, &terms, &calendar()).unwrap();
        for ClaimedLine { line, claims } in &bill.lines {
            prop_assert_eq!(line.quantity.scale(), 2);
            prop_assert_eq!(line.amount, Amount::rounded(line.quantity * line.price.value(), currency));
            let claimed = claims.iter().map(|claim| match claim {
                Claim::Span(span) => span.length(),
                Claim::Entry(..) => Length::ZERO,
            });
            prop_assert_eq!(line.tracked, claimed.sum::<Length>());
        }
        let billed: Length = bill.lines.iter().map(|claimed| claimed.line.tracked).sum();
        let left: Length = bill.left_out.iter().map(|left| left.length).sum();
        prop_assert_eq!(billed + left, lengths.iter().copied().map(Length::from_millis).sum::<Length>());
        let printed: Vec<Line> = bill.lines.into_iter().map(|claimed| claimed.line).collect();
        let totals = Totals::of(&printed, currency);
        let net: Decimal = printed.iter().map(|line| line.amount.value()).sum();
        let tax: Decimal = totals.taxes.iter().map(|subtotal| subtotal.amount.value()).sum();
        prop_assert_eq!(totals.net.value(), net);
        prop_assert_eq!(totals.tax.value(), tax);
        prop_assert_eq!(totals.gross.value(), net + tax);
        prop_assert!(totals.gross.value().scale() == currency.exponent());
    }
}

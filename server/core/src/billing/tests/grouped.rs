//! Time grouped by days and notes: nothing is lost by it, and every quantity can be derived again from the claims.

use super::*;

fn grouped(grouping: Grouping, policy: Policy) -> Terms {
    Terms {
        grouping,
        ..terms("100", policy)
    }
}

fn noted(minutes: i64, length: i64, note: Option<&str>) -> Work {
    let start = monday() + Length::from_minutes(minutes);
    Work {
        note: note.map(Arc::from),
        ..work(Span::new(start, start + Length::from_minutes(length)).unwrap(), 0)
    }
}

fn told(work: &[Work], grouping: Grouping) -> Vec<String> {
    let bill = bill(work, &[grouped(grouping, Policy::default())], &calendar()).unwrap();
    let told = |claimed: &ClaimedLine| {
        let line = &claimed.line;
        let (first, last) = line.period.unwrap();
        let note = line.note.as_deref().unwrap_or("-");
        format!("{first} {last} {note} {}", line.quantity)
    };
    bill.lines.iter().map(told).collect()
}

#[test]
fn a_line_is_a_project_a_day_or_a_note() {
    let day = 24 * 60;
    let work = [
        noted(0, 60, Some("review")),
        noted(60, 30, None),
        noted(day, 60, Some("call")),
        noted(day + 60, 60, Some("review")),
    ];
    assert_eq!(told(&work, Grouping::Project), ["2026-11-16 2026-11-17 - 3.50"]);
    assert_eq!(
        told(&work, Grouping::Day),
        ["2026-11-16 2026-11-16 - 1.50", "2026-11-17 2026-11-17 - 2.00"]
    );
    assert_eq!(
        told(&work, Grouping::Note),
        [
            "2026-11-16 2026-11-16 - 0.50",
            "2026-11-17 2026-11-17 call 1.00",
            "2026-11-16 2026-11-17 review 2.00"
        ]
    );
}

#[test]
fn notes_come_in_natural_order() {
    let names = [None, Some("#9"), Some("#10"), Some("#100"), Some("call")];
    let minutes = (0..).step_by(60);
    let work: Vec<Work> = minutes
        .zip(names.iter().rev())
        .map(|(minute, name)| noted(minute, 60, *name))
        .collect();
    let bill = bill(&work, &[grouped(Grouping::Note, Policy::default())], &calendar()).unwrap();
    let notes: Vec<Option<&str>> = bill.lines.iter().map(|line| line.line.note.as_deref()).collect();
    assert_eq!(notes, names);
}

/// Twelve notes of five minutes, half an hour apart.
fn twelve_notes() -> Vec<Work> {
    let name = |note: i64| format!("note {note:02}");
    (0..12).map(|note| noted(note * 35, 5, Some(&name(note)))).collect()
}

fn quantities(work: &[Work], terms: &Terms) -> Vec<String> {
    let bill = bill(work, std::slice::from_ref(terms), &calendar()).unwrap();
    bill.lines
        .iter()
        .map(|claimed| claimed.line.quantity.to_string())
        .collect()
}

fn net(work: &[Work], terms: &Terms) -> Decimal {
    let bill = bill(work, std::slice::from_ref(terms), &calendar()).unwrap();
    bill.lines.iter().map(|claimed| claimed.line.amount.value()).sum()
}

const QUARTERS: Policy = Policy {
    increment: Length::from_minutes(15),
    mode: Mode::Up,
    per: Per::Line,
    minimum: Length::ZERO,
};

#[test]
fn a_policy_rounds_each_part_once_however_lines_are_grouped() {
    let work = [noted(0, 7 * 60 + 5, None), noted(24 * 60, 60, None)];
    let quantities = |grouping, per| quantities(&work, &grouped(grouping, Policy { per, ..QUARTERS }));
    assert_eq!(quantities(Grouping::Day, Per::Day), ["7.25", "1.00"]);
    assert_eq!(quantities(Grouping::Project, Per::Day), ["8.25"]);
    assert_eq!(quantities(Grouping::Day, Per::Line), ["7.23", "1.02"]);
    assert_eq!(quantities(Grouping::Project, Per::Line), ["8.25"]);
}

#[test]
fn days_of_a_day_rate_have_four_decimals_and_cost_the_same_by_day_and_by_project() {
    let daily = |grouping| {
        let mut terms = Terms {
            grouping,
            ..terms("800", Policy::default())
        };
        terms.rates[0].unit = Unit::Day;
        terms
    };
    let days: Vec<Work> = (0..20).map(|day| noted(day * 24 * 60, 7 * 60, None)).collect();
    assert_eq!(net(&days, &daily(Grouping::Project)), Decimal::from(14_000));
    assert_eq!(net(&days, &daily(Grouping::Day)), Decimal::from(14_000));
    assert_eq!(quantities(&days, &daily(Grouping::Day)), ["0.875"; 20]);
    assert_eq!(quantities(&days, &daily(Grouping::Project)), ["17.5"]);
    assert_eq!(net(&sessions(&[60]), &daily(Grouping::Project)), Decimal::from(100));
    let two = Terms {
        quantity_decimals: Some(2),
        ..daily(Grouping::Project)
    };
    assert_eq!(quantities(&sessions(&[60]), &two), ["0.13"]);
}

#[test]
fn twelve_notes_of_five_minutes_are_one_hour() {
    let work = twelve_notes();
    let by = |grouping| grouped(grouping, Policy::default());
    assert_eq!(quantities(&work, &by(Grouping::Project)), ["1.00"]);
    assert_eq!(
        quantities(&work, &by(Grouping::Note)),
        [
            "0.08", "0.09", "0.08", "0.08", "0.09", "0.08", "0.08", "0.09", "0.08", "0.08", "0.09", "0.08"
        ]
    );
    let terms = Terms {
        grouping: Grouping::Note,
        ..terms("95", Policy::default())
    };
    assert_eq!(net(&work, &terms), Decimal::from(95));
}

#[test]
fn notes_are_rounded_one_by_one() {
    let policy = Policy {
        per: Per::Note,
        ..QUARTERS
    };
    // Two pieces with one note are one part, and so are pieces without a note.
    let mut work = twelve_notes();
    work.extend([
        noted(600, 5, Some("note 00")),
        noted(700, 10, None),
        noted(800, 10, None),
    ]);
    assert_eq!(quantities(&work, &grouped(Grouping::Project, policy)), ["3.50"]);
    let by_note = quantities(&work, &grouped(Grouping::Note, policy));
    assert_eq!(
        (by_note.len(), by_note[0].as_str(), by_note[1].as_str()),
        (13, "0.50", "0.25")
    );
}

#[test]
fn a_line_that_comes_to_nothing_joins_its_neighbour() {
    let seconds = |start: i64, length: i64, note: &str| {
        let start = monday() + Length::from_secs(start);
        Work {
            note: Some(Arc::from(note)),
            ..work(Span::new(start, start + Length::from_secs(length)).unwrap(), 0)
        }
    };
    let day = 24 * 3600;
    let work = [
        seconds(0, 5, "a"),
        seconds(60, 3600, "b"),
        seconds(day, 5, "c"),
        seconds(day + 60, 3600, "d"),
        seconds(2 * day, 5, "e"),
    ];
    let lines = bill(&work, &[grouped(Grouping::Note, Policy::default())], &calendar()).unwrap();
    let lines: Vec<_> = lines
        .lines
        .iter()
        .map(|claimed| {
            (
                claimed.line.note.as_deref().unwrap(),
                claimed.line.period.unwrap().1.to_string(),
                claimed.claims.len(),
            )
        })
        .collect();
    let expected = [("b", "2026-11-16".to_owned(), 2), ("d", "2026-11-18".to_owned(), 3)];
    assert_eq!(lines, expected);
    // A key is left out only if all of its lines are zero.
    let brief = [seconds(0, 5, "a"), seconds(60, 5, "b")];
    assert_eq!(
        super::lines(&brief, grouped(Grouping::Note, Policy::default())),
        "zero 10000"
    );
}

#[test]
fn an_entrys_own_rate_is_a_key_of_its_own() {
    let day = "2026-11-16".parse().unwrap();
    let entry = |id, rate: Option<&str>| Work {
        rate: rate.map(|rate| rate.parse().unwrap()),
        time: Time::Entry(EntryId(id), day, Length::from_minutes(30)),
        ..sessions(&[30]).remove(0)
    };
    let work = [entry(1, None), entry(2, Some("120")), entry(3, Some("120.00"))];
    assert_eq!(
        super::lines(&work, terms("95", Policy::default())),
        "0.50 × 95 = 47.50; 1.00 × 120 = 120.00"
    );
    // Also before the project's first rate, and beside a daily one.
    let mut later = terms("95", Policy::default());
    later.rates[0].from = Some("2026-12-01".parse().unwrap());
    later.rates[0].unit = Unit::Day;
    assert_eq!(super::lines(&work, later), "1.00 × 120 = 120.00; no rate 1800000");
}

#[test]
fn lines_of_earlier_versions_keep_the_rule_of_their_version() {
    // As version 0.1 stored it: each line was rounded alone, days with two decimals.
    let stored = |per: &str| {
        let text =
            format!(r#"{{"policy":{{"increment":900000,"mode":"up","per":"{per}","minimum":0}},"hours_per_day":"8"}}"#);
        let rounding: Rounding = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&rounding).unwrap(), text);
        rounding
    };
    let claims: Vec<(Claim, Length)> = sessions(&[5, 20, 20])
        .iter()
        .map(|work| match work.time {
            Time::Captured(span) => (Claim::Span(span), span.length()),
            Time::Entry(..) => unreachable!(),
        })
        .collect();
    let again = |per, unit| stored(per).again(&claims, unit, &calendar()).1.to_string();
    assert_eq!(
        [again("line", Unit::Hour), again("session", Unit::Hour)],
        ["0.75", "1.25"]
    );
    assert_eq!([again("day", Unit::Day), again("session", Unit::Day)], ["0.09", "0.16"]);
}

/// Work of every kind, as a ledger has it: captured time in order, then entries; some at a rate of their own.
fn mixed() -> impl Strategy<Value = Vec<Work>> {
    let piece = (1..30 * 60 * MINUTE, 0..4_u8, any::<bool>(), 0..6_u8, 0..3_u8);
    vec(piece, 1..30).prop_map(|pieces| {
        let mut start = monday();
        let (mut captured, mut entries) = (Vec::new(), Vec::new());
        for (length, note, apart, kind, scale) in pieces {
            // Long and very short ones.
            let length = Length::from_millis(length / 300_i64.pow(u32::from(scale)) + 1);
            let note: Option<Arc<str>> = (note > 0).then(|| Arc::from(format!("note {note}")));
            let span = Span::new(start, start + length).unwrap();
            if kind < 2 {
                let day = calendar().day_of(start);
                let rate = (kind == 1).then(|| "120.50".parse().unwrap());
                let id = EntryId(entries.len().try_into().unwrap());
                entries.push(Work {
                    note,
                    rate,
                    time: Time::Entry(id, day, length),
                    ..work(span, 0)
                });
            } else {
                captured.push(Work { note, ..work(span, 0) });
                start = span.end();
            }
            start = start + Length::from_minutes(i64::from(apart) * 500);
        }
        captured.append(&mut entries);
        captured
    })
}

/// Returns, by price, the sums of the quantities and amounts, and half a minor unit per line.
fn sums(bill: &Bill) -> BTreeMap<Price, (Decimal, Decimal, Decimal)> {
    let mut sums = BTreeMap::<Price, (Decimal, Decimal, Decimal)>::new();
    for ClaimedLine { line, .. } in &bill.lines {
        let sum = sums.entry(line.price).or_default();
        sum.0 += line.quantity;
        sum.1 += line.amount.value();
        sum.2 += Decimal::new(5, 3);
    }
    sums
}

const GROUPINGS: [Grouping; 3] = [Grouping::Project, Grouping::Day, Grouping::Note];

proptest! {
    #[test]
    fn grouping_never_changes_the_sum_of_quantities(
        work in mixed(),
        policy in policy(),
        unit in prop_oneof![Just(Unit::Hour), Just(Unit::Day)],
        quantity_decimals in prop_oneof![Just(None), (0..5_u32).prop_map(Some)],
    ) {
        let bill = |grouping| {
            let mut terms = Terms { quantity_decimals, ..grouped(grouping, policy) };
            terms.rates[0].unit = unit;
            bill(&work, &[terms], &calendar()).unwrap()
        };
        let all: Vec<_> = GROUPINGS.map(|grouping| sums(&bill(grouping))).into();
        for sums in &all {
            prop_assert_eq!(sums.len(), all[0].len());
            for ((price, (quantity, amount, slack)), (_, (whole, ..))) in sums.iter().zip(&all[0]) {
                prop_assert_eq!(quantity, whole);
                prop_assert!((*amount - *quantity * price.value()).abs() <= *slack);
            }
        }
        let left: Vec<Vec<LeftOut>> = GROUPINGS.map(|grouping| bill(grouping).left_out).into();
        prop_assert!(left.iter().all(|other| *other == left[0]));
    }

    #[test]
    fn nothing_is_lost_by_grouping_and_each_line_can_be_made_again_alone(
        work in mixed(),
        policy in policy(),
        grouping in prop_oneof![Just(Grouping::Project), Just(Grouping::Day), Just(Grouping::Note)],
        unit in prop_oneof![Just(Unit::Hour), Just(Unit::Day)],
    ) {
        let mut terms = grouped(grouping, policy);
        terms.rates[0].unit = unit;
        let bill = bill(&work, &[terms], &calendar()).unwrap();
        let length_of = |claim: &Claim| match claim {
            Claim::Span(span) => span.length(),
            Claim::Entry(id, _) => {
                let is_it = |work: &&Work| matches!(work.time, Time::Entry(other, ..) if other == *id);
                work.iter().find(is_it).map(|work| work.time.length()).unwrap_or_default()
            }
        };
        for claimed in &bill.lines {
            let claims: Vec<(Claim, Length)> = claimed.claims.iter().map(|claim| (*claim, length_of(claim))).collect();
            // The stored values suffice.
            let text = serde_json::to_string(&claimed.line).unwrap();
            let line: Line = serde_json::from_str(&text).unwrap();
            let unit = if line.unit == Measure::Day { Unit::Day } else { Unit::Hour };
            let again = line.rounding.as_ref().unwrap().again(&claims, unit, &calendar());
            prop_assert_eq!(again, (line.tracked, line.quantity));
            prop_assert!(!line.quantity.is_zero());
            prop_assert_eq!(line.amount, Amount::rounded(line.quantity * line.price.value(), Currency::EUR));
        }
        let billed: Length = bill.lines.iter().map(|claimed| claimed.line.tracked).sum();
        let left: Length = bill.left_out.iter().map(|left| left.length).sum();
        let given: Length = work.iter().map(|work| work.time.length()).sum();
        prop_assert_eq!(billed + left, given);
    }
}

//! Time grouped by days and notes: nothing is lost by it, and every quantity can be made again from what is claimed.

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

proptest! {
    #[test]
    fn nothing_is_lost_by_grouping_and_quantities_can_be_made_again(
        pieces in vec((1..30 * 60 * MINUTE, 0..3_u8, any::<bool>(), 0..20_u8), 1..40),
        policy in policy(),
        grouping in prop_oneof![Just(Grouping::Project), Just(Grouping::Day), Just(Grouping::Note)],
        unit in prop_oneof![Just(Unit::Hour), Just(Unit::Day)],
    ) {
        let mut terms = grouped(grouping, policy);
        terms.rates[0].unit = unit;
        let mut start = monday();
        let mut all = Vec::new();
        for (length, note, apart, entry) in pieces {
            let span = Span::new(start, start + Length::from_millis(length)).unwrap();
            start = span.end() + Length::from_minutes(i64::from(apart));
            let note = (note > 0).then(|| Arc::from(format!("note {note}")));
            all.push(Work { note: note.clone(), ..work(span, 0) });
            if entry == 0 {
                let day = calendar().day_of(span.start());
                let time = Time::Entry(EntryId(length), day, Length::from_millis(length / 2 + 1));
                all.push(Work { note, time, ..work(span, 0) });
            }
        }
        // Entries come last.
        all.sort_by_key(|work| matches!(work.time, Time::Entry(..)));
        let bill = bill(&all, &[terms], &calendar()).unwrap();
        let length_of = |claim: &Claim| match claim {
            Claim::Span(span) => span.length(),
            Claim::Entry(id, _) => {
                let is_it = |work: &&Work| matches!(work.time, Time::Entry(other, ..) if other == *id);
                all.iter().find(is_it).map(|work| work.time.length()).unwrap_or_default()
            }
        };
        for claimed in &bill.lines {
            let claims: Vec<(Claim, Length)> = claimed.claims.iter().map(|claim| (*claim, length_of(claim))).collect();
            let line = &claimed.line;
            let again = line.rounding.unwrap().again(&claims, unit, &calendar());
            prop_assert_eq!(again, (line.tracked, line.quantity));
            prop_assert_eq!(line.amount, Amount::rounded(line.quantity * line.price.value(), Currency::EUR));
        }
        let billed: Length = bill.lines.iter().map(|claimed| claimed.line.tracked).sum();
        let left: Length = bill.left_out.iter().map(|left| left.length).sum();
        let given: Length = all.iter().map(|work| work.time.length()).sum();
        prop_assert_eq!(billed + left, given);
    }
}

//! A billed stretch never changes, and nothing is billed twice, whatever happens between one invoice and the next.

use chrono_tz::Tz;
use keeptab_core::activity::{Event, Sign};
use keeptab_core::billing::{Bill, Claim, ClaimedLine, Grouping, Per, Policy, Rate, Terms, Time, Work, bill};
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::{Length, Span};
use keeptab_core::money::{Tax, TaxCategory, Unit};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{ProjectIndex, Stretch, Tag, Tagged, within, without};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::history::{History, PROJECTS, Scale, history, spans};
use crate::replay::{replay, united};

/// A change of the history, then a span to bill.
#[derive(Clone, Debug)]
struct Stage {
    /// The state of the history from now on: its rules, limits, corrections and entries replace the earlier ones;
    /// events add up.
    history: History,
    billed: Span,
}

fn stages() -> impl Strategy<Value = Vec<Stage>> {
    let stage = history(Scale::LARGE).prop_flat_map(|history| {
        let spans = spans(Scale::LARGE, history.events.clone(), 2);
        spans.prop_map(move |spans| Stage {
            history: history.clone(),
            billed: spans.first().copied().unwrap_or(Span::ALL),
        })
    });
    prop::collection::vec(stage, 1..5)
}

fn terms(index: usize) -> Terms {
    let rate = |from: Option<&str>, price: &str| Rate {
        from: from.map(|from| from.parse().unwrap()),
        price: price.parse().unwrap(),
        unit: Unit::Hour,
    };
    Terms {
        project: ProjectId::new(format!("acme/{index}")),
        name: format!("Project {index}"),
        // One project is not billable, and one has no rate at first.
        billable: index != 0,
        rates: match index {
            1 => vec![rate(Some("1970-01-03"), "95.00")],
            2 => vec![rate(None, "80.00"), rate(Some("1970-01-02"), "90.00")],
            _ => vec![rate(None, "100.00")],
        },
        hours_per_day: Decimal::from(8),
        quantity_decimals: None,
        currency: "EUR".parse().unwrap(),
        tax: Tax::new(TaxCategory::S, Some(Decimal::from(19))).unwrap(),
        policy: Policy {
            per: [Per::Line, Per::Day, Per::Session][index % 3],
            ..Policy::default()
        },
        grouping: Grouping::Project,
    }
}

fn work(open: &[Stretch<Tagged>]) -> Vec<Work> {
    let work = |stretch: &Stretch<Tagged>| match stretch.tag.tag {
        Tag::Project(project) => Some(Work {
            project,
            billable: stretch.tag.billable.unwrap_or(true),
            note: None,
            rate: None,
            time: Time::Captured(stretch.span),
        }),
        Tag::Unassigned | Tag::Private => None,
    };
    open.iter().filter_map(work).collect()
}

fn claims(line: &ClaimedLine) -> Vec<Span> {
    let span = |claim: &Claim| match claim {
        Claim::Span(span) => *span,
        Claim::Entry(..) => unreachable!(),
    };
    line.claims.iter().map(span).collect()
}

fn length(spans: &[Span]) -> Length {
    spans.iter().map(|span| span.length()).sum()
}

fn left_out(bill: &Bill) -> Length {
    bill.left_out.iter().map(|left| left.length).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_instant_is_billed_twice_and_none_that_was_not_open(stages in stages()) {
        let (calendar, terms) = (Calendar::new(Tz::Europe__Berlin), (0..PROJECTS).map(terms).collect::<Vec<_>>());
        let mut invoiced: Vec<Span> = Vec::new();
        let mut events: Vec<Event<Tag>> = Vec::new();
        for (number, stage) in (1_u32..).zip(stages) {
            events.extend(stage.history.events.iter().map(|event| {
                let mut event = *event;
                event.id.device.0 += number * 10;
                event
            }));
            let history = History { events: events.clone(), claims: invoiced.clone(), ..stage.history };
            let replay = replay(&history);
            // Billed time is frozen and the rest is as it is counted now: together they are the timeline.
            let taken = united(&[&invoiced[..], &history.entries].concat());
            prop_assert_eq!(&replay.open, &without(&replay.corrected, &taken));
            let open = within(&replay.open, stage.billed);
            let work = work(&open);
            let bill = bill(&work, &terms, &calendar).unwrap();
            for line in &bill.lines {
                prop_assert_eq!(length(&claims(line)), line.line.tracked);
                let project = terms.iter().position(|terms| Some(&terms.project) == line.line.project.as_ref()).unwrap();
                let own = open.iter().filter(|stretch| stretch.tag.tag == Tag::Project(ProjectIndex(project)));
                let own: Vec<Span> = own.map(|stretch| stretch.span).collect();
                let both = united(&[&own[..], &claims(line)].concat());
                prop_assert_eq!(length(&both), length(&united(&own)), "a line claims time of its project only");
            }
            let new: Vec<Span> = bill.lines.iter().flat_map(claims).collect();
            prop_assert_eq!(length(&new) + left_out(&bill), work.iter().map(|work| work.time.length()).sum::<Length>());
            let sum = length(&invoiced) + length(&new);
            invoiced.extend(new);
            invoiced.sort();
            prop_assert_eq!(length(&united(&invoiced)), sum, "an instant is billed twice");
        }
    }

    #[test]
    fn billed_time_is_not_open_again_whatever_comes(before in history(Scale::LARGE), after in history(Scale::LARGE)) {
        let billed: Vec<Span> = replay(&before).open.iter().map(|stretch| stretch.span).collect();
        let open = replay(&History { claims: billed.clone(), ..after.clone() }).open;
        let unbilled = replay(&History { claims: Vec::new(), ..after }).open;
        for stretch in &open {
            prop_assert!(billed.iter().all(|billed| billed.intersect(stretch.span).is_none()));
        }
        // Late arrivals beside billed time are unbilled, and show.
        prop_assert_eq!(open, without(&unbilled, &united(&billed)));
    }

    #[test]
    fn other_rules_move_time_and_leave_its_sum(history in history(Scale::LARGE), moved in 0..PROJECTS) {
        let mut retagged = history.clone();
        for event in &mut retagged.events {
            if let Sign::Heartbeat { tag, .. } = &mut event.sign {
                *tag = Tag::Project(ProjectIndex(moved));
            }
        }
        let plain = |history: History| {
            let (agents_count, corrections) = ([false; PROJECTS], Vec::new());
            let open = replay(&History { agents_count, corrections, ..history }).open;
            united(&open.iter().map(|stretch| stretch.span).collect::<Vec<_>>())
        };
        prop_assert_eq!(plain(retagged), plain(history));
    }
}

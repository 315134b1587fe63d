//! No instant and no fee is reserved by two drafts, and all drafts and the rest together are what one would bill.

use std::collections::BTreeMap;
use std::fs;

use keeptab_core::billing::{Claim, LineKind};
use keeptab_core::instant::Span;
use keeptab_core::invoice::{Charge, Item};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tempfile::TempDir;

use super::super::compute::{Computed, Wanted};
use super::*;
use crate::tests::{CONFIG, at, open, record, work};
use crate::tests::{Call, boxed};
use crate::{Addition, InvoiceView};

/// The projects; the last two are billed in dollars.
const PROJECTS: [&str; 4] = ["api", "web", "us", "west"];
const DAYS: i64 = 5;
const NOW: i64 = DAYS * 24 * 60;

/// Half an hour a day for each project, and on some days an entry without clock times besides.
fn weekdays() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let dollars = |id: &str| {
        format!("[project.{id}]\nclient = \"acme\"\ncurrency = \"USD\"\nrate = \"100.00\"\npaths = [\"/w/{id}\"]\n")
    };
    let config = format!("{CONFIG}\n{}{}", dollars("us"), dollars("west"));
    fs::write(folder.path().join("keeptab.toml"), config).unwrap();
    let mut engine = open(&folder);
    let mut events = Vec::new();
    for day in 0..DAYS {
        for (nth, project) in (0..).zip(PROJECTS) {
            for step in 0..=6 {
                let seq = u64::try_from(events.len()).unwrap() + 1;
                let minute = day * 24 * 60 + nth * 60 + step * 5;
                events.push(work(seq, at(minute), &format!("/w/{project}/a.rs")));
            }
            if (day + nth) % 2 == 0 {
                let addition = Addition {
                    project: ProjectId::new(project),
                    length: Length::from_minutes(20 + nth),
                    day: Some(engine.config.calendar.day_of(at(day * 24 * 60))),
                    at: None,
                    note: None,
                    billable: true,
                    beside: false,
                };
                engine.ask(at(NOW), |engine, now| engine.add(&addition, now)).unwrap();
            }
        }
    }
    record(&mut engine, "vim", events, at(NOW));
    (folder, engine)
}

#[derive(Clone, Debug)]
enum Step {
    /// Some days or all, some projects or all, and a currency or any.
    Draft(Option<(i64, i64)>, u8, Option<bool>),
    Issue(Option<(i64, i64)>, u8, Option<bool>),
    IssueDraft(usize),
    Discard(usize),
    /// A fee of a project, or of none.
    Fee(Option<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    let days = || proptest::option::of((0..DAYS, 0..3_i64));
    let projects = || prop_oneof![Just(0_u8), 1..16_u8];
    let currency = || proptest::option::of(any::<bool>());
    prop_oneof![
        6 => (days(), projects(), currency()).prop_map(|(days, projects, currency)| Step::Draft(days, projects, currency)),
        1 => (days(), projects(), currency()).prop_map(|(days, projects, currency)| Step::Issue(days, projects, currency)),
        1 => (0..4_usize).prop_map(Step::IssueDraft),
        1 => (0..4_usize).prop_map(Step::Discard),
        2 => proptest::option::of(0..4_usize).prop_map(Step::Fee),
    ]
}

fn scope(engine: &Engine, days: Option<(i64, i64)>, projects: u8, currency: Option<bool>) -> Scope {
    let day = |index: i64| engine.config.calendar.day_of(at(index * 24 * 60));
    let chosen = PROJECTS.iter().enumerate().filter(|(nth, _)| projects & (1 << nth) > 0);
    let chosen: BTreeSet<ProjectId> = chosen.map(|(_, id)| ProjectId::new(*id)).collect();
    let code = |dollars| if dollars { "USD" } else { "EUR" };
    Scope {
        range: days.map(|(first, more)| Range::Days(day(first), day(first + more))),
        selection: Selection {
            projects: Some(chosen).filter(|chosen| !chosen.is_empty()),
            currency: currency.map(|dollars| code(dollars).parse().unwrap()),
        },
    }
}

fn one_of(drafts: &[DraftRow], index: usize) -> String {
    let draft = index.checked_rem(drafts.len()).and_then(|index| drafts.get(index));
    draft.map_or("99".to_owned(), |draft| draft.id.0.to_string())
}

fn command(engine: &Engine, nth: usize, step: &Step) -> Call {
    let drafts = engine.store.drafts().unwrap();
    match step {
        Step::Draft(days, projects, currency) => {
            let scope = scope(engine, *days, *projects, *currency);
            boxed(move |engine, now| engine.draft("acme", &scope, None, None, now))
        }
        Step::Issue(days, projects, currency) => {
            let scope = scope(engine, *days, *projects, *currency);
            boxed(move |engine, now| engine.issue("acme", &scope, None, now))
        }
        Step::IssueDraft(index) => boxed(issue(one_of(&drafts, *index))),
        Step::Discard(index) => {
            let which = one_of(&drafts, *index);
            boxed(move |engine, _| engine.discard(&which))
        }
        Step::Fee(project) => {
            let fee = Charge {
                kind: LineKind::Fee,
                description: format!("fee {nth:02}"),
                quantity: Decimal::ONE,
                price: "10.00".parse().unwrap(),
                project: project.map(|index| ProjectId::new(PROJECTS[index])),
                day: None,
                tax: None,
            };
            boxed(move |engine, now| engine.add_item("acme", &Item::Charge(fee), now))
        }
    }
}

fn issue(which: String) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> {
    move |engine: &mut Engine, now| engine.issue(&which, &Scope::default(), None, now)
}

type Sums = BTreeMap<ProjectId, Length>;

fn add(sums: &mut Sums, computed: &Computed) {
    for line in &computed.bill.lines {
        let project = line.line.project.clone().unwrap();
        *sums.entry(project).or_default() += line.line.tracked;
    }
}

/// Returns the computed invoice of each open draft.
fn held(engine: &mut Engine) -> Vec<Computed> {
    let mut held = Vec::new();
    for draft in engine.store.drafts().unwrap() {
        let items = engine.store.items(draft.id).unwrap();
        if let Ok(computed) = engine.compute(&Wanted::of(&draft, &items), at(NOW)) {
            held.push(computed);
        }
    }
    held
}

/// Returns the invoiced time, the drafted time, and the time that could be drafted next, by project.
fn all(engine: &mut Engine) -> Sums {
    let mut sums = Sums::new();
    for row in engine.store.invoices().unwrap() {
        for line in row
            .invoice
            .content()
            .lines
            .iter()
            .filter(|line| line.kind == LineKind::Time)
        {
            *sums.entry(line.project.clone().unwrap()).or_default() += line.tracked;
        }
    }
    for computed in held(engine) {
        add(&mut sums, &computed);
    }
    for currency in ["EUR", "USD"] {
        let reserves = Reservation {
            client: "acme".into(),
            span: Span::new(Instant::EARLIEST, at(NOW)).unwrap(),
            selection: Selection::of_currency(currency.parse().unwrap()),
        };
        if let Ok(computed) = engine.compute(&Wanted::anew(&reserves), at(NOW)) {
            add(&mut sums, &computed);
        }
    }
    sums
}

/// Returns the fees on drafts and invoices, in order.
fn fees(engine: &Engine) -> Vec<String> {
    let mut fees = Vec::new();
    for draft in engine.store.drafts().unwrap() {
        for row in engine.store.items(draft.id).unwrap() {
            if let Item::Charge(charge) = row.item {
                fees.push(charge.description);
            }
        }
    }
    for row in engine.store.invoices().unwrap() {
        let lines = row.invoice.content().lines.iter();
        fees.extend(
            lines
                .filter(|line| line.kind == LineKind::Fee)
                .map(|line| line.description.clone()),
        );
    }
    fees.sort();
    fees
}

fn meet(one: Claim, other: Claim) -> bool {
    match (one, other) {
        (Claim::Span(one), Claim::Span(other)) => one.intersect(other).is_some(),
        (Claim::Entry(one, _), Claim::Entry(other, _)) => one == other,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn drafts_part_the_time_of_a_client(steps in vec(step(), 1..12)) {
        let (_folder, mut engine) = weekdays();
        let whole = all(&mut engine);
        prop_assert_eq!(whole.len(), PROJECTS.len());
        let mut added = Vec::new();
        for (nth, step) in steps.iter().enumerate() {
            let done = engine.ask(at(NOW), command(&engine, nth, step));
            if let Err(error) = &done {
                prop_assert!(error.to_string().contains("hint: "), "{:?}: {:#}", step, error);
                prop_assert!(!format!("{error:#}").contains("1811"), "{:?}: {:#}", step, error);
            }
            match step {
                Step::Fee(_) if done.is_ok() => added.push(format!("fee {nth:02}")),
                Step::Discard(_) => added = fees(&engine),
                _ => {}
            }
            prop_assert_eq!(&fees(&engine), &added, "{:?}", step);
            let claims: Vec<Vec<Claim>> = held(&mut engine)
                .iter()
                .map(|computed| computed.bill.lines.iter().flat_map(|line| line.claims.clone()).collect())
                .collect();
            for (nth, one) in claims.iter().enumerate() {
                for other in claims.iter().skip(nth + 1) {
                    let doubled = one.iter().find(|one| other.iter().any(|other| meet(**one, *other)));
                    prop_assert_eq!(doubled, None, "{:?}", step);
                }
            }
            prop_assert_eq!(&all(&mut engine), &whole, "{:?}", step);
        }
        for draft in engine.store.drafts().unwrap() {
            engine.ask(at(NOW), issue(draft.id.0.to_string())).unwrap();
        }
        for dollars in [false, true] {
            let scope = scope(&engine, None, 0, Some(dollars));
            drop(engine.ask(at(NOW), |engine, now| engine.issue("acme", &scope, None, now)));
        }
        prop_assert_eq!(held(&mut engine).len(), 0);
        prop_assert_eq!(&all(&mut engine), &whole);
        prop_assert_eq!(&fees(&engine), &added);
        let found = engine.verify(None, None).unwrap();
        prop_assert!(found.holds(), "{}", found);
    }
}

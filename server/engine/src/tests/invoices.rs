//! The life of invoices: no mix of drafting, issuing, cancelling and paying loses time, and every figure holds.

mod attest;
mod credit;
mod discounts;
mod numbers;
mod references;

use std::collections::{BTreeSet, HashMap};

use keeptab_core::billing::LineKind;
use keeptab_core::invoice::{Charge, Covers, Discount, InvoiceNumber, Item, Paying, Reduction};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use serde_json::Value;

use super::*;

/// Half an hour for each project on each of five days, a day apart.
fn week(engine: &mut Engine) {
    let mut events = Vec::new();
    for day in 0..5 {
        for (project, from) in [("/w/api/a.rs", 0), ("/w/web/b.rs", 60)] {
            for step in 0..=6 {
                let seq = u64::try_from(events.len()).unwrap() + 1;
                events.push(work(seq, at(day * 24 * 60 + from + step * 5), project));
            }
        }
    }
    record(engine, "vim", events, at(5 * 24 * 60));
}

const NOW: i64 = 5 * 24 * 60;

fn ask<T: Json>(engine: &mut Engine, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> anyhow::Result<Value> {
    engine.ask(at(NOW), call).map(|answer| answer.json())
}

fn day(index: i64) -> Option<Range> {
    let day = keeptab_core::calendar::Calendar::new(chrono_tz::Europe::Berlin).day_of(at(index * 24 * 60));
    Some(Range::Days(day, day))
}

fn issue(which: &str, range: Option<Range>) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + use<> {
    let which = which.to_owned();
    move |engine: &mut Engine, now| engine.issue(&which, &range.into(), None, now)
}

fn cancel(
    number: &str,
    lines: Option<Vec<usize>>,
    keep: bool,
) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + use<> {
    let number: InvoiceNumber = number.parse().unwrap();
    move |engine: &mut Engine, now| engine.cancel(&number, lines, keep, None, None, now)
}

fn verified(engine: &mut Engine) {
    let found = engine.verify(None, None).unwrap();
    assert!(found.holds(), "{found}");
}

/// Returns seconds tracked, invoiced and left to bill.
fn seconds(engine: &mut Engine) -> (i64, i64, i64) {
    let report = report(engine, at(NOW));
    let sum = |key: &str| {
        let rows = report["rows"].as_array().unwrap().iter();
        rows.map(|row| row[key].as_i64().unwrap()).sum::<i64>()
    };
    (
        report["totalSeconds"].as_i64().unwrap(),
        sum("invoicedSeconds"),
        sum("billableSeconds"),
    )
}

/// One thing that a user may do next.
#[derive(Clone, Debug)]
enum Step {
    Draft(i64),
    Discard(usize),
    IssueDay(i64),
    IssueDraft(usize),
    /// A fee, named by the number of the step.
    Fee,
    Cancel(usize, u8, bool),
    Pay(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..5_i64).prop_map(Step::Draft),
        1 => (0..3_usize).prop_map(Step::Discard),
        2 => (0..5_i64).prop_map(Step::IssueDay),
        4 => (0..3_usize).prop_map(Step::IssueDraft),
        3 => Just(Step::Fee),
        4 => (0..6_usize, any::<u8>(), any::<bool>()).prop_map(|(index, lines, keep)| Step::Cancel(index, lines, keep)),
        1 => (0..6_usize, -50..200_i64).prop_map(|(index, amount)| Step::Pay(index, amount)),
    ]
}

fn fee(description: &str, project: Option<&str>) -> Item {
    Item::Charge(Charge {
        kind: LineKind::Fee,
        description: description.into(),
        quantity: Decimal::ONE,
        price: "10.00".parse().unwrap(),
        project: project.map(ProjectId::new),
        day: None,
        tax: None,
    })
}

/// Returns the fees that drafts hold and that stand on invoices, less those that a credit note gave back, in order.
fn fees(engine: &Engine) -> Vec<String> {
    let mut fees = Vec::new();
    for draft in engine.store.drafts().unwrap() {
        let items = engine.store.items(draft.id).unwrap().into_iter();
        fees.extend(items.filter_map(|row| match row.item {
            Item::Charge(charge) => Some(charge.description),
            _ => None,
        }));
    }
    for row in engine.store.invoices().unwrap() {
        let content = row.invoice.content();
        let is_back = |line: &usize| {
            row.standing
                .credits
                .iter()
                .any(|credit| !credit.kept && credit.lines.contains(line))
        };
        let lines = content
            .lines
            .iter()
            .enumerate()
            .filter(|(line, _)| content.kind.credited().is_none() && !is_back(line));
        fees.extend(
            lines
                .filter(|(_, line)| line.kind == LineKind::Fee)
                .map(|(_, line)| line.description.clone()),
        );
    }
    fees.sort();
    fees
}

fn one_of<T>(these: &[T], index: usize) -> Option<&T> {
    these.get(index.checked_rem(these.len())?)
}

/// Does it, or is refused with a hint. Returns whether it was done.
fn take(engine: &mut Engine, nth: usize, step: &Step) -> bool {
    let drafts: Vec<String> = engine
        .store
        .drafts()
        .unwrap()
        .iter()
        .map(|draft| draft.id.0.to_string())
        .collect();
    let rows = engine.store.invoices().unwrap();
    let numbers: Vec<InvoiceNumber> = rows.iter().map(|row| row.invoice.number().clone()).collect();
    let call = match step.clone() {
        Step::Draft(index) => Some(boxed(move |engine, now| {
            engine.draft("acme", &day(index).into(), None, None, now)
        })),
        Step::Discard(index) => one_of(&drafts, index)
            .cloned()
            .map(|which| boxed(move |engine, _| engine.discard(&which))),
        Step::IssueDay(index) => Some(boxed(issue("acme", day(index)))),
        Step::IssueDraft(index) => one_of(&drafts, index).map(|which| boxed(issue(which, None))),
        Step::Fee => Some(boxed(move |engine, now| {
            engine.add_item("acme", &fee(&format!("fee {nth:02}"), None), now)
        })),
        Step::Cancel(index, lines, keep) => one_of(&numbers, index).map(|number| {
            let lines: Vec<usize> = (0..3).filter(|line| lines & (1 << line) > 0).collect();
            let lines = Some(lines).filter(|lines| !lines.is_empty());
            boxed(cancel(&number.to_string(), lines, keep))
        }),
        Step::Pay(index, amount) => one_of(&numbers, index).cloned().map(|number| {
            boxed(move |engine, now| engine.pay(&number, &Paying::of(Some(Decimal::from(amount))), None, now))
        }),
    };
    match call.map(|call| ask(engine, call)) {
        Some(Err(error)) => {
            assert!(error.to_string().contains("hint: "), "{error:#}");
            false
        }
        done => done.is_some(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn drafts_and_credit_notes_conserve_time(steps in vec(step(), 1..24)) {
        let folder = home();
        let mut engine = open(&folder);
        week(&mut engine);
        let (total, _, all) = seconds(&mut engine);
        prop_assert_eq!((total, all), (5 * 3_600, 5 * 3_600));
        let mut added: BTreeSet<String> = BTreeSet::new();
        for (nth, step) in steps.iter().enumerate() {
            let done = take(&mut engine, nth, step);
            // A fee exists once, wherever it is; only discarding a draft discards its fees.
            match step {
                Step::Fee if done => drop(added.insert(format!("fee {nth:02}"))),
                Step::Discard(_) => added = fees(&engine).into_iter().collect(),
                _ => {}
            }
            prop_assert!(fees(&engine).iter().eq(&added), "{:?}: {:?} of {:?}", step, fees(&engine), added);
            let (now, invoiced, billable) = seconds(&mut engine);
            prop_assert_eq!((now, billable), (total, all), "{:?}", step);
            // The time that live lines bill equals the time that the report calls invoiced.
            let mut live = 0;
            let rows = engine.store.invoices().unwrap();
            for row in rows.iter().filter(|row| row.invoice.content().kind.credited().is_none()) {
                let released: BTreeSet<usize> =
                    row.standing.credits.iter().filter(|credit| !credit.kept).flat_map(|credit| credit.lines.clone()).collect();
                let lines = row.invoice.content().lines.iter().enumerate();
                live += lines.filter(|(line, _)| !released.contains(line)).map(|(_, line)| line.tracked.whole_seconds()).sum::<i64>();
            }
            prop_assert_eq!(invoiced, live, "{:?}", step);
            let counters: Vec<u32> = rows.iter().map(|row| row.invoice.number().counter()).collect();
            prop_assert_eq!(counters, (1..=u32::try_from(rows.len()).unwrap()).collect::<Vec<_>>());
        }
        let found = engine.verify(None, None).unwrap();
        prop_assert!(found.holds(), "{}", found);
        // No time is lost: the rest can be billed, except for time that was kept billed.
        for draft in engine.store.drafts().unwrap() {
            engine.store.discard_draft(draft.id).unwrap();
        }
        let left = all - seconds(&mut engine).1;
        match ask(&mut engine, issue("acme", None)) {
            Ok(_) => prop_assert_eq!(seconds(&mut engine).1, all),
            Err(error) => prop_assert!(left == 0 && error.to_string().contains("nothing to bill"), "{error:#}"),
        }
    }
}

#[test]
fn a_credit_note_names_the_original_and_gives_its_time_back() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let invoice = ask(&mut engine, issue("acme", day(0))).unwrap();
    assert_eq!(
        (&invoice["kind"], &invoice["grossTotal"]),
        (&"invoice".into(), &"102.50".into())
    );
    let note = ask(&mut engine, cancel("JDS-202611-0001", Some(vec![1]), false)).unwrap();
    assert_eq!(
        (&note["number"], &note["kind"]),
        (&"JDS-202611-0002".into(), &"credit-note".into())
    );
    assert_eq!(
        (&note["credits"], &note["grossTotal"]),
        (&"JDS-202611-0001".into(), &"55.00".into())
    );
    assert_eq!(seconds(&mut engine).1, 1_800);
    let number = "JDS-202611-0001".parse().unwrap();
    let row = engine.store.invoice(&number).unwrap();
    assert_eq!(row.standing.owed(&row.invoice).to_string(), "47.50");
    // The rest is cancelled and stays billed; there is nothing more to cancel.
    ask(&mut engine, cancel("JDS-202611-0001", None, true)).unwrap();
    assert_eq!(seconds(&mut engine).1, 1_800);
    let again = ask(&mut engine, cancel("JDS-202611-0001", None, false)).unwrap_err();
    assert!(again.to_string().contains("is cancelled already"), "{again}");
    let error = ask(&mut engine, cancel("JDS-202611-0002", None, false)).unwrap_err();
    assert!(error.to_string().contains("is a credit note"), "{error}");
    verified(&mut engine);
}

#[test]
fn what_is_added_by_hand_stands_on_the_invoice_and_what_cannot_be_is_not_kept() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let add = |engine: &mut Engine, item: Item| {
        let command = |engine: &mut Engine, now| engine.add_item("acme", &item, now);
        ask(engine, command)
    };
    let discount = |of: Reduction| {
        Item::Discount(Discount {
            reason: "loyalty".into(),
            tax: None,
            covers: Covers::All,
            of,
        })
    };
    let draft = add(&mut engine, discount(Reduction::Percent(10.into()))).unwrap();
    assert_eq!(
        (&draft["lineTotal"], &draft["allowanceTotal"]),
        (&"512.50".into(), &"51.25".into())
    );
    let error = add(&mut engine, Item::Prepaid(462.into())).unwrap_err();
    assert!(
        error.to_string().contains("paid in advance, more than the 461.25"),
        "{error}"
    );
    let error = add(&mut engine, discount(Reduction::Amount(462.into()))).unwrap_err();
    assert!(error.to_string().contains("more than the lines"), "{error}");
    let draft = add(&mut engine, Item::Prepaid(100.into())).unwrap();
    assert_eq!(
        (&draft["due"], draft["items"].as_array().unwrap().len()),
        (&"361.25".into(), 2)
    );
    let invoice = ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(
        (&invoice["due"], &invoice["owed"], &invoice["prepaid"]),
        (&"361.25".into(), &"361.25".into(), &"100.00".into())
    );
    verified(&mut engine);
}

#[test]
fn what_was_added_by_hand_goes_back_to_a_draft_and_says_where_it_cannot() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let add = |engine: &mut Engine, item: Item| ask(engine, |engine, now| engine.add_item("acme", &item, now)).unwrap();
    add(&mut engine, fee("Setup", None));
    let discount = Discount {
        reason: "loyalty".into(),
        tax: None,
        covers: Covers::All,
        of: Reduction::Percent(10.into()),
    };
    add(&mut engine, Item::Discount(discount));
    let first = ask(&mut engine, issue("acme", None)).unwrap();
    let note = ask(&mut engine, cancel("JDS-202611-0001", None, false)).unwrap();
    assert_eq!(note["givenBack"]["items"].as_array().unwrap().len(), 2);
    let again = ask(&mut engine, issue(&note["givenBack"]["draft"].to_string(), None)).unwrap();
    assert_eq!(again["grossTotal"], first["grossTotal"]);
    assert_eq!(again["allowances"], first["allowances"]);
    // An existing draft takes it; if the draft could not be billed with it, that is reported and the draft is
    // unchanged.
    ask(&mut engine, cancel("JDS-202611-0003", Some(vec![2]), false)).unwrap();
    let draft = add(&mut engine, Item::Prepaid(5.into()));
    assert_eq!(
        (&draft["items"][0]["charge"]["description"], &draft["due"]),
        (&"Setup".into(), &"4.00".into())
    );
    let project = format!("{CONFIG}\n[project.usd]\nclient = \"acme\"\ncurrency = \"USD\"\nrate = \"95.00\"\n");
    fs::write(folder.path().join("keeptab.toml"), project).unwrap();
    engine.ask(at(NOW), Engine::reload).unwrap();
    ask(&mut engine, |engine, _| engine.discard("acme")).unwrap();
    for _ in 0..2 {
        add(&mut engine, fee("Flight", Some("usd")));
        ask(&mut engine, issue("acme", None)).unwrap();
    }
    let held = add(&mut engine, fee("Travel", None));
    let note = ask(&mut engine, cancel("JDS-202611-0005", None, false)).unwrap();
    // It is of another currency than the open draft, so it gets a draft of its own.
    let own = &note["givenBack"]["draft"];
    assert_ne!((own, own), (&held["draft"], &Value::Null));
    for (id, kept) in [(own, "Flight"), (&held["draft"], "Travel")] {
        let which = id.to_string();
        let shown = ask(&mut engine, |engine, now| engine.show(&which, now)).unwrap();
        assert_eq!(shown["items"][0]["charge"]["description"], kept);
        ask(&mut engine, |engine, _| engine.discard(&which)).unwrap();
    }
    // No draft is made for it if it cannot be billed.
    fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
    engine.ask(at(NOW), Engine::reload).unwrap();
    let note = ask(&mut engine, cancel("JDS-202611-0006", None, false)).unwrap();
    assert!(
        note["givenBack"]["because"]
            .as_str()
            .unwrap()
            .contains("no project `usd`"),
        "{note}"
    );
    assert_eq!(engine.store.drafts().unwrap(), []);
    verified(&mut engine);
}

#[test]
fn issuing_says_what_changed_since_the_preview_and_refuses_what_nobody_computed() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    ask(&mut engine, draft).unwrap();
    let span = Span::new(at(0), at(30)).unwrap();
    let erase = keeptab_core::correction::Change::Erase;
    engine.store.apply(&[Edit::Correct(span, erase)], at(NOW)).unwrap();
    let row = engine.store.drafts().unwrap().remove(0);
    engine.store.add_item(row.id, &Item::Note("thanks".into())).unwrap();
    // A draft computed before the note was added is not issued.
    let stale = keeptab_store::Issue {
        org: "JDS".parse().unwrap(),
        date: "2026-11-20".parse().unwrap(),
        content: engine.store.preview(row.id).unwrap().unwrap(),
        lines: Vec::new(),
        entries: HashMap::new(),
        released: Vec::new(),
    };
    let error = engine
        .store
        .issue(&stale, Some((row.id, row.revision)), at(NOW))
        .unwrap_err();
    assert!(
        error.to_string().contains("was changed, issued or discarded meanwhile"),
        "{error}"
    );
    let invoice = ask(&mut engine, issue("acme", None)).unwrap();
    let told: Vec<String> = invoice["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|changed| {
            let side = |key: &str| changed[key].as_str().unwrap_or("nothing").to_owned();
            format!("{}: {} → {}", side("what"), side("before"), side("after"))
        })
        .collect();
    assert_eq!(
        told,
        [
            "api: 2.50 × 95.00 = 237.50 → 2.00 × 95.00 = 190.00",
            "total: 512.50 → 465.00"
        ]
    );
}

#[test]
fn payments_are_of_what_is_owed_and_two_at_once_do_not_pay_twice() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    ask(&mut engine, issue("acme", day(0))).unwrap();
    let pay = |amount: Option<&str>| {
        let number = "JDS-202611-0001".parse().unwrap();
        let amount = amount.map(|amount| amount.parse().unwrap());
        move |engine: &mut Engine, now| engine.pay(&number, &Paying::of(amount), None, now)
    };
    let part = ask(&mut engine, pay(Some("2.50"))).unwrap();
    assert_eq!(
        (&part["status"], &part["owed"]),
        (&"part-paid".into(), &"100.00".into())
    );
    for (amount, why) in [
        ("100.01", "0.01 more than the EUR 100.00 owed"),
        ("0.001", "is no amount of EUR"),
        ("0", "is no amount"),
        ("-2.51", "cannot go back"),
    ] {
        let error = ask(&mut engine, pay(Some(amount))).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("hint: "), "{error}");
    }
    let mut other = open(&folder);
    let paid = ask(&mut other, pay(None)).unwrap();
    assert_eq!((&paid["status"], &paid["owed"]), (&"paid".into(), &"0.00".into()));
    let error = ask(&mut engine, pay(None)).unwrap_err().to_string();
    assert!(error.contains("nothing is owed"), "{error}");
    let error = ask(&mut engine, pay(Some("100"))).unwrap_err().to_string();
    assert!(error.contains("more than the EUR 0.00 owed"), "{error}");
}

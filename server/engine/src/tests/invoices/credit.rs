//! A client's credit is there once, and used once.

use keeptab_core::invoice::PaymentKind;

use super::*;

fn add(engine: &mut Engine, item: Item) -> Value {
    ask(engine, |engine, now| engine.add_item("acme", &item, now)).unwrap()
}

fn draft(range: Option<Range>) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    move |engine: &mut Engine, now| engine.draft("acme", &range.into(), None, None, now)
}

fn show(engine: &mut Engine, which: &str) -> Value {
    ask(engine, |engine, now| engine.show(which, now)).unwrap()
}

fn pay(number: &str, amount: i64) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    let number: InvoiceNumber = number.parse().unwrap();
    move |engine: &mut Engine, now| engine.pay(&number, &Paying::of(Some(amount.into())), None, now)
}

/// Returns the client's credit as the list, the catalogue and the dashboard show it.
fn shown(engine: &mut Engine) -> String {
    let list = ask(engine, |engine, now| engine.invoices(&Filter::default(), now)).unwrap();
    let of_list: Decimal = list
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|view| Some(view["credit"].as_str()?.parse::<Decimal>().unwrap()))
        .sum();
    let catalogue = ask(engine, Engine::catalogue).unwrap();
    let of_client: Decimal = catalogue["clients"][0]["credit"]["EUR"]
        .as_str()
        .unwrap_or("0")
        .parse()
        .unwrap();
    assert_eq!(of_list, of_client);
    of_client.to_string()
}

#[test]
fn the_next_draft_takes_the_credit_as_far_as_it_needs_it() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    // 512.50 in all, 300.00 paid in advance; the whole invoice is cancelled.
    add(&mut engine, Item::Prepaid(300.into()));
    ask(&mut engine, issue("acme", None)).unwrap();
    let note = ask(&mut engine, cancel("JDS-202611-0001", None, false)).unwrap();
    assert!(
        note["warnings"][0]
            .as_str()
            .unwrap()
            .contains("the next draft takes it"),
        "{note}"
    );
    assert_eq!(shown(&mut engine), "300.00");
    // The first draft holds it, and uses no more than it bills; another gets none meanwhile.
    let first = ask(&mut engine, draft(day(0))).unwrap();
    assert_eq!(
        (&first["prepaid"], &first["due"], &first["items"][0]["credit"]["of"]),
        (&"102.50".into(), &"0.00".into(), &"JDS-202611-0001".into())
    );
    assert_eq!(ask(&mut engine, draft(day(1))).unwrap()["prepaid"], "0.00");
    // Removed, it is free for the next; discarded as well.
    let item = usize::try_from(first["items"][0]["number"].as_u64().unwrap()).unwrap();
    let which = first["draft"].to_string();
    let without = ask(&mut engine, |engine: &mut Engine, now| {
        engine.remove_item(&which.clone(), item, now)
    })
    .unwrap();
    assert_eq!(without["prepaid"], "0.00");
    let third = ask(&mut engine, draft(day(2))).unwrap();
    assert_eq!(third["prepaid"], "102.50");
    ask(&mut engine, |engine: &mut Engine, _| {
        engine.discard(&third["draft"].to_string())
    })
    .unwrap();
    let fourth = ask(&mut engine, draft(day(3))).unwrap();
    let issued = ask(&mut engine, issue(&fourth["draft"].to_string(), None)).unwrap();
    assert_eq!(
        (&issued["prepaid"], &issued["status"]),
        (&"102.50".into(), &"paid".into())
    );
    assert_eq!(shown(&mut engine), "197.50");
    let overpaid = show(&mut engine, "JDS-202611-0001");
    assert_eq!(
        (&overpaid["owed"], &overpaid["payments"][0]["usedBy"]),
        (&"-197.50".into(), &"JDS-202611-0003".into())
    );
    // Without a draft it is taken as well.
    let direct = ask(&mut engine, issue("acme", day(4))).unwrap();
    assert_eq!(direct["prepaid"], "102.50");
    assert_eq!(shown(&mut engine), "95.00");
    verified(&mut engine);
    // Cancelling what used it gives it back, once.
    ask(&mut engine, cancel("JDS-202611-0003", None, false)).unwrap();
    assert_eq!(shown(&mut engine), "197.50");
    // Refunded money is not credit; a draft that counted on it takes the rest.
    ask(&mut engine, pay("JDS-202611-0001", -90)).unwrap();
    assert_eq!(shown(&mut engine), "107.50");
    verified(&mut engine);
}

#[test]
fn credit_stays_with_its_currency_and_is_not_used_twice_at_once() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    add(&mut engine, Item::Prepaid(50.into()));
    ask(&mut engine, issue("acme", None)).unwrap();
    ask(&mut engine, cancel("JDS-202611-0001", None, false)).unwrap();
    let usd = format!("{CONFIG}\n[project.usd]\nclient = \"acme\"\ncurrency = \"USD\"\nrate = \"95.00\"\n");
    fs::write(folder.path().join("keeptab.toml"), usd).unwrap();
    engine.ask(at(NOW), Engine::reload).unwrap();
    let flight = ask(&mut engine, draft(day(0))).unwrap();
    ask(&mut engine, |engine: &mut Engine, _| {
        engine.discard(&flight["draft"].to_string())
    })
    .unwrap();
    // An invoice that was computed with credit which another window used is refused, and writes nothing.
    let one = ask(&mut engine, draft(day(1))).unwrap();
    let row = engine.store.drafts().unwrap().remove(0);
    let content = engine.store.preview(row.id).unwrap().unwrap();
    assert_eq!(one["prepaid"], "50.00");
    ask(&mut engine, pay("JDS-202611-0001", -20)).unwrap();
    let stale = keeptab_store::Issue {
        org: "JDS".parse().unwrap(),
        date: "2026-11-21".parse().unwrap(),
        content,
        lines: Vec::new(),
        entries: HashMap::new(),
        released: engine.store.released("acme").unwrap(),
    };
    let error = engine
        .store
        .issue(&stale, Some((row.id, row.revision)), at(NOW))
        .unwrap_err();
    assert!(error.to_string().contains("used or returned meanwhile"), "{error}");
    assert_eq!(show(&mut engine, "acme")["prepaid"], "30.00");
    assert_eq!(engine.store.free_credit("acme", "USD".parse().unwrap()).unwrap(), []);
    verified(&mut engine);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// No credit is lost, used twice or below zero, after any mix of payments, cancellations and invoices.
    #[test]
    fn credit_is_used_once(steps in vec((0..5_u8, 0..8_usize, 0..120_i64), 1..24)) {
        let folder = home();
        let mut engine = open(&folder);
        week(&mut engine);
        let mut came_in = Decimal::ZERO;
        for (what, index, amount) in steps {
            let rows = engine.store.invoices().unwrap();
            let numbers: Vec<String> = rows.iter().map(|row| row.invoice.number().to_string()).collect();
            match (what, one_of(&numbers, index)) {
                (0, _) => {
                    let drafts = engine.store.drafts().unwrap().len();
                    let done = ask(&mut engine, draft(day(amount % 5)));
                    if done.is_ok() && engine.store.drafts().unwrap().len() > drafts && amount % 3 == 0 {
                        let which = engine.store.drafts().unwrap().pop().unwrap().id.0.to_string();
                        let item = Box::new(Item::Prepaid(amount.into()));
                        let _ = ask(&mut engine, |engine, now| engine.add_item(&which, &item, now));
                    }
                }
                (1, _) => {
                    let drafts = engine.store.drafts().unwrap();
                    let Some(draft) = one_of(&drafts, index) else { continue };
                    if let Ok(issued) = ask(&mut engine, issue(&draft.id.0.to_string(), None)) {
                        let row = engine.store.invoice(&issued["number"].as_str().unwrap().parse().unwrap()).unwrap();
                        let advances = row.invoice.content().items.iter().filter_map(|item| match item {
                            Item::Prepaid(amount) => Some(*amount),
                            _ => None,
                        });
                        came_in += advances.sum::<Decimal>();
                    }
                }
                (2, Some(number)) => {
                    let lines = (amount % 2 == 0).then(|| vec![index % 2]);
                    let _ = ask(&mut engine, cancel(number, lines, false));
                }
                (3, Some(number)) => {
                    let paying = Paying { overpays: true, ..Paying::of(Some(Decimal::from(amount - 40))) };
                    let number = number.parse().unwrap();
                    if ask(&mut engine, |engine, now| engine.pay(&number, &paying, None, now)).is_ok() {
                        came_in += Decimal::from(amount - 40);
                    }
                }
                (4, Some(number)) => {
                    let paying = Paying { write_off: Some("lost".into()), ..Paying::default() };
                    let number = number.parse().unwrap();
                    if amount % 2 == 0 {
                        let _ = ask(&mut engine, |engine, now| engine.pay(&number, &paying, None, now));
                    } else {
                        let kind = PaymentKind::WriteOff;
                        let _ = ask(&mut engine, |engine, now| engine.take_back(&number, kind, None, now));
                    }
                }
                _ => {}
            }
            let mut settled = Decimal::ZERO;
            for row in engine.store.invoices().unwrap() {
                let content = row.invoice.content();
                if content.kind.credited().is_some() {
                    continue;
                }
                let of = row.standing.credit(&row.invoice).value();
                prop_assert!(of >= Decimal::ZERO);
                // Only money becomes credit.
                let money = row.standing.paid(&row.invoice) + content.totals.prepaid;
                prop_assert!(of <= money.value().max(Decimal::ZERO));
                let credited: Decimal = row.standing.credits.iter().map(|credit| credit.gross.value()).sum();
                let written_off = row.standing.sum_of(&row.invoice, PaymentKind::WriteOff).value();
                prop_assert!(written_off >= Decimal::ZERO);
                settled += content.totals.gross.value() - credited - row.standing.owed(&row.invoice).value() - written_off;
            }
            // The money paid in advance, and since, equals the money that came in: credit only moves.
            prop_assert_eq!(settled, came_in);
        }
        let found = engine.verify(None, None).unwrap();
        prop_assert!(found.holds(), "{}", found);
    }
}

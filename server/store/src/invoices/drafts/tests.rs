//! The trigger and `Reservation::meets` refuse the same drafts.

use keeptab_core::instant::Span;

use super::*;

fn selections() -> Vec<Selection> {
    let chosen = |ids: &[&str]| Some(ids.iter().map(|id| ProjectId::new(*id)).collect::<BTreeSet<_>>());
    let mut selections = Vec::new();
    for projects in [
        None,
        chosen(&[]),
        chosen(&["a"]),
        chosen(&["b"]),
        chosen(&["a", "b\"'"]),
    ] {
        for currency in [None, Some("EUR"), Some("USD")] {
            selections.push(Selection {
                projects: projects.clone(),
                currency: currency.map(|code| code.parse().unwrap()),
            });
        }
    }
    selections
}

fn reserves(selection: &Selection, client: &str, from: i64, to: i64) -> Reservation {
    Reservation {
        client: client.into(),
        span: Span::new(Instant::from_millis(from), Instant::from_millis(to)).unwrap(),
        selection: selection.clone(),
    }
}

/// Adds a draft without the store's checks.
fn insert(store: &Store, reserves: &Reservation) -> rusqlite::Result<usize> {
    let Selection { projects, currency } = &reserves.selection;
    let sql =
        "INSERT INTO draft (client, start_at, end_at, made_at, projects, currency) VALUES (?1, ?2, ?3, 0, ?4, ?5)";
    let projects = projects.as_ref().map(|ids| serde_json::to_string(ids).unwrap());
    let currency = currency.map(|currency| currency.to_string());
    let (start, end) = (reserves.span.start().millis(), reserves.span.end().millis());
    store
        .connection
        .execute(sql, (&reserves.client, start, end, projects, currency))
}

#[test]
fn no_two_drafts_reserve_the_same_whoever_writes_them() {
    let folder = tempfile::tempdir().unwrap();
    let now = Instant::from_millis(0);
    let mut store = Store::open(&folder.path().join("keeptab.db"), now).unwrap();
    for one in selections() {
        let first = reserves(&one, "acme", 10, 20);
        for other in selections() {
            for second in [
                reserves(&other, "acme", 19, 30),
                reserves(&other, "acme", 20, 30),
                reserves(&other, "globex", 10, 20),
            ] {
                let id = store.add_draft(&first, now).unwrap();
                assert_eq!(store.drafts().unwrap()[0].reserves, first);
                let meets = first.meets(&second);
                assert_eq!(insert(&store, &second).is_err(), meets, "{first:?} {second:?}");
                store
                    .connection
                    .execute("DELETE FROM draft WHERE id <> ?1", [id.0])
                    .unwrap();
                match store.add_draft(&second, now) {
                    Ok(_) => assert!(!meets),
                    Err(error) => {
                        let said = format!("{error:#}");
                        assert!(
                            meets && said.contains(&format!("`keeptab invoice discard {}`", id.0)),
                            "{said}"
                        );
                    }
                }
                store.connection.execute("DELETE FROM draft", []).unwrap();
            }
        }
    }
}

#[test]
fn a_draft_keeps_the_day_that_it_was_given_and_has_another_revision() {
    let folder = tempfile::tempdir().unwrap();
    let now = Instant::from_millis(0);
    let mut store = Store::open(&folder.path().join("keeptab.db"), now).unwrap();
    let id = store
        .add_draft(&reserves(&Selection::default(), "acme", 10, 20), now)
        .unwrap();
    let revision = |store: &Store| store.drafts().unwrap()[0].revision;
    let before = revision(&store);
    let day = "2026-11-30".parse().unwrap();
    store.change_draft(id, None, Some(day)).unwrap();
    assert_eq!(store.drafts().unwrap()[0].issue_date, Some(day));
    assert_eq!(revision(&store), before + 1);
    store.change_draft(id, None, None).unwrap();
    store.change_draft(id, Some(Grouping::Day), Some(day)).unwrap();
    assert_eq!(revision(&store), before + 2);
}

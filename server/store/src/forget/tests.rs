use std::collections::BTreeSet;
use std::path::Path;

use keeptab_core::activity::{Actor, Kind, Seq};

use super::*;
use crate::damaged::Noise;
use crate::{NewEvent, NewSign, Store, examine};

const NOW: Instant = Instant::from_millis(1_795_200_000_000);
const FIRST: i64 = 1_794_816_000_000;

/// Tells from the instant and the name of an event if it is meant.
type IsMeant = dyn Fn(&(i64, String)) -> bool;

fn path(text: &str) -> Entity {
    Entity::Path(text.into())
}

fn seen(entity: Entity, seq: u64, at: i64) -> NewEvent {
    NewEvent {
        seq: Some(Seq(seq)),
        at: Instant::from_millis(at),
        sign: NewSign::Heartbeat {
            kind: Kind::Edit,
            actor: Actor::Human,
            entity,
            root: Some(Entity::Unnamed {
                root: Some("/work/acme".into()),
            }),
            language: None,
        },
    }
}

/// The instants and texts of the events that are kept.
fn events(store: &Store) -> BTreeSet<(i64, String)> {
    let sql = "SELECT at, text FROM event JOIN entity ON entity.id = event.entity";
    let mut statement = store.connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_thing_is_it_and_all_below_it() {
    let connection = Connection::open_in_memory().unwrap();
    let meant = |things: &[Entity]| Meant::of(&connection, &Scope::Things(things.to_vec())).unwrap();
    let page = |text: &str| Entity::Url(text.into());
    let folder = |text: &str| Entity::Unnamed {
        root: Some(text.into()),
    };
    let folders = meant(&[path("/work/a"), page("https://x.example/b")]);
    for (thing, is_meant) in [
        (path("/work/a"), true),
        (path("/work/a/b/c.rs"), true),
        (folder("/work/a"), true),
        (folder("/work/a/b"), true),
        (path("/work/ab"), false),
        (path("/work/a.rs"), false),
        (path("/work"), false),
        (page("https://x.example/b"), true),
        (page("https://x.example/b/"), true),
        (page("https://x.example/b/c"), true),
        (page("https://x.example/bc"), false),
        (page("https://x.example/"), false),
        (path("https://x.example/b"), false),
        (Entity::Private, false),
        (Entity::Unnamed { root: None }, false),
    ] {
        assert_eq!(folders.names(&thing), is_meant, "{thing}");
    }
    assert!(meant(&[page("https://x.example/")]).names(&page("https://x.example/b")));
    assert!(meant(&[path("/")]).names(&path("/a")));
    assert!(!meant(&[]).names(&path("/a")));
    // No two facts have equal hashes of one name.
    let hashes = |meant: Meant| match meant {
        Meant::Things { hashes, .. } => hashes,
        Meant::Time { .. } => unreachable!("things"),
    };
    assert!(hashes(meant(&[path("/a")])).is_disjoint(&hashes(meant(&[path("/a")]))));
}

/// A history of random events in some folders; some of its stretches are billed.
fn history(file: &Path, noise: &mut Noise) -> (Store, Vec<Span>) {
    let mut store = Store::open(file, NOW).unwrap();
    let count = 1 + noise.below(400);
    let mut list = Vec::new();
    for seq in 0..count {
        let folder = ["a", "a/b", "ab", "c"][noise.below(4)];
        let at = FIRST + i64::try_from(noise.below(300_000)).unwrap() * 1000 - 100_000_000;
        let thing = path(&format!("/work/acme/{folder}/{}.rs", noise.below(9)));
        list.push(seen(thing, seq as u64 + 1, at));
    }
    store.take("vim", &list, NOW).unwrap();
    let mut billed = Vec::new();
    let mut start = FIRST - 100_000_000;
    for line in 0..noise.below(5) {
        start += i64::try_from(noise.below(40_000)).unwrap() * 1000;
        let end = start + 1 + i64::try_from(noise.below(30_000)).unwrap() * 1000;
        billed.push(Span::new(Instant::from_millis(start), Instant::from_millis(end)).unwrap());
        let sql = format!(
            "INSERT OR IGNORE INTO invoice (id, number, kind, client, issue_date, issued_at, content)
                 VALUES (1, 'JDS-202611-0001', 'invoice', 'acme', '2026-11-16', 1, '{{}}');
             INSERT INTO claim (id, invoice, line, person, length) VALUES ({line} + 1, 1, {line}, 1, {end} - {start});
             INSERT INTO claim_span (claim, person, start_at, end_at) VALUES ({line} + 1, 1, {start}, {end});"
        );
        store.connection.execute_batch(&sql).unwrap();
        start = end + 1000;
    }
    (store, billed)
}

#[test]
fn what_is_meant_and_not_billed_is_gone_and_all_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..20 {
        let mut noise = Noise(seed);
        let file = folder.path().join(format!("{seed}.db"));
        let (mut store, billed) = history(&file, &mut noise);
        let before = events(&store);
        let is_billed = |at: i64| {
            let at = Instant::from_millis(at);
            billed.iter().any(|span| span.start() <= at && at <= span.end())
        };
        let (scope, is_meant): (Scope, Box<IsMeant>) = if seed % 2 == 0 {
            let meant = |(_, text): &(i64, String)| text.starts_with("/work/acme/a/");
            (Scope::Things(vec![path("/work/acme/a")]), Box::new(meant))
        } else {
            let start = FIRST + i64::try_from(noise.below(100_000)).unwrap() * 1000;
            let end = start + 40_000_000;
            let at = Instant::from_millis;
            let scope = Scope::Time {
                span: Span::new(at(start), at(end)).unwrap(),
                first: at(start).to_utc().date_naive(),
                last: at(end).to_utc().date_naive(),
            };
            (scope, Box::new(move |(at, _)| *at >= start && *at < end))
        };
        let wanted: BTreeSet<_> = before
            .iter()
            .filter(|event| !is_meant(event) || is_billed(event.0))
            .cloned()
            .collect();
        // To try it changes nothing.
        let tried = store.try_forgetting(&scope, NOW).unwrap();
        assert_eq!(events(&store), wanted, "seed {seed}");
        store.have_again().unwrap();
        assert_eq!(events(&store), before);
        assert_eq!(store.forget(&scope, NOW).unwrap(), tried, "seed {seed}");
        assert_eq!(events(&store), wanted, "seed {seed}");
        let gone = before.len() - wanted.len();
        assert!(tried.events >= gone as u64);
        assert_eq!(examine(&file), [], "seed {seed}");
        // Again there is nothing to forget.
        assert!(store.forget(&scope, NOW).unwrap().is_nothing(), "seed {seed}");
    }
}

#[test]
fn no_byte_of_a_forgotten_name_stays_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("keeptab.db"), folder.path().join("copy.db"));
    let mut store = Store::open(&file, NOW).unwrap();
    let name = |n: i64| if n % 3 == 0 { "hidden" } else { "open" };
    let list: Vec<NewEvent> = (0..3_000)
        .map(|n| {
            seen(
                path(&format!("/work/acme/{}/{n}.rs", name(n))),
                n.unsigned_abs() + 1,
                FIRST + n * 1000,
            )
        })
        .collect();
    store.take("vim", &list, NOW).unwrap();
    open::copy(&store.connection, &copy).unwrap();
    let removed = store
        .forget(&Scope::Things(vec![path("/work/acme/hidden")]), NOW)
        .unwrap();
    assert_eq!(
        (removed.events, removed.things, removed.names.len()),
        (1_000, 1_000, 10)
    );
    // Free space and the log may still hold it.
    let holds = |file: &Path| std::fs::read(file).unwrap().windows(6).any(|bytes| bytes == b"hidden");
    assert!(holds(&file) || holds(&folder.path().join("keeptab.db-wal")));
    Forgotten::clean(&file).unwrap();
    assert!(!holds(&file) && !holds(&folder.path().join("keeptab.db-wal")));
    // The copy does the same, once.
    assert!(holds(&copy));
    let forgotten = Forgotten::of(&file).unwrap();
    let new = folder.path().join("new.db");
    assert!(forgotten.reach(&copy, &new, NOW).unwrap());
    assert!(!holds(&new));
    assert!(!forgotten.reach(&new, &folder.path().join("third.db"), NOW).unwrap());
    assert_eq!(events(&Store::open(&new, NOW).unwrap()), events(&store));
    // Ids are not given again, for other hosts may know them.
    let before: i64 = store
        .connection
        .query_row("SELECT max(id) FROM entity", [], |row| row.get(0))
        .unwrap();
    store
        .take("vim", &[seen(path("/work/acme/new.rs"), 9_000, FIRST)], NOW)
        .unwrap();
    let after: i64 = store
        .connection
        .query_row("SELECT max(id) FROM entity", [], |row| row.get(0))
        .unwrap();
    assert_eq!(after, before + 1);
}

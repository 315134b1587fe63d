//! A database that tests damage.

use std::path::Path;

use keeptab_core::activity::{Actor, Kind, Seq};
use keeptab_core::entity::Entity;
use keeptab_core::instant::Instant;

use super::{NewEvent, NewSign, Store};

/// 2026-11-16T08:00:00Z.
pub(super) const MONDAY: i64 = 1_794_816_000_000;

/// A store of three days' work in 200 files, with an invoice.
pub(super) fn worked(path: &Path) {
    let mut store = Store::open(path, Instant::from_millis(MONDAY)).unwrap();
    let event = |n: i64| NewEvent {
        seq: Some(Seq(n.unsigned_abs() + 1)),
        at: Instant::from_millis(MONDAY + n * 72_000),
        sign: NewSign::Heartbeat {
            kind: if n % 3 == 0 { Kind::Save } else { Kind::Edit },
            actor: Actor::Human,
            entity: Entity::Path(format!("/work/acme/api/{}.rs", n % 200)),
            root: None,
            language: None,
        },
    };
    let events: Vec<NewEvent> = (0..3_600).map(event).collect();
    store.take("vim", &events, Instant::from_millis(MONDAY)).unwrap();
    let bills = "
        INSERT INTO series (org, month, next) VALUES ('JDS', 202611, 41);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
        INSERT INTO invoice (id, number, kind, client, issue_date, issued_at, content)
            SELECT i, format('JDS-202611-%04d', i), 'invoice', 'acme', '2026-11-16', i, format('{\"line\":\"hour %d\"}', i) FROM n;
        INSERT INTO claim (id, invoice, line, person, length) SELECT id, id, 0, 1, 3600000 FROM invoice;
        INSERT INTO claim_span (claim, person, start_at, end_at) SELECT id, 1, id * 3600000, id * 3600000 + 3600000 FROM claim;
        INSERT INTO payment (invoice, amount, day) SELECT id, '95.00', '2026-11-20' FROM invoice WHERE id % 2 = 0;
        INSERT INTO document (invoice, format, sha256, bytes) SELECT id, 'pdf', 'x', randomblob(2000) FROM invoice;
    ";
    store.connection.execute_batch(bills).unwrap();
    store.connection.close().unwrap();
}

/// Numbers that look random and are the same in each run.
pub(super) struct Noise(pub(super) u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next()).unwrap() % most
    }
}

/// Number of places overwritten for each length: `tests/long` asks for more.
#[expect(clippy::disallowed_methods, reason = "a longer run of the same test")]
pub(super) fn places() -> usize {
    let asked = std::env::var("KEEPTAB_DAMAGED_PLACES").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(20)
}

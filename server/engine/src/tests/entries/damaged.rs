//! A backup in place of a damaged database: no number is given twice, and losses are named.

use keeptab_core::invoice::{InvoiceNumber, Paying, Payment};
use keeptab_store::{Fault, Refusal};

use super::*;
use crate::Forget;
use crate::safety::{Restoration, restore};

/// The length of a page of the database.
const PAGE: usize = 4_096;

/// A home whose database is closed, with a backup of it that lacks most invoices.
struct Closed {
    folder: TempDir,
    backup: PathBuf,
    bytes: Vec<u8>,
    numbers: Vec<InvoiceNumber>,
    now: Instant,
}

/// Bills an hour before the backup. Since then bills another, is paid, takes that back, bills an entry with the hour, is paid
/// some of it, and bills a third hour.
fn closed() -> Closed {
    let mut desk = Desk::new();
    desk.capture(0, 60, "/w/api/a.rs");
    desk.issue().unwrap();
    let backup = desk.path("backup.db.gz");
    desk.engine
        .backup_job(Some(backup.clone()), at(desk.now))
        .run()
        .unwrap();
    desk.capture(120, 60, "/w/api/b.rs");
    let second = desk.issue().unwrap();
    pay(&mut desk, &second["number"], None);
    desk.cancel(&second["number"]).unwrap();
    desk.add(Some(240), 60, false).unwrap();
    let fourth = desk.issue().unwrap();
    pay(&mut desk, &fourth["number"], Some("20"));
    desk.capture(360, 60, "/w/api/c.rs");
    desk.issue().unwrap();
    let numbers = numbers_of(&desk.engine);
    assert_eq!(numbers.len(), 5);
    let Desk {
        folder, engine, now, ..
    } = desk;
    drop(engine);
    let bytes = fs::read(folder.path().join("keeptab.db")).unwrap();
    Closed {
        folder,
        backup,
        bytes,
        numbers,
        now: at(now),
    }
}

fn pay(desk: &mut Desk, number: &Value, amount: Option<&str>) {
    desk.run(|engine, now| {
        // The rest of a part is written off.
        let paying = Paying {
            write_off: amount.map(|_| "bank fees".to_owned()),
            ..Paying::of(amount.map(|amount| amount.parse().unwrap()))
        };
        engine.pay(&number.as_str().unwrap().parse().unwrap(), &paying, None, now)
    });
}

fn numbers_of(engine: &Engine) -> Vec<InvoiceNumber> {
    let rows = engine.store.invoices().unwrap();
    rows.iter().map(|row| row.invoice.number().clone()).collect()
}

impl Closed {
    fn home(&self) -> Home {
        Home::at(self.folder.path().to_owned(), None)
    }

    fn restore(&self, damaged: &[u8], yes: bool) -> anyhow::Result<Restoration> {
        for entry in fs::read_dir(self.folder.path()).unwrap().flatten() {
            if entry.file_name().to_string_lossy().contains(".db") && entry.path() != self.backup {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        fs::write(self.home().database(), damaged).unwrap();
        restore(&self.home(), &self.backup, yes, self.now)
    }

    fn open(&self) -> Engine {
        Engine::open(self.home(), self.now).unwrap()
    }

    /// Returns the next number of the month.
    fn next(&self, engine: &Engine) -> u32 {
        let month = self.numbers[0].series().month();
        let series = engine.store.all_series().unwrap();
        series.iter().find(|series| series.month == month).unwrap().next
    }

    /// Asserts that the restored store is whole, except for the losses it names.
    #[track_caller]
    fn check(&self, restored: &Restoration, original: &Engine, place: &str) -> bool {
        let engine = self.open();
        if restored.unreadable.is_none() {
            // All of it was readable: changed bytes are carried over, and `verify` names them.
            assert!(
                self.next(&engine) >= 6 && restored.taken.is_empty(),
                "{place}: {restored:?}"
            );
            return true;
        }
        assert_eq!(self.next(&engine), 6, "{place}: {restored:?}");
        let there = numbers_of(&engine);
        let missing: Vec<&InvoiceNumber> = self.numbers.iter().filter(|number| !there.contains(number)).collect();
        assert!(
            restored.taken.iter().eq(missing.iter().copied()),
            "{place}: {restored:?}"
        );
        assert!(
            restored.carried.invoices.len() + 1 + missing.len() == self.numbers.len(),
            "{place}: {restored:?}"
        );
        for row in engine.store.invoices().unwrap() {
            let was = original.store.invoice(row.invoice.number()).unwrap();
            assert_eq!(row.invoice.content(), was.invoice.content(), "{place}");
            let (paid, was) = (&row.standing.payments, &was.standing.payments);
            // The invoice that used a credit can be lost.
            let is_of = |payment: &Payment, other: &Payment| {
                let is_same = |of: &Payment| (of.day, of.amount, of.kind, of.reason.clone(), of.taxes.clone());
                is_same(payment) == is_same(other) && (payment.used_by.is_none() || payment.used_by == other.used_by)
            };
            let is_known = |payment: &Payment| was.iter().any(|other| is_of(payment, other));
            assert!(paid.iter().all(is_known), "{place}: {paid:?}, {was:?}");
        }
        // Each fault of the chain is about something that is missing.
        let faults = engine.store.chain().unwrap().faults;
        let mut is_gap = false;
        let mut named: Vec<String> = missing.iter().map(ToString::to_string).collect();
        for fault in &faults {
            match fault {
                Fault::Gone { record } | Fault::Changed { record, is: None, .. } => {
                    named.extend(record.invoice.clone());
                }
                // The first behind a gap.
                Fault::Broken { .. } => assert!(is_gap, "{place}: {faults:?}"),
                Fault::Gap { .. } => {}
                fault => panic!("{place}: {fault:?}"),
            }
            is_gap = matches!(fault, Fault::Gap { .. });
        }
        let problems = engine.audit_invoices().unwrap();
        for problem in &problems {
            let is_named = named.iter().any(|number| problem.contains(number.as_str()));
            assert!(
                is_named || problem.contains("of the chain"),
                "{place}: {problem}: {faults:?}"
            );
        }
        assert_eq!(
            problems.is_empty(),
            faults.is_empty() && missing.is_empty(),
            "{place}: {problems:?}, {faults:?}, {missing:?}"
        );
        // It can be backed up and restored in its turn.
        drop(engine);
        let again = self.folder.path().join("again.db.gz");
        let job = self.open().backup_job(Some(again.clone()), self.now);
        job.run().unwrap();
        let later = self.now + Length::from_minutes(1);
        let back = restore(&self.home(), &again, false, later);
        back.unwrap_or_else(|error| panic!("{place}: {error:#}"));
        fs::remove_file(again).unwrap();
        missing.is_empty()
    }
}

/// Bytes that are the same in each run and look random.
fn noise(seed: usize) -> impl Iterator<Item = u8> {
    let mut state = u64::try_from(seed).unwrap();
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    })
}

/// Number of places for each kind of damage: `tests/long` asks for more.
#[expect(clippy::disallowed_methods, reason = "a longer run of the same test")]
fn places() -> usize {
    let asked = std::env::var("KEEPTAB_DAMAGED_PLACES").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(16)
}

#[test]
fn no_number_is_given_twice_and_what_is_lost_is_named_wherever_a_database_is_damaged() {
    let closed = closed();
    let original = {
        let copy = home();
        fs::write(copy.path().join("keeptab.db"), &closed.bytes).unwrap();
        (open(&copy), copy)
    };
    // The documents would tell of the numbers: the database has to.
    fs::remove_dir_all(closed.home().invoices()).unwrap();
    let pages = closed.bytes.len() / PAGE;
    let (mut whole, mut seen) = (0, 0);
    for index in 0..places().min(pages) {
        let page = index * pages / places().min(pages);
        for how in ["zeros", "noise", "64 bytes"] {
            let mut bytes = closed.bytes.clone();
            let damaged = &mut bytes[page * PAGE..][..PAGE];
            match how {
                "zeros" => damaged.fill(0),
                "noise" => damaged
                    .iter_mut()
                    .zip(noise(page))
                    .for_each(|(byte, noise)| *byte = noise),
                _ => {
                    let at: usize = noise(page + 1).take(15).map(usize::from).sum();
                    let some = damaged[at..].iter_mut().take(64);
                    some.zip(noise(page)).for_each(|(byte, noise)| *byte = noise);
                }
            }
            let place = format!("{how} on page {}", page + 1);
            let restored = closed
                .restore(&bytes, true)
                .unwrap_or_else(|error| panic!("{place}: {error:#}"));
            seen += usize::from(restored.unreadable.is_some());
            whole += usize::from(closed.check(&restored, &original.0, &place));
        }
    }
    assert!(
        seen > places(),
        "{seen} damages of {pages} pages were seen to be damaged"
    );
    assert!(
        whole > seen / 2,
        "nothing is missing after {whole} of {seen} damages alone"
    );
}

#[test]
fn what_was_forgotten_stays_forgotten_when_a_backup_replaces_a_damaged_database() {
    let mut desk = Desk::new();
    desk.capture(0, 60, "/w/api/a.rs");
    desk.capture(60, 60, "/w/web/secret.rs");
    let backup = desk.path("backup.db.gz");
    desk.engine
        .backup_job(Some(backup.clone()), at(desk.now))
        .run()
        .unwrap();
    let what = Some(Forget::Named("/w/web".into()));
    desk.run(|engine, now| engine.forget(what.as_ref(), true, now));
    let Desk {
        folder, engine, now, ..
    } = desk;
    drop(engine);
    let home = || Home::at(folder.path().to_owned(), None);
    let good = fs::read(home().database()).unwrap();
    let (mut damaged, mut kept) = (0, 0);
    for page in (1..good.len() / PAGE).step_by(5) {
        let mut bytes = good.clone();
        bytes[page * PAGE..][..PAGE].fill(0);
        fs::write(home().database(), &bytes).unwrap();
        let later = at(now + i64::try_from(page).unwrap());
        let restored = restore(&home(), &backup, true, later).unwrap();
        damaged += usize::from(restored.unreadable.is_some());
        let things = Engine::open(home(), later).unwrap().store.things().unwrap();
        let secret = things.iter().any(|thing| format!("{thing:?}").contains("secret"));
        kept += usize::from(secret);
    }
    // Only the page of the fact itself, or of its device, can bring it back.
    assert!(damaged > 5 && kept <= 2, "{kept} of {damaged}");
}

#[test]
fn two_homes_that_parted_are_told_from_a_damaged_one() {
    let closed = closed();
    // Another home goes on from the same backup, and is backed up.
    let other = home();
    let other_home = Home::at(other.path().to_owned(), None);
    restore(&other_home, &closed.backup, true, closed.now).unwrap();
    let mut engine = Engine::open(other_home, closed.now).unwrap();
    let issue = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
    record(
        &mut engine,
        "other",
        vec![work(1, at(600), "/w/api/d.rs"), work(2, at(605), "/w/api/d.rs")],
        closed.now,
    );
    engine.ask(closed.now, issue).unwrap();
    let theirs = other.path().join("theirs.db.gz");
    engine.backup_job(Some(theirs.clone()), closed.now).run().unwrap();
    let closed = Closed {
        backup: theirs,
        ..closed
    };
    let pages = closed.bytes.len() / PAGE;
    let mut refused = 0;
    for page in (1..pages).step_by(pages / 6) {
        let mut bytes = closed.bytes.clone();
        bytes[page * PAGE..][..PAGE].fill(0);
        if let Err(error) = closed.restore(&bytes, true) {
            assert!(error.is::<Refusal>(), "{error:#}");
            assert!(
                fs::read(closed.home().database()).unwrap() == bytes,
                "it stays as it was"
            );
            refused += 1;
        }
    }
    assert!(refused >= 4, "only {refused} were refused");
}

/// Locks on a file that this process holds.
#[cfg(target_os = "linux")]
fn locks_on(path: &Path) -> usize {
    use std::os::unix::fs::MetadataExt as _;
    let inode = format!(":{} ", fs::metadata(path).unwrap().ino());
    let locks = fs::read_to_string("/proc/locks").unwrap();
    locks
        .lines()
        .filter(|lock| lock.contains("POSIX") && lock.contains(&inode))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn a_host_that_looks_at_its_own_damaged_database_keeps_its_locks() {
    let closed = closed();
    let mut bytes = closed.bytes.clone();
    let middle = bytes.len() / 2 / PAGE * PAGE;
    bytes[middle..middle + PAGE].fill(0);
    fs::write(closed.home().database(), &bytes).unwrap();
    let engine = closed.open();
    engine.store.invoices().unwrap();
    let before = locks_on(&closed.home().database());
    assert!(before > 0, "a log needs a lock");
    let dry = restore(&closed.home(), &closed.backup, false, closed.now).unwrap();
    assert!(dry.unreadable.is_some() && !dry.done, "{dry:?}");
    assert_eq!(locks_on(&closed.home().database()), before);
}

use std::fs;
use std::path::Path;

use keeptab_core::activity::{Cause, Seq};
use keeptab_core::instant::Instant;

use crate::{NewEvent, NewSign, Store};

const NOW: Instant = Instant::from_millis(1_794_816_000_000);

fn open(path: &Path) -> Store {
    Store::open(path, NOW).unwrap()
}

/// Takes an event of one source.
fn take(store: &mut Store, seq: u64) {
    let event = NewEvent {
        seq: Some(Seq(seq)),
        at: NOW,
        sign: NewSign::Boundary(Cause::Lock),
    };
    store.take("vim", &[event], NOW).unwrap();
}

/// Returns how many devices the store names, and how many of them have a source.
fn devices(store: &Store) -> (i64, usize) {
    let count = "SELECT count(*) FROM device";
    let count = store.connection.query_row(count, [], |row| row.get(0)).unwrap();
    (count, store.sources().unwrap().len())
}

/// A store that has an event.
fn used(path: &Path) {
    take(&mut open(path), 1);
}

/// Copies a store that no process has open.
fn copied(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

#[test]
fn a_copy_is_another_device_from_its_first_write() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.db"), folder.path().join("two.db"));
    used(&one);
    copied(&one, &two);
    let (mut first, mut second) = (open(&two), open(&two));
    assert_eq!(devices(&first), (1, 1), "reading names nobody");
    // The same name and number of another device is another event. Two processes agree on the device.
    take(&mut first, 1);
    take(&mut second, 2);
    assert_eq!(devices(&first), (2, 2));
    assert_eq!(first.device, second.device);
    take(&mut open(&two), 3);
    assert_eq!(devices(&open(&two)), (2, 2));
    // The first home is unchanged.
    take(&mut open(&one), 2);
    assert_eq!(devices(&open(&one)), (1, 1));
}

#[test]
fn a_store_that_never_said_where_it_is_stays_the_device_that_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.db");
    used(&path);
    open(&path).set_setting(super::KEY, None).unwrap();
    take(&mut open(&path), 2);
    assert_eq!(devices(&open(&path)), (1, 1));
}

#[test]
fn a_backup_is_a_copy_even_where_it_is_put_back_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (one, backup) = (folder.path().join("one.db"), folder.path().join("backup.db"));
    used(&one);
    fs::write(&backup, "").unwrap();
    crate::copy(&one, &backup).unwrap();
    // Into the same file: it keeps its number on the disk.
    fs::write(&one, fs::read(&backup).unwrap()).unwrap();
    take(&mut open(&one), 2);
    assert_eq!(devices(&open(&one)), (2, 2));
}

//! The only copy of a user's books is never the only one for longer than a day.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::channel;

use flate2::read::GzDecoder;
use notify::{RecursiveMode, Watcher as _};

use crate::harness::{Home, Trace, files_below, monotonic};

/// Unpacks a backup to the end, which checks its checksum, and returns the database.
fn unpacked(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut decoder = GzDecoder::new(fs::File::open(file).expect("a backup"));
    decoder.read_to_end(&mut bytes).expect("a whole backup");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    bytes
}

/// Returns the backups, without other files of their folder.
fn backups(home: &Home) -> Vec<PathBuf> {
    let mut files = files_below(&home.folder().join("backups"));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "gz"));
    files
}

/// Returns the number of events of a backup, read in a home of its own.
fn events_of(file: &Path) -> u64 {
    let home = Home::jane();
    fs::write(home.database(), unpacked(file)).expect("a database");
    home.events()
}

#[test]
fn the_first_commit_of_a_day_is_followed_by_a_backup() {
    let home = Home::jane();
    let folder = home.folder().join("backups");
    fs::create_dir_all(&folder).expect("a folder");
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender).expect("a watcher");
    watcher
        .watch(&folder, RecursiveMode::NonRecursive)
        .expect("a watched folder");
    let mut host = home.plugin("test");
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=600);
    host.record(&trace);
    while backups(&home).is_empty() {
        changes
            .recv_timeout(crate::harness::PATIENCE)
            .expect("a change")
            .expect("a change");
    }
    let [backup] = &backups(&home)[..] else {
        panic!("one backup")
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(backup).expect("a file").permissions().mode() & 0o777,
            0o600
        );
    }
    assert_eq!(events_of(backup), trace.last());
}

#[test]
fn a_backup_by_hand_has_all_and_overwrites_nothing() {
    let home = Home::jane();
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=600);
    home.plugin("test").record(&trace);
    let file = home.user().join("own.db.gz");
    let name = file.to_str().expect("a path");
    let said = home.cli(["backup", name]).json();
    assert_eq!((&said["events"], &said["invoices"]), (&trace.last().into(), &0.into()));
    assert_eq!(said["file"], name);
    assert_eq!(said["bytes"], fs::metadata(&file).expect("a file").len());
    assert_eq!(events_of(&file), trace.last());
    let before = fs::read(&file).expect("a file");
    home.cli(["backup", name]).fails(1);
    assert_eq!(fs::read(&file).expect("a file"), before);
    // The backup of the day is written anew, also from the palette.
    let day = home.cli(["backup"]).json();
    let mut host = home.plugin("another");
    host.record(&Trace::new().work("/work/acme/api/b.rs", 0..=60));
    let again = host.execute("keeptab.backup", &[]).expect("a backup");
    assert_eq!(again["data"]["file"], day["file"]);
    assert_eq!(again["data"]["events"], home.events());
}

#[test]
fn a_damaged_database_takes_no_good_backup_away() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=60_000));
    home.cli(["backup"]).ok();
    let before: Vec<Vec<u8>> = backups(&home)
        .iter()
        .map(|file| fs::read(file).expect("a file"))
        .collect();
    let mut bytes = fs::read(home.database()).expect("a database");
    // From the second page on: the first page still names its owner.
    bytes[4096..].iter_mut().step_by(3).for_each(|byte| *byte ^= 0x55);
    fs::write(home.database(), bytes).expect("a database");
    home.cli(["backup"]).fails(1);
    let after: Vec<Vec<u8>> = backups(&home)
        .iter()
        .map(|file| fs::read(file).expect("a file"))
        .collect();
    assert_eq!(after, before);
}

#[test]
fn a_killed_backup_leaves_nothing_half_under_a_good_name() {
    let home = Home::jane();
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=600_000);
    home.plugin("test").record(&trace);
    let began = monotonic();
    home.cli(["backup"]).ok();
    let took = began.elapsed();
    for part in 0..20 {
        let mut program = home.program();
        program
            .arg("backup")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = program.spawn().expect("a program");
        let (tell, told) = channel::<()>();
        // Nobody sends: the wait ends by its timeout.
        let _ = told.recv_timeout(took * part / 20);
        drop(tell);
        let _ = child.kill();
        child.wait().expect("an end");
        for file in backups(&home) {
            unpacked(&file);
        }
    }
    // The next backup removes the leftovers of the killed ones.
    home.cli(["backup"]).ok();
    assert_eq!(
        files_below(&home.folder().join("backups")).len(),
        2,
        "the backup and the lock"
    );
    assert_eq!(events_of(&backups(&home)[0]), trace.last());
}

#[test]
fn backups_and_commits_do_not_wait_for_each_other() {
    let home = Home::jane();
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=600_000);
    let mut host = home.plugin("test");
    let stream = host.stream(trace.events().to_vec(), 500);
    let mut copies = Vec::new();
    for n in 0..3 {
        let file = home.user().join(format!("{n}.db.gz"));
        home.cli(["backup", file.to_str().expect("a path")]).ok();
        copies.push(file);
    }
    host.taken(trace.last());
    stream.join().expect("the end of the stream");
    let counts: Vec<u64> = copies.iter().map(|file| events_of(file)).collect();
    assert!(
        counts.is_sorted() && counts.iter().all(|count| *count <= trace.last()),
        "{counts:?}"
    );
    assert_eq!(home.events(), trace.last());
}

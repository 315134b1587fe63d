//! Errors of the disk, in words that name the cause and the remedy.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::Error;
use rusqlite::{ErrorCode, ffi};

/// The file is a database of another program.
#[derive(Debug)]
pub(super) struct Foreign;

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is another program's database")
    }
}

impl std::error::Error for Foreign {}

/// The file is a database of ours, and some of its content is damaged.
#[derive(Debug)]
pub(super) struct Damaged(pub(super) String);

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is damaged: {}", self.0)
    }
}

impl std::error::Error for Damaged {}

/// There is no invoice with a number.
#[derive(Debug)]
pub(super) struct NoInvoice(pub(super) String);

impl fmt::Display for NoInvoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = "`keeptab invoice list` shows them all";
        write!(f, "there is no invoice {}\nhint: {hint}", self.0)
    }
}

/// The kind of an error of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another program holds the database.
    Locked,
    /// The disk is full, read-only or broken, or the file is not the user's.
    Disk,
    /// The database is damaged, or another program's.
    Damaged,
    /// There is no invoice with that number.
    NoInvoice,
}

/// Returns the kind of an error, if it is one of the store.
#[must_use]
pub fn trouble(error: &Error) -> Option<Trouble> {
    if error.is::<NoInvoice>() {
        return Some(Trouble::NoInvoice);
    }
    let error = whole(error);
    let is_locked = |part: &(dyn std::error::Error + 'static)| {
        let code = part.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
        matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    };
    if error.chain().any(is_locked) {
        return Some(Trouble::Locked);
    }
    cause(error).map(|cause| match cause {
        Cause::Full | Cause::ReadOnly | Cause::Denied | Cause::Unopened | Cause::Device => Trouble::Disk,
        Cause::Foreign | Cause::Damaged => Trouble::Damaged,
    })
}

/// An error in words for the user. The chain of what led to it is for the log.
#[derive(Debug)]
struct Explained {
    words: String,
    chain: Error,
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Explained {}

/// A fault of the disk or the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Full,
    ReadOnly,
    Denied,
    Unopened,
    Device,
    Foreign,
    Damaged,
}

/// Returns the error with its cause and a fitting hint, if the disk or the file is the cause.
#[must_use]
pub(super) fn explained(path: &Path, error: Error) -> Error {
    let is_told = |error: &Error| format!("{error:#}").contains("\nhint: ");
    let Some(cause) = cause(&error).filter(|_| !is_told(&error)) else {
        return error;
    };
    let file = path.display();
    let said = brief(&error);
    let words = match cause {
        Cause::Full => format!("the disk is full: {said}\nhint: free some space, and try again"),
        Cause::ReadOnly => {
            format!("the disk or the file is read-only: {said}\nhint: make it writable; reading works as it is")
        }
        Cause::Denied => format!("{said}\nhint: are the file and its folder yours to read and write?"),
        Cause::Unopened if path.is_dir() => {
            format!("{file} is a folder, and the database has its place there\nhint: move the folder away")
        }
        Cause::Unopened => {
            format!("{file} cannot be opened: {said}\nhint: are the file and its folder yours to read and write?")
        }
        Cause::Device => format!("the disk failed while {file} was used: {said}\nhint: is the disk full, or worn out?"),
        Cause::Foreign => format!(
            "{file} is no database of keeptab, and was left as it is: {said}\nhint: move it away to begin anew, or put a backup in its place"
        ),
        Cause::Damaged => format!(
            "{file} is damaged, and was left as it is: {said}\nhint: `keeptab doctor` names the newest backup, and what puts it back"
        ),
    };
    Explained { words, chain: error }.into()
}

/// Returns the error of a store with its cause. If a write fails because the store was opened read-only, the cause is
/// the reason for that.
pub(super) fn of_store(path: &Path, unwritable: Option<&str>, error: Error) -> Error {
    match unwritable {
        Some(why) if cause(&error) == Some(Cause::ReadOnly) => Explained {
            words: why.to_owned(),
            chain: error,
        }
        .into(),
        _ => explained(path, error),
    }
}

/// Explains why a store that can be read cannot be written, from the error of opening it.
pub(super) fn unwritable(path: &Path, error: &Error) -> String {
    if cause(whole(error)) == Some(Cause::Full) {
        return format!("{error:#}");
    }
    let read_only = Error::from(io::Error::from(ErrorKind::ReadOnlyFilesystem));
    let read_only = read_only.context(format!("{} cannot be written", path.display()));
    format!("{:#}", explained(path, read_only))
}

/// Returns the error behind an explanation.
fn whole(error: &Error) -> &Error {
    error
        .downcast_ref::<Explained>()
        .map_or(error, |explained| &explained.chain)
}

/// Returns true if reading may work although writing failed.
pub(super) fn allows_reading(error: &Error) -> bool {
    matches!(
        cause(whole(error)),
        Some(Cause::Full | Cause::ReadOnly | Cause::Denied | Cause::Unopened | Cause::Device)
    )
}

/// Returns whether a file is damaged.
pub(super) fn is_damage(error: &Error) -> bool {
    matches!(cause(error), Some(Cause::Damaged | Cause::Foreign))
}

/// Returns true if the contents of a database cannot be read. Other causes do not count: another process that uses it,
/// missing permission, a full disk.
#[must_use]
pub(super) fn is_unreadable(error: &Error) -> bool {
    let error = whole(error);
    let failure = error.chain().find_map(|part| part.downcast_ref::<rusqlite::Error>());
    match failure {
        Some(rusqlite::Error::SqliteFailure(failure, _)) => match of_sqlite(*failure) {
            Some(Cause::Damaged | Cause::Foreign) => true,
            Some(Cause::Device) => matches!(
                failure.extended_code,
                ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_CORRUPTFS
            ),
            Some(_) => false,
            // Such an error comes from a damaged schema, in which a part is missing or is not SQL.
            None => failure.code == ErrorCode::Unknown,
        },
        // A value is not of its type.
        Some(_) => true,
        None => is_damage(error),
    }
}

/// Returns all that led to an error, for the log.
#[must_use]
pub fn chain(error: &Error) -> String {
    match error.downcast_ref::<Explained>() {
        Some(explained) => format!("{error}\n{:?}", explained.chain),
        None => format!("{error:?}"),
    }
}

/// The most characters of a reported error.
const LONGEST: usize = 200;

/// Returns the error on one line of at most 200 characters, and its hint. For a damaged schema, `SQLite`'s message
/// contains the damaged bytes as well.
#[must_use]
pub fn brief(error: &Error) -> String {
    let whole = format!("{error:#}");
    let (said, hint) = match whole.split_once("\nhint: ") {
        Some((said, hint)) => (said, format!("\nhint: {hint}")),
        None => (whole.as_str(), String::new()),
    };
    let is_odd = |char: char| char.is_control() || char == char::REPLACEMENT_CHARACTER;
    let odd = said.find(is_odd);
    let long = said.char_indices().nth(LONGEST).map(|(at, _)| at);
    match odd.into_iter().chain(long).min() {
        Some(end) => format!("{}…{hint}", &said[..end]),
        None => whole,
    }
}

fn cause(error: &Error) -> Option<Cause> {
    error.chain().find_map(|part| {
        if let Some(rusqlite::Error::SqliteFailure(failure, _)) = part.downcast_ref() {
            return of_sqlite(*failure);
        }
        if part.is::<Foreign>() {
            return Some(Cause::Foreign);
        }
        if part.is::<Damaged>() {
            return Some(Cause::Damaged);
        }
        of_io(part.downcast_ref::<io::Error>()?.kind())
    })
}

fn of_sqlite(failure: ffi::Error) -> Option<Cause> {
    // The shared memory beside the file is as large as it ever is once it is made.
    if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE {
        return Some(Cause::Full);
    }
    match failure.code {
        ErrorCode::DiskFull => Some(Cause::Full),
        ErrorCode::ReadOnly => Some(Cause::ReadOnly),
        ErrorCode::PermissionDenied => Some(Cause::Denied),
        ErrorCode::CannotOpen => Some(Cause::Unopened),
        ErrorCode::SystemIoFailure => Some(Cause::Device),
        ErrorCode::NotADatabase => Some(Cause::Foreign),
        ErrorCode::DatabaseCorrupt => Some(Cause::Damaged),
        _ => None,
    }
}

fn of_io(kind: ErrorKind) -> Option<Cause> {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Cause::Full),
        ErrorKind::ReadOnlyFilesystem => Some(Cause::ReadOnly),
        ErrorKind::PermissionDenied => Some(Cause::Denied),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;
    use rusqlite::Connection;

    use super::*;

    fn hint_of(error: Error) -> String {
        let text = format!("{:#}", explained(Path::new("/nowhere/keeptab.db"), error));
        text.split_once("\nhint: ").expect("a hint").1.to_owned()
    }

    #[test]
    fn a_full_disk_is_called_full_and_nothing_is_to_be_moved_away() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE a (b); PRAGMA max_page_count = 2")
            .unwrap();
        let full = connection
            .execute("INSERT INTO a VALUES (zeroblob(100000))", [])
            .unwrap_err();
        let hint = hint_of(Error::from(full).context("a commit"));
        assert_eq!(hint, "free some space, and try again");
        let io = io::Error::from(ErrorKind::StorageFull);
        assert_eq!(hint_of(Error::from(io).context("cannot write a.pdf")), hint);
    }

    #[test]
    fn each_cause_has_its_own_words_and_the_log_the_whole_chain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeptab.db");
        std::fs::create_dir(&path).unwrap();
        let open = Connection::open(&path).context("it was tried").unwrap_err();
        let told = explained(&path, open);
        assert!(format!("{told:#}").contains("is a folder"), "{told:#}");
        assert!(chain(&told).contains("it was tried"), "{}", chain(&told));
        let read_only = io::Error::from(ErrorKind::ReadOnlyFilesystem);
        assert!(!hint_of(read_only.into()).contains("away"));
        assert!(hint_of(Foreign.into()).contains("away"));
    }

    #[test]
    fn a_database_that_is_busy_read_only_or_on_a_full_disk_is_not_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let one = Connection::open(&path).unwrap();
        one.execute_batch("CREATE TABLE a (b); BEGIN IMMEDIATE").unwrap();
        let other = Connection::open(&path).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        let busy = other.execute_batch("BEGIN IMMEDIATE").unwrap_err();
        one.execute_batch("ROLLBACK; PRAGMA max_page_count = 2").unwrap();
        let full = one.execute("INSERT INTO a VALUES (zeroblob(100000))", []).unwrap_err();
        let reader = Connection::open_with_flags(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let read_only = reader.execute("DELETE FROM a", []).unwrap_err();
        let directory = Connection::open(folder.path()).unwrap_err();
        for error in [busy, full, read_only, directory] {
            assert!(!is_unreadable(&Error::from(error).context("it was tried")));
        }
        assert!(!is_unreadable(&io::Error::from(ErrorKind::PermissionDenied).into()));
        let missing = one.execute("DELETE FROM b", []).unwrap_err();
        let typed = one.query_row("SELECT 'x'", [], |row| row.get::<_, i64>(0)).unwrap_err();
        std::fs::write(&path, [b'x'; 5000]).unwrap();
        let foreign = Connection::open(&path)
            .unwrap()
            .execute_batch("SELECT * FROM a")
            .unwrap_err();
        for error in [missing, typed, foreign] {
            assert!(is_unreadable(&Error::from(error).context("it was tried")));
        }
        assert!(is_unreadable(&explained(&path, Damaged("a page".to_owned()).into())));
    }

    #[test]
    fn of_damaged_bytes_nothing_is_told() {
        for (said, told) in [
            (
                "malformed schema (claim) - unrecognized token: \"\u{18}\u{fffd}\nNOT NULL",
                "malformed schema (claim) - unrecognized token: \"…",
            ),
            ("a disk that is worn out", "a disk that is worn out"),
            (
                "a version that is newer\nhint: update",
                "a version that is newer\nhint: update",
            ),
            ("ä".repeat(300).as_str(), &format!("{}…", "ä".repeat(LONGEST))),
        ] {
            assert_eq!(brief(&Error::msg(said.to_owned())), told);
        }
    }

    #[test]
    fn what_has_a_hint_or_is_no_matter_of_the_disk_stays_as_it_is() {
        for text in ["there is no client `x`", "the disk\nhint: wait"] {
            let error = Error::from(io::Error::from(ErrorKind::NotFound)).context(text);
            let before = format!("{error:#}");
            assert_eq!(format!("{:#}", explained(Path::new("/x"), error)), before);
        }
    }
}

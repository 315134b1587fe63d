//! Logs: on stderr and in a file that changes daily. stdout is the protocol.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use keeptab_system::clock;
use keeptab_system::home::{Home, make_private_folder, private_file};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

/// The most days of logs to keep.
const DAYS: usize = 7;

/// Starts logging, but for the messages of the target `unheard`; only on stderr if no file can be written.
pub fn start(home: &Home, unheard: &'static str) {
    let file = Daily::open(home.logs());
    let builder = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(Level::INFO)
        // An error while logging would be reported on stderr, and would panic if stderr is closed.
        .log_internal_errors(false);
    // Editors keep stderr's text forever, and some show it as errors: only warnings and errors go there.
    let stderr = std::io::stderr.with_max_level(Level::WARN);
    let is_told = move |metadata: &Metadata<'_>| metadata.target() != unheard;
    let started = match file {
        Ok(file) => {
            let file = Mutex::new(file);
            builder.with_writer(stderr.and(file).with_filter(is_told)).try_init()
        }
        Err(_) => builder.with_writer(stderr.with_filter(is_told)).try_init(),
    };
    if let Err(error) = started {
        tracing::warn!("logging was started before: {error}");
    }
}

/// A file per UTC day that no other user can read; those of the last days are kept.
struct Daily {
    folder: PathBuf,
    day: String,
    file: File,
}

impl Daily {
    fn open(folder: PathBuf) -> io::Result<Self> {
        make_private_folder(&folder)?;
        let day = today();
        let file = private_file().append(true).create(true).open(folder.join(name(&day)))?;
        let days = logs(&folder);
        for old in days.iter().rev().skip(DAYS) {
            let _ = fs::remove_file(old);
        }
        Ok(Self { folder, day, file })
    }
}

impl Write for Daily {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.day != today() {
            *self = Self::open(self.folder.clone())?;
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn today() -> String {
    let now = clock::now().to_rfc3339();
    now.split('T').next().unwrap_or_default().to_owned()
}

fn name(day: &str) -> String {
    format!("keeptab.{day}.log")
}

/// Returns the logs in a folder, oldest first: their names have the day.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut logs: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "log"))
        .collect();
    logs.sort();
    logs
}

/// Logs the reason why a command failed, which need not be a fault of keeptab. Without a data folder, none is created
/// for it.
pub fn note(home: &Home, why: &str) {
    let is_there = home.logs().parent().is_some_and(Path::is_dir);
    if is_there && let Ok(mut file) = Daily::open(home.logs()) {
        let at = clock::now().to_rfc3339();
        let _ = writeln!(file, "{at}  INFO keeptab: not done: {}", why.replace('\n', "\n    "));
    }
}

/// Logs panics with their place, on any thread.
pub fn panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload_as_str().unwrap_or("no words");
        tracing::error!("panicked at {place}: {said}");
    }));
}

/// Returns the current log, or the folder if there is none yet.
#[must_use]
pub fn newest(home: &Home) -> PathBuf {
    logs(&home.logs()).pop().unwrap_or_else(|| home.logs())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[test]
    fn logs_of_a_week_stay() {
        let folder = tempfile::tempdir().unwrap();
        for day in 1..=9 {
            std::fs::write(folder.path().join(super::name(&format!("2025-03-{day:02}"))), "").unwrap();
        }
        let mut log = super::Daily::open(folder.path().to_owned()).unwrap();
        log.write_all(b"one\n").unwrap();
        // As on the day after.
        log.day = "2025-03-09".to_owned();
        log.write_all(b"two\n").unwrap();
        let logs = super::logs(folder.path());
        assert_eq!(
            (logs.len(), std::fs::read(&logs[6]).unwrap()),
            (7, b"one\ntwo\n".to_vec())
        );
        assert!(logs[0].ends_with("keeptab.2025-03-04.log"), "{logs:?}");
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_with_its_place() {
        let (lines, before) = (Lines::default(), std::panic::take_hook());
        super::panics();
        let written = lines.clone();
        let log = tracing_subscriber::fmt().with_writer(move || written.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let _ = std::panic::catch_unwind(|| panic!("as it was asked to"));
        });
        std::panic::set_hook(before);
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(
            lines.contains("ERROR") && lines.contains("as it was asked to"),
            "{lines}"
        );
        assert!(lines.contains(file!()), "{lines}");
    }
}

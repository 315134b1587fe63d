//! Logs: on stderr and in a file that changes daily. stdout is the protocol.

use std::io::Write as _;
use std::path::Path;

use tracing::Level;
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use crate::home::{Home, make_private_folder};

/// The most days of logs to keep.
const DAYS: usize = 7;

/// Starts logging; only on stderr if no file can be written.
pub fn start(home: &Home) {
    // The appender looks for old files before it makes the folder, and complains on stderr.
    let _ = make_private_folder(&home.logs());
    let file = file(home);
    let builder = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(Level::INFO)
        // An error while logging would be reported on stderr, and would panic if nobody reads that any more.
        .log_internal_errors(false);
    // Editors keep stderr's text forever, and some show it as errors: only warnings and errors go there.
    let stderr = std::io::stderr.with_max_level(Level::WARN);
    let started = match file {
        Ok(file) => {
            let file = std::sync::Mutex::new(file);
            builder.with_writer(stderr.and(file)).try_init()
        }
        Err(_) => builder.with_writer(stderr).try_init(),
    };
    if let Err(error) = started {
        tracing::warn!("logging was started before: {error}");
    }
}

fn file(home: &Home) -> Result<RollingFileAppender, InitError> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("keeptab")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(home.logs())
}

/// Logs why a command was not done, which is no fault of keeptab by itself. Where nothing was ever kept, no folder is made for it.
pub fn note(home: &Home, why: &str) {
    let is_there = home.logs().parent().is_some_and(Path::is_dir);
    if is_there
        && make_private_folder(&home.logs()).is_ok()
        && let Ok(mut file) = file(home)
    {
        let at = crate::clock::now().to_rfc3339();
        let _ = writeln!(file, "{at}  INFO keeptab: not done: {}", why.replace('\n', "\n    "));
    }
}

/// Lets a panic be logged with its place, on whatever thread it comes about.
pub fn panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload_as_str().unwrap_or("no words");
        tracing::error!("panicked at {place}: {said}");
    }));
}

/// Returns the log that is being written, or the folder where there is none yet.
#[must_use]
pub fn newest(home: &Home) -> std::path::PathBuf {
    let entries = std::fs::read_dir(home.logs()).into_iter().flatten().flatten();
    let logs = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "log"));
    // The day stands in the name.
    logs.max().unwrap_or_else(|| home.logs())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

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

//! Logs: on stderr and in a file that changes daily. stdout is the protocol.

use tracing::Level;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use crate::home::{Home, make_private_folder};

/// How many days of logs are kept.
const DAYS: usize = 7;

/// Starts logging. Where no file can be written, stderr is enough.
pub fn start(home: &Home) {
    // The appender looks for old files before it makes the folder, and complains on stderr.
    let _ = make_private_folder(&home.logs());
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("keeptab")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(home.logs());
    let builder = tracing_subscriber::fmt().with_ansi(false).with_max_level(Level::INFO);
    // Editors keep what comes on stderr for ever, some as errors: only what is wrong goes there.
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

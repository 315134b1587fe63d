//! Logs: on stderr and in a file that changes daily. stdout is the protocol.

use tracing::Level;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use crate::home::Home;

/// How many days of logs are kept.
const DAYS: usize = 7;

/// Starts logging. Where no file can be written, stderr is enough.
pub fn start(home: &Home) {
    // The appender looks for old files before it makes the folder, and complains on stderr.
    let _ = std::fs::create_dir_all(home.logs());
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("keeptab")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(home.logs());
    let builder = tracing_subscriber::fmt().with_ansi(false).with_max_level(Level::INFO);
    let started = match file {
        Ok(file) => {
            let file = std::sync::Mutex::new(file);
            builder.with_writer(std::io::stderr.and(file)).try_init()
        }
        Err(_) => builder.with_writer(std::io::stderr).try_init(),
    };
    if let Err(error) = started {
        tracing::warn!("logging was started before: {error}");
    }
}

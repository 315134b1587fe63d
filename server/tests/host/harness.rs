//! The parts that tests share: a home, the program in it as a host or as a command, and work to report.

mod browser;
mod cli;
mod clock;
mod disk;
mod home;
mod host;
mod trace;
mod watch;
mod wire;

pub use browser::{Browser, OURS, native};
pub use cli::Cli;
pub use clock::{PATIENCE, monotonic, now};
pub use disk::{files_below, holds};
pub use home::Home;
pub use host::Host;
pub use trace::{MONDAY, Trace};
pub use watch::Watching;
pub use wire::frame;

use serde_json::Value;

/// Returns the keys of an object, sorted.
pub fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

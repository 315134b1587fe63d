//! The time, for deadlines and for recent events.

use std::time::{Duration, Instant, SystemTime};

/// The longest time that a test waits for a message. Only a failing test waits that long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Returns the monotonic time.
#[expect(clippy::disallowed_methods, reason = "deadlines, and how long an end took")]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Returns the present epoch milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "some events must lie close to the program's own now"
)]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.expect("a clock after 1970").as_millis()).expect("a clock before the year 292 million")
}

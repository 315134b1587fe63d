//! The one place that reads the time.

use keeptab_core::instant::Instant;

/// Returns the present instant by the wall clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn now() -> Instant {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).into()
}

/// Returns the monotonic time, for waiting: it never jumps.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn monotonic() -> std::time::Instant {
    std::time::Instant::now()
}

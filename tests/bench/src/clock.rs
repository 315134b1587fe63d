//! The only module that reads the time.

use std::time::{Duration, Instant, SystemTime};

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// Returns the monotonic time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn now() -> Instant {
    Instant::now()
}

/// Returns epoch milliseconds.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn wall() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// A zone in which it is now between eight and nine in the evening, so that a whole working day lies behind.
#[derive(Clone, Copy, Debug)]
pub struct Evening {
    /// Hours to add to UTC.
    offset: i64,
}

impl Evening {
    /// Finds the zone.
    #[must_use]
    pub fn now() -> Self {
        let hour = wall().rem_euclid(DAY) / 3_600_000;
        let offset = 20 - hour;
        Self {
            offset: if offset > 14 { offset - 24 } else { offset },
        }
    }

    /// Returns the zone's IANA name. In `Etc/GMT` names the sign is inverted.
    #[must_use]
    pub fn name(self) -> String {
        match self.offset {
            0 => "Etc/GMT".into(),
            offset if offset > 0 => format!("Etc/GMT-{offset}"),
            offset => format!("Etc/GMT+{}", -offset),
        }
    }

    /// Returns the milliseconds to add to UTC.
    #[must_use]
    pub fn offset(self) -> i64 {
        self.offset * 3_600_000
    }

    /// Returns the last midnight of the zone in epoch milliseconds.
    #[must_use]
    pub fn today(self) -> i64 {
        let local = wall() + self.offset * 3_600_000;
        local - local.rem_euclid(DAY) - self.offset * 3_600_000
    }
}

/// Sleeps.
pub fn sleep(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

//! Parser of the lines that `gdbus monitor` and `dbus-monitor` print for logind's signals.

use keeptab_core::activity::Cause;

const SESSIONS: &str = "/org/freedesktop/login1/session/";

/// An event that cuts time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// The cause.
    pub(super) cause: Cause,
    /// The login session that was locked, as `loginctl` names it; `None` if the signal is about the whole machine.
    pub(super) session: Option<String>,
}

/// A parser of lines. `gdbus` prints one signal per line; `dbus-monitor` prints a head with the values below.
#[derive(Default)]
pub(super) struct Reader {
    /// The session of the head above, as a part of its path.
    session: Option<String>,
    /// The kind of the head above: a signal about changed properties, or one about sleep.
    below: Below,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Below {
    #[default]
    Nothing,
    Sleep,
    Changes,
    LockedHint,
}

impl Reader {
    /// Takes the next line.
    pub(super) fn take(&mut self, line: &str) -> Option<Heard> {
        if line.starts_with('/') {
            return by_gdbus(line);
        }
        if line.starts_with("signal ") {
            return self.head(line);
        }
        let is_true = line.trim_end().ends_with("boolean true");
        match self.below {
            Below::Sleep if is_true => Some(asleep()),
            Below::Changes if line.trim() == "string \"LockedHint\"" => {
                self.below = Below::LockedHint;
                None
            }
            Below::LockedHint => {
                self.below = Below::Changes;
                self.session.as_deref().filter(|_| is_true).and_then(locked)
            }
            _ => None,
        }
    }

    /// Takes `signal … path=P; interface=I; member=M`.
    fn head(&mut self, line: &str) -> Option<Heard> {
        let field = |name: &str| {
            let (_, rest) = line.split_once(name)?;
            Some(rest.split([';', ' ']).next().unwrap_or(rest))
        };
        let path = field(" path=").unwrap_or_default();
        self.session = path.strip_prefix(SESSIONS).map(str::to_owned);
        self.below = Below::Nothing;
        match (field(" interface=")?, field(" member=")?) {
            ("org.freedesktop.login1.Session", "Lock") => self.session.as_deref().and_then(locked),
            ("org.freedesktop.login1.Manager", "PrepareForSleep") => {
                self.below = Below::Sleep;
                None
            }
            ("org.freedesktop.DBus.Properties", "PropertiesChanged") => {
                self.below = Below::Changes;
                None
            }
            _ => None,
        }
    }
}

/// Reads `PATH: INTERFACE.MEMBER (VALUES)`.
fn by_gdbus(line: &str) -> Option<Heard> {
    let (path, rest) = line.split_once(": ")?;
    let (signal, values) = rest.split_once(' ')?;
    let session = path.strip_prefix(SESSIONS);
    match signal {
        "org.freedesktop.login1.Manager.PrepareForSleep" => values.starts_with("(true").then(asleep),
        "org.freedesktop.login1.Session.Lock" => locked(session?),
        "org.freedesktop.DBus.Properties.PropertiesChanged" => {
            let is_locked = values.contains("'LockedHint': <true>");
            session.filter(|_| is_locked).and_then(locked)
        }
        _ => None,
    }
}

fn asleep() -> Heard {
    Heard {
        cause: Cause::Suspend,
        session: None,
    }
}

fn locked(label: &str) -> Option<Heard> {
    let session = Some(name_of(label)?);
    Some(Heard {
        cause: Cause::Lock,
        session,
    })
}

/// Returns a session's name from the end of its path, in which `_32` encodes the byte 0x32 (`sd_bus_path_encode`).
fn name_of(label: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = label;
    while let Some(letter) = rest.chars().next() {
        if letter == '_' {
            name.push(u8::from_str_radix(rest.get(1..3)?, 16).ok()?.into());
            rest = rest.get(3..)?;
        } else {
            name.push(letter);
            rest = rest.get(letter.len_utf8()..)?;
        }
    }
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As real programs printed it, of a private bus on which a name of logind's sent a lock, its end, the hint of a lock and
    /// its end, another property, and a sleep with its end.
    const GDBUS: &str = include_str!("lines/gdbus.txt");
    const DBUS_MONITOR: &str = include_str!("lines/dbus-monitor.txt");

    fn heard(text: &str) -> Vec<Heard> {
        let mut reader = Reader::default();
        text.lines().filter_map(|line| reader.take(line)).collect()
    }

    #[test]
    fn a_lock_and_a_sleep_are_heard_and_their_ends_are_nothing() {
        let locked = Heard {
            cause: Cause::Lock,
            session: Some("2".to_owned()),
        };
        let expected = [locked.clone(), locked, asleep()];
        assert_eq!(heard(GDBUS), expected);
        assert_eq!(heard(DBUS_MONITOR), expected);
    }

    #[test]
    fn the_names_of_sessions_are_read() {
        for (label, name) in [("_32", "2"), ("_31_32", "12"), ("c1", "c1"), ("_3105", "105")] {
            assert_eq!(name_of(label).as_deref(), Some(name));
        }
        for label in ["", "_", "_3", "_zz", "_2f", "a-b", "auto/x"] {
            assert_eq!(name_of(label), None, "{label}");
        }
    }

    #[test]
    fn lines_of_any_shape_are_survived() {
        for line in [
            "/",
            "/a: b",
            "/org/freedesktop/login1/session/_32: ",
            "/org/freedesktop/login1: org.freedesktop.login1.Session.Lock ()",
            "signal",
            "signal path=;",
            "signal x path=/y; interface=org.freedesktop.login1.Session; member=Lock",
            "      boolean true",
        ] {
            assert_eq!(heard(line), [], "{line}");
        }
    }

    #[test]
    fn another_property_of_a_signal_is_not_the_hint() {
        let text = DBUS_MONITOR.replace("\"LockedHint\"", "\"IdleHint\"");
        assert_eq!(
            heard(&text).iter().filter(|heard| heard.cause == Cause::Lock).count(),
            1
        );
    }
}

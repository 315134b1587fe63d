//! Hears of the system's own lock and sleep, by logind: time is cut there, whichever program locks the screen.
//!
//! The host opens no socket. A child that the desktop has anyway (`gdbus`, else `dbus-monitor`) prints what logind signals,
//! and a thread reads its lines: while there is none, neither of them wakes up. Of all hosts one listens, the one that holds
//! a lock; the others sleep in the kernel until it is free. The child ends with its host, however that ends.

mod child;
mod lines;

use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use keeptab_core::activity::Cause;
use keeptab_engine::thread::Handle;
use keeptab_system::clock;
use keeptab_system::home::{Home, lock_file};
use tracing::{debug, info, warn};

use child::Child;
use lines::{Heard, Reader};

/// This folder exists if logind runs (`sd_booted(3)` and `sd-login(3)` check it, too).
const LOGIND: &str = "/run/systemd/seats";
/// A listener that ended sooner than this will not do better the next time.
const SHORT: Duration = Duration::from_mins(1);

/// Programs that print logind's signals; the first that exists and works is used. Both print only signals from the
/// owner of logind's name, as any program may send signals.
const LISTENERS: [&[&str]; 2] = [
    &["gdbus", "monitor", "--system", "--dest", "org.freedesktop.login1"],
    &[
        "dbus-monitor",
        "--system",
        "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.login1.Session',member='Lock'",
        "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
        "type='signal',sender='org.freedesktop.login1',member='PropertiesChanged',arg0='org.freedesktop.login1.Session'",
    ],
];

/// Listens on a thread of its own until the process ends.
pub fn start(engine: Handle, home: &Home) {
    if !cfg!(target_os = "linux") || !Path::new(LOGIND).is_dir() {
        return;
    }
    let lock = home.login_lock();
    std::thread::spawn(move || {
        if let Err(error) = run(&engine, lock) {
            warn!("the screen's lock is not heard of: {error:#}");
        }
    });
}

fn run(engine: &Handle, lock: PathBuf) -> Result<()> {
    let file = lock_file(&lock).with_context(|| format!("cannot make {}", lock.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", lock.display()))?;
    for listener in LISTENERS {
        loop {
            let began = clock::monotonic();
            let heard = listen(listener, |heard| {
                if heard.session.as_deref().is_none_or(is_own) {
                    cut(engine, heard.cause);
                }
            });
            if let Err(error) = heard {
                debug!("{}: {error}", listener[0]);
            }
            if began.elapsed() < SHORT {
                break;
            }
        }
    }
    debug!("no program tells of the screen's lock");
    Ok(())
}

/// Calls `each` on the signals that a listener prints, until it ends.
fn listen(words: &[&str], mut each: impl FnMut(Heard)) -> std::io::Result<()> {
    let mut child = Child::start(words)?;
    let mut reader = Reader::default();
    child.lines(|line| {
        if let Some(heard) = reader.take(line) {
            each(heard);
        }
    })
}

fn cut(engine: &Handle, cause: Cause) {
    let at = clock::now();
    info!("logind tells of it ({cause:?}): time is cut");
    if let Err(error) = engine.ask_and_wait(move |engine, now| engine.cut(cause, at, now)) {
        warn!("time was not cut: {error:#}");
    }
}

/// Returns whether a login session is this user's: others may sit at the same machine.
fn is_own(session: &str) -> bool {
    let mut loginctl = Program::new("loginctl");
    loginctl.args(["show-session", session, "--property=User", "--value"]);
    let told = loginctl.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let told = told.ok().and_then(|told| String::from_utf8(told.stdout).ok());
    told.is_some_and(|user| user.trim().parse() == Ok(own_id()))
}

#[cfg(unix)]
fn own_id() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn own_id() -> u32 {
    u32::MAX
}

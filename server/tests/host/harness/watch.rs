//! `keeptab watch`, running.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::PATIENCE;

/// A running `keeptab watch --json`. Killed and reaped with the test.
pub struct Watching {
    child: Child,
    lines: Receiver<Value>,
}

impl Watching {
    /// Starts it.
    pub fn start(mut program: Command) -> Self {
        program
            .args(["watch", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = program.spawn().expect("a program");
        let stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self { child, lines }
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next message.
    #[track_caller]
    pub fn says(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    /// Waits for the next stored save: the end of its path, `human` or `agent`, and true if it is one of many.
    #[track_caller]
    pub fn kept(&self) -> Vec<(String, String, bool)> {
        let line = self.says();
        let rows = line["kept"].as_array().unwrap_or_else(|| panic!("{line}"));
        let row = |row: &Value| {
            let path = row["path"].as_str().expect("a path");
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            (
                name,
                row["actor"].as_str().expect("an actor").to_owned(),
                row["many"] == true,
            )
        };
        rows.iter().map(row).collect()
    }

    /// Returns whether it says nothing for the given time.
    pub fn is_silent_for(&self, time: Duration) -> bool {
        self.lines.recv_timeout(time).is_err()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // The process may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

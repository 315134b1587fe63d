//! A command, run to its end.

use std::ffi::OsStr;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use super::PATIENCE;

/// A command to run. Its stdin is a pipe that stays open and silent, so that a program that reads it hangs, and fails.
pub struct Cli {
    program: Command,
}

/// The outcome of a command.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: Option<i32>,
    /// Its output.
    pub stdout: String,
    /// Its error output.
    pub stderr: String,
}

impl Cli {
    /// Makes a command from a program.
    pub fn new(program: Command) -> Self {
        Self { program }
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.program.args(arguments);
        self
    }

    /// Sets an environment variable; an empty home counts as none.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.program.env(name, value);
        self
    }

    /// Runs it and returns its output.
    #[track_caller]
    pub fn ok(self) -> String {
        let ran = self.run();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.stderr, "", "a success complains of nothing");
        ran.stdout
    }

    /// Runs it with `--json` and returns its output.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.args(["--json"]).ok()).expect("JSON")
    }

    /// Runs it with `--json`, expects an exit code, and returns its output.
    #[track_caller]
    pub fn fails_with_json(self, code: i32) -> Value {
        let ran = self.args(["--json"]).run();
        assert_eq!(ran.code, Some(code), "{ran:?}");
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    /// Runs it, expects it to fail with a code and without output, and returns its error output.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        let ran = self.run();
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert_eq!(ran.stdout, "", "a failure prints nothing");
        ran.stderr
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(mut self) -> Ran {
        self.program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.program.spawn().expect("a program");
        // Take stdin, because waiting for the end would close it.
        let silent = child.stdin.take();
        let stdout = read_to_end(child.stdout.take().expect("stdout"));
        let stderr = read_to_end(child.stderr.take().expect("stderr"));
        let (Ok(stdout), Ok(stderr)) = (stdout.recv_timeout(PATIENCE), stderr.recv_timeout(PATIENCE)) else {
            child.kill().expect("an end");
            child.wait().expect("an end");
            panic!("{:?} did not end; does it wait for input?", self.program);
        };
        let code = child.wait().expect("an end").code();
        drop(silent);
        Ran { code, stdout, stderr }
    }
}

fn read_to_end(mut stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("UTF-8");
        let _ = sender.send(text);
    });
    receiver
}

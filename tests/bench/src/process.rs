//! The kernel's figures of a process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::clock;

/// A running process.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

impl Process {
    /// Returns a size of `/proc/PID/status`, such as `VmRSS`, in megabytes.
    ///
    /// # Errors
    ///
    /// If there is no such process or no such field.
    pub fn megabytes(self, field: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        Ok(number(&status, field)? * 1024.0 / 1_000_000.0)
    }

    /// Returns the processor time and switches of its threads so far.
    ///
    /// # Errors
    ///
    /// If there is no such process.
    pub fn threads(self) -> Result<Threads> {
        let mut threads = HashMap::new();
        for thread in fs::read_dir(format!("/proc/{}/task", self.0))? {
            let folder = thread?.path();
            // The thread may have ended since.
            if let (Ok(status), Ok(schedstat)) = (read(&folder, "status"), read(&folder, "schedstat")) {
                let spent = schedstat.split_whitespace().next().context("schedstat is empty")?;
                let switches =
                    number(&status, "voluntary_ctxt_switches")? + number(&status, "nonvoluntary_ctxt_switches")?;
                threads.insert(folder, (Duration::from_nanos(spent.parse()?), switches));
            }
        }
        Ok(Threads { threads })
    }
}

/// The time of a whole process, from its start to its end.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// By the clock.
    pub wall: Duration,
    /// Processor time of its first thread, user and system. All programs that are measured have one.
    pub processor: Duration,
}

/// Runs a program to its end; its output goes to a file.
///
/// # Errors
///
/// If it cannot be started, fails, or prints nothing.
pub fn run(command: &mut Command) -> Result<Spent> {
    let output = tempfile::NamedTempFile::new()?;
    command
        .stdin(Stdio::null())
        .stdout(output.reopen()?)
        .stderr(Stdio::null());
    let begun = clock::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let id = child.id();
    // The kernel keeps the figures of a process until somebody asks for its exit code.
    let of_child = i32::try_from(id)
        .ok()
        .and_then(Pid::from_raw)
        .context("the child has no id")?;
    waitid(WaitId::Pid(of_child), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)?;
    let wall = clock::now() - begun;
    let schedstat = fs::read_to_string(format!("/proc/{id}/schedstat"))?;
    let nanoseconds = schedstat.split_whitespace().next().context("schedstat is empty")?;
    let status = child.wait()?;
    let program = command.get_program().display();
    ensure!(
        status.success(),
        "{program} {:?} ended with {status}",
        command.get_args()
    );
    ensure!(output.as_file().metadata()?.len() > 0, "{program} printed nothing");
    Ok(Spent {
        wall,
        processor: Duration::from_nanos(nanoseconds.parse()?),
    })
}

/// The counters of a process's threads at an instant: processor time to the nanosecond, which `utime` and `stime` count
/// in steps of ten milliseconds, and the number of context switches.
#[derive(Debug)]
pub struct Threads {
    threads: HashMap<PathBuf, (Duration, f64)>,
}

impl Threads {
    /// Returns the processor time since then, without that of threads that have ended.
    #[must_use]
    pub fn cpu_since(&self, before: &Self) -> Duration {
        let spent = |(thread, now): (&PathBuf, &(Duration, f64))| {
            now.0
                .saturating_sub(before.threads.get(thread).map_or(Duration::ZERO, |then| then.0))
        };
        self.threads.iter().map(spent).sum()
    }

    /// Returns the context switches since then; the end of a thread counts as one.
    #[must_use]
    pub fn switches_since(&self, before: &Self) -> f64 {
        let switched =
            |(thread, now): (&PathBuf, &(Duration, f64))| now.1 - before.threads.get(thread).map_or(0.0, |then| then.1);
        let ended = before
            .threads
            .keys()
            .filter(|thread| !self.threads.contains_key(*thread));
        self.threads.iter().map(switched).sum::<f64>() + ended.map(|_| 1.0).sum::<f64>()
    }
}

fn read(folder: &Path, file: &str) -> io::Result<String> {
    fs::read_to_string(folder.join(file))
}

fn number(status: &str, field: &str) -> Result<f64> {
    let line = status.lines().find(|line| line.split(':').next() == Some(field));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(value.with_context(|| format!("there is no {field}"))?.parse()?)
}

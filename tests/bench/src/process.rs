//! The kernel's figures of a process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context as _, Result};

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

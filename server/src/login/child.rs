//! A child that is read line by line, and that ends with this process, however it ends.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// Runs the words behind it, and ends them at the end of its own stdin, which only this process can write to. The
/// shell closes its own stdout, so that the end of theirs shows.
const LEASH: &str = r#""$@" </dev/null & exec >&-; read -r _; kill $!"#;

/// A program that runs until it ends by itself or is dropped.
pub(super) struct Child {
    process: std::process::Child,
}

impl Child {
    /// Starts a program. One that is not there ends at once.
    ///
    /// # Errors
    ///
    /// If there is no shell.
    pub(super) fn start(words: &[&str]) -> io::Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", LEASH, "sh"]).args(words);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let process = shell.spawn()?;
        Ok(Self { process })
    }

    /// Calls `each` on its lines until it ends; asleep while there is none.
    ///
    /// # Errors
    ///
    /// If what it prints cannot be read.
    pub(super) fn lines(&mut self, mut each: impl FnMut(&str)) -> io::Result<()> {
        let Some(output) = self.process.stdout.take() else {
            return Ok(());
        };
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line)? > 0 {
            each(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    use super::*;

    #[test]
    fn lines_come_until_the_program_ends() {
        let mut lines = Vec::new();
        let mut child = Child::start(&["sh", "-c", "echo one; echo two"]).unwrap();
        child.lines(|line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_program_that_is_not_there_ends_at_once() {
        let mut child = Child::start(&["/no/such/program"]).unwrap();
        child.lines(|line| panic!("{line}")).unwrap();
    }

    #[test]
    fn the_program_ends_with_who_listens() {
        let child = Child::start(&["sh", "-c", "echo $$; exec sleep 600"]).unwrap();
        let mut child = child;
        let output = child.process.stdout.take().unwrap();
        let mut first = String::new();
        BufReader::new(output).read_line(&mut first).unwrap();
        let id = Pid::from_raw(first.trim().parse().unwrap()).unwrap();
        let process = pidfd_open(id, PidfdFlags::empty()).unwrap();
        drop(child);
        let mut watched = [PollFd::new(&process, PollFlags::IN)];
        let most = Timespec { tv_sec: 20, tv_nsec: 0 };
        assert_eq!(poll(&mut watched, Some(&most)), Ok(1), "it goes on");
    }
}

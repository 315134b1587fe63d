//! Opens a mail in the user's own program. Nothing is sent by keeptab.

use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::{Result, bail};

/// A mail for the user to look at and to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The address, if it is known.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The file that goes with it.
    pub attachment: PathBuf,
}

/// A program that cannot open a mail exits within this time; one that shows it may run as long as it likes.
const COMPLAINS_WITHIN: Duration = Duration::from_secs(2);

/// Starts the platform's mail program with a mail in it, and does not wait for its end.
///
/// # Errors
///
/// If there is no such program, or if it fails at once.
pub fn open(mail: &Mail) -> Result<()> {
    let mut program = program(mail);
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let file = mail.attachment.display();
    let Ok(mut child) = program.spawn() else {
        bail!("no program that opens a mail was found\nhint: send {file} yourself, then say so with --mark");
    };
    // The waiting thread also reaps the process.
    let (tell, told) = channel();
    std::thread::spawn(move || tell.send(child.wait()));
    let failed = |status: &ExitStatus| !status.success();
    match told.recv_timeout(COMPLAINS_WITHIN) {
        Ok(Ok(status)) if failed(&status) => {
            bail!("the mail program could not be opened\nhint: send {file} yourself, then say so with --mark");
        }
        _ => Ok(()),
    }
}

#[cfg(target_os = "macos")]
fn program(mail: &Mail) -> Command {
    let mut program = Command::new("open");
    program.args(["-a", "Mail"]).arg(&mail.attachment);
    program
}

#[cfg(windows)]
fn program(mail: &Mail) -> Command {
    // No call opens a mail with an attachment in any mail program: the file is shown, to be dragged there.
    let mut program = Command::new("explorer");
    program.arg(format!("/select,{}", mail.attachment.display()));
    program
}

#[cfg(not(any(target_os = "macos", windows)))]
fn program(mail: &Mail) -> Command {
    let mut program = Command::new("xdg-email");
    program.args(["--utf8", "--subject", &mail.subject, "--body", &mail.body]);
    program.arg("--attach").arg(&mail.attachment);
    // An address that looks like an option is none.
    program.args(mail.to.iter().filter(|to| !to.starts_with('-')));
    program
}

//! Opens a mail in the user's own program. Nothing is sent by keeptab.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::{Result, bail};

mod eml;

/// A mail for the user to look at and to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The sender's name, and the address if it is known.
    pub from: (String, Option<String>),
    /// The recipient's address, if it is known.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The files that go with it.
    pub attachments: Vec<PathBuf>,
}

/// True where a mail program gets attachments only inside a file of the whole mail.
pub const NEEDS_FILE: bool = cfg!(windows);

/// A program that cannot open a mail exits within this time; one that shows it may run as long as it likes.
const COMPLAINS_WITHIN: Duration = Duration::from_secs(2);

/// Starts the platform's mail program with a mail in it, and does not wait for its end. `eml` is the file of the whole mail,
/// which is there if [`NEEDS_FILE`].
///
/// # Errors
///
/// If there is no such program, or if it fails at once.
pub fn open(mail: &Mail, eml: &Path) -> Result<()> {
    let mut program = program(mail, eml);
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let files: Vec<String> = mail.attachments.iter().map(|file| file.display().to_string()).collect();
    let hint = format!(
        "--eml writes the mail as a file; or send {} yourself, then say so with --mark",
        files.join(" and ")
    );
    let Ok(mut child) = program.spawn() else {
        bail!("no program that opens a mail was found\nhint: {hint}");
    };
    // The waiting thread also reaps the process.
    let (tell, told) = channel();
    std::thread::spawn(move || tell.send(child.wait()));
    let failed = |status: &ExitStatus| !status.success();
    match told.recv_timeout(COMPLAINS_WITHIN) {
        Ok(Ok(status)) if failed(&status) => {
            bail!("the mail program could not be opened\nhint: {hint}");
        }
        _ => Ok(()),
    }
}

#[cfg(target_os = "macos")]
fn program(mail: &Mail, _: &Path) -> Command {
    let mut program = Command::new("open");
    program.args(["-a", "Mail"]).args(&mail.attachments);
    program
}

#[cfg(windows)]
fn program(_: &Mail, eml: &Path) -> Command {
    // explorer.exe ends with 1 when it has opened the file, too.
    let mut program = Command::new("rundll32");
    program.arg("url.dll,FileProtocolHandler").arg(eml);
    program
}

#[cfg(not(any(target_os = "macos", windows)))]
fn program(mail: &Mail, _: &Path) -> Command {
    let mut program = Command::new("xdg-email");
    program.args(["--utf8", "--subject", &mail.subject, "--body", &mail.body]);
    for file in &mail.attachments {
        program.arg("--attach").arg(file);
    }
    // An address that looks like an option is none.
    program.args(mail.to.iter().filter(|to| !to.starts_with('-')));
    program
}

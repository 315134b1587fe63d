//! Typesets a user's template in a process of its own, which is killed if it takes too long.
//!
//! typst cannot be interrupted: it asks its world for nothing while a loop runs, and a thread cannot be killed from
//! outside. A process can, and its memory and stack go with it. Built-in templates always end, and stay in process.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use typst::foundations::Bytes;
use typst::syntax::Source;

use crate::DocumentError;
use crate::font::Brought;
use crate::manuscript::Manuscript;
use crate::world::{Fonts, Template};

/// The time limit of a template. The built-in ones take milliseconds.
const LIMIT: Duration = Duration::from_secs(5);

/// The program and the word that makes it call [`serve`].
static PROGRAM: OnceLock<(PathBuf, &'static str)> = OnceLock::new();

/// Sets the program that typesets templates of the user's own: it must call [`serve`] when it is started with `word`.
/// Without it, as in tests, they are typeset in process. Only the first call counts.
pub fn typeset_apart(program: PathBuf, word: &'static str) {
    let _ = PROGRAM.set((program, word));
}

/// Everything that a document is made from.
#[derive(Serialize, Deserialize)]
struct Job {
    template: String,
    text: String,
    title: String,
    author: String,
    mark: String,
    date: NaiveDate,
    /// Names and bytes, in base64.
    files: Vec<(String, String)>,
    inside: Option<String>,
    bill: bool,
    /// The additional font files, in base64.
    fonts: Vec<String>,
    /// The reader's country.
    country: Option<String>,
    sheet: Value,
}

/// The outcome.
#[derive(Serialize, Deserialize)]
enum Done {
    /// The PDF, in base64.
    Printed(String),
    /// An error that the template's author has to fix.
    Refused {
        line: usize,
        message: String,
    },
    Failed(String),
}

/// Typesets one document: reads the job from `input`, writes the outcome to `output`.
///
/// # Errors
///
/// If `input` holds no job, or `output` cannot be written.
pub fn serve(input: impl Read, mut output: impl Write) -> Result<(), DocumentError> {
    let job: Job = serde_json::from_reader(input)?;
    let bytes = |text: &str| STANDARD.decode(text).unwrap_or_default();
    let files = job.files.iter();
    let manuscript = Manuscript {
        template: Template::own(&job.template, &job.text),
        title: job.title,
        author: &job.author,
        mark: job.mark,
        date: job.date,
        files: files
            .map(|(name, text)| (name.clone(), Bytes::new(bytes(text))))
            .collect(),
        inside: job.inside.as_deref().map(bytes),
        fonts: Fonts {
            bill: job.bill,
            brought: Brought::of(
                job.fonts.iter().map(|font| Bytes::new(bytes(font))).collect(),
                job.country.as_deref(),
            ),
        },
    };
    let done = match manuscript.print(&job.sheet) {
        Ok(pdf) => Done::Printed(STANDARD.encode(pdf)),
        Err(DocumentError::Template { line, message, .. }) => Done::Refused { line, message },
        Err(error) => Done::Failed(error.to_string()),
    };
    serde_json::to_writer(&mut output, &done)?;
    output.flush()?;
    Ok(())
}

/// Prints a template of the user's own; `None` if no program was set by [`typeset_apart`].
pub(crate) fn print(
    manuscript: &Manuscript<'_>,
    template: &Source,
    sheet: Value,
) -> Option<Result<Vec<u8>, DocumentError>> {
    let (program, word) = PROGRAM.get()?;
    let name = template.id().vpath().get_without_slash().to_owned();
    let job = Job {
        template: name.clone(),
        text: template.text().to_owned(),
        title: manuscript.title.clone(),
        author: manuscript.author.to_owned(),
        mark: manuscript.mark.clone(),
        date: manuscript.date,
        files: manuscript
            .files
            .iter()
            .map(|(name, bytes)| (name.clone(), STANDARD.encode(bytes)))
            .collect(),
        inside: manuscript.inside.as_ref().map(|bytes| STANDARD.encode(bytes)),
        bill: manuscript.fonts.bill,
        fonts: manuscript
            .fonts
            .brought
            .files()
            .iter()
            .map(|font| STANDARD.encode(font))
            .collect(),
        country: manuscript.fonts.brought.country().map(str::to_owned),
        sheet,
    };
    let mut command = Command::new(program);
    command.arg(word);
    Some(ask(command, &job, LIMIT).and_then(|done| match done {
        Done::Printed(text) => Ok(STANDARD.decode(text).unwrap_or_default()),
        Done::Refused { line, message } => Err(DocumentError::Template { name, line, message }),
        Done::Failed(message) => Err(DocumentError::Template { name, line: 1, message }),
    }))
}

/// Starts a process, passes it a job, and kills it if it does not answer in time.
fn ask(mut command: Command, job: &Job, limit: Duration) -> Result<Done, DocumentError> {
    let job = serde_json::to_vec(job)?;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    std::thread::spawn(move || input.map(|mut input| input.write_all(&job)));
    let (sender, answer) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map(|mut output| output.read_to_end(&mut bytes));
        let _ = sender.send(read.map(|_| bytes));
    });
    let answer = answer.recv_timeout(limit);
    // The process has ended, or must end now.
    let _ = child.kill();
    child.wait()?;
    let failed = |message: String| Done::Refused { line: 1, message };
    Ok(match answer {
        Err(_) => failed(format!(
            "it was not done after {} s; does it loop for ever?",
            limit.as_secs()
        )),
        Ok(bytes) => serde_json::from_slice(&bytes.unwrap_or_default())
            .unwrap_or_else(|_| failed("it took more memory or deeper calls than there are".to_owned())),
    })
}

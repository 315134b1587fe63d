//! An error for every surface: a sentence, the next step, and a code for programs.

use std::fmt;

use anyhow::Error;
use keeptab_core::invoice::{DraftId, PayError};
use keeptab_store::{Trouble, trouble};
use schemars::JsonSchema;
use serde::Serialize;

/// The kind of an error, for programs. New ones may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The words of the command are wrong.
    Usage,
    /// The config names no business.
    NoBusiness,
    /// The config names no such client.
    UnknownClient,
    /// The config names no such project.
    UnknownProject,
    /// There is no such invoice or draft.
    UnknownInvoice,
    /// The client has several open drafts, and one has to be named.
    SeveralDrafts,
    /// No time is left to bill.
    NothingToBill,
    /// More is paid than is owed, and it has to be confirmed.
    Overpaid,
    /// Another program holds the database.
    Locked,
    /// The disk is full, read-only or broken, or the file is not the user's.
    Disk,
    /// The database is damaged, or another program's.
    Damaged,
    /// Any other reason.
    Failed,
}

/// An error with a code for programs.
#[derive(Debug)]
pub struct Refused {
    code: Code,
    words: String,
}

impl Refused {
    /// Makes an error of a sentence, perhaps with a line that begins with `hint: `.
    pub fn new(code: Code, words: impl Into<String>) -> Self {
        Self {
            code,
            words: words.into(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Refused {}

/// An error as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// The reason, in one sentence.
    pub message: String,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The kind.
    pub code: Code,
}

impl Failure {
    /// Makes a failure of an error and its causes. The outermost hint is the one that is shown.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let mut says: Vec<String> = Vec::new();
        let mut hint = None;
        for cause in error.chain() {
            let words = cause.to_string();
            let (what, next) = match words.split_once("\nhint: ") {
                Some((what, next)) => (what, Some(next.to_owned())),
                None => (&*words, None),
            };
            hint = hint.or(next);
            // Some errors repeat their cause.
            if says.last().is_none_or(|last| !last.contains(what)) {
                says.push(what.to_owned());
            }
        }
        Self {
            message: says.join(": "),
            hint,
            code: code(error),
        }
    }

    /// Makes a failure of the words about a wrong command line: a paragraph, perhaps one with a tip, and the usage.
    #[must_use]
    pub fn of_usage(words: &str) -> Self {
        let mut paragraphs = words.trim().trim_start_matches("error: ").split("\n\n");
        let first = paragraphs.next().unwrap_or_default();
        let (message, hint) = match first.split_once("\nhint: ") {
            Some((message, hint)) => (message, Some(hint)),
            None => (
                first,
                paragraphs.find_map(|paragraph| paragraph.trim().strip_prefix("tip: ")),
            ),
        };
        Self {
            message: on_one_line(message),
            hint: hint.map(on_one_line),
            code: Code::Usage,
        }
    }

    /// Returns the message and the hint on one line, for a client that shows a line.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.hint {
            Some(hint) => on_one_line(&format!("{} — {hint}", self.message)),
            None => on_one_line(&self.message),
        }
    }
}

fn on_one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join(" ")
}

/// The hint stands on a line of its own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

fn code(error: &Error) -> Code {
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return refused.code;
    }
    if error.is::<SeveralDrafts>() {
        return Code::SeveralDrafts;
    }
    if let Some(PayError::Overpaid(_)) = error.downcast_ref() {
        return Code::Overpaid;
    }
    match trouble(error) {
        Some(Trouble::Locked) => Code::Locked,
        Some(Trouble::Disk) => Code::Disk,
        Some(Trouble::Damaged) => Code::Damaged,
        Some(Trouble::NoInvoice) => Code::UnknownInvoice,
        None => Code::Failed,
    }
}

/// A client has several open drafts, and one has to be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeveralDrafts {
    /// The client's id.
    pub client: String,
    /// Each with the description of its reservation.
    pub drafts: Vec<(DraftId, String)>,
}

impl fmt::Display for SeveralDrafts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client, drafts } = self;
        let name = |(DraftId(id), reserves): &(DraftId, String)| format!("{id} ({reserves})");
        let names: Vec<String> = drafts.iter().map(name).collect();
        let first = drafts.first().map_or(0, |(DraftId(id), _)| *id);
        write!(
            f,
            "{client} has {} open drafts: {}\nhint: name one by its number, such as {first}, in place of {client}",
            drafts.len(),
            names.join(", ")
        )
    }
}

impl std::error::Error for SeveralDrafts {}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};

    use super::*;

    #[test]
    fn causes_follow_and_the_outermost_hint_is_the_one() {
        let error =
            anyhow!("the disk is full\nhint: free some space").context("no backup was written\nhint: try again");
        let failure = Failure::of(&error);
        assert_eq!(failure.message, "no backup was written: the disk is full");
        assert_eq!(failure.hint.as_deref(), Some("try again"));
        assert_eq!(failure.code, Code::Failed);
        assert_eq!(failure.line(), "no backup was written: the disk is full — try again");
        assert_eq!(
            failure.to_string(),
            "no backup was written: the disk is full\nhint: try again"
        );
    }

    #[test]
    fn a_code_is_found_behind_what_was_said_since() {
        let error: Error = Refused::new(Code::UnknownProject, "there is no project `x`").into();
        let error = Err::<(), _>(error).context("nothing was added").unwrap_err();
        assert_eq!(Failure::of(&error).code, Code::UnknownProject);
        let data = serde_json::to_value(Failure::of(&error)).unwrap();
        let told =
            serde_json::json!({ "message": "nothing was added: there is no project `x`", "code": "unknown-project" });
        assert_eq!(data, told);
    }
}

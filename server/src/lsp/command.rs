//! `workspace/executeCommand`: the palette's commands are the shell's, with the same words and options.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, anyhow, bail};
use keeptab_core::entity::Entity;
use keeptab_engine::Failure;
use keeptab_engine::thread::{Door as _, Handle};
use keeptab_present::flow::{self, Again, Answer, Ask, Input, Known, Missing, Outcome, Pick, Wanted, Writing};
use serde::Deserialize as _;
use serde_json::{Value, json};
use tower_lsp::ls_types::{MessageType, Uri};

use super::import;
use super::outbox::Outbox;
use super::progress::{Percent, Work};
use super::protocol::{CommandAnswer, Told};
use super::server::Host;
use super::sheet;
use crate::cli::{self, Words};
use crate::log;

/// The palette's own commands, each with its answer if it gets no arguments.
const OWN: [(&str, &str); 4] = [
    (
        "invoices",
        "asks for an invoice, shows it, and asks what becomes of it: open it, open a mail with it, mark it as \
         sent or paid (amount, day), cancel it (asks again), note something; a draft is issued, kept or discarded",
    ),
    (
        "totals",
        "asks for a range and shows its totals with bars; with the words of `report` does not ask",
    ),
    ("config", "`{ path }` of the config"),
    ("log", "`{ path }` of the log that is being written"),
];

/// Commands that have a way of their own to read words.
const READ_APART: [&str; 4] = ["config", "log", "totals", "import"];

/// Returns all commands of the palette, those of the shell first, each with its answer if it gets no arguments.
fn commands() -> impl Iterator<Item = (&'static str, &'static str)> {
    cli::palette().chain(OWN)
}

/// Returns the names of all commands of the palette.
pub(super) fn names() -> Vec<&'static str> {
    commands().map(|(name, _)| name).collect()
}

/// Commands with paths among their words. No shell has expanded a `~` in them.
const WITH_PATHS: [&str; 6] = ["invoice", "export", "backup", "restore", "salvage", "dashboard"];

/// Runs a command such as `keeptab.report` with the shell's arguments.
///
/// With all that it needs it answers `{text, data}`. Otherwise it asks in the editor, answers null at once, and tells
/// the outcome when there is one.
pub(super) async fn execute(host: &Host, command: &str, arguments: &[Value]) -> Result<Option<Value>> {
    let name = command.strip_prefix("keeptab.").unwrap_or(command);
    let mut words: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
    if name == "complete" {
        // Not offered: it is for command lines, not for people.
        let known = flow::known(&host.engine).await?;
        return Ok(Some(json!(cli::complete(&words, None, &known))));
    }
    let expanded: Vec<String> = words.iter().map(|word| host.home.expand(word)).collect();
    if WITH_PATHS.contains(&name) {
        words = expanded.iter().map(String::as_str).collect();
    }
    let folder = words.first().filter(|_| name == "assign");
    let folder = folder.map(|folder| flow::named_folder(folder, &host.home));
    if let (Some(first), Some(folder)) = (words.first_mut(), &folder) {
        *first = folder;
    }
    let names = names();
    if !names.contains(&name) {
        bail!("there is no command {command}\nhint: commands are {}", names.join(", "));
    }
    if words.contains(&"--help") && name != "config" && name != "log" {
        let of_shell = if name == "totals" { "report" } else { name };
        if let Words::Help(text) = cli::look(of_shell, &words, &Known::default())? {
            return Ok(Some(json!(CommandAnswer {
                text: Some(text),
                ..CommandAnswer::default()
            })));
        }
    }
    if asks(name, &words) || lacks(name, &words)? {
        let wanted = if name == "invoice" && words.is_empty() {
            wanted(arguments)?
        } else {
            Wanted::default()
        };
        converse(host, name, &words, wanted);
        return Ok(None);
    }
    match name {
        "config" => Ok(Some(json!(CommandAnswer::to_open(host.home.config_file())))),
        "log" => Ok(Some(json!(CommandAnswer::to_open(log::newest(&host.home))))),
        "import" => {
            let percent = Percent::told();
            let _work = Work::begin(&host.outbox, name, &percent);
            import::directly(host, &words, percent.teller()).await.map(Some)
        }
        "doctor" => {
            let home = host.home.clone();
            let _work = Work::begin(&host.outbox, name, &Percent::default());
            let (text, data) = tokio::task::spawn_blocking(move || cli::check_up(home)).await?;
            Ok(Some(json!(CommandAnswer::new(&text, data))))
        }
        "totals" => {
            let (range, by) = cli::report(&words)?;
            let (text, report) = flow::totals_of(&host.engine, range, by).await?;
            Ok(Some(json!(CommandAnswer::new(&text, report))))
        }
        _ => {
            let csv = if name == "report" {
                cli::csv_of_report(&words)?
            } else {
                None
            };
            let mut call = csv.map_or_else(|| cli::parse_words(name, &words), Ok)?;
            let again = call.take_again();
            let _work = Work::begin(&host.outbox, name, &Percent::default());
            match call.ask(&host.engine).await {
                Ok(answer) => show(host, name, &answer).await.map(Some),
                Err(error) => {
                    let Some(again) = again.filter(|again| again.is_asked_by(&error)) else {
                        return Err(error);
                    };
                    ask_again(host, name, again, error);
                    Ok(None)
                }
            }
        }
    }
}

/// Opens what an answer wants to be seen, and returns it for the editor.
async fn show(host: &Host, name: &str, answer: &Answer) -> Result<Value> {
    let told = answer.summary.as_deref();
    let told = told.map(|summary| Told::new(summary, answer.undo, &answer.files));
    if let (Some(sheet), Some(told)) = (&answer.sheet, &told) {
        if let Some(uri) = Uri::from_file_path(sheet) {
            host.outbox.document(uri, false);
        }
        let mut value = CommandAnswer::new(&told.in_shell(), answer.data());
        value.told = Some(told.clone());
        return Ok(json!(value));
    }
    match name {
        // Only to be looked at: no editor has an eye for it.
        "dashboard" => {
            if let Some(uri) = answer.files.first().and_then(Uri::from_file_path) {
                host.outbox.document(uri, true);
            }
        }
        // A change, or an invoice.
        _ if told.is_some() || name == "invoice" => sheet::refresh(host).await?,
        _ => {}
    }
    let mut value = CommandAnswer::new(answer.to_string().trim_start_matches('\n'), answer.data());
    value.told = told;
    Ok(json!(value))
}

/// Returns whether a command has something to ask first.
fn asks(name: &str, words: &[&str]) -> bool {
    match name {
        "invoices" => true,
        "review" => words == ["--pick"] || words == ["--pdf", "--pick"],
        "client" | "project" => words == ["add"],
        "assign" => words.len() < 2,
        "import" => import::asks(words),
        "forget" => !words.contains(&"--yes"),
        "init" | "invoice" | "start" | "add" | "away" | "totals" | "restore" | "salvage" | "export" => words.is_empty(),
        _ => false,
    }
}

/// Returns whether a command lacks words, or wants a confirmation first.
fn lacks(name: &str, words: &[&str]) -> Result<bool> {
    if READ_APART.contains(&name) {
        return Ok(false);
    }
    if name == "invoice" && cli::cancels(words).is_some() {
        return Ok(true);
    }
    Ok(matches!(cli::look(name, words, &Known::default())?, Words::Lacking(_)))
}

/// Reads the answers that a command of the palette brings for its conversation: one object, or nothing.
fn wanted(arguments: &[Value]) -> Result<Wanted> {
    let Some(answers) = arguments.first() else {
        return Ok(Wanted::default());
    };
    let wanted = Wanted::deserialize(answers);
    wanted.map_err(|error| anyhow!("{error}\nhint: write it as {{\"client\": \"acme\", \"week\": \"2026-W47\"}}"))
}

/// Runs a conversation beside the request, so that no handler ever waits for the user.
fn converse(host: &Host, name: &str, words: &[&str], wanted: Wanted) {
    let (host, name) = (host.clone(), name.to_owned());
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    tokio::spawn(async move {
        let outcome = talk(&host, &name, words, wanted).await;
        if let Err(error) = sheet::refresh(&host).await {
            tracing::error!("a timesheet was not refreshed: {error:#}");
        }
        match outcome {
            Ok(Some(outcome)) => {
                match outcome.next {
                    Some(next) => host.outbox.next(outcome.text, next),
                    None => host.outbox.told(Told::new(&outcome.text, outcome.undo, &outcome.files)),
                }
                if let Some(uri) = outcome.open.and_then(Uri::from_file_path) {
                    host.outbox.document(uri, outcome.external);
                }
            }
            Ok(None) => {}
            Err(error) => host.outbox.message(MessageType::ERROR, &Failure::of(&error).line()),
        }
    });
}

/// Asks what an error asks, beside the request, and makes the call that follows.
fn ask_again(host: &Host, name: &str, again: Again, error: anyhow::Error) {
    let (host, name) = (host.clone(), name.to_owned());
    tokio::spawn(async move {
        let ask = InEditor::new(&host.outbox, &name);
        let Some(call) = again.ask(&ask, &error).await else {
            return;
        };
        let answered = call.ask(&host.engine).await;
        if let Err(error) = sheet::refresh(&host).await {
            tracing::error!("a timesheet was not refreshed: {error:#}");
        }
        match answered.map(Outcome::told) {
            Ok(outcome) => host.outbox.told(Told::new(&outcome.text, outcome.undo, &outcome.files)),
            Err(error) => host.outbox.message(MessageType::ERROR, &Failure::of(&error).line()),
        }
    });
}

/// Returns the first open workspace root, as the folder of a first project.
fn folder(host: &Host) -> Option<String> {
    let root = host.outbox.roots().into_iter().next()?;
    match Entity::from_uri(&root, None) {
        Entity::Path(path) => Some(host.home.shorten(&path)).filter(|path| path != "~" && path != "/"),
        _ => None,
    }
}

async fn talk(host: &Host, name: &str, words: Vec<String>, wanted: Wanted) -> Result<Option<Outcome>> {
    let (ask, engine) = (InEditor::new(&host.outbox, name), &host.engine);
    let given: Vec<&str> = words.iter().map(String::as_str).collect();
    match (name, given.as_slice()) {
        ("init", _) => flow::init(&ask, engine, &host.home, folder(host)).await,
        ("review", ["--pick"]) => flow::review_week(&ask, engine).await,
        ("review", ["--pdf", "--pick"]) => flow::week_as_pdf(&ask, engine).await,
        ("totals", _) => flow::totals(&ask, engine).await,
        ("invoices", _) => flow::invoices(&ask, engine, words.into_iter().next()).await,
        ("restore", []) => flow::restore(&ask, engine).await,
        ("salvage", []) => flow::salvage(&ask, engine).await,
        ("forget", _) => flow::forget(&ask, engine, &words, |words| cli::parse_words("forget", words)).await,
        ("start", []) => flow::start_timer(&ask, engine).await,
        ("add", []) => flow::add_time(&ask, engine).await,
        ("away", []) => flow::count_gap(&ask, engine).await,
        ("client", ["add"]) => flow::add_client(&ask, engine).await,
        ("project", ["add"]) => flow::add_project(&ask, engine, folder(host)).await,
        ("assign", _) => flow::assign(&ask, engine, words.into_iter().next()).await,
        ("import", _) => import::converse(host, &ask, &words, ask.percent.teller()).await,
        ("export", []) => match flow::pick_writing(&ask).await {
            Some((writing, folder)) => export(engine, writing, &host.home.expand(&folder)).await.map(Some),
            None => Ok(None),
        },
        ("invoice", []) => {
            // A first invoice wants a business; without one there is nothing to bill.
            if engine.ask(|engine, _| Ok(!engine.has_business())).await? {
                return flow::init(&ask, engine, &host.home, folder(host)).await;
            }
            if !sheet::settle(host, &ask).await? {
                return Ok(None);
            }
            flow::create_invoice(&ask, engine, wanted).await
        }
        _ => whole(host, &ask, name, words).await,
    }
}

/// Writes an export.
async fn export(engine: &Handle, writing: Writing, folder: &str) -> Result<Outcome> {
    let (name, words) = match writing {
        Writing::Json => ("export", vec![folder]),
        Writing::Tables => ("export", vec!["--csv", folder]),
        Writing::Invoices => ("invoice", vec!["export", folder]),
    };
    cli::parse_words(name, &words)?.ask(engine).await.map(Outcome::told)
}

/// Asks for the words that a command lacks, and for what cannot be taken back, and runs it.
async fn whole(host: &Host, ask: &InEditor<'_>, name: &str, mut words: Vec<String>) -> Result<Option<Outcome>> {
    let known = flow::known(&host.engine).await?;
    // The question that was asked last, and the number of words before its answer.
    let mut last: Option<(usize, Missing)> = None;
    let mut call = loop {
        let given: Vec<&str> = words.iter().map(String::as_str).collect();
        let wrong = match cli::look(name, &given, &known) {
            Ok(Words::Lacking(missing)) => Ok(missing),
            Ok(_) => match cli::parse_words(name, &given) {
                Ok(call) => break call,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let (mut missing, problem) = match (wrong, last.take()) {
            (Ok(missing), _) => (missing, None),
            // The answer was wrong: it is asked for again.
            (Err(error), Some((before, missing))) => {
                words.truncate(before);
                (missing, Some(error.to_string().replace('\n', "; ")))
            }
            (Err(error), None) => return Err(error),
        };
        let Some(answer) = missing.ask(ask, problem.as_deref()).await else {
            return Ok(None);
        };
        last = Some((words.len(), missing));
        words.extend(answer.iter().map(|word| host.home.expand(word)));
    };
    let given: Vec<&str> = words.iter().map(String::as_str).collect();
    if name == "invoice"
        && let Some((number, keep)) = cli::cancels(&given)
        && !flow::is_to_cancel(ask, &number, keep).await
    {
        return Ok(None);
    }
    let again = call.take_again();
    let answer = match (call.ask(&host.engine).await, again) {
        (Err(error), Some(again)) if again.is_asked_by(&error) => match again.ask(ask, &error).await {
            Some(call) => call.ask(&host.engine).await?,
            None => return Ok(None),
        },
        (answer, _) => answer?,
    };
    Ok(Some(Outcome::told(answer)))
}

/// Asks in the editor. What lies between the questions is work.
struct InEditor<'a> {
    outbox: &'a Outbox,
    name: &'a str,
    percent: Percent,
    work: Mutex<Option<Work>>,
}

impl<'a> InEditor<'a> {
    fn new(outbox: &'a Outbox, name: &'a str) -> Self {
        let percent = if name == "import" {
            Percent::told()
        } else {
            Percent::default()
        };
        let work = Mutex::new(Some(Work::begin(outbox, name, &percent)));
        Self {
            outbox,
            name,
            percent,
            work,
        }
    }

    fn work(&self, work: Option<Work>) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = work;
    }

    async fn rest<T>(&self, question: impl Future<Output = T>) -> T {
        self.work(None);
        let answer = question.await;
        self.work(Some(Work::begin(self.outbox, self.name, &self.percent)));
        answer
    }
}

impl Ask for InEditor<'_> {
    async fn pick(&self, pick: Pick) -> Option<String> {
        self.rest(self.outbox.pick(pick)).await
    }

    async fn input(&self, input: Input) -> Option<String> {
        self.rest(self.outbox.input(input)).await
    }

    fn show(&self, document: &Path) {
        if let Some(uri) = Uri::from_file_path(document) {
            self.outbox.document(uri, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    #[test]
    fn the_protocol_lists_the_commands() {
        let page = include_str!("../../../PROTOCOL.md");
        let head = "| command | without arguments |\n|---|---|\n";
        let (before, rest) = page.split_once(head).unwrap();
        let (_, after) = rest.split_once("\n\n").unwrap();
        let rows = commands().map(|(name, answer)| format!("| `keeptab.{name}` | {answer} |\n"));
        let rows: String = rows.collect();
        expect_file!["../../../PROTOCOL.md"].assert_eq(&format!("{before}{head}{rows}\n{after}"));
    }
}

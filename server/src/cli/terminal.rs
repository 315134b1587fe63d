//! Questions at a terminal.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Result, bail};
use keeptab_config::Place;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_core::plain::line;
use keeptab_engine::Engine;
use keeptab_present::flow::{Answer, Ask, Call, Input, Item, Pick, ask_for_client, check_vat_id, is_to_cancel};
use keeptab_system::clock;

use super::output::prompt;

/// Makes a call. If its error asks something, asks the user and makes the call that follows.
pub(super) fn execute(engine: &mut Engine, mut call: Call) -> Result<Answer> {
    let again = call.take_again();
    let error = match call.run(engine, clock::now()) {
        Ok(answer) => return Ok(answer),
        Err(error) => error,
    };
    let Some(again) = again.filter(|again| again.is_asked_by(&error)) else {
        return Err(error);
    };
    let Some(terminal) = Terminal::open() else {
        return Err(error);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    match runtime.block_on(again.ask(&terminal, &error)) {
        Some(call) => call.run(engine, clock::now()),
        None => Err(error),
    }
}

/// Asks for what a new client's invoices need, if there is a user to ask.
///
/// # Errors
///
/// If the user gives up, or the VAT id has a wrong form.
pub(super) fn complete(mut place: Place) -> Result<Place> {
    check_vat_id(place.vat_id.as_deref(), place.country.as_deref())?;
    if let Some(terminal) = Terminal::open() {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        if !runtime.block_on(ask_for_client(&terminal, &mut place)) {
            bail!("nothing was written");
        }
    }
    Ok(place)
}

/// Asks whether to cancel an invoice, if there is a user to ask.
pub(super) fn confirm_cancel(number: &InvoiceNumber, keep: bool) -> bool {
    let Some(terminal) = Terminal::open() else {
        return true;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.is_ok_and(|runtime| runtime.block_on(is_to_cancel(&terminal, number, keep)))
}

/// Asks on stderr and reads from stdin.
pub(super) struct Terminal;

impl Terminal {
    /// Returns the terminal, if there is a user to ask.
    pub(super) fn open() -> Option<Self> {
        (std::io::stdin().is_terminal() && std::io::stderr().is_terminal()).then_some(Self)
    }

    fn read(question: &str) -> Option<String> {
        prompt(&format!("{question}: ")).ok()?;
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim().to_owned())
    }
}

/// Returns the item of a number, or the only one whose label begins with the answer.
fn chosen<'a>(items: &'a [Item], answer: &str) -> Option<&'a Item> {
    if let Ok(number) = answer.parse::<usize>() {
        return items.get(number.checked_sub(1)?);
    }
    let answer = answer.to_lowercase();
    let mut named = items
        .iter()
        .filter(|item| item.label.to_lowercase().starts_with(&answer));
    let first = named.next();
    first.filter(|_| named.next().is_none())
}

impl Ask for Terminal {
    async fn pick(&self, pick: Pick) -> Option<String> {
        prompt(&format!("{}\n", pick.title)).ok()?;
        for (index, item) in pick.items.iter().enumerate() {
            let (label, detail) = (line(&item.label), line(&item.detail));
            prompt(&format!("  {}  {label}  {detail}\n", index + 1)).ok()?;
        }
        loop {
            let answer = Self::read("number").filter(|answer| !answer.is_empty())?;
            if let Some(item) = chosen(&pick.items, &answer) {
                return Some(item.value.clone());
            }
            prompt(&format!(
                "a number from 1 to {}, or the beginning of one line; nothing ends this\n",
                pick.items.len()
            ))
            .ok()?;
        }
    }

    async fn input(&self, input: Input) -> Option<String> {
        if input.value.is_empty() {
            return Self::read(&input.prompt);
        }
        let text = Self::read(&format!("{} [{}]", input.prompt, input.value))?;
        Some(if text.is_empty() { input.value } else { text })
    }

    fn edits(&self) -> bool {
        false
    }
}

//! hledger's and ledger's timeclock files: `i` and a time when work begins, `o` when it ends.

use std::io::{BufRead as _, Read as _};

use anyhow::{Result, anyhow, bail};
use chrono::NaiveDateTime;

use super::conventions::Conventions;
use super::input::text;
use super::table::hand_over;
use super::tool::{Form, Tool, first_line, reader};
use super::{Draft, Each, Found, Importer, Input, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "timeclock",
    forms: &[Form::Text(|head, _| {
        is_timeclock(first_line(head)).then_some(Timeclock).and_then(reader)
    })],
};

/// The most bytes of a line of a timeclock.
const LONGEST: u64 = 64 * 1024;

/// The lines.
pub(super) struct Timeclock;

/// Returns true if a line begins or ends work.
fn is_timeclock(line: &str) -> bool {
    let after = line
        .strip_prefix(['i', 'I', 'o', 'O'])
        .and_then(|rest| rest.strip_prefix(char::is_whitespace));
    after.is_some_and(|rest| rest.trim_start().starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Work that has begun.
struct Begun {
    line: u64,
    at: NaiveDateTime,
    account: String,
    description: String,
}

impl Importer for Timeclock {
    fn read(&mut self, mut input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let (mut bytes, mut line_text, mut line) = (Vec::new(), String::new(), 0);
        let mut open: Vec<Begun> = Vec::new();
        loop {
            bytes.clear();
            let read = (&mut input).take(LONGEST).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                break;
            }
            line += 1;
            text(&bytes, &mut line_text);
            let flow = match clock(line_text.trim_end(), conventions) {
                Ok(Clock::In(at, account, description)) => {
                    let again = open.iter().position(|begun| begun.account == account);
                    let unended = again.map(|index| open.remove(index));
                    open.push(Begun {
                        line,
                        at,
                        account,
                        description,
                    });
                    match unended {
                        Some(begun) => {
                            let error = anyhow!("it is never ended: line {line} begins anew");
                            hand_over(each, begun.line, Err(error))
                        }
                        None => continue,
                    }
                }
                Ok(Clock::Out(at, account, description)) => match ended(&mut open, &account) {
                    Some((begun, true)) => hand_over(each, begun.line, entry(begun, at, description)),
                    // Text that is no account says what was done.
                    Some((begun, false)) => hand_over(each, begun.line, entry(begun, at, join(account, description))),
                    None if account.is_empty() || open.is_empty() => {
                        hand_over(each, line, Err(anyhow!("it ends what never began")))
                    }
                    None => hand_over(each, line, Err(anyhow!("it ends `{account}`, which never began"))),
                },
                Ok(Clock::Comment) => continue,
                Err(error) => hand_over(each, line, Err(error)),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        for begun in open {
            if hand_over(each, begun.line, Ok(Found::Running)).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Takes the session that an `o` ends: that of its account, else the latest one. Also returns whether the text after the
/// time named it. Source: the manual of hledger 1.43; ledger does the same.
fn ended(open: &mut Vec<Begun>, account: &str) -> Option<(Begun, bool)> {
    match open.iter().position(|begun| begun.account == account) {
        Some(index) => Some((open.remove(index), true)),
        None if account.is_empty() => open.pop().map(|begun| (begun, true)),
        None if open.len() == 1 => open.pop().map(|begun| (begun, false)),
        None => None,
    }
}

fn join(one: String, two: String) -> String {
    match (one.is_empty(), two.is_empty()) {
        (false, false) => format!("{one} {two}"),
        _ => one + &two,
    }
}

fn entry(begun: Begun, end: NaiveDateTime, description: String) -> Result<Found> {
    if end < begun.at {
        bail!("it ends before it begins");
    }
    let mut draft = Draft::at(When::Clock(begun.at, end));
    // The first part of an account is the client, as the whole is the project.
    if let Some((client, project)) = begun.account.split_once(':') {
        client.clone_into(&mut draft.client);
        draft.project = project.replace(':', " ");
    } else {
        draft.project = begun.account;
    }
    draft.description = if begun.description.is_empty() {
        description
    } else {
        begun.description
    };
    Ok(draft.into())
}

enum Clock {
    In(NaiveDateTime, String, String),
    Out(NaiveDateTime, String, String),
    Comment,
}

fn clock(line: &str, conventions: &Conventions) -> Result<Clock> {
    let (line, comment) = split_comment(line);
    if line.trim().is_empty() || line.starts_with(['#', '*']) {
        return Ok(Clock::Comment);
    }
    let (code, rest) = word(line);
    let is_in = match code {
        "b" | "h" => return Ok(Clock::Comment),
        "i" | "I" => true,
        "o" | "O" => false,
        _ => bail!("it begins with neither i nor o"),
    };
    let (day, rest) = word(rest);
    if day.is_empty() {
        bail!("it has no date");
    }
    let day = value::date(day, conventions)?;
    // The programs that write these files ignore a zone after the time, too.
    let (time, rest) = word(rest);
    if time.is_empty() {
        bail!("it has no clock time");
    }
    let time = value::time(time.split(['+', '-', ';']).next().unwrap_or_default())?;
    let (account, description) = rest.split_once("  ").unwrap_or((rest, ""));
    let description = match description.trim() {
        "" => comment.trim().to_owned(),
        description => description.to_owned(),
    };
    let (at, account) = (day.and_time(time), account.trim().to_owned());
    Ok(if is_in {
        Clock::In(at, account, description)
    } else {
        Clock::Out(at, account, description)
    })
}

/// Splits a line at the semicolon that begins a comment: one with a space beside it.
fn split_comment(line: &str) -> (&str, &str) {
    let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    let bytes = line.as_bytes();
    let begins = |(at, _): &(usize, &str)| {
        is_space(at.checked_sub(1).and_then(|before| bytes.get(before))) || is_space(bytes.get(at + 1))
    };
    match line.match_indices(';').find(begins) {
        Some((at, _)) => (
            line.get(..at).unwrap_or_default(),
            line.get(at + 1..).unwrap_or_default(),
        ),
        None => (line, ""),
    }
}

/// Splits off the first word.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests;

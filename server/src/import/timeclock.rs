//! hledger's and ledger's timeclock files: `i` and a time when work begins, `o` when it ends.

use std::io::{BufRead as _, Read as _};

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDateTime;

use super::conventions::Conventions;
use super::input::text;
use super::table::hand_over;
use super::{Draft, Each, Found, Importer, Input, When, value};

/// The most bytes of a line of a timeclock.
const LONGEST: u64 = 64 * 1024;

/// The lines.
pub(super) struct Timeclock;

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
        let mut begun: Option<Begun> = None;
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
                    let next = Begun {
                        line,
                        at,
                        account,
                        description,
                    };
                    match begun.replace(next) {
                        Some(open) => {
                            let error = anyhow::anyhow!("it is never ended: line {line} begins anew");
                            hand_over(each, open.line, Err(error))
                        }
                        None => continue,
                    }
                }
                Ok(Clock::Out(at, description)) => match begun.take() {
                    Some(open) => hand_over(each, open.line, entry(open, at, description)),
                    None => hand_over(each, line, Err(anyhow::anyhow!("it ends what never began"))),
                },
                Ok(Clock::Comment) => continue,
                Err(error) => hand_over(each, line, Err(error)),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        if let Some(open) = begun {
            let _ = hand_over(each, open.line, Ok(Found::Running));
        }
        Ok(())
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
    Out(NaiveDateTime, String),
    Comment,
}

fn clock(line: &str, conventions: &Conventions) -> Result<Clock> {
    let mut parts = line.splitn(4, ' ');
    let code = parts.next().unwrap_or_default();
    match code {
        "" | "b" | "h" => return Ok(Clock::Comment),
        comment if comment.starts_with([';', '#', '*']) => return Ok(Clock::Comment),
        "i" | "I" | "o" | "O" => {}
        _ => bail!("it begins with neither i nor o"),
    }
    let day = value::date(parts.next().context("it has no date")?, conventions)?;
    // The programs that write these files ignore a zone after the time, too.
    let time = parts.next().context("it has no clock time")?;
    let time = value::time(time.split(['+', '-']).next().unwrap_or_default())?;
    let rest = parts.next().unwrap_or_default().trim_start();
    let (account, description) = rest.split_once("  ").unwrap_or((rest, ""));
    let description = description.split(';').next().unwrap_or_default().trim().to_owned();
    let at = day.and_time(time);
    Ok(match code {
        "i" | "I" => Clock::In(at, account.trim().to_owned(), description),
        _ => Clock::Out(at, description),
    })
}

//! Files that are no tables, recognised by how they begin.

use super::super::activitywatch::Activitywatch;
use super::super::bartib::Bartib;
use super::super::gtimelog::Gtimelog;
use super::super::ics::Ics;
use super::super::org::{ClockTables, Org, has_table};
use super::super::own::OwnJson;
use super::super::timeclock::Timeclock;
use super::super::timedot::Timedot;
use super::super::timewarrior::{Data, Timewarrior};
use super::super::wakatime::{Days, Wakatime};
use super::super::watson::{Frames, LogJson};
use super::super::worklogs::Worklogs;
use super::super::{Conventions, File, Importer, bartib, gtimelog, timedot};
use super::{Reader, Source};

/// Recognises a JSON file by its first bytes.
pub(super) fn json(head: &str, file: &File) -> Option<Reader> {
    let importer = |source, importer: Box<dyn Importer>| Some((source, importer));
    if head.contains("\"timeSpentSeconds\"") {
        let source = if head.contains("\"tempoWorklogId\"") {
            Source::Tempo
        } else {
            Source::Jira
        };
        let keys = ["worklogs", "results"];
        let key = keys
            .into_iter()
            .find(|key| head.starts_with('{') && head.contains(&format!("\"{key}\"")));
        return importer(source, Box::new(Worklogs::under(key)));
    }
    if head.starts_with('{') {
        if head.contains("\"buckets\"") {
            return importer(Source::Activitywatch, Box::new(Activitywatch::of(file)));
        }
        return if head.contains("\"heartbeats\"") {
            importer(Source::Wakatime, Box::new(Wakatime))
        } else if head.contains("\"days\"") {
            importer(Source::Wakatime, Box::new(Days))
        } else {
            None
        };
    }
    let element = head.strip_prefix('[')?.trim_start();
    if element.starts_with('[') {
        return importer(Source::Watson, Box::new(Frames));
    }
    let object = element.strip_prefix('{')?.trim_start();
    // The first object tells: all have the same keys.
    let object = object.split('}').next().unwrap_or_default();
    if object.starts_with("\"keeptab\"") {
        return importer(Source::Keeptab, Box::new(OwnJson));
    }
    let start = after_key(object, "start")?;
    // `20240319T083000Z`, which no other tool writes.
    if matches!(start.as_bytes(), [digits @ .., b'T', _, _, _, _, _, _, b'Z'] if digits.len() == 8) {
        importer(Source::Timewarrior, Box::new(Timewarrior))
    } else if after_key(object, "project").is_some() && after_key(object, "stop").is_some() {
        importer(Source::Watson, Box::new(LogJson))
    } else {
        None
    }
}

/// Returns the text that an object has under a key.
fn after_key<'o>(object: &'o str, key: &str) -> Option<&'o str> {
    let (_, rest) = object.split_once(&format!("\"{key}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    rest.strip_prefix('"')?.split('"').next()
}

/// Names the kind of a file that is no text.
pub(super) fn not_text(head: &str) -> Option<&'static str> {
    if head.starts_with("PK\u{3}\u{4}") {
        // The names of the files in an archive stand in it as they are.
        let is_sheet = head.contains("xl/") || head.contains("[Content_Types].xml");
        return Some(if is_sheet { "a workbook (XLSX)" } else { "a ZIP archive" });
    }
    let known = [
        ("%PDF", "a PDF"),
        ("SQLite format 3", "an SQLite database"),
        ("\u{1f}\u{fffd}", "a compressed file (gzip)"),
        ("\u{fffd}\u{fffd}\u{11}\u{fffd}", "a workbook (XLS)"),
    ];
    let found = known.iter().find(|(start, _)| head.starts_with(start));
    match found {
        Some((_, what)) => Some(what),
        None if head.contains('\0') && head.contains('\u{fffd}') => Some("a binary file"),
        None => None,
    }
}

/// Recognises a file with an entry a line by its first lines.
pub(super) fn by_line(head: &str) -> Option<Reader> {
    let importer = |source, importer: Box<dyn Importer>| Some((source, importer));
    if head.starts_with("BEGIN:VCALENDAR") {
        return importer(Source::Ics, Box::new(Ics));
    }
    if head.starts_with("inc ") {
        return importer(Source::Timewarrior, Box::new(Data));
    }
    let is_comment = |line: &&str| line.is_empty() || line.starts_with([';', '#', '*']);
    let mut lines = head.lines().map(str::trim_end).skip_while(is_comment);
    let first = lines.next().unwrap_or_default();
    let has_clock = head.lines().any(|line| line.trim_start().starts_with("CLOCK: ["));
    if is_timeclock(first) {
        importer(Source::Timeclock, Box::new(Timeclock))
    } else if has_clock && head.lines().any(|line| line.starts_with("* ")) {
        importer(Source::Org, Box::new(Org))
    } else if has_table(head) {
        importer(Source::Org, Box::new(ClockTables))
    } else if bartib::is_activity(first) {
        importer(Source::Bartib, Box::new(Bartib))
    } else if gtimelog::is_entry(first) {
        importer(Source::Gtimelog, Box::new(Gtimelog))
    } else if is_timedot(head) {
        importer(Source::Timedot, Box::new(Timedot))
    } else {
        None
    }
}

/// Returns true if a line begins or ends work.
fn is_timeclock(line: &str) -> bool {
    let after = line
        .strip_prefix(['i', 'I', 'o', 'O'])
        .and_then(|rest| rest.strip_prefix(char::is_whitespace));
    after.is_some_and(|rest| rest.trim_start().starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Returns true if a date stands above a line with an account and a quantity.
fn is_timedot(head: &str) -> bool {
    let lines = head.lines().map(|line| line.trim_start_matches('*').trim());
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let is_date = lines
        .next()
        .is_some_and(|line| timedot::date(line, &Conventions::default()).is_some());
    is_date && lines.next().is_some_and(timedot::is_entry)
}

//! Recognition of the tool that wrote a file.

use std::fmt;
use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use keeptab_core::plain;

use super::activitywatch::Activitywatch;
use super::bartib::Bartib;
use super::clockify::Clockify;
use super::gtimelog::Gtimelog;
use super::harvest::Harvest;
use super::header::Header;
use super::ics::Ics;
use super::kimai::Kimai;
use super::mapped::Mapping;
use super::org::Org;
use super::own::{OwnJson, OwnTable};
use super::solidtime::Solidtime;
use super::table::{Table, headers};
use super::timeclock::Timeclock;
use super::timedot::Timedot;
use super::timewarrior::{Data, Timewarrior};
use super::toggl::Toggl;
use super::wakatime::{Days, Wakatime};
use super::watson::{Frames, Log, LogJson};
use super::worklogs::Worklogs;
use super::{Conventions, Importer, Input, bartib, gtimelog, presets, timedot};

/// A tool whose files can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Toggl Track.
    Toggl,
    /// Harvest.
    Harvest,
    /// Clockify.
    Clockify,
    /// Kimai.
    Kimai,
    /// solidtime.
    Solidtime,
    /// `WakaTime`.
    Wakatime,
    /// `ActivityWatch`.
    Activitywatch,
    /// Timewarrior.
    Timewarrior,
    /// Watson.
    Watson,
    /// hledger and ledger.
    Timeclock,
    /// Everhour.
    Everhour,
    /// Tempo, worklogs of Jira.
    Tempo,
    /// Jira, worklogs.
    Jira,
    /// Hamster.
    Hamster,
    /// `ClickUp`.
    Clickup,
    /// bartib.
    Bartib,
    /// gtimelog.
    Gtimelog,
    /// hledger's timedot.
    Timedot,
    /// Org's clock lines.
    Org,
    /// Calendars.
    Ics,
    /// keeptab itself.
    Keeptab,
    /// A table whose columns the user names.
    Mapped,
}

/// All of them, by the name that the user writes.
const SOURCES: [(&str, Source); 21] = [
    ("toggl", Source::Toggl),
    ("harvest", Source::Harvest),
    ("clockify", Source::Clockify),
    ("kimai", Source::Kimai),
    ("solidtime", Source::Solidtime),
    ("wakatime", Source::Wakatime),
    ("activitywatch", Source::Activitywatch),
    ("timewarrior", Source::Timewarrior),
    ("watson", Source::Watson),
    ("timeclock", Source::Timeclock),
    ("everhour", Source::Everhour),
    ("tempo", Source::Tempo),
    ("jira", Source::Jira),
    ("hamster", Source::Hamster),
    ("clickup", Source::Clickup),
    ("bartib", Source::Bartib),
    ("gtimelog", Source::Gtimelog),
    ("timedot", Source::Timedot),
    ("org", Source::Org),
    ("ics", Source::Ics),
    ("keeptab", Source::Keeptab),
];

impl Source {
    /// Returns the name that the user writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        let name = SOURCES.iter().find(|(_, source)| *source == self);
        name.map_or("csv", |(name, _)| name)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The user's choices for a file.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The tool, or the name of a saved mapping.
    pub from: Option<String>,
    /// The columns by field.
    pub mapping: Option<Mapping>,
    /// Mappings that were saved, by name.
    pub saved: Vec<(String, Mapping)>,
}

/// A file that can be read.
pub struct Recognised {
    /// The tool.
    pub source: Source,
    /// Reads it.
    pub importer: Box<dyn Importer>,
}

/// A table of an unknown tool.
#[derive(Debug)]
pub struct Unknown {
    /// Its columns.
    pub columns: Vec<String>,
    /// The guessed mapping.
    pub guess: Mapping,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns.join(", ");
        write!(f, "this is no file of a tool that is known; its columns are {columns}")?;
        if self.guess.is_enough() {
            return write!(
                f,
                "\nhint: say which column is what, such as --map {}",
                plain::shell(&self.guess.to_string())
            );
        }
        // A field for each name that is known, and the others to fill in.
        write!(
            f,
            "\nhint: say which column is what: --map date=COLUMN,hours=COLUMN,project=COLUMN"
        )
    }
}

impl std::error::Error for Unknown {}

/// Recognises the tool that wrote a file.
///
/// # Errors
///
/// If it cannot be read, if no known tool writes such files ([`Unknown`], if it is a table), or if the tool that the
/// user gave does not.
pub fn recognise(path: &Path, wish: &Wish) -> Result<Recognised> {
    let mut mapping = wish.mapping.clone();
    let mut only = None;
    if let Some(from) = &wish.from {
        let name = from.to_lowercase();
        let saved = wish.saved.iter().find(|(known, _)| known == from);
        match (SOURCES.iter().find(|(known, _)| *known == name), saved) {
            (Some((_, source)), _) => only = Some(*source),
            (None, Some((_, saved))) => mapping = Some(saved.clone()),
            (None, None) => {
                let names = SOURCES.iter().map(|(name, _)| *name);
                let names = names.chain(wish.saved.iter().map(|(name, _)| &**name));
                let names: Vec<&str> = names.collect();
                bail!("there is no source `{from}`\nhint: sources are {}", names.join(", "));
            }
        }
    }
    let fits = |source: Source| only.is_none_or(|only| only == source);
    let mut input = Input::open(path)?;
    let head = String::from_utf8_lossy(input.fill_buf()?).into_owned();
    let shape = head.trim_start();
    if shape.is_empty() {
        bail!("{} is empty", path.display());
    }
    if let Some(what) = not_text(&head) {
        bail!(
            "{} is {what}, not a text\nhint: export it as CSV or JSON",
            path.display()
        );
    }
    let by_shape = match mapping {
        Some(_) => None,
        None if shape.starts_with(['[', '{']) => json(shape, path),
        None => by_line(shape),
    };
    let found = if by_shape.is_some() || mapping.is_none() && shape.starts_with(['[', '{']) {
        by_shape
    } else {
        let headers = headers(input)?;
        match mapping {
            Some(mapping) => Some(mapped(&mapping, &headers)?),
            None => match headers.iter().find_map(|header| table(header, &fits)) {
                Some(found) => Some(found),
                None => match wish
                    .saved
                    .iter()
                    .find(|(_, saved)| headers.iter().any(|(_, header)| saved.fits(header)))
                {
                    Some((_, saved)) if only.is_none() => Some(mapped(saved, &headers)?),
                    _ if only.is_some() => None,
                    _ => match unknown(&headers) {
                        Some(unknown) => return Err(unknown.into()),
                        None => None,
                    },
                },
            },
        }
    };
    let name = path.display();
    match (
        found.filter(|found| found.source == Source::Mapped || fits(found.source)),
        only,
    ) {
        (Some(found), _) => Ok(found),
        (None, Some(only)) => bail!("{name} is not a file of {only}\nhint: leave --from out, and it is recognised"),
        (None, None) => {
            let hint = "it reads CSV and JSON exports and timeclock files; the README lists the tools";
            bail!("{name} is no file of a tool that is known\nhint: {hint}")
        }
    }
}

/// Reads a table by a mapping, whose columns tell the header.
fn mapped(mapping: &Mapping, headers: &[(usize, Header)]) -> Result<Recognised> {
    let fitting = headers.iter().find(|(_, header)| mapping.fits(header));
    let likeliest = || {
        headers
            .iter()
            .max_by_key(|(titles, header)| (Mapping::guess(header).len(), usize::MAX - titles))
    };
    let (titles, header) = fitting.or_else(likeliest).context("the file is empty")?;
    let layout = mapping.layout(header).context("the mapping does not fit")?;
    Ok(Recognised {
        source: Source::Mapped,
        importer: Box::new(Table::new(layout, *titles)),
    })
}

/// Describes a table of an unknown tool by the likeliest of its headers: the first one whose names say enough.
fn unknown(headers: &[(usize, Header)]) -> Option<Unknown> {
    let tables = headers
        .iter()
        .map(|(_, header)| header)
        .filter(|header| header.len() > 1);
    let guesses: Vec<(&Header, Mapping)> = tables.map(|header| (header, Mapping::guess(header))).collect();
    let enough = guesses.iter().find(|(_, guess)| guess.is_enough());
    let (header, guess) = enough.or_else(|| guesses.first())?;
    Some(Unknown {
        columns: header.written().to_vec(),
        guess: guess.clone(),
    })
}

/// The tools whose files are tables, the one that asks for the most columns first.
fn table((titles, header): &(usize, Header), fits: &impl Fn(Source) -> bool) -> Option<Recognised> {
    fn boxed(source: Source, importer: impl Importer + 'static) -> Recognised {
        Recognised {
            source,
            importer: Box::new(importer),
        }
    }
    let readers: [(Source, &dyn Fn() -> Option<Recognised>); 7] = [
        (Source::Keeptab, &|| {
            OwnTable::of(header).map(|layout| boxed(Source::Keeptab, Table::new(layout, *titles)))
        }),
        (Source::Clockify, &|| {
            Clockify::of(header).map(|layout| boxed(Source::Clockify, Table::new(layout, *titles)))
        }),
        (Source::Toggl, &|| {
            Toggl::of(header).map(|layout| boxed(Source::Toggl, Table::new(layout, *titles)))
        }),
        (Source::Harvest, &|| {
            Harvest::of(header).map(|layout| boxed(Source::Harvest, Table::new(layout, *titles)))
        }),
        (Source::Kimai, &|| {
            Kimai::of(header).map(|layout| boxed(Source::Kimai, Table::new(layout, *titles)))
        }),
        (Source::Solidtime, &|| {
            Solidtime::of(header).map(|layout| boxed(Source::Solidtime, Table::new(layout, *titles)))
        }),
        (Source::Watson, &|| {
            Log::of(header).map(|layout| boxed(Source::Watson, Table::new(layout, *titles)))
        }),
    ];
    let known = readers
        .iter()
        .filter(|(source, _)| fits(*source))
        .find_map(|(_, reader)| reader());
    known.or_else(|| {
        let (source, mapping) = presets::find(header, fits)?;
        Some(boxed(source, Table::new(mapping.layout(header).ok()?, *titles)))
    })
}

fn json(head: &str, path: &Path) -> Option<Recognised> {
    let importer = |source, importer| Some(Recognised { source, importer });
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
            return importer(Source::Activitywatch, Box::new(Activitywatch::of(path)));
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
fn not_text(head: &str) -> Option<&'static str> {
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
fn by_line(head: &str) -> Option<Recognised> {
    let importer = |source, importer| Some(Recognised { source, importer });
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

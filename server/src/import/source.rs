//! Recognition of the tool that wrote a file.

use std::fmt;
use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::activitywatch::Activitywatch;
use super::clockify::Clockify;
use super::harvest::Harvest;
use super::header::Header;
use super::kimai::Kimai;
use super::mapped::Mapping;
use super::own::{OwnJson, OwnTable};
use super::solidtime::Solidtime;
use super::table::{Table, columns};
use super::timeclock::Timeclock;
use super::timewarrior::Timewarrior;
use super::toggl::Toggl;
use super::wakatime::Wakatime;
use super::watson::{Frames, Log};
use super::{Importer, Input};

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
    /// keeptab itself.
    Keeptab,
    /// A table whose columns the user names.
    Mapped,
}

/// All of them, by the name that the user writes.
const SOURCES: [(&str, Source); 11] = [
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
        let guess = if self.guess.is_empty() {
            "date=Day,hours=Hrs,project=Job".to_owned()
        } else {
            self.guess.to_string()
        };
        let columns = self.columns.join(", ");
        write!(f, "this is no file of a tool that is known; its columns are {columns}")?;
        write!(f, "\nhint: say which column is what, such as --map '{guess}'")
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
    let found = if mapping.is_none() && shape.starts_with(['[', '{']) {
        json(shape)
    } else if mapping.is_none() && is_timeclock(shape) {
        Some(Recognised {
            source: Source::Timeclock,
            importer: Box::new(Timeclock),
        })
    } else {
        let header = columns(input)?;
        match mapping {
            Some(mapping) => Some(mapped(&mapping, &header)?),
            None => match table(&header, &fits) {
                Some(found) => Some(found),
                None => match wish.saved.iter().find(|(_, saved)| saved.fits(&header)) {
                    Some((_, saved)) if only.is_none() => Some(mapped(saved, &header)?),
                    _ if header.len() < 2 || only.is_some() => None,
                    _ => {
                        return Err(Unknown {
                            columns: header.written().to_vec(),
                            guess: Mapping::guess(&header),
                        }
                        .into());
                    }
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

fn mapped(mapping: &Mapping, header: &Header) -> Result<Recognised> {
    Ok(Recognised {
        source: Source::Mapped,
        importer: Box::new(Table::new(mapping.layout(header).context("the mapping does not fit")?)),
    })
}

/// The tools whose files are tables, the one that asks for the most columns first.
fn table(header: &Header, fits: &impl Fn(Source) -> bool) -> Option<Recognised> {
    fn boxed(source: Source, importer: impl Importer + 'static) -> Recognised {
        Recognised {
            source,
            importer: Box::new(importer),
        }
    }
    let readers: [(Source, &dyn Fn() -> Option<Recognised>); 7] = [
        (Source::Keeptab, &|| {
            OwnTable::of(header).map(|layout| boxed(Source::Keeptab, Table::new(layout)))
        }),
        (Source::Clockify, &|| {
            Clockify::of(header).map(|layout| boxed(Source::Clockify, Table::new(layout)))
        }),
        (Source::Toggl, &|| {
            Toggl::of(header).map(|layout| boxed(Source::Toggl, Table::new(layout)))
        }),
        (Source::Harvest, &|| {
            Harvest::of(header).map(|layout| boxed(Source::Harvest, Table::new(layout)))
        }),
        (Source::Kimai, &|| {
            Kimai::of(header).map(|layout| boxed(Source::Kimai, Table::new(layout)))
        }),
        (Source::Solidtime, &|| {
            Solidtime::of(header).map(|layout| boxed(Source::Solidtime, Table::new(layout)))
        }),
        (Source::Watson, &|| {
            Log::of(header).map(|layout| boxed(Source::Watson, Table::new(layout)))
        }),
    ];
    readers
        .iter()
        .filter(|(source, _)| fits(*source))
        .find_map(|(_, reader)| reader())
}

fn json(head: &str) -> Option<Recognised> {
    let importer = |source, importer| Some(Recognised { source, importer });
    if head.starts_with('{') {
        if head.contains("\"buckets\"") {
            return importer(Source::Activitywatch, Box::new(Activitywatch));
        }
        let is_dump = head.contains("\"days\"") || head.contains("\"heartbeats\"");
        return if is_dump {
            importer(Source::Wakatime, Box::new(Wakatime))
        } else {
            None
        };
    }
    let element = head.strip_prefix('[')?.trim_start();
    if element.starts_with('[') {
        importer(Source::Watson, Box::new(Frames))
    } else if element.starts_with("{\"keeptab\"") {
        importer(Source::Keeptab, Box::new(OwnJson))
    } else if element.contains("\"start\"") {
        importer(Source::Timewarrior, Box::new(Timewarrior))
    } else {
        None
    }
}

/// Returns true if the first line that is not a comment begins or ends work.
fn is_timeclock(head: &str) -> bool {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with([';', '#', '*']);
    let mut lines = head.lines().skip_while(is_comment);
    lines.next().is_some_and(|line| {
        let after = line
            .strip_prefix(['i', 'I', 'o', 'O'])
            .and_then(|rest| rest.strip_prefix(' '));
        after.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    })
}

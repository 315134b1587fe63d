//! Recognition of the tool that wrote a file.

use std::fmt;
use std::io::BufRead as _;

use anyhow::{Context as _, Error, Result, anyhow, bail};
use keeptab_core::plain;

use super::header::Header;
use super::mapped::Mapping;
use super::table::{Table, headers};
use super::tool::{Form, of_table};
use super::{File, Importer, Input, Source, TOOLS};

impl Source {
    /// Returns the name that the user writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        let tool = TOOLS.iter().find(|(source, _)| *source == self);
        tool.map_or("csv", |(_, tool)| tool.name)
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
    /// The sheet of a workbook; the first that can be read unless given.
    pub sheet: Option<String>,
    /// Mappings that were saved, by name.
    pub saved: Vec<(String, Mapping)>,
}

/// A file that can be read.
pub struct Recognised {
    /// The tool.
    pub source: Source,
    /// Reads it.
    pub importer: Box<dyn Importer>,
    /// The sheet that is read, if it is a workbook.
    pub sheet: Option<String>,
    file: File,
}

impl Recognised {
    /// Opens what the importer reads.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn open(&self) -> Result<Input> {
        self.file.open(self.sheet.as_deref())
    }
}

/// A tool, and what reads its files.
type Reader = (Source, Box<dyn Importer>);

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

/// Recognises the tool that wrote a file. Of a workbook, the first sheet that can be read is taken.
///
/// # Errors
///
/// If it cannot be read, if no known tool writes such files ([`Unknown`], if it is a table), or if the tool or the sheet
/// that the user gave does not fit.
pub fn recognise(file: &File, wish: &Wish) -> Result<Recognised> {
    let Some(mut sheets) = file.sheets()? else {
        if let Some(sheet) = &wish.sheet {
            bail!("{file} is no workbook, and has no sheet `{sheet}`\nhint: leave --sheet out");
        }
        return reader(file, None, wish);
    };
    if let Some(wanted) = &wish.sheet {
        let all = sheets.join(", ");
        sheets.retain(|sheet| sheet.to_lowercase() == wanted.to_lowercase());
        if sheets.is_empty() {
            bail!("{file} has no sheet `{wanted}`\nhint: its sheets are {all}");
        }
    }
    // A table of an unknown tool says more than a sheet that is none.
    let mut why: Option<Error> = None;
    for sheet in sheets {
        match reader(file, Some(&sheet), wish) {
            Ok(found) => return Ok(found),
            Err(error)
                if why
                    .as_ref()
                    .is_none_or(|why| error.is::<Unknown>() && !why.is::<Unknown>()) =>
            {
                why = Some(error);
            }
            Err(_) => {}
        }
    }
    Err(why.unwrap_or_else(|| anyhow!("{file} has no sheet with cells")))
}

fn reader(file: &File, sheet: Option<&str>, wish: &Wish) -> Result<Recognised> {
    let place = sheet.map_or_else(|| file.to_string(), |sheet| format!("sheet {sheet} of {file}"));
    let mut mapping = wish.mapping.clone();
    let mut only = None;
    if let Some(from) = &wish.from {
        let name = from.to_lowercase();
        let saved = wish.saved.iter().find(|(known, _)| known == from);
        match (TOOLS.iter().find(|(_, tool)| tool.name == name), saved) {
            (Some((source, _)), _) => only = Some(*source),
            (None, Some((_, saved))) => mapping = Some(saved.clone()),
            (None, None) => {
                let names = TOOLS.iter().map(|(_, tool)| tool.name);
                let names = names.chain(wish.saved.iter().map(|(name, _)| &**name));
                let names: Vec<&str> = names.collect();
                bail!("there is no source `{from}`\nhint: sources are {}", names.join(", "));
            }
        }
    }
    let fits = |source: Source| only.is_none_or(|only| only == source);
    let mut input = file.open(sheet)?;
    let head = String::from_utf8_lossy(input.fill_buf()?).into_owned();
    let shape = head.trim_start();
    if shape.is_empty() {
        bail!("{place} is empty");
    }
    if let Some(what) = not_text(&head) {
        // A workbook inside an archive is not read.
        let hint = if what.contains("XLSX") {
            "unpack the archive, and name the workbook"
        } else {
            "export it as CSV, XLSX or JSON"
        };
        bail!("{place} is {what}, not a text\nhint: {hint}");
    }
    let by_shape = match mapping {
        Some(_) => None,
        None => text(shape, file),
    };
    let found = if by_shape.is_some() || mapping.is_none() && shape.starts_with(['[', '{']) {
        by_shape
    } else {
        let headers = headers(input)?;
        match mapping {
            Some(mapping) => Some(mapped(&mapping, &headers)?),
            None => match headers.iter().find_map(|header| table(file, header, &fits)) {
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
    match (
        found.filter(|(source, _)| *source == Source::Mapped || fits(*source)),
        only,
    ) {
        (Some((source, importer)), _) => Ok(Recognised {
            source,
            importer,
            sheet: sheet.map(str::to_owned),
            file: file.clone(),
        }),
        (None, Some(only)) => bail!("{place} is not a file of {only}\nhint: leave --from out, and it is recognised"),
        (None, None) => {
            let hint = "it reads CSV, XLSX and JSON exports and the files of many tools; the manual lists them";
            bail!("{place} is no file of a tool that is known\nhint: {hint}")
        }
    }
}

/// Reads a table by a mapping, whose columns tell the header.
fn mapped(mapping: &Mapping, headers: &[(usize, Header)]) -> Result<Reader> {
    let fitting = headers.iter().find(|(_, header)| mapping.fits(header));
    let likeliest = || {
        headers
            .iter()
            .max_by_key(|(titles, header)| (Mapping::guess(header).len(), usize::MAX - titles))
    };
    let (titles, header) = fitting.or_else(likeliest).context("the file is empty")?;
    let layout = mapping.layout(header).context("the mapping does not fit")?;
    Ok((Source::Mapped, Box::new(Table::new(layout, *titles))))
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

/// Recognises a file that is no table by its first lines.
fn text(head: &str, file: &File) -> Option<Reader> {
    read(&|_| true, |form| match form {
        Form::Text(reader) => reader(head, file),
        _ => None,
    })
}

/// Recognises a table by its header. Mappings come last: they ask for less.
fn table(file: &File, (titles, header): &(usize, Header), fits: &impl Fn(Source) -> bool) -> Option<Reader> {
    let known = read(fits, |form| match form {
        Form::Table(reader) => reader(header, *titles, file),
        _ => None,
    });
    known.or_else(|| {
        read(fits, |form| match form {
            Form::Columns { needed, columns } if header.has(needed) => {
                let mapping = Mapping::of(header, columns);
                let layout = mapping.layout(header).ok().filter(|_| mapping.is_enough());
                of_table(layout, *titles)
            }
            _ => None,
        })
    })
}

/// Returns the first of the tools that fit one of whose forms has a reader.
fn read(fits: &impl Fn(Source) -> bool, reader: impl Fn(&Form) -> Option<Box<dyn Importer>>) -> Option<Reader> {
    let mut tools = TOOLS.iter().filter(|(source, _)| fits(*source));
    tools.find_map(|(source, tool)| {
        let importer = tool.forms.iter().find_map(&reader)?;
        Some((*source, importer))
    })
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

//! The parts of a workbook beside its sheets: their names, the texts that cells share, the formats.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use quick_xml::events::{BytesStart, Event};

use super::super::archive::Archive;
use super::LONGEST_CELL;
use super::cell::{Kind, one_line};
use super::xml::{Xml, attribute, open, piece};

/// The most bytes of the texts that cells share, which are kept in memory.
const LONGEST_TEXTS: usize = if cfg!(test) { 1 } else { 256 } * 1024 * 1024;

/// A workbook.
pub(super) struct Book {
    pub(super) archive: Archive,
    pub(super) sheets: Vec<Listed>,
    /// The formats of cells.
    pub(super) kinds: Vec<Kind>,
    /// The texts that cells share.
    pub(super) texts: Vec<String>,
    /// True if days count from 1904.
    pub(super) is_1904: bool,
    shared: Option<String>,
}

/// A sheet.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) is_shown: bool,
    pub(super) part: String,
}

impl Book {
    /// Reads all but the shared texts.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let archive = Archive::open(path)?;
        let mut targets: HashMap<String, (String, String)> = HashMap::new();
        elements(path, &archive, "xl/_rels/workbook.xml.rels", |name, start| {
            if let ("Relationship", Some(id), Some(target)) = (name, attribute(start, "Id"), attribute(start, "Target"))
            {
                let part = target
                    .strip_prefix('/')
                    .map_or_else(|| format!("xl/{target}"), str::to_owned);
                targets.insert(id, (attribute(start, "Type").unwrap_or_default(), part));
            }
        })?;
        let (mut sheets, mut is_1904) = (Vec::new(), false);
        elements(path, &archive, "xl/workbook.xml", |name, start| match name {
            "workbookPr" => is_1904 = attribute(start, "date1904").is_some_and(|is| matches!(&*is, "1" | "true")),
            "sheet" => {
                let target = attribute(start, "id").and_then(|id| targets.get(&id));
                if let (Some((kind, part)), Some(name)) = (target, attribute(start, "name"))
                    && kind.ends_with("/worksheet")
                {
                    sheets.push(Listed {
                        name,
                        is_shown: attribute(start, "state").is_none_or(|state| state == "visible"),
                        part: part.clone(),
                    });
                }
            }
            _ => {}
        })?;
        let of_kind = |end: &str| {
            targets
                .values()
                .find(|(kind, _)| kind.ends_with(end))
                .map(|(_, part)| part.clone())
        };
        let styles = of_kind("/styles").unwrap_or_else(|| "xl/styles.xml".into());
        let kinds = match archive.member(&styles) {
            Some(_) => kinds(path, &archive, &styles)?,
            None => Vec::new(),
        };
        Ok(Self {
            sheets,
            kinds,
            texts: Vec::new(),
            is_1904,
            shared: of_kind("/sharedStrings").filter(|part| archive.member(part).is_some()),
            archive,
        })
    }

    /// Reads the texts that cells share. How a text is pronounced is not a part of it.
    pub(super) fn read_texts(&mut self, path: &Path) -> Result<()> {
        let Some(part) = &self.shared else { return Ok(()) };
        let mut xml = Xml::from_reader(BufReader::new(open(path, &self.archive, part)?));
        let (mut buffer, mut text, mut all) = (Vec::new(), String::new(), 0);
        let (mut is_text, mut is_sound) = (false, false);
        loop {
            buffer.clear();
            let event = xml.read_event_into(&mut buffer)?;
            match &event {
                Event::Start(start) => match start.local_name().as_ref() {
                    "si" => text.clear(),
                    "t" => is_text = true,
                    "rPh" => is_sound = true,
                    _ => {}
                },
                Event::Empty(empty) if empty.local_name().as_ref() == "si" => self.texts.push(String::new()),
                Event::End(end) => match end.local_name().as_ref() {
                    "si" => self.texts.push(one_line(&text)),
                    "t" => is_text = false,
                    "rPh" => is_sound = false,
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ if is_text && !is_sound => piece(&event, &mut text),
                _ => {}
            }
            if text.len() > LONGEST_CELL {
                bail!("a cell has more than 256 kB of text\nhint: save the sheet as CSV");
            }
            all += buffer.len();
            if all > LONGEST_TEXTS {
                bail!("the workbook has more than 256 MB of text\nhint: save its sheet as CSV");
            }
        }
    }
}

/// Calls `each` on the elements of a part, with their names.
fn elements(path: &Path, archive: &Archive, part: &str, mut each: impl FnMut(&str, &BytesStart<'_>)) -> Result<()> {
    let mut xml = Xml::from_reader(BufReader::new(open(path, archive, part)?));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml
            .read_event_into(&mut buffer)
            .with_context(|| format!("{part} cannot be read"))?
        {
            Event::Start(start) | Event::Empty(start) => each(start.local_name().as_ref(), &start),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Reads the formats of cells: the formats with numbers of their own, and the list that cells refer to.
fn kinds(path: &Path, archive: &Archive, part: &str) -> Result<Vec<Kind>> {
    let (mut own, mut kinds, mut is_list) = (HashMap::new(), Vec::new(), false);
    elements(path, archive, part, |name, start| match name {
        "numFmt" => {
            if let (Some(id), Some(code)) = (attribute(start, "numFmtId"), attribute(start, "formatCode")) {
                own.insert(id, Kind::of_code(&code));
            }
        }
        "cellXfs" => is_list = true,
        "cellStyles" | "dxfs" => is_list = false,
        "xf" if is_list => {
            let id = attribute(start, "numFmtId").unwrap_or_default();
            kinds.push(
                own.get(&id)
                    .copied()
                    .unwrap_or_else(|| Kind::of_id(id.parse().unwrap_or_default())),
            );
        }
        _ => {}
    })?;
    Ok(kinds)
}

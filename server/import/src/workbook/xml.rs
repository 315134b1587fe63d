//! The XML of a workbook.

use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::archive::{Archive, Unpacked};

/// A part as it is read.
pub(super) type Xml = Reader<BufReader<Unpacked>>;

/// Opens a part of a workbook.
pub(super) fn open(path: &Path, archive: &Archive, part: &str) -> Result<Unpacked> {
    let member = archive
        .member(part)
        .with_context(|| format!("the workbook has no {part}"))?;
    member.open(path)
}

/// Returns an attribute by its name without a prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let mut found = attributes.with_checks(false).flatten();
    let found = found.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::default()).ok()?.into_owned())
}

/// Adds the text of an event.
pub(super) fn piece(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(letter)) => text.push(letter),
            _ => text.push_str(match &*name.xml10_content() {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                _ => "",
            }),
        },
        _ => {}
    }
}

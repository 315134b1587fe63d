//! Fonts for letters that the built-in faces do not have: those that the config names, then the system's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use fontdb::{Database, FaceInfo, Source, Style, Weight};
use keeptab_config::Paper;
use keeptab_core::invoice::Asset;
use keeptab_document::{UnusableFont, shown_by};
use keeptab_store::checksum;
use keeptab_system::plain;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

use super::Papers;

/// The most bytes of a font file. The largest common ones, with all of Chinese, Japanese and Korean, have 20 to 30 MB.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The most bytes of a bold face that no one asked for: the database keeps each font of an invoice.
const LARGEST_BOLD: u64 = 4 * 1024 * 1024;

impl Papers<'_> {
    /// Returns the fonts that a client's documents need to show `missing`: characters that no built-in face has. A
    /// character that no font has is left out; a font that shows none of them is not returned. Of the config's fonts each
    /// one that shows some is, for a family has its bold face in a file of its own.
    ///
    /// # Errors
    ///
    /// If a file that the config names cannot be read or used.
    pub(crate) fn fonts_for(&self, paper: &Paper, mut missing: BTreeSet<char>) -> Result<Vec<Asset>> {
        let mut fonts = Vec::new();
        let wanted = missing.clone();
        for name in &paper.fonts {
            let font = self.named_font(name)?;
            let shown = shown_by(&font.bytes, &wanted).map_err(|error| refused(name, error))?;
            missing.retain(|character| !shown.contains(character));
            if !shown.is_empty() {
                fonts.push(font);
            }
        }
        if !missing.is_empty() {
            fonts.extend(of_system(missing));
        }
        Ok(fonts)
    }

    /// Returns all fonts that the config names, for a layout of the user's own, which may choose any of them.
    pub(crate) fn named_fonts(&self, paper: &Paper) -> Result<Vec<Asset>> {
        let font = |name: &String| {
            let font = self.named_font(name)?;
            shown_by(&font.bytes, &BTreeSet::new()).map_err(|error| refused(name, error))?;
            Ok(font)
        };
        paper.fonts.iter().map(font).collect()
    }

    fn named_font(&self, name: &str) -> Result<Asset> {
        let path = self.beside_config(name);
        read(&path, LARGEST).map_err(|error| {
            let hint = "`fonts` in the config names it, from the config's own folder";
            anyhow!("{} cannot be read: {error}\nhint: {hint}", path.display())
        })
    }
}

/// Names the characters that no font shows, the first of each script, with the ways on; `None` if there are none.
pub(crate) fn unprintable(missing: &BTreeSet<char>) -> Option<String> {
    let mut scripts: Vec<(&str, Vec<char>)> = Vec::new();
    for character in missing {
        let name = script(*character);
        match scripts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, characters)) => characters.push(*character),
            None => scripts.push((name, vec![*character])),
        }
    }
    let told = scripts.iter().map(|(name, characters)| {
        let first: Vec<String> = characters
            .iter()
            .take(NAMED)
            .map(|character| named(*character))
            .collect();
        let first = first.join(", ");
        let rest = match characters.len().saturating_sub(NAMED) {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        format!("{name} {first}{rest}").trim_start().to_owned()
    });
    let told: Vec<String> = told.collect();
    let hint = "install a font that has them, or name its file in the config: fonts = [\"File.ttf\"]";
    (!told.is_empty()).then(|| format!("no font has these characters: {}\nhint: {hint}", told.join("; ")))
}

/// The number of characters of one script that are named.
const NAMED: usize = 5;

/// Names a character. A mark stands on a dotted circle (Unicode 16.0, 2.11); one that cannot be shown is its number alone.
fn named(character: char) -> String {
    let number = format!("U+{:04X}", u32::from(character));
    if is_combining_mark(character) {
        format!("\u{25cc}{character} ({number})")
    } else if character.escape_debug().count() > 1 {
        number
    } else {
        format!("{character} ({number})")
    }
}

/// Names the script of a character; empty for signs of all scripts, such as emoji, and for unassigned numbers.
fn script(character: char) -> &'static str {
    match character.script() {
        Script::Common | Script::Inherited | Script::Unknown => "",
        script => script.full_name(),
    }
}

fn refused(name: &str, error: UnusableFont) -> anyhow::Error {
    anyhow!("the font {name} {error}\nhint: name another file in `fonts` in the config")
}

/// Chooses fonts of the system that show as many of some characters as possible: always the one that shows most of the
/// rest, and of equal ones the plainest; each with the bold face of its family, unless that is large.
fn of_system(mut missing: BTreeSet<char>) -> Vec<Asset> {
    let mut system = Database::new();
    system.load_system_fonts();
    let mut files: Vec<(&FaceInfo, PathBuf, BTreeSet<char>)> = Vec::new();
    let mut faces: Vec<&FaceInfo> = system.faces().collect();
    faces.sort_by_key(|face| plainness(face));
    for face in faces {
        let (Source::File(path) | Source::SharedFile(path, _)) = &face.source else {
            continue;
        };
        let shown = system.with_face_data(face.id, |bytes, _| shown_by(bytes, &missing));
        if let Some(Ok(shown)) = shown
            && !shown.is_empty()
            && !files.iter().any(|(_, known, _)| known == path)
        {
            files.push((face, path.clone(), shown));
        }
    }
    let mut chosen = Vec::new();
    while let Some((face, path, shown)) = most(&files, &missing) {
        missing.retain(|character| !shown.contains(character));
        chosen.extend(read(path, LARGEST));
        let bold = files
            .iter()
            .filter(|(other, beside, _)| beside != path && is_bold_of(other, face));
        let bold = bold.min_by_key(|(other, _, _)| other.weight.0.abs_diff(Weight::SEMIBOLD.0));
        chosen.extend(bold.and_then(|(_, beside, _)| read(beside, LARGEST_BOLD).ok()));
        let path = path.clone();
        files.retain(|(_, other, _)| *other != path);
    }
    chosen
}

/// Returns whether a face is a bold one beside another: of its family, upright, and as wide.
fn is_bold_of(bold: &FaceInfo, face: &FaceInfo) -> bool {
    let family = |face: &FaceInfo| face.families.first().map(|(name, _)| name.clone());
    let weights = Weight::SEMIBOLD.0..=Weight::BOLD.0;
    weights.contains(&bold.weight.0)
        && bold.style == Style::Normal
        && bold.stretch == face.stretch
        && family(bold) == family(face)
}

/// Returns the first file that shows most of some characters, if any shows one.
fn most<'a, T>(
    files: &'a [(T, PathBuf, BTreeSet<char>)],
    missing: &BTreeSet<char>,
) -> Option<&'a (T, PathBuf, BTreeSet<char>)> {
    let count = |shown: &BTreeSet<char>| shown.intersection(missing).count();
    // Of several greatest elements `max_by_key` returns the last one.
    let best = files.iter().rev().max_by_key(|(_, _, shown)| count(shown))?;
    (count(&best.2) > 0).then_some(best)
}

/// Returns the order in which faces of one script are preferred: upright, regular, sans serif, then by name.
fn plainness(face: &FaceInfo) -> impl Ord + use<> {
    let family = face.families.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let weight = face.weight.0.abs_diff(Weight::NORMAL.0);
    let is_serif = family.contains("Serif") || family.contains("Mincho") || family.contains("Ming");
    (
        face.style != Style::Normal,
        weight,
        face.stretch.to_number().abs_diff(5),
        face.monospaced,
        is_serif,
        family,
        face.index,
    )
}

fn read(path: &Path, largest: u64) -> std::io::Result<Asset> {
    let bytes = plain::read(path, largest)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Asset {
        name: name.unwrap_or_default(),
        sha256: checksum(&bytes),
        bytes: Arc::from(bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_characters_are_named_by_script() {
        let told = |text: &str| {
            let told = unprintable(&text.chars().collect()).unwrap_or_default();
            told.lines().next().unwrap_or_default().to_owned()
        };
        assert_eq!(told(""), "");
        assert_eq!(
            told("\u{e31}ก\u{378}"),
            "no font has these characters: U+0378; Thai ก (U+0E01), \u{25cc}\u{e31} (U+0E31)"
        );
        let chinese: String = ('一'..='丈').collect();
        assert_eq!(
            told(&format!("{chinese}ア")),
            "no font has these characters: Katakana ア (U+30A2); Han 一 (U+4E00), 丁 (U+4E01), \
             丂 (U+4E02), 七 (U+4E03), 丄 (U+4E04) and 4 more"
        );
    }

    #[test]
    fn a_bold_face_belongs_to_its_family() {
        let face = |family: &str, weight: u16, style: Style| FaceInfo {
            id: fontdb::ID::dummy(),
            source: Source::Binary(Arc::new(Vec::<u8>::new())),
            index: 0,
            families: vec![(family.to_owned(), fontdb::Language::English_UnitedStates)],
            post_script_name: String::new(),
            style,
            weight: Weight(weight),
            stretch: fontdb::Stretch::Normal,
            monospaced: false,
        };
        let plain = face("Noto Sans Thai", 400, Style::Normal);
        assert!(is_bold_of(&face("Noto Sans Thai", 700, Style::Normal), &plain));
        assert!(!is_bold_of(&face("Noto Sans Thai", 900, Style::Normal), &plain));
        assert!(!is_bold_of(&face("Noto Sans Thai", 700, Style::Italic), &plain));
        assert!(!is_bold_of(&face("Noto Sans", 700, Style::Normal), &plain));
    }
}

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

use super::Engine;

/// The most bytes of a font file. The largest common ones, with all of Chinese, Japanese and Korean, have 20 to 30 MB.
const LARGEST: u64 = 64 * 1024 * 1024;

impl Engine {
    /// Returns the fonts that a client's documents need to show `missing`: characters that no built-in face has. A
    /// character that no font has is left out; a font that shows none of them is not returned.
    ///
    /// # Errors
    ///
    /// If a file that the config names cannot be read or used.
    pub(super) fn fonts_for(&self, paper: &Paper, mut missing: BTreeSet<char>) -> Result<Vec<Asset>> {
        let mut fonts = Vec::new();
        for name in &paper.fonts {
            let font = self.named_font(name)?;
            if let Some(shown) = take(&font, &mut missing).map_err(|error| refused(name, error))? {
                fonts.push(shown);
            }
        }
        if !missing.is_empty() {
            fonts.extend(of_system(missing));
        }
        Ok(fonts)
    }

    /// Returns all fonts that the config names, for a layout of the user's own, which may choose any of them.
    pub(super) fn named_fonts(&self, paper: &Paper) -> Result<Vec<Asset>> {
        let font = |name: &String| {
            let font = self.named_font(name)?;
            shown_by(&font.bytes, &BTreeSet::new()).map_err(|error| refused(name, error))?;
            Ok(font)
        };
        paper.fonts.iter().map(font).collect()
    }

    fn named_font(&self, name: &str) -> Result<Asset> {
        let path = self.beside_config(name);
        read(&path).map_err(|error| {
            let hint = "`fonts` in the config names it, from the config's own folder";
            anyhow!("{} cannot be read: {error}\nhint: {hint}", path.display())
        })
    }
}

/// Names the characters that no font shows, with the ways on; `None` if there are none.
pub(super) fn unprintable(missing: &BTreeSet<char>) -> Option<String> {
    let named: Vec<String> = missing
        .iter()
        .map(|character| format!("{} (U+{:04X})", character.escape_debug(), u32::from(*character)))
        .collect();
    let hint = "install a font that has them, or name its file in the config: fonts = [\"File.ttf\"]";
    (!named.is_empty()).then(|| format!("no font has these characters: {}\nhint: {hint}", named.join(", ")))
}

fn refused(name: &str, error: UnusableFont) -> anyhow::Error {
    anyhow!("the font {name} {error}\nhint: name another file in `fonts` in the config")
}

/// Returns a font if it shows some of the characters, and removes these.
fn take(font: &Asset, missing: &mut BTreeSet<char>) -> Result<Option<Asset>, UnusableFont> {
    let shown = shown_by(&font.bytes, missing)?;
    missing.retain(|character| !shown.contains(character));
    Ok((!shown.is_empty()).then(|| font.clone()))
}

/// Chooses fonts of the system that show as many of some characters as possible: always the one that shows most of the
/// rest, and of equal ones the plainest.
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
    while let Some((_, path, shown)) = most(&files, &missing) {
        missing.retain(|character| !shown.contains(character));
        chosen.extend(read(path));
        let path = path.clone();
        files.retain(|(_, other, _)| *other != path);
    }
    chosen
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

fn read(path: &Path) -> std::io::Result<Asset> {
    let bytes = plain::read(path, LARGEST)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Asset {
        name: name.unwrap_or_default(),
        sha256: checksum(&bytes),
        bytes: Arc::from(bytes),
    })
}

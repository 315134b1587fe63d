//! The faces that documents are printed with.
//!
//! Two families are built in: IBM Plex Sans, whose figures all have one width, and Liberation Sans for QR-bills, which
//! may use few other faces (Swiss Implementation Guidelines QR-bill, 3.4). Both cover Latin, Greek and Cyrillic. A
//! document can bring further faces for other scripts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use thiserror::Error;
use ttf_parser::{Face, Permissions};
use typst::foundations::Bytes;
use typst::text::Font;

/// The faces, in the order of typst's indices.
pub(crate) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    faces([
        include_bytes!("../fonts/IBMPlexSans-Regular.ttf"),
        include_bytes!("../fonts/IBMPlexSans-SemiBold.ttf"),
    ])
});

/// The faces of a QR-bill, which follow them.
pub(crate) static BILL_FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    faces([
        include_bytes!("../fonts/LiberationSans-Regular.ttf"),
        include_bytes!("../fonts/LiberationSans-Bold.ttf"),
    ])
});

fn faces(files: [&'static [u8]; 2]) -> Vec<Font> {
    let faces = files.into_iter();
    faces.filter_map(|face| Font::new(Bytes::new(face), 0)).collect()
}

/// The faces that one document brings.
#[derive(Clone, Default)]
pub(crate) struct Brought {
    files: Vec<Bytes>,
    fonts: Vec<Font>,
    country: Option<String>,
}

impl Brought {
    /// Reads the faces of font files; a file that is no font has none. Of faces of one file that differ by region, such as
    /// Chinese and Japanese ones, those of the reader's country come first, for the first face that has a letter shows it.
    pub(crate) fn of(files: Vec<Bytes>, country: Option<&str>) -> Self {
        let mut fonts: Vec<Font> = files.iter().flat_map(|file| Font::iter(file.clone())).collect();
        if let Some(region) = country.and_then(region) {
            fonts.sort_by_key(|font| !font.info().family.ends_with(region));
        }
        Self {
            files,
            fonts,
            country: country.map(str::to_owned),
        }
    }

    /// Returns the bytes of the files.
    pub(crate) fn files(&self) -> &[Bytes] {
        &self.files
    }

    /// Returns the reader's country.
    pub(crate) fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// Returns the faces, in the order in which they are tried.
    pub(crate) fn fonts(&self) -> &[Font] {
        &self.fonts
    }

    /// Returns whether every built-in face or one of these can show a character.
    pub(crate) fn covers(&self, character: char) -> bool {
        let shows = |font: &Font| font.info().coverage.contains(character.into());
        FONTS.iter().all(shows) || self.fonts.iter().any(shows)
    }
}

/// Returns the end of the names of faces with the forms of Han characters that are usual in a country.
fn region(country: &str) -> Option<&'static str> {
    match country {
        "CN" | "SG" | "MY" => Some(" SC"),
        "TW" => Some(" TC"),
        "HK" | "MO" => Some(" HK"),
        "KR" => Some(" KR"),
        "JP" => Some(" JP"),
        _ => None,
    }
}

/// A file whose faces no PDF can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UnusableFont {
    /// It holds no face.
    #[error("is no TrueType or OpenType font")]
    NoFont,
    /// Its licence bits forbid embedding or subsetting.
    #[error("does not permit embedding in a PDF")]
    Restricted,
}

/// Returns which of some characters the faces of a font file can show together. Only the parts of the file that tell
/// this are read.
///
/// # Errors
///
/// If it is no font, or the licence bits of a face forbid embedding or subsetting (OpenType 1.9, table OS/2, `fsType`).
pub fn shown_by(file: &[u8], characters: &BTreeSet<char>) -> Result<BTreeSet<char>, UnusableFont> {
    let mut found = BTreeSet::new();
    for index in 0..ttf_parser::fonts_in_collection(file).unwrap_or(1) {
        let face = Face::parse(file, index).map_err(|_| UnusableFont::NoFont)?;
        if face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
            return Err(UnusableFont::Restricted);
        }
        let shows = |character: &char| face.glyph_index(*character).is_some_and(|glyph| glyph.0 != 0);
        found.extend(characters.iter().copied().filter(shows));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_load() {
        let weights: Vec<u16> = FONTS
            .iter()
            .map(|font| font.info().variant.weight.to_number())
            .collect();
        assert_eq!(weights, [400, 600]);
    }

    #[test]
    fn latin_greek_and_cyrillic_are_covered() {
        let faces = Brought::default();
        for text in [
            "Größe €",
            "Łódź",
            "Dvořák",
            "Çağrı",
            "Đặng",
            "Αθήνα",
            "Київ",
            "−–’\u{a0}\u{202f}\u{fffd}",
        ] {
            assert!(text.chars().all(|character| faces.covers(character)), "{text}");
        }
        assert!(!faces.covers('株'));
    }
}

//! The built-in faces: IBM Plex Sans, whose figures all have one width, and Liberation Sans for QR-bills, which
//! may use few other faces (Swiss Implementation Guidelines QR-bill, 3.4).

use std::sync::LazyLock;

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

/// Returns whether every face can show a character.
pub(crate) fn covers(character: char) -> bool {
    FONTS.iter().all(|font| font.info().coverage.contains(character.into()))
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
            assert!(text.chars().all(covers), "{text}");
        }
        assert!(!covers('株'));
    }
}

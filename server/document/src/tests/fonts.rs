//! Fonts beside the built-in ones.

use std::collections::BTreeSet;

use super::sample::{acme, issued};
use super::typeset;
use crate::font::{UnusableFont, shown_by};
use crate::tests::layout::asset;
use crate::tests::printed::{read, runs};
use crate::{missing_characters, pdf};

/// A face with `株式会社東京ア`, U+10FA11 and `אבגדה`, made by `fonts/squares.py`.
pub(crate) const SQUARES: &[u8] = include_bytes!("../../fonts/squares.ttf");

/// Returns the face with other licence bits.
fn licensed(bits: u8) -> Vec<u8> {
    let mut font = SQUARES.to_vec();
    let record = font.windows(4).position(|tag| tag == b"OS/2").unwrap();
    let offset = u32::from_be_bytes(font[record + 8..record + 12].try_into().unwrap()) as usize;
    // `fsType` is the fifth 16-bit field.
    font[offset + 9] = bits;
    font
}

#[test]
fn a_font_shows_what_the_built_in_ones_cannot() {
    let mut content = acme();
    content.buyer.name = "株式会社 Globex".to_owned();
    content.buyer.city = Some("東京".to_owned());
    let missing = missing_characters(&issued(content.clone()).paper());
    assert_eq!(missing, "株式会社東京".chars().collect());
    content.stationery.fonts = vec![asset("squares.ttf", SQUARES)];
    let issued = issued(content);
    assert_eq!(missing_characters(&issued.paper()), BTreeSet::new());
    let text = read(&typeset(&issued.paper()));
    assert!(text.contains("株式会社 Globex") && text.contains("東京"), "{text}");
    assert!(!text.contains('\u{fffd}'), "{text}");
    // A glyph that is missing would be refused here, for the file is PDF/A.
    assert!(pdf(&issued.paper()).is_ok());
}

#[test]
fn letters_from_right_to_left_run_so_in_a_document_of_another_language() {
    let mut content = acme();
    content.buyer.name = "אבג API דה".to_owned();
    content.buyer.city = Some("API 2 אבג".to_owned());
    content.notes = vec!["דה (3)".to_owned()];
    content.stationery.fonts = vec![asset("squares.ttf", SQUARES)];
    let issued = issued(content);
    let runs = runs(&typeset(&issued.paper()));
    let left = |text: &str| {
        let run = runs.iter().find(|run| run.text.contains(text));
        run.unwrap_or_else(|| panic!("{text}")).left
    };
    let first = runs.iter().find(|run| run.text.contains("אבג")).unwrap();
    let beside: Vec<_> = runs
        .iter()
        .filter(|run| (run.baseline - first.baseline).abs() < 0.01)
        .collect();
    let named = |text: &str| beside.iter().find(|run| run.text.contains(text)).unwrap().left;
    assert!(named("דה") < named("API") && named("API") < named("אבג"));
    assert!(left("API 2") < runs.iter().rfind(|run| run.text.contains("אבג")).unwrap().left);
    assert!(pdf(&issued.paper()).is_ok());
}

#[test]
fn joiners_and_selectors_need_no_glyph() {
    let mut content = acme();
    content.buyer.name = "株\u{200c}式\u{200d}会\u{fe0f}社\u{e0100} A\u{200d}b".to_owned();
    content.stationery.fonts = vec![asset("squares.ttf", SQUARES)];
    let issued = issued(content);
    assert_eq!(missing_characters(&issued.paper()), BTreeSet::new());
    assert!(pdf(&issued.paper()).is_ok());
}

#[test]
fn a_file_that_is_no_font_has_no_part_in_a_document() {
    let mut content = acme();
    content.buyer.city = Some("東京".to_owned());
    content.stationery.fonts = vec![asset("text.ttf", b"no font")];
    let issued = issued(content);
    assert_eq!(missing_characters(&issued.paper()), BTreeSet::from(['東', '京']));
    assert!(pdf(&issued.paper()).is_ok());
}

#[test]
fn licence_bits_that_forbid_embedding_are_honoured() {
    let wanted = BTreeSet::from(['株', 'x']);
    let found = Ok(BTreeSet::from(['株']));
    // Installable, preview and print, and editable embedding.
    for bits in [0, 4, 8] {
        assert_eq!(shown_by(&licensed(bits), &wanted), found, "{bits}");
    }
    assert_eq!(shown_by(&licensed(2), &wanted), Err(UnusableFont::Restricted));
    assert_eq!(shown_by(b"no font", &wanted), Err(UnusableFont::NoFont));
    assert_eq!(shown_by(b"", &wanted), Err(UnusableFont::NoFont));
    assert_eq!(shown_by(&SQUARES[..200], &wanted), Err(UnusableFont::NoFont));
}

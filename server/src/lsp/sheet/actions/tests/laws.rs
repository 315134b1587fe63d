//! Laws that hold for every action on every sheet.

use keeptab_core::instant::{Instant, Length};
use keeptab_engine::About;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::scene::{changed, errors};
use super::week::{Week, at, span};
use super::{Does, Scene, offers};

/// A week of stretches that touch or do not, with entries among them and doubts about some of it.
fn weeks() -> impl Strategy<Value = Week> {
    let id = prop::sample::select(vec!["acme/api", "acme/web", "two words", "?", "-", "gone"]);
    let words = prop::sample::select(vec![None, Some("~/src/x"), Some("! odd"), Some("ä note")]);
    let piece = (0..3_000_i64, 20..9_000_i64, id, words, 0..12_u8);
    vec(piece, 1..14).prop_map(|pieces| {
        let mut week = Week::default();
        let mut end = 8 * 3_600;
        for (number, (gap, length, id, words, kind)) in pieces.into_iter().enumerate() {
            // Every other line begins at the end of the one before.
            let start = end + if number % 2 == 0 { 0 } else { gap };
            end = start + length;
            let (from, to) = (at(0, 0, start), at(0, 0, end));
            let day = (at(24, 0, 0), at(25, 0, 0));
            if kind == 0 && to < day.0 {
                week = week.entry(i64::try_from(number).unwrap(), span(from, to), "acme/web");
                continue;
            }
            week = week.piece(span(from, to), id, words);
            week = match kind {
                1 if !["?", "-"].contains(&id) => week.billed(),
                2 => week.doubt(&format!("{number} counted"), middle(from, to), About::Bridged),
                _ => week,
            };
            if gap > 900 && number % 2 == 1 {
                let gap = span(at(0, 0, start - gap), from);
                week = week.doubt(&format!("{number} away"), gap, About::Away);
            }
        }
        week
    })
}

fn middle(from: Instant, to: Instant) -> keeptab_core::instant::Span {
    let third = Length::from_millis((to - from).millis() / 3);
    span(from + third, to - third)
}

fn total(week: &Week) -> Length {
    week.checked().review.lines.iter().map(|line| line.length).sum()
}

proptest! {
    /// A chain of actions leaves the text without new errors; splitting, marking and reassigning keep the total
    /// length.
    #[test]
    fn an_action_leaves_the_sheet_right(mut week in weeks(), choices in vec(any::<(Index, Index)>(), 1..5)) {
        for (line, choice) in choices {
            let checked = week.checked();
            let parsed = week.parsed();
            let scene = Scene::new(&parsed, &checked);
            let found = offers(&scene, line.index(parsed.lines.len()));
            let edits: Vec<_> = found.iter().filter_map(|offer| match &offer.does {
                Does::Edit(changes) => Some((&offer.title, changes)),
                Does::Run(..) => None,
            }).collect();
            if edits.is_empty() {
                continue;
            }
            let (title, changes) = edits[choice.index(edits.len())];
            let mut after = week.clone();
            after.text = changed(&parsed, changes);
            let (before, now) = (errors(&checked.review.problems), after.checked());
            for (kind, count) in errors(&now.review.problems) {
                prop_assert!(
                    before.get(&kind).is_some_and(|before| *before >= count),
                    "{title}: {:?} in\n{}of\n{}", now.review.problems, after.text, week.text
                );
            }
            let same = ["Split", "Count it", "Count all", "Billable", "Not billable", "Change"];
            if same.iter().any(|word| title.starts_with(word)) {
                prop_assert_eq!(total(&week), total(&after), "{}", title);
            }
            week = after;
        }
    }
}

//! Actions as data: a sheet, a line and the actions offered.

mod doubts;
mod laws;
mod lines;
mod week;

use expect_test::Expect;

use super::scene::changed;
use super::{Does, Offer, Scene, offers};
use week::Week;

/// Shows the actions on the line that contains some words, with the lines that an edit changes.
#[track_caller]
fn check(week: &Week, words: &str, expected: &Expect) {
    let checked = week.checked();
    let parsed = &week.parsed();
    let text = parsed.text();
    let line = text.lines().position(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no {words} in\n{text}"));
    let scene = Scene::new(parsed, &checked);
    let shown: Vec<String> = offers(&scene, line).iter().map(|offer| show(week, offer)).collect();
    expected.assert_eq(&shown.concat());
}

fn show(week: &Week, offer: &Offer) -> String {
    let mut shown = vec![offer.title.clone()];
    if offer.preferred {
        shown[0].push_str(" (preferred)");
    }
    match &offer.does {
        Does::Run(command, words) => shown.push(format!("    runs {command} {}", words.join(" "))),
        Does::Edit(changes) => {
            let text = changed(&week.parsed(), changes);
            let gone = week.text.lines().filter(|line| !text.lines().any(|new| new == *line));
            shown.extend(gone.map(|line| format!("    - {}", line.trim())));
            let new = text.lines().filter(|line| !week.text.lines().any(|old| old == *line));
            shown.extend(new.map(|line| format!("    + {}", line.trim())));
        }
    }
    shown.join("\n") + "\n"
}

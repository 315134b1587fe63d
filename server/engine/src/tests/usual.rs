//! Breaks at the usual time of day, folded into one line of the timesheet.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use keeptab_core::calendar::{Range, Week};
use keeptab_core::correction::Change;
use keeptab_core::instant::{Instant, Span};
use keeptab_core::timesheet::{Alteration, Revised, parse};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{CONFIG, at, home, open, record, work};
use crate::{By, Engine, LineChange, SheetView};

const DAY: i64 = 24 * 60;
/// The Sunday after the week of day 0 is over.
const NOW: i64 = 7 * DAY;

/// A day of work from 9:00, with a gap that begins at a minute and has a length.
fn day(engine: &mut Engine, day: i64, gap: (i64, i64)) {
    let minutes = (0..=gap.0)
        .step_by(5)
        .chain([gap.0])
        .chain([gap.0 + gap.1, gap.0 + gap.1 + 5, gap.0 + gap.1 + 10]);
    let events = (1..)
        .zip(minutes)
        .map(|(seq, minute)| work(seq, at(day * DAY + minute), "/w/api/a.rs"));
    let now = at(day * DAY + 600);
    record(engine, &format!("vim {day}"), events.collect(), now);
}

fn gap(day: i64, (from, length): (i64, i64)) -> Span {
    Span::new(at(day * DAY + from), at(day * DAY + from + length)).unwrap()
}

fn answer(engine: &mut Engine, day: i64, (from, length): (i64, i64)) {
    let clock = |minute: i64| format!("{:02}:{:02}", 9 + minute / 60, minute % 60);
    let times = format!("{}-{}", clock(from), clock(from + length)).parse().unwrap();
    let date = engine.config.calendar.day_of(at(day * DAY));
    engine
        .ask(at(day * DAY + 601), |engine, now| {
            engine.break_off(Some(date), times, now)
        })
        .unwrap();
}

/// Lunch at 12:10 for fifty minutes.
const LUNCH: (i64, i64) = (190, 50);

/// Lunch on each day of the week of day 0, and breaks answered on three days of the week before.
fn desk(folder: &TempDir) -> Engine {
    let mut engine = open(folder);
    for (before, shift) in [(-7, -20), (-6, 0), (-5, 30)] {
        day(&mut engine, before, (LUNCH.0 + shift, LUNCH.1));
        answer(&mut engine, before, (LUNCH.0 + shift, LUNCH.1));
    }
    for today in 0..5 {
        day(&mut engine, today, LUNCH);
    }
    engine
}

fn sheet(engine: &mut Engine) -> SheetView {
    let week = Week::of(engine.config.calendar.day_of(at(0)));
    engine
        .ask(at(NOW), |engine, now| engine.review(Some(week), false, now))
        .unwrap()
}

fn apply(engine: &mut Engine, text: &str) -> SheetView {
    let parsed = Arc::new(parse(text));
    engine
        .ask(at(NOW), |engine, now| engine.apply_sheet(&parsed, false, now))
        .unwrap()
}

/// The usual breaks that a text names.
fn named(text: &str) -> Vec<String> {
    parse(text).usual()
}

/// Returns the spans that corrections erase in the week of day 0.
fn erased(engine: &Engine) -> BTreeSet<Span> {
    let week = Span::new(at(0), at(NOW)).unwrap();
    let corrections = engine.store.corrections(week).unwrap().into_iter();
    let erased = corrections.filter(|correction| correction.change == Change::Erase);
    erased.map(|correction| correction.span).collect()
}

fn total(engine: &mut Engine) -> serde_json::Value {
    let report = |engine: &mut Engine, now: Instant| engine.report(Some(Range::All), By::Project, now);
    serde_json::to_value(engine.ask(at(NOW), report).unwrap()).unwrap()
}

#[test]
fn five_usual_breaks_are_one_line_and_saving_takes_them() {
    let folder = home();
    let mut engine = desk(&folder);
    let (first, before) = (sheet(&mut engine), total(&mut engine));
    let line = "# 5 usual breaks  Mon 12:10-13:00, Tue 12:10-13:00, Wed 12:10-13:00, Thu 12:10-13:00, Fri 12:10-13:00";
    assert_eq!(first.text.lines().nth(1), Some(line));
    assert!(!first.text.contains("# ?"));
    // Reading the week answers nothing, and neither does a change of one line.
    let change = LineChange {
        day: Some(engine.config.calendar.day_of(at(0))),
        line: "09:00-12:10".to_owned(),
        alteration: Alteration::Revise(Revised {
            note: Some("orders".to_owned()),
            ..Revised::default()
        }),
    };
    engine.ask(at(NOW), |engine, now| engine.change(&change, now)).unwrap();
    assert_eq!(erased(&engine), BTreeSet::new());
    let saved = apply(&mut engine, &first.text);
    assert_eq!(erased(&engine), (0..5).map(|day| gap(day, LUNCH)).collect());
    assert_eq!(total(&mut engine), before);
    assert_eq!(named(&saved.text), Vec::<String>::new());
    assert!(saved.undo.is_some());
    engine.ask(at(NOW + 1), Engine::undo).unwrap();
    assert_eq!(erased(&engine), BTreeSet::new());
    assert_eq!(sheet(&mut engine).text.lines().nth(1), Some(line));
}

#[test]
fn a_gap_is_asked_about_as_long_as_too_few_breaks_are_like_it() {
    let folder = home();
    let mut engine = open(&folder);
    day(&mut engine, 0, LUNCH);
    let folds = |engine: &mut Engine| !named(&sheet(engine).text).is_empty();
    // The first has no break on its own day; the others are too old, too early, too long, and on one day.
    for (before, times) in [(-22, LUNCH), (-7, (159, 50)), (-6, (190, 81)), (-5, LUNCH), (-4, LUNCH)] {
        day(&mut engine, before, times);
        answer(&mut engine, before, times);
        assert!(!folds(&mut engine), "{before}");
    }
    day(&mut engine, 2, LUNCH);
    answer(&mut engine, 2, LUNCH);
    assert_eq!(named(&sheet(&mut engine).text), ["Mon 12:10-13:00"]);
    // A break that was counted after all is none.
    let fill = |engine: &mut Engine, now| {
        let date = engine.config.calendar.day_of(at(2 * DAY));
        engine.fill(
            Some(date),
            "12:20-12:30".parse()?,
            Some(&keeptab_core::rule::ProjectId::new("api")),
            now,
        )
    };
    engine.ask(at(NOW), fill).unwrap();
    assert!(!folds(&mut engine));
}

#[test]
fn erased_work_is_no_break() {
    let folder = home();
    let mut engine = open(&folder);
    for before in [-7, -6, -5] {
        day(&mut engine, before, LUNCH);
        let erase = keeptab_core::timesheet::Edit::Correct(gap(before, (140, 50)), Change::Erase);
        engine.store.apply(&[erase], at(before * DAY + 601)).unwrap();
    }
    day(&mut engine, 0, (140, 50));
    assert_eq!(named(&sheet(&mut engine).text), Vec::<String>::new());
}

#[test]
fn a_gap_that_leaves_the_line_stays_a_question() {
    let folder = home();
    let mut engine = desk(&folder);
    let first = sheet(&mut engine).text;
    let out = first
        .replacen("# 5 usual breaks", "# 4 usual breaks", 1)
        .replacen("Tue 12:10-13:00, ", "", 1);
    let saved = apply(&mut engine, &out);
    let question = "# ? Tue 12:10-13:00  away 0:50: a call?";
    for text in [&saved.text, &sheet(&mut engine).text] {
        assert_eq!((named(text), text.lines().nth(1)), (Vec::new(), Some(question)));
    }
    // Another save asks on; the line can be written again.
    let noted = saved.text.replacen("13:00-13:10  api", "13:00-13:10  api  orders", 1);
    assert_ne!(noted, saved.text);
    let noted = apply(&mut engine, &noted).text;
    assert_eq!(noted.lines().nth(1), Some(question));
    let back = apply(
        &mut engine,
        &noted.replacen(question, "# 1 usual break  Tue 12:10-13:00", 1),
    )
    .text;
    assert_eq!(named(&back), ["Tue 12:10-13:00"]);
    assert_eq!(erased(&engine).len(), 4);
    apply(&mut engine, &back);
    assert_eq!(erased(&engine).len(), 5);
}

#[test]
fn the_rest_of_the_line_stays_open_once_one_gap_is_answered() {
    let folder = home();
    let mut engine = desk(&folder);
    let first = sheet(&mut engine).text;
    // As *Ask about each* does.
    let line = first.lines().nth(1).expect("a line");
    let questions: Vec<String> = named(line)
        .iter()
        .map(|when| format!("# ? {when}  away 0:50: a call?"))
        .collect();
    let asked = first.replacen(line, &questions.join("\n"), 1);
    let answered = asked.replacen(
        "Wed 18 Nov   3:20\n",
        "Wed 18 Nov   3:20\n  +12:10-13:00  api  call\n",
        1,
    );
    assert_ne!(answered, asked);
    let saved = apply(&mut engine, &answered).text;
    assert_eq!(named(&saved), Vec::<String>::new());
    assert_eq!(saved.matches("# ?").count(), 4, "{saved}");
    assert_eq!(erased(&engine), BTreeSet::new());
}

#[test]
fn the_config_turns_usual_breaks_off() {
    let folder = home();
    let mut engine = desk(&folder);
    fs::write(
        folder.path().join("keeptab.toml"),
        format!("{CONFIG}\n[review]\nusual = false\n"),
    )
    .unwrap();
    engine.ask(at(NOW), Engine::reload).unwrap();
    let text = sheet(&mut engine).text;
    assert_eq!(named(&text), Vec::<String>::new());
    assert_eq!(text.matches("# ?").count(), 5);
    apply(&mut engine, &text);
    assert_eq!(erased(&engine), BTreeSet::new());
}

#[test]
fn a_gap_with_a_line_of_its_own_is_no_break() {
    let folder = home();
    let mut engine = desk(&folder);
    let text = sheet(&mut engine).text;
    let with = |line: &str| text.replacen("Wed 18 Nov   3:20\n", &format!("Wed 18 Nov   3:20\n  {line}\n"), 1);
    let captured = with("12:20-12:30  api  call");
    assert_ne!(captured, text);
    apply(&mut engine, &captured);
    let others: BTreeSet<Span> = [0, 1, 3, 4].map(|day| gap(day, LUNCH)).into();
    assert_eq!(erased(&engine), others);
    engine.ask(at(NOW + 1), Engine::undo).unwrap();
    apply(&mut engine, &with("+12:10-13:00  api  call"));
    assert_eq!(erased(&engine), others);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A save takes exactly the gaps that its text names, and none that is not usual, whatever the text says.
    #[test]
    fn saving_answers_exactly_the_usual_gaps_of_the_text(
        gaps in proptest::collection::vec((160_i64..220, 20_i64..80), 5),
        kept in proptest::collection::vec(any::<bool>(), 5),
        foreign in "(Sat|Mon|Tue) 1[0-4]:[0-5]0-13:00",
    ) {
        let folder = home();
        let mut engine = open(&folder);
        for before in [-7, -6, -5] {
            day(&mut engine, before, LUNCH);
            answer(&mut engine, before, LUNCH);
        }
        for (today, gap) in (0..).zip(&gaps) {
            day(&mut engine, today, *gap);
        }
        let near = |(from, length): (i64, i64)| {
            (from - LUNCH.0).abs() <= 30 && (from + length - LUNCH.0 - LUNCH.1).abs() <= 30
        };
        let text = sheet(&mut engine).text;
        let usual: Vec<i64> = (0..5_i64).zip(&gaps).filter(|(_, gap)| near(**gap)).map(|(day, _)| day).collect();
        let shown = named(&text);
        prop_assert_eq!(shown.len(), usual.len());
        let of = |day: &i64| gap(*day, gaps[usize::try_from(*day).unwrap()]);
        let keeps = |place: usize| kept[place % kept.len()];
        let wanted: Vec<&str> = shown.iter().enumerate().filter(|(place, _)| keeps(*place)).map(|(_, when)| &**when).collect();
        let line = text.lines().find(|line| keeptab_core::timesheet::usual(line).is_some()).unwrap_or("# none");
        prop_assume!(!shown.contains(&foreign));
        let edited = text.replacen(line, &format!("# 9 usual breaks {}, {foreign}", wanted.join(", ")), 1);
        let before = total(&mut engine);
        apply(&mut engine, &edited);
        let expected = usual.iter().enumerate().filter(|(place, _)| keeps(*place)).map(|(_, day)| of(day));
        prop_assert_eq!(erased(&engine), expected.collect());
        prop_assert_eq!(total(&mut engine), before);
        if !wanted.is_empty() {
            engine.ask(at(NOW + 1), Engine::undo).unwrap();
        }
        prop_assert_eq!(erased(&engine), BTreeSet::new());
        // Those that were taken out stay questions.
        prop_assert_eq!(named(&sheet(&mut engine).text), wanted);
    }
}

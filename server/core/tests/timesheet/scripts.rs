//! Laws: for any week and any edits of its lines, the ledger shows what was saved.

use keeptab_core::clock::Clock;
use keeptab_core::correction::Change;
use keeptab_core::instant::{Length, Span};
use keeptab_core::timesheet::{Edit, Item, LineTime, Sheet, TimeText, changes, parse, print, review};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::ledger::{Ledger, ROOT, lines, projects};
use super::read::assert_reads_back;
use super::rows::{Action, Rows, action};
use super::week::{any_ledger, note, target};

/// Returns the stretches that a sheet folds.
fn folded(sheet: &Sheet) -> Vec<Span> {
    let lines = sheet.days.iter().flat_map(|day| &day.lines);
    let spans = lines.filter_map(|line| match &line.time {
        LineTime::Short(spans) => Some(spans.clone()),
        _ => None,
    });
    spans.flatten().collect()
}

/// Returns whether a line with clock times reaches into a span.
fn is_shown(sheet: &Sheet, span: Span) -> bool {
    let mut lines = sheet.days.iter().flat_map(|day| &day.lines);
    lines.any(|line| matches!(line.time, LineTime::Clock(other) if other.intersect(span).is_some()))
}

fn captured(ledger: &Ledger) -> Length {
    ledger.pieces().iter().map(|piece| piece.span.length()).sum()
}

/// Checks that the ledger holds the saved clock lines: exact bounds, fields, and no gap.
fn assert_shows(ledger: &Ledger, text: &str, before: &Sheet) {
    let mine = parse(text);
    let review = review(before, &mine, before, &projects());
    let pieces = ledger.pieces();
    for line in &review.lines {
        let Some(source) = mine.lines.get(line.line) else {
            continue;
        };
        let Item::Time(time) = &source.item else {
            continue;
        };
        let (Some(span), TimeText::Clock(start, end)) = (line.span, time.time.as_ref().unwrap().value) else {
            continue;
        };
        // A bound shows its minute.
        let clock = |at| Clock::of(&before.calendar, line.day, at);
        assert_eq!((clock(span.start()), clock(span.end())), (start, end));
        // An unchanged line keeps its exact bounds.
        if line.unchanged {
            let place = line.written.unwrap();
            assert_eq!(before.days[place.day].lines[place.line].time, LineTime::Clock(span));
        }
        // All of it is as the line says.
        let to = &time.to.as_ref().unwrap().value;
        let note = time.note.as_ref().map(|note| note.value.as_str());
        let note = note.filter(|note| *note != ROOT && !note.ends_with("short visit"));
        let mut covered = Length::ZERO;
        for piece in &pieces {
            let Some(part) = piece.span.intersect(span) else {
                continue;
            };
            covered += part.length();
            assert_eq!(
                (&piece.to, piece.note.as_deref(), piece.billable),
                (to, note, time.mark.is_none()),
                "{text}"
            );
        }
        assert_eq!(covered, span.length(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_sheet_reads_back(ledger in any_ledger()) {
        assert_reads_back(&ledger.sheet());
    }

    #[test]
    fn a_written_sheet_is_kept_exactly(ledger in any_ledger()) {
        let sheet = ledger.sheet();
        let kept = serde_json::to_string(&sheet).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sheet>(&kept).unwrap(), sheet);
    }

    #[test]
    fn billed_time_is_never_touched(
        ledger in any_ledger(),
        billed in any_ledger(),
        script in vec((any::<Index>(), action()), 1..8),
    ) {
        let base = ledger.sheet();
        let mut now = ledger.clone();
        now.calendar = billed.calendar;
        now.claims = billed.claims;
        let mut rows = Rows::of(&base);
        rows.play(&script);
        let text = rows.text(print(&base).lines().next().unwrap());
        let edits = changes(&base, &parse(&text), &now.sheet(), &projects()).unwrap_or_default();
        for edit in edits {
            if let Edit::Correct(span, _) = edit {
                let claims = [&ledger.claims, &now.claims].into_iter().flatten();
                prop_assert!(!claims.into_iter().any(|claim| claim.span.intersect(span).is_some()), "{span:?}");
            }
        }
    }

    #[test]
    fn a_sheet_holds_all_of_its_week(ledger in any_ledger()) {
        let sheet = ledger.sheet();
        let (first, last) = sheet.calendar.week_of(sheet.week.monday());
        let week = sheet.calendar.days(first, last);
        let pieces: Length = ledger.pieces().iter().filter_map(|piece| piece.span.intersect(week)).map(Span::length).sum();
        let entries: Length = ledger.entries.iter().map(|(entry, _)| entry.length).sum();
        let shown: Length = sheet.days.iter().flat_map(|day| &day.lines).map(|line| line.time.length()).sum();
        prop_assert_eq!(shown, pieces + entries);
    }

    #[test]
    fn what_was_saved_is_what_is_shown(
        ledger in any_ledger(),
        script in vec((any::<Index>(), action()), 1..8),
    ) {
        let base = ledger.sheet();
        let printed = print(&base);
        let header = printed.lines().next().unwrap();
        let mut rows = Rows::of(&base);
        rows.play(&script);
        let text = rows.text(header);
        let edits = match changes(&base, &parse(&text), &base, &projects()) {
            Ok(edits) => edits,
            Err(problems) => {
                // Only a line over a folded visit that is billed, or more entries than the day has hours.
                let allowed = |kind: &str| ["billed", "long-day"].contains(&kind);
                let errors = problems.iter().filter(|problem| problem.is_error());
                prop_assert!(errors.clone().all(|problem| allowed(problem.kind.name())), "{problems:?}\n{text}");
                return Ok(());
            }
        };
        let mut after = ledger.clone();
        after.apply(&edits);
        assert_shows(&after, &text, &base);
        let mine = review(&base, &parse(&text), &base, &projects()).lines;
        let shown = after.sheet();
        let minute = Length::from_minutes(1);
        let folds = mine.iter().any(|line| line.span.is_some_and(|span| span.length() < minute));
        let unfolds = folded(&base).iter().any(|span| !folded(&shown).contains(span) && is_shown(&shown, *span));
        if folds || unfolds {
            // The rest of a minute between two exact bounds is folded, and folded time may join time that became equal
            // to it.
            return Ok(());
        }
        // The saved text, with the ledger's folded lines, changes nothing in what is shown now.
        let reprinted = print(&shown);
        let again = with_folded(&text.replace(ROOT, ""), &reprinted);
        prop_assert_eq!(changes(&shown, &parse(&again), &shown, &projects()), Ok(Vec::new()), "{}\n{}", text, reprinted);
        // Nothing is shown twice or left over: lengths agree, as the header says.
        let entries = |text: &str| lines(text).into_iter().filter(|line| line.contains(" +")).collect::<Vec<_>>();
        prop_assert_eq!(entries(&text), entries(&reprinted));
    }

    #[test]
    fn retagging_and_notes_conserve_the_total(
        ledger in any_ledger(),
        script in vec((any::<Index>(), prop_oneof![
            target().prop_map(Action::Retag), note().prop_map(Action::Note), Just(Action::Mark),
            (any::<Index>(), target()).prop_map(|(at, to)| Action::Split(at, to)),
        ]), 1..12),
    ) {
        let base = ledger.sheet();
        let printed = print(&base);
        let mut rows = Rows::of(&base);
        rows.play(&script);
        let text = rows.text(printed.lines().next().unwrap());
        let edits = changes(&base, &parse(&text), &base, &projects()).unwrap();
        let fills = |edit: &Edit| matches!(edit, Edit::Correct(_, Change::Fill { .. } | Change::Erase));
        prop_assert!(!edits.iter().any(fills), "{edits:?}");
        let mut after = ledger.clone();
        after.apply(&edits);
        prop_assert_eq!(captured(&after), captured(&ledger));
    }

    #[test]
    fn a_sheet_with_an_error_changes_nothing(
        ledger in any_ledger(),
        script in vec((any::<Index>(), action()), 0..4),
        wrong in select(vec!["Tue 99", "09:00-", "\nWed 1 Jan", "\nMon\n  10:00-09:00 zen", "\nMon\n  00:00-25:00 nobody", "\nMon\n ~0:10 zen x"]),
    ) {
        let base = ledger.sheet();
        let printed = print(&base);
        let mut rows = Rows::of(&base);
        rows.play(&script);
        let text = format!("{}\n{wrong}", rows.text(printed.lines().next().unwrap()));
        let mine = parse(&text);
        let result = changes(&base, &mine, &base, &projects());
        prop_assert!(result.is_err());
        prop_assert_eq!(review(&base, &mine, &base, &projects()).edits, Vec::new());
    }
}

/// Puts the header and the folded lines of the shown text into the saved one.
fn with_folded(text: &str, shown: &str) -> String {
    let mut saved: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with(['~', '#']))
        .collect();
    let mut day = "";
    for line in shown.lines() {
        if line.starts_with(char::is_alphabetic) {
            day = line;
        }
        if line.trim_start().starts_with('~') {
            saved.extend([day, line]);
        }
    }
    saved.insert(0, shown.lines().next().unwrap());
    saved.join("\n")
}

//! Laws: whatever a week holds and whatever is done to its lines, what was saved is what the ledger shows.

use keeptab_core::calendar::Calendar;
use keeptab_core::correction::{Change, To};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::Stretch;
use keeptab_core::timesheet::{
    Clock, Edit, LineTime, Piece, Sheet, TimeText, changes, parse, print, print_line, review,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::ledger::{Ledger, PROJECTS, ROOT, berlin, ledger_of, lines, night, projects, tag, to};
use super::read::assert_reads_back;

const MINUTE: i64 = 60_000;

fn target() -> impl Strategy<Value = To> {
    prop_oneof![
        6 => select(PROJECTS.to_vec()).prop_map(to),
        2 => Just(To::Unassigned),
        1 => Just(To::Private),
    ]
}

fn note() -> impl Strategy<Value = Option<String>> {
    let note = select(vec!["call with Sam", "! odd", "\\odd", "ü 🦀  two blanks", "# 1"]);
    proptest::option::weighted(0.3, note.prop_map(str::to_owned))
}

/// A gap before a piece, and its length; often under a minute, often none.
fn step() -> impl Strategy<Value = (i64, i64)> {
    let gap = prop_oneof![4 => Just(0), 2 => 1..MINUTE, 2 => MINUTE..120 * MINUTE];
    let length = prop_oneof![2 => 1..MINUTE, 1 => MINUTE..2 * MINUTE, 6 => 2 * MINUTE..180 * MINUTE];
    (gap, length)
}

/// Weeks with both nights on which the clock changes, and one with none.
fn week() -> impl Strategy<Value = (Calendar, &'static str)> {
    let calendar = prop_oneof![
        3 => Just(berlin()),
        1 => Just(night()),
        1 => Just(Calendar { week_start: chrono::Weekday::Sun, ..berlin() }),
    ];
    (calendar, select(vec!["2026-W43", "2026-W13", "2026-W47"]))
}

/// The captured time of a day or two around the end of a week, and entries.
fn any_ledger() -> impl Strategy<Value = Ledger> {
    let piece = (
        step(),
        target(),
        note(),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.03),
    );
    let entry = (0..7_usize, 1..600 * 1000_i64, target(), note());
    let start = prop_oneof![Just(4 * 24 * 60), Just(6 * 24 * 60), Just(5 * 24 * 60 + 22 * 60)];
    (week(), start, vec(piece, 0..24), vec(entry, 0..4)).prop_map(|((calendar, week), start, pieces, entries)| {
        let mut ledger = ledger_of(calendar, week, "");
        let (first, _) = calendar.week_of(ledger.week.monday());
        let mut at = calendar.day(first).start() + Length::from_minutes(start);
        for ((gap, length), to, note, billable, billed) in pieces {
            let start = at + Length::from_millis(gap);
            let span = Span::new(start, start + Length::from_millis(length)).unwrap();
            at = span.end();
            if billed {
                let billed = Some("JDS-202611-0001".to_owned());
                ledger.claims.push(Piece {
                    span,
                    to,
                    note,
                    billable,
                    billed,
                    hint: None,
                });
                continue;
            }
            ledger.captured.push(Stretch { span, tag: tag(&to) });
            if let Some(text) = note {
                ledger.correct(span, Change::Note { text });
            }
            if !billable {
                ledger.correct(span, Change::Billable { billable });
            }
        }
        for (day, length, to, note) in entries {
            let day = first.iter_days().nth(day).unwrap();
            let project = match to {
                To::Project(id) => Some(id),
                _ => None,
            };
            let id = keeptab_core::entry::EntryId(i64::try_from(ledger.entries.len()).unwrap() + 1);
            let (length, billed_elsewhere) = (Length::from_millis(length * 10), false);
            let entry = keeptab_core::entry::Entry {
                id,
                project,
                day,
                span: None,
                length,
                note,
                billable: true,
                billed_elsewhere,
            };
            ledger.entries.push((entry, None));
        }
        ledger
    })
}

/// Something done to a line; what does not fit it does nothing.
#[derive(Clone, Debug)]
enum Action {
    Retag(To),
    Note(Option<String>),
    Mark,
    Delete,
    Split(Index, To),
    TrimStart(Index),
    TrimEnd(Index),
    Extend(Index),
    Merge,
    AddAfter(Index, To),
    AddEntry(i64, To),
}

fn action() -> impl Strategy<Value = Action> {
    let index = any::<Index>;
    prop_oneof![
        target().prop_map(Action::Retag),
        note().prop_map(Action::Note),
        Just(Action::Mark),
        Just(Action::Delete),
        (index(), target()).prop_map(|(at, to)| Action::Split(at, to)),
        index().prop_map(Action::TrimStart),
        index().prop_map(Action::TrimEnd),
        index().prop_map(Action::Extend),
        Just(Action::Merge),
        (index(), target()).prop_map(|(at, to)| Action::AddAfter(at, to)),
        (1..300_i64, target()).prop_map(|(minutes, to)| Action::AddEntry(minutes, to)),
    ]
}

/// A line as its text shows it, that can be edited.
#[derive(Clone, Debug)]
struct Row {
    time: TimeText,
    to: To,
    note: Option<String>,
    billable: bool,
    billed: bool,
}

struct Rows {
    calendar: Calendar,
    days: Vec<(chrono::NaiveDate, Vec<Row>)>,
}

impl Rows {
    fn of(sheet: &Sheet) -> Self {
        let row = |day, line: &keeptab_core::timesheet::Line| Row {
            time: TimeText::of(&line.time, &sheet.calendar, day),
            to: line.to.clone(),
            note: line.shown_note().map(str::to_owned),
            billable: line.billable,
            billed: line.billed.is_some(),
        };
        let days = sheet.days.iter().map(|day| {
            let rows = day.lines.iter().map(|line| row(day.date, line)).collect();
            (day.date, rows)
        });
        Self {
            calendar: sheet.calendar,
            days: days.collect(),
        }
    }

    fn text(&self, header: &str) -> String {
        let mut text = format!("{header}\n");
        for (day, rows) in &self.days {
            text.push_str(&format!("\n{}\n", day.format("%a %-d %b")));
            for row in rows {
                let line = print_line(row.time, &row.to, row.billable, row.note.as_deref());
                text.push_str(&format!("  {line}\n"));
            }
        }
        text
    }

    /// Does something to a line, and keeps to what the rules allow.
    fn act(&mut self, place: Index, action: &Action) {
        let count = self.days.iter().map(|(_, rows)| rows.len()).sum::<usize>();
        if count == 0 {
            return;
        }
        let mut place = place.index(count);
        let calendar = self.calendar;
        for (day, rows) in &mut self.days {
            if place >= rows.len() {
                place -= rows.len();
                continue;
            }
            act(&calendar, *day, rows, place, action);
            return;
        }
    }
}

fn act(calendar: &Calendar, day: chrono::NaiveDate, rows: &mut Vec<Row>, place: usize, action: &Action) {
    let minute = |clock: Clock| clock.instant(calendar, day).unwrap();
    let clock = |at: Instant| Clock::of(calendar, day, at);
    let whole = calendar.day(day);
    let next = rows[place + 1..].iter().find_map(|row| match row.time {
        TimeText::Clock(start, _) => Some(minute(start)),
        _ => None,
    });
    let limit = next.unwrap_or(whole.end());
    let row = rows[place].clone();
    // A minute strictly between two, or nothing.
    let between = |at: &Index, start: Instant, end: Instant| {
        let minutes = (end - start).millis() / MINUTE;
        (minutes > 1).then(|| {
            start + Length::from_minutes(1 + i64::try_from(at.index(usize::try_from(minutes - 1).unwrap())).unwrap())
        })
    };
    if let Action::AddEntry(minutes, to) = action {
        if *to != To::Private {
            let time = TimeText::of(
                &LineTime::Entry {
                    id: keeptab_core::entry::EntryId(0),
                    span: None,
                    length: Length::from_minutes(*minutes),
                },
                calendar,
                day,
            );
            rows.push(Row {
                time,
                to: to.clone(),
                note: None,
                billable: true,
                billed: false,
            });
        }
        return;
    }
    if row.billed {
        return;
    }
    let is_entry = matches!(row.time, TimeText::Entry(_));
    match (action, row.time) {
        (Action::Retag(To::Private), _) if is_entry => {}
        (Action::Retag(to), _) => rows[place].to = to.clone(),
        (Action::Note(note), _) => rows[place].note.clone_from(note),
        (Action::Mark, _) => rows[place].billable = !row.billable,
        (Action::Delete, _) => drop(rows.remove(place)),
        (Action::Split(at, to), TimeText::Clock(start, end)) => {
            if let Some(at) = between(at, minute(start), minute(end)) {
                rows[place].time = TimeText::Clock(start, clock(at));
                let time = TimeText::Clock(clock(at), end);
                rows.insert(
                    place + 1,
                    Row {
                        time,
                        to: to.clone(),
                        ..row
                    },
                );
            }
        }
        (Action::TrimStart(at), TimeText::Clock(start, end)) => {
            if let Some(at) = between(at, minute(start), minute(end)) {
                rows[place].time = TimeText::Clock(clock(at), end);
            }
        }
        (Action::TrimEnd(at), TimeText::Clock(start, end)) => {
            if let Some(at) = between(at, minute(start), minute(end)) {
                rows[place].time = TimeText::Clock(start, clock(at));
            }
        }
        (Action::Extend(at), TimeText::Clock(start, end)) => {
            let to = between(at, minute(end), limit).unwrap_or(limit);
            rows[place].time = TimeText::Clock(start, clock(to));
        }
        (Action::AddAfter(at, to), TimeText::Clock(_, end)) => {
            if let Some(from) = between(at, minute(end), limit) {
                let time = TimeText::Clock(clock(from), clock(limit));
                rows.insert(
                    place + 1,
                    Row {
                        time,
                        to: to.clone(),
                        note: None,
                        billable: true,
                        billed: false,
                    },
                );
            }
        }
        (Action::Merge, TimeText::Clock(start, _)) => {
            if let Some(Row {
                time: TimeText::Clock(_, end),
                billed: false,
                ..
            }) = rows.get(place + 1)
            {
                rows[place].time = TimeText::Clock(start, *end);
                rows.remove(place + 1);
            }
        }
        _ => {}
    }
}

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

/// Returns the texts of lines that are not folded, joined as a sheet joins what touches and is alike.
fn assert_shows(ledger: &Ledger, text: &str, before: &Sheet) {
    let mine = parse(text);
    let review = review(before, &mine, before, &projects());
    let pieces = ledger.pieces();
    for line in &review.lines {
        let Some(source) = mine.lines.get(line.line) else {
            continue;
        };
        let keeptab_core::timesheet::Item::Time(time) = &source.item else {
            continue;
        };
        let (Some(span), TimeText::Clock(start, end)) = (line.span, time.time.as_ref().unwrap().value) else {
            continue;
        };
        // A bound is where it is shown.
        let clock = |at| Clock::of(&before.calendar, line.day, at);
        assert_eq!((clock(span.start()), clock(span.end())), (start, end));
        // What was not changed has its exact bounds.
        if line.unchanged {
            let place = line.written.unwrap();
            assert_eq!(before.days[place.day].lines[place.line].time, LineTime::Clock(span));
        }
        // All of it is what the line says.
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
        script.iter().for_each(|(place, action)| rows.act(*place, action));
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
            // What two exact bounds leave of a minute is folded, and what is folded may join what became like it.
            return Ok(());
        }
        // What was saved, with what is folded by now, is no change to what is shown now.
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
        script.iter().for_each(|(place, action)| rows.act(*place, action));
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
        script.iter().for_each(|(place, action)| rows.act(*place, action));
        let text = format!("{}\n{wrong}", rows.text(printed.lines().next().unwrap()));
        let mine = parse(&text);
        let result = changes(&base, &mine, &base, &projects());
        prop_assert!(result.is_err());
        prop_assert_eq!(review(&base, &mine, &base, &projects()).edits, Vec::new());
    }
}

/// Puts the header and the folded lines of what is shown into what was saved.
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

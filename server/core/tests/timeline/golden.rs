//! Traces with exact milliseconds, each shown by civil day.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveTime};
use chrono_tz::Tz;
use expect_test::{Expect, expect};
use keeptab_core::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId, Strength};
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Counting, Effect, ProjectIndex, Stretch, Tag, Tagged};

use crate::history::{Correction, History, PROJECTS};
use crate::replay::replay;

fn at(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).unwrap().into()
}

fn span(start: &str, end: &str) -> Span {
    Span::new(at(start), at(end)).unwrap()
}

/// Reads a tag: `A` is the first project, `?` unassigned and `-` private.
fn tag(text: &str) -> Tag {
    match text {
        "?" => Tag::Unassigned,
        "-" => Tag::Private,
        name => Tag::Project(ProjectIndex(usize::from(name.as_bytes()[0] - b'A'))),
    }
}

/// Reads a day's trace, an event a word: `09:00A` is a heartbeat of the person, `09:00A~` a weak one, `09:00A*` one of an
/// agent and `09:00|` a boundary; all on one device, in the order of arrival. Seconds and milliseconds may follow the minutes.
fn read(day: &str, offset: &str, trace: &str) -> Vec<Event<Tag>> {
    let event = |(seq, word): (u64, &str)| {
        let split = word.find(|letter: char| !letter.is_ascii_digit() && letter != ':' && letter != '.');
        let (time, sign) = word.split_at(split.unwrap());
        let seconds = if time.len() == 5 { ":00" } else { "" };
        let beat = |actor, strength, name| Sign::Heartbeat {
            actor,
            strength,
            tag: tag(name),
        };
        Event {
            at: at(&format!("{day}T{time}{seconds}{offset}")),
            id: EventId {
                device: DeviceId(1),
                source: SourceId(1),
                seq: Seq(seq),
            },
            sign: match sign.split_at(1) {
                ("|", _) => Sign::Boundary,
                (name, "*") => beat(Actor::Agent, Strength::Strong, name),
                (name, "~") => beat(Actor::Human, Strength::Weak, name),
                (name, _) => beat(Actor::Human, Strength::Strong, name),
            },
        }
    };
    (1..).zip(trace.split_whitespace()).map(event).collect()
}

fn history(events: Vec<Event<Tag>>) -> History {
    History {
        events,
        now: at("2027-01-01T00:00:00Z"),
        counting: Counting::default(),
        absorb: Length::from_minutes(1),
        agents_count: [false; PROJECTS],
        corrections: Vec::new(),
        entries: Vec::new(),
        claims: Vec::new(),
    }
}

fn berlin() -> Calendar {
    Calendar::new(Tz::Europe__Berlin)
}

/// Shows `2026-11-16 09:00:00.000 A 600000`: where each piece of a day begins, and its milliseconds.
fn show(calendar: &Calendar, stretches: &[Stretch<Tagged>]) -> String {
    let mut text = String::new();
    for stretch in stretches {
        let name = match stretch.tag.tag {
            Tag::Project(ProjectIndex(index)) => ["A", "B", "C", "D"][index],
            Tag::Unassigned => "?",
            Tag::Private => "-",
        };
        for (day, piece) in calendar.split(stretch.span) {
            let start = calendar.local(piece.start()).time().format("%H:%M:%S%.3f");
            writeln!(text, "{day} {start} {name} {}", piece.length().millis()).unwrap();
        }
    }
    text
}

#[track_caller]
fn check(history: &History, expected: &Expect) {
    expected.assert_eq(&show(&berlin(), &replay(history).open));
}

/// A heartbeat every ten minutes from one instant to another.
fn steady(from: &str, to: &str) -> Vec<Event<Tag>> {
    let (first, last) = (at(from), at(to));
    let beat = read("2026-01-01", "Z", "00:00A")[0];
    let beats = (0..).map(|tens| first + Length::from_minutes(tens * 10));
    beats
        .take_while(|at| *at <= last)
        .map(|at| Event { at, ..beat })
        .collect()
}

#[test]
fn a_session_past_midnight_is_one_and_is_split_at_midnight() {
    let mut events = read("2026-11-16", "+01:00", "23:49:59.999A 23:58A");
    events.extend(read("2026-11-17", "+01:00", "00:05:30.250A 00:10B 00:12B"));
    let history = history(events);
    assert_eq!(replay(&history).credited.len(), 2);
    check(
        &history,
        &expect![[r#"
            2026-11-16 23:49:59.999 A 600001
            2026-11-17 00:00:00.000 A 600000
            2026-11-17 00:10:00.000 B 120000
        "#]],
    );
}

#[test]
fn a_night_worker_s_day_ends_when_it_is_set_to() {
    let night = Calendar {
        day_start: NaiveTime::from_hms_opt(4, 0, 0).unwrap(),
        ..berlin()
    };
    let open = replay(&history(steady(
        "2026-11-17T03:00:00+01:00",
        "2026-11-17T05:00:00+01:00",
    )))
    .open;
    expect![[r#"
        2026-11-16 03:00:00.000 A 3600000
        2026-11-17 04:00:00.000 A 3600000
    "#]]
    .assert_eq(&show(&night, &open));
}

#[test]
fn the_night_in_spring_has_an_hour_less() {
    // From 23:30 to 04:00 the clock goes on by four and a half hours, and three and a half pass.
    let night = steady("2026-03-28T23:30:00+01:00", "2026-03-29T04:00:00+02:00");
    check(
        &history(night),
        &expect![[r#"
            2026-03-28 23:30:00.000 A 1800000
            2026-03-29 00:00:00.000 A 10800000
        "#]],
    );
}

#[test]
fn the_night_in_autumn_has_an_hour_more() {
    let night = steady("2026-10-24T23:30:00+02:00", "2026-10-25T04:00:00+01:00");
    check(
        &history(night),
        &expect![[r#"
            2026-10-24 23:30:00.000 A 1800000
            2026-10-25 00:00:00.000 A 18000000
        "#]],
    );
}

#[test]
fn the_hour_that_comes_twice_counts_twice_and_is_two_hours() {
    let twice = [
        read("2026-10-25", "+02:00", "02:10A 02:20A"),
        read("2026-10-25", "+01:00", "02:10B 02:20B"),
    ];
    check(
        &history(twice.concat()),
        &expect![[r#"
            2026-10-25 02:10:00.000 A 600000
            2026-10-25 02:10:00.000 B 600000
        "#]],
    );
}

#[test]
fn a_day_that_starts_in_a_missing_or_doubled_hour() {
    let early = Calendar {
        day_start: NaiveTime::from_hms_opt(2, 30, 0).unwrap(),
        ..berlin()
    };
    let show = |from, to| show(&early, &replay(&history(steady(from, to))).open);
    expect![[r#"
        2026-03-28 01:30:00.000 A 1800000
        2026-03-29 03:00:00.000 A 1800000
    "#]]
    .assert_eq(&show("2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"));
    expect![[r#"
        2026-10-24 02:00:00.000 A 1800000
        2026-10-25 02:30:00.000 A 5400000
    "#]]
    .assert_eq(&show("2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00"));
}

#[test]
fn a_clock_set_back_cuts_time_and_counts_no_instant_twice() {
    // Ten minutes' work, then the clock goes back an hour, which cuts time on both sides of the step.
    let set_back = read(
        "2026-11-16",
        "+01:00",
        "10:00A 10:10A 10:10| 09:10| 09:11B 09:15B 09:20B",
    );
    check(
        &history(set_back),
        &expect![[r#"
            2026-11-16 09:11:00.000 B 540000
            2026-11-16 10:00:00.000 A 600000
        "#]],
    );
    // It goes on until the clock shows the same ten minutes again: the instants count once, to whom each was last seen.
    let again = "10:00A 10:10A 10:10| 09:50| 09:51B 09:56B 10:02B 10:08B 10:12B";
    check(
        &history(read("2026-11-16", "+01:00", again)),
        &expect![[r#"
            2026-11-16 09:51:00.000 B 540000
            2026-11-16 10:00:00.000 A 120000
            2026-11-16 10:02:00.000 B 480000
        "#]],
    );
}

#[test]
fn private_work_between_two_billable_stretches_stays_private() {
    check(
        &history(read(
            "2026-11-16",
            "+01:00",
            "09:00A 09:10- 09:10:30A 09:20A 09:25- 09:40A 09:41A",
        )),
        &expect![[r#"
            2026-11-16 09:00:00.000 A 600000
            2026-11-16 09:10:00.000 - 30000
            2026-11-16 09:10:30.000 A 870000
            2026-11-16 09:25:00.000 - 900000
            2026-11-16 09:40:00.000 A 60000
        "#]],
    );
}

#[test]
fn a_glance_at_another_window_before_a_long_gap_does_not_take_it() {
    check(
        &history(read("2026-11-16", "+01:00", "09:00A 09:00:04A 09:00:09B~ 09:14:10A")),
        &expect![[r#"
            2026-11-16 09:00:00.000 A 850000
        "#]],
    );
}

#[test]
fn a_glance_after_a_long_gap_begins_the_work_that_follows_it() {
    let trace = "09:00A 09:10A 09:24:50B~ 09:25B 09:30B 09:44:30A~ 09:44:40B~ 09:44:50A";
    check(
        &history(read("2026-11-16", "+01:00", trace)),
        &expect![[r#"
            2026-11-16 09:00:00.000 A 1490000
            2026-11-16 09:24:50.000 B 1200000
        "#]],
    );
}

#[test]
fn a_window_that_was_looked_at_every_ten_minutes_and_never_touched_is_no_work() {
    let trace: Vec<_> = (0..48)
        .map(|tens| format!("{:02}:{:02}A~", 9 + tens / 6, tens % 6 * 10))
        .collect();
    check(&history(read("2026-11-16", "+01:00", &trace.join(" "))), &expect![""]);
}

#[test]
fn unassigned_and_private_work_begin_where_they_were_looked_at() {
    check(
        &history(read(
            "2026-11-16",
            "+01:00",
            "09:00A 09:05-~ 09:06-~ 09:10- 09:12?~ 09:20? 09:25A",
        )),
        &expect![[r#"
            2026-11-16 09:00:00.000 A 300000
            2026-11-16 09:05:00.000 - 420000
            2026-11-16 09:12:00.000 ? 780000
        "#]],
    );
}

#[test]
fn an_agent_s_burst_while_the_person_is_away_counts_where_the_client_says_so() {
    let trace = "09:00A 09:05A 09:04B* 09:08B* 09:20B* 09:36B* 09:40B* 09:42A 09:50A 10:00C* 10:10C*";
    let away = history(read("2026-11-16", "+01:00", trace));
    check(
        &away,
        &expect![[r#"
            2026-11-16 09:00:00.000 A 300000
            2026-11-16 09:42:00.000 A 480000
        "#]],
    );
    let counted = History {
        agents_count: [true, true, false, false],
        ..away
    };
    check(
        &counted,
        &expect![[r#"
            2026-11-16 09:00:00.000 A 300000
            2026-11-16 09:05:00.000 B 900000
            2026-11-16 09:36:00.000 B 240000
            2026-11-16 09:42:00.000 A 480000
        "#]],
    );
}

#[test]
fn parallel_agents_do_not_multiply_time() {
    let parallel: Vec<_> = (0..8_u32)
        .flat_map(|source| {
            let agents = read("2026-11-16", "+01:00", "09:00A* 09:05B* 09:10A* 09:15B* 09:20A*");
            agents.into_iter().map(move |mut event| {
                event.id.source = SourceId(source);
                event
            })
        })
        .collect();
    let history = History {
        agents_count: [true, true, false, false],
        ..history(parallel)
    };
    let total: Length = replay(&history).open.iter().map(|stretch| stretch.span.length()).sum();
    assert_eq!(total, Length::from_minutes(20));
}

#[test]
fn an_entry_and_a_claim_cut_out_what_they_cover() {
    let history = History {
        entries: vec![span("2026-11-16T09:10:00+01:00", "2026-11-16T09:15:00+01:00")],
        claims: vec![
            span("2026-11-16T09:00:00+01:00", "2026-11-16T09:05:00+01:00"),
            span("2026-11-16T09:14:00+01:00", "2026-11-16T09:20:00+01:00"),
        ],
        ..history(read("2026-11-16", "+01:00", "09:00A 09:10A 09:20A 09:30A 09:04B"))
    };
    check(
        &history,
        &expect![[r#"
            2026-11-16 09:05:00.000 B 300000
            2026-11-16 09:20:00.000 A 600000
        "#]],
    );
}

#[test]
fn corrections_hold_in_the_order_in_which_they_were_made() {
    let correction = |made_at: i64, id, minutes: (i64, i64), effect| Correction {
        made_at: Instant::from_millis(made_at),
        id,
        apply: id,
        span: Span::new(
            at("2026-11-16T09:00:00+01:00") + Length::from_minutes(minutes.0),
            at("2026-11-16T09:00:00+01:00") + Length::from_minutes(minutes.1),
        )
        .unwrap(),
        effect,
    };
    // Erased first and filled then, though they are stored the other way round.
    let history = History {
        corrections: vec![
            correction(2, 1, (5, 15), Effect::Fill(tag("C"))),
            correction(1, 2, (0, 10), Effect::Erase),
            correction(2, 3, (0, 60), Effect::Assign(tag("D"))),
            correction(3, 4, (12, 14), Effect::Assign(tag("B"))),
        ],
        ..history(read("2026-11-16", "+01:00", "09:00A 09:10A 09:11A 09:30A"))
    };
    check(
        &history,
        &expect![[r#"
            2026-11-16 09:05:00.000 D 420000
            2026-11-16 09:12:00.000 B 120000
            2026-11-16 09:14:00.000 D 60000
        "#]],
    );
}

//! Civil days partition time, in every zone and on the nights when clocks change.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;
use keeptab_core::calendar::{Calendar, Month, Range, Week};
use keeptab_core::instant::{Instant, Length, Span};
use proptest::prelude::*;
use proptest::sample::select;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Nights on which clocks change, most of them in an unusual way: the zone, and a day near the change.
const NIGHTS: [(Tz, &str); 16] = [
    (Tz::Europe__Berlin, "2026-03-29"),
    (Tz::Europe__Berlin, "2026-10-25"),
    (Tz::America__New_York, "2026-11-01"),
    // At midnight, forwards and back.
    (Tz::Asia__Beirut, "2024-03-31"),
    (Tz::America__Sao_Paulo, "2018-11-04"),
    (Tz::America__Sao_Paulo, "2018-02-18"),
    (Tz::America__Havana, "2026-03-08"),
    (Tz::America__Havana, "2026-11-01"),
    // A minute past midnight, so that the new day begins twice.
    (Tz::America__St_Johns, "2010-11-07"),
    // By half an hour, and by two.
    (Tz::Australia__Lord_Howe, "2026-04-05"),
    (Tz::Antarctica__Troll, "2026-03-29"),
    // A day skipped, and one that came twice.
    (Tz::Pacific__Apia, "2011-12-30"),
    (Tz::Pacific__Kwajalein, "1993-08-21"),
    (Tz::America__Juneau, "1867-10-18"),
    // An offset that is no whole minute.
    (Tz::Africa__Monrovia, "1972-01-07"),
    (Tz::Asia__Kathmandu, "2026-01-01"),
];

/// A calendar with an instant and a civil day: those of a hundred years, or near a night on which its clock changes.
fn calendars() -> impl Strategy<Value = (Calendar, Instant, NaiveDate)> {
    let night = (select(&NIGHTS[..]), -3 * DAY..3 * DAY, -2..3_i64).prop_map(|((zone, day), beside, days)| {
        let day: NaiveDate = day.parse().unwrap();
        let midnight = Instant::from(zone.from_utc_datetime(&day.and_time(NaiveTime::MIN)));
        (
            zone,
            midnight + Length::from_millis(beside),
            day + TimeDelta::days(days),
        )
    });
    let any = (
        select(&chrono_tz::TZ_VARIANTS[..]),
        -10_000 * DAY..30_000 * DAY,
        -10_000..30_000_i64,
    )
        .prop_map(|(zone, at, days)| {
            (
                zone,
                Instant::from_millis(at),
                NaiveDate::default() + TimeDelta::days(days),
            )
        });
    let day_start = prop_oneof![2 => Just(0), 1 => 0..24 * 60_u32, 1 => Just(150), 1 => Just(240)];
    let week_start = select(&[Weekday::Mon, Weekday::Sun, Weekday::Sat][..]);
    (prop_oneof![2 => night, 1 => any], day_start, week_start).prop_map(|((zone, at, day), minutes, week_start)| {
        let day_start = NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0).unwrap();
        (
            Calendar {
                zone,
                day_start,
                week_start,
            },
            at,
            day,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn days_partition_any_span((calendar, start, _) in calendars(), length in 1..10 * DAY) {
        let span = Span::new(start, start + Length::from_millis(length)).unwrap();
        let pieces: Vec<_> = calendar.split(span).collect();
        prop_assert_eq!(pieces.first().map(|(_, piece)| piece.start()), Some(span.start()));
        prop_assert_eq!(pieces.last().map(|(_, piece)| piece.end()), Some(span.end()));
        for pair in pieces.windows(2) {
            prop_assert_eq!(pair[0].1.end(), pair[1].1.start());
            prop_assert!(pair[0].0 < pair[1].0);
        }
        for (day, piece) in pieces {
            prop_assert_eq!(calendar.day(day).intersect(piece), Some(piece));
            prop_assert_eq!(calendar.day_of(piece.start()), day);
            prop_assert_eq!(calendar.day_of(piece.end() - Length::from_millis(1)), day);
        }
    }

    #[test]
    fn an_instant_lies_in_its_day((calendar, at, _) in calendars()) {
        let day = calendar.day_of(at);
        prop_assert!(calendar.day(day).contains(at));
    }

    #[test]
    fn days_follow_one_another((calendar, _, first) in calendars()) {
        let days: Vec<_> = first.iter_days().take(7).collect();
        let week = calendar.days(first, days[6]);
        let mut end = week.start();
        for day in days {
            let span = calendar.day(day);
            if calendar.day_of(span.start()) == day {
                prop_assert_eq!(span.start(), end);
                end = span.end();
            } else {
                // A day that the zone skipped.
                prop_assert_eq!(span, Span::NEVER);
            }
        }
        prop_assert_eq!(end, week.end());
    }

    #[test]
    fn weeks_and_months_are_their_days((calendar, now, day) in calendars()) {
        let (first, last) = calendar.week_of(day);
        prop_assert!(first <= day && day <= last && last - first == TimeDelta::days(6));
        prop_assert_eq!(first.weekday(), calendar.week_start);
        let (week, month) = (Week::of(day), Month::of(day));
        prop_assert_eq!(week.to_string().parse::<Week>().unwrap(), week);
        prop_assert!(Month::of(month.bounds().0) == month && Month::of(month.bounds().1) == month);
        prop_assert!(month.bounds().0 <= day && day <= month.bounds().1);
        let whole = Range::Month(month).span(&calendar, now);
        prop_assert_eq!(calendar.split(whole).map(|(_, piece)| piece.length()).sum::<Length>(), whole.length());
    }

    #[test]
    fn a_clock_time_is_where_the_clock_shows_it((calendar, _, day) in calendars(), time in prop_oneof![0..DAY, (0..24 * 60_i64).prop_map(|minutes| minutes * 60_000)]) {
        let at = calendar.at_clock(day, Length::from_millis(time));
        let wanted = day.and_time(NaiveTime::MIN) + TimeDelta::milliseconds(time);
        let shown = calendar.local(at);
        if shown == wanted {
            // An ambiguous time resolves to its first pass.
            for minutes in [30, 60, 120, 24 * 60] {
                prop_assert!(calendar.local(at - Length::from_minutes(minutes)) != wanted);
            }
        } else {
            // A skipped time resolves to the first instant after it.
            prop_assert!(shown > wanted);
            prop_assert!(calendar.local(at - Length::from_millis(1)) < wanted);
        }
    }
}

/// Days that no instant falls on, and the last that can be named at all.
const BEYOND: [NaiveDate; 4] = [NaiveDate::MIN, NaiveDate::MAX, FAR_PAST, FAR_FUTURE];
const FAR_PAST: NaiveDate = NaiveDate::from_ymd_opt(-1, 11, 30).unwrap();
const FAR_FUTURE: NaiveDate = NaiveDate::from_ymd_opt(10_000, 2, 15).unwrap();

#[test]
fn days_beyond_all_time_have_no_time() {
    let now = Instant::from_millis(0);
    for zone in [Tz::Pacific__Kiritimati, Tz::UTC, Tz::Pacific__Pago_Pago] {
        let calendar = Calendar::new(zone);
        for day in BEYOND {
            assert_eq!(calendar.day(day), Span::NEVER, "{day}");
            assert_eq!(Range::Month(Month::of(day)).span(&calendar, now), Span::NEVER, "{day}");
            assert_eq!(Range::Week(Week::of(day)).span(&calendar, now), Span::NEVER, "{day}");
            let _ = calendar.at_clock(day, Length::from_minutes(48 * 60));
        }
        assert_eq!(
            Range::Days(NaiveDate::MIN, NaiveDate::MAX).span(&calendar, now),
            Span::ALL
        );
        for at in [Instant::EARLIEST, Instant::LATEST] {
            let span = Span::new(at - Length::from_millis(1), at + Length::from_millis(1)).unwrap();
            let day = calendar.day_of(span.start());
            assert_eq!(calendar.split(span).collect::<Vec<_>>(), [(day, span)]);
        }
    }
}

#[test]
fn weeks_and_months_have_years_of_four_digits() {
    for text in ["+262142-12", "+262143-01", "-262143-01", "+10000-01", "0000-01"] {
        assert!(text.parse::<Month>().is_err(), "{text}");
    }
    for text in ["262142-W52", "-262143-W01", "10000-W01", "0-W01"] {
        assert!(text.parse::<Week>().is_err(), "{text}");
    }
}

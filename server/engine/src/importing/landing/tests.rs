use super::*;

fn landing(zone: Tz) -> Landing {
    Landing {
        source: Source::Toggl,
        zone,
        calendar: Calendar::new(zone),
        user: None,
        tags: ProjectTags::default(),
    }
}

/// Lands clock times in a zone and shows the instants and the length.
#[track_caller]
fn check(zone: Tz, (start, end): (&str, &str), length: Option<i64>, expected: &str) {
    let local = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    let mut draft = Draft::at(When::Clock(local(start), local(end)));
    draft.length = length.map(Length::from_minutes);
    let shown = match landing(zone).land(&draft, &Identity::of(&draft)) {
        Ok(landed) => {
            let at = |at: Instant| at.to_utc().format("%H:%M").to_string();
            let times = landed
                .span
                .map_or("-".into(), |span| format!("{}-{}", at(span.start()), at(span.end())));
            let doubt = if landed.doubt.is_some() { " doubt" } else { "" };
            format!("{} {times} {}{doubt}", landed.day, landed.length)
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected, "{zone} {start} {end} {length:?}");
}

#[test]
fn a_row_in_a_doubled_hour_lands_where_its_length_fits() {
    use chrono_tz::{America::New_York, Australia::Lord_Howe, Europe::Berlin};
    // 03:00 was 02:00 again.
    let night = ("2024-10-27 02:15", "2024-10-27 02:45");
    check(Berlin, night, None, "2024-10-27 00:15-00:45 0:30");
    check(Berlin, night, Some(30), "2024-10-27 00:15-00:45 0:30");
    check(Berlin, night, Some(90), "2024-10-27 00:15-01:45 1:30");
    check(
        Berlin,
        ("2024-10-27 02:50", "2024-10-27 02:10"),
        Some(20),
        "2024-10-27 00:50-01:10 0:20",
    );
    check(
        Berlin,
        ("2024-10-27 01:30", "2024-10-27 03:30"),
        None,
        "2024-10-26 23:30-02:30 3:00".replace("10-26", "10-27").as_str(),
    );
    check(
        New_York,
        ("2024-11-03 01:10", "2024-11-03 01:20"),
        Some(70),
        "2024-11-03 05:10-06:20 1:10",
    );
    check(
        New_York,
        ("2024-11-03 01:10", "2024-11-03 01:20"),
        Some(10),
        "2024-11-03 05:10-05:20 0:10",
    );
    // Half an hour twice: 02:00 was 01:30 again.
    check(
        Lord_Howe,
        ("2024-04-07 01:35", "2024-04-07 01:45"),
        Some(40),
        "2024-04-07 14:35-15:15 0:40",
    );
    check(
        Lord_Howe,
        ("2024-04-07 01:35", "2024-04-07 01:45"),
        Some(10),
        "2024-04-07 14:35-14:45 0:10",
    );
}

#[test]
fn a_row_in_a_missing_hour_begins_after_it_and_keeps_its_length() {
    use chrono_tz::{America::New_York, Australia::Lord_Howe, Europe::Berlin};
    // 02:00 was 03:00 at once.
    check(
        Berlin,
        ("2024-03-31 01:30", "2024-03-31 03:30"),
        Some(60),
        "2024-03-31 00:30-01:30 1:00",
    );
    check(
        Berlin,
        ("2024-03-31 01:30", "2024-03-31 03:30"),
        Some(120),
        "2024-03-31 00:30-01:30 2:00 doubt",
    );
    check(
        Berlin,
        ("2024-03-31 02:15", "2024-03-31 03:30"),
        Some(30),
        "2024-03-31 01:00-01:30 0:30",
    );
    check(
        Berlin,
        ("2024-03-31 02:15", "2024-03-31 02:45"),
        Some(30),
        "2024-03-31 - 0:30 doubt",
    );
    check(
        Berlin,
        ("2024-03-31 02:15", "2024-03-31 02:45"),
        None,
        "2024-03-31 - 0:00",
    );
    check(
        New_York,
        ("2024-03-10 02:30", "2024-03-10 03:30"),
        Some(30),
        "2024-03-10 07:00-07:30 0:30",
    );
    check(
        Lord_Howe,
        ("2024-10-06 02:10", "2024-10-06 02:40"),
        Some(10),
        "2024-10-05 15:30-15:40 0:10".replace("10-05", "10-06").as_str(),
    );
}

#[test]
fn a_length_that_disagrees_wins_and_is_doubted() {
    let berlin = chrono_tz::Europe::Berlin;
    check(
        berlin,
        ("2024-03-04 09:00", "2024-03-04 10:00"),
        Some(45),
        "2024-03-04 08:00-09:00 0:45 doubt",
    );
    check(
        berlin,
        ("2024-03-04 09:00", "2024-03-04 10:00"),
        Some(60),
        "2024-03-04 08:00-09:00 1:00",
    );
    check(
        berlin,
        ("2024-03-04 10:00", "2024-03-04 09:00"),
        None,
        "it ends before it begins",
    );
    check(
        berlin,
        ("2023-03-04 10:00", "2024-03-05 09:00"),
        None,
        "it is longer than a year",
    );
    check(
        berlin,
        ("2024-03-04 10:00", "2024-03-04 10:00"),
        Some(0),
        "2024-03-04 - 0:00",
    );
}

#[test]
fn a_note_is_on_one_line() {
    let mut draft = Draft::at(When::Day(NaiveDate::MIN));
    let mut check = |task: &str, description: &str, expected: Option<&str>| {
        (draft.task, draft.description) = (task.into(), description.into());
        assert_eq!(note(&draft).as_deref(), expected);
    };
    check("", "", None);
    check("Review", "", Some("Review"));
    check("Review", "orders", Some("Review: orders"));
    check("", "one\r\n\ttwo\u{7}", Some("one two"));
}

#[test]
fn a_fingerprint_tells_rows_apart_and_not_zones() {
    let day = NaiveDate::from_ymd_opt(2024, 3, 4)
        .unwrap()
        .and_hms_opt(9, 0, 0)
        .unwrap();
    let of = |zone, client: &str, project: &str| {
        let mut draft = Draft::at(When::Clock(day, day + chrono::TimeDelta::hours(1)));
        (draft.client, draft.project) = (client.into(), project.into());
        let landing = landing(zone);
        landing.land(&draft, &Identity::of(&draft)).unwrap().fingerprint
    };
    let (berlin, utc) = (chrono_tz::Europe::Berlin, Tz::UTC);
    assert_eq!(of(berlin, "a", "b"), of(utc, "a", "b"));
    assert_ne!(of(berlin, "ab", ""), of(berlin, "a", "b"));
}

#[test]
fn a_clock_time_is_written_as_chrono_does() {
    for text in [
        "2024-03-04 10:23:52",
        "0001-12-31 00:00:00",
        "9999-01-01 23:59:59",
        "10000-01-01 00:00:00",
        "-0001-01-01 00:00:00",
        "2024-03-04 10:23:52.5",
        "2016-12-31 23:59:60",
    ] {
        let (date, time) = text.rsplit_once(' ').unwrap();
        let (year, rest) = date.split_at(date.len() - 6);
        let month_and_day: Vec<u32> = rest.split('-').skip(1).map(|part| part.parse().unwrap()).collect();
        let date = NaiveDate::from_ymd_opt(year.parse().unwrap(), month_and_day[0], month_and_day[1]).unwrap();
        let at = date.and_time(NaiveTime::parse_from_str(time, "%H:%M:%S%.f").unwrap());
        let mut written = String::new();
        clock(&mut written, at).unwrap();
        assert_eq!(written, at.to_string(), "{text}");
    }
}

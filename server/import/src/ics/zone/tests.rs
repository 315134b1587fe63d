use chrono::{LocalResult, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::super::property;
use super::Zones;

/// A zone as Outlook writes it, with the rules of today: summer begins and ends as they say.
fn zone(name: &str, [winter, summer]: [&str; 2], [begins, ends]: [&str; 2], [up, down]: [&str; 2]) -> String {
    let part = |kind: &str, at: &str, from: &str, to: &str, rule: &str| {
        format!(
            "BEGIN:{kind}\nDTSTART:16010101T{at}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\nRRULE:FREQ=YEARLY;INTERVAL=1;{rule}\nEND:{kind}\n"
        )
    };
    format!(
        "BEGIN:VTIMEZONE\nTZID:{name}\n{}{}END:VTIMEZONE\n",
        part("STANDARD", down, summer, winter, ends),
        part("DAYLIGHT", up, winter, summer, begins)
    )
}

fn zones(text: &str) -> Zones {
    let mut zones = Zones::default();
    for property in text.lines().filter_map(property) {
        zones.take(&property);
    }
    zones
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

proptest! {
    /// A zone by its rules has the offsets of the same zone by its name.
    #[test]
    fn a_defined_zone_is_the_zone_of_that_place(minutes in 0..20 * 366 * 24 * 60_i64) {
        let known: [(Tz, String); 3] = [
            (
                chrono_tz::Europe::Berlin,
                zone("z", ["+0100", "+0200"], ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"], ["020000", "030000"]),
            ),
            (
                chrono_tz::America::New_York,
                zone("z", ["-0500", "-0400"], ["BYDAY=2SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"], ["020000", "020000"]),
            ),
            (
                chrono_tz::Australia::Sydney,
                zone("z", ["+1000", "+1100"], ["BYDAY=1SU;BYMONTH=10", "BYDAY=1SU;BYMONTH=4"], ["020000", "030000"]),
            ),
        ];
        let local = at("2010-01-01T00:00:00") + TimeDelta::minutes(minutes);
        for (place, text) in known {
            let expected = match place.from_local_datetime(&local) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.offset().fix(),
                LocalResult::None => continue,
            };
            prop_assert_eq!(zones(&text).offset("z", local), Some(expected), "{} {}", place, local);
        }
    }
}

#[test]
fn a_zone_has_the_rules_of_its_time() {
    let text = "BEGIN:VTIMEZONE\nTZID:z\n\
        BEGIN:STANDARD\nDTSTART:20001029T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:20000326T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20200329T010000Z\nEND:DAYLIGHT\n\
        END:VTIMEZONE\n";
    let zones = zones(text);
    let hours = |local: &str| {
        zones
            .offset("z", at(local))
            .map(|offset| offset.local_minus_utc() / 3600)
    };
    // Before all rules, the offset from which the first one begins.
    assert_eq!(hours("1999-07-01T12:00:00"), Some(1));
    assert_eq!(hours("2019-07-01T12:00:00"), Some(2));
    assert_eq!(hours("2020-07-01T12:00:00"), Some(2));
    assert_eq!(hours("2021-07-01T12:00:00"), Some(1));
    assert_eq!(zones.offset("other", at("2019-07-01T12:00:00")), None);
}

#[test]
fn a_rule_that_is_not_understood_is_no_guess() {
    let text = zone(
        "z",
        ["+0100", "+0200"],
        ["BYMONTHDAY=8,9,10;BYDAY=SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"],
        ["020000", "020000"],
    );
    assert_eq!(zones(&text).offset("z", at("2019-07-01T12:00:00")), None);
}

#[test]
fn the_name_of_a_zone_is_a_text_with_backslashes() {
    let text = zone(
        r"(UTC+01:00) Amsterdam\, Berlin\, Bern",
        ["+0100", "+0200"],
        ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"],
        ["020000", "030000"],
    );
    let offset = zones(&text).offset("(UTC+01:00) Amsterdam, Berlin, Bern", at("2019-07-01T12:00:00"));
    assert_eq!(offset.map(|offset| offset.local_minus_utc()), Some(7200));
}

use super::*;
use crate::{Bare, DateOrder};

fn free() -> Conventions {
    Conventions::default()
}

#[test]
fn dates_read_in_any_order_and_say_which() {
    let read = |text: &str, order| {
        let conventions = Conventions::with_order(order);
        date(text, &conventions).map_or_else(|error| error.to_string(), |date| date.to_string())
    };
    assert_eq!(read("2024-03-04", None), "2024-03-04");
    assert_eq!(read("2024/03/04", None), "2024-03-04");
    assert_eq!(read("2024-03-04T10:00:00Z", None), "2024-03-04");
    assert_eq!(read("18.08.2026", None), "2026-08-18");
    assert_eq!(read("03/04/2024", Some(DateOrder::Mdy)), "2024-03-04");
    assert_eq!(read("03/04/2024", Some(DateOrder::Dmy)), "2024-04-03");
    assert_eq!(read("24-03-04", Some(DateOrder::Ymd)), "2024-03-04");
    for wrong in [
        "13/15/2024",
        // A year of four digits is not guessed at.
        "0024-03-04",
        "2024-02-30",
        "",
        "yesterday",
        "1/2",
        "1/2/3/4",
        "+1/02/2024",
        "1/2/99999",
        "2024-0a-01",
        "２０２４-03-04",
    ] {
        assert_eq!(read(wrong, None), format!("`{wrong}` is not a date"));
    }
}

#[test]
fn one_row_that_reads_one_way_only_tells_for_all() {
    let order = |dates: &[&str]| {
        let conventions = free();
        for text in dates {
            drop(date(text, &conventions));
        }
        (conventions.is_ambiguous(), conventions.settled().order)
    };
    assert_eq!(order(&["03/04/2024", "05/06/2024"]), (true, None));
    assert_eq!(order(&["03/04/2024", "23/06/2024"]), (false, Some(DateOrder::Dmy)));
    assert_eq!(order(&["03/04/2024", "06/23/2024"]), (false, Some(DateOrder::Mdy)));
    // The same either way.
    assert_eq!(order(&["04/04/2024"]), (false, None));
    // A wrong row does not outweigh the others; two opposite ones decide nothing.
    assert_eq!(
        order(&["06/23/2024", "06/24/2024", "23/06/2024"]),
        (false, Some(DateOrder::Mdy))
    );
    assert_eq!(order(&["06/23/2024", "23/06/2024", "01/02/2024"]), (true, None));
    assert_eq!(order(&["13/15/2024"]), (false, None));
}

#[test]
fn clock_times_have_halves_or_not() {
    let read = |text| time(text).map(|time| time.to_string()).ok();
    assert_eq!(read("10:23:52 AM").as_deref(), Some("10:23:52"));
    assert_eq!(read("12:00 am").as_deref(), Some("00:00:00"));
    assert_eq!(read("12:59:59PM").as_deref(), Some("12:59:59"));
    assert_eq!(read("04:00:00").as_deref(), Some("04:00:00"));
    assert_eq!(read("23:59:59.999").as_deref(), Some("23:59:59"));
    for wrong in [
        "24:00", "24:00:00", "10:00:61", "13:00 PM", "0:00 AM", "10", "10:60", "", "-1:00", "1:2:3:4", "+1:00",
    ] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn lengths_are_to_the_second() {
    let read = |text| {
        length(text, None, &free())
            .map(|(length, _)| length.millis() / 1000)
            .ok()
    };
    assert_eq!(read("01:00:01"), Some(3601));
    assert_eq!(read("1:00"), Some(3600));
    assert_eq!(read("120:30:00"), Some(433_800));
    assert_eq!(read("0.11"), Some(396));
    assert_eq!(read("0,01"), Some(36));
    assert_eq!(read("20,0"), Some(72_000));
    for wrong in ["1:60", "1:00:60", "-1:00", "1:-1", "a", "", "1:2:3:4", "99999", "0x1"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn of_dot_and_comma_the_last_is_before_the_decimals() {
    let read = |text: &str, comma: Option<bool>| {
        let told = free();
        match comma {
            Some(true) => drop(decimal("0,5", &told)),
            Some(false) => drop(decimal("0.5", &told)),
            None => {}
        }
        let number = decimal(text, &told.settled());
        number.map(|number| number.normalize().to_string()).unwrap_or_default()
    };
    assert_eq!(read("2.000,0", None), "2000");
    assert_eq!(read("1,250.50", None), "1250.5");
    assert_eq!(read("0,01", None), "0.01");
    assert_eq!(read("1,250", None), "1.25");
    assert_eq!(read("1,250", Some(false)), "1250");
    assert_eq!(read("1.250", Some(true)), "1250");
    assert_eq!(read("1.250", None), "1.25");
    assert_eq!(read("1.234.567", None), "1234567");
    assert_eq!(read("1,234,567", None), "1234567");
    assert_eq!(read("1'250.5", None), "1250.5");
    assert_eq!(read("12 EUR", None), "");
}

#[test]
fn epoch_seconds_are_exact_to_the_millisecond() {
    let read = |text| epoch(text).map(Instant::millis).ok();
    assert_eq!(read("1709544232.123456"), Some(1_709_544_232_123));
    assert_eq!(read("1709544232"), Some(1_709_544_232_000));
    assert_eq!(read("1.709544232e9"), Some(1_709_544_232_000));
    for wrong in ["1e30", "now", "-1e15", ""] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn yes_and_no_are_read_in_some_languages() {
    let read = |text| flag(text).ok();
    assert_eq!(["Yes", "TRUE", "1", "Ja", "oui"].map(read), [Some(Some(true)); 5]);
    assert_eq!(["No", "false", "0", "Nein", "non"].map(read), [Some(Some(false)); 5]);
    assert_eq!(read(""), Some(None));
    assert_eq!(read("maybe"), None);
}

#[test]
fn lengths_have_units_in_many_spellings() {
    let read = |text: &str| {
        let (length, exact) = length(text, None, &free()).unwrap_or_else(|error| panic!("{error:#}"));
        (length.whole_seconds(), exact.whole_seconds())
    };
    for text in [
        "1h 30m",
        "1h30",
        "1h30m",
        "90m",
        "90 min",
        "1:30h",
        "1:30 h",
        "1 hour 30 minutes",
        "1 Std. 30 Min.",
        "1 hr, 30 mins",
        "90 Minuten",
        "1 heure 30 minutes",
        "1 hour and 30 minutes",
    ] {
        assert_eq!(read(text), (5400, 60), "{text}");
    }
    for text in [
        "PT1H30M",
        "PT90M",
        "PT5400S",
        "P0DT1H30M0S",
        "01:30:00.000",
        "5400s",
        "5400 sec",
        "90:00 min",
        "1:30:00 h",
    ] {
        assert_eq!(read(text), (5400, 1), "{text}");
    }
    for text in ["1.5h", "1,5 h", "1.50 Std.", "1,5", "1.5"] {
        assert_eq!(read(text), (5400, 36), "{text}");
    }
    assert_eq!(read("18:25 min"), (1105, 1));
    assert_eq!(read("42 sec"), (42, 1));
    assert_eq!(read("0.31 h"), (1116, 36));
    assert_eq!(read("1d 2h"), (93_600, 3600));
    assert_eq!(read("P1DT2H"), (93_600, 1));
    assert_eq!(read("1h 2m 3s"), (3723, 1));
    for wrong in [
        "h",
        "1h 2h",
        "30m 1h",
        "1x",
        "1h-30",
        "-1h",
        "PT",
        "P1M",
        "P1Y",
        "PT1D",
        "18:25 sec",
        "1:2:3 min",
        "1 2",
        "1:30 x",
        "h1",
        "∞",
        "1h 30m 5",
    ] {
        if wrong == "1h 30m 5" {
            // Seconds follow minutes.
            assert_eq!(read(wrong).0, 5405);
            continue;
        }
        assert!(length(wrong, None, &free()).is_err(), "{wrong}");
    }
}

#[test]
fn days_are_a_doubt_unless_their_length_is_defined() {
    for text in ["1d", "1d 2h", "2 days", "0,5 Tage"] {
        assert!(super::doubt(text).is_some(), "{text}");
    }
    // ISO 8601 defines a day.
    for text in ["P1D", "PT1H30M", "1h 30m", "1:30", "5400", "1.5", "90 min"] {
        assert_eq!(super::doubt(text), None, "{text}");
    }
}

#[test]
fn the_column_decides_what_a_number_without_a_unit_is() {
    let column = |cells: &[(&str, Option<u64>)]| {
        let seen = free();
        for (text, span) in cells {
            drop(length(text, None, &seen));
            if let (Ok(number), Some(span)) = (text.parse(), span) {
                seen.saw_span(number, *span);
            }
        }
        let told = seen.settled();
        let again = told.settled();
        assert_eq!(told.bare.or(again.bare), told.bare);
        told.bare
    };
    // By the clock times beside it.
    assert_eq!(column(&[("2", Some(7200)), ("1.5", None)]), Some(Bare::Hours));
    assert_eq!(column(&[("7200", Some(7200)), ("60", Some(60))]), Some(Bare::Seconds));
    assert_eq!(column(&[("7200", Some(7199))]), Some(Bare::Seconds));
    assert_eq!(column(&[("2", Some(7200)), ("3600", Some(3600))]), None);
    // By the other cells.
    assert_eq!(column(&[("2", None), ("1.5", None)]), Some(Bare::Hours));
    assert_eq!(column(&[("5400", None), ("1h", None)]), Some(Bare::Seconds));
    assert_eq!(column(&[("8", None), ("1h", None)]), None);
    assert_eq!(column(&[("5400", None)]), None);
    let as_seconds = Conventions::with_unit(Bare::Seconds);
    let read = |text: &str| {
        length(text, None, &as_seconds)
            .map(|(length, _)| length.whole_seconds())
            .ok()
    };
    assert_eq!(["5400", "1,5", "1:30"].map(read), [Some(5400), Some(5400), Some(5400)]);
    let minutes = length("90", Some(Bare::Minutes), &free()).map(|(length, _)| length.whole_seconds());
    assert_eq!(minutes.ok(), Some(5400));
}

#[test]
fn dates_have_names_numbers_and_no_marks() {
    let read = |text: &str| date(text, &free()).map(|date| date.to_string()).ok();
    for text in [
        "14 Mar 2024",
        "Mar 14 2024",
        "Mar 14, 2024",
        "March 14th, 2024",
        "14. März 2024",
        "14/Mar/24",
        "14-Mar-2024",
        "2024-Mar-14",
        "Thursday, 14 March 2024",
        "2024.03.14",
        "2024/03/14",
        "14-03-2024",
        "20240314",
        "20240314T090000Z",
        "14.3.24",
        "45365",
        "45365.375",
        "Thu 14/03/2024",
        "Do, 14.03.2024",
        "2024-03-14T09:00:00.000Z",
        "14/03/2024 09:00",
        "14 mars 2024",
        "14 mrt 2024",
        "14/Mar/24 9:00 AM",
        "Mar 14, 2024 9:00 AM",
        "14. 3. 2024",
        "14. 03. 2024 9:00",
        "2024. 03. 14.",
        "2024. 3. 14. 9:00",
        "2024年3月14日",
        "2024年03月14日 09:00",
        "Thu Mar 14 09:00:00 2024",
    ] {
        assert_eq!(read(text).as_deref(), Some("2024-03-14"), "{text}");
    }
    let why = date("14.03.", &free()).expect_err("no year").to_string();
    assert_eq!(why, "`14.03.` has no year");
    for wrong in [
        "Mar 2024",
        "14 2024",
        "32 Mar 2024",
        "2024",
        "123456",
        "20241314",
        "March",
        "14 Foo 2024",
        "4536",
    ] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn moments_stand_in_one_field() {
    let read = |text: &str| match moment(text, &free()) {
        Ok(Moment::Clock(at)) => at.to_string(),
        Ok(Moment::Exact(at)) => at.to_rfc3339(),
        Err(_) => "-".into(),
    };
    for text in [
        "2024-03-14 09:00",
        "2024-03-14T09:00:00",
        "14/Mar/24 9:00 AM",
        "Mar 14, 2024 9:00 AM",
        "14.03.2024 09:00",
        "14/03/2024 9:00 am",
        "20240314T090000",
        "Mar 14, 2024 9 AM",
        "14.03.2024, 09:00 Uhr",
        "14. 3. 2024 9:00",
        "2024. 03. 14. 9:00",
        "2024年3月14日 09:00",
        "14 mars 2024 09h00",
        "Thu Mar 14 09:00:00 2024",
        "Thu Mar 14 2024 09:00:00",
    ] {
        assert_eq!(read(text), "2024-03-14 09:00:00", "{text}");
    }
    for text in [
        "2024-03-14T09:00:00Z",
        "2024-03-14T09:00:00.000+0000",
        "2024-03-14 10:00:00 +0100",
        "2024-03-14 10:00:00+01:00",
        "2024-03-14 09:00:00 UTC",
        "1710406800",
        "1710406800000",
        "20240314T090000Z",
        "2024-03-14T04:00-05",
    ] {
        assert_eq!(read(text), "2024-03-14T09:00:00.000Z", "{text}");
    }
    for wrong in ["2024-03-14", "", "09:00", "14 Mar", "17104068000", "2024-03-14 25:00"] {
        assert_eq!(read(wrong), "-", "{wrong}");
    }
}

#[test]
fn prices_have_their_currency_or_none() {
    let read = |text: &str| match price(text, &free()) {
        Ok((number, currency)) => format!(
            "{} {}",
            number.normalize(),
            currency.map_or("-".into(), |code| code.to_string())
        ),
        Err(_) => "?".into(),
    };
    for (text, expected) in [
        ("$100.00", "100 USD"),
        ("100.00 $", "100 USD"),
        ("€ 95", "95 EUR"),
        ("95€", "95 EUR"),
        ("95,00 €/Std.", "95 EUR"),
        ("80 EUR/h", "80 EUR"),
        ("EUR 80 per hour", "80 EUR"),
        ("£1,250.50 / hr", "1250.5 GBP"),
        ("1,250.00", "1250 -"),
        ("CHF 1'250.00", "1250 CHF"),
        ("Fr. 120.-", "120 CHF"),
        ("1 250,00 €", "1250 EUR"),
        ("A$80", "80 AUD"),
        ("1200 Kč", "1200 CZK"),
        ("¥9000", "9000 JPY"),
        ("-€5", "-5 EUR"),
        ("0", "0 -"),
        ("95 euro", "95 EUR"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    for wrong in [
        "",
        "9999999999999999999999999",
        "EUR",
        "free",
        "100 apples",
        "$100 EUR",
        "1-2",
        "100%",
    ] {
        assert_eq!(read(wrong), "?", "{wrong}");
    }
}

#[test]
fn flags_are_words_and_their_denials() {
    let read = |text| flag(text).ok().flatten();
    assert_eq!(
        ["billed", "Billable", "Invoiced", "x", "true", "abgerechnet"].map(read),
        [Some(true); 6]
    );
    assert_eq!(
        [
            "unbilled",
            "Non-billable",
            "not billable",
            "nonbillable",
            "Not billed",
            "nicht abrechenbar",
            "unpaid"
        ]
        .map(read),
        [Some(false); 7]
    );
    assert_eq!(
        ["", "-", "non-sense", "not"].map(|text| flag(text).ok()),
        [Some(None), Some(None), None, None]
    );
}

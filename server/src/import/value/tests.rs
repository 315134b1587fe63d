use super::*;

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
    assert_eq!(read("0024-03-04", None), "2024-03-04");
    assert_eq!(read("2024-03-04T10:00:00Z", None), "2024-03-04");
    assert_eq!(read("18.08.2026", None), "2026-08-18");
    assert_eq!(read("03/04/2024", Some(DateOrder::Mdy)), "2024-03-04");
    assert_eq!(read("03/04/2024", Some(DateOrder::Dmy)), "2024-04-03");
    assert_eq!(read("24-03-04", Some(DateOrder::Ymd)), "2024-03-04");
    for wrong in [
        "13/15/2024",
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
    let read = |text| length(text, &free()).map(|(length, _)| length.millis() / 1000).ok();
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

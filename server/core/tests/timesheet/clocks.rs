//! Nights on which the clock changes, and days that begin late.

use chrono::Weekday;
use expect_test::expect;
use keeptab_core::calendar::Calendar;
use keeptab_core::timesheet::print;

use super::ledger::{Ledger, berlin, check, ledger_of, night};

/// The clock goes from 03:00 back to 02:00.
fn doubled() -> Ledger {
    ledger_of(
        berlin(),
        "2026-W43",
        "25 01:30:10-02:40:20 acme/api
         25 02:40:20-02:10:30b zen
         25 02:10:30b-03:30:00 acme/api
         25 20:00:00-24:00:00 zen",
    )
}

#[test]
fn the_second_pass_of_the_doubled_hour_is_marked() {
    expect![[r#"
        # 2026-W43   Mon 19 Oct – Sun 25 Oct 2026   7:00   r7-8cef

        Sun 25 Oct   7:00
          01:30-02:40   acme/api
          02:40-02:10b  zen
          02:10b-03:30  acme/api
          20:00-24:00   zen
    "#]]
    .assert_eq(&print(&doubled().sheet()));
    check(
        &doubled(),
        &[("02:40-02:10b", "02:40-02:20b"), ("02:10b-", "02:20b-")],
        expect![[r#"
            25 02:10:30-25 02:20:00 assign zen
        "#]],
    );
    check(
        &doubled(),
        &[("02:40-02:10b", "02:40-02:50")],
        expect![[r#"
        25 02:50:00-25 02:10:30 erase
    "#]],
    );
    check(
        &doubled(),
        &[(
            "  02:40-02:10b  zen",
            "  02:40-02:00b  zen\n  02:00b-02:10b  acme/dashboard",
        )],
        expect![[r#"
            25 02:00:00-25 02:10:30 assign acme/dashboard
        "#]],
    );
    check(
        &doubled(),
        &[("01:30", "01:30b")],
        expect![[r#"
        4 error time "01:30b-02:40": 01:30b does not come twice on Sun 25 Oct; write it without the b, which marks the second pass of a doubled hour
    "#]],
    );
    check(
        &doubled(),
        &[("02:40-02:10b", "02:40-02:10")],
        expect![[r#"
            5 error time "02:40-02:10": 02:10 is not after 02:40; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
}

#[test]
fn the_long_day_has_25_hours() {
    let whole = ledger_of(berlin(), "2026-W43", "25 00:00-24:00 zen");
    expect![[r#"
        # 2026-W43   Mon 19 Oct – Sun 25 Oct 2026   25:00   r7-a7a2

        Sun 25 Oct   25:00
          00:00-24:00  zen
    "#]]
    .assert_eq(&print(&whole.sheet()));
    check(
        &whole,
        &[("zen", "acme/api")],
        expect![[r#"
        25 00:00:00-26 00:00:00 assign acme/api
    "#]],
    );
    check(
        &whole,
        &[("  zen\n", "  zen\n  +0:01 zen\n")],
        expect![[r#"
            3 error long-day "Sun 25 Oct   25:00": 25:01 on Sun 25 Oct, which has 25:00; look at its entries: some may stand beside captured time
        "#]],
    );
}

#[test]
fn the_missing_hour_cannot_be_named() {
    let missing = ledger_of(berlin(), "2026-W13", "29 01:30:10-03:20:20 acme/api");
    expect![[r#"
        # 2026-W13   Mon 23 Mar – Sun 29 Mar 2026   0:50   r7-969a

        Sun 29 Mar   0:50
          01:30-03:20  acme/api
    "#]]
    .assert_eq(&print(&missing.sheet()));
    check(
        &missing,
        &[("01:30-03:20", "01:30-02:30")],
        expect![[r#"
        4 error time "01:30-02:30": 02:30 does not exist on Sun 29 Mar: the clock jumps over it; write 03:00, the first time after it
    "#]],
    );
    check(
        &missing,
        &[("01:30-03:20", "02:00-03:20")],
        expect![[r#"
        4 error time "02:00-03:20": 02:00 does not exist on Sun 29 Mar: the clock jumps over it; write 03:00, the first time after it
    "#]],
    );
    check(
        &missing,
        &[("01:30-03:20", "03:00-03:20")],
        expect![[r#"
        29 01:30:10-29 03:00:00 erase
    "#]],
    );
}

#[test]
fn a_day_ends_where_the_next_begins() {
    let whole = ledger_of(berlin(), "2026-W47", "16 23:00:00-25:00:00 zen");
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   2:00   r7-7bab

        Mon 16 Nov   1:00
          23:00-24:00  zen

        Tue 17 Nov   1:00
          00:00-01:00  zen
    "#]]
    .assert_eq(&print(&whole.sheet()));
    check(
        &whole,
        &[("23:00-24:00", "23:00-24:30")],
        expect![[r#"
        4 error time "23:00-24:30": 24:30 is not on Mon 16 Nov, which goes from 00:00 to 24:00; write it under its own day, split where the day ends
    "#]],
    );
    check(
        &whole,
        &[("23:00-24:00", "23:00-01:00")],
        expect![[r#"
            4 error time "23:00-01:00": 01:00 is not after 23:00; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
    check(
        &whole,
        &[("  zen", "  acme/api"), ("  zen", "  acme/api")],
        expect![[r#"
            16 23:00:00-17 01:00:00 assign acme/api
        "#]],
    );
}

#[test]
fn times_past_midnight_count_on_for_a_night_worker() {
    let late = ledger_of(
        night(),
        "2026-W47",
        "16 22:00:00-25:10:30 acme/api
         16 28:30:00-29:30:00 zen",
    );
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   4:11   r7-b8f3

        Mon 16 Nov   3:41
          22:00-25:10  acme/api
          28:30-29:00  zen

        Tue 17 Nov   0:30
          05:00-05:30  zen
    "#]]
    .assert_eq(&print(&late.sheet()));
    check(
        &late,
        &[("22:00-25:10", "22:00-26:00")],
        expect![[r#"
        17 01:10:30-17 02:00:00 fill acme/api
    "#]],
    );
    check(
        &late,
        &[("28:30-29:00", "04:30-05:00")],
        expect![[r#"
            5 error time "04:30-05:00": 04:30 is not on Mon 16 Nov, which goes from 05:00 to 29:00; times past midnight count on: write 28:30
        "#]],
    );
    check(
        &late,
        &[("28:30-29:00", "28:30-29:10")],
        expect![[r#"
        5 error time "28:30-29:10": 29:10 is not on Mon 16 Nov, which goes from 05:00 to 29:00; write it under its own day, split where the day ends
    "#]],
    );
}

#[test]
fn a_week_begins_where_configured() {
    let sunday = Calendar {
        week_start: Weekday::Sun,
        ..berlin()
    };
    let sunday = ledger_of(sunday, "2026-W47", "15 09:00-10:00 zen");
    expect![[r#"
        # 2026-W47   Sun 15 Nov – Sat 21 Nov 2026   1:00   r7-7cbe

        Sun 15 Nov   1:00
          09:00-10:00  zen
    "#]]
    .assert_eq(&print(&sunday.sheet()));
    check(
        &sunday,
        &[("Sun 15 Nov   1:00", "Sat 21 Nov")],
        expect![[r#"
        15 09:00:00-15 10:00:00 erase
        21 09:00:00-21 10:00:00 fill zen
    "#]],
    );
    check(
        &sunday,
        &[("Sun 15 Nov   1:00", "Sun 22 Nov")],
        expect![[r#"
        3 error day "Sun 22 Nov": this day is not in 2026-W47; this sheet goes from Sun 15 Nov to Sat 21 Nov
    "#]],
    );
}

#[test]
fn a_zone_that_skips_a_day_ends_the_day_before_it() {
    let apia = Calendar::new(chrono_tz::Pacific::Apia);
    let apia = ledger_of(apia, "2011-W52", "29 22:00:00-24:00:00 zen");
    expect![[r#"
        # 2011-W52   Mon 26 Dec 2011 – Sun 1 Jan 2012   2:00   r7-9fef

        Thu 29 Dec   2:00
          22:00-48:00  zen
    "#]]
    .assert_eq(&print(&apia.sheet()));
    check(
        &apia,
        &[("zen", "acme/api")],
        expect![[r#"
        29 22:00:00-31 00:00:00 assign acme/api
    "#]],
    );
    check(
        &apia,
        &[("22:00", "22:30")],
        expect![[r#"
        29 22:00:00-29 22:30:00 erase
    "#]],
    );
}

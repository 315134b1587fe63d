//! Sheets that cannot be applied, and their problems.

use expect_test::{Expect, expect};
use keeptab_core::timesheet::{Problem, parse, print, review};

use super::ledger::{Ledger, edited, ledger, projects, show_problems};

fn week() -> Ledger {
    ledger(
        "16 09:02:10-10:47:20 acme/api GET /orders
         16 10:47:20-12:10:05 acme/dashboard
         16 13:00:00-14:30:00 zen [JDS-202611-0001]
         17 08:00:00-09:00:00 zen",
    )
}

/// Checks the problems of a sheet; if one is an error, nothing is applied.
#[track_caller]
fn say(replacements: &[(&str, &str)], expected: Expect) {
    let base = week().sheet();
    let text = edited(&print(&base), replacements);
    let review = review(&base, &parse(&text), &base, &projects());
    expected.assert_eq(&show_problems(&text, &review.problems));
    assert!(review.edits.is_empty() || !review.problems.iter().any(Problem::is_error));
}

#[test]
fn the_header_names_the_text() {
    say(
        &[("# ", "")],
        expect![[r#"
            1 error unreadable "2026-W47": `2026-W47` is not a time; write it as 09:02-10:47, +0:45 for time without clock times
            1 error header "": the header is missing; begin it with `# 2026-W47   r7-ab05`, or write it anew
        "#]],
    );
    say(
        &[("2026-W47 ", "2026-W46 ")],
        expect![[r#"
        1 error header "2026-W46": this is the sheet of 2026-W47, not of 2026-W46; write 2026-W47 back, or review that week
    "#]],
    );
    say(
        &[("r7", "")],
        expect![[r#"
            1 error header "2026-W47": the header has no revision; end it with r7-ab05, which names the text that was written
        "#]],
    );
    say(
        &[("r7", "r8")],
        expect![[r#"
            1 error header "r8-ab05": this text was written as r7-ab05, not as r8-ab05; write r7-ab05 back
        "#]],
    );
    say(
        &[("2026-W47   Mon 16 Nov – Sun 22 Nov 2026   5:38   r7", "2026-W47 r7")],
        expect![[""]],
    );
}

#[test]
fn lines_that_cannot_be_read_say_so() {
    say(
        &[("09:02-10:47", "09:02-")],
        expect![[r#"
        4 error unreadable "09:02-": `09:02-` is not a time; write it as 09:02-10:47, +0:45 for time without clock times
    "#]],
    );
    say(
        &[("09:02-10:47", "09:62-10:47")],
        expect![[r#"
        4 error unreadable "09:62-10:47": `09:62-10:47` is not a time; write it as 09:02-10:47, +0:45 for time without clock times
    "#]],
    );
    say(
        &[("acme/api        GET /orders", "")],
        expect![[r#"
        4 error unreadable "": this line has no project; write a project after the time, `?` to leave it unassigned
    "#]],
    );
    say(
        &[("acme/api        GET", "! GET")],
        expect![[r#"
        4 error unreadable "! GET /orders": this line has no project; write a project after the time, `?` to leave it unassigned
    "#]],
    );
    say(
        &[("acme/api        GET", "\"acme/api  GET")],
        expect![[r#"
        4 error unreadable "\"acme/api  GET /orders": the quoted project has no end; write a project after the time, `?` to leave it unassigned
    "#]],
    );
    say(
        &[("  09:02", "* 09:02")],
        expect![[r#"
        4 error unreadable "* 09:02-10:47  acme/api        GET /orders": this line has neither a day nor a time; write it as 09:02-10:47, +0:45 for time without clock times
    "#]],
    );
    say(
        &[("Tue 17 Nov", "Tue 17")],
        expect![[r#"
        8 error unreadable "17": the month is missing; write a day as Mon 16 Nov
    "#]],
    );
    say(&[("Tue 17 Nov", "Tuesday, 17. November")], expect![[""]]);
    say(
        &[("Tue 17 Nov   1:00", "Tue 17 Nov 1:00 h")],
        expect![[r#"
        8 error unreadable "h": nothing can stand after a day and its total; write a day as Mon 16 Nov
    "#]],
    );
    say(
        &[("Tue 17 Nov", "Di 17 Nov")],
        expect![[r#"
        8 error unreadable "Di 17 Nov   1:00": this is no day of the week; write a day as Mon 16 Nov
    "#]],
    );
}

#[test]
fn days_have_to_be_in_the_week() {
    say(
        &[("Tue 17 Nov", "Tue 24 Nov")],
        expect![[r#"
        8 error day "Tue 24 Nov   1:00": this day is not in 2026-W47; this sheet goes from Mon 16 Nov to Sun 22 Nov
    "#]],
    );
    say(
        &[("Tue 17 Nov", "Wed 17 Nov")],
        expect![[r#"
        8 error day "Wed 17 Nov   1:00": 17 Nov is a Tuesday; write Tue 17 Nov
    "#]],
    );
    say(
        &[("Mon 16 Nov   4:38\n", "")],
        expect![[r#"
            3 error day "  09:02-10:47  acme/api        GET /orders": this line belongs to no day; write a day above it, such as Mon 16 Nov
            4 error day "  10:47-12:10  acme/dashboard": this line belongs to no day; write a day above it, such as Mon 16 Nov
            5 error day "  13:00-14:30  zen": this line belongs to no day; write a day above it, such as Mon 16 Nov
        "#]],
    );
    say(&[("Tue 17 Nov", "tue")], expect![[""]]);
}

#[test]
fn projects_have_to_be_known() {
    say(
        &[("acme/api ", "acme/apo ")],
        expect![[r#"
        4 error project "acme/apo": unknown project acme/apo; did you mean acme/api?
    "#]],
    );
    say(
        &[("acme/api ", "dashboard ")],
        expect![[r#"
        4 error project "dashboard": unknown project dashboard; did you mean acme/dashboard?
    "#]],
    );
    say(
        &[("acme/api ", "umbrella/corp ")],
        expect![[r#"
        4 error project "umbrella/corp": unknown project umbrella/corp; add [project."umbrella/corp"] to keeptab.toml, or write one that is there
    "#]],
    );
}

#[test]
fn times_have_to_make_sense() {
    say(
        &[("09:02-10:47", "10:47-09:02")],
        expect![[r#"
            4 error time "10:47-09:02": 09:02 is not after 10:47; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
    say(
        &[("09:02-10:47", "09:02-09:02")],
        expect![[r#"
            4 error time "09:02-09:02": 09:02 is not after 09:02; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
    say(
        &[("09:02-10:47", "09:02-11:00")],
        expect![[r#"
        4 error overlap "09:02-11:00": 09:02-11:00 overlaps 10:47-12:10 of acme/dashboard; end the one where the other begins
    "#]],
    );
    say(
        &[("09:02-10:47", "09:02-99:00")],
        expect![[r#"
        4 error time "09:02-99:00": 99:00 is not on Mon 16 Nov, which goes from 00:00 to 24:00; write it under its own day, split where the day ends
    "#]],
    );
    say(
        &[("Tue 17", "  +21:00  zen\nTue 17")],
        expect![[r#"
            3 error long-day "Mon 16 Nov   4:38": 25:37 on Mon 16 Nov, which has 24:00; look at its entries: some may stand beside captured time
        "#]],
    );
}

#[test]
fn every_line_that_overlaps_is_named() {
    say(
        &[(
            "  08:00-09:00  zen",
            "  08:00-12:00  zen\n  08:30-09:00  acme/api\n  10:00-10:30  acme/api\n  12:00-13:00  zen",
        )],
        expect![[r#"
            10 error overlap "08:30-09:00": 08:30-09:00 overlaps 08:00-12:00 of zen; end the one where the other begins
            11 error overlap "10:00-10:30": 10:00-10:30 overlaps 08:00-12:00 of zen; end the one where the other begins
        "#]],
    );
}

#[test]
fn a_day_can_be_full() {
    say(&[("Tue 17", "  +19:23  zen\nTue 17")], expect![""]);
}

#[test]
fn what_was_odd_before_is_a_warning() {
    let mut odd = ledger(
        "16 +09:00:00-11:00:00 zen
         16 +10:00:00-12:00:00 acme/api
         16 +21:00 zen",
    );
    let check = |odd: &Ledger, replacements: &[(&str, &str)], expected: Expect| {
        let base = odd.sheet();
        let text = edited(&print(&base), replacements);
        let review = review(&base, &parse(&text), &base, &projects());
        expected.assert_eq(&format!(
            "{}{}",
            show_problems(&text, &review.problems),
            odd.show(&review.edits)
        ));
    };
    check(
        &odd,
        &[],
        expect![[r#"
        3 warning long-day "Mon 16 Nov   25:00": 25:00 on Mon 16 Nov, which has 24:00; look at its entries: some may stand beside captured time
        5 warning overlap "+10:00-12:00": +10:00-12:00 overlaps +09:00-11:00 of zen; end the one where the other begins
    "#]],
    );
    check(
        &odd,
        &[("+21:00", "+20:59")],
        expect![[r#"
        3 warning long-day "Mon 16 Nov   25:00": 24:59 on Mon 16 Nov, which has 24:00; look at its entries: some may stand beside captured time
        5 warning overlap "+10:00-12:00": +10:00-12:00 overlaps +09:00-11:00 of zen; end the one where the other begins
        replace 3 16 - 75540000ms zen 
    "#]],
    );
    check(
        &odd,
        &[("+21:00", "+21:01")],
        expect![[r#"
        3 error long-day "Mon 16 Nov   25:00": 25:01 on Mon 16 Nov, which has 24:00; look at its entries: some may stand beside captured time
        5 warning overlap "+10:00-12:00": +10:00-12:00 overlaps +09:00-11:00 of zen; end the one where the other begins
    "#]],
    );
    check(
        &odd,
        &[("+10:00-12:00  acme/api", "+10:00-12:00  zen")],
        expect![[r#"
            3 warning long-day "Mon 16 Nov   25:00": 25:00 on Mon 16 Nov, which has 24:00; look at its entries: some may stand beside captured time
            5 warning overlap "+10:00-12:00": +10:00-12:00 overlaps +09:00-11:00 of zen; end the one where the other begins
            replace 2 16 16 10:00:00-16 12:00:00 7200000ms zen 
        "#]],
    );
    odd.entries.clear();
    check(&odd, &[], expect![[""]]);
}

#[test]
fn unassigned_time_is_a_warning() {
    say(
        &[("acme/api", "?")],
        expect![[r#"
        4 warning unassigned "?": 1:45 is unassigned; write a project instead of the `?`
    "#]],
    );
}

#[test]
fn billed_time_refuses_change() {
    let billed = "13:00-14:30  zen";
    say(
        &[(billed, "13:00-14:30  acme/api")],
        expect![[r#"
        6 error billed "  13:00-14:30  acme/api": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
    say(
        &[(billed, "13:00-14:30  zen  note")],
        expect![[r#"
        6 error billed "  13:00-14:30  zen  note": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
    say(
        &[(billed, "13:00-14:00  zen")],
        expect![[r#"
            6 error billed "  13:00-14:00  zen": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
        "#]],
    );
    say(
        &[("  13:00-14:30  zen\n", "")],
        expect![[r#"
            3 error billed "Mon 16 Nov   4:38": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
        "#]],
    );
    say(
        &[(billed, "13:00-15:00  zen")],
        expect![[r#"
        6 error billed "  13:00-15:00  zen": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
}

#[test]
fn every_problem_is_told_at_once() {
    say(
        &[
            ("09:02-10:47", "09:02-"),
            ("acme/dashboard", "acme/dashbord"),
            ("08:00-09:00", "09:00-08:00"),
        ],
        expect![[r#"
            4 error unreadable "09:02-": `09:02-` is not a time; write it as 09:02-10:47, +0:45 for time without clock times
            5 error project "acme/dashbord": unknown project acme/dashbord; did you mean acme/dashboard?
            9 error time "09:00-08:00": 08:00 is not after 09:00; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
}

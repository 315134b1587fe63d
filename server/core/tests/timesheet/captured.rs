//! Saving changes of captured time.

use expect_test::expect;

use super::ledger::{Ledger, check, ledger, save};

fn monday() -> Ledger {
    ledger(
        "16 09:02:10-10:47:20 acme/api GET /orders pagination
         16 10:47:20-12:10:05 acme/dashboard
         16 13:00:00.250-14:30:59.999 ?
         17 08:00:00-09:00:00 zen reading
         17 09:00:30-10:00:00 zen",
    )
}

#[test]
fn what_is_not_changed_is_not_touched() {
    check(&monday(), &[], expect![[""]]);
    check(
        &monday(),
        &[("  09:02-10:47  acme/api", "\t09:02-10:47 acme/api")],
        expect![[""]],
    );
}

#[test]
fn times_are_read_as_people_write_them() {
    for time in ["9:02-10:47", "09:02 - 10:47", "9:02–10:47"] {
        assert_eq!(save(&monday(), &monday(), &[("09:02-10:47", time)]), "", "{time}");
    }
}

#[test]
fn retagging_takes_the_exact_span() {
    check(
        &monday(),
        &[("acme/api", "zen")],
        expect![[r#"
        16 09:02:10-16 10:47:20 assign zen
    "#]],
    );
    check(
        &monday(),
        &[("?  ", "zen  "), ("~/src/scratch", "")],
        expect![[r#"
        16 13:00:00.250-16 14:30:59.999 assign zen
    "#]],
    );
}

#[test]
fn a_hint_that_was_printed_is_no_note() {
    let base = monday();
    let text = super::ledger::edited(&keeptab_core::timesheet::print(&base.sheet()), &[("?     ", "zen   ")]);
    let mine = keeptab_core::timesheet::parse(&text);
    let edits =
        keeptab_core::timesheet::changes(&base.sheet(), &mine, &base.sheet(), &super::ledger::projects()).unwrap();
    expect![[r#"
        16 13:00:00.250-16 14:30:59.999 assign zen
    "#]]
    .assert_eq(&base.show(&edits));
}

#[test]
fn neighbours_that_are_retagged_alike_are_one_correction() {
    let alike = [
        ("acme/api        GET /orders pagination", "zen"),
        ("acme/dashboard", "zen  "),
    ];
    expect![[r#"
        16 09:02:10-16 12:10:05 assign zen
        16 09:02:10-16 10:47:20 note ""
    "#]]
    .assert_eq(&save(&monday(), &monday(), &alike));
}

#[test]
fn a_moved_boundary_moves_between_both() {
    check(
        &monday(),
        &[("09:02-10:47", "09:02-10:30"), ("10:47-12:10", "10:30-12:10")],
        expect![[r#"
            16 10:30:00-16 10:47:20 assign acme/dashboard
            16 10:30:00-16 10:47:20 note ""
        "#]],
    );
    check(
        &monday(),
        &[("09:02-10:47", "09:02-11:00"), ("10:47-12:10", "11:00-12:10")],
        expect![[r#"
            16 10:47:20-16 11:00:00 assign acme/api
            16 10:47:20-16 11:00:00 note "GET /orders pagination"
        "#]],
    );
}

#[test]
fn trimming_erases_and_extending_fills() {
    check(
        &monday(),
        &[("09:02-10:47", "09:05-10:47")],
        expect![[r#"
        16 09:02:10-16 09:05:00 erase
    "#]],
    );
    check(
        &monday(),
        &[("09:02-10:47", "08:50-10:47")],
        expect![[r#"
        16 08:50:00-16 09:02:10 fill acme/api
        16 08:50:00-16 09:02:10 note "GET /orders pagination"
    "#]],
    );
    check(
        &monday(),
        &[("10:47-12:10", "10:47-13:00")],
        expect![[r#"
        16 12:10:05-16 13:00:00.250 fill acme/dashboard
    "#]],
    );
    check(
        &monday(),
        &[("13:00-14:30", "12:10-14:30")],
        expect![[r#"
        16 12:10:05-16 13:00:00.250 fill ?
    "#]],
    );
}

#[test]
fn splitting_marks_only_the_part() {
    check(
        &monday(),
        &[(
            "  09:02-10:47  acme/api        GET /orders pagination",
            "  09:02-10:00  acme/api        GET /orders pagination\n  10:00-10:47  zen  ! call",
        )],
        expect![[r#"
            16 10:00:00-16 10:47:20 assign zen
            16 10:00:00-16 10:47:20 note "call"
            16 10:00:00-16 10:47:20 billable false
        "#]],
    );
}

#[test]
fn merging_fills_the_gap_between() {
    check(
        &monday(),
        &[("08:00-09:00", "08:00-10:00"), ("  09:00-10:00  zen\n", "")],
        expect![[r#"
            17 09:00:00-17 09:00:30 fill zen
            17 09:00:00-17 10:00:00 note "reading"
        "#]],
    );
}

#[test]
fn deleting_erases_the_exact_span() {
    check(
        &monday(),
        &[("  09:02-10:47  acme/api        GET /orders pagination\n", "")],
        expect![[r#"
            16 09:02:10-16 10:47:20 erase
        "#]],
    );
}

#[test]
fn notes_and_marks_come_and_go() {
    check(
        &monday(),
        &[("GET /orders pagination", "GET /orders")],
        expect![[r#"
        16 09:02:10-16 10:47:20 note "GET /orders"
    "#]],
    );
    check(
        &monday(),
        &[("GET /orders pagination", "")],
        expect![[r#"
        16 09:02:10-16 10:47:20 note ""
    "#]],
    );
    check(
        &monday(),
        &[("GET /orders pagination", "! GET /orders pagination")],
        expect![[r#"
            16 09:02:10-16 10:47:20 billable false
        "#]],
    );
    check(
        &monday(),
        &[("acme/dashboard\n", "acme/dashboard !\n")],
        expect![[r#"
        16 10:47:20-16 12:10:05 billable false
    "#]],
    );
    check(
        &monday(),
        &[("GET /orders pagination", "!")],
        expect![[r#"
        16 09:02:10-16 10:47:20 note ""
        16 09:02:10-16 10:47:20 billable false
    "#]],
    );
    let not_billable = ledger("16 09:00-10:00 zen !reading");
    check(
        &not_billable,
        &[("! ", "")],
        expect![[r#"
        16 09:00:00-16 10:00:00 billable true
    "#]],
    );
}

#[test]
fn a_backslash_is_a_letter_but_before_the_mark() {
    let saved = |note| save(&monday(), &monday(), &[("GET /orders pagination", note)]);
    expect![[r#"
        16 09:02:10-16 10:47:20 note "\\server"
        16 09:02:10-16 10:47:20 note "!x"
        16 09:02:10-16 10:47:20 note "\\x"
        16 09:02:10-16 10:47:20 note "x"
        16 09:02:10-16 10:47:20 billable false
    "#]]
    .assert_eq(&[saved("\\server"), saved("\\!x"), saved("\\\\x"), saved("!x")].concat());
}

#[test]
fn time_is_added_where_there_was_none() {
    check(
        &monday(),
        &[("Tue 17", "  15:00-16:00  zen  talk\nTue 17")],
        expect![[r#"
            16 15:00:00-16 16:00:00 fill zen
            16 15:00:00-16 16:00:00 note "talk"
        "#]],
    );
    check(
        &monday(),
        &[("Tue 17", "Sun\n  15:00-16:00  zen\nTue 17")],
        expect![[r#"
            22 15:00:00-22 16:00:00 fill zen
        "#]],
    );
}

#[test]
fn time_goes_from_one_day_to_another() {
    check(
        &monday(),
        &[
            ("  10:47-12:10  acme/dashboard\n", ""),
            ("Tue 17 Nov   2:00\n", "Tue 17 Nov\n  10:47-12:10  acme/dashboard\n"),
        ],
        expect![[r#"
            16 10:47:20-16 12:10:05 erase
            17 10:47:00-17 12:10:00 fill acme/dashboard
        "#]],
    );
}

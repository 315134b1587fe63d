//! Saving changes of folded lines.

use expect_test::expect;
use keeptab_core::timesheet::print;

use super::ledger::{Ledger, check, ledger, save};

fn visits() -> Ledger {
    ledger(
        "16 09:00:10-09:30:20 acme/api
         16 09:30:20-09:30:50 zen
         16 09:30:50-10:00:00 acme/api
         16 10:10:00-10:10:59.999 zen
         16 10:20:00-10:20:30 zen standup
         16 11:00:00-11:01:00 zen",
    )
}

#[test]
fn stretches_under_a_minute_are_one_line() {
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   1:02   r7-b6c5

        Mon 16 Nov   1:02
          09:00-09:30  acme/api
          09:30-10:00  acme/api
          11:00-11:01  zen
          ~0:01        zen       2 short visits
          ~0:00        zen       standup
    "#]]
    .assert_eq(&print(&visits().sheet()));
}

#[test]
fn folded_lines_are_retagged_annotated_and_deleted() {
    let retagged = [("zen       2 short", "acme/api  2 short")];
    expect![[r#"
        16 09:30:20-16 09:30:50 assign acme/api
        16 10:10:00-16 10:10:59.999 assign acme/api
    "#]]
    .assert_eq(&save(&visits(), &visits(), &retagged));
    check(
        &visits(),
        &[("2 short visits", "reading")],
        expect![[r#"
        16 09:30:20-16 09:30:50 note "reading"
        16 10:10:00-16 10:10:59.999 note "reading"
    "#]],
    );
    check(
        &visits(),
        &[("2 short visits", "!")],
        expect![[r#"
        16 09:30:20-16 09:30:50 billable false
        16 10:10:00-16 10:10:59.999 billable false
    "#]],
    );
    check(
        &visits(),
        &[("  ~0:01        zen       2 short visits\n", "")],
        expect![[r#"
            16 09:30:20-16 09:30:50 erase
            16 10:10:00-16 10:10:59.999 erase
        "#]],
    );
}

#[test]
fn an_edited_line_wins_over_what_is_folded_in_it() {
    check(
        &visits(),
        &[("09:00-09:30", "09:00-10:00"), ("  09:30-10:00  acme/api\n", "")],
        expect![[r#"
            16 09:30:20-16 09:30:50 assign acme/api
        "#]],
    );
    check(
        &visits(),
        &[("11:00-11:01", "10:15-11:01")],
        expect![[r#"
        16 10:15:00-16 10:20:00 fill zen
        16 10:20:30-16 11:00:00 fill zen
        16 10:20:00-16 10:20:30 note ""
    "#]],
    );
}

#[test]
fn a_folded_line_can_be_neither_lengthened_nor_added() {
    check(
        &visits(),
        &[("~0:01", "~0:05")],
        expect![[r#"
        7 error folded "~0:05": folded visits are ~0:01 long, and that cannot be changed; delete the line, or write one with clock times
    "#]],
    );
    check(
        &visits(),
        &[("  ~0:01", "  ~0:09  acme/dashboard\n  ~0:01")],
        expect![[r#"
            7 error folded "~0:09": folded visits cannot be added; write a line with clock times, or +0:45 for time without
        "#]],
    );
}

//! Saving changes of entries.

use expect_test::expect;
use keeptab_core::instant::Length;
use keeptab_core::timesheet::print;

use super::ledger::{Ledger, check, ledger};

fn entries() -> Ledger {
    let mut ledger = ledger(
        "16 09:00:00-10:00:00 acme/api
         16 +0:45:30 acme/api call with Sam
         16 +13:00:20-14:30:40 zen workshop
         16 +15:00:00-16:00:00 zen
         17 +0:45:10 acme/api call with Sam
         17 +0:45:20 acme/api call with Sam",
    );
    ledger.entries[2].0.length = Length::from_minutes(50);
    ledger
}

#[test]
fn entries_print_after_captured_time() {
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   5:36   r7-a175

        Mon 16 Nov   4:06
          09:00-10:00        acme/api
          +13:00-14:30       zen       workshop
          +15:00-16:00=0:50  zen
          +0:45              acme/api  call with Sam

        Tue 17 Nov   1:30
          +0:45              acme/api  call with Sam
          +0:45              acme/api  call with Sam
    "#]]
    .assert_eq(&print(&entries().sheet()));
}

#[test]
fn entries_are_replaced_and_keep_what_was_not_changed() {
    check(
        &entries(),
        &[("call with Sam", "call with Max")],
        expect![[r#"
        replace 1 16 - 2730000ms acme/api call with Max
    "#]],
    );
    check(
        &entries(),
        &[("+0:45              acme/api", "+0:45  ?")],
        expect![[r#"
            replace 1 16 - 2730000ms ? call with Sam
        "#]],
    );
    check(
        &entries(),
        &[("+0:45", "+1:00")],
        expect![[r#"
        replace 1 16 - 3600000ms acme/api call with Sam
    "#]],
    );
    check(
        &entries(),
        &[("call with Sam", "! call with Sam")],
        expect![[r#"
        replace 1 16 - 2730000ms acme/api !call with Sam
    "#]],
    );
    check(
        &entries(),
        &[("+13:00-14:30", "+13:00-14:00")],
        expect![[r#"
        replace 2 16 16 13:00:20-16 14:00:00 3580000ms zen workshop
    "#]],
    );
    check(
        &entries(),
        &[("+13:00-14:30", "+1:30")],
        expect![[r#"
        replace 2 16 - 5400000ms zen workshop
    "#]],
    );
    check(
        &entries(),
        &[("+15:00-16:00=0:50", "+15:00-16:00")],
        expect![[r#"
        replace 3 16 16 15:00:00-16 16:00:00 3600000ms zen 
    "#]],
    );
    check(
        &entries(),
        &[("+15:00-16:00=0:50", "+15:00-16:00=0:40")],
        expect![[r#"
        replace 3 16 16 15:00:00-16 16:00:00 2400000ms zen 
    "#]],
    );
    check(
        &entries(),
        &[("+15:00-16:00=0:50  zen", "+15:00-16:00=0:50  acme/api  talk")],
        expect![[r#"
            replace 3 16 16 15:00:00-16 16:00:00 3000000ms acme/api talk
        "#]],
    );
}

#[test]
fn entries_are_added_and_taken_away() {
    check(
        &entries(),
        &[("Tue 17", "  +0:30 zen ! reading\nTue 17")],
        expect![[r#"
            add 16 - 1800000ms zen !reading
        "#]],
    );
    check(
        &entries(),
        &[("  +13:00-14:30       zen       workshop\n", "")],
        expect![[r#"
            void 2
        "#]],
    );
    check(
        &entries(),
        &[("Tue 17", "  +17:00-18:00 zen\nTue 17")],
        expect![[r#"
        add 16 16 17:00:00-16 18:00:00 3600000ms zen 
    "#]],
    );
}

#[test]
fn of_two_that_look_alike_the_right_one_is_meant() {
    let line = "  +0:45              acme/api  call with Sam\n";
    let two = format!("{line}{line}");
    check(
        &entries(),
        &[(&two, line)],
        expect![[r#"
        void 5
    "#]],
    );
    check(
        &entries(),
        &[(&two, &format!("{line}  +0:45  acme/api  call with Max\n"))],
        expect![[r#"
            replace 5 17 - 2720000ms acme/api call with Max
        "#]],
    );
}

#[test]
fn an_entry_moves_to_another_day_whole() {
    check(
        &entries(),
        &[
            ("  +0:45              acme/api  call with Sam\n", ""),
            ("Tue 17", "Wed 18 Nov\n+0:45 acme/api call with Sam\nTue 17"),
        ],
        expect![[r#"
            replace 1 18 - 2730000ms acme/api call with Sam
        "#]],
    );
}

#[test]
fn captured_time_and_entries_turn_into_one_another() {
    check(
        &entries(),
        &[("09:00-10:00", "+09:00-10:00")],
        expect![[r#"
        16 09:00:00-16 10:00:00 erase
        add 16 16 09:00:00-16 10:00:00 3600000ms acme/api 
    "#]],
    );
    check(
        &entries(),
        &[("+13:00-14:30", "13:00-14:30")],
        expect![[r#"
            16 13:00:20-16 14:30:40 erase
            16 13:00:20-16 14:30:40 fill zen
            16 13:00:20-16 14:30:40 note "workshop"
            void 2
        "#]],
    );
}

#[test]
fn time_beneath_an_entry_that_becomes_captured_is_assigned() {
    let over = ledger(
        "16 09:00:00-10:00:00 acme/api secret
         16 +09:30:00-09:45:00 zen",
    );
    check(
        &over,
        &[("  +09:30-09:45", "  09:30-09:45")],
        expect![[r#"
            16 09:30:00-16 09:45:00 erase
            16 09:30:00-16 09:45:00 fill zen
            void 1
        "#]],
    );
}

#[test]
fn entries_have_to_make_sense() {
    check(
        &entries(),
        &[("+0:45", "+0:00")],
        expect![[r#"
        7 error entry "+0:00": there is no time in this entry; write it as +0:45
    "#]],
    );
    check(
        &entries(),
        &[("+0:45              acme/api", "+0:45  -")],
        expect![[r#"
            7 error entry "-": an entry cannot be private; delete the line, or give it a project
        "#]],
    );
    check(
        &entries(),
        &[("+13:00-14:30", "+14:30-13:00")],
        expect![[r#"
            5 error time "+14:30-13:00": 13:00 is not after 14:30; a line ends after it begins; what is after 24:00 stands under the next day
        "#]],
    );
    check(
        &entries(),
        &[("+15:00", "+14:00")],
        expect![[r#"
        6 error overlap "+14:00-16:00=0:50": +14:00-16:00=0:50 overlaps +13:00-14:30 of zen; end the one where the other begins
    "#]],
    );
}

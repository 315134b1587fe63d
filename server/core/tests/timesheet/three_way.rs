//! Sheets that are saved after the ledger changed.

use expect_test::{Expect, expect};

use super::ledger::{Ledger, ledger, save};

fn written() -> Ledger {
    ledger(
        "16 09:00:00-10:00:00 acme/api
         16 10:00:00-11:00:00 zen
         16 +0:45 zen call
         17 09:00:00-10:00:00 zen",
    )
}

#[track_caller]
fn check(now: &str, replacements: &[(&str, &str)], expected: Expect) {
    expected.assert_eq(&save(&written(), &ledger(now), replacements));
}

const SAME: &str = "16 09:00:00-10:00:00 acme/api
     16 10:00:00-11:00:00 zen
     16 +0:45 zen call
     17 09:00:00-10:00:00 zen";

#[test]
fn what_arrived_elsewhere_is_kept() {
    let now = format!("{SAME}\n17 11:00:00-12:00:00 acme/api");
    check(
        &now,
        &[("acme/api", "zen")],
        expect![[r#"
        16 09:00:00-16 10:00:00 assign zen
    "#]],
    );
    check(
        &now,
        &[("  09:00-10:00  acme/api\n", "")],
        expect![[r#"
        16 09:00:00-16 10:00:00 erase
    "#]],
    );
}

#[test]
fn what_changed_meanwhile_and_not_here_is_kept() {
    let now = SAME.replace("10:00:00-11:00:00 zen", "10:00:00-11:00:00 acme/dashboard");
    check(
        &now,
        &[("acme/api", "zen")],
        expect![[r#"
        16 09:00:00-16 10:00:00 assign zen
    "#]],
    );
    check(
        &now,
        &[("10:00-11:00  zen", "10:00-11:00  zen  reading")],
        expect![[r#"
            16 10:00:00-16 11:00:00 note "reading"
        "#]],
    );
}

#[test]
fn what_changed_to_the_same_is_done_already() {
    let now = SAME.replace("10:00:00-11:00:00 zen", "10:00:00-11:00:00 acme/dashboard");
    check(
        &now,
        &[("10:00-11:00  zen", "10:00-11:00  acme/dashboard")],
        expect![[""]],
    );
    let now = SAME.replace("16 10:00:00-11:00:00 zen\n", "");
    check(&now, &[("  10:00-11:00  zen\n", "")], expect![[""]]);
    let now = SAME.replace("16 +0:45 zen call\n", "");
    check(&now, &[("  +0:45        zen       call\n", "")], expect![[""]]);
    let now = format!("{SAME}\n17 10:00:00-10:30:00 zen");
    check(
        &now,
        &[("Nov   1:00\n  09:00-10:00", "Nov\n  09:00-11:00")],
        expect![[r#"
            17 10:30:00-17 11:00:00 fill zen
        "#]],
    );
}

#[test]
fn what_changed_otherwise_is_a_conflict() {
    let retagged = SAME.replace("10:00:00-11:00:00 zen", "10:00:00-11:00:00 acme/dashboard");
    check(
        &retagged,
        &[("10:00-11:00  zen", "10:00-11:00  acme/api")],
        expect![[r#"
            5 error changed "  10:00-11:00  acme/api": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
        "#]],
    );
    check(
        &retagged,
        &[("  10:00-11:00  zen\n", "")],
        expect![[r#"
        3 error changed "Mon 16 Nov   2:45": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
    let noted = SAME.replace("10:00:00-11:00:00 zen", "10:00:00-11:00:00 zen talk");
    check(
        &noted,
        &[("10:00-11:00  zen", "10:00-11:00  zen  reading")],
        expect![[r#"
            5 error changed "  10:00-11:00  zen  reading": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
        "#]],
    );
    check(
        &noted,
        &[("10:00-11:00  zen", "10:00-11:00  acme/api")],
        expect![[r#"
        16 10:00:00-16 11:00:00 assign acme/api
    "#]],
    );
    let gone = SAME.replace("16 10:00:00-11:00:00 zen\n", "");
    check(
        &gone,
        &[("10:00-11:00  zen", "10:00-11:00  acme/api")],
        expect![[r#"
        5 error changed "  10:00-11:00  acme/api": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
    let arrived = format!("{SAME}\n16 11:00:00-12:00:00 acme/api");
    check(
        &arrived,
        &[("10:00-11:00  zen", "10:00-12:00  zen")],
        expect![[r#"
        5 error changed "  10:00-12:00  zen": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
}

#[test]
fn entries_that_changed_meanwhile_are_conflicts() {
    let longer = SAME.replace("+0:45", "+0:50");
    check(
        &longer,
        &[("call", "talk")],
        expect![[r#"
        6 error changed "  +0:45        zen       talk": this entry changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
    check(
        &longer,
        &[("  +0:45        zen       call\n", "")],
        expect![[r#"
        3 error changed "Mon 16 Nov   2:45": this entry changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
    check(&longer, &[("+0:45", "+0:50")], expect![[""]]);
    check(
        &longer,
        &[("acme/api", "zen")],
        expect![[r#"
        16 09:00:00-16 10:00:00 assign zen
    "#]],
    );
    let gone = SAME.replace("16 +0:45 zen call\n", "");
    check(
        &gone,
        &[("call", "talk")],
        expect![[r#"
        6 error changed "  +0:45        zen       talk": this entry changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
}

#[test]
fn what_was_billed_meanwhile_refuses_change() {
    let billed = SAME.replace("10:00:00-11:00:00 zen", "10:00:00-10:30:00 zen [JDS-202611-0001]");
    check(
        &billed,
        &[("10:00-11:00  zen", "10:00-11:00  acme/api")],
        expect![[r#"
        5 error billed "  10:00-11:00  acme/api": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
        5 error changed "  10:00-11:00  acme/api": this time changed after the sheet was written; write the sheet anew to see it, then make the change again
    "#]],
    );
    check(
        &billed,
        &[("  10:00-11:00  zen\n", "")],
        expect![[r#"
        3 error billed "Mon 16 Nov   2:45": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
    check(
        &billed,
        &[("acme/api", "zen")],
        expect![[r#"
        16 09:00:00-16 10:00:00 assign zen
    "#]],
    );
    let billed = SAME.replace("+0:45 zen call", "+0:45 zen [JDS-202611-0001] call");
    check(
        &billed,
        &[("call", "talk")],
        expect![[r#"
        6 error billed "  +0:45        zen       talk": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
    check(
        &billed,
        &[("  +0:45        zen       call\n", "")],
        expect![[r#"
        3 error billed "Mon 16 Nov   2:45": JDS-202611-0001 bills some of this time; write the line back as it was; a credit note has to release the time first
    "#]],
    );
}

#[test]
fn saving_twice_changes_nothing_more() {
    let mut now = written();
    let replacements = [("acme/api", "zen"), ("10:00-11:00", "10:30-11:30"), ("call", "talk")];
    let edits = {
        let base = now.sheet();
        let text = super::ledger::edited(&keeptab_core::timesheet::print(&base), &replacements);
        let mine = keeptab_core::timesheet::parse(&text);
        keeptab_core::timesheet::changes(&base, &mine, &base, &super::ledger::projects()).unwrap()
    };
    now.apply(&edits);
    assert_eq!(save(&written(), &now, &replacements), "");
}

#[test]
fn another_time_zone_refuses_the_sheet() {
    let mut now = written();
    now.calendar = super::ledger::night();
    expect![[r#"
        1 error header "r7-019f": the time zone or the days' beginning changed since this was written; write the sheet anew, then make the changes again
    "#]].assert_eq(&save(&written(), &now, &[]));
}

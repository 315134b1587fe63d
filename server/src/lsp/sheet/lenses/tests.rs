use expect_test::{Expect, expect};

use super::*;
use crate::lsp::sheet::example;

#[track_caller]
fn check(sheet: &Sheet, expected: Expect) {
    let shown = |lens: &CodeLens| {
        let command = lens.command.as_ref().unwrap();
        let arguments = command.arguments.as_ref().map(|arguments| format!(" {arguments:?}"));
        let does = format!("{}{}", command.command, arguments.unwrap_or_default());
        let at = lens.range.start.line;
        format!(
            "{at}: {}{}{does}\n",
            command.title,
            if does.is_empty() { "" } else { " -> " }
        )
    };
    expected.assert_eq(&lenses(sheet).iter().map(shown).collect::<String>());
}

#[test]
fn week_clients_and_days_have_their_totals() {
    check(
        &example::sheet(&example::text()),
        expect![[r#"
            0: Acme Co 31:42 · EUR 2,853.00 · Create invoice -> keeptab.invoice [Object {"client": String("acme"), "week": String("2026-W47")}]
            3: acme/api 2:30 · inner 1:00 · acme/web 0:55 · ? 0:30 · - 0:20
            11: "acme/day rate" 4:00 · acme/api 1:00
        "#]],
    );
}

#[test]
fn a_day_adds_up_what_is_typed_and_the_week_what_is_in_the_ledger() {
    check(
        &example::with("acme/web", "acme/api"),
        expect![[r#"
            0: changes not applied, save applies them
            0: Acme Co 31:42 · EUR 2,853.00 · Create invoice -> keeptab.invoice [Object {"client": String("acme"), "week": String("2026-W47")}]
            3: acme/api 3:25 · inner 1:00 · ? 0:30 · - 0:20
            11: "acme/day rate" 4:00 · acme/api 1:00
        "#]],
    );
}

#[test]
fn a_sum_that_is_typed_stands_beside_the_one_that_is_written() {
    check(
        &example::with("10:00-14:00", "10:00-13:00"),
        expect![[r#"
            0: changes not applied, save applies them
            0: Acme Co 31:42 · EUR 2,853.00 · Create invoice -> keeptab.invoice [Object {"client": String("acme"), "week": String("2026-W47")}]
            3: acme/api 2:30 · inner 1:00 · acme/web 0:55 · ? 0:30 · - 0:20
            11: 4:00 · "acme/day rate" 3:00 · acme/api 1:00
        "#]],
    );
}

#[test]
fn a_sheet_that_nobody_wrote_has_no_days_to_add_up() {
    check(
        &example::sheet("# 2026-W47 r9\nMon 16 Nov\n  09:00-10:00 acme/api\n"),
        expect![[r#"
            0: 9:55 · EUR 2,853.00 unbilled
            0: Acme Co 31:42 · EUR 2,853.00 · Create invoice -> keeptab.invoice [Object {"client": String("acme"), "week": String("2026-W47")}]
        "#]],
    );
}

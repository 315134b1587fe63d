use expect_test::{Expect, expect};
use tower_lsp::ls_types::Position;

use super::*;
use crate::lsp::sheet::example;

/// Shows each line that has a hint as `line: hint (tooltip)`.
fn shown(sheet: &Sheet, within: Range) -> String {
    let shown = |hint: &InlayHint| {
        let (InlayHintLabel::String(label), tooltip) = (&hint.label, &hint.tooltip) else {
            panic!("{hint:?}");
        };
        let tooltip = match tooltip {
            Some(InlayHintTooltip::String(tooltip)) => format!(" ({tooltip})"),
            _ => String::new(),
        };
        let line = &sheet.parsed.lines[hint.position.line as usize];
        let text = sheet.parsed.slice(&line.range);
        assert_eq!(hint.position.character as usize, text.encode_utf16().count());
        format!("{}: {label}{tooltip}\n", text.trim())
    };
    hints(sheet, within).iter().map(shown).collect()
}

fn all() -> Range {
    Range::new(Position::new(0, 0), Position::new(1000, 0))
}

#[track_caller]
fn check(sheet: &Sheet, expected: Expect) {
    expected.assert_eq(&shown(sheet, all()));
}

#[test]
fn each_line_says_how_long_it_is_and_what_it_is_worth() {
    check(
        &example::sheet(&example::text()),
        expect![[r#"
        09:00-10:45  acme/api         GET /orders: 1:45 · EUR 166.25 (1.75 h × 95.00)
        10:45-11:40  acme/web: 0:55 · ≈ EUR 101.20 (0.92 h × 110.00, before it is rounded with other lines)
        12:00-12:30  ?                ~/src/scratch: 0:30
        12:30-12:50  -: 0:20
        13:00-14:00  inner            hiring: 1:00
        +0:45        acme/api         call with Sam: 0:45 · EUR 71.25 (0.75 h × 95.00)
        09:00-10:00  acme/api         GET /users: 1:00 · billed JDS-202611-0001
        10:00-14:00  "acme/day rate": 4:00 · EUR 380.00 (0.5 days × 760.00)
    "#]],
    );
}

#[test]
fn a_changed_line_shows_what_it_would_be() {
    check(
        &example::with("09:00-10:45", "09:00-10:00"),
        expect![[r#"
        09:00-10:00  acme/api         GET /orders: 1:00 · EUR 95.00 (1.00 h × 95.00)
        10:45-11:40  acme/web: 0:55 · ≈ EUR 101.20 (0.92 h × 110.00, before it is rounded with other lines)
        12:00-12:30  ?                ~/src/scratch: 0:30
        12:30-12:50  -: 0:20
        13:00-14:00  inner            hiring: 1:00
        +0:45        acme/api         call with Sam: 0:45 · EUR 71.25 (0.75 h × 95.00)
        09:00-10:00  acme/api         GET /users: 1:00 · billed JDS-202611-0001
        10:00-14:00  "acme/day rate": 4:00 · EUR 380.00 (0.5 days × 760.00)
    "#]],
    );
}

#[test]
fn what_is_not_billable_has_no_amount() {
    let sheet = example::with("GET /orders", "! GET /orders");
    let line = u32::try_from(example::line(&sheet, "GET /orders")).unwrap();
    let within = Range::new(Position::new(line, 0), Position::new(line, 3));
    assert_eq!(
        shown(&sheet, within),
        "09:00-10:45  acme/api         ! GET /orders: 1:45\n"
    );
}

#[test]
fn a_line_with_an_error_has_no_hint() {
    let before = shown(&example::sheet(&example::text()), all()).lines().count();
    for (old, new) in [
        ("09:00-10:45", "10:45-09:00"),
        ("acme/web", "acme/wob"),
        ("09:00-10:45", "09:00-10:50"),
        ("10:45-11:40", "half a line"),
    ] {
        let sheet = example::with(old, new);
        let faulty = sheet.faulty();
        assert!(!faulty.is_empty(), "{new}");
        for hint in hints(&sheet, all()) {
            assert!(!faulty.contains(&(hint.position.line as usize)), "{new}");
        }
        assert!(hints(&sheet, all()).len() < before, "{new}");
    }
}

#[test]
fn an_entry_with_a_rate_of_its_own_is_worth_that() {
    let mut sheet = example::sheet(&example::text());
    let checked = std::sync::Arc::get_mut(&mut sheet.checked).unwrap();
    checked.rates = [(keeptab_core::entry::EntryId(1), "120".parse().unwrap())].into();
    let line = u32::try_from(example::line(&sheet, "call with Sam")).unwrap();
    let within = Range::new(Position::new(line, 0), Position::new(line, 3));
    assert_eq!(
        shown(&sheet, within),
        "+0:45        acme/api         call with Sam: 0:45 · EUR 90.00 (0.75 h × 120.00)\n"
    );
}

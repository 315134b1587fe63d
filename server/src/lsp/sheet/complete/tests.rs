use expect_test::{Expect, expect};
use keeptab_core::rule::ProjectId;

use super::*;
use crate::lsp::sheet::example;

/// Completes at the `|` in a line that is put for another, and shows `sort label | detail | replaced -> written`.
fn shown(old: &str, new: &str, behind: &Behind) -> String {
    let (sheet, line) = example::with_line(old, &new.replace('|', ""));
    let text = sheet.parsed.slice(&sheet.parsed.lines[line].range);
    let column = new.find('|').unwrap();
    let cursor = sheet.parsed.lines[line].range.start + column;
    let Some(place) = field::at(&sheet.parsed, line, cursor) else {
        return "nothing".into();
    };
    let list = list(&sheet, line, &place, behind);
    let item = |item: &CompletionItem| {
        let Some(CompletionTextEdit::Edit(edit)) = &item.text_edit else {
            panic!("{item:?}");
        };
        let (from, to) = (edit.range.start, edit.range.end);
        assert_eq!((from.line, to.line), (u32::try_from(line).unwrap(), from.line));
        assert!(from.character as usize <= column && column <= to.character as usize);
        let detail = item.detail.as_deref().unwrap_or_default();
        let replaced: String = text
            .chars()
            .skip(from.character as usize)
            .take((to.character - from.character) as usize)
            .collect();
        let sort = item.sort_text.as_ref().unwrap();
        format!(
            "{sort} {} | {detail} | `{replaced}` -> `{}`\n",
            item.label, edit.new_text
        )
    };
    list.items.iter().map(item).collect()
}

fn likely(projects: &[&str]) -> Behind {
    Behind {
        likely: projects.iter().map(|id| ProjectId::new(*id)).collect(),
        ..Behind::default()
    }
}

#[track_caller]
fn check(old: &str, new: &str, behind: &Behind, expected: Expect) {
    expected.assert_eq(&shown(old, new, behind));
}

#[test]
fn projects_come_by_what_was_touched_then_by_the_week_then_as_in_the_config() {
    check(
        "12:00-12:30  ?",
        "  12:00-12:30 |",
        &likely(&["inner"]),
        expect![[r#"
        0000 inner | no client · not billable · 1:00 this week | `` -> `inner`
        0001 acme/day rate | Acme Co · EUR 760.00/day · 4:00 this week | `` -> `"acme/day rate"`
        0002 acme/api | Acme Co · EUR 95.00/h · 3:30 this week | `` -> `acme/api`
        0003 acme/web | Acme Co · EUR 110.00/h · 0:55 this week | `` -> `acme/web`
        0004 ? | unassigned | `` -> `?`
        0005 - | private | `` -> `-`
    "#]],
    );
}

#[test]
fn what_is_typed_chooses_and_a_slash_breaks_nothing() {
    check(
        "10:45-11:40",
        "  10:45-11:40  acme/a|",
        &likely(&[]),
        expect![[r#"
        0000 acme/day rate | Acme Co · EUR 760.00/day · 4:00 this week | `acme/a` -> `"acme/day rate"`
        0001 acme/api | Acme Co · EUR 95.00/h · 3:30 this week | `acme/a` -> `acme/api`
    "#]],
    );
    check(
        "10:45-11:40",
        "  10:45-11:40  acme/a|pi  note",
        &likely(&["acme/api"]),
        expect![[r#"
        0000 acme/api | Acme Co · EUR 95.00/h · 3:30 this week | `acme/api` -> `acme/api`
        0001 acme/day rate | Acme Co · EUR 760.00/day · 4:00 this week | `acme/api` -> `"acme/day rate"`
    "#]],
    );
}

#[test]
fn a_quoted_id_is_completed_in_its_quotes() {
    check(
        "10:45-11:40",
        "10:45-11:40 \"acme/d|",
        &likely(&[]),
        expect![[r#"
        0000 acme/day rate | Acme Co · EUR 760.00/day · 4:00 this week | `"acme/d` -> `"acme/day rate"`
    "#]],
    );
}

#[test]
fn an_entry_cannot_be_private() {
    let entry = shown("+0:45", "+0:45 |", &likely(&[]));
    assert!(
        entry.contains(" ? | unassigned") && !entry.contains("private"),
        "{entry}"
    );
}

#[test]
fn notes_come_from_commits_then_from_the_project_then_from_the_week() {
    let behind = Behind {
        commits: vec!["Add cursors".into(), "!important".into()],
        ..Behind::default()
    };
    check(
        "10:45-11:40",
        "10:45-11:40 inner |",
        &behind,
        expect![[r#"
        0000 Add cursors | commit | `` -> `Add cursors`
        0001 !important | commit | `` -> `\!important`
        0002 hiring |  | `` -> `hiring`
        0003 GET /orders | of another project | `` -> `GET /orders`
        0004 GET /users | of another project | `` -> `GET /users`
        0005 call with Sam | of another project | `` -> `call with Sam`
    "#]],
    );
    check(
        "10:45-11:40",
        "10:45-11:40 acme/api get |",
        &behind,
        expect![[r#"
        0000 GET /orders |  | `get ` -> `GET /orders`
        0001 GET /users |  | `get ` -> `GET /users`
    "#]],
    );
}

#[test]
fn in_the_time_there_is_nothing() {
    for line in ["10:45-11|:40", "10:45-11:40|", "1|0:45-11:40 acme/api"] {
        assert_eq!(shown("10:45-11:40", line, &likely(&[])), "nothing", "{line}");
    }
}

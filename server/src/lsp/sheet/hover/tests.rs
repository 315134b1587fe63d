use expect_test::{Expect, expect};
use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;
use keeptab_engine::Won;

use super::*;
use crate::lsp::sheet::example;

fn touched(name: &str, minutes: i64, count: usize) -> Touched {
    Touched {
        name: name.into(),
        page: name.contains("://"),
        time: Length::from_minutes(minutes),
        count,
    }
}

fn orders() -> Behind {
    Behind {
        places: Vec::new(),
        note: None,
        touched: vec![
            touched("~/work/acme/api/src/orders.rs", 62, 120),
            touched("https://git.example/acme/api/pull/7", 20, 4),
            touched("~/work/acme/api/README.md", 3, 1),
        ],
        private: Length::from_minutes(2),
        languages: vec!["rust".into(), "markdown".into()],
        agents: (1, 12),
        rule: Some(Won {
            of: "~/work/acme/api/src/orders.rs".into(),
            by: Some(("~/work/acme/api/**".into(), ProjectId::new("acme/api"))),
        }),
        likely: vec![ProjectId::new("acme/api")],
        commits: vec!["Page *all* orders".into()],
    }
}

#[track_caller]
fn check(sheet: &Sheet, line: &str, behind: &Behind, expected: Expect) {
    let row = sheet.row(example::line(sheet, line)).unwrap();
    expected.assert_eq(&of_line(sheet, &row, behind));
}

#[test]
fn a_line_says_what_was_touched_and_what_it_is_worth() {
    let sheet = example::sheet(&example::text());
    check(
        &sheet,
        "GET /orders",
        &orders(),
        expect![[r#"
        **`acme/api`** · API development · Acme Co

        1:45 · EUR 166.25 (1.75 h × 95.00)

        - `~/work/acme/api/src/orders.rs` 1:02 · 120×
        - `~/work/acme/api/README.md` 0:03 · 1×

        rust, markdown

        - `https://git.example/acme/api/pull/7` 0:20 · 4×

        0:02 in private files or pages

        Agents: 12 changes in 1 file

        Rule: `~/work/acme/api/**` wins for `~/work/acme/api/src/orders.rs` and names `acme/api`

        Commits:
        - Page \*all\* orders"#]],
    );
}

#[test]
fn only_the_most_is_named() {
    let files = (0..10).map(|index| touched(&format!("/f{index}"), 10 - index, 1));
    let behind = Behind {
        touched: files.collect(),
        ..Behind::default()
    };
    let sheet = example::sheet(&example::text());
    check(
        &sheet,
        "GET /users",
        &behind,
        expect![[r#"
        **`acme/api`** · API development · Acme Co

        1:00 · billed JDS-202611-0001

        - `/f0` 0:10 · 1×
        - `/f1` 0:09 · 1×
        - `/f2` 0:08 · 1×
        - `/f3` 0:07 · 1×
        - `/f4` 0:06 · 1×
        - `/f5` 0:05 · 1×
        - `/f6` 0:04 · 1×
        - `/f7` 0:03 · 1×
        - and 2 more files"#]],
    );
}

#[test]
fn a_line_that_cannot_be_billed_says_why_and_what_to_do() {
    let sheet = example::with("GET /orders", "! GET /orders");
    let behind = Behind {
        likely: vec![ProjectId::new("acme/api")],
        ..Behind::default()
    };
    for (line, expected) in [
        (
            "! GET /orders",
            expect![[r#"
            **`acme/api`** · API development · Acme Co

            1:45 · not billable: the line is marked `!`"#]],
        ),
        (
            "12:00-12:30  ?",
            expect![[r#"
            **unassigned**

            0:30

            No rule names what was touched in `~/src/scratch`. Write a project instead of the `?`, such as `acme/api`, or assign the folder to one: add it to the project's `paths` in keeptab.toml."#]],
        ),
        (
            "12:30-12:50",
            expect![[r#"
            **private**

            0:20

            Only that time passed is kept of it. Write a project instead of the `-` to count it."#]],
        ),
        (
            "hiring",
            expect![[r#"
            **`inner`**

            1:00 · not billable: the project has no client, or says so"#]],
        ),
        (
            "call with Sam",
            expect![[r#"
            **`acme/api`** · API development · Acme Co

            0:45 · EUR 71.25 (0.75 h × 95.00)"#]],
        ),
    ] {
        check(&sheet, line, &behind, expected);
    }
}

#[test]
fn a_day_says_what_it_comes_to_by_project() {
    let sheet = example::sheet(&example::text());
    let days = lenses::by_day(&sheet);
    let monday = days.values().next().unwrap();
    expect![[r#"
        **4:55**

        - 2:30 `acme/api` · API development · Acme Co
        - 1:00 `inner`
        - 0:55 `acme/web` · Acme Co
        - 0:30 unassigned
        - 0:20 private, and in no total"#]]
    .assert_eq(&of_day(&sheet, monday));
}

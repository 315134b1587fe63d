//! Actions offered on lines with time.

use expect_test::expect;

use super::check;
use super::week::{Week, at, span};

/// Three lines that touch or nearly do, two of one unassigned root, one billed.
fn week() -> Week {
    Week::default()
        .piece(span(at(8, 0, 0), at(9, 2, 10)), "acme/web", None)
        .billed()
        .piece(span(at(9, 2, 10), at(10, 47, 30)), "acme/api", Some("GET /orders"))
        .piece(span(at(10, 50, 0), at(11, 30, 0)), "acme/api", Some("PUT /orders"))
        .piece(span(at(11, 30, 0), at(12, 10, 0)), "?", Some("~/src/[x]"))
        .piece(span(at(14, 0, 0), at(14, 1, 20)), "?", Some("~/src/[x]"))
        .piece(span(at(15, 0, 0), at(15, 20, 0)), "-", None)
}

#[test]
fn a_line_is_split_merged_and_marked() {
    check(
        &week(),
        "10:50",
        &expect![[r#"
            Split at 11:10
                - 10:50-11:30  acme/api  PUT /orders
                + 10:50-11:10  acme/api  PUT /orders
                + 11:10-11:30  acme/api  PUT /orders
            Merge with the line above (0:02 between is counted)
                - 09:02-10:47  acme/api  GET /orders
                - 10:50-11:30  acme/api  PUT /orders
                + 09:02-11:30  acme/api  GET /orders; PUT /orders
            Not billable
                - 10:50-11:30  acme/api  PUT /orders
                + 10:50-11:30  acme/api  ! PUT /orders
        "#]],
    );
    check(
        &week().replace("acme/api  PUT", "acme/api  ! PUT"),
        "10:50",
        &expect![[r#"
            Split at 11:10
                - 10:50-11:30  acme/api  ! PUT /orders
                + 10:50-11:10  acme/api  ! PUT /orders
                + 11:10-11:30  acme/api  ! PUT /orders
            Merge with the line above (0:02 between is counted)
                - 09:02-10:47  acme/api  GET /orders
                - 10:50-11:30  acme/api  ! PUT /orders
                + 09:02-11:30  acme/api  GET /orders; PUT /orders
            Billable
                - 10:50-11:30  acme/api  ! PUT /orders
                + 10:50-11:30  acme/api  PUT /orders
        "#]],
    );
}

#[test]
fn unassigned_time_is_counted_to_the_weeks_projects_and_its_folder_gets_a_rule() {
    check(
        &week(),
        "14:00",
        &expect![[r#"
            Count it to acme/api
                - 14:00-14:01  ?         ~/src/[x]
                + 14:00-14:01  acme/api  ~/src/[x]
            Count it to acme/web
                - 14:00-14:01  ?         ~/src/[x]
                + 14:00-14:01  acme/web  ~/src/[x]
            Count it to globex
                - 14:00-14:01  ?         ~/src/[x]
                + 14:00-14:01  globex    ~/src/[x]
            Count all 2 in ~/src/[x] to acme/api
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/api  ~/src/[x]
                + 14:00-14:01  acme/api  ~/src/[x]
            Count all 2 in ~/src/[x] to acme/web
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/web  ~/src/[x]
                + 14:00-14:01  acme/web  ~/src/[x]
            Count all 2 in ~/src/[x] to globex
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  globex    ~/src/[x]
                + 14:00-14:01  globex    ~/src/[x]
            Assign ~/src/[x] to acme/api, with a rule
                runs assign ~/src/[[]x[]] acme/api
            Assign ~/src/[x] to a project…
                runs assign ~/src/[[]x[]]
            Merge with the line above (1:50 between is counted)
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-14:01  ?
            Not billable
                - 14:00-14:01  ?         ~/src/[x]
                + 14:00-14:01  ?         ! ~/src/[x]
        "#]],
    );
}

#[test]
fn what_is_billed_is_left_alone() {
    check(&week(), "08:00", &expect![""]);
    // It stays billed when it is edited.
    check(
        &week().replace("08:00-09:02  acme/web", "08:00-08:30  ?"),
        "08:00",
        &expect![""],
    );
}

#[test]
fn private_time_is_nobodys() {
    check(
        &week(),
        "15:00",
        &expect![[r#"
            Split at 15:10
                - 15:00-15:20  -
                + 15:00-15:10  -
                + 15:10-15:20  -
        "#]],
    );
}

#[test]
fn a_misspelt_project_is_mended() {
    check(
        &week().replace("acme/api  PUT", "acme/apo  PUT"),
        "10:50",
        &expect![[r#"
            Change to acme/api (preferred)
                - 10:50-11:30  acme/apo  PUT /orders
                + 10:50-11:30  acme/api  PUT /orders
            Add acme/apo to keeptab.toml
                runs project add acme/apo
            Merge with the line above, for acme/api (0:02 between is counted)
                - 09:02-10:47  acme/api  GET /orders
                - 10:50-11:30  acme/apo  PUT /orders
                + 09:02-11:30  acme/api  GET /orders; PUT /orders
            Not billable
                - 10:50-11:30  acme/apo  PUT /orders
                + 10:50-11:30  acme/apo  ! PUT /orders
        "#]],
    );
    check(
        &week().replace("acme/api  PUT", "zebra  PUT"),
        "10:50",
        &expect![[r#"
            Add zebra to keeptab.toml
                runs project add zebra
            Merge with the line above, for acme/api (0:02 between is counted)
                - 09:02-10:47  acme/api  GET /orders
                - 10:50-11:30  zebra  PUT /orders
                + 09:02-11:30  acme/api  GET /orders; PUT /orders
            Not billable
                - 10:50-11:30  zebra  PUT /orders
                + 10:50-11:30  zebra  ! PUT /orders
        "#]],
    );
}

#[test]
fn a_line_takes_the_project_above_and_not_the_other_way_round() {
    check(
        &week(),
        "11:30-12:10",
        &expect![[r#"
            Count it to acme/api
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  acme/api  ~/src/[x]
            Count it to acme/web
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  acme/web  ~/src/[x]
            Count it to globex
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  globex    ~/src/[x]
            Count all 2 in ~/src/[x] to acme/api
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/api  ~/src/[x]
                + 14:00-14:01  acme/api  ~/src/[x]
            Count all 2 in ~/src/[x] to acme/web
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/web  ~/src/[x]
                + 14:00-14:01  acme/web  ~/src/[x]
            Count all 2 in ~/src/[x] to globex
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  globex    ~/src/[x]
                + 14:00-14:01  globex    ~/src/[x]
            Assign ~/src/[x] to acme/api, with a rule
                runs assign ~/src/[[]x[]] acme/api
            Assign ~/src/[x] to a project…
                runs assign ~/src/[[]x[]]
            Split at 11:50
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-11:50  ?         ~/src/[x]
                + 11:50-12:10  ?         ~/src/[x]
            Merge with the line above, for acme/api
                - 10:50-11:30  acme/api  PUT /orders
                - 11:30-12:10  ?         ~/src/[x]
                + 10:50-12:10  acme/api  PUT /orders
            Not billable
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  ?         ! ~/src/[x]
        "#]],
    );
    check(
        &week().replace("10:50-11:30  acme/api", "10:50-11:30  ?"),
        "11:30-12:10",
        &expect![[r#"
            Count it to acme/api
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  acme/api  ~/src/[x]
            Count it to acme/web
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  acme/web  ~/src/[x]
            Count it to globex
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  globex    ~/src/[x]
            Count all 2 in ~/src/[x] to acme/api
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/api  ~/src/[x]
                + 14:00-14:01  acme/api  ~/src/[x]
            Count all 2 in ~/src/[x] to acme/web
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  acme/web  ~/src/[x]
                + 14:00-14:01  acme/web  ~/src/[x]
            Count all 2 in ~/src/[x] to globex
                - 11:30-12:10  ?         ~/src/[x]
                - 14:00-14:01  ?         ~/src/[x]
                + 11:30-12:10  globex    ~/src/[x]
                + 14:00-14:01  globex    ~/src/[x]
            Assign ~/src/[x] to acme/api, with a rule
                runs assign ~/src/[[]x[]] acme/api
            Assign ~/src/[x] to a project…
                runs assign ~/src/[[]x[]]
            Split at 11:50
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-11:50  ?         ~/src/[x]
                + 11:50-12:10  ?         ~/src/[x]
            Merge with the line above
                - 10:50-11:30  ?  PUT /orders
                - 11:30-12:10  ?         ~/src/[x]
                + 10:50-12:10  ?  PUT /orders
            Not billable
                - 11:30-12:10  ?         ~/src/[x]
                + 11:30-12:10  ?         ! ~/src/[x]
        "#]],
    );
}

#[test]
fn what_lies_between_is_not_merged_over() {
    let entry = week().entry(3, span(at(10, 48, 0), at(10, 49, 0)), "globex");
    check(
        &entry,
        "10:50",
        &expect![[r#"
        Split at 11:10
            - 10:50-11:30   acme/api  PUT /orders
            + 10:50-11:10   acme/api  PUT /orders
            + 11:10-11:30   acme/api  PUT /orders
        Not billable
            - 10:50-11:30   acme/api  PUT /orders
            + 10:50-11:30   acme/api  ! PUT /orders
    "#]],
    );
    check(
        &entry,
        "+10:48",
        &expect![[r#"
        Not billable
            - +10:48-10:49  globex
            + +10:48-10:49  globex  !
    "#]],
    );
}

#[test]
fn short_lines_are_split_to_the_minute_or_not_at_all() {
    let week = Week::default()
        .piece(span(at(9, 0, 50), at(9, 3, 0)), "acme/api", None)
        .piece(span(at(9, 30, 10), at(9, 31, 30)), "acme/api", None);
    check(
        &week,
        "09:00",
        &expect![[r#"
        Split at 09:01
            - 09:00-09:03  acme/api
            + 09:00-09:01  acme/api
            + 09:01-09:03  acme/api
        Not billable
            - 09:00-09:03  acme/api
            + 09:00-09:03  acme/api  !
    "#]],
    );
    check(
        &week,
        "09:30",
        &expect![[r#"
            Merge with the line above (0:27 between is counted)
                - 09:00-09:03  acme/api
                - 09:30-09:31  acme/api
                + 09:00-09:31  acme/api
            Not billable
                - 09:30-09:31  acme/api
                + 09:30-09:31  acme/api  !
        "#]],
    );
}

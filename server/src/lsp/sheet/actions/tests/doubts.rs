//! The answers to the queue of doubt.

use expect_test::expect;
use keeptab_core::entry::EntryId;
use keeptab_core::rule::ProjectId;
use keeptab_engine::About;

use super::check;
use super::week::{Week, at, span};

fn week() -> Week {
    Week::default()
        .piece(span(at(9, 0, 0), at(12, 10, 20)), "acme/api", Some("GET /orders"))
        .piece(span(at(13, 0, 40), at(14, 0, 0)), "acme/web", None)
        .piece(span(at(14, 0, 0), at(14, 30, 0)), "?", Some("~/src/x"))
        .piece(span(at(15, 0, 0), at(15, 20, 0)), "?", Some("~/src/x"))
}

#[test]
fn unassigned_time_is_counted_where_it_is_asked_about() {
    let root = Some("~/src/x".to_owned());
    let about = About::Unassigned { root };
    let week = week().doubt(
        "Mon 14:00-14:30  0:30 unassigned in ~/src/x",
        span(at(14, 0, 0), at(14, 30, 0)),
        about,
    );
    check(
        &week,
        "unassigned in",
        &expect![[r#"
            Count it to acme/api
                - 14:00-14:30  ?         ~/src/x
                + 14:00-14:30  acme/api  ~/src/x
            Count it to acme/web
                - 14:00-14:30  ?         ~/src/x
                + 14:00-14:30  acme/web  ~/src/x
            Count it to globex
                - 14:00-14:30  ?         ~/src/x
                + 14:00-14:30  globex    ~/src/x
            Count all 2 in ~/src/x to acme/api
                - 14:00-14:30  ?         ~/src/x
                - 15:00-15:20  ?         ~/src/x
                + 14:00-14:30  acme/api  ~/src/x
                + 15:00-15:20  acme/api  ~/src/x
            Count all 2 in ~/src/x to acme/web
                - 14:00-14:30  ?         ~/src/x
                - 15:00-15:20  ?         ~/src/x
                + 14:00-14:30  acme/web  ~/src/x
                + 15:00-15:20  acme/web  ~/src/x
            Count all 2 in ~/src/x to globex
                - 14:00-14:30  ?         ~/src/x
                - 15:00-15:20  ?         ~/src/x
                + 14:00-14:30  globex    ~/src/x
                + 15:00-15:20  globex    ~/src/x
            Assign ~/src/x to acme/api, with a rule
                runs assign ~/src/x acme/api
            Assign ~/src/x to a project…
                runs assign ~/src/x
        "#]],
    );
}

#[test]
fn what_was_bridged_is_cut_out() {
    let gap = span(at(10, 12, 34), at(10, 25, 12));
    let week = week().doubt("Mon 10:12-10:25  0:12 counted", gap, About::Bridged);
    check(
        &week,
        "# ?",
        &expect![[r#"
        Do not count 10:12-10:25
            - 09:00-12:10  acme/api  GET /orders
            + 09:00-10:12  acme/api  GET /orders
            + 10:25-12:10  acme/api  GET /orders
    "#]],
    );
    check(
        &week,
        "09:00-12:10",
        &expect![[r#"
        Do not count 10:12-10:25
            - 09:00-12:10  acme/api  GET /orders
            + 09:00-10:12  acme/api  GET /orders
            + 10:25-12:10  acme/api  GET /orders
        Split at 10:35
            - 09:00-12:10  acme/api  GET /orders
            + 09:00-10:35  acme/api  GET /orders
            + 10:35-12:10  acme/api  GET /orders
        Not billable
            - 09:00-12:10  acme/api  GET /orders
            + 09:00-12:10  acme/api  ! GET /orders
    "#]],
    );
}

#[test]
fn what_is_cut_out_leaves_no_empty_line_and_nothing_billed() {
    let gap = span(at(9, 0, 20), at(9, 20, 0));
    let line = |week: Week| week.piece(span(at(9, 0, 0), at(10, 0, 0)), "globex", None);
    let doubt = |week: Week| week.doubt("Mon 09:00-09:20  0:19 counted", gap, About::Bridged);
    check(
        &doubt(line(Week::default())),
        "# ?",
        &expect![[r#"
        Do not count 09:00-09:20
            - 09:00-10:00  globex
            + 09:20-10:00  globex
    "#]],
    );
    check(&doubt(line(Week::default()).billed()), "# ?", &expect![""]);
    check(
        &doubt(week().piece(span(at(16, 0, 0), at(16, 1, 0)), "-", None)).replace("  09:00-12:10", "  11:00-12:10"),
        "# ?",
        &expect![""],
    );
}

#[test]
fn a_gap_was_a_call_or_a_break() {
    let gap = span(at(12, 10, 20), at(13, 0, 40));
    let week = week().doubt("Mon 12:10-13:00  away 0:50: a call?", gap, About::Away);
    check(
        &week,
        "# ?",
        &expect![[r#"
        Count 12:10-13:00 to acme/api
            + 12:10-13:00  acme/api
        Count 12:10-13:00 to acme/web
            + 12:10-13:00  acme/web
        Count 12:10-13:00 to globex
            + 12:10-13:00  globex
        12:10-13:00 was a break
            runs away 12:10-13:00 --break --day 2026-11-16
    "#]],
    );
    check(
        &week,
        "13:00-14:00",
        &expect![[r#"
            Count 12:10-13:00 to acme/api
                + 12:10-13:00  acme/api
            Count 12:10-13:00 to acme/web
                + 12:10-13:00  acme/web
            Count 12:10-13:00 to globex
                + 12:10-13:00  globex
            12:10-13:00 was a break
                runs away 12:10-13:00 --break --day 2026-11-16
            Split at 13:30
                - 13:00-14:00  acme/web
                + 13:00-13:30  acme/web
                + 13:30-14:00  acme/web
            Merge with the line above, for acme/api (0:50 between is counted)
                - 09:00-12:10  acme/api  GET /orders
                - 13:00-14:00  acme/web
                + 09:00-14:00  acme/api  GET /orders
            Not billable
                - 13:00-14:00  acme/web
                + 13:00-14:00  acme/web  !
        "#]],
    );
    // Once it is answered in the text, it cannot be answered again.
    let answered = week.replace("  13:00-14:00", "  12:10-13:00  globex\n  13:00-14:00");
    check(&answered, "# ?", &expect![""]);
}

#[test]
fn an_agents_time_is_counted_to_what_it_worked_on() {
    let agents = |project: Option<&str>, gap| {
        let project = project.map(ProjectId::new);
        week().doubt("Mon 16:00-16:30  0:30 an agent alone", gap, About::Agents { project })
    };
    let gap = span(at(16, 0, 0), at(16, 30, 0));
    check(
        &agents(Some("globex"), gap),
        "# ?",
        &expect![[r#"
        Count 16:00-16:30 to globex
            + 16:00-16:30  globex
        16:00-16:30 was a break
            runs away 16:00-16:30 --break --day 2026-11-16
    "#]],
    );
    check(
        &agents(Some("gone"), gap),
        "# ?",
        &expect![[r#"
        Count 16:00-16:30 to acme/api
            + 16:00-16:30  acme/api
        Count 16:00-16:30 to acme/web
            + 16:00-16:30  acme/web
        Count 16:00-16:30 to globex
            + 16:00-16:30  globex
        16:00-16:30 was a break
            runs away 16:00-16:30 --break --day 2026-11-16
    "#]],
    );
    // The day is added if the sheet does not have it.
    let tuesday = span(at(24 + 9, 0, 0), at(24 + 10, 0, 0));
    check(
        &agents(Some("globex"), tuesday),
        "# ?",
        &expect![[r#"
        Count 09:00-10:00 to globex
            + Tue 17 Nov
            + 09:00-10:00  globex
        09:00-10:00 was a break
            runs away 09:00-10:00 --break --day 2026-11-17
    "#]],
    );
}

#[test]
fn an_entry_beside_other_time_is_taken_away() {
    let entry = EntryId(2);
    let week = week()
        .entry(1, span(at(16, 0, 0), at(17, 0, 0)), "globex")
        .entry(2, span(at(16, 30, 0), at(17, 30, 0)), "acme/web")
        .doubt(
            "Mon 16:30-17:00  0:30 counted beside other time",
            span(at(16, 30, 0), at(17, 0, 0)),
            About::Overlap { entry },
        );
    check(
        &week,
        "# ?",
        &expect![[r#"
        Take the entry away
            - +16:30-17:30  acme/web
    "#]],
    );
    check(
        &week,
        "+16:30",
        &expect![[r#"
        Take the entry away
            - +16:30-17:30  acme/web
        Not billable
            - +16:30-17:30  acme/web
            + +16:30-17:30  acme/web  !
    "#]],
    );
}

#[test]
fn a_comment_of_ones_own_is_no_question() {
    check(&week().replace("\nMon", "\n# ? why\nMon"), "why", &expect![""]);
}

#[test]
fn what_is_free_of_an_entry_again_is_counted_as_an_entry_of_its_own() {
    let about = About::Free {
        entry: EntryId(7),
        project: ProjectId::new("acme/api"),
        note: Some("GET /orders".into()),
        billable: false,
    };
    let free = span(at(14, 40, 20), at(15, 0, 0));
    let week = week().doubt("Mon 14:40-15:00  0:19 of an entry is free again", free, about);
    check(
        &week,
        "free again",
        &expect![[r#"
            Count 14:41-15:00 to acme/api
                runs add acme/api 0:19 --day 2026-11-16 --at 14:41 --note=GET /orders --not-billable
        "#]],
    );
}

#[test]
fn usual_breaks_are_opened_and_lie_beside_their_lines() {
    let lunch = span(at(12, 10, 20), at(13, 0, 40));
    let week = week().usual("Mon 12:10-13:00", lunch);
    check(
        &week,
        "# 1 usual break",
        &expect![[r##"
            Ask about each
                - # 1 usual break  Mon 12:10-13:00
                + # ? Mon 12:10-13:00  away: a call?
        "##]],
    );
    // A gap that the line no longer names is not asked about there.
    let edited = week.clone().replace("Mon 12:10-13:00", "Tue 12:10-13:00");
    check(&edited, "# 1 usual break", &expect![""]);
    let opened = week
        .clone()
        .replace("# 1 usual break  Mon 12:10-13:00", "# ? Mon 12:10-13:00  away: a call?");
    check(
        &opened,
        "# ?",
        &expect![[r#"
            Count 12:10-13:00 to acme/api
                + 12:10-13:00  acme/api
            Count 12:10-13:00 to acme/web
                + 12:10-13:00  acme/web
            Count 12:10-13:00 to globex
                + 12:10-13:00  globex
            12:10-13:00 was a break
                runs away 12:10-13:00 --break --day 2026-11-16
        "#]],
    );
    // The lines around a folded gap answer it, too.
    check(
        &week,
        "13:00-14:00",
        &expect![[r#"
            Count 12:10-13:00 to acme/api
                + 12:10-13:00  acme/api
            Count 12:10-13:00 to acme/web
                + 12:10-13:00  acme/web
            Count 12:10-13:00 to globex
                + 12:10-13:00  globex
            12:10-13:00 was a break
                runs away 12:10-13:00 --break --day 2026-11-16
            Split at 13:30
                - 13:00-14:00  acme/web
                + 13:00-13:30  acme/web
                + 13:30-14:00  acme/web
            Merge with the line above, for acme/api (0:50 between is counted)
                - 09:00-12:10  acme/api  GET /orders
                - 13:00-14:00  acme/web
                + 09:00-14:00  acme/api  GET /orders
            Not billable
                - 13:00-14:00  acme/web
                + 13:00-14:00  acme/web  !
        "#]],
    );
}

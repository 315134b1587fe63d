use keeptab_core::instant::{Instant, Length, Span};

use super::*;

fn doubt(about: About) -> Doubt {
    Doubt {
        text: "Mon 12:00-12:30  0:30 x".into(),
        day: chrono::NaiveDate::default(),
        span: Span::new(
            Instant::from_millis(0),
            Instant::from_millis(0) + Length::from_minutes(30),
        )
        .unwrap(),
        about,
    }
}

#[test]
fn each_doubt_says_what_it_means_and_how_to_settle_it() {
    let root = Some("~/src/scratch".to_owned());
    for (about, says) in [
        (About::Unassigned { root }, ["in `~/src/scratch`", "instead of the `?`"]),
        (About::Unassigned { root: None }, ["touched, so", "`paths`"]),
        (About::Bridged, ["`idle_timeout`", "end the line before the gap"]),
        (About::Away, ["not counted", "add a line"]),
        (
            About::Agents { project: None },
            ["agent worked, and", "`agent_time = \"count\"`"],
        ),
        (
            About::Overlap {
                entry: keeptab_core::entry::EntryId(1),
            },
            ["counts beside other time", "Delete it"],
        ),
        (
            About::Taken {
                entry: keeptab_core::entry::EntryId(1),
                counted: keeptab_core::instant::Length::ZERO,
            },
            ["no time counts twice", "counts the rest"],
        ),
        (
            About::Free {
                entry: keeptab_core::entry::EntryId(1),
                project: keeptab_core::rule::ProjectId::new("api"),
                note: None,
                billable: true,
            },
            ["does not grow by itself", "Count the free time"],
        ),
    ] {
        let said = asked([doubt(about)].iter(), "  # ? Mon 12:00-12:30  0:30 x ").unwrap();
        assert!(said.starts_with("**Mon 12:00-12:30  0:30 x**\n\n"), "{said}");
        for part in says {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn only_a_doubt_is_explained() {
    let doubts = [doubt(About::Away)];
    assert_eq!(asked(doubts.iter(), "# a remark"), None);
    assert!(
        asked(doubts.iter(), "# ? Tue 09:00-09:30  0:30 y")
            .unwrap()
            .contains("settled")
    );
}

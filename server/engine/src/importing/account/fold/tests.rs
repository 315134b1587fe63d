use std::fmt;

use expect_test::expect;
use proptest::prelude::*;

use super::*;

#[test]
fn long_lines_are_folded_at_their_words() {
    let text = "short\n  line 2: Mon 4 Mar 2024  09:00:00-10:00:00 Europe/Berlin  1:00:00  acme/website  A description of the work\n  \
        not billed yet, by far: 30:00, and still a few words more; `--billed-before DAY` says what was\n  \
        acme-international-consulting-services/website-relaunch-phase-2-accessibility-and-performance";
    expect![[r#"
        short
          line 2: Mon 4 Mar 2024  09:00:00-10:00:00 Europe/Berlin  1:00:00
              acme/website  A description of the work
          not billed yet, by far: 30:00, and still a few words more;
              `--billed-before DAY` says what was
          acme-international-consulting-services/website-relaunch-phase-2-
              accessibility-and-performance"#]]
    .assert_eq(&folded(text));
}

#[test]
fn a_row_takes_two_lines_at_most() {
    let row = |note: &str| format!("line 2: Mon 4 Mar 2024  no clock times  1:00:00  acme  {note}");
    assert_eq!(shortened(&row("short")), row("short"));
    let long = row(&"株 ".repeat(100));
    let short = shortened(&long);
    assert!(
        columns(&short) <= 2 * COLUMNS - 4 && columns(&short) > 2 * COLUMNS - 8,
        "{short}"
    );
    assert!(
        short.strip_suffix('…').is_some_and(|short| long.starts_with(short)),
        "{short}"
    );
}

proptest! {
    /// No letter is lost but by the cut, and no line is wider than a terminal.
    #[test]
    fn folded_lines_fit(text in "[a-z -/`株👍]{0,400}") {
        let folded = folded(&text);
        prop_assert!(folded.lines().all(|line| columns(line) <= COLUMNS), "{}", folded);
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        let (all, shown) = (solid(&text), solid(&folded));
        prop_assert!(all == shown || shown.strip_suffix('…').is_some_and(|shown| all.starts_with(shown)), "{}", folded);
    }
}

#[test]
fn equal_complaints_stand_together() {
    struct All<'a>(&'a [Said<'a>]);
    impl fmt::Display for All<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            list(f, self.0, 2, 40)
        }
    }
    let name = "an export of a time tracker with a long name.csv";
    let said = |file, line, words| Said { file, line, words };
    let mut all = vec![said("a.csv", 2, "no date"), said("a.csv", 3, "no length")];
    all.extend((4..20).map(|line| said("a.csv", line, "no date")));
    expect![[r"
        a.csv:2, 4, 5, 6, 7, 8, 9, 10 and 9 more: no date
        a.csv:3: no length
        … and 22 more; --json lists them
    "]]
    .assert_eq(All(&all).to_string().replace("\n  ", "\n").trim_start());
    expect![[r"
        an export of a t…a long name.csv:5: no date
        … and 39 more; --json lists them
    "]]
    .assert_eq(
        All(&[said(name, 5, "no date")])
            .to_string()
            .replace("\n  ", "\n")
            .trim_start(),
    );
}

//! The printed form of a sheet.

use expect_test::expect;
use keeptab_core::money::{Amount, Currency};
use keeptab_core::timesheet::{Heading, Revision, Sheet, format, parse, print};

use super::ledger::{ledger, ledger_of};

#[test]
fn a_week_reads_well() {
    let ledger = ledger(
        "16 09:02:10-10:47:20 acme/api GET /orders pagination
         16 10:47:20-12:10:05 acme/dashboard
         16 13:00:00-14:30:00 ?
         16 14:30:00-15:00:00 - !
         16 +0:45 acme/api call with Sam
         17 09:00:00-10:00:00 zen !important
         18 09:00:00-10:00:00 zen ! ! important
         19 23:00:00-25:00:00 zen",
    );
    let mut sheet = ledger.sheet();
    let cents = |cents, currency| Amount::rounded(rust_decimal::Decimal::new(cents, 2), currency);
    let yen: Currency = "JPY".parse().unwrap();
    sheet.unbilled = vec![
        (Currency::EUR, cents(285_300, Currency::EUR)),
        (yen, cents(123_456_700, yen)),
        ("USD".parse().unwrap(), cents(12_345_678, Currency::EUR)),
        ("GBP".parse().unwrap(), cents(-12_345_678, Currency::EUR)),
    ];
    sheet.usual = vec!["Mon 12:10-13:00".to_owned(), "Wed 12:05-12:50".to_owned()];
    sheet.doubts = vec!["Tue 17 Nov 10:00-11:30 away after an idle gap: a call?".to_owned()];
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   9:23   EUR 2,853.00, JPY 1,234,567, USD 123,456.78, GBP -123,456.78 unbilled   r7-dbb8
        # ? Tue 17 Nov 10:00-11:30 away after an idle gap: a call?
        # 2 usual breaks  Mon 12:10-13:00, Wed 12:05-12:50

        Mon 16 Nov   5:23
          09:02-10:47  acme/api        GET /orders pagination
          10:47-12:10  acme/dashboard
          13:00-14:30  ?               ~/src/scratch
          14:30-15:00  -               !
          +0:45        acme/api        call with Sam

        Tue 17 Nov   1:00
          09:00-10:00  zen             ! important

        Wed 18 Nov   1:00
          09:00-10:00  zen             ! \! important

        Thu 19 Nov   1:00
          23:00-24:00  zen

        Fri 20 Nov   1:00
          00:00-01:00  zen
    "#]]
    .assert_eq(&print(&sheet));
}

#[test]
fn an_empty_week_is_its_header() {
    expect![[r#"
        # 2026-W53   Mon 28 Dec 2026 – Sun 3 Jan 2027   0:00   r7-e3b0
    "#]]
    .assert_eq(&print(&ledger_of(super::ledger::berlin(), "2026-W53", "").sheet()));
}

#[test]
fn what_would_be_read_otherwise_is_quoted() {
    let quoted = ledger_of(
        super::ledger::berlin(),
        "2026-W47",
        "16 +0:10 zen \\!x\n16 +0:20 zen \\\\server\\share",
    );
    let mut sheet = quoted.sheet();
    for id in ["acme/ops center", "?", "-", "", "!x", "\"x\" \\y\n", "#1", "\u{2003}"] {
        let mut line = sheet.days[0].lines[0].clone();
        line.to = super::ledger::to("zen");
        if let keeptab_core::correction::To::Project(project) = &mut line.to {
            *project = keeptab_core::rule::ProjectId::new(id);
        }
        sheet.days[0].lines.push(line);
    }
    let text = print(&sheet);
    expect![[r##"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   1:50   r7-369d

        Mon 16 Nov   1:50
          +0:10  zen                \\!x
          +0:20  zen                \\\server\share
          +0:10  "acme/ops center"  \\!x
          +0:10  "?"                \\!x
          +0:10  "-"                \\!x
          +0:10  ""                 \\!x
          +0:10  "!x"               \\!x
          +0:10  "\"x\" \\y\n"      \\!x
          +0:10  #1                 \\!x
          +0:10  " "                \\!x
    "##]]
    .assert_eq(&text);
    super::read::assert_reads_back(&sheet);
}

#[test]
fn notes_are_one_line() {
    let heading = Heading {
        revision: Revision(1),
        unbilled: Vec::new(),
        doubts: vec!["two\nlines".to_owned(), " ".to_owned()],
        usual: Vec::new(),
    };
    let mut pieces = ledger("16 09:00-10:00 zen\n16 10:00-11:00 zen").pieces();
    pieces[0].note = Some(" a\r\nb\tc\u{2028}d ".to_owned());
    pieces.extend(ledger("16 11:00-12:00 zen").pieces());
    pieces[1].note = Some(" \n ".to_owned());
    let week = "2026-W47".parse().unwrap();
    let sheet = Sheet::of(week, &super::ledger::berlin(), heading, pieces, []);
    expect![[r#"
        # 2026-W47   Mon 16 Nov – Sun 22 Nov 2026   3:00   r1-3af2
        # ? two lines

        Mon 16 Nov   3:00
          09:00-11:00  zen  a  b c d
          11:00-12:00  zen
    "#]]
    .assert_eq(&print(&sheet));
}

#[test]
fn formatting_aligns_and_keeps_every_field() {
    let text = "\u{feff}#  2026-W47   r7  \r\n\r\n\r\n Mon   16 Nov 5:23  \n9:02 – 10:47 acme/api ! \\!odd  note \n\
                \t+0:45\t\"ops  center\"\n  # mine \n+1:0 broken   line \n~0:04 ?\n\nwed\n8:00-9:00 -";
    let formatted = format(&parse(text));
    let shown = formatted
        .replace('\u{feff}', "<mark>")
        .replace('\r', "<return>")
        .replace(" \n", "<blank>\n");
    expect![[r#"
        <mark>#  2026-W47   r7<return>
        <return>
        <return>
        Mon 16 Nov   5:23
          09:02-10:47  acme/api       ! \!odd  note
          +0:45        "ops  center"
          # mine
        +1:0 broken   line<blank>
          ~0:04        ?

        wed
          08:00-09:00  -"#]]
    .assert_eq(&shown);
    assert_eq!(format(&parse(&formatted)), formatted);
}

use std::io::BufReader;

use super::*;

/// All records, as `line: field|field`, and `line: broken`.
fn check(text: &[u8], expected: &[&str]) {
    // However the bytes come in, the records are the same.
    for capacity in [1, 2, 7, 64 * 1024] {
        let mut records = Records::new(BufReader::with_capacity(capacity, text), b',');
        let mut record = Record::default();
        let mut found = Vec::new();
        while records.next(&mut record).unwrap() {
            let what = if record.is_broken {
                "broken".to_owned()
            } else {
                record.fields().join("|")
            };
            found.push(format!("{}: {what}", record.line));
        }
        assert_eq!(found, expected, "read by {capacity}");
    }
}

#[test]
fn records_have_the_line_on_which_they_begin() {
    check(b"a,b\nc,d\n", &["1: a|b", "2: c|d"]);
    check(b"a,b\r\n\r\nc,d", &["1: a|b", "3: c|d"]);
    check(b"\n\n\"a\nb\",c\nd,e\n", &["3: a\nb|c", "5: d|e"]);
    check(b"\"say \"\"hi\"\"\",x\n", &["1: say \"hi\"|x"]);
    check(b"", &[]);
    check(b"\n\r\n", &[]);
}

#[test]
fn a_quotation_mark_that_is_not_closed_costs_its_own_line_alone() {
    check(
        b"a,b\n\"never closed\n\"c\",\"d\"\n\"e\",\"f\"\n",
        &["1: a|b", "2: broken", "3: c|d", "4: e|f"],
    );
    check(
        b"a,b\n\"open,\n1,2\n3,4\n",
        &["1: a|b", "2: broken", "3: 1|2", "4: 3|4"],
    );
    check(b"a,b\n\"cut in the mid", &["1: a|b", "2: broken"]);
    // Inside of a field it is a letter like any other.
    check(b"a,5\" disk\nb,c\n", &["1: a|5\" disk", "2: b|c"]);
}

#[test]
fn a_mark_that_swallows_everything_is_given_up_soon() {
    let mut text = b"a,b\n\"".to_vec();
    for number in 0..20_000 {
        text.extend(format!("{number},{number}\n").bytes());
    }
    let mut records = Records::new(BufReader::new(&*text), b',');
    let mut record = Record::default();
    let (mut whole, mut broken) = (0, 0);
    while records.next(&mut record).unwrap() {
        if record.is_broken {
            broken += 1;
        } else {
            whole += 1;
        }
    }
    assert_eq!((whole, broken), (20_000, 1));
}

#[test]
fn bytes_that_are_no_utf8_are_windows_1252_field_by_field() {
    check(
        b"M\xfcller,M\xc3\xbcller\n\x80,a\0b\n",
        &["1: M\u{fc}ller|M\u{fc}ller", "2: \u{20ac}|ab"],
    );
}

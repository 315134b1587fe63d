use super::*;

fn header(words: &[&str]) -> Header {
    Header::new(words)
}

#[test]
fn a_header_in_any_language_has_the_same_columns() {
    let lines: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 44);
    for line in lines {
        let mut words: Vec<&str> = line.split('\t').collect();
        let language = words.remove(0);
        let kimai = Kimai::of(&header(&words)).expect(language);
        let found = [
            (kimai.date, Word::Date),
            (kimai.from, Word::Begin),
            (kimai.to, Word::End),
            (kimai.duration, Word::Duration),
            (kimai.customer, Word::Customer),
            (kimai.project, Word::Project),
            (kimai.activity, Word::Activity),
            (kimai.description, Word::Description),
            (kimai.billable, Word::Billable),
            (kimai.exported, Word::Exported),
            (kimai.user, Word::User),
            (kimai.currency, Word::Currency),
            (kimai.hourly, Word::HourlyRate),
            (kimai.price, Word::Rate),
            (kimai.tags, Word::Tags),
        ];
        for (column, word) in found {
            assert_eq!(column, Column(Some(word as usize)), "{language}: {word:?}");
        }
    }
}

#[test]
fn an_end_lies_on_the_day_that_the_length_asks_for() {
    let at = |text: &str| text.parse::<NaiveDateTime>().expect("a time");
    let end = |from: &str, to: &str, minutes: i64| end_of(at(from), at(to), Length::from_minutes(minutes)).to_string();
    let (ten, eleven) = ("2020-07-04T22:00:00", "2020-07-04T23:00:00");
    assert_eq!(end(ten, eleven, 60), "2020-07-04 23:00:00");
    assert_eq!(end(ten, eleven, 25 * 60), "2020-07-05 23:00:00");
    // Clock times are cut to the minute.
    assert_eq!(end(ten, eleven, 25 * 60 - 1), "2020-07-05 23:00:00");
    assert_eq!(end(ten, eleven, 3 * 24 * 60), "2020-07-06 23:00:00");
    // A break inside, or a length above the span, moves nothing.
    assert_eq!(end(ten, eleven, 30), "2020-07-04 23:00:00");
    assert_eq!(end(ten, eleven, 10 * 60), "2020-07-04 23:00:00");
}

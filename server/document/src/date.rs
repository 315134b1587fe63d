//! Days and periods as they are printed.

use chrono::{Datelike, NaiveDate};

use crate::words::{Dates, Words};

/// Prints a day: `22 Nov 2026`, `Nov 22, 2026`, `22.11.2026` or `2026-11-22`.
pub(crate) fn day(date: NaiveDate, words: &Words) -> String {
    let name = |months: &[&'static str; 12]| months.get(date.month0() as usize).copied().unwrap_or_default();
    match &words.form.dates {
        Dates::Named(months) => format!("{}\u{a0}{}\u{a0}{}", date.day(), name(months), date.year()),
        Dates::MonthFirst(months) => format!("{}\u{a0}{},\u{a0}{}", name(months), date.day(), date.year()),
        Dates::YearFirst => date.to_string(),
        Dates::Digits(between) => format!("{:02}{between}{:02}{between}{}", date.day(), date.month(), date.year()),
    }
}

/// Prints a day with its day of the week: `Sun 22 Nov 2026` or `So 22.11.2026`.
pub(crate) fn weekday(date: NaiveDate, words: &Words) -> String {
    let weekday = words.weekdays.get(date.weekday().num_days_from_monday() as usize);
    format!("{}\u{a0}{}", weekday.unwrap_or(&""), day(date, words))
}

/// Prints the first and last day of a period, or its only day.
pub(crate) fn period((first, last): (NaiveDate, NaiveDate), words: &Words) -> String {
    if first == last {
        day(first, words)
    } else {
        format!("{} – {}", day(first, words), day(last, words))
    }
}

#[cfg(test)]
mod tests {
    use keeptab_core::invoice::Language;

    use super::*;

    fn check(language: Language, first: &str, last: &str, expected: &str) {
        let printed = period((first.parse().unwrap(), last.parse().unwrap()), Words::of(language));
        assert_eq!(printed.replace('\u{a0}', " "), expected);
    }

    #[test]
    fn dates_follow_the_language() {
        check(Language::En, "2026-11-22", "2026-11-22", "22 Nov 2026");
        check(Language::De, "2026-11-22", "2026-11-22", "22.11.2026");
        check(Language::En, "2026-03-01", "2026-03-31", "1 Mar 2026 – 31 Mar 2026");
        check(Language::De, "2026-03-01", "2026-12-31", "01.03.2026 – 31.12.2026");
    }

    #[test]
    fn weekdays_follow_the_language() {
        let day = "2026-11-22".parse().unwrap();
        for (language, expected) in [(Language::En, "Sun 22 Nov 2026"), (Language::De, "So 22.11.2026")] {
            assert_eq!(weekday(day, Words::of(language)).replace('\u{a0}', " "), expected);
        }
    }
}

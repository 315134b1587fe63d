//! Terms of payment that end with a month.

use chrono::{Datelike, Days, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The month's end in the terms of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MonthEnd {
    /// The days count from the end of the month of issue.
    Before,
    /// The days count from the day of issue; the invoice is due at the end of the month in which they end.
    After,
}

/// Returns the due date of an invoice of a day.
pub(super) fn due(issued: NaiveDate, days: u32, month_end: Option<MonthEnd>) -> NaiveDate {
    let plus = |day: NaiveDate| day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
    match month_end {
        None => plus(issued),
        Some(MonthEnd::Before) => plus(last_of_month(issued)),
        Some(MonthEnd::After) => last_of_month(plus(issued)),
    }
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    let first = day
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)));
    first.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_to_or_from_the_end_of_a_month() {
        let check = |issued: &str, days, expected: [&str; 3]| {
            let due = |month_end| due(issued.parse().unwrap(), days, month_end).to_string();
            let all = [due(None), due(Some(MonthEnd::Before)), due(Some(MonthEnd::After))];
            assert_eq!(all, expected, "{issued} and {days} days");
        };
        check("2026-11-10", 30, ["2026-12-10", "2026-12-30", "2026-12-31"]);
        check("2026-11-30", 0, ["2026-11-30", "2026-11-30", "2026-11-30"]);
        check("2026-12-15", 14, ["2026-12-29", "2027-01-14", "2026-12-31"]);
        // A leap year.
        check("2028-01-31", 29, ["2028-02-29", "2028-02-29", "2028-02-29"]);
    }
}

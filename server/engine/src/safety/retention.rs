//! Retention of backups.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;

/// Returns the days whose backups stay: the latest 7, and the newest of the latest 4 weeks and 12 months. Days, weeks and
/// months without a backup do not count, so an old backup stays until newer ones take its place.
pub(super) fn staying(days: &BTreeSet<NaiveDate>) -> BTreeSet<NaiveDate> {
    let newest = |most: usize, of: &dyn Fn(&NaiveDate) -> (i32, u32)| {
        let mut seen = BTreeSet::new();
        let newest = days.iter().rev().filter(|day| seen.insert(of(day))).take(most);
        newest.copied().collect::<Vec<_>>()
    };
    let mut staying: BTreeSet<NaiveDate> = days.iter().rev().take(DAYS).copied().collect();
    staying.extend(newest(WEEKS, &|day| (day.iso_week().year(), day.iso_week().week())));
    staying.extend(newest(MONTHS, &|day| (day.year(), day.month())));
    staying
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Makes a backup on each of some days, removes those that do not stay each time, and returns those that are left.
    fn live_through(days: impl IntoIterator<Item = NaiveDate>) -> BTreeSet<NaiveDate> {
        days.into_iter().fold(BTreeSet::new(), |mut there, day| {
            there.insert(day);
            staying(&there)
        })
    }

    #[test]
    fn a_week_a_month_and_a_year_of_daily_backups_stay() {
        let first: NaiveDate = "2025-01-01".parse().unwrap();
        let left = live_through((0..700).map(|day| first + Days::new(day)));
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        // Until Tuesday, 2026-12-01: the last days of 11 months and the Sundays of 3 weeks stand before the last week.
        assert_eq!(
            left,
            [
                "2026-01-31",
                "2026-02-28",
                "2026-03-31",
                "2026-04-30",
                "2026-05-31",
                "2026-06-30",
                "2026-07-31",
                "2026-08-31",
                "2026-09-30",
                "2026-10-31",
                "2026-11-15",
                "2026-11-22",
                "2026-11-25",
                "2026-11-26",
                "2026-11-27",
                "2026-11-28",
                "2026-11-29",
                "2026-11-30",
                "2026-12-01",
            ]
        );
    }

    proptest! {
        /// Removing backups one by one keeps every backup that a choice among all at once would keep.
        #[test]
        fn each_removal_leaves_what_later_ones_need(steps in vec(1_u64..20, 1..200)) {
            let mut day: NaiveDate = "2025-01-01".parse().unwrap();
            let days: Vec<NaiveDate> = steps.into_iter().map(|step| { day = day + Days::new(step); day }).collect();
            prop_assert_eq!(live_through(days.iter().copied()), staying(&days.into_iter().collect()));
        }
    }
}

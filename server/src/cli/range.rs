//! Ranges as options: `--today`, `--day`, `--week 2026-W47`, `--month 2026-11`, `--from D --to D`, `--all`.

use clap::Args;
use keeptab_core::calendar::{DayName, MonthName, Named, Range, WeekName};

/// The options that name a range.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RangeArgs {
    /// Today
    #[arg(long, group = "range")]
    today: bool,
    /// A day: 2026-11-16, yesterday, or monday for the latest one
    #[arg(long, group = "range", value_name = "DAY")]
    day: Option<DayName>,
    /// A week: 2026-W47, 47 for the latest of that number, or last
    #[arg(long, group = "range", value_name = "WEEK", allow_negative_numbers = true)]
    week: Option<WeekName>,
    /// A month: 2026-11, or last
    #[arg(long, group = "range", value_name = "MONTH", allow_negative_numbers = true)]
    month: Option<MonthName>,
    /// All time
    #[arg(long, group = "range")]
    all: bool,
    /// The first day, such as 2026-11-16 or monday
    #[arg(long, value_name = "DAY", conflicts_with = "range")]
    from: Option<DayName>,
    /// The last day; as the first unless given
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<DayName>,
}

impl RangeArgs {
    /// Returns the range; `None` if none was named.
    pub(super) fn range(&self) -> Option<Range> {
        Some(match *self {
            Self { today: true, .. } => Range::Today,
            Self { all: true, .. } => Range::All,
            Self { day: Some(day), .. } => Range::Named(Named::Day(day)),
            Self {
                week: Some(WeekName::Is(week)),
                ..
            } => Range::Week(week),
            Self { week: Some(week), .. } => Range::Named(Named::Week(week)),
            Self {
                month: Some(MonthName::Is(month)),
                ..
            } => Range::Month(month),
            Self { month: Some(month), .. } => Range::Named(Named::Month(month)),
            Self {
                from: Some(from), to, ..
            } => Range::Named(Named::Days(from, to.unwrap_or(from))),
            _ => return None,
        })
    }
}

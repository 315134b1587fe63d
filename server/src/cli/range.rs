//! Ranges as options: `--today`, `--week 2026-W47`, `--month 2026-11`, `--from D --to D`, `--all`.

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Args;
use keeptab_core::calendar::{Month, Range, Week};

/// The options that name a range.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RangeArgs {
    /// Today
    #[arg(long, group = "range")]
    today: bool,
    /// A week, such as 2026-W47
    #[arg(long, group = "range", value_name = "WEEK")]
    week: Option<Week>,
    /// A month, such as 2026-11
    #[arg(long, group = "range", value_name = "MONTH")]
    month: Option<Month>,
    /// All time
    #[arg(long, group = "range")]
    all: bool,
    /// The first day, such as 2026-11-16
    #[arg(long, value_name = "DAY", conflicts_with = "range")]
    from: Option<NaiveDate>,
    /// The last day; as the first unless given
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
}

impl RangeArgs {
    /// Returns the range; `None` if none was named.
    pub(super) fn range(&self) -> Result<Option<Range>> {
        Ok(match self {
            Self { today: true, .. } => Some(Range::Today),
            Self { all: true, .. } => Some(Range::All),
            Self { week: Some(week), .. } => Some(Range::Week(*week)),
            Self { month: Some(month), .. } => Some(Range::Month(*month)),
            Self {
                from: Some(from), to, ..
            } => {
                let to = to.unwrap_or(*from);
                if to < *from {
                    bail!("the range ends on {to}, before it begins on {from}\nhint: swap --from and --to");
                }
                Some(Range::Days(*from, to))
            }
            _ => None,
        })
    }
}

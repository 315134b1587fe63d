//! The use of the hours that were agreed for a project.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::instant::Length;
use crate::rule::ProjectId;

/// The per cent from which a budget is mentioned beside the project's time.
const NEAR: i64 = 80;

/// The time that a project has used of its budget, in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(into = "View")]
pub struct Budget {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The time used, billed or not.
    pub used: Length,
    /// The time agreed.
    pub agreed: Length,
}

/// The time that a project has used of its budget, in all.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Budget")]
struct View {
    /// The project.
    project: ProjectId,
    /// The time used, billed or not.
    used_seconds: i64,
    /// The time agreed.
    agreed_seconds: i64,
    /// The used share in per cent, rounded down.
    percent: i64,
}

impl Budget {
    /// Returns the used share in per cent, rounded down: 100 means that all of it is used.
    #[must_use]
    pub fn percent(&self) -> i64 {
        let (used, agreed) = (i128::from(self.used.millis()), i128::from(self.agreed.millis()));
        // A budget of zero hours is used up by any time.
        let percent = (used * 100).checked_div(agreed);
        percent.map_or(100, |percent| i64::try_from(percent).unwrap_or(i64::MAX))
    }

    /// Returns true from 80 per cent on.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.percent() >= NEAR
    }
}

/// Shown as `Website: 1:36 of 2:00 budgeted (80 %)`.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, used, agreed, .. } = self;
        write!(f, "{name}: {used} of {agreed} budgeted ({} %)", self.percent())
    }
}

impl From<Budget> for View {
    fn from(budget: Budget) -> Self {
        Self {
            percent: budget.percent(),
            project: budget.project,
            used_seconds: budget.used.whole_seconds(),
            agreed_seconds: budget.agreed.whole_seconds(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(used: Length, agreed: Length, expected: (i64, bool)) {
        let budget = Budget {
            project: ProjectId::new("web"),
            name: "Website".into(),
            used,
            agreed,
        };
        assert_eq!((budget.percent(), budget.is_near()), expected, "{budget}");
    }

    #[test]
    fn a_share_is_cut_so_that_100_means_all() {
        let hours = |hours: i64| Length::from_minutes(hours * 60);
        let less = |length: Length| length - Length::from_millis(1);
        check(Length::ZERO, hours(2), (0, false));
        check(less(Length::from_minutes(96)), hours(2), (79, false));
        check(Length::from_minutes(96), hours(2), (80, true));
        check(less(hours(2)), hours(2), (99, true));
        check(hours(2), hours(2), (100, true));
        check(hours(3), hours(2), (150, true));
        check(hours(1), Length::ZERO, (100, true));
    }
}

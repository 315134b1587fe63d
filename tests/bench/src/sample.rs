//! Several measurements of one value.

use std::time::Duration;

/// Values in the order in which they were measured.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    values: Vec<f64>,
}

impl Sample {
    /// Makes an empty sample.
    #[must_use]
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.values.push(value);
    }

    /// Adds a length of time, in milliseconds.
    pub fn add_time(&mut self, time: Duration) {
        self.add(time.as_secs_f64() * 1000.0);
    }

    /// Returns the smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.percentile(0)
    }

    /// Returns the value in the middle.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// Returns the greatest value.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.percentile(100)
    }

    /// Returns the smallest value that at least `percent` percent of the values do not exceed; not a number if there
    /// are no values.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self {
            values: values.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let sample: Sample = (1..=200).map(f64::from).collect();
        let found = [0, 50, 99, 100].map(|percent| sample.percentile(percent));
        let found = found.map(|number| format!("{number:.1}"));
        assert_eq!(found, ["1.0", "100.0", "198.0", "200.0"]);
        assert!(Sample::default().median().is_nan());
    }
}

//! The Markdown table.

use std::io::{Stdout, Write as _, stdout};

use anyhow::Result;

use crate::sample::Sample;

/// The unit of a value.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Megabytes of 1,000,000 bytes.
    Megabytes,
    /// Bytes.
    Bytes,
    /// Events a second.
    Events,
    /// A plain number.
    Times,
}

/// The target of a value.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// The ratio to the peer is at most this.
    Ratio(f64),
    /// The value is at most this.
    AtMost(f64),
    /// The value is at least this.
    AtLeast(f64),
    /// No target: measured to explain another line.
    None,
}

/// The head of a table of values beside a floor or a peer.
const VALUES: [&str; 5] = [
    "what",
    "measured: min · **median** · max",
    "floor or peer",
    "ratio",
    "reach",
];

/// Prints line by line, as soon as a value is measured. Lines with another head begin another table.
pub struct Table {
    out: Stdout,
    head: Vec<&'static str>,
}

impl Table {
    /// Prints nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            out: stdout(),
            head: Vec::new(),
        }
    }

    /// Prints a value; the ratio is that of the medians.
    ///
    /// # Errors
    ///
    /// If stdout is closed.
    pub fn row(
        &mut self,
        what: &str,
        unit: Unit,
        host: &Sample,
        peer: Option<(&str, &Sample)>,
        reach: Reach,
    ) -> Result<()> {
        let ratio = peer.map(|(_, sample)| host.median() / sample.median());
        let shown = peer.map_or_else(String::new, |(name, sample)| format!("{name} {}", unit.show(sample)));
        let times = ratio.map_or_else(String::new, |ratio| format!("{} ×", digits(ratio)));
        let held = reach.held(unit, host, ratio);
        self.line(&VALUES, &[what, &unit.show(host), &shown, &times, &held])
    }

    /// Prints a line below a head.
    ///
    /// # Errors
    ///
    /// If stdout is closed.
    pub fn line(&mut self, head: &[&'static str], cells: &[&str]) -> Result<()> {
        if self.head != head {
            if !self.head.is_empty() {
                writeln!(self.out)?;
            }
            writeln!(self.out, "| {} |", head.join(" | "))?;
            writeln!(self.out, "|{}", "---|".repeat(head.len()))?;
            head.clone_into(&mut self.head);
        }
        Ok(writeln!(self.out, "| {} |", cells.join(" | "))?)
    }
}

impl Reach {
    /// Returns the target in words, and a mark that says if a value reaches it; nothing without a target.
    #[must_use]
    pub fn held(self, unit: Unit, value: &Sample, ratio: Option<f64>) -> String {
        let (text, held) = match self {
            Self::Ratio(most) => (format!("≤ {most} ×"), ratio.is_some_and(|ratio| ratio <= most)),
            Self::AtMost(most) => (format!("≤ {}", unit.one(most)), value.median() <= most),
            Self::AtLeast(least) => (format!("≥ {}", unit.one(least)), value.median() >= least),
            Self::None => return String::new(),
        };
        format!("{text} {}", if held { "✓" } else { "✗" })
    }
}

impl Unit {
    /// Returns the smallest value, the median and the greatest.
    #[must_use]
    pub fn show(self, sample: &Sample) -> String {
        let (min, median, max) = (digits(sample.min()), digits(sample.median()), digits(sample.max()));
        let unit = self.name();
        if min == max {
            return format!("{median}{unit}");
        }
        format!("{min} · **{median}** · {max}{unit}")
    }

    /// Returns a value with its unit.
    #[must_use]
    pub fn one(self, value: f64) -> String {
        format!("{}{}", digits(value), self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => " ms",
            Self::Megabytes => " MB",
            Self::Bytes => " bytes",
            Self::Events => " events/s",
            Self::Times => "",
        }
    }
}

/// Writes a number with a sensible number of digits.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => grouped(&format!("{value:.0}")),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => short(&format!("{value:.1}")),
        size if size >= 0.1 || size == 0.0 => short(&format!("{value:.2}")),
        _ => format!("{value:.3}"),
    }
}

fn short(digits: &str) -> String {
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_matters() {
        let shown = [123_456.7, 1000.0, 123.4, 12.34, 10.0, 1.234, 2.0, 0.0, 0.0123].map(digits);
        assert_eq!(
            shown,
            ["123,457", "1,000", "123", "12.3", "10", "1.23", "2", "0", "0.012"]
        );
    }
}

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

/// Prints line by line, as soon as a value is measured.
pub struct Table {
    out: Stdout,
}

impl Table {
    /// Prints the head.
    ///
    /// # Errors
    ///
    /// If stdout is closed.
    pub fn begin() -> Result<Self> {
        let mut out = stdout();
        writeln!(
            out,
            "| what | measured: min · **median** · max | floor or peer | ratio | reach |"
        )?;
        writeln!(out, "|---|---|---|---|---|")?;
        Ok(Self { out })
    }

    /// Prints a line; the ratio is that of the medians.
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
        let held = match reach {
            Reach::Ratio(most) => Some((format!("≤ {most} ×"), ratio.is_some_and(|ratio| ratio <= most))),
            Reach::AtMost(most) => Some((format!("≤ {}", unit.one(most)), host.median() <= most)),
            Reach::AtLeast(least) => Some((format!("≥ {}", unit.one(least)), host.median() >= least)),
            Reach::None => None,
        };
        let held = held.map_or_else(String::new, |(text, held)| {
            format!("{text} {}", if held { "✓" } else { "✗" })
        });
        let measured = unit.show(host);
        Ok(writeln!(
            self.out,
            "| {what} | {measured} | {shown} | {times} | {held} |"
        )?)
    }
}

impl Unit {
    fn show(self, sample: &Sample) -> String {
        let (min, median, max) = (digits(sample.min()), digits(sample.median()), digits(sample.max()));
        let unit = self.name();
        if min == max {
            return format!("{median}{unit}");
        }
        format!("{min} · **{median}** · {max}{unit}")
    }

    fn one(self, value: f64) -> String {
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

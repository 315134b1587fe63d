//! A report with bars, for a window of an editor.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use keeptab_core::instant::Length;
use keeptab_core::money::{Amount, Currency};

use super::Report;

/// The longest bar, in characters.
const WIDTH: i64 = 24;
/// Characters that are filled from the left, by eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A line of a chart.
struct Line {
    name: String,
    seconds: i64,
    amount: String,
}

impl Report {
    /// Shows the time of each row with a bar in proportion, and of each client with more than one row.
    #[must_use]
    pub fn chart(&self) -> String {
        let total = Length::from_secs(self.total_seconds);
        let mut text = [vec![self.title(), total.to_string()], self.money()]
            .concat()
            .join("   ");
        text.push('\n');
        let mut lines: Vec<Line> = self.rows.iter().map(Line::of_row).collect();
        if self.unassigned_seconds > 0 {
            lines.push(Line::new("unassigned".into(), self.unassigned_seconds));
        }
        if lines.is_empty() {
            text += "\nNothing was tracked. Open a file in your editor and work.";
        }
        text += &bars(&lines);
        let clients = self.clients();
        if self.rows.len() > 1 && !clients.is_empty() {
            text = format!("{text}\n{}", bars(&clients));
        }
        self.notes.iter().for_each(|note| text.extend(["\n", note]));
        text
    }

    /// Returns the sum of all rows in each currency.
    fn money(&self) -> Vec<String> {
        let mut sums = BTreeMap::<Currency, Amount>::new();
        for (currency, amount) in self.rows.iter().filter_map(|row| row.currency.zip(row.amount)) {
            sums.entry(currency)
                .and_modify(|sum| *sum = *sum + amount)
                .or_insert(amount);
        }
        sums.into_iter()
            .map(|(currency, amount)| money(Some(currency), Some(amount)))
            .collect()
    }

    /// Adds the projects of each client up, in each currency.
    fn clients(&self) -> Vec<Line> {
        let mut sums = BTreeMap::<(&str, Option<Currency>), (i64, Option<Amount>)>::new();
        for row in self.rows.iter().filter(|row| row.project.is_some()) {
            let Some(client) = &row.client else { continue };
            let (seconds, amount) = sums.entry((client, row.currency)).or_default();
            *seconds += row.seconds;
            *amount = match (*amount, row.amount) {
                (Some(sum), Some(amount)) => Some(sum + amount),
                (sum, amount) => sum.or(amount),
            };
        }
        let line = |((client, currency), (seconds, amount)): ((&str, Option<Currency>), _)| Line {
            name: client.to_owned(),
            seconds,
            amount: money(currency, amount),
        };
        sums.into_iter().map(line).collect()
    }

    /// Shows the time by day, week or month of the report; empty if there is only one.
    #[must_use]
    pub fn chart_of_periods(&self) -> String {
        let periods = self.periods();
        if periods.len() < 2 {
            return String::new();
        }
        let line = |(period, seconds): (String, i64)| {
            let day = period.parse::<NaiveDate>();
            Line::new(day.map_or(period, |day| day.format("%a %-d %b").to_string()), seconds)
        };
        let lines: Vec<Line> = periods.into_iter().map(line).collect();
        // The report does not know when the rest was.
        let heading = if self.unassigned_seconds > 0 {
            "\n  without unassigned"
        } else {
            ""
        };
        format!("\n{heading}{}", bars(&lines))
    }
}

impl Line {
    fn new(name: String, seconds: i64) -> Self {
        Self {
            name,
            seconds,
            amount: String::new(),
        }
    }

    fn of_row(row: &super::Row) -> Self {
        let project = row.project.as_ref().map(ToString::to_string);
        let name = project.or_else(|| row.client.clone()).unwrap_or_else(|| "–".into());
        let name = row.day.iter().cloned().chain([name]).collect::<Vec<_>>().join("  ");
        Self {
            name,
            seconds: row.seconds,
            amount: money(row.currency, row.amount),
        }
    }
}

fn money(currency: Option<Currency>, amount: Option<Amount>) -> String {
    let both = currency.zip(amount);
    both.map(|(currency, amount)| format!("{currency} {amount}"))
        .unwrap_or_default()
}

fn bars(lines: &[Line]) -> String {
    let longest = lines.iter().map(|line| line.seconds).max().unwrap_or_default();
    let times: Vec<String> = lines
        .iter()
        .map(|line| Length::from_secs(line.seconds).to_string())
        .collect();
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let name = widest(&mut lines.iter().map(|line| line.name.chars().count()));
    let time = widest(&mut times.iter().map(String::len));
    let amount = widest(&mut lines.iter().map(|line| line.amount.len()));
    let bar = usize::try_from(WIDTH).unwrap_or_default();
    let shown = lines.iter().zip(&times).map(|(line, seconds)| {
        let filled = filled(line.seconds, longest);
        let text = format!(
            "\n  {:name$}  {seconds:>time$}  {filled:bar$}  {:>amount$}",
            line.name, line.amount
        );
        text.trim_end().to_owned()
    });
    shown.collect()
}

/// Returns a bar to the eighth of a character; time that there is shows, however short.
fn filled(seconds: i64, longest: i64) -> String {
    let eighths = seconds
        .saturating_mul(WIDTH * 8)
        .checked_div(longest)
        .unwrap_or_default();
    let eighths = eighths.clamp(i64::from(seconds > 0), WIDTH * 8);
    let whole = usize::try_from(eighths / 8).unwrap_or_default();
    let rest = usize::try_from(eighths % 8).unwrap_or_default();
    "█".repeat(whole) + EIGHTHS.get(rest).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn bars_are_in_proportion_and_columns_stand_under_one_another() {
        let mut lines = vec![
            Line::new("acme/api".into(), 18 * 3600 + 31 * 60),
            Line::new("shop".into(), 9 * 3600),
            Line::new("unassigned".into(), 1),
            Line::new("nothing".into(), 0),
        ];
        lines[0].amount = "EUR 1,759.45".into();
        lines[1].amount = "EUR 777.45".into();
        expect![[r"
            totals
              acme/api    18:31  ████████████████████████  EUR 1,759.45
              shop         9:00  ███████████▋                EUR 777.45
              unassigned   0:00  ▏
              nothing      0:00"]]
        .assert_eq(&format!("totals{}", bars(&lines)));
    }

    #[test]
    fn clients_are_added_up_under_their_projects_and_money_by_currency() {
        let row = |client: &str, project: &str, seconds, amount: &str, currency: &str| super::super::Row {
            client: Some(client.into()),
            project: Some(keeptab_core::rule::ProjectId::new(project)),
            day: None,
            seconds,
            billable_seconds: seconds,
            invoiced_seconds: 0,
            amount: currency
                .parse()
                .ok()
                .map(|currency| Amount::rounded(amount.parse().unwrap(), currency)),
            invoiced_amount: None,
            currency: currency.parse().ok(),
        };
        let report = Report {
            from: None,
            to: None,
            time_zone: "Etc/UTC".into(),
            rows: vec![
                row("acme", "acme/api", 7200, "190.00", "EUR"),
                row("acme", "acme/shop", 3600, "80.50", "EUR"),
                row("acme", "acme/us", 1800, "50.00", "USD"),
                row("own", "own", 900, "", ""),
            ],
            unassigned_seconds: 60,
            private_seconds: 0,
            total_seconds: 13560,
            budgets: Vec::new(),
            notes: Vec::new(),
        };
        expect![[r"
            all time   3:46   EUR 270.50   USD 50.00

              acme/api    2:00  ████████████████████████  EUR 190.00
              acme/shop   1:00  ████████████               EUR 80.50
              acme/us     0:30  ██████                     USD 50.00
              own         0:15  ███
              unassigned  0:01  ▏

              acme  3:00  ████████████████████████  EUR 270.50
              acme  0:30  ████                       USD 50.00
              own   0:15  ██"]]
        .assert_eq(&report.chart());
    }

    #[test]
    fn days_are_named_and_what_they_leave_out_is_said() {
        let row = |day: &str, seconds| super::super::Row {
            client: None,
            project: None,
            day: Some(day.into()),
            seconds,
            billable_seconds: 0,
            invoiced_seconds: 0,
            amount: None,
            invoiced_amount: None,
            currency: None,
        };
        let mut report = Report {
            from: None,
            to: None,
            time_zone: "Etc/UTC".into(),
            rows: vec![row("2026-11-16", 3600), row("2026-11-17", 1800), row("2026-11-17", 600)],
            unassigned_seconds: 60,
            private_seconds: 0,
            total_seconds: 6060,
            budgets: Vec::new(),
            notes: Vec::new(),
        };
        expect![[r"
            days

              without unassigned
              Mon 16 Nov  1:00  ████████████████████████
              Tue 17 Nov  0:40  ████████████████"]]
        .assert_eq(&format!("days{}", report.chart_of_periods()));
        report.rows.truncate(1);
        assert_eq!(report.chart_of_periods(), "");
    }

    #[test]
    fn a_bar_is_never_longer_than_its_place() {
        for (seconds, longest) in [
            (0, 0),
            (5, 0),
            (i64::MAX, 1),
            (i64::MAX, i64::MAX),
            (-5, 3),
            (1, i64::MAX),
        ] {
            assert!(filled(seconds, longest).chars().count() <= 24, "{seconds} of {longest}");
        }
    }
}

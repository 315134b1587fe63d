//! A report with bars, for a window of an editor.

use chrono::NaiveDate;
use keeptab_core::instant::Length;

use super::Report;

/// The longest bar, in characters.
const WIDTH: i64 = 24;
/// A character that is filled from the left by so many eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A line of a chart.
struct Line {
    name: String,
    seconds: i64,
    amount: String,
}

impl Report {
    /// Shows what each row comes to, and a bar in proportion.
    #[must_use]
    pub fn chart(&self) -> String {
        let total = Length::from_secs(self.total_seconds);
        let mut text = format!("{}   {total}\n", self.title());
        let mut lines: Vec<Line> = self.rows.iter().map(Line::of_row).collect();
        if self.unassigned_seconds > 0 {
            lines.push(Line::new("unassigned".into(), self.unassigned_seconds));
        }
        if lines.is_empty() {
            text += "\nNothing was tracked. Open a file in your editor and work.";
        }
        text += &bars(&lines);
        self.notes.iter().for_each(|note| text.extend(["\n", note]));
        text
    }

    /// Shows how the time lies in the days, weeks or months of the report; nothing where it is one.
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
        let amount = row.currency.zip(row.amount);
        Self {
            name,
            seconds: row.seconds,
            amount: amount
                .map(|(currency, amount)| format!("{currency} {amount}"))
                .unwrap_or_default(),
        }
    }
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

//! Views of answers: as JSON for programs, as text for people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::iter::repeat_n;

use keeptab_core::money::{Amount, Currency, Price};
use keeptab_core::plain;
use keeptab_core::rule::{ProjectId, Verdict};
use schemars::JsonSchema;
use serde::Serialize;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The project of a file or page, with the reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// The path or URL as it is compared.
    pub entity: String,
    /// True if an ignore rule names it.
    pub private: bool,
    /// The client's id.
    pub client: Option<String>,
    /// The project's id.
    pub project: Option<ProjectId>,
    /// The outcome of each rule, in config order.
    pub rules: Vec<RuleRow>,
}

/// The outcome of a rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleRow {
    /// The project; `None` for an ignore rule.
    pub project: Option<ProjectId>,
    /// The glob as written in the config.
    pub glob: String,
    /// The verdict: it won, or the reason why not.
    pub verdict: Verdict,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match (&self.project, &self.client) {
            _ if self.private => "private: stored as a bare instant".to_owned(),
            (Some(project), Some(client)) => format!("{project}, for {client}"),
            (Some(project), None) => format!("{project}, which has no client: counted, not billable"),
            (None, _) => "unassigned: no rule names it; add its folder to the paths of a project".to_owned(),
        };
        writeln!(f, "{}\n  {outcome}", plain::line(&self.entity))?;
        let words = |verdict| match verdict {
            Verdict::Won => "won",
            Verdict::Outranked => "matches; a rule with a longer prefix or an earlier place won",
            Verdict::Excepted => "matches; an exception (!) takes it out",
            Verdict::NoMatch => "does not match",
        };
        let row = |row: &RuleRow| {
            let project = row.project.as_ref().map_or("ignore", ProjectId::as_str);
            vec![row.glob.clone(), project.to_owned(), words(row.verdict).to_owned()]
        };
        let rows: Vec<Vec<String>> = self.rules.iter().map(row).collect();
        table(f, &["rule", "project", ""], &rows, &[])
    }
}

/// Clients and projects.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Catalogue {
    /// The clients, by id.
    pub clients: Vec<ClientRow>,
    /// The projects, in config order.
    pub projects: Vec<ProjectRow>,
}

/// A client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The unbilled seconds that could be invoiced.
    pub unbilled_seconds: i64,
    /// Its credit, by currency.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub credit: BTreeMap<Currency, Amount>,
}

/// A project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProjectRow {
    /// Its id.
    pub id: ProjectId,
    /// Its client.
    pub client: Option<String>,
    /// Its name.
    pub name: String,
    /// Its latest rate.
    pub rate: Option<Price>,
    /// The currency of the rate.
    pub currency: Currency,
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.clients.is_empty() && self.projects.is_empty() {
            return write!(
                f,
                "no clients and projects yet\nhint: `keeptab client add`, `keeptab project add`"
            );
        }
        for client in &self.clients {
            write!(f, "{}  {}", client.id, client.name)?;
            for (currency, credit) in &client.credit {
                write!(f, "  credit {currency} {credit}")?;
            }
            writeln!(f)?;
            self.write_projects(f, Some(&client.id))?;
        }
        if self.projects.iter().any(|project| project.client.is_none()) {
            writeln!(f, "(no client, not billable)")?;
            self.write_projects(f, None)?;
        }
        Ok(())
    }
}

impl Catalogue {
    fn write_projects(&self, f: &mut fmt::Formatter<'_>, client: Option<&str>) -> fmt::Result {
        for project in self
            .projects
            .iter()
            .filter(|project| project.client.as_deref() == client)
        {
            let rate = project
                .rate
                .map(|rate| format!("{} {}", project.currency, rate.shown(project.currency)));
            let rate = rate.unwrap_or_else(|| "no rate".into());
            writeln!(f, "  {}  {}  {rate}", project.id, project.name)?;
        }
        Ok(())
    }
}

/// The columns of a terminal that a description takes at most.
pub(super) const WIDEST: usize = 60;

/// Writes rows in columns, below their names; those of `right`, counted from 0, are aligned to the right. Empty columns are left
/// out.
///
/// # Errors
///
/// If the formatter fails.
pub fn table(f: &mut fmt::Formatter<'_>, head: &[&str], rows: &[Vec<String>], right: &[usize]) -> fmt::Result {
    table_with_sums(f, head, rows, right, &[])
}

/// Writes rows in columns, and below them sums: names from the second column on, and amounts in the last one.
pub(super) fn table_with_sums(
    f: &mut fmt::Formatter<'_>,
    head: &[&str],
    rows: &[Vec<String>],
    right: &[usize],
    sums: &[(String, String)],
) -> fmt::Result {
    let rows: Vec<_> = rows.iter().map(|row| cells(row, head.len())).collect();
    let mut widths = vec![0; head.len()];
    for row in &rows {
        for (widest, (width, _)) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(*width);
        }
    }
    let used: Vec<usize> = (0..head.len()).filter(|column| widths[*column] > 0).collect();
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let head = cells(&head, widths.len());
    for (widest, (width, _)) in widths.iter_mut().zip(&head) {
        *widest = (*widest).max(*width);
    }
    let sums: Vec<(String, &str)> = sums
        .iter()
        .map(|(name, amount)| (shortened(&plain::line(name), WIDEST), &**amount))
        .collect();
    let mut between = 0;
    if let [_, middle @ .., last] = &*used {
        widths[*last] = sums
            .iter()
            .map(|(_, amount)| columns(amount))
            .fold(widths[*last], usize::max);
        between = middle
            .iter()
            .map(|column| widths[*column] + 2)
            .sum::<usize>()
            .saturating_sub(2);
        // A long name widens the last column of text, not the first.
        let longest = sums.iter().map(|(name, _)| columns(name)).max().unwrap_or_default();
        if let Some(column) = middle.iter().rev().find(|column| !right.contains(column)) {
            widths[*column] += longest.saturating_sub(between);
            between = between.max(longest);
        }
    }
    let headed = head.iter().any(|(width, _)| *width > 0);
    let mut line = String::new();
    for row in headed.then_some(&head).into_iter().chain(&rows) {
        line.clear();
        for column in &used {
            let (width, text) = row.get(*column).map_or((0, ""), |(width, text)| (*width, text));
            let blank = widths[*column] - width;
            let (before, after) = if right.contains(column) { (blank, 0) } else { (0, blank) };
            // A width in a format is limited to 65,535.
            line.push_str("  ");
            line.extend(repeat_n(' ', before));
            line.push_str(text);
            line.extend(repeat_n(' ', after));
        }
        write!(f, "\n{}", line.trim_end())?;
    }
    let width = |column: Option<&usize>| column.map_or(0, |column| widths[*column]);
    let (first, last) = (width(used.first()), width(used.last()));
    for (name, amount) in sums {
        let blank = " ".repeat(between.saturating_sub(name.width()));
        let before = " ".repeat(last.saturating_sub(amount.width()));
        write!(f, "\n  {}  {name}{blank}  {before}{amount}", " ".repeat(first))?;
    }
    Ok(())
}

/// Returns the columns that a terminal needs for a text.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Returns the columns that a terminal needs for a letter; 0 for a mark.
pub(super) fn wide(letter: char) -> usize {
    letter.width().unwrap_or_default()
}

/// Returns the width of each cell of a row, and its text.
fn cells(row: &[String], count: usize) -> Vec<(usize, Cow<'_, str>)> {
    let cells = row.iter().take(count).map(|text| plain::line(text));
    cells.map(|text| (columns(&text), text)).collect()
}

/// Returns a text that takes at most `most` columns of a terminal; a longer one ends in an ellipsis.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
    let shown = ends.map_while(|end| text.get(..end).filter(|shown| shown.width() < most));
    format!("{}…", shown.last().unwrap_or_default().trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Shown(Vec<Vec<String>>, Vec<(String, String)>);

    impl fmt::Display for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            table_with_sums(f, &["", "project", "", "amount"], &self.0, &[0, 3], &self.1)
        }
    }

    fn row(cells: [&str; 4]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn wide_letters_take_two_columns_and_sums_no_column_of_their_own() {
        let rows = vec![row(["1", "a", "日本語", "1.00"]), row(["2", "bcd", "ab", "10.00"])];
        let sums = vec![
            ("less 10%: long-standing client".into(), "1.00".into()),
            ("net".into(), "1000.00".into()),
        ];
        let shown = Shown(rows, sums).to_string();
        let lines: Vec<&str> = shown.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "     project                          amount",
                "  1  a        日本語                    1.00",
                "  2  bcd      ab                       10.00",
                "     less 10%: long-standing client     1.00",
                "     net                             1000.00",
            ]
        );
    }

    #[test]
    fn a_column_may_be_wider_than_a_width_of_the_formatter() {
        let wide = "x".repeat(70_000);
        let rows = vec![row([&wide, "a", "", "1.00"]), row(["1", "b", "", "2.00"])];
        let shown = Shown(rows, vec![("net".into(), "3.00".into())]).to_string();
        let last: Vec<usize> = shown.lines().skip(2).map(str::len).collect();
        assert_eq!(last, [last[0]; 3]);
    }

    #[test]
    fn a_long_text_is_cut_at_columns() {
        assert_eq!(shortened("日本語", 6), "日本語");
        assert_eq!(shortened("日本語", 5), "日本…");
        assert_eq!(shortened("abc def", 5), "abc…");
    }

    proptest! {
        #[test]
        fn a_shortened_text_fits(text in "\\PC{0,80}", most in 1_usize..60) {
            let shown = shortened(&text, most);
            prop_assert!(shown.width() <= most, "{shown}");
            prop_assert!(text.width() > most || shown == text);
        }
    }
}

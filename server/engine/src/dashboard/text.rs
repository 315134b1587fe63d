//! The week and its totals as text bars, for a terminal: a letter stands for a project, a cell for some minutes.

use std::fmt::Write as _;

use keeptab_core::instant::Length;
use keeptab_core::timesheet::money;

use super::Dashboard;
use super::week::{Block, DayView, WeekView};

/// Seconds of a cell; of a long day, twice that.
const CELL: i64 = 15 * 60;
/// The most cells that fit beside a date and a total in 80 columns.
const MOST_CELLS: i64 = 60;
/// The letters of projects; further projects share one.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
/// The length of the bar of a whole week.
const BAR: i64 = 30;

const UNASSIGNED: char = '?';
const PRIVATE: char = '-';
const NOTHING: char = '·';
/// A project without a letter of its own.
const OTHER: char = '#';

/// The clock times between which a week is drawn, and the step.
struct Scale {
    from: i64,
    cells: i64,
    cell: i64,
}

impl Dashboard {
    /// Shows the week with its totals.
    #[must_use]
    pub fn text(&self) -> String {
        let Some(week) = self.weeks.last() else {
            return String::new();
        };
        let mut text = heading(week);
        let letters = self.letters(week);
        let Some(scale) = Scale::of(week) else {
            let _ = write!(text, "\n\n{}", self.empty());
            return text;
        };
        let _ = write!(text, "\n\n{:8}{}", "", scale.hours());
        for day in &week.days {
            let name = day.date.format("%a %-d").to_string();
            let total = Length::from_secs(day.seconds);
            let cells = scale.cells(day, &letters);
            if day.seconds == 0 {
                let _ = write!(text, "\n{name:8}{cells}");
            } else {
                let _ = write!(text, "\n{name:8}{cells} {total:>6}");
            }
        }
        text.push('\n');
        self.totals(&mut text, week, &letters);
        text
    }

    /// Returns the place of each letter's project, those with most time first.
    fn letters(&self, week: &WeekView) -> Vec<usize> {
        let name = week.week.to_string();
        let total = self
            .totals
            .iter()
            .find(|total| total.kind == "week" && total.name == name);
        let rows = total.map(super::Total::rows).unwrap_or_default();
        let mut projects: Vec<(i64, usize)> = rows
            .iter()
            .filter_map(|row| Some((-row.seconds, row.project?)))
            .collect();
        projects.sort_unstable();
        let mut letters: Vec<usize> = Vec::new();
        for (_, project) in projects {
            if !letters.contains(&project) {
                letters.push(project);
            }
        }
        letters
    }

    fn totals(&self, text: &mut String, week: &WeekView, letters: &[usize]) {
        let name = week.week.to_string();
        let Some(total) = self
            .totals
            .iter()
            .find(|total| total.kind == "week" && total.name == name)
        else {
            return;
        };
        let mut rows: Vec<(String, i64, String)> = Vec::new();
        for (place, project) in letters.iter().enumerate() {
            let of_it = total.rows().iter().filter(|row| row.project == Some(*project));
            let seconds = of_it.clone().map(|row| row.seconds).sum();
            let amounts = of_it.filter_map(|row| Some(money(row.currency?, row.amount?)));
            let id = self.names.projects.get(*project).map(|project| project.id.as_str());
            let label = format!("{} {}", letter(place), id.unwrap_or_default());
            rows.push((label, seconds, amounts.collect::<Vec<_>>().join(", ")));
        }
        if total.unassigned_seconds > 0 {
            rows.push((
                format!("{UNASSIGNED} unassigned"),
                total.unassigned_seconds,
                String::new(),
            ));
        }
        let width = rows
            .iter()
            .map(|(label, ..)| label.chars().count())
            .max()
            .unwrap_or_default();
        let most = rows
            .iter()
            .map(|(_, seconds, _)| *seconds)
            .max()
            .unwrap_or_default()
            .max(1);
        for (label, seconds, amount) in rows {
            let length = usize::try_from((seconds * BAR + most / 2) / most).unwrap_or_default();
            let bar = "█".repeat(length.max(1));
            let time = Length::from_secs(seconds);
            let line = format!("{label:<width$}  {bar:<30} {time:>6}   {amount}");
            let _ = write!(text, "\n{}", line.trim_end());
        }
    }

    /// Returns the next step for an empty week.
    fn empty(&self) -> &'static str {
        let any = self.totals.last().is_some_and(|total| total.seconds > 0);
        match (any, self.business.is_some(), self.names.projects.is_empty()) {
            (true, ..) => "No time in this week.",
            (false, false, _) => {
                "Nothing was tracked yet. `keeptab init` asks what an invoice needs; then work as always."
            }
            (false, true, true) => "Nothing was tracked yet. `keeptab project add` names a project and its folders.",
            (false, true, false) => "Nothing was tracked yet. Open a file of a project and work; it shows here.",
        }
    }
}

fn heading(week: &WeekView) -> String {
    let mut text = format!(
        "{}   {} – {}   {}",
        week.week,
        week.first.format("%a %-d %b"),
        week.last.format("%a %-d %b %Y"),
        Length::from_secs(week.seconds),
    );
    if !week.unbilled.is_empty() {
        let amounts = week.unbilled.iter().map(|sum| money(sum.currency, sum.amount));
        let _ = write!(text, "   {} unbilled", amounts.collect::<Vec<_>>().join(", "));
    }
    text
}

impl Scale {
    /// Returns the whole hours around all blocks; `None` if there is no time.
    fn of(week: &WeekView) -> Option<Self> {
        let blocks = week.days.iter().flat_map(|day| &day.blocks);
        let bounds = blocks.clone().filter_map(|block| block.from.zip(block.to));
        let hour = 3600;
        let from = bounds.clone().map(|(from, _)| from.div_euclid(hour) * hour).min();
        let to = bounds.map(|(_, to)| (to + hour - 1).div_euclid(hour) * hour).max();
        let (from, to) = match from.zip(to) {
            Some(bounds) => bounds,
            // Time without a clock has no place in a day.
            None if week.seconds > 0 => (9 * hour, 17 * hour),
            None => return None,
        };
        let fine = (to - from) / CELL <= MOST_CELLS;
        let cell = if fine { CELL } else { 2 * CELL };
        Some(Self {
            from,
            cells: ((to - from) / cell).clamp(1, 2 * MOST_CELLS),
            cell,
        })
    }

    /// Writes every second hour above its cell.
    fn hours(&self) -> String {
        let mut line = String::new();
        for cell in 0..self.cells {
            let at = self.from + cell * self.cell;
            let place = usize::try_from(cell).unwrap_or_default();
            if at % 7200 == 0 && line.len() <= place {
                let _ = write!(line, "{:<1$}{2}", "", place - line.len(), at / 3600);
            }
        }
        line
    }

    /// Draws a day: in each cell what most of it went to.
    fn cells(&self, day: &DayView, letters: &[usize]) -> String {
        let cell = |index| {
            let (start, end) = (self.from + index * self.cell, self.from + (index + 1) * self.cell);
            let over = |block: &&Block| match block.from.zip(block.to) {
                Some((from, to)) => to.min(end) - from.max(start),
                None => 0,
            };
            let most = day.blocks.iter().filter(|block| over(block) > 0).max_by_key(over);
            most.map_or(NOTHING, |block| sign(block, letters))
        };
        (0..self.cells).map(cell).collect()
    }
}

fn sign(block: &Block, letters: &[usize]) -> char {
    match block.project {
        Some(project) => letters.iter().position(|known| *known == project).map_or(OTHER, letter),
        None if block.more.private => PRIVATE,
        None => UNASSIGNED,
    }
}

fn letter(place: usize) -> char {
    LETTERS.get(place).map_or(OTHER, |letter| char::from(*letter))
}

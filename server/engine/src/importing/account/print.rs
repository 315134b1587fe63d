//! The account as people read it.

use std::fmt::{self, Write as _};

use keeptab_core::instant::Length;
use keeptab_core::plain::{self, counted};
use keeptab_core::rule::ProjectId;

use super::super::super::view::{columns, table};
use super::super::landing::hms;
use super::ImportView;
use super::fold::{COLUMNS, Said, folded, list, shortened};
use super::view::{Complaint, Part, ProjectPart};

/// Complaints that are shown; `--json` has more.
const SHOWN: usize = 20;

impl fmt::Display for ImportView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&folded(&Above(self).to_string()))?;
        self.say_rows_as_they_land(f)?;
        f.write_str(&folded(&Below(self).to_string()))
    }
}

/// The sizes and the sums.
struct Above<'v>(&'v ImportView);

/// The rows that stand out, and the outcome.
struct Below<'v>(&'v ImportView);

impl fmt::Display for Above<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.print_above(f)
    }
}

impl fmt::Display for Below<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say_cuts(f)?;
        say_complaints(f, "refused", self.0.refused_rows, &self.0.refused)?;
        say_complaints(f, "taken with a doubt", self.0.flagged_rows, &self.0.flagged)?;
        self.0.outcome(f)
    }
}

impl ImportView {
    fn print_above(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            write!(f, "{}: {}", file.file, file.source)?;
            if let Some(sheet) = &file.sheet {
                write!(f, ", sheet {sheet}")?;
            }
            if let Some(zone) = &file.time_zone {
                write!(f, ", clock times in {zone}")?;
            }
            if let Some(order) = file.dates {
                write!(f, ", dates {order}")?;
            }
            writeln!(f)?;
        }
        for skipped in &self.skipped {
            writeln!(f, "{}: left, {}", skipped.file, skipped.why)?;
        }
        writeln!(f, "\n{}: {}", counted(self.rows, "row"), part(&self.total))?;
        writeln!(f, "  new: {}", part(&self.new))?;
        if self.already_there != Part::default() {
            writeln!(f, "  already there: {}", part(&self.already_there))?;
        }
        if self.billed_changed > 0 {
            let verb = if self.dry_run { "will be" } else { "are" };
            writeln!(
                f,
                "  billed by the other tool since: {} {verb} marked",
                self.billed_changed
            )?;
        }
        if self.taken_away > 0 {
            let verb = if self.dry_run { "will be" } else { "are" };
            writeln!(
                f,
                "  replaced or taken back there since: {} {verb} taken away",
                counted(self.taken_away, "entry")
            )?;
        }
        if self.billed_elsewhere_seconds > 0 {
            let billed = Length::from_secs(self.billed_elsewhere_seconds);
            writeln!(f, "  billed by the other tool, never billed here: {billed}")?;
        }
        if let Some(unbilled) = self.unbilled_of_old() {
            writeln!(
                f,
                "  not billed yet: {unbilled}; `--billed-before DAY` says what was, now or with the same file again"
            )?;
        }
        if self.counted_seconds > 0 {
            let counted = Length::from_secs(self.counted_seconds);
            writeln!(f, "  the heartbeats by themselves count {counted}")?;
        }
        if self.others > 0 {
            writeln!(f, "  of other people, left out: {}", self.others)?;
        }
        if self.overlapping > 0 {
            let count = self.overlapping;
            writeln!(f, "  in several of the files, taken once: {count}")?;
        }
        if self.running > 0 {
            let lines: Vec<String> = self.running_lines.iter().take(SHOWN).map(u64::to_string).collect();
            writeln!(
                f,
                "  still running, left out: {} (line {})",
                self.running,
                lines.join(", ")
            )?;
        }
        if !self.left_out.is_empty() {
            let kinds: Vec<String> = self
                .left_out
                .iter()
                .map(|left| format!("{} ({})", left.what, left.rows))
                .collect();
            writeln!(f, "  no work, left out: {}", kinds.join(", "))?;
        }
        self.totals(f)
    }

    /// Shows a row as one line: folded, few would fit into the window of an editor.
    fn say_rows_as_they_land(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nas they land:")?;
        self.first
            .iter()
            .try_for_each(|row| writeln!(f, "  {}", shortened(row)))?;
        if self.total.entries > (self.first.len() + self.last.len()) as u64 {
            writeln!(f, "  …")?;
        }
        self.last.iter().try_for_each(|row| writeln!(f, "  {}", shortened(row)))
    }

    fn totals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.projects.is_empty() {
            return Ok(());
        }
        let time = |seconds: i64| Length::from_secs(seconds).to_string();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for client in &self.clients {
            let name = client.client.clone().unwrap_or_else(|| "–".into());
            rows.push(vec![
                name,
                "all of it".into(),
                time(client.seconds),
                spelled(client.name.as_ref()),
            ]);
            for project in self.projects.iter().filter(|project| project.client == client.client) {
                let id = project.project.as_ref().map_or("unassigned", ProjectId::as_str);
                rows.push(vec![
                    String::new(),
                    id.to_owned(),
                    time(project.seconds),
                    said_of(project),
                ]);
            }
        }
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| columns(cell))
                .max()
        };
        let width = (0..4)
            .map(|column| width(column).map_or(0, |width| width + 2))
            .sum::<usize>();
        if width > COLUMNS {
            return stacked(f, &rows);
        }
        table(f, &["client", "project", "time", ""], &rows, &[2])?;
        writeln!(f)
    }

    fn outcome(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.batch {
            Some(batch) => write!(
                f,
                "\nimported as {batch}; `keeptab import --undo {batch}` takes it back"
            ),
            None if self.dry_run && self.brings_something() => write!(f, "\nnothing is written yet"),
            None if self.billed_changed > 0 => {
                write!(
                    f,
                    "\nnothing new; marked anew: {}",
                    counted(self.billed_changed, "entry")
                )
            }
            None => write!(f, "\nnothing in it is new"),
        }?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Prints the sums of clients and projects whose names are too long for a table: the time first, and below it what does not
/// fit into the line.
fn stacked(f: &mut fmt::Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    for row in rows {
        let [client, project, time, said] = row.as_slice() else {
            continue;
        };
        let name = match client.as_str() {
            "" => format!("  {}", plain::line(project)),
            client => format!("{}  {project}", plain::line(client)),
        };
        let (line, said) = (format!("  {time:>8}  {name}"), plain::line(said));
        let gap = if columns(&line) + 2 + columns(&said) > COLUMNS {
            format!("\n{:14}", "")
        } else {
            "  ".to_owned()
        };
        let blank = if said.is_empty() { "" } else { &gap };
        write!(f, "\n{line}{blank}{said}")?;
    }
    writeln!(f)
}

/// Returns what is to be said of a project: that it is new, with its name and rate, and how its money compares.
fn said_of(project: &ProjectPart) -> String {
    let currency = project.currency.clone().unwrap_or_default();
    let mut said = Vec::new();
    if project.is_new {
        let rate = project.rate.as_ref().map(|rate| format!(" at {rate} {currency}"));
        let new = format!("new in keeptab.toml{}", rate.unwrap_or_default());
        said.push(new.trim_end().to_owned());
        said.push(spelled(project.name.as_ref()));
    }
    let money = &project.money;
    if let Some(configured) = &money.configured_rate
        && money.file_rates.iter().any(|rate| rate != configured)
    {
        let rates = money.file_rates.join(", ");
        said.push(format!("the file has {rates}, keeptab.toml {configured}"));
    } else if money.file_rates.len() > 1 {
        said.push(format!("rows at {}", money.file_rates.join(", ")));
    }
    if let (Some(file), Some(here)) = (&money.file_amount, &money.amount)
        && file != here
    {
        said.push(format!("{file} in the file, {here} here"));
    }
    said.retain(|said| !said.is_empty());
    said.join("; ")
}

/// Returns a name with signs in it, which its id does not have.
fn spelled(name: Option<&String>) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '/');
    match name {
        Some(name) if !name.chars().all(is_plain) => format!("for {name}"),
        _ => String::new(),
    }
}

pub(super) fn part(part: &Part) -> String {
    let mut words = Vec::new();
    let mut say = |count: u64, one: &str, many: &str| {
        if count > 0 {
            words.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    say(part.entries, "entry", "entries");
    say(part.heartbeats, "heartbeat", "heartbeats");
    say(part.corrections, "correction", "corrections");
    say(part.invoices, "invoice", "invoices");
    if words.is_empty() {
        return "nothing".into();
    }
    let mut text = words.join(", ");
    if part.entries > 0 {
        let _ = write!(text, ", {}", hms(Length::from_secs(part.seconds)));
    }
    text
}

fn say_complaints(f: &mut fmt::Formatter<'_>, what: &str, count: u64, complaints: &[Complaint]) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    writeln!(f, "\n{what}: {count}")?;
    let said = complaints.iter().map(|complaint| Said {
        file: &complaint.file,
        line: complaint.line,
        words: &complaint.why,
    });
    list(f, &said.collect::<Vec<_>>(), SHOWN, count)
}

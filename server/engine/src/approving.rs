//! The timesheet on paper, which a client signs off before the invoice.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use keeptab_core::calendar::Week;
use keeptab_core::cell::Cells;
use keeptab_core::clock::Clock;
use keeptab_core::correction::To;
use keeptab_core::instant::Instant;
use keeptab_core::timesheet::{Line, LineTime, Revision};
use keeptab_document::{TimesheetPaper, TimesheetRow, timesheet, timesheet_csv};
use keeptab_system::home::write_whole;

use super::Engine;
use super::checking::Built;
use super::done::{Details, Done};
use super::papers::unprintable;

/// The format of a timesheet for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// On paper, to be signed.
    Pdf,
    /// For a spreadsheet.
    Csv(Cells),
}

impl Engine {
    /// Writes a client's lines of a week to a file of its own. Without a client, the week must have time of one only.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, the client is unknown or not the only one, the time is to be decided on first, or the file cannot be
    /// written.
    pub fn approve(
        &mut self,
        week: Option<Week>,
        client: Option<&str>,
        format: SheetFormat,
        now: Instant,
    ) -> Result<Done> {
        let week = week.unwrap_or_else(|| self.week_at(now));
        let calendar = self.config.calendar;
        let Built { sheet, .. } = self.sheet(week, Revision(0), now)?;
        let mut rows: Vec<(&str, TimesheetRow)> = Vec::new();
        for day in &sheet.days {
            for line in &day.lines {
                let To::Project(id) = &line.to else { continue };
                let index = self.config.index_of(id);
                let Some((index, project)) = index.and_then(|index| Some((index, self.config.projects.get(index)?)))
                else {
                    continue;
                };
                let Some(client) = &project.client else { continue };
                let (from, to) = clocks(line, |at| Clock::of(&calendar, day.date, at).to_string());
                let row = TimesheetRow {
                    day: day.date,
                    from,
                    to,
                    length: line.time.length(),
                    project: project.terms.name.clone(),
                    // The sheet tells lines apart in the same way.
                    key: 2 * index + usize::from(line.billable),
                    note: line.note.clone(),
                    billable: line.billable && project.terms.billable,
                    paths: Vec::new(),
                };
                rows.push((client, row));
            }
        }
        let client = match client {
            Some(client) => client.to_owned(),
            None => one_client(&rows, week)?,
        };
        let buyer = self.config.clients.get(&client).with_context(|| {
            let known: Vec<&str> = self.config.clients.keys().map(String::as_str).collect();
            format!("there is no client `{client}`\nhint: clients are {}", known.join(", "))
        })?;
        let business = self.config.business.as_ref();
        let business = business.context("the config has no [business] yet\nhint: `keeptab init` asks for it")?;
        rows.retain(|(whose, _)| *whose == client);
        if rows.is_empty() {
            bail!("{week} has no time for {client}\nhint: `keeptab report --week {week}` shows what it has");
        }
        let mut paper = TimesheetPaper {
            seller: business.party.clone(),
            client: buyer.party.clone(),
            language: buyer.paper.language,
            period: calendar.week_of(week.monday()),
            time_zone: calendar.zone.name().to_owned(),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            signature: true,
            fonts: Vec::new(),
        };
        let missing = paper.missing_characters();
        if !missing.is_empty() {
            paper.fonts = self.papers().fonts_for(&buyer.paper, missing)?;
        }
        // A client signs it: no letter of it may be a box. A CSV needs no font.
        if let (SheetFormat::Pdf, Some(problem)) = (format, unprintable(&paper.missing_characters())) {
            bail!("{problem}");
        }
        let (bytes, ending) = match format {
            SheetFormat::Pdf => (timesheet(&paper)?, "pdf"),
            SheetFormat::Csv(cells) => (timesheet_csv(&paper, cells), "csv"),
        };
        let path: PathBuf = self.home.timesheets().join(format!("{week}-{client}.{ending}"));
        write_whole(&path, &bytes)?;
        Ok(Done::new(format!("what {week} holds for {client}"))
            .with(Details {
                week: Some(week),
                client: Some(client),
                ..Details::default()
            })
            .with_file(path))
    }
}

fn clocks(line: &Line, clock: impl Fn(Instant) -> String) -> (Option<String>, Option<String>) {
    let span = match &line.time {
        LineTime::Clock(span) => Some(*span),
        LineTime::Entry { span, .. } => *span,
        LineTime::Short(_) => None,
    };
    span.map(|span| (clock(span.start()), clock(span.end()))).unzip()
}

fn one_client(rows: &[(&str, TimesheetRow)], week: Week) -> Result<String> {
    let mut clients: Vec<&str> = rows.iter().map(|(client, _)| *client).collect();
    clients.sort_unstable();
    clients.dedup();
    match clients.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => bail!("{week} has no time for any client"),
        several => bail!(
            "{week} has time for several clients\nhint: say which with --client: {}",
            several.join(", ")
        ),
    }
}

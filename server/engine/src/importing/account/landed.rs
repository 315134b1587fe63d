//! Rows as they land, for the user to look at.

use chrono::NaiveDate;
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::{Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_store::NewEntry;

use super::super::landing::hms;

/// A row as it lands.
#[derive(Default)]
pub(super) struct Landed {
    line: u64,
    day: NaiveDate,
    span: Option<Span>,
    length: Length,
    project: String,
    note: String,
}

impl Landed {
    pub(super) fn take(&mut self, line: u64, entry: &NewEntry<'_>) {
        self.line = line;
        self.day = entry.day;
        self.span = entry.span;
        self.length = entry.length;
        entry
            .project
            .map_or("?", ProjectId::as_str)
            .clone_into(&mut self.project);
        entry.note.unwrap_or_default().clone_into(&mut self.note);
    }

    pub(super) fn shown(&self, calendar: Calendar) -> String {
        let times = self.span.map_or_else(
            || "no clock times".to_owned(),
            |span| {
                let (from, to) = (calendar.local(span.start()), calendar.local(span.end()));
                // A night ends on the next day; a longer entry says on which.
                let days = (to.date() - from.date()).num_days();
                let end = to.format(if days > 1 { "%a %-d %b %H:%M:%S" } else { "%H:%M:%S" });
                let next = if days == 1 && span.length() >= Length::from_minutes(24 * 60) {
                    to.format("%a ").to_string()
                } else {
                    String::new()
                };
                format!("{}-{next}{end} {}", from.format("%H:%M:%S"), calendar.zone.name())
            },
        );
        let (line, day, length) = (self.line, self.day.format("%a %-d %b %Y"), hms(self.length));
        let (project, note) = (&self.project, &self.note);
        format!("line {line}: {day}  {times}  {length}  {project}  {note}")
            .trim_end()
            .to_owned()
    }
}

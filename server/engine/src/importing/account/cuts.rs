//! Rows that overlap present time, and invoices that are not restored.

use std::fmt;

use anyhow::Result;
use keeptab_core::instant::Length;
use keeptab_core::plain::counted;
use keeptab_store::{At, By, Fate, Fault, Landings};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::super::invoicing::problems;
use super::super::landing::hms;
use super::fold::{Said, list};
use super::{Account, ImportView};

/// The most rows to show; `--json` has more.
const SHOWN: usize = 20;

/// The conflicts of an import with time and invoices that are there.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cuts {
    /// Rows that lose time that is counted or billed already.
    pub taken_rows: u64,
    /// The amount.
    pub taken_seconds: i64,
    /// The holders of that time.
    pub taken_by: Vec<TakenBy>,
    /// Rows that count beside an earlier one of their file.
    pub beside_rows: u64,
    /// The amount.
    pub beside_seconds: i64,
    /// The first of both.
    #[serde(rename = "cuts")]
    pub rows: Vec<CutView>,
    /// Invoices that are not restored; their time stays billed.
    pub unrestored: Vec<Unrestored>,
    /// Differences between the invoices to be restored and the hash chain that comes with them.
    pub chain: Vec<String>,
}

/// A row that does not count all of its time, or counts it beside another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CutView {
    /// The file.
    file: String,
    /// The line, from 1.
    line: u64,
    /// The part of its time that others hold.
    taken_seconds: i64,
    /// The part of its time that an earlier row of its file counts as well.
    beside_seconds: i64,
    /// The holders of that time.
    by: Vec<String>,
}

/// A holder of rows' time, with the number of those rows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TakenBy {
    /// The entries that have the time.
    by: String,
    /// The number of rows that lost time to them.
    rows: u64,
}

/// An invoice of an export that is not restored.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unrestored {
    /// The number of the invoice.
    number: String,
    /// The reason, in words.
    why: &'static str,
}

impl Account {
    /// Refuses a record that is known by its place.
    pub(in crate::importing) fn refuse_at(&mut self, at: At, why: String) {
        let file = self.file_at(at.file);
        self.refused.push(file, at.line, why);
    }

    /// Takes the placement of the rows.
    pub(in crate::importing) fn land(
        &mut self,
        landings: Landings,
        name: impl Fn(&By) -> Result<String>,
    ) -> Result<()> {
        (self.cuts.taken_rows, self.cuts.beside_rows) = (landings.taken.0, landings.beside.0);
        self.cuts.taken_seconds = landings.taken.1.whole_seconds();
        self.cuts.beside_seconds = landings.beside.1.whole_seconds();
        for (by, rows) in &landings.by {
            self.cuts.taken_by.push(TakenBy {
                by: name(by)?,
                rows: *rows,
            });
        }
        for cut in landings.cuts {
            self.cuts.rows.push(CutView {
                file: self.file_at(cut.at.file),
                line: cut.at.line,
                taken_seconds: cut.taken.whole_seconds(),
                beside_seconds: cut.beside.whole_seconds(),
                by: cut.by.iter().map(&name).collect::<Result<_>>()?,
            });
        }
        Ok(())
    }

    /// Takes what becomes of the invoices of an export.
    pub(in crate::importing) fn invoices(&mut self, fates: Vec<(String, Fate)>) {
        for (number, fate) in fates {
            let why = match fate {
                Fate::Restored | Fate::There => continue,
                Fate::Differs => "another invoice has this number here",
                Fate::Foreign => "this home has invoices of its own, or changed what it bills",
            };
            self.cuts.unrestored.push(Unrestored { number, why });
        }
    }

    /// Takes the faults of the export's hash chain. The faults after writing replace those of the file alone.
    pub(in crate::importing) fn doubt(&mut self, faults: Vec<Fault>) {
        if faults.is_empty() {
            return;
        }
        let said = problems(faults).into_iter();
        self.cuts.chain = said
            .map(|(invoice, problem)| match invoice {
                Some(number) => format!("{number}: {problem}"),
                None => problem,
            })
            .collect();
    }

    fn file_at(&self, file: u32) -> String {
        let index = usize::try_from(file).ok().and_then(|file| file.checked_sub(1));
        let file = index.and_then(|index| self.files.get(index));
        file.map_or_else(String::new, |file| file.file.clone())
    }
}

impl ImportView {
    /// Lists the rows that overlap time that is there already.
    pub(super) fn say_cuts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cuts = &self.cuts;
        let time = |seconds: i64| hms(Length::from_secs(seconds));
        if cuts.taken_rows > 0 {
            let (rows, seconds) = (cuts.taken_rows, time(cuts.taken_seconds));
            writeln!(
                f,
                "\nover time that is there already, not counted again: {}, {seconds}",
                counted(rows, "row")
            )?;
            let by = |by: &TakenBy| format!("{} ({})", by.by, counted(by.rows, "row"));
            writeln!(
                f,
                "  same time as {}",
                cuts.taken_by.iter().map(by).collect::<Vec<_>>().join(", ")
            )?;
            self.say_rows(f, rows, |cut| {
                (cut.taken_seconds > 0).then(|| (cut.taken_seconds, cut.by.join(", ")))
            })?;
        }
        if cuts.beside_rows > 0 {
            let (rows, seconds) = (cuts.beside_rows, time(cuts.beside_seconds));
            writeln!(
                f,
                "\nover earlier rows of their file, counted beside them: {}, {seconds}",
                counted(rows, "row")
            )?;
            self.say_rows(f, rows, |cut| {
                (cut.beside_seconds > 0).then(|| (cut.beside_seconds, String::new()))
            })?;
            writeln!(f, "  `--overlaps once` counts that time once")?;
        }
        if !cuts.unrestored.is_empty() {
            writeln!(
                f,
                "\ninvoices that are not restored; what they bill is marked as billed elsewhere:"
            )?;
            let say = |invoice: &Unrestored| writeln!(f, "  {}: {}", invoice.number, invoice.why);
            cuts.unrestored.iter().try_for_each(say)?;
        }
        if !cuts.chain.is_empty() {
            let count = cuts.chain.len();
            writeln!(f, "\nnot as it was written, by the hash chain of the export: {count}")?;
            let mut shown = cuts.chain.iter().take(SHOWN);
            shown.try_for_each(|problem| writeln!(f, "  {problem}"))?;
            let verb = if self.dry_run { "will name" } else { "names" };
            writeln!(f, "  `keeptab invoice verify` {verb} that from now on")?;
        }
        Ok(())
    }

    fn say_rows(
        &self,
        f: &mut fmt::Formatter<'_>,
        count: u64,
        said: impl Fn(&CutView) -> Option<(i64, String)>,
    ) -> fmt::Result {
        let rows = self.cuts.rows.iter().filter_map(|cut| Some((cut, said(cut)?)));
        let words = |(seconds, by): (i64, String)| match hms(Length::from_secs(seconds)) {
            time if by.is_empty() => time,
            time => format!("{time} ({by})"),
        };
        let rows: Vec<(&CutView, String)> = rows.map(|(cut, said)| (cut, words(said))).collect();
        let said = rows.iter().map(|(cut, words)| Said {
            file: &cut.file,
            line: cut.line,
            words,
        });
        list(f, &said.collect::<Vec<_>>(), SHOWN, count)
    }
}

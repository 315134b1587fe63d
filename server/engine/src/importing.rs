//! Import of history: files are read, shown, and written as one batch that can be undone.

mod account;
mod adopted;
mod batches;
mod files;
mod heartbeats;
mod landing;
mod names;
mod own;
mod rates;
mod reading;
mod survey;
mod tags;

use std::fmt::{self, Write as _};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use chrono_tz::Tz;
use keeptab_config::{Config, Edit};
use keeptab_core::entry::Overlaps;
use keeptab_core::instant::Instant;
use keeptab_import::{DateOrder, Draft, File, Found, Mapping, Row, Source, Wish, recognise};
use keeptab_store::{BatchId, By, Stage};
use tracing::warn;

use super::Engine;
use super::configuring::hold;
use super::done::{Details, Done};

pub use account::ImportView;
pub use batches::ImportList;
pub use survey::{Lacking, LongDay, Survey};

use account::Account;
use files::{Stamps, expand, ours, size};
use landing::{Arriving, Landed, Landing};
use names::Names;
use survey::Surveyed;
use tags::ProjectTags;

/// An import to run, with the user's choices.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of the user")]
#[derive(Clone, Debug, Default)]
pub struct ImportRequest {
    /// The files; a folder or an archive stands for the files in it.
    pub files: Vec<PathBuf>,
    /// The tool, or the name of a saved mapping.
    pub from: Option<String>,
    /// The sheet of a workbook; the first that can be read if `None`.
    pub sheet: Option<String>,
    /// The zone of clock times without one; the business's if `None`.
    pub zone: Option<Tz>,
    /// The order of dates.
    pub order: Option<DateOrder>,
    /// The columns by field.
    pub mapping: Option<Mapping>,
    /// The name under which the mapping is kept.
    pub save_mapping: Option<String>,
    /// The user whose rows are imported.
    pub user: Option<String>,
    /// Entries of other tools before this day count as billed, whatever the files say.
    pub billed_before: Option<NaiveDate>,
    /// True if overlapping rows of one file count their common time once.
    pub overlaps_once: bool,
    /// The tags that are projects, of tools that know tags alone.
    pub project_tags: Vec<String>,
    /// True if days above 24 hours are right.
    pub has_long_days: bool,
    /// True if a file may mark billed entries as unbilled.
    pub unbill: bool,
    /// True for a dry run.
    pub is_dry: bool,
    /// The progress callback.
    pub progress: Progress,
}

/// Told how many of how many bytes are read.
#[derive(Clone, Default)]
pub struct Progress(pub Option<Arc<dyn Fn(u64, u64) + Send + Sync>>);

impl Progress {
    fn tell(&self, done: u64, all: u64) {
        if let Some(tell) = &self.0 {
            tell(done, all);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}

/// Rows between two looks at how far it is.
const TELL_EVERY: u64 = 5_000;

/// The setting that stores the saved mappings.
const MAPPINGS: &str = "import.mappings";

/// The share of reading in the progress, in percent; writing has the rest.
const READING: u64 = 60;

impl Engine {
    /// Reads files, and writes the new rows unless it is a dry run.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or is of no known tool, the tool needs an answer first, or the store or the config cannot be
    /// written. Single rows that cannot be read are listed, not errors.
    pub fn import(&mut self, request: &ImportRequest, now: Instant) -> Result<ImportView> {
        let view = self.bring(request, now);
        // The import has succeeded or failed by now: leftovers in the staging area do not change that.
        if let Err(error) = self.store.unstage() {
            warn!("what an import staged is still there: {error:#}");
        }
        view
    }

    fn bring(&mut self, request: &ImportRequest, now: Instant) -> Result<ImportView> {
        let files = expand(&request.files)?;
        // Two imports at once would each take the other's rows for new ones.
        let _alone = hold(&self.home.database().with_extension("import-lock"))?;
        // The last import may have changed the config.
        self.reload(now)?;
        let config = self.config.clone();
        let wish = self.wish(request)?;
        let (files, skipped) = ours(files, &wish)?;
        let stamps = Stamps::of(&files);
        let mut surveys = Vec::new();
        for file in &files {
            surveys.push(survey::sample(&mut recognise(file, &wish)?, request)?);
        }
        let (names, mut account) = loop {
            match self.read((&files, &surveys), &wish, request, &config)? {
                Reading::Whole(names, account) => break (names, *account),
                Reading::Otherwise(file) => {
                    if let (Some(file), Some(sampled)) = (files.get(file), surveys.get_mut(file)) {
                        *sampled = survey::survey(&mut recognise(file, &wish)?, request)?;
                    }
                }
            }
        };
        stamps.check(&files)?;
        account.skipped = skipped;
        account.counted = self.count_staged(now)?;
        let overlaps = if request.overlaps_once {
            Overlaps::Once
        } else {
            Overlaps::Beside
        };
        let landings = self.store.land_staged(overlaps)?;
        let name = |by: &By| self.holder_name(by);
        account.land(landings, name)?;
        account.invoices(self.store.staged_invoices()?);
        account.doubt(self.store.staged_faults()?);
        self.settle(request, account, &names, now)
    }

    fn wish(&self, request: &ImportRequest) -> Result<Wish> {
        Ok(Wish {
            from: request.from.clone(),
            mapping: request.mapping.clone(),
            sheet: request.sheet.clone(),
            saved: self.mappings()?,
        })
    }

    /// Stages all rows of some files.
    fn read<'c>(
        &mut self,
        (files, surveys): (&[File], &[Surveyed]),
        wish: &Wish,
        request: &ImportRequest,
        config: &'c Config,
    ) -> Result<Reading<'c>> {
        let mut names = Names::new(config);
        let mut account = Account::default();
        let all = files.iter().map(size).sum::<u64>().max(1);
        let mut done = 0;
        let tell = |bytes: u64| request.progress.tell(bytes.min(all) * READING, all * 100);
        let mut stage = self.store.stage()?;
        for (nth, (file, known)) in files.iter().zip(surveys).enumerate() {
            if known.is_whole
                && let Some(lacking) = known.lacking(file, request)
            {
                return Err(lacking.into());
            }
            let mut source = recognise(file, wish)?;
            let landing = Landing {
                source: source.source,
                zone: request.zone.unwrap_or(config.calendar.zone),
                calendar: config.calendar,
                user: request.user.as_deref().map(str::to_lowercase),
                tags: ProjectTags::new(config, &request.project_tags),
            };
            account.begin(file, &source);
            stage.next_file();
            let input = source.open()?;
            let read = input.progress();
            let mut rows = 0_u64;
            let mut surveyed = Surveyed::default();
            let mut reader = Reader {
                source: source.source,
                names: &mut names,
                account: &mut account,
                stage: &mut stage,
                config,
                billed_before: request.billed_before,
            };
            let apart = |row: Row| (row.line, landing.arrive(row.found));
            let how = (input, known.conventions.clone());
            let read_by = reading::rows(&mut *source.importer, how, apart, |(line, arriving)| {
                rows += 1;
                if rows.is_multiple_of(TELL_EVERY) {
                    tell(done + read.load(Ordering::Relaxed));
                }
                if let Arriving::Entry(draft, _) | Arriving::Other(draft) = arriving {
                    surveyed.take(draft);
                }
                if let Arriving::Entry(draft, landed) = arriving {
                    surveyed.worked(draft);
                    if landed.as_ref().is_ok_and(|landed| landed.is_open) {
                        surveyed.open(&draft.tags);
                    }
                }
                reader.row(*line, arriving)
            })?;
            done += read.load(Ordering::Relaxed);
            tell(done);
            if !known.is_whole {
                if !read_by.hold() {
                    return Ok(Reading::Otherwise(nth));
                }
                surveyed.settle(&read_by);
                if let Some(lacking) = surveyed.lacking(file, request) {
                    return Err(lacking.into());
                }
            }
            if let Some(lacking) = surveyed.lacking_at_last(file, request) {
                return Err(lacking.into());
            }
            account.end(surveyed.needs_zone.then_some(landing.zone), read_by.order);
        }
        account.overlap(&stage.finish()?);
        Ok(Reading::Whole(names, Box::new(account)))
    }

    /// Returns the name of a holder of time.
    fn holder_name(&self, by: &By) -> Result<String> {
        Ok(match by {
            By::Invoice(invoice) => self.store.invoice_numbered(*invoice)?.number().to_string(),
            By::Elsewhere(number) => format!("{number} of another home"),
            By::Import(batch) => format!("import {}", batch.0),
            By::Entries => "entries that were typed in".to_owned(),
            By::Row => "an earlier row".to_owned(),
        })
    }

    /// Finishes an import or a dry run.
    fn settle(
        &mut self,
        request: &ImportRequest,
        mut account: Account,
        names: &Names<'_>,
        now: Instant,
    ) -> Result<ImportView> {
        if request.is_dry {
            let (all, there) = self.store.staged(request.unbill)?;
            return Ok(account.view(None, names, all, there, self.config()));
        }
        let all = self.store.staged_sizes()?;
        let adopted = names.adopted();
        if let Some(adopted) = &adopted {
            self.edit(&Edit::Adopt(adopted.clone()), now)?;
        }
        if let (Some(name), Some(mapping)) = (&request.save_mapping, &request.mapping) {
            self.save_mapping(name, mapping)?;
        }
        self.store.clear_unfinished(now)?;
        let rows = (all.entries + all.events).max(1);
        let progress = &request.progress;
        let tell = |done: u64| progress.tell(rows * READING + done * (100 - READING), rows * 100);
        let origin = account.origin();
        let names_of_files = account.file_names();
        let committed = self
            .store
            .commit_staged((&origin, &names_of_files), request.unbill, now, tell)?;
        for (at, why) in committed.refused {
            account.refuse_at(at, why);
        }
        account.doubt(committed.faults);
        if let (Some(batch), Some(adopted)) = (committed.batch, &adopted) {
            self.keep_adopted(batch, adopted)?;
        }
        self.look_at_roots()?;
        Ok(account.done(committed.batch, names, all, committed.amounts, self.config()))
    }

    /// Returns the questions to answer before files can be imported.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or is of no known tool.
    pub fn survey(&self, request: &ImportRequest) -> Result<Survey> {
        let wish = self.wish(request)?;
        let mut survey = Survey {
            zone: self.config.calendar.zone.name().to_owned(),
            ..Survey::default()
        };
        for file in ours(expand(&request.files)?, &wish)?.0 {
            match recognise(&file, &wish) {
                Ok(mut source) => {
                    let mut surveyed = survey::survey(&mut source, request)?;
                    surveyed.look_at_tags(&mut source, &ProjectTags::new(&self.config, &request.project_tags))?;
                    survey.add(&surveyed, source.source, request);
                }
                Err(error) => match error.downcast::<keeptab_import::Unknown>() {
                    Ok(unknown) => survey.unknown = Some((unknown.columns, unknown.guess)),
                    Err(error) => return Err(error),
                },
            }
        }
        Ok(survey)
    }

    /// Returns the imports that stand.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn imports(&self) -> Result<ImportList> {
        Ok(ImportList::new(self.store.batches()?, &self.config))
    }

    /// Takes an import back: the latest unless one is named.
    ///
    /// # Errors
    ///
    /// If there is no such import, an invoice bills a part of it, or the store or the config cannot be written.
    pub fn undo_import(&mut self, batch: Option<i64>, now: Instant) -> Result<Done> {
        let standing = self.store.batches()?;
        let latest = standing.last().map(|batch| batch.id);
        let batch = batch.map(BatchId).or(latest);
        let batch = batch.context("nothing was imported\nhint: `keeptab import FILE` brings history over")?;
        let undone = self.store.undo_batch(batch, now)?;
        let mut words = format!("import {} is taken back: {}", batch.0, batches::parts(&undone));
        if undone.reviewed > 0 {
            let changed = undone.reviewed;
            let _ = write!(
                words,
                "\n{changed} of its entries were changed in review; what they became stays"
            );
        }
        if let Some(sharing) = batches::sharing(&standing, batch) {
            let _ = write!(words, "\n{sharing}");
        }
        let removed = self.abandon_adopted(batch, now)?;
        if !removed.is_empty() {
            let _ = write!(words, "\nno longer in keeptab.toml: {}", removed.join(", "));
        }
        let data = Details {
            removed: Some(removed),
            import: Some(batch.0),
            taken_back_entries: Some(undone.entries),
            taken_back_heartbeats: Some(undone.heartbeats),
            reviewed: Some(undone.reviewed),
            ..Details::default()
        };
        Ok(Done::new(words).with(data))
    }

    fn mappings(&self) -> Result<Vec<(String, Mapping)>> {
        let text = self.store.setting(MAPPINGS)?;
        let known = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(known.unwrap_or_default())
    }

    fn save_mapping(&mut self, name: &str, mapping: &Mapping) -> Result<()> {
        let mut known = self.mappings()?;
        known.retain(|(other, _)| other != name);
        known.push((name.to_owned(), mapping.clone()));
        self.store.set_setting(MAPPINGS, Some(&serde_json::to_string(&known)?))
    }
}

/// The result of reading files.
enum Reading<'c> {
    /// All is staged.
    Whole(Names<'c>, Box<Account>),
    /// The rows of a file contradict its first rows: all of them have to be surveyed.
    Otherwise(usize),
}

/// Takes one row after the other.
struct Reader<'r, 's, 'c> {
    source: Source,
    names: &'r mut Names<'c>,
    account: &'r mut Account,
    stage: &'r mut Stage<'s>,
    config: &'c Config,
    billed_before: Option<NaiveDate>,
}

impl Reader<'_, '_, '_> {
    /// Takes a row. Only what no row is to blame for is an error.
    fn row(&mut self, line: u64, arriving: &mut Arriving) -> Result<()> {
        let refused = match arriving {
            Arriving::Entry(draft, Ok(landed)) => {
                self.entry(line, draft, landed)?;
                None
            }
            Arriving::Entry(_, Err(why)) => Some(mem::take(why)),
            Arriving::Other(_) => {
                self.account.others += 1;
                None
            }
            Arriving::Found(found) => self.found(line, found)?,
        };
        self.account.rows += 1;
        if let Some(why) = refused {
            self.account.refuse(line, why);
        }
        Ok(())
    }

    /// Takes a row that is not an entry, or returns the reason why it is refused.
    fn found(&mut self, line: u64, found: &mut Found) -> Result<Option<String>> {
        match found {
            Found::Heartbeat(sighting) => {
                self.account.heartbeats += 1;
                heartbeats::stage(self.stage, self.config, self.source, sighting)?;
            }
            Found::Own(own) => return own::stage(self, line, own),
            Found::Running => self.account.running.push(line),
            Found::Refused(why) => return Ok(Some(mem::take(why))),
            Found::Left(what) => self.account.left_out(mem::take(what)),
            Found::Aside | Found::Entry(_) => {}
        }
        Ok(None)
    }

    fn entry(&mut self, line: u64, draft: &Draft, landed: &Landed) -> Result<()> {
        let project = self.names.project(draft)?;
        for doubt in landed.doubt.iter().chain(&draft.doubt) {
            self.account.flag(line, doubt.clone());
        }
        let currency = project.as_ref().and_then(|id| self.names.currency(id));
        let rate = match &project {
            Some(id) if draft.billable.unwrap_or(true) => {
                let when = (landed.day, landed.length);
                let rate = self.account.rates.take(id, draft, when, self.config);
                if let Some(rate) = rate {
                    self.names.rate(id, draft, rate, when);
                }
                rate
            }
            _ => draft.own_rate,
        };
        let mut entry = landed.entry(line, (project.as_ref(), currency), (draft, rate));
        if self.billed_before.is_some_and(|first| entry.day < first) {
            entry.billed = Some(true);
        }
        self.stage.entry(&entry)?;
        self.account.entry(line, &entry);
        Ok(())
    }
}

/// Returns whether a tool's files bring entries by the clock of a zone that they do not name.
fn is_table(source: Source) -> bool {
    !matches!(source, Source::Wakatime | Source::Activitywatch | Source::Timewarrior)
}

#[cfg(test)]
mod tests;

//! Placement of staged entries with clock times among the time that is already there: no instant counts twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use keeptab_core::entry::{Beside, EntryId, Landed, Overlaps, Row as Stretch, Taken, counted_length, land};
use keeptab_core::instant::{Length, Span};
use rusqlite::Row;

use super::super::super::spans::{self, Holder, clock_times};
use super::super::super::{Store, entries};
use super::super::BatchId;
use super::commit::IS_THERE;
use super::extras::At;

/// Rows that are reported one by one; beyond that they are only counted.
const MOST: usize = 1_000;

/// A holder of time that a row overlaps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// An invoice, as the store numbers them.
    Invoice(i64),
    /// An invoice of another home, by its number.
    Elsewhere(String),
    /// An import.
    Import(BatchId),
    /// Entries that were typed in.
    Entries,
    /// An earlier row of these files.
    Row,
}

/// A row that does not count all of its time, or counts it beside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its place.
    pub at: At,
    /// The part of its time that others hold.
    pub taken: Length,
    /// The part of its time that an earlier row of its file counts as well.
    pub beside: Length,
    /// The holders of that time.
    pub by: Vec<By>,
}

/// The result of placing rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landings {
    /// The first rows that lose some of their time, or count it beside another.
    pub cuts: Vec<Cut>,
    /// The number of rows that lose time, and the time they lose.
    pub taken: (u64, Length),
    /// The number of rows that count beside earlier ones of their file, and that time.
    pub beside: (u64, Length),
    /// The number of rows that lose time to each holder.
    pub by: BTreeMap<By, u64>,
}

/// A staged row with clock times.
struct Staged {
    n: i64,
    at: At,
    span: Span,
    length: Length,
    /// For rows of an export: the spans that were free there, and whether the row counts beside rows of its file.
    settled: Option<(Vec<Span>, Beside)>,
}

impl Staged {
    fn read(row: &Row<'_>) -> Result<Option<Self>> {
        let Some(span) = clock_times(row, 3, 4)? else {
            return Ok(None);
        };
        let beside = row.get::<_, Option<i64>>(6)?;
        let settled = match beside {
            None => None,
            Some(code) => {
                let beside = if code == 0 { Beside::No } else { Beside::Rows };
                Some((
                    spans::read(Some(span), beside, row.get_ref(7)?.as_str_or_null()?)?,
                    beside,
                ))
            }
        };
        Ok(Some(Self {
            n: row.get(0)?,
            at: At {
                file: row.get(1)?,
                line: row.get::<_, i64>(2)?.try_into()?,
            },
            span,
            length: Length::from_millis(row.get(5)?),
            settled,
        }))
    }
}

/// The time that rows are placed on, and the results so far.
struct Ground<'s> {
    store: &'s Store,
    overlaps: Overlaps,
    /// The holders of instants, sorted by start; `next` is the place of the first that can meet the next rows.
    held: Vec<(Span, By)>,
    next: usize,
    /// The name that the overlapping rows of each file share.
    rows: HashMap<u32, String>,
    landings: Landings,
}

impl Store {
    /// Places the staged entries with clock times, and returns the rows that lose time, with the holders of that time.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or the temporary files cannot be written.
    pub fn land_staged(&mut self, overlaps: Overlaps) -> Result<Landings> {
        self.connection.execute("DELETE FROM stage.cut", [])?;
        let sql = "SELECT min(start_at), max(end_at) FROM stage.entry WHERE start_at < end_at";
        let reach = self.connection.query_row(sql, [], |row| clock_times(row, 0, 1))?;
        let Some(reach) = reach else {
            return Ok(Landings::default());
        };
        let mut ground = Ground {
            store: self,
            overlaps,
            held: self.held_before(reach)?,
            next: 0,
            rows: HashMap::new(),
            landings: Landings::default(),
        };
        let sql = format!(
            "SELECT staged.n, file, line, start_at, end_at, length, theirs.beside, theirs.free
             FROM stage.entry AS staged LEFT JOIN stage.own AS theirs ON theirs.n = staged.n
             WHERE start_at < end_at AND theirs.beside IS NOT 2 AND theirs.undone IS NOT 1 AND NOT {IS_THERE}
             ORDER BY start_at, staged.n"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([self.person.0])?;
        // Rows that overlap one another are placed together.
        let mut together: Vec<Staged> = Vec::new();
        let mut end = None;
        while let Some(row) = rows.next()? {
            let Some(row) = Staged::read(row)? else { continue };
            if end.is_some_and(|end| row.span.start() >= end) {
                ground.land(std::mem::take(&mut together))?;
                end = None;
            }
            end = end.max(Some(row.span.end()));
            together.push(row);
        }
        ground.land(together)?;
        Ok(ground.landings)
    }

    /// Returns the holders of the instants of a span, without entries that the staged files take away.
    fn held_before(&self, within: Span) -> Result<Vec<(Span, By)>> {
        let gone: HashSet<EntryId> = self.taken_away()?.into_iter().collect();
        let mut held = Vec::new();
        for (span, holder) in spans::held(&self.connection, self.person, within)? {
            held.push((span.span, by(&holder)));
        }
        for (entry, batch) in entries::near(&self.connection, self.person, within)? {
            if !gone.contains(&entry.id) {
                let by = batch.map_or(By::Entries, By::Import);
                held.extend(entry.free.iter().map(|span| (*span, by.clone())));
            }
        }
        held.sort();
        Ok(held)
    }
}

fn by(holder: &Holder) -> By {
    match holder {
        Holder::Invoice(invoice) => By::Invoice(*invoice),
        Holder::Elsewhere(number) => By::Elsewhere(number.clone()),
        Holder::Entry(_, Some(batch)) => By::Import(*batch),
        Holder::Entry(_, None) => By::Entries,
    }
}

impl Ground<'_> {
    /// Lands rows that reach into one another, which come in the order of time.
    fn land(&mut self, mut rows: Vec<Staged>) -> Result<()> {
        let spans = rows.iter().map(|row| row.span);
        let Some(whole) = spans
            .reduce(|one, other| Span::new(one.start().min(other.start()), one.end().max(other.end())).unwrap_or(one))
        else {
            return Ok(());
        };
        while self
            .held
            .get(self.next)
            .is_some_and(|(span, _)| span.end() <= whole.start())
        {
            self.next += 1;
        }
        let held = self
            .held
            .iter()
            .skip(self.next)
            .take_while(|(span, _)| span.start() < whole.end());
        let held: Vec<(Span, By)> = held
            .filter(|(span, _)| span.intersect(whole).is_some())
            .cloned()
            .collect();
        let alone = rows.len() == 1 && held.is_empty();
        if alone && rows.iter().all(|row| row.settled.is_none()) {
            return Ok(());
        }
        rows.sort_by_key(|row| row.n);
        let before: Taken = held.iter().map(|(span, _)| *span).collect();
        let mut taken = before.clone();
        let mut settled = Vec::new();
        for row in &rows {
            let free = row
                .settled
                .as_ref()
                .map(|(free, _)| -> Vec<Span> { free.iter().flat_map(|span| before.free(*span)).collect() });
            taken.extend(free.iter().flatten().copied());
            settled.push(free);
        }
        let new = rows.iter().filter(|row| row.settled.is_none());
        let stretches: Vec<Stretch> = new
            .map(|row| Stretch {
                file: row.at.file,
                span: row.span,
            })
            .collect();
        let mut landed = land(&stretches, &taken, self.overlaps).into_iter();
        for (row, settled) in rows.iter().zip(settled) {
            match settled {
                Some(free) => self.settled(row, &free, &held)?,
                None => self.landed(row, &landed.next().unwrap_or_default(), &held)?,
            }
        }
        Ok(())
    }

    /// Stores the placement of a row of an export: rows of one export were placed among each other by the home that
    /// wrote it.
    fn settled(&mut self, row: &Staged, free: &[Span], held: &[(Span, By)]) -> Result<()> {
        let Some((there, beside)) = &row.settled else {
            return Ok(());
        };
        let taken = counted_length(row.span, row.length, there) - counted_length(row.span, row.length, free);
        if there != free {
            let sql = "INSERT INTO stage.cut (n, free, beside) VALUES (?1, ?2, ?3)";
            let text = spans::write(Some(row.span), free);
            self.store
                .connection
                .prepare_cached(sql)?
                .execute((row.n, text, entries::code(*beside)))?;
        }
        self.tell(row, taken, Length::ZERO, held, false);
        Ok(())
    }

    fn landed(&mut self, row: &Staged, landed: &Landed, held: &[(Span, By)]) -> Result<()> {
        let text = spans::write(Some(row.span), &landed.free);
        if text.is_none() && !landed.shares {
            return Ok(());
        }
        let rows_key = if landed.shares { Some(self.rows_of(row)?) } else { None };
        let sql = "INSERT INTO stage.cut (n, free, beside, rows) VALUES (?1, ?2, ?3, ?4)";
        let is_beside = !landed.beside.is_zero();
        let beside = entries::code(if is_beside { Beside::Rows } else { Beside::No });
        self.store
            .connection
            .prepare_cached(sql)?
            .execute((row.n, text, beside, rows_key))?;
        let taken = row.length - counted_length(row.span, row.length, &landed.free);
        let is_held = |span: &Span| held.iter().any(|(other, _)| other.intersect(*span).is_some());
        let by_rows = !taken.is_zero() && !is_held(&row.span);
        self.tell(row, taken, landed.beside, held, by_rows);
        Ok(())
    }

    fn tell(&mut self, row: &Staged, taken: Length, beside: Length, held: &[(Span, By)], by_rows: bool) {
        let mut by: Vec<By> = Vec::new();
        if !taken.is_zero() {
            let meets = held.iter().filter(|(span, _)| span.intersect(row.span).is_some());
            by.extend(meets.map(|(_, by)| by.clone()));
            by.extend(by_rows.then_some(By::Row));
            by.sort();
            by.dedup();
            self.landings.taken.0 += 1;
            self.landings.taken.1 += taken;
        }
        if !beside.is_zero() {
            self.landings.beside.0 += 1;
            self.landings.beside.1 += beside;
        }
        for by in &by {
            *self.landings.by.entry(by.clone()).or_default() += 1;
        }
        if (!taken.is_zero() || !beside.is_zero()) && self.landings.cuts.len() < MOST {
            let at = row.at;
            self.landings.cuts.push(Cut { at, taken, beside, by });
        }
    }

    /// Returns the key that the overlapping rows of a row's file share: the fingerprint of the first of them.
    fn rows_of(&mut self, row: &Staged) -> Result<String> {
        if let Some(known) = self.rows.get(&row.at.file) {
            return Ok(known.clone());
        }
        let sql = "SELECT fingerprint FROM stage.entry WHERE n = ?1";
        let key: String = self.store.connection.query_row(sql, [row.n], |row| row.get(0))?;
        self.rows.insert(row.at.file, key.clone());
        Ok(key)
    }
}

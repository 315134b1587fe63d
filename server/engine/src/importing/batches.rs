//! The batches that are not undone, and the result of undoing one.

use std::fmt;

use chrono::NaiveDate;
use keeptab_config::Config;
use keeptab_core::instant::Length;
use keeptab_core::plain::counted;
use keeptab_store::{Batch, BatchId, Undone};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::view::table;

/// Describes the records that undoing removed.
pub(super) fn parts(undone: &Undone) -> String {
    match (undone.entries, undone.heartbeats) {
        (entries, 0) => counted(entries, "entry"),
        (0, heartbeats) => counted(heartbeats, "heartbeat"),
        (entries, heartbeats) => format!("{} and {}", counted(entries, "entry"), counted(heartbeats, "heartbeat")),
    }
}

/// Says which later imports of the same tool may lack rows once a batch is taken back: they left out those that it had. The
/// store does not know which rows they were.
pub(super) fn sharing(standing: &[Batch], undone: BatchId) -> Option<String> {
    let taken = standing.iter().find(|batch| batch.id == undone)?;
    let later: Vec<String> = standing
        .iter()
        .filter(|batch| batch.id.0 > undone.0 && batch.origin == taken.origin)
        .map(|batch| format!("import {} ({})", batch.id.0, batch.files))
        .collect();
    (!later.is_empty()).then(|| {
        format!(
            "rows of it that {} had too were left out there; import that file again, and they are back",
            later.join(", ")
        )
    })
}

/// The imports that stand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct ImportList(Vec<BatchRow>);

/// One of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct BatchRow {
    /// The number of the import, from 1.
    batch: i64,
    /// The format, such as `toggl`.
    source: String,
    /// The files that were read.
    files: String,
    /// The instant of the import.
    made_at: String,
    #[serde(skip)]
    day: NaiveDate,
    /// The number of entries that it brought.
    entries: u64,
    /// The time that it brought.
    seconds: i64,
    /// The number of heartbeats that it brought.
    heartbeats: u64,
    /// The first day of its time.
    from: Option<NaiveDate>,
    /// The last day of its time.
    to: Option<NaiveDate>,
}

impl ImportList {
    pub(super) fn new(batches: Vec<Batch>, config: &Config) -> Self {
        let row = |batch: Batch| BatchRow {
            batch: batch.id.0,
            source: batch.origin,
            files: batch.files,
            made_at: batch.made_at.to_rfc3339(),
            day: config.calendar.day_of(batch.made_at),
            entries: batch.entries,
            seconds: batch.length.whole_seconds(),
            heartbeats: batch.heartbeats,
            from: batch.days.map(|(first, _)| first),
            to: batch.days.map(|(_, last)| last),
        };
        Self(batches.into_iter().map(row).collect())
    }
}

impl fmt::Display for ImportList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(f, "nothing was imported");
        }
        let rows: Vec<Vec<String>> = self
            .0
            .iter()
            .map(|row| {
                let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                vec![
                    row.batch.to_string(),
                    row.day.to_string(),
                    row.source.clone(),
                    row.files.clone(),
                    row.entries.to_string(),
                    Length::from_secs(row.seconds).to_string(),
                    row.heartbeats.to_string(),
                    day(row.from),
                    day(row.to),
                ]
            })
            .collect();
        let head = [
            "import",
            "on",
            "source",
            "files",
            "entries",
            "time",
            "heartbeats",
            "from",
            "to",
        ];
        table(f, &head, &rows, &[0, 4, 5, 6])
    }
}

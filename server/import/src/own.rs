//! keeptab's own export: everything that is kept, in one JSON file with a record a line, or in a folder of tables.
//! EXPORT.md documents it.

mod records;

use std::ops::ControlFlow;

use anyhow::{Context as _, Result, bail};
use keeptab_core::cell::exact;
use serde::de::DeserializeOwned;

use super::conventions::Conventions;
use super::header::Header;
use super::json::{Element, elements};
use super::records::LONGEST_OWN;
use super::table::{Cells, Layout, hand_over};
use super::tool::{Form, Tool, first_object, of_table, reader};
use super::{Each, Found, Importer, Input};

pub use records::{
    ApplyRecord, AssetRecord, ClaimRecord, CorrectionRecord, CreditRecord, DocumentRecord, ElsewhereRecord,
    EntryRecord, EventRecord, InvoiceRecord, LinkRecord, Own, PART, PaymentRecord, RootRecord, SeriesRecord,
    SourceRecord, UndoneRecord, VoidRecord,
};

pub(super) const TOOL: Tool = Tool {
    name: "keeptab",
    forms: &[
        Form::Table(|header, titles, _| of_table(OwnTable::of(header), titles)),
        Form::Text(|head, _| {
            first_object(head)?
                .starts_with("\"keeptab\"")
                .then_some(OwnJson)
                .and_then(reader)
        }),
    ],
};

/// The version of the format.
pub const FORMAT: u32 = 3;

/// The JSON file.
pub(super) struct OwnJson;

impl Importer for OwnJson {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        let mut newer = None;
        elements(input, &[], &mut |element: Element| {
            let own = element
                .value
                .and_then(|value| serde_json::from_value::<Own>(value).context("it is no record of keeptab's export"));
            if let Ok(Own::Keeptab(version)) = own
                && version > FORMAT
            {
                newer = Some(version);
                return ControlFlow::Break(());
            }
            hand_over(each, element.line, own.map(found))
        })?;
        match newer {
            Some(version) => bail!(
                "the export is of version {version}, which a newer keeptab wrote\nhint: install the newest version"
            ),
            None => Ok(()),
        }
    }
}

fn found(own: Own) -> Found {
    match own {
        Own::Keeptab(_) => Found::Aside,
        own => Found::Own(Box::new(own)),
    }
}

/// One of the tables.
pub(super) struct OwnTable {
    header: csv::StringRecord,
    kind: Kind,
    /// True to write the exact texts; else cells that a spreadsheet would run are guarded.
    is_raw: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Source,
    Event,
    Entry,
    Apply,
    Void,
    Correction,
    Undone,
    Invoice,
    Claim,
    Credit,
    Payment,
    Series,
    Root,
    Elsewhere,
    Asset,
    Document,
    Link,
}

impl OwnTable {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let kinds: [(Kind, &[&str]); 17] = [
            (Kind::Source, &["place", "device", "source", "taken"]),
            (Kind::Event, &["at", "device", "source", "seq", "kind", "entity"]),
            (Kind::Entry, &["entry", "day", "milliseconds", "billedelsewhere"]),
            (Kind::Correction, &["apply", "madeat", "from", "to", "change"]),
            (Kind::Apply, &["apply", "device", "n", "madeat", "undone"]),
            (Kind::Void, &["voided", "apply"]),
            (Kind::Undone, &["device", "first", "last"]),
            (Kind::Invoice, &["number", "kind", "issuedate", "content"]),
            (Kind::Claim, &["invoice", "line", "entry", "live"]),
            (Kind::Credit, &["invoice", "line", "creditnote"]),
            (Kind::Payment, &["invoice", "amount", "day"]),
            (Kind::Series, &["org", "month", "next", "lastdate"]),
            (Kind::Root, &["root", "real", "repository"]),
            (Kind::Elsewhere, &["elsewhere", "from", "to"]),
            (Kind::Asset, &["asset", "part", "bytes"]),
            (Kind::Document, &["invoice", "format", "sha256", "part", "bytes"]),
            (Kind::Link, &["n", "kind", "record", "hash"]),
        ];
        let (kind, _) = kinds.into_iter().find(|(_, names)| header.has(names))?;
        Some(Self {
            header: header.written().iter().collect(),
            kind,
            is_raw: header.has(&["raw"]),
        })
    }
}

impl Layout for OwnTable {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        let text = |cell: &String| {
            if self.is_raw {
                cell.clone()
            } else {
                exact(cell).to_owned()
            }
        };
        let record: csv::StringRecord = cells.fields().iter().map(text).collect();
        let own = match self.kind {
            Kind::Source => Own::Source(self.read(&record)?),
            Kind::Event => Own::Event(self.read(&record)?),
            Kind::Entry => Own::Entry(self.read(&record)?),
            Kind::Correction => Own::Correction(self.read(&record)?),
            Kind::Apply => Own::Apply(self.read(&record)?),
            Kind::Void => Own::Void(self.read(&record)?),
            Kind::Undone => Own::Undone(self.read(&record)?),
            Kind::Invoice => Own::Invoice(self.read(&record)?),
            Kind::Claim => Own::Claim(self.read(&record)?),
            Kind::Credit => Own::Credit(self.read(&record)?),
            Kind::Payment => Own::Payment(self.read(&record)?),
            Kind::Series => Own::Series(self.read(&record)?),
            Kind::Root => Own::Root(self.read(&record)?),
            Kind::Elsewhere => Own::Elsewhere(self.read(&record)?),
            Kind::Asset => Own::Asset(self.read(&record)?),
            Kind::Document => Own::Document(self.read(&record)?),
            Kind::Link => Own::Link(self.read(&record)?),
        };
        Ok(found(own))
    }

    fn longest(&self) -> Option<usize> {
        Some(LONGEST_OWN)
    }
}

impl OwnTable {
    fn read<T: DeserializeOwned>(&self, record: &csv::StringRecord) -> Result<T> {
        match record.deserialize(Some(&self.header)) {
            Ok(read) => Ok(read),
            Err(error) => bail!("it is no record of keeptab's export: {error}"),
        }
    }
}

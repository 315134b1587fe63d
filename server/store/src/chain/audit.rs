//! Computing the chain again, and comparing each record with its link.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use keeptab_core::chain::{Field, Hash, Record};
use keeptab_core::instant::Instant;
use rusqlite::Connection;

use super::kinds::{KINDS, Kind};
use super::{BEGIN, Store};

/// The chain as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Number of links.
    pub links: u64,
    /// The hash of the last link; `None` if there is none.
    pub head: Option<Hash>,
    /// Number of records that were there before they were linked, and the instant of linking; the last time counts.
    pub older: Option<(u64, Instant)>,
    /// The faults, links first.
    pub faults: Vec<Fault>,
}

/// A difference between stored records and the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A link does not follow from the one before it.
    Broken {
        /// Its place.
        n: u64,
    },
    /// Links between two others are gone.
    Gap {
        /// The place of the first that is gone.
        n: u64,
    },
    /// A record is gone.
    Gone {
        /// The record as its link names it.
        record: NamedRecord,
    },
    /// A record has no link.
    Unlinked {
        /// The record as it is stored.
        record: NamedRecord,
    },
    /// A field of a record differs from the value that was linked.
    Changed {
        /// The record.
        record: NamedRecord,
        /// The name of the field.
        field: String,
        /// The value that was linked.
        was: Option<Field>,
        /// The value that is stored.
        is: Option<Field>,
    },
}

/// A record by its kind and what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRecord {
    /// Its kind, without the version.
    pub kind: &'static str,
    /// The number of the invoice that it is about.
    pub invoice: Option<String>,
    /// The rest of its name: a line, a number, a format.
    pub place: Option<String>,
}

impl Store {
    /// Computes the chain again and compares each record with its link.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn chain(&self) -> Result<Chain> {
        audit(&self.connection)
    }
}

pub(crate) fn audit(connection: &Connection) -> Result<Chain> {
    let mut chain = follow(connection, "link")?;
    let mut faults = Vec::new();
    for kind in KINDS {
        compare(kind, connection, &mut faults)?;
    }
    // The other records of a lost invoice are gone with its number: only the invoice is reported.
    let mut lost = HashSet::new();
    for fault in &faults {
        if let Fault::Gone { record } | Fault::Unlinked { record } = fault
            && record.kind == "invoice"
        {
            lost.insert(record.invoice.clone());
        }
    }
    faults.retain(|fault| match fault {
        Fault::Gone { record } | Fault::Unlinked { record } => {
            record.kind == "invoice" || !lost.contains(&record.invoice)
        }
        _ => true,
    });
    chain.faults.append(&mut faults);
    Ok(chain)
}

/// Follows the links of a table.
pub(crate) fn follow(connection: &Connection, table: &str) -> Result<Chain> {
    let mut chain = Chain {
        links: 0,
        head: None,
        older: None,
        faults: Vec::new(),
    };
    let (mut before, mut next) = (Hash::ZERO, 1);
    let mut statement = connection.prepare(&format!("SELECT n, kind, record, hash FROM {table} ORDER BY n"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let n = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
        let (kind, record): (String, String) = (row.get(1)?, row.get(2)?);
        let hash = Hash::from_bytes(&row.get::<_, Vec<u8>>(3)?);
        if n != next {
            chain.faults.push(Fault::Gap { n: next });
        }
        let is_known = kind == BEGIN || KINDS.iter().any(|known| kind.split('/').next() == Some(known.name));
        if hash != Some(before.link(&kind, &record)) || !is_known {
            chain.faults.push(Fault::Broken { n });
        }
        if kind == BEGIN
            && let Some(begin) = Record::parse(&record)
            && let (Some(Field::Integer(at)), Some(Field::Integer(records))) = (begin.get("at"), begin.get("records"))
        {
            chain.older = Some((u64::try_from(*records).unwrap_or_default(), Instant::from_millis(*at)));
        }
        before = hash.unwrap_or(before);
        next = n + 1;
        chain.links += 1;
        chain.head = Some(before);
    }
    Ok(chain)
}

/// Compares the records of a kind with their links.
fn compare(kind: &Kind, connection: &Connection, faults: &mut Vec<Fault>) -> Result<()> {
    let mut linked = kind.linked(connection)?;
    kind.each(connection, |record| {
        let Some(links) = linked.remove(&kind.identity(&record)) else {
            faults.push(Fault::Unlinked {
                record: kind.named(&record),
            });
            return Ok(());
        };
        let text = record.to_string();
        for (place, (version, link)) in links.iter().enumerate() {
            if *link != text {
                let is_present = place + 1 == links.len() && *version == kind.version;
                let written = Record::parse(link).unwrap_or_default();
                differences(kind, &written, &record, is_present, faults);
            }
        }
        Ok(())
    })?;
    let gone: BTreeMap<String, String> = linked
        .into_iter()
        .filter_map(|(identity, links)| Some((identity, links.into_iter().next_back()?.1)))
        .collect();
    for link in gone.into_values() {
        let written = Record::parse(&link).unwrap_or_default();
        faults.push(Fault::Gone {
            record: kind.named(&written),
        });
    }
    Ok(())
}

/// Adds a fault for each field in which a record differs from its link. A link of an earlier version lacks later
/// fields, and may have fields that no longer exist.
pub(super) fn differences(kind: &Kind, written: &Record, record: &Record, is_present: bool, faults: &mut Vec<Fault>) {
    let mut changed = |field: &str, was: Option<&Field>, is: Option<&Field>| {
        faults.push(Fault::Changed {
            record: kind.named(record),
            field: field.to_owned(),
            was: was.cloned(),
            is: is.cloned(),
        });
    };
    for (field, was) in written.fields() {
        let is = record.get(field);
        if is != Some(was) && (is_present || kind.has(field)) {
            changed(field, Some(was), is);
        }
    }
    for (field, is) in record.fields() {
        if is_present && written.get(field).is_none() {
            changed(field, None, Some(is));
        }
    }
}

impl Kind {
    fn has(&self, field: &str) -> bool {
        let mut names = self.fields.iter().map(|(name, _)| *name);
        names.any(|name| {
            name.strip_suffix('*')
                .map_or(name == field, |start| field.starts_with(start))
        })
    }

    fn named(&self, record: &Record) -> NamedRecord {
        let of = |name: &str| record.get(name).map(ToString::to_string);
        let rest: Vec<String> = self
            .identity
            .iter()
            .filter(|name| **name != "invoice")
            .filter_map(|name| of(name))
            .collect();
        NamedRecord {
            kind: self.name,
            invoice: of("invoice"),
            place: (!rest.is_empty()).then(|| rest.join(" ")),
        }
    }
}

//! An export that is read back: it has all records that were written, and every record that these refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Result, bail};
use keeptab_import::{Conventions, File, Found, Own, Wish, recognise};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Count and hash of records, by kind.
#[derive(Clone, Default)]
pub(super) struct Tally {
    kinds: BTreeMap<String, (u64, Sha256)>,
    /// The numbers of entries, saves and invoices that the records have, and those that they refer to.
    there: BTreeSet<(&'static str, String)>,
    named: BTreeSet<(&'static str, String)>,
}

impl Tally {
    /// Adds a record.
    pub(super) fn take(&mut self, own: &Own) -> Result<()> {
        let Value::Object(record) = serde_json::to_value(own)? else {
            bail!("a record of the export is no record");
        };
        for (kind, mut fields) in record {
            if let Some(fields) = fields.as_object_mut() {
                // A table writes absent and empty values alike.
                fields.retain(|_, value| !value.is_null() && value != "");
            }
            let (count, hash) = self.kinds.entry(kind).or_default();
            *count += 1;
            hash.update(serde_json::to_vec(&fields)?);
            hash.update(b"\n");
        }
        self.name(own);
        Ok(())
    }

    /// Adds the name of a record, and the names that it refers to.
    fn name(&mut self, own: &Own) {
        let mut there = |kind, name: String| self.there.extend([(kind, name)]);
        let mut names = |kind, name: String| self.named.extend([(kind, name)]);
        match own {
            Own::Entry(record) => {
                there("entry", record.entry.to_string());
                record.apply.iter().for_each(|apply| names("save", apply.to_string()));
            }
            Own::Apply(record) => there("save", record.apply.to_string()),
            Own::Invoice(record) => {
                there("invoice", record.number.clone());
                record
                    .cancels
                    .iter()
                    .for_each(|number| names("invoice", number.clone()));
            }
            Own::Void(record) => {
                names("entry", record.voided.to_string());
                names("save", record.apply.to_string());
            }
            Own::Correction(record) => names("save", record.apply.to_string()),
            Own::Claim(record) => {
                names("invoice", record.invoice.clone());
                record.entry.iter().for_each(|entry| names("entry", entry.to_string()));
            }
            Own::Credit(record) => {
                names("invoice", record.invoice.clone());
                names("invoice", record.credit_note.clone());
            }
            Own::Payment(record) => {
                names("invoice", record.invoice.clone());
                record
                    .used_by
                    .iter()
                    .for_each(|number| names("invoice", number.clone()));
            }
            Own::Document(record) => names("invoice", record.invoice.clone()),
            Own::Keeptab(_)
            | Own::Source(_)
            | Own::Event(_)
            | Own::Undone(_)
            | Own::Series(_)
            | Own::Root(_)
            | Own::Elsewhere(_)
            | Own::Asset(_)
            | Own::Link(_) => {}
        }
    }

    /// Compares the records read with those written.
    fn compare(self, read: Self) -> Result<()> {
        if let Some((kind, name)) = read.named.difference(&read.there).next() {
            bail!("the export names {kind} {name}, and does not have it");
        }
        for (kind, (count, hash)) in self.kinds {
            let (found, again) = read.kinds.get(&kind).cloned().unwrap_or_default();
            if found != count {
                bail!("of {count} records of {kind}, {found} can be read back");
            }
            if hash.finalize() != again.finalize() {
                bail!("the records of {kind} do not read back as they were written");
            }
        }
        Ok(())
    }
}

/// Reads the files of an export and compares them with the written records.
///
/// # Errors
///
/// If a record is lost or changed, or refers to one that is not there.
pub(super) fn check<'f>(files: impl IntoIterator<Item = &'f Path>, written: Tally) -> Result<()> {
    let mut read = Tally::default();
    for file in files {
        let mut source = recognise(&File::new(file), &Wish::default())?;
        let input = source.open()?;
        let mut taken = Ok(());
        source.importer.read(input, &Conventions::default(), &mut |row| {
            taken = match &row.found {
                Found::Own(own) => read.take(own),
                Found::Refused(why) => Err(anyhow::anyhow!("line {} cannot be read back: {why}", row.line)),
                _ => Ok(()),
            };
            if taken.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        taken?;
    }
    written.compare(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_import::{ClaimRecord, VoidRecord};

    fn tally(records: &[Own]) -> Tally {
        let mut tally = Tally::default();
        for own in records {
            tally.take(own).unwrap();
        }
        tally
    }

    #[test]
    fn a_record_that_names_one_that_is_not_there_is_found() {
        let void = Own::Void(VoidRecord { voided: 7, apply: 1 });
        let written = tally(std::slice::from_ref(&void));
        let error = written.clone().compare(written).unwrap_err();
        assert!(error.to_string().contains("entry 7"), "{error}");
    }

    #[test]
    fn a_record_that_is_lost_or_changed_is_found() {
        let source = |taken| {
            Own::Source(keeptab_import::SourceRecord {
                place: 0,
                device: "a".into(),
                source: "vim".into(),
                taken,
            })
        };
        let written = tally(&[source(1), source(2)]);
        assert!(written.clone().compare(tally(&[source(1), source(2)])).is_ok());
        assert!(written.clone().compare(tally(&[source(1)])).is_err());
        assert!(written.compare(tally(&[source(1), source(3)])).is_err());
        let claim = Own::Claim(ClaimRecord {
            invoice: "JDS-202611-0001".into(),
            line: 0,
            from: None,
            to: None,
            entry: None,
            live: true,
            milliseconds: None,
            spans: None,
            claim: None,
        });
        assert!(tally(&[]).compare(tally(&[claim])).is_err());
    }
}

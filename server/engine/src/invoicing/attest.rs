//! Checks that records are unchanged: the hash chain, and the files in the folder of invoices.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::chain::{Field, Hash};
use keeptab_core::invoice::{Format, InvoiceNumber};
use keeptab_store::{Fault, InvoiceRow, NamedRecord};
use schemars::JsonSchema;
use serde::Serialize;

use super::verify::{Audit, Verification};
use crate::Engine;

/// The hash chain over everything that is only ever added.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ChainView {
    /// Number of links.
    pub links: u64,
    /// The hash of the last one, in hexadecimal digits.
    pub head: Option<String>,
    /// The records that are older than their links.
    pub older: Option<Older>,
    /// The place of the link that the given head names.
    pub noted: Option<u64>,
}

/// Records that were there before they were linked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Older {
    /// The number of them.
    pub records: u64,
    /// The instant at which they were linked, RFC 3339. A change before that does not show.
    pub attested: String,
    /// The same, as people read it.
    #[serde(skip)]
    shown: String,
}

/// Files of documents.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Files {
    /// Number of those that have the bytes rendered first.
    pub intact: usize,
    /// Those that had been rendered and were missing, and were written.
    pub written: Vec<PathBuf>,
    /// Those of documents that were never rendered, as after a crash while issuing, and were made.
    pub rendered: Vec<PathBuf>,
    /// Why some that are missing could not be made.
    pub trouble: Vec<String>,
}

impl Audit<'_> {
    /// Computes the chain again, and adds the records that differ from it.
    pub(super) fn verify_chain(&self, number: Option<&InvoiceNumber>, found: &mut Verification) -> Result<()> {
        let chain = self.store.chain()?;
        found.chain = ChainView {
            links: chain.links,
            head: chain.head.map(|head| head.to_string()),
            older: chain.older.map(|(records, at)| Older {
                records,
                attested: at.to_rfc3339(),
                shown: self.calendar.shown(at),
            }),
            noted: None,
        };
        for (invoice, problem) in problems(chain.faults) {
            let about = invoice.as_deref().and_then(|about| about.parse().ok());
            // A fault of no invoice concerns all.
            if number.is_none() || about.is_none() || about.as_ref() == number {
                let text = invoice.filter(|_| about.is_none());
                let text = text.map(|text| format!("{text}: {problem}"));
                found.wrong(about.as_ref(), text.unwrap_or(problem));
            }
        }
        Ok(())
    }

    /// Compares the chain with a hash that was its head once.
    pub(super) fn verify_head(&self, head: Hash, found: &mut Verification) -> Result<()> {
        found.chain.noted = self.store.link_of(&head)?;
        if found.chain.noted.is_none() {
            found.wrong(
                None,
                format!("the chain has no link {head}: it was written anew since that was noted"),
            );
        }
        Ok(())
    }
}

impl Engine {
    /// Compares the files of an invoice with the bytes that were rendered, writes those that are missing, and renders
    /// the documents that are missing.
    pub(super) fn verify_files(&mut self, row: &InvoiceRow, found: &mut Verification) -> Result<()> {
        let number = row.invoice.number();
        let stored = self.store.documents(number)?;
        let wanted = self.papers().formats(&row.invoice.content().client);
        for format in Format::ALL {
            let intact = stored
                .iter()
                .find(|(name, _)| name == format.name())
                .map(|(_, intact)| *intact);
            // Damaged bytes are named already, and are written nowhere.
            if intact == Some(false) || intact.is_none() && !wanted.contains(&format) {
                continue;
            }
            let path = self.home.invoices().join(format!("{number}{}", format.ending()));
            if path.exists() {
                let bytes = self.store.document(number, format)?;
                if bytes.is_some() && std::fs::read(&path).ok() == bytes {
                    found.files.intact += 1;
                } else {
                    let path = path.display();
                    let hint = format!("`keeptab invoice render {number} --format {format}` writes it again");
                    found.wrong(Some(number), format!("{path} is not what was rendered\nhint: {hint}"));
                }
                continue;
            }
            match self.write_document(&row.invoice, format) {
                Ok(path) if intact.is_none() => found.files.rendered.push(path),
                Ok(path) => found.files.written.push(path),
                Err(error) => found.files.trouble.push(format!("{number}: no {format}: {error:#}")),
            }
        }
        Ok(())
    }
}

/// Describes faults of the chain, each with the number of its invoice.
pub(crate) fn problems(faults: Vec<Fault>) -> Vec<(Option<String>, String)> {
    // If a part of the content has changed, the change of the whole content is not reported as well.
    let parts: BTreeSet<Option<String>> = faults
        .iter()
        .filter_map(|fault| match fault {
            Fault::Changed { record, field, .. } if field.starts_with("content.") => Some(record.invoice.clone()),
            _ => None,
        })
        .collect();
    let problem = |fault: Fault| {
        Some(match fault {
            Fault::Broken { n } => (
                None,
                format!("link {n} of the chain does not follow from the one before it"),
            ),
            Fault::Gap { n } => (None, format!("link {n} of the chain is gone")),
            Fault::Gone { record } => {
                let problem = format!("{} was written and is gone", named(&record));
                (record.invoice, problem)
            }
            Fault::Unlinked { record } => {
                let problem = format!("{} is not in the chain", named(&record));
                (record.invoice, problem)
            }
            Fault::Changed { record, field, .. } if field == "content" && parts.contains(&record.invoice) => {
                return None;
            }
            Fault::Changed { record, field, was, is } => {
                let problem = changed(&record, &field, was, is);
                (record.invoice, problem)
            }
        })
    };
    faults.into_iter().filter_map(problem).collect()
}

fn changed(record: &NamedRecord, field: &str, was: Option<Field>, is: Option<Field>) -> String {
    let shown = |value: Option<Field>| value.map_or_else(|| "absent".to_owned(), |value| value.to_string());
    let (was, is) = (shown(was), shown(is));
    let name = field.strip_prefix("content.").unwrap_or(field);
    let name = if record.kind == "invoice" {
        name.to_owned()
    } else {
        format!("{name} of {}", named(record))
    };
    // Only hashes of long values are stored.
    let is_hash = |text: &str| text.parse::<Hash>().is_ok();
    if is_hash(&was) || is_hash(&is) {
        format!("{name} is not what was written")
    } else {
        format!("{name} was written as {was} and is {is}")
    }
}

fn named(record: &NamedRecord) -> String {
    let kind = match record.kind {
        "release" => "the release of claim",
        "span" => "the time of claim",
        "freed" => "the release of the time of claim",
        "credit" => "the credit of line",
        "use" => "the use of payment",
        "sent" => "the day on which it was sent",
        kind => kind,
    };
    let place = record
        .place
        .as_ref()
        .map(|place| format!(" {place}"))
        .unwrap_or_default();
    format!("{kind}{place}")
}

impl fmt::Display for ChainView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(head) = &self.head else { return Ok(()) };
        let links = self.links;
        write!(
            f,
            "\n{links} link{} in the chain, head {head}",
            if links == 1 { "" } else { "s" }
        )?;
        if let Some(Older { records, shown, .. }) = &self.older {
            write!(
                f,
                "\n{records} records are older than their links: attested from {shown} on"
            )?;
        }
        if let Some(noted) = self.noted {
            write!(f, "\nthe given head is link {noted}: nothing before it was changed")?;
        }
        Ok(())
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.rendered {
            write!(
                f,
                "\nmade {}, which was not rendered when it was issued",
                path.display()
            )?;
        }
        for path in &self.written {
            write!(f, "\nwrote {}, which was missing", path.display())?;
        }
        for trouble in &self.trouble {
            write!(f, "\n{trouble}")?;
        }
        Ok(())
    }
}

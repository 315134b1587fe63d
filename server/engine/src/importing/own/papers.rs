//! Records of files: what invoices are printed with, their documents, and the links of the hash chain.

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keeptab_core::chain::Hash;
use keeptab_core::invoice::Format;
use keeptab_import::{LinkRecord, Own};
use keeptab_store::{Link, NewPart};

use super::super::Reader;

/// Takes a record, or returns why it is refused.
pub(super) fn stage(reader: &mut Reader<'_, '_, '_>, line: u64, own: &Own) -> Result<Option<String>> {
    let at = reader.stage.at(line);
    let bytes = |text: &str| STANDARD.decode(text).context("its bytes are not base64");
    match own {
        Own::Asset(record) => match bytes(&record.bytes) {
            Ok(bytes) => reader.stage.asset(NewPart {
                at,
                sha256: &record.asset,
                part: record.part,
                bytes: &bytes,
            })?,
            Err(error) => return Ok(Some(error.to_string())),
        },
        Own::Document(record) => match format(&record.format).and_then(|_| bytes(&record.bytes)) {
            Ok(bytes) => {
                let part = NewPart {
                    at,
                    sha256: &record.sha256,
                    part: record.part,
                    bytes: &bytes,
                };
                reader.stage.document((&record.invoice, &record.format), part)?;
            }
            Err(error) => return Ok(Some(error.to_string())),
        },
        Own::Link(record) => match link(record) {
            Ok(read) => reader.stage.link(&read)?,
            Err(error) => return Ok(Some(error.to_string())),
        },
        _ => {}
    }
    Ok(None)
}

fn format(name: &str) -> Result<Format> {
    name.parse().map_err(|_| anyhow!("`{name}` is no format of a document"))
}

fn link(record: &LinkRecord) -> Result<Link> {
    let hash: Hash = record.hash.parse()?;
    // The next link needs a place above it.
    if !(1..i64::from(u32::MAX)).contains(&record.n) {
        bail!("{} is no place in the chain", record.n);
    }
    Ok(Link {
        n: record.n,
        kind: record.kind.clone(),
        record: record.record.clone(),
        hash: hash.bytes().to_vec(),
    })
}

//! Rendered documents, and the files that they are made with.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Result, bail};
use keeptab_core::invoice::{Content, Format, InvoiceNumber, Stationery};
use rusqlite::{Connection, OptionalExtension as _, Row};
use sha2::{Digest as _, Sha256};

use super::Store;

impl Store {
    /// Returns the bytes of a document, if it was rendered, after verifying their checksum.
    ///
    /// # Errors
    ///
    /// If the bytes do not match their checksum.
    pub fn document(&self, number: &InvoiceNumber, format: Format) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes, sha256 FROM document JOIN invoice ON invoice.id = document.invoice
                   WHERE number = ?1 AND format = ?2";
        let row = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?));
        let found = self
            .connection
            .query_row(sql, (number.to_string(), format.name()), row)
            .optional()?;
        match found {
            Some((bytes, sha256)) if checksum(&bytes) == sha256 => Ok(Some(bytes)),
            Some(_) => bail!("the stored document of {number} is damaged\nhint: restore the database from a backup"),
            None => Ok(None),
        }
    }

    /// Stores the files that an invoice is printed with, if they are missing.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn keep_stationery(&mut self, stationery: &Stationery) -> Result<()> {
        keep_assets(&self.connection, stationery)
    }

    /// Stores a rendered document forever. An earlier one stays: the first rendering is the document.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn keep_document(&mut self, number: &InvoiceNumber, format: Format, bytes: &[u8]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO document (invoice, format, sha256, bytes)
                   SELECT id, ?2, ?3, ?4 FROM invoice WHERE number = ?1";
        let row = (number.to_string(), format.name(), checksum(bytes), bytes);
        self.synced(|transaction| Ok(transaction.execute(sql, row)?))?;
        Ok(())
    }
}

/// Returns the SHA-256 of bytes in hexadecimal digits.
#[must_use]
pub fn checksum(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps the files that an invoice is printed with, each once.
pub(super) fn keep_assets(connection: &Connection, stationery: &Stationery) -> Result<()> {
    for asset in stationery.assets().filter(|asset| !asset.is_gone()) {
        let sql = "INSERT INTO asset (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.execute(sql, (&asset.sha256, asset.bytes.as_ref()))?;
    }
    Ok(())
}

/// Assets that were read, so that many invoices share one.
pub(super) type Assets = HashMap<String, Arc<[u8]>>;

/// Fills in the bytes of the files that an invoice is printed with. A file that is gone or damaged has none: the
/// invoice can still be read, and only its rendering reports it.
pub(super) fn fill(connection: &Connection, content: &mut Content, assets: &mut Assets) -> Result<()> {
    for asset in content.stationery.assets_mut() {
        if let Some(known) = assets.get(&asset.sha256) {
            asset.bytes = known.clone();
            continue;
        }
        let sql = "SELECT bytes FROM asset WHERE sha256 = ?1";
        let bytes: Option<Vec<u8>> = connection
            .query_row(sql, [&asset.sha256], |row| row.get(0))
            .optional()?;
        let bytes = bytes.filter(|bytes| checksum(bytes) == asset.sha256);
        asset.bytes = bytes.unwrap_or_default().into();
        assets.insert(asset.sha256.clone(), asset.bytes.clone());
    }
    Ok(())
}

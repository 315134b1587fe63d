//! The user's logo and layout, read from their files.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use keeptab_core::invoice::{Asset, Stationery};

use crate::config::Paper;
use crate::engine::Engine;
use crate::plain;
use crate::store::checksum;

/// The most bytes of a logo or a layout.
const LARGEST: u64 = 2 * 1024 * 1024;

impl Engine {
    /// Reads the files that a client's invoices are printed with.
    pub(super) fn stationery(&self, paper: &Paper) -> Result<Stationery> {
        let asset = |key: &str, file: &Option<String>| file.as_ref().map(|file| self.asset(key, file)).transpose();
        Ok(Stationery {
            logo: asset("logo", &paper.logo)?,
            template: asset("template", &paper.template)?,
        })
    }

    fn asset(&self, key: &str, file: &str) -> Result<Asset> {
        let path = self.beside_config(file);
        let hint = format!("{key} in the config names it, from the config's own folder");
        let bytes = plain::read(&path, LARGEST).map_err(|error| {
            let hint = match error.kind() {
                ErrorKind::FileTooLarge => "take a smaller one",
                _ => &hint,
            };
            anyhow!("{} cannot be read: {error}\nhint: {hint}", path.display())
        })?;
        if bytes.is_empty() {
            bail!("{} is empty\nhint: {hint}", path.display());
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Asset {
            name: name.unwrap_or_default(),
            sha256: checksum(&bytes),
            bytes: bytes.into(),
        })
    }

    /// Returns the path of a file that the config names.
    fn beside_config(&self, file: &str) -> PathBuf {
        if let (Some(rest), Some(home)) = (file.strip_prefix("~/"), self.home.platform().home) {
            return PathBuf::from(home).join(rest);
        }
        let config = self.home.config_file();
        config
            .parent()
            .map_or_else(|| PathBuf::from(file), |folder| folder.join(file))
    }
}

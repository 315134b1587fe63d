//! The look of documents: the user's logo, layout and fonts, read from their files, and the formats.

mod fonts;

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use keeptab_config::{Config, Paper};
use keeptab_core::invoice::{Asset, Content, Format, Stationery};
use keeptab_store::checksum;
use keeptab_system::home::Home;
use keeptab_system::plain;

pub(super) use fonts::unprintable;

/// The most bytes of a logo or a layout.
const LARGEST: u64 = 2 * 1024 * 1024;

/// The look of documents, as the config has it.
#[derive(Clone, Copy)]
pub(crate) struct Papers<'e> {
    config: &'e Config,
    home: &'e Home,
}

impl<'e> Papers<'e> {
    /// Reads the look of documents from a config; its files lie beside that of the home.
    pub(crate) fn of(config: &'e Config, home: &'e Home) -> Self {
        Self { config, home }
    }

    /// Returns the formats of a client's documents: a PDF, and those of the config.
    pub(crate) fn formats(&self, client: &str) -> Vec<Format> {
        let client = self.config.clients.get(client);
        let wanted = client
            .into_iter()
            .flat_map(|client| client.paper.formats.iter().copied());
        let mut formats = vec![Format::Pdf];
        for format in wanted {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        formats
    }

    /// Reads the files that the config names for a client's invoices. Fonts are among them only if the layout is the
    /// user's own; [`Self::add_fonts`] adds those that a text needs.
    pub(crate) fn stationery(&self, paper: &Paper) -> Result<Stationery> {
        let asset = |key: &str, file: &Option<String>| file.as_ref().map(|file| self.asset(key, file)).transpose();
        Ok(Stationery {
            logo: asset("logo", &paper.logo)?,
            template: asset("template", &paper.template)?,
            fonts: match paper.template {
                Some(_) => self.named_fonts(paper)?,
                None => Vec::new(),
            },
        })
    }

    /// Adds the fonts that show what the built-in faces cannot, and returns the characters that no font shows.
    ///
    /// # Errors
    ///
    /// If a font that the config names cannot be read or used.
    pub(crate) fn add_fonts(&self, content: &mut Content, date: NaiveDate) -> Result<BTreeSet<char>> {
        let missing = keeptab_document::missing_characters(&content.paper(date));
        let Some(client) = self.config.clients.get(&content.client).filter(|_| !missing.is_empty()) else {
            return Ok(missing);
        };
        let fonts = self.fonts_for(&client.paper, missing)?;
        let known = &mut content.stationery.fonts;
        known.extend(
            fonts
                .into_iter()
                .filter(|font| !known.contains(font))
                .collect::<Vec<_>>(),
        );
        Ok(keeptab_document::missing_characters(&content.paper(date)))
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
    pub(crate) fn beside_config(&self, file: &str) -> PathBuf {
        if let (Some(rest), Some(home)) = (file.strip_prefix("~/"), self.home.platform().home) {
            return PathBuf::from(home).join(rest);
        }
        let config = self.home.config_file();
        config
            .parent()
            .map_or_else(|| PathBuf::from(file), |folder| folder.join(file))
    }
}

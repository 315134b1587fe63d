//! The formats of an invoice.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A format of an invoice. All have the same content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Format {
    /// A PDF/A-3 with the electronic invoice inside: Factur-X, which is ZUGFeRD.
    Pdf,
    /// XRechnung in CII.
    XRechnung,
    /// XRechnung in UBL.
    XRechnungUbl,
    /// UBL as Peppol takes it.
    Ubl,
    /// A self-contained page.
    Html,
    /// Lines and sums as a table.
    Csv,
    /// The whole content, for programs.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Pdf,
        Self::XRechnung,
        Self::XRechnungUbl,
        Self::Ubl,
        Self::Html,
        Self::Csv,
        Self::Json,
    ];

    /// Returns its name in the config, on the command line and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::XRechnung => "xrechnung",
            Self::XRechnungUbl => "xrechnung-ubl",
            Self::Ubl => "ubl",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Returns the ending of its file name, which follows the invoice's number.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => ".pdf",
            Self::XRechnung => "-xrechnung.xml",
            Self::XRechnungUbl => "-xrechnung-ubl.xml",
            Self::Ubl => "-ubl.xml",
            Self::Html => ".html",
            Self::Csv => ".csv",
            Self::Json => ".json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown format `{0}`\nhint: formats are pdf, xrechnung, xrechnung-ubl, ubl, html, csv and json")]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let found = Self::ALL.into_iter().find(|format| format.name() == text);
        found.ok_or_else(|| FormatError(text.to_owned()))
    }
}

impl TryFrom<String> for Format {
    type Error = FormatError;

    fn try_from(text: String) -> Result<Self, FormatError> {
        text.parse()
    }
}

impl From<Format> for String {
    fn from(format: Format) -> Self {
        format.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        let error = "docx".parse::<Format>().unwrap_err().to_string();
        assert!(
            Format::ALL.iter().all(|format| error.contains(format.name())),
            "{error}"
        );
    }
}

//! The stationery of an invoice: the user's logo and layout, as they were when it was issued.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The logo, the layout and the additional fonts of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stationery {
    /// An SVG, PNG or JPEG that stands at its top.
    #[serde(default)]
    pub logo: Option<Asset>,
    /// A typst template in place of the built-in one.
    #[serde(default)]
    pub template: Option<Asset>,
    /// Font files beside the built-in ones, in the order in which they are tried. A file holds one face or several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<Asset>,
}

impl Stationery {
    /// Returns the files that are set.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.logo.iter().chain(&self.template).chain(&self.fonts)
    }

    /// Returns the files that are set, so that their bytes can be filled in.
    pub fn assets_mut(&mut self) -> impl Iterator<Item = &mut Asset> {
        let images = self.logo.iter_mut().chain(&mut self.template);
        images.chain(&mut self.fonts)
    }
}

/// A file that a document is printed with. Its bytes are stored once, under their checksum, and read back with the
/// content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asset {
    /// The file's name without its folder, such as `logo.svg`.
    pub name: String,
    /// The SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
    /// The bytes; empty if the store has lost them.
    #[serde(skip)]
    pub bytes: Arc<[u8]>,
}

impl Asset {
    /// Returns whether the bytes are lost. An empty file counts as lost.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes, {})", self.name, self.bytes.len(), self.sha256)
    }
}

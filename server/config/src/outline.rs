//! The shape of a `keeptab.toml` that is being typed: tables, keys and values with their places, also in a broken
//! text.
//!
//! The meaning of a config is read elsewhere, from whole TOML only. This module finds the place of a byte in it.

mod place;
mod scan;

use std::ops::Range;

pub use place::Place;
pub use scan::scan;

/// A text by its tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The tables in order; the first block is the part above all headers.
    pub blocks: Vec<Block>,
    /// The bytes of comments.
    pub comments: Vec<Range<usize>>,
}

/// A table with all up to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// `[client.acme]`; the first block has none.
    pub header: Option<Header>,
    /// Its keys and values.
    pub entries: Vec<Entry>,
    /// Its bytes, from the header up to the next.
    pub range: Range<usize>,
}

/// The heading of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The names in it.
    pub path: Vec<Name>,
    /// The byte range, including any brackets.
    pub range: Range<usize>,
}

/// A name in a heading or key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name without quotes.
    pub text: String,
    /// Its bytes with the quotes.
    pub range: Range<usize>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The names of the key; more than one with dots between.
    pub key: Vec<Name>,
    /// The place of `=`, if there is one.
    pub equals: Option<usize>,
    /// The value, if there is one.
    pub value: Option<Node>,
    /// Its bytes; without a value, up to the end of the line.
    pub range: Range<usize>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The kind and content.
    pub kind: NodeKind,
    /// The byte range, including any quotes or brackets.
    pub range: Range<usize>,
}

/// The kind and content of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A text, number, date or flag, without quotes.
    Scalar(String),
    /// A list.
    Array(Vec<Node>),
    /// An inline table.
    Table(Vec<Entry>),
}

impl Block {
    /// Returns the names of the table.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let names = self.header.iter().flat_map(|header| &header.path);
        names.map(|name| name.text.clone()).collect()
    }

    /// Returns the place for a new line of the table: behind its last entry.
    #[must_use]
    pub fn end(&self) -> usize {
        let last = self.entries.last().map(|entry| entry.range.end);
        let header = self.header.as_ref().map(|header| header.range.end);
        last.or(header).unwrap_or(self.range.start)
    }
}

impl Outline {
    /// Returns the ids below `client` or `project`, in their order.
    #[must_use]
    pub fn ids(&self, table: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for block in &self.blocks {
            let path = block.path();
            let whole = block.entries.iter().map(|entry| {
                let key = entry.key.iter().map(|name| name.text.clone());
                path.iter().cloned().chain(key).collect::<Vec<_>>()
            });
            for path in std::iter::once(path.clone()).chain(whole) {
                if let [first, id, ..] = path.as_slice()
                    && first == table
                    && !ids.contains(id)
                {
                    ids.push(id.clone());
                }
            }
        }
        ids
    }

    /// Returns the block with a byte of the text in it.
    #[must_use]
    pub fn block_at(&self, byte: usize) -> Option<&Block> {
        let mut blocks = self.blocks.iter().rev();
        blocks.find(|block| block.range.start <= byte)
    }
}

#[cfg(test)]
mod tests;

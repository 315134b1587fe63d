//! A tool whose files can be read, and how they are recognised.

use super::header::Header;
use super::table::{Layout, Table};
use super::{File, Importer};

/// A tool.
pub(super) struct Tool {
    /// The name that the user writes.
    pub(super) name: &'static str,
    /// The forms of its files, the one that asks for the most first.
    pub(super) forms: &'static [Form],
}

/// A form of a tool's files: returns what reads a file, if it has the form.
pub(super) enum Form {
    /// A text that is no table, by its first lines.
    Text(fn(&str, &File) -> Option<Box<dyn Importer>>),
    /// A table, by its header and the number of lines above it. [`of_table`] makes the reader.
    Table(fn(&Header, usize, &File) -> Option<Box<dyn Importer>>),
    /// A table that a mapping reads.
    Columns {
        /// The columns that no other tool has together.
        needed: &'static [&'static str],
        /// The columns by field, each with its names.
        columns: &'static [(&'static str, &'static [&'static str])],
    },
}

/// Boxes an importer.
pub(super) fn reader(importer: impl Importer + 'static) -> Option<Box<dyn Importer>> {
    Some(Box::new(importer))
}

/// Returns what reads a table of a layout, below a number of lines.
pub(super) fn of_table(layout: Option<impl Layout + 'static>, titles: usize) -> Option<Box<dyn Importer>> {
    reader(Table::new(layout?, titles))
}

/// Returns the first line that is neither empty nor a comment.
pub(super) fn first_line(head: &str) -> &str {
    let mut lines = head.lines().map(str::trim_end);
    let is_comment = |line: &str| line.is_empty() || line.starts_with([';', '#', '*']);
    lines.find(|line| !is_comment(line)).unwrap_or_default()
}

/// Returns the first object of a JSON array of objects, without its braces. It tells the tool: all have the same keys.
pub(super) fn first_object(head: &str) -> Option<&str> {
    let element = head.strip_prefix('[')?.trim_start();
    element.strip_prefix('{')?.trim_start().split('}').next()
}

/// Returns the text that an object has under a key.
pub(super) fn after_key<'o>(object: &'o str, key: &str) -> Option<&'o str> {
    let (_, rest) = object.split_once(&format!("\"{key}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    rest.strip_prefix('"')?.split('"').next()
}

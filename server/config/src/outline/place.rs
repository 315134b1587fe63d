//! The place of a byte in the text.

use std::ops::Range;

use super::{Entry, Header, Name, Node, NodeKind, Outline};

/// The thing under the cursor, or the thing that could be written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place<'o> {
    /// The heading of a table; on one of its names if `name` is given.
    Header {
        /// The heading.
        header: &'o Header,
        /// The index of the name.
        name: Option<usize>,
    },
    /// On a key, or at a place for one.
    Key {
        /// The names of the table.
        table: Vec<String>,
        /// The keys that the table has in the same place.
        beside: &'o [Entry],
        /// The key that is there.
        entry: Option<&'o Entry>,
        /// The name of it that the cursor is on.
        name: Option<&'o Name>,
    },
    /// On a value, or at a place for one.
    Value {
        /// The names of the table and the key.
        path: Vec<String>,
        /// The value that is there: never a list or table as a whole.
        node: Option<&'o Node>,
        /// True if it is in a list.
        in_list: bool,
    },
    /// None of these.
    Nothing,
}

impl Outline {
    /// Returns the place of a byte of the text.
    #[must_use]
    pub fn place(&self, text: &str, byte: usize) -> Place<'_> {
        let byte = text.floor_char_boundary(byte);
        let in_comment = |comment: &Range<usize>| comment.start < byte && byte <= comment.end;
        let Some(block) = self.block_at(byte).filter(|_| !self.comments.iter().any(in_comment)) else {
            return Place::Nothing;
        };
        if let Some(header) = &block.header {
            let closed = text[..header.range.end].ends_with(']');
            if byte < header.range.end || byte == header.range.end && !closed {
                let touches = |name: &Name| name.range.start <= byte && byte <= name.range.end;
                let name = header.path.iter().position(touches);
                return Place::Header { header, name };
            }
        }
        let blank_before = {
            let line = text[..byte].rfind('\n').map_or(0, |end| end + 1);
            text[line..byte].trim().is_empty()
        };
        let found = in_entries(&block.entries, block.path(), text, byte);
        match found {
            Some(place) => place,
            None if blank_before => Place::Key {
                table: block.path(),
                beside: &block.entries,
                entry: None,
                name: None,
            },
            None => Place::Nothing,
        }
    }
}

fn in_entries<'o>(entries: &'o [Entry], table: Vec<String>, text: &str, byte: usize) -> Option<Place<'o>> {
    let reaches = |entry: &&Entry| {
        // A value that is still to come may have spaces before it.
        let end = match &entry.value {
            Some(value) => value.range.end,
            None => entry.range.end,
        };
        entry.range.start <= byte && byte <= end
    };
    let entry = entries.iter().rev().find(reaches)?;
    let mut path = table.clone();
    path.extend(entry.key.iter().map(|name| name.text.clone()));
    if entry.equals.is_some_and(|equals| equals < byte) {
        return match &entry.value {
            Some(node) => in_node(node, path, text, byte, false),
            None => Some(Place::Value {
                path,
                node: None,
                in_list: false,
            }),
        };
    }
    let touches = |name: &&Name| name.range.start <= byte && byte <= name.range.end;
    let name = entry.key.iter().find(touches);
    let before = entry
        .key
        .iter()
        .take_while(|known| name.is_some_and(|name| *known != name));
    let mut table = table;
    table.extend(before.map(|name| name.text.clone()));
    Some(Place::Key {
        table,
        beside: entries,
        entry: Some(entry),
        name,
    })
}

fn in_node<'o>(node: &'o Node, path: Vec<String>, text: &str, byte: usize, in_list: bool) -> Option<Place<'o>> {
    let inside = node.range.start < byte && byte < node.range.end;
    let open = |close| byte == node.range.end && !text[..node.range.end].ends_with(close);
    match &node.kind {
        NodeKind::Scalar(_) => {
            let touches = node.range.start <= byte && byte <= node.range.end;
            let node = touches.then_some(node);
            Some(Place::Value { path, node, in_list })
        }
        NodeKind::Array(nodes) if inside || open(']') => {
            let touches = |node: &&Node| node.range.start <= byte && byte <= node.range.end;
            match nodes.iter().find(touches) {
                Some(node) => in_node(node, path, text, byte, true),
                None => Some(Place::Value {
                    path,
                    node: None,
                    in_list: true,
                }),
            }
        }
        NodeKind::Table(entries) if inside || open('}') => {
            let found = in_entries(entries, path.clone(), text, byte);
            found.or_else(|| {
                let before = text[..byte].trim_end();
                before.ends_with(['{', ',']).then_some(Place::Key {
                    table: path,
                    beside: entries,
                    entry: None,
                    name: None,
                })
            })
        }
        NodeKind::Array(_) | NodeKind::Table(_) => None,
    }
}

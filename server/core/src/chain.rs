//! The hash chain over all append-only records about invoices: the bytes of a record, and its link.
//!
//! EXPORT.md documents it, so that an auditor can compute it. A test pins the bytes.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash before the first link.
    pub const ZERO: Self = Self([0; 32]);

    /// Returns the hash of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the hash of a link: SHA-256 over the previous hash, the kind, a line feed and the record.
    #[must_use]
    pub fn link(self, kind: &str, record: &str) -> Self {
        let hash = Sha256::new().chain_update(self.0).chain_update(kind);
        Self(hash.chain_update("\n").chain_update(record).finalize().into())
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads 32 bytes; `None` if there are more or fewer.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is no hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash has 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        if text.len() != 64 {
            return Err(NotAHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAHash)?;
        }
        if text.contains('+') {
            return Err(NotAHash);
        }
        Ok(Self(bytes))
    }
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

/// A record as the chain sees it: values by name. An absent value is left out, so that a later version can add names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(BTreeMap<String, Field>);

impl Record {
    /// Adds a value.
    pub fn put(&mut self, name: impl Into<String>, value: Field) {
        self.0.insert(name.into(), value);
    }

    /// Adds the hash of each member of a JSON object as `NAME.MEMBER`, and of each element of an array in it as
    /// `NAME.MEMBER.PLACE`, from 0. Text that is no object adds none.
    pub fn spread(&mut self, name: &str, json: &str) {
        let Ok(Value::Object(members)) = serde_json::from_str(json) else {
            return;
        };
        for (member, value) in members {
            match value {
                Value::Array(elements) => {
                    for (place, element) in elements.iter().enumerate() {
                        self.put(format!("{name}.{member}.{place}"), hashed(element));
                    }
                }
                Value::Null => {}
                value => self.put(format!("{name}.{member}"), hashed(&value)),
            }
        }
    }

    /// Returns a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.get(name)
    }

    /// Returns all names with their values, in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Parses the displayed form of a record; `None` if the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Ok(Value::Object(members)) = serde_json::from_str(text) else {
            return None;
        };
        let field = |value| match value {
            Value::String(text) => Some(Field::Text(text)),
            Value::Number(number) => number.as_i64().map(Field::Integer),
            _ => None,
        };
        let fields = members.into_iter().map(|(name, value)| Some((name, field(value)?)));
        fields.collect::<Option<_>>().map(Self)
    }
}

/// The canonical form: a JSON object without spaces, its names in order (RFC 8785).
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.0.iter().map(|(name, value)| {
            let value = match value {
                Field::Integer(value) => Value::from(*value),
                Field::Text(text) => Value::from(text.as_str()),
            };
            (name, value)
        });
        object(f, members)
    }
}

fn hashed(value: &Value) -> Field {
    let mut text = String::new();
    // Writing to a string never fails.
    let _ = write!(text, "{}", Canonical(value));
    Field::Text(Hash::of(text.as_bytes()).to_string())
}

/// JSON without spaces, names in order.
struct Canonical<'v>(&'v Value);

impl fmt::Display for Canonical<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Object(members) => {
                let sorted: BTreeMap<&String, &Value> = members.iter().collect();
                object(f, sorted.into_iter().map(|(name, value)| (name, value.clone())))
            }
            Value::Array(elements) => {
                f.write_char('[')?;
                for (place, element) in elements.iter().enumerate() {
                    let comma = if place > 0 { "," } else { "" };
                    write!(f, "{comma}{}", Canonical(element))?;
                }
                f.write_char(']')
            }
            plain => write!(f, "{plain}"),
        }
    }
}

fn object<'m>(f: &mut fmt::Formatter<'_>, members: impl Iterator<Item = (&'m String, Value)>) -> fmt::Result {
    f.write_char('{')?;
    for (place, (name, value)) in members.enumerate() {
        let comma = if place > 0 { "," } else { "" };
        write!(f, "{comma}{}:{}", Value::from(name.as_str()), Canonical(&value))?;
    }
    f.write_char('}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn payment() -> Record {
        let mut record = Record::default();
        // The columns may come in any order.
        record.put("payment", Field::Integer(1));
        record.put("day", Field::Text("2026-11-20".into()));
        record.put("invoice", Field::Text("JDS-202611-0001".into()));
        record.put("amount", Field::Text("119.00".into()));
        record.put("madeAt", Field::Integer(1_794_816_000_000));
        record
    }

    #[test]
    fn bytes_are_as_they_are_documented() {
        let text = payment().to_string();
        assert_eq!(
            text,
            r#"{"amount":"119.00","day":"2026-11-20","invoice":"JDS-202611-0001","madeAt":1794816000000,"payment":1}"#
        );
        let first = Hash::ZERO.link("payment/2", &text);
        let second = first.link("payment/2", &text);
        assert_eq!(
            [first, second].map(|hash| hash.to_string()),
            [
                "fee333b8b1da6d480bfe6b8fa3df241633d9acfef246436fe4c256b98babc72a",
                "88ec3ae2b8fcc124222fa6f22dd20e2f36ddcd03823dfd9cec5109b49c5950c8",
            ]
        );
        assert_eq!(first.to_string().parse(), Ok(first));
        assert_eq!("0".repeat(63).parse::<Hash>(), Err(NotAHash));
        assert_eq!("é".repeat(32).parse::<Hash>(), Err(NotAHash));
    }

    #[test]
    fn members_of_an_object_are_hashed_each_whatever_their_order_and_spaces() {
        let spread = |json| {
            let mut record = Record::default();
            record.spread("content", json);
            record
        };
        let record =
            spread(r#"{"buyer":{"name":"Ärger \n\"x\"","city":null},"lines":[{"b":1,"a":"2"},[3]],"iban":null}"#);
        let other = spread(r#"{"lines": [{"a": "2", "b": 1}, [3]], "buyer": {"city": null, "name": "Ärger \n\"x\""}}"#);
        assert_eq!(record, other);
        let names: Vec<&str> = record.fields().map(|(name, _)| name).collect();
        assert_eq!(names, ["content.buyer", "content.lines.0", "content.lines.1"]);
        let buyer = Hash::of("{\"city\":null,\"name\":\"Ärger \\n\\\"x\\\"\"}".as_bytes());
        assert_eq!(record.get("content.buyer"), Some(&Field::Text(buyer.to_string())));
        assert_eq!(spread("no JSON"), Record::default());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(fields in proptest::collection::btree_map(".*", prop_oneof![
            any::<i64>().prop_map(Field::Integer),
            ".*".prop_map(Field::Text),
        ], 0..6)) {
            let record = Record(fields);
            prop_assert_eq!(Record::parse(&record.to_string()), Some(record));
        }
    }
}

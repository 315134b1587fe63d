//! JSON one element at a time, however long the file is, each with its line.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Input;
use super::input::text;

/// The most bytes of an element. An invoice with a year of sessions has two million.
const LONGEST: u64 = 8 * 1024 * 1024;

/// A step on the way to the elements.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The value of this key of an object.
    Key(&'static str),
    /// Every value of an object, or every element of an array.
    Any,
}

/// One element.
pub(super) struct Element<'n> {
    /// The line on which it begins.
    pub(super) line: u64,
    /// The value, or the error if it cannot be read.
    pub(super) value: Result<Value>,
    /// The last key that [`Step::Any`] stood for.
    pub(super) name: &'n str,
    /// The `type` of the object under that key; empty if it comes later in the file or not at all.
    pub(super) kind: &'n str,
}

type Each<'e> = &'e mut dyn FnMut(Element<'_>) -> ControlFlow<()>;

/// Passes every element of the array at the end of a path to `each`. If the file is cut or broken, the elements before
/// that place are passed, and then the place as an element that cannot be read.
pub(super) fn elements(mut input: Input, path: &[Step], each: Each<'_>) -> Result<()> {
    if path.is_empty() && is_by_line(input.fill_buf()?) {
        return by_line(input, each);
    }
    let line = Rc::new(Cell::new(1));
    let counted = Counted {
        input,
        line: Rc::clone(&line),
    };
    let stopped = Cell::new(false);
    let context = RefCell::new((String::new(), String::new()));
    let mut json = serde_json::Deserializer::from_reader(counted);
    let mut walk = Walk {
        path,
        line: &line,
        stopped: &stopped,
        context: &context,
        each,
    };
    let read = walk.step(path).deserialize(&mut json);
    match read {
        Err(error) if !stopped.get() => {
            let why = if error.is_eof() {
                anyhow!("the file ends in the middle: was it cut?")
            } else {
                anyhow!("the file cannot be read from here on: {error}")
            };
            let _ = (walk.each)(Element {
                line: line.get(),
                value: Err(why),
                name: "",
                kind: "",
            });
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Returns whether an array has an element on each line, as some programs write it: then one that is broken harms no other.
fn is_by_line(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty());
    let second = lines.find(|line| !line.is_empty());
    let whole = |line: &[u8]| matches!(line.strip_suffix(b",").unwrap_or(line).last(), Some(b'}' | b']'));
    first == Some(b"[") && second.is_some_and(|line| matches!(line.first(), Some(b'{' | b'[')) && whole(line))
}

fn by_line(mut input: Input, each: Each<'_>) -> Result<()> {
    let (mut bytes, mut field, mut line) = (Vec::new(), String::new(), 0);
    loop {
        bytes.clear();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        line += 1;
        text(&bytes, &mut field);
        let element = field.trim().trim_end_matches(',');
        if matches!(element, "" | "[" | "]") {
            continue;
        }
        let value = serde_json::from_str(element);
        let element = Element {
            line,
            value: value.context("it is not JSON"),
            name: "",
            kind: "",
        };
        if each(element).is_break() {
            return Ok(());
        }
    }
}

/// Counts the lines that the parser has seen; it looks ahead by one byte.
struct Counted {
    input: Input,
    line: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        let lines = buffer.iter().take(count).filter(|byte| **byte == b'\n').count();
        self.line.set(self.line.get() + lines as u64);
        Ok(count)
    }
}

/// The way to the elements.
struct Walk<'w, 'e> {
    path: &'w [Step],
    line: &'w Cell<u64>,
    stopped: &'w Cell<bool>,
    context: &'w RefCell<(String, String)>,
    each: Each<'e>,
}

impl<'w, 'e> Walk<'w, 'e> {
    fn step<'s>(&'s mut self, path: &'w [Step]) -> Walk<'s, 's>
    where
        'e: 's,
        'w: 's,
    {
        Walk {
            path,
            line: self.line,
            stopped: self.stopped,
            context: self.context,
            each: &mut *self.each,
        }
    }

    /// Passes an element to `each`.
    fn hand_over<E: serde::de::Error>(&mut self, line: u64, value: Value) -> Result<(), E> {
        let context = self.context.borrow();
        let element = Element {
            line,
            value: Ok(value),
            name: &context.0,
            kind: &context.1,
        };
        if (self.each)(element).is_break() {
            self.stopped.set(true);
            return Err(E::custom("enough"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        match self.path {
            [] => {
                while let Some((line, value)) = elements.next_element_seed(WithLine(self.line))? {
                    self.hand_over(line, value)?;
                }
            }
            [Step::Any, rest @ ..] => while elements.next_element_seed(self.step(rest))?.is_some() {},
            [Step::Key(_), ..] => while elements.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.path {
                [Step::Key(wanted), rest @ ..] if key == *wanted => map.next_value_seed(self.step(rest))?,
                [Step::Any, rest @ ..] => {
                    *self.context.borrow_mut() = (key, String::new());
                    map.next_value_seed(self.step(rest))?;
                }
                _ if key == "type" => {
                    let kind = map.next_value::<Value>()?;
                    kind.as_str()
                        .unwrap_or_default()
                        .clone_into(&mut self.context.borrow_mut().1);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// An element with the line on which it begins: the parser has just looked at its first byte.
struct WithLine<'w>(&'w Cell<u64>);

impl<'de> DeserializeSeed<'de> for WithLine<'_> {
    type Value = (u64, Value);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let line = self.0.get();
        let value = Value::deserialize(deserializer)?;
        Ok((line, value))
    }
}

//! Typed access to a TOML table that remembers which keys were asked for and names every mistake.

use std::cell::RefCell;
use std::ops::Range;
use std::str::FromStr;

use chrono::NaiveDate;
use keeptab_core::instant::Length;
use rust_decimal::Decimal;
use toml_edit::{Item, TableLike, Value};

use super::finding::{Finding, Severity};

/// Where the findings of one text are collected.
pub(super) struct Findings<'t> {
    text: &'t str,
    list: RefCell<Vec<Finding>>,
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            list: RefCell::default(),
        }
    }

    pub(super) fn error(&self, range: Range<usize>, message: impl ToString) {
        self.add(Severity::Error, range, message);
    }

    pub(super) fn warning(&self, range: Range<usize>, message: impl ToString) {
        self.add(Severity::Warning, range, message);
    }

    fn add(&self, severity: Severity, range: Range<usize>, message: impl ToString) {
        let finding = Finding::new(severity, self.text, range, message.to_string());
        self.list.borrow_mut().push(finding);
    }

    pub(super) fn into_sorted(self) -> Vec<Finding> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|finding| finding.range.start);
        list
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) range: Range<usize>,
}

/// One table of the config.
pub(super) struct Section<'t> {
    table: &'t dyn TableLike,
    name: String,
    range: Range<usize>,
    findings: &'t Findings<'t>,
    known: RefCell<Vec<&'static str>>,
}

impl<'t> Section<'t> {
    /// Opens a table; `name` is what it is called in messages, such as `[business]`.
    pub(super) fn new(item: &'t Item, name: String, range: Range<usize>, findings: &'t Findings<'t>) -> Option<Self> {
        let Some(table) = item.as_table_like() else {
            let range = item.span().unwrap_or(range);
            findings.error(
                range,
                format!("{name} is not a table\nhint: write it as {name} on a line of its own"),
            );
            return None;
        };
        Some(Self {
            table,
            name,
            range: item.span().unwrap_or(range),
            findings,
            known: RefCell::default(),
        })
    }

    /// Reports an error at a place in this section.
    pub(super) fn error(&self, range: Range<usize>, message: impl ToString) {
        self.findings.error(range, message);
    }

    /// Returns the place of the section's heading.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    fn item(&self, key: &'static str) -> Option<(&'t Item, Range<usize>)> {
        self.known.borrow_mut().push(key);
        let (name, item) = self.table.get_key_value(key)?;
        let range = item.span().or_else(|| name.span()).unwrap_or_else(|| self.range());
        Some((item, range))
    }

    fn wrong(&self, range: Range<usize>, key: &str, wanted: &str) {
        self.error(
            range,
            format!("{key} is not {wanted}\nhint: write it as {key} = {}", example(wanted)),
        );
    }

    /// Reads a text.
    pub(super) fn text(&self, key: &'static str) -> Option<Spanned<String>> {
        let (item, range) = self.item(key)?;
        match item.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.error(range, format!("{key} is empty\nhint: fill it in or leave it out"));
                None
            }
            Some(text) => Some(Spanned {
                value: text.to_owned(),
                range,
            }),
            None => {
                self.wrong(range, key, "a text");
                None
            }
        }
    }

    /// Reads a text that must be there.
    pub(super) fn required(&self, key: &'static str) -> Option<Spanned<String>> {
        if !self.table.contains_key(key) {
            let name = &self.name;
            self.error(self.range(), format!("{name} has no {key}\nhint: add {key} = \"…\""));
        }
        self.text(key)
    }

    /// Reads a text and parses it; the parser's error says what is wrong.
    pub(super) fn parsed<T: FromStr<Err: ToString>>(&self, key: &'static str) -> Option<T> {
        self.text(key).and_then(|text| self.parse(&text))
    }

    /// Parses a text; the parser's error says what is wrong.
    pub(super) fn parse<T: FromStr<Err: ToString>>(&self, text: &Spanned<String>) -> Option<T> {
        let report = |error: T::Err| self.error(text.range.clone(), error.to_string());
        text.value.parse().map_err(report).ok()
    }

    /// Reads a decimal as it is written, quoted or not: never by way of a float.
    pub(super) fn decimal(&self, key: &'static str) -> Option<Spanned<Decimal>> {
        let (item, range) = self.item(key)?;
        let text = match item.as_value() {
            Some(Value::String(text)) => text.value().as_str(),
            Some(Value::Integer(_) | Value::Float(_)) => self.findings.text.get(range.clone()).unwrap_or_default(),
            _ => "",
        };
        if let Ok(value) = Decimal::from_str_exact(text.trim()) {
            Some(Spanned { value, range })
        } else {
            self.wrong(range, key, "a number");
            None
        }
    }

    /// Reads a whole number of at least 0.
    pub(super) fn count(&self, key: &'static str) -> Option<u32> {
        let (item, range) = self.item(key)?;
        let count = item.as_integer().and_then(|number| u32::try_from(number).ok());
        if count.is_none() {
            self.wrong(range, key, "a whole number");
        }
        count
    }

    /// Reads true or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let (item, range) = self.item(key)?;
        let flag = item.as_bool();
        if flag.is_none() {
            self.wrong(range, key, "true or false");
        }
        flag
    }

    /// Reads a length of time such as `"15m"`; zero is `"0m"`.
    pub(super) fn length(&self, key: &'static str) -> Option<Length> {
        let text = self.text(key)?;
        let parsed = humantime::parse_duration(&text.value).ok();
        let length = parsed.and_then(|length| i64::try_from(length.as_millis()).ok());
        // A day is more than any setting of ours can sensibly be.
        let length = length.filter(|millis| *millis <= 86_400_000).map(Length::from_millis);
        if length.is_none() {
            self.wrong(text.range, key, "a length of time");
        }
        length
    }

    /// Reads a list of texts; one text alone is a list of one.
    pub(super) fn texts(&self, key: &'static str) -> Vec<Spanned<String>> {
        let Some((item, range)) = self.item(key) else {
            return Vec::new();
        };
        let text = |value: &Value| {
            let range = value.span().unwrap_or_else(|| range.clone());
            let text = value.as_str().map(|text| Spanned {
                value: text.to_owned(),
                range: range.clone(),
            });
            if text.is_none() {
                self.wrong(range, key, "a list of texts");
            }
            text
        };
        match item.as_value() {
            Some(Value::Array(array)) => array.iter().filter_map(text).collect(),
            Some(value) => text(value).into_iter().collect(),
            None => {
                self.wrong(range, key, "a list of texts");
                Vec::new()
            }
        }
    }

    /// Opens a table inside this one.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'t>> {
        let (item, range) = self.item(key)?;
        Section::new(item, format!("{key} of {}", self.name), range, self.findings)
    }

    /// Reads what may be one number or a list of tables, calling `each` on every table.
    pub(super) fn number_or_tables(
        &self,
        key: &'static str,
        mut each: impl FnMut(&Section<'t>),
    ) -> Option<Spanned<Decimal>> {
        let (item, range) = self.item(key)?;
        match item {
            Item::Value(Value::Array(array)) => {
                for value in array {
                    let range = value.span().unwrap_or_else(|| range.clone());
                    if let Some(table) = value.as_inline_table() {
                        let section = Section {
                            table,
                            name: format!("{key} of {}", self.name),
                            range,
                            findings: self.findings,
                            known: RefCell::default(),
                        };
                        each(&section);
                        section.close();
                    } else {
                        self.wrong(range, key, "a list of rates");
                    }
                }
                None
            }
            _ => self.decimal(key),
        }
    }

    /// Reads a date, quoted or not.
    pub(super) fn date(&self, key: &'static str) -> Option<NaiveDate> {
        let (item, range) = self.item(key)?;
        let text = match item.as_value() {
            Some(Value::Datetime(date)) => date.value().to_string(),
            Some(Value::String(text)) => text.value().clone(),
            _ => String::new(),
        };
        let date = text.parse().ok();
        if date.is_none() {
            self.wrong(range, key, "a date");
        }
        date
    }

    /// Ends reading: every key that nobody asked for is reported, with the nearest that exists.
    pub(super) fn close(self) {
        let known = self.known.into_inner();
        for (key, _) in self.table.iter() {
            if known.contains(&key) {
                continue;
            }
            let range = self.table.key(key).and_then(toml_edit::Key::span);
            let nearest = known
                .iter()
                .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
            let hint = match nearest {
                Some(name) if strsim::jaro_winkler(name, key) > 0.8 => format!("did you mean {name}?"),
                _ => format!("keys here: {}", known.join(", ")),
            };
            let message = format!("unknown key {key} in {}\nhint: {hint}", self.name);
            self.findings
                .warning(range.unwrap_or_else(|| self.range.clone()), message);
        }
    }
}

fn example(wanted: &str) -> &'static str {
    match wanted {
        "a number" => "\"95.00\"",
        "a whole number" => "14",
        "true or false" => "true",
        "a length of time" => "\"15m\", at most a day",
        "a list of texts" => "[\"…\", \"…\"]",
        "a list of rates" => "[{ from = 2026-01-01, rate = \"95.00\" }]",
        "a date" => "2026-01-01",
        _ => "\"…\"",
    }
}

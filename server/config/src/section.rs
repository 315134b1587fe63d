//! Typed access to a TOML table that remembers which keys were asked for and names every mistake.

use std::cell::RefCell;
use std::ops::Range;
use std::str::FromStr;

use chrono::NaiveDate;
use keeptab_core::instant::Length;
use rust_decimal::Decimal;
use toml_edit::{Item, TableLike, Value};

use super::finding::{Finding, Severity};
use super::fix::{Fix, nearest};
use super::keys::{Kind, Shape};

/// The collected findings of one text.
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
        self.add(Severity::Error, range, message, None);
    }

    pub(super) fn warning(&self, range: Range<usize>, message: impl ToString) {
        self.add(Severity::Warning, range, message, None);
    }

    /// Reports a finding with its fixes.
    pub(super) fn add(
        &self,
        severity: Severity,
        range: Range<usize>,
        message: impl ToString,
        fixes: impl IntoIterator<Item = Fix>,
    ) {
        let finding = Finding::new(severity, self.text, range, message.to_string());
        self.list.borrow_mut().push(finding.with(fixes));
    }

    pub(super) fn into_sorted(self) -> Vec<Finding> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|finding| finding.range.start);
        list
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) range: Range<usize>,
}

/// One table of the config.
pub(super) struct Section<'t> {
    table: &'t dyn TableLike,
    shape: Shape,
    name: String,
    range: Range<usize>,
    findings: &'t Findings<'t>,
}

impl<'t> Section<'t> {
    /// Opens a table; `name` is its name in messages, such as `[business]`.
    pub(super) fn new(
        item: &'t Item,
        shape: Shape,
        name: String,
        range: Range<usize>,
        findings: &'t Findings<'t>,
    ) -> Option<Self> {
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
            shape,
            name,
            range: item.span().unwrap_or(range),
            findings,
        })
    }

    /// Reports an error at a place in this section.
    pub(super) fn error(&self, range: Range<usize>, message: impl ToString) {
        self.findings.error(range, message);
    }

    /// Reports a word that is not one of `words`, with the most similar one as a fix.
    pub(super) fn unknown<'w>(
        &self,
        text: &Spanned<String>,
        message: impl ToString,
        words: impl IntoIterator<Item = &'w str>,
    ) {
        match nearest(&text.value, words) {
            Some(meant) => self.unknown_but(text, message, meant),
            None => self.error(text.range.clone(), message),
        }
    }

    /// Reports a word that is not allowed, with the word that was meant.
    pub(super) fn unknown_but(&self, text: &Spanned<String>, message: impl ToString, meant: &str) {
        let fix = [Fix::Replace(quoted(meant))];
        self.findings.add(Severity::Error, text.range.clone(), message, fix);
    }

    /// Returns the words that a key can have.
    pub(super) fn words(&self, key: &str) -> impl Iterator<Item = &'static str> + use<> {
        let words = match self.shape.key(key).map(|key| key.kind) {
            Some(Kind::Word(words) | Kind::Words(words) | Kind::FlagOr(words)) => words,
            _ => &[],
        };
        words.iter().map(|(word, _)| *word)
    }

    /// Reads one of the words that a key can have.
    pub(super) fn word(&self, key: &'static str) -> Option<&'static str> {
        let text = self.text(key)?;
        let word = self.words(key).find(|word| *word == text.value);
        if word.is_none() {
            let words: Vec<&str> = self.words(key).collect();
            let message = format!(
                "unknown {key} `{}`\nhint: {key} is one of {}",
                text.value,
                words.join(", ")
            );
            self.unknown(&text, message, words);
        }
        word
    }

    /// Returns the collected findings.
    pub(super) fn findings(&self) -> &'t Findings<'t> {
        self.findings
    }

    /// Returns the place of the section's heading.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    fn item(&self, key: &'static str) -> Option<(&'t Item, Range<usize>)> {
        // A key that is read but not listed would be reported to the user as unknown.
        debug_assert!(self.shape.key(key).is_some(), "{key} is not in the list of keys");
        let (name, item) = self.table.get_key_value(key)?;
        let range = item.span().or_else(|| name.span()).unwrap_or_else(|| self.range());
        Some((item, range))
    }

    /// Returns the place of a key's value.
    pub(super) fn range_of(&self, key: &'static str) -> Option<Range<usize>> {
        self.item(key).map(|(_, range)| range)
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
            let message = format!("{name} has no {key}\nhint: add {key} = \"…\"");
            let fix = [Fix::AddKeys(vec![key])];
            self.findings.add(Severity::Error, self.range(), message, fix);
        }
        self.text(key)
    }

    /// Parses a text; the message is the parser's error.
    pub(super) fn parse<T: FromStr<Err: ToString>>(&self, text: &Spanned<String>) -> Option<T> {
        let report = |error: T::Err| self.error(text.range.clone(), error.to_string());
        text.value.parse().map_err(report).ok()
    }

    /// Reads a decimal as written, quoted or not, and never through a float.
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
        self.spanned_count(key).map(|count| count.value)
    }

    /// Reads a whole number of at least 0, with its place.
    pub(super) fn spanned_count(&self, key: &'static str) -> Option<Spanned<u32>> {
        let (item, range) = self.item(key)?;
        let Some(value) = item.as_integer().and_then(|number| u32::try_from(number).ok()) else {
            self.wrong(range, key, "a whole number");
            return None;
        };
        Some(Spanned { value, range })
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

    /// Reads true, false, or one of the words that a key can have, as its text.
    pub(super) fn flag_or_word(&self, key: &'static str) -> Option<&'static str> {
        let (item, _) = self.item(key)?;
        if item.is_str() {
            return self.word(key);
        }
        self.flag(key).map(|flag| if flag { "true" } else { "false" })
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
        let Some(Kind::Inner(shape)) = self.shape.key(key).map(|key| key.kind) else {
            return None;
        };
        Section::new(item, shape, format!("{key} of {}", self.name), range, self.findings)
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
                            shape: Shape::Step,
                            name: format!("{key} of {}", self.name),
                            range,
                            findings: self.findings,
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

    /// Ends reading: every key that the table cannot have is reported, with the nearest that it can.
    pub(super) fn close(self) {
        let names = || self.shape.keys().iter().map(|key| key.name);
        for (key, _) in self.table.iter().filter(|(key, _)| self.shape.key(key).is_none()) {
            let range = self.table.key(key).and_then(toml_edit::Key::span);
            let near = nearest(key, names());
            let hint = match near {
                Some(name) => format!("did you mean {name}?"),
                None => format!("keys here: {}", names().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("unknown key {key} in {}\nhint: {hint}", self.name);
            let range = range.unwrap_or_else(|| self.range.clone());
            let fix = near.map(str::to_owned).map(Fix::Replace);
            self.findings.add(Severity::Warning, range, message, fix);
        }
    }
}

/// Writes a text as a value.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
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

//! Every key that a table of `keeptab.toml` can have, with its meaning.
//!
//! Reading, completion and hovers all use this list, so that none of them can know other keys.

mod inner;
mod list;
mod words;

use inner::{CASH_DISCOUNT_KEYS, CONTACT, ELECTRONIC_ADDRESS, ROUNDING, STEP, TAX};
use list::{BUSINESS, CLIENT, PROJECT, REVIEW, TRACKING};

/// A key of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as written.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: Kind,
    /// Its need.
    pub need: Need,
    /// Its meaning in one line.
    pub doc: &'static str,
}

/// The need for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Its table is not complete without it.
    Table,
    /// No invoice can be issued without it.
    Invoice,
    /// The key is optional.
    Nobody,
}

/// The kind of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text that matches this regular expression.
    Form(&'static str),
    /// A list of texts.
    Texts,
    /// One of a few words, each with its meaning.
    Word(&'static [(&'static str, &'static str)]),
    /// A list of such words.
    Words(&'static [(&'static str, &'static str)]),
    /// The id of a client.
    Client,
    /// A code of ISO 4217.
    Currency,
    /// A code of ISO 3166.
    Country,
    /// An IANA zone.
    Zone,
    /// True or false.
    Flag,
    /// True or false, or one of a few words, each with its meaning.
    FlagOr(&'static [(&'static str, &'static str)]),
    /// A whole number from 0 to this one.
    Count(u32),
    /// A decimal from the first to the second.
    Number(&'static str, &'static str),
    /// A length of time.
    Length,
    /// A time of day.
    Clock,
    /// A day.
    Date,
    /// A number, or a list of tables with first days.
    Rates,
    /// Globs on paths.
    Paths,
    /// Globs on URLs.
    Urls,
    /// Globs on either.
    Globs,
    /// A table.
    Inner(Shape),
}

/// A table, by the keys that it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `[business]`.
    Business,
    /// `[tracking]`.
    Tracking,
    /// `[review]`.
    Review,
    /// `[client.ID]`.
    Client,
    /// `[project."ID"]`.
    Project,
    /// `tax = { … }`.
    Tax,
    /// `rounding = { … }`.
    Rounding,
    /// `cash_discount = { … }`.
    CashDiscount,
    /// `contact = { … }`.
    Contact,
    /// `electronic = { … }`.
    Electronic,
    /// One of the tables of `rate = [{ … }]`.
    Step,
}

/// The top-level tables, each with its purpose.
pub const TABLES: [(&str, &str); 5] = [
    ("business", "Who bills: name, address, currency, time zone, tax."),
    ("tracking", "How time is counted, and what is never recorded."),
    ("review", "What a timesheet asks about."),
    ("client", "Who is billed; what it does not set it has from [business]."),
    (
        "project",
        "What time is counted for: its client, its rate, and the globs that name its files and pages.",
    ),
];

impl Shape {
    /// Returns every key that the table can have.
    #[must_use]
    pub fn keys(self) -> &'static [Key] {
        match self {
            Self::Business => BUSINESS,
            Self::Tracking => TRACKING,
            Self::Review => REVIEW,
            Self::Client => CLIENT,
            Self::Project => PROJECT,
            Self::Tax => TAX,
            Self::Rounding => ROUNDING,
            Self::CashDiscount => CASH_DISCOUNT_KEYS,
            Self::Contact => CONTACT,
            Self::Electronic => ELECTRONIC_ADDRESS,
            Self::Step => STEP,
        }
    }

    /// Returns a key of the table.
    #[must_use]
    pub fn key(self, name: &str) -> Option<&'static Key> {
        self.keys().iter().find(|key| key.name == name)
    }

    /// Returns the table that a path names, such as `["client", "acme", "tax"]`.
    #[must_use]
    pub fn at<S: AsRef<str>>(path: &[S]) -> Option<Self> {
        let names: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        let (shape, rest) = match names.as_slice() {
            ["business", rest @ ..] => (Self::Business, rest),
            ["tracking", rest @ ..] => (Self::Tracking, rest),
            ["review", rest @ ..] => (Self::Review, rest),
            ["client", _, rest @ ..] => (Self::Client, rest),
            ["project", _, rest @ ..] => (Self::Project, rest),
            _ => return None,
        };
        rest.iter().try_fold(shape, |shape, name| match shape.key(name)?.kind {
            Kind::Inner(inner) => Some(inner),
            Kind::Rates => Some(Self::Step),
            _ => None,
        })
    }

    /// Returns the key that a path names, such as `["business", "org"]`.
    #[must_use]
    pub fn key_at<S: AsRef<str>>(path: &[S]) -> Option<&'static Key> {
        let (name, table) = path.split_last()?;
        Self::at(table)?.key(name.as_ref())
    }
}

#[cfg(test)]
mod tests;

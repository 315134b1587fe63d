//! The keys of tables inside others, such as `tax = { … }`.

use super::list::{UNIT, key};
use super::words::CATEGORIES;
use super::{Key, Kind, Need};

pub(super) const TAX: &[Key] = &[
    key(
        "category",
        Kind::Word(CATEGORIES),
        Need::Table,
        "The VAT category of EN 16931.",
    ),
    key(
        "rate",
        Kind::Number("0", "100"),
        Need::Nobody,
        "The rate in per cent; only category S has one.",
    ),
    key(
        "name",
        Kind::Text,
        Need::Nobody,
        "The name of the tax on invoices, such as HST; the usual one of your country unless set. Not under a project.",
    ),
];

pub(super) const ROUNDING: &[Key] = &[
    key(
        "increment",
        Kind::Length,
        Need::Nobody,
        "What is rounded to, such as \"6m\" or \"15m\"; none unless set.",
    ),
    key(
        "mode",
        Kind::Word(&[
            ("nearest", "half an increment and more goes up"),
            ("up", "what is begun counts"),
            ("down", "only what is full counts"),
        ]),
        Need::Nobody,
        "Which way; nearest unless set.",
    ),
    key(
        "per",
        Kind::Word(&[
            ("line", "all time of a project and rate on an invoice"),
            ("day", "each day of it"),
            ("session", "each stretch of work without a gap"),
            ("note", "each note; time without one is one part"),
        ]),
        Need::Nobody,
        "What is rounded once, however lines are grouped; `line` unless set.",
    ),
    key(
        "minimum",
        Kind::Length,
        Need::Nobody,
        "The least that is billed where anything is; none unless set.",
    ),
];

pub(super) const CONTACT: &[Key] = &[
    key("name", Kind::Text, Need::Nobody, "A person's name."),
    key("phone", Kind::Text, Need::Nobody, "A telephone number."),
    key("email", Kind::Text, Need::Nobody, "An e-mail address."),
];

pub(super) const ELECTRONIC_ADDRESS: &[Key] = &[
    key(
        "scheme",
        Kind::Form("^([0-9]{4}|EM)$"),
        Need::Table,
        "The scheme, of the EAS list: 0204 Leitweg-ID, 9930 German VAT id, 0088 GLN, EM mail address.",
    ),
    key("id", Kind::Text, Need::Table, "The address in that scheme."),
];

pub(super) const CASH_DISCOUNT_KEYS: &[Key] = &[
    key(
        "days",
        Kind::Count(3650),
        Need::Table,
        "The days from the issue date within which it can be taken.",
    ),
    key(
        "percent",
        Kind::Number("0.01", "99.99"),
        Need::Table,
        "The discount in per cent of the amount due, such as 2.",
    ),
];

pub(super) const STEP: &[Key] = &[
    key(
        "from",
        Kind::Date,
        Need::Nobody,
        "The first day of the rate; without one it is for all time before.",
    ),
    key(
        "rate",
        Kind::Number("0", "1000000000"),
        Need::Table,
        "The rate from that day on.",
    ),
    UNIT,
];

//! The keys of the tables at the top, each table's in the order in which a user would write them.

use super::words::{FORMS_OF_INVOICES, LANGUAGES, WEEKDAYS};
use super::{Key, Kind, Need, Shape};

pub(super) const fn key(name: &'static str, kind: Kind, need: Need, doc: &'static str) -> Key {
    Key { name, kind, need, doc }
}

const NAME: Key = key("name", Kind::Text, Need::Table, "The name as it stands on invoices.");
const ADDRESS: Key = key(
    "address",
    Kind::Texts,
    Need::Nobody,
    "Street lines; city and post code have keys of their own.",
);
const POSTCODE: Key = key("postcode", Kind::Text, Need::Nobody, "The postal code.");
const CITY: Key = key("city", Kind::Text, Need::Invoice, "The city.");
const COUNTRY: Key = key(
    "country",
    Kind::Country,
    Need::Invoice,
    "The country: two letters of ISO 3166, such as DE.",
);
const VAT_ID: Key = key(
    "vat_id",
    Kind::Text,
    Need::Nobody,
    "The VAT id, in Europe with its country prefix; elsewhere the number for GST or sales tax. Reverse charge needs both sides'.",
);
const TAX_NUMBER: Key = key(
    "tax_number",
    Kind::Text,
    Need::Nobody,
    "The local tax number; a seller needs it or a VAT id.",
);
const REGISTRATION: Key = key(
    "registration",
    Kind::Text,
    Need::Nobody,
    "The number in a register of companies.",
);
const PERSON: Key = key(
    "contact",
    Kind::Inner(Shape::Contact),
    Need::Nobody,
    "Whom to ask about an invoice.",
);
const CURRENCY: Key = key(
    "currency",
    Kind::Currency,
    Need::Nobody,
    "The currency of ISO 4217, such as EUR; inherited.",
);
const TAXED: Key = key(
    "tax",
    Kind::Inner(Shape::Tax),
    Need::Nobody,
    "The VAT category and its rate; inherited. No VAT unless set.",
);
const ROUNDED: Key = key(
    "rounding",
    Kind::Inner(Shape::Rounding),
    Need::Nobody,
    "How time is rounded on invoices; inherited. What was tracked stays exact.",
);
const DAY_HOURS: Key = key(
    "hours_per_day",
    Kind::Number("1", "24"),
    Need::Nobody,
    "How many hours a day of a daily rate has; 8 unless set, inherited.",
);
const QUANTITY_DECIMALS: Key = key(
    "quantity_decimals",
    Kind::Count(4),
    Need::Nobody,
    "The decimals of quantities, 0 to 4; 2 for hours and 4 for days unless set, inherited.",
);
const LANGUAGE: Key = key(
    "language",
    Kind::Word(LANGUAGES),
    Need::Nobody,
    "The language of invoices; inherited.",
);
const PAYMENT_DAYS: Key = key(
    "payment_days",
    Kind::Count(u32::MAX),
    Need::Nobody,
    "Days to pay, from the day of issue; 14 unless set, inherited.",
);
const PAYMENT_END_OF_MONTH: Key = key(
    "payment_end_of_month",
    Kind::Word(&[
        ("no", "the days count from the day of issue"),
        ("before", "they count from the end of the month of issue"),
        (
            "after",
            "the days count from the day of issue; it is due at the end of the month in which they end",
        ),
    ]),
    Need::Nobody,
    "The end of the month in the terms of payment; no unless set, inherited.",
);
const PROJECT_REFERENCE: Key = key(
    "project_reference",
    Kind::Text,
    Need::Nobody,
    "The client's reference of the project; stands on its invoices.",
);
const IBAN: Key = key(
    "iban",
    Kind::Form("^[A-Z]{2}[0-9]{2}[A-Z0-9 ]+$"),
    Need::Nobody,
    "The account to be paid to; its check digits are checked. Inherited.",
);
const BIC: Key = key(
    "bic",
    Kind::Form("^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"),
    Need::Nobody,
    "The bank of that account, where the client's bank asks for it; inherited with the iban.",
);
const ELECTRONIC: Key = key(
    "electronic",
    Kind::Inner(Shape::Electronic),
    Need::Nobody,
    "Where electronic invoices arrive, as Peppol and German authorities ask for it.",
);
const TERMS: Key = key(
    "terms",
    Kind::Text,
    Need::Nobody,
    "The terms of payment in words, beside the due date; inherited.",
);
const CASH_DISCOUNT: Key = key(
    "cash_discount",
    Kind::Inner(Shape::CashDiscount),
    Need::Nobody,
    "The discount for early payment; inherited. It stands on invoices as a sentence, and as a code in XRechnung.",
);
const NOTES: Key = key(
    "notes",
    Kind::Texts,
    Need::Nobody,
    "What else stands on invoices, a paragraph each; inherited.",
);
const FORMATS: Key = key(
    "formats",
    Kind::Words(FORMS_OF_INVOICES),
    Need::Nobody,
    "The forms in which invoices are made, besides the PDF with Factur-X inside; inherited.",
);
const GROUP_BY: Key = key(
    "group_by",
    Kind::Word(&[
        ("project", "a line a project and rate"),
        ("day", "a line each day of it"),
        ("note", "a line each note of it"),
    ]),
    Need::Nobody,
    "How time becomes lines of an invoice; project unless set, inherited.",
);
const APPENDIX: Key = key(
    "appendix",
    Kind::Word(&[
        ("none", "no appendix"),
        ("hours", "days, projects, notes and hours; no path is told"),
        ("full", "the files and pages behind them, too"),
    ]),
    Need::Nobody,
    "Whether an invoice ends in a timesheet of its work; none unless set, inherited.",
);
const LOGO: Key = key(
    "logo",
    Kind::Text,
    Need::Nobody,
    "A file, SVG or PNG or JPEG, that stands on top of invoices; from the folder of this file, inherited.",
);
const TEMPLATE: Key = key(
    "template",
    Kind::Text,
    Need::Nobody,
    "A typst file in place of the built-in layout of invoices; from the folder of this file, inherited.",
);
const FONTS: Key = key(
    "fonts",
    Kind::Texts,
    Need::Nobody,
    "Font files for letters beyond Latin, Greek and Cyrillic; from the folder of this file, inherited. The system's fonts \
     are used after these.",
);
pub(super) const UNIT: Key = key(
    "unit",
    Kind::Word(&[
        ("hour", "the rate is for an hour"),
        ("day", "the rate is for a day of hours_per_day"),
    ]),
    Need::Nobody,
    "What the rate is for; an hour unless set.",
);

pub(super) const BUSINESS: &[Key] = &[
    NAME,
    key(
        "org",
        Kind::Form("^[A-Z0-9]{1,12}$"),
        Need::Table,
        "What invoice numbers begin with: 1 to 12 capital letters and digits, as in JDS-202611-0001.",
    ),
    ADDRESS,
    POSTCODE,
    CITY,
    COUNTRY,
    VAT_ID,
    TAX_NUMBER,
    REGISTRATION,
    PERSON,
    key(
        "currency",
        Kind::Currency,
        Need::Table,
        "The currency of ISO 4217, such as EUR; clients and projects inherit it.",
    ),
    key(
        "tax_currency",
        Kind::Currency,
        Need::Nobody,
        "The currency in which you owe VAT; that of `currency` unless set. Invoices in another one need an exchange rate.",
    ),
    IBAN,
    BIC,
    key(
        "time_zone",
        Kind::Zone,
        Need::Table,
        "The IANA zone whose days, weeks and months count, such as Europe/Berlin.",
    ),
    key(
        "day_start",
        Kind::Clock,
        Need::Nobody,
        "When a day begins, for those who work past midnight; \"00:00\" unless set.",
    ),
    key(
        "week_start",
        Kind::Word(WEEKDAYS),
        Need::Nobody,
        "The first day of the week; monday unless set.",
    ),
    PAYMENT_DAYS,
    PAYMENT_END_OF_MONTH,
    TERMS,
    CASH_DISCOUNT,
    NOTES,
    LANGUAGE,
    TAXED,
    ROUNDED,
    DAY_HOURS,
    QUANTITY_DECIMALS,
    GROUP_BY,
    APPENDIX,
    LOGO,
    TEMPLATE,
    FONTS,
    FORMATS,
    ELECTRONIC,
];

pub(super) const TRACKING: &[Key] = &[
    key(
        "idle_timeout",
        Kind::Length,
        Need::Nobody,
        "The longest gap between two signs of work that is counted; \"15m\" unless set.",
    ),
    key(
        "tail",
        Kind::Length,
        Need::Nobody,
        "What the last sign of work before a longer gap gets; \"0m\" unless set.",
    ),
    key(
        "absorb",
        Kind::Length,
        Need::Nobody,
        "A shorter visit elsewhere goes to the project around it; \"1m\" unless set, \"0m\" turns it off.",
    ),
    key(
        "ignore",
        Kind::Globs,
        Need::Nobody,
        "Globs on paths and URLs whose names never reach the disk; their time is private.",
    ),
];

pub(super) const REVIEW: &[Key] = &[key(
    "usual",
    Kind::Flag,
    Need::Nobody,
    "Gaps at the time of day of three breaks in four weeks are one line of the timesheet, which saving takes as breaks; true unless set.",
)];

pub(super) const CLIENT: &[Key] = &[
    NAME,
    ADDRESS,
    POSTCODE,
    CITY,
    COUNTRY,
    VAT_ID,
    TAX_NUMBER,
    REGISTRATION,
    PERSON,
    key(
        "buyer_reference",
        Kind::Text,
        Need::Nobody,
        "The client's own reference; stands on its invoices. German authorities want their Leitweg-ID here.",
    ),
    key(
        "order_reference",
        Kind::Text,
        Need::Nobody,
        "The number of the client's order; stands on its invoices.",
    ),
    key(
        "contract_reference",
        Kind::Text,
        Need::Nobody,
        "The number of the contract; stands on its invoices.",
    ),
    PROJECT_REFERENCE,
    key(
        "supplier_number",
        Kind::Text,
        Need::Nobody,
        "The number under which the client knows you; stands on its invoices.",
    ),
    CURRENCY,
    IBAN,
    BIC,
    PAYMENT_DAYS,
    PAYMENT_END_OF_MONTH,
    TERMS,
    CASH_DISCOUNT,
    NOTES,
    LANGUAGE,
    TAXED,
    ROUNDED,
    DAY_HOURS,
    QUANTITY_DECIMALS,
    GROUP_BY,
    APPENDIX,
    LOGO,
    TEMPLATE,
    FONTS,
    FORMATS,
    ELECTRONIC,
    key(
        "agent_time",
        Kind::Word(&[
            ("ignore", "agents' time is never counted"),
            ("count", "agents' time counts where nobody was at work"),
        ]),
        Need::Nobody,
        "Whether the time of coding agents counts where no person was at work; ignored unless set.",
    ),
];

pub(super) const PROJECT: &[Key] = &[
    key(
        "client",
        Kind::Client,
        Need::Invoice,
        "The client it is billed to; without one its time counts and is not billable.",
    ),
    key(
        "name",
        Kind::Text,
        Need::Nobody,
        "The name as it stands on invoices; the id unless set.",
    ),
    key(
        "rate",
        Kind::Rates,
        Need::Invoice,
        "The rate, or [{ from = 2026-01-01, rate = \"95.00\" }, …]; time before the first day has none.",
    ),
    UNIT,
    key(
        "billable",
        Kind::Flag,
        Need::Nobody,
        "Whether its time may be billed; true unless set.",
    ),
    key(
        "paths",
        Kind::Paths,
        Need::Nobody,
        "Globs on the files that are worked on for it; ! takes an exception out.",
    ),
    key(
        "urls",
        Kind::Urls,
        Need::Nobody,
        "Globs on pages, as scheme://host/path; ! takes an exception out.",
    ),
    key(
        "watch",
        Kind::FlagOr(&[("human", "its single saves are your work")]),
        Need::Nobody,
        "Whether what other programs save in its folders is seen: true keeps it as evidence, \"human\" counts it as yours.",
    ),
    key(
        "budget_hours",
        Kind::Number("0", "1000000"),
        Need::Nobody,
        "The hours that were agreed in all, such as 10.5; from 80 % on, status, reports, drafts and sheets say what is used.",
    ),
    PROJECT_REFERENCE,
    CURRENCY,
    TAXED,
    ROUNDED,
    DAY_HOURS,
    QUANTITY_DECIMALS,
    GROUP_BY,
    key(
        "was",
        Kind::Texts,
        Need::Nobody,
        "Ids that it had before, so that its history stays its own.",
    ),
];

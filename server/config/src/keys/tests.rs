//! The list of keys and the keys that are read are the same.

use std::fmt::Write as _;

use expect_test::expect_file;
use keeptab_core::rule::Platform;

use super::*;
use crate::{Surroundings, read};

/// A date and time, which is not valid for any key.
const WRONG: &str = "1979-05-27T07:32:00Z";

fn surroundings() -> Surroundings {
    Surroundings {
        platform: Platform {
            home: Some("/home/jane".into()),
            case_blind: false,
            backslash: false,
        },
        zone: chrono_tz::Europe::Vienna,
        is_folder: |_| false,
    }
}

fn messages(text: &str) -> Vec<String> {
    let (_, findings) = read(text, &surroundings());
    findings.into_iter().map(|finding| finding.message).collect()
}

/// Every table, and how a key in it is written.
const TABLES_WITH: [(Shape, &str); 11] = [
    (Shape::Business, "[business]\nKEY = VALUE\n"),
    (Shape::Tracking, "[tracking]\nKEY = VALUE\n"),
    (Shape::Review, "[review]\nKEY = VALUE\n"),
    (Shape::Client, "[client.a]\nKEY = VALUE\n"),
    (Shape::Project, "[project.a]\nKEY = VALUE\n"),
    (Shape::Tax, "[business]\ntax = { KEY = VALUE }\n"),
    (Shape::Rounding, "[project.a]\nrounding = { KEY = VALUE }\n"),
    (Shape::CashDiscount, "[client.a]\ncash_discount = { KEY = VALUE }\n"),
    (Shape::Contact, "[client.a]\nname = \"A\"\ncontact = { KEY = VALUE }\n"),
    (
        Shape::Electronic,
        "[client.a]\nname = \"A\"\nelectronic = { KEY = VALUE }\n",
    ),
    (Shape::Step, "[project.a]\nrate = [{ KEY = VALUE }]\n"),
];

#[test]
fn every_listed_key_is_read() {
    for (shape, text) in TABLES_WITH {
        for key in shape.keys() {
            let mut text = text.replace("KEY", key.name).replace("VALUE", WRONG);
            // A party's fields are read only if it has a name.
            if key.name != "name" && !matches!(shape, Shape::Contact | Shape::Electronic) {
                text = text.replace("[business]", "[business]\nname = \"A\"");
                text = text.replace("[client.a]", "[client.a]\nname = \"A\"");
            }
            let messages = messages(&text);
            let complains = messages
                .iter()
                .any(|message| message.starts_with(&format!("{} ", key.name)));
            assert!(complains, "{text}{messages:?}");
        }
    }
}

#[test]
fn every_key_that_is_read_is_listed() {
    // Asking for another key panics in tests: all tables are read here, whole.
    let text = TABLES_WITH.map(|(shape, text)| {
        let id = format!("{shape:?}").to_lowercase();
        text.replace("KEY", "unheard_of")
            .replace("VALUE", "1")
            .replace(".a]", &format!(".{id}]"))
    });
    let [
        business,
        tracking,
        review,
        client,
        project,
        _,
        rounding,
        cash_discount,
        contact,
        electronic,
        step,
    ] = text;
    let business = business.replace(
        "unheard_of = 1",
        "unheard_of = 1\nname = \"A\"\ntax = { unheard_of = 1 }",
    );
    let client = client.replace("unheard_of = 1", "unheard_of = 1\nname = \"A\"");
    let text = [
        business,
        tracking,
        review,
        client,
        project,
        rounding,
        cash_discount.replace("]\n", "]\nname = \"A\"\n"),
        contact,
        electronic,
        step,
    ]
    .concat();
    let unknown = messages(&text);
    let unknown = unknown
        .iter()
        .filter(|message| message.starts_with("unknown key unheard_of"))
        .count();
    assert_eq!(unknown, TABLES_WITH.len(), "{text}");
}

#[test]
fn paths_lead_to_tables_and_keys() {
    assert_eq!(Shape::at(&["client", "acme", "tax"]), Some(Shape::Tax));
    assert_eq!(Shape::at(&["project", "a", "rate"]), Some(Shape::Step));
    assert_eq!(Shape::at(&["client"]), None);
    assert_eq!(Shape::at(&["business", "name"]), None);
    assert_eq!(
        Shape::key_at(&["business", "org"]).map(|key| key.need),
        Some(Need::Table)
    );
    assert_eq!(Shape::key_at::<&str>(&[]), None);
}

/// A config with every key that has bounds.
const BOUNDED: &str = "
[business]
name = \"A\"
org = \"A\"
currency = \"EUR\"
time_zone = \"Europe/Berlin\"
payment_days = 14
hours_per_day = 8
quantity_decimals = 2
tax = { category = \"S\", rate = 19 }
cash_discount = { days = 10, percent = 2 }
[client.a]
name = \"A\"
[project.a]
client = \"a\"
budget_hours = 10
rate = [{ rate = 95 }]
";

/// Returns whether the config is read with another number for a key.
fn is_read(shape: Shape, name: &str, number: &str) -> bool {
    let before = match (shape, name) {
        (Shape::Step, _) | (_, "days") => "{ ",
        (Shape::Tax | Shape::CashDiscount, _) => ", ",
        _ => "\n",
    };
    let before = format!("{before}{name} = ");
    let (start, rest) = BOUNDED
        .split_once(&before)
        .unwrap_or_else(|| panic!("no {name} in {BOUNDED}"));
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let (config, _) = read(&format!("{start}{before}{number}{rest}"), &surroundings());
    config.is_some()
}

#[test]
fn the_bounds_of_the_list_are_those_of_reading() {
    let exact = |text: &str| {
        let number: rust_decimal::Decimal = text.parse().unwrap();
        (number, rust_decimal::Decimal::new(1, number.scale()))
    };
    let mut tried = 0;
    for (shape, _) in TABLES_WITH {
        for key in shape.keys() {
            let (least, most) = match key.kind {
                Kind::Count(most) => ("0".to_owned(), most.to_string()),
                Kind::Number(least, most) => (least.to_owned(), most.to_owned()),
                _ => continue,
            };
            let ((least, step), (most, _)) = (exact(&least), exact(&most));
            assert!(is_read(shape, key.name, &most.to_string()), "{} = {most}", key.name);
            for beyond in [least - step, most + step] {
                assert!(
                    !is_read(shape, key.name, &beyond.to_string()),
                    "{} = {beyond}",
                    key.name
                );
            }
            tried += 1;
        }
    }
    assert!(tried >= 8, "{tried}");
}

#[test]
fn the_formats_of_the_list_are_those_of_invoices() {
    let Some(Kind::Words(words)) = Shape::Client.key("formats").map(|key| key.kind) else {
        panic!("formats are words");
    };
    let names = words.iter().map(|(word, _)| *word);
    assert!(names.eq(keeptab_core::invoice::Format::ALL.map(keeptab_core::invoice::Format::name)));
}

/// Returns the heading that a table has in the book.
fn heading(shape: Shape) -> &'static str {
    match shape {
        Shape::Business => "business",
        Shape::Tracking => "tracking",
        Shape::Review => "review",
        Shape::Client => "client",
        Shape::Project => "project",
        Shape::Tax => "tax",
        Shape::Rounding => "rounding",
        Shape::CashDiscount => "cash_discount",
        Shape::Contact => "contact",
        Shape::Electronic => "electronic",
        Shape::Step => "rate",
    }
}

/// Returns what a value can be, in the words of the book.
fn value(kind: Kind) -> String {
    let words = |list: &[(&str, &str)]| {
        let each = list.iter().map(|(word, meaning)| match *meaning {
            "" => format!("`\"{word}\"`"),
            meaning => format!("`\"{word}\"` ({meaning})"),
        });
        each.collect::<Vec<_>>().join(", ")
    };
    let plain = match kind {
        Kind::Word(list) => return words(list),
        Kind::Words(list) => return format!("a list of {}", words(list)),
        Kind::FlagOr(list) => return format!("`true`, `false` or {}", words(list)),
        Kind::Inner(shape) => return format!("[a table](#{})", heading(shape)),
        Kind::Text | Kind::Form(_) => "text",
        Kind::Texts => "a list of texts",
        Kind::Client => "a client's id",
        Kind::Currency => "a currency, such as `\"EUR\"`",
        Kind::Country => "a country, such as `\"DE\"`",
        Kind::Zone => "a time zone, such as `\"Europe/Berlin\"`",
        Kind::Flag => "`true` or `false`",
        Kind::Count(u32::MAX) => "a whole number",
        Kind::Count(most) => return format!("a whole number up to {most}"),
        Kind::Number(least, most) => return format!("a decimal from {least} to {most}, such as `\"9.5\"`"),
        Kind::Length => "a length, such as `\"15m\"`",
        Kind::Clock => "a time of day, such as `\"04:00\"`",
        Kind::Date => "a day, such as `2026-01-01`",
        Kind::Rates => "a decimal, or [steps](#rate)",
        Kind::Paths | Kind::Urls | Kind::Globs => "a list of globs",
    };
    plain.to_owned()
}

/// `UPDATE_EXPECT=1` writes the page.
#[test]
fn the_book_lists_every_key() {
    let [business, tracking, review, client, project] = TABLES.map(|(_, about)| about);
    let tables = [
        (Shape::Business, format!("`[business]`: {business}")),
        (Shape::Tracking, format!("`[tracking]`: {tracking}")),
        (Shape::Review, format!("`[review]`: {review}")),
        (Shape::Client, format!("`[client.ID]`: {client}")),
        (Shape::Project, format!("`[project.\"ID\"]`: {project}")),
        (Shape::Tax, "`tax = { … }`: a VAT category and its rate.".to_owned()),
        (
            Shape::Rounding,
            "`rounding = { … }`: how time is rounded on invoices.".to_owned(),
        ),
        (
            Shape::CashDiscount,
            "`cash_discount = { … }`: a discount for early payment.".to_owned(),
        ),
        (Shape::Contact, "`contact = { … }`: a person.".to_owned()),
        (
            Shape::Electronic,
            "`electronic = { … }`: the address of electronic invoices.".to_owned(),
        ),
        (Shape::Step, "`rate = [{ … }]`: rates with their first days.".to_owned()),
    ];
    let mut page = "# Every key of the config

This list comes from the program. *Needed* says *yes* where the table is not complete without the key, and *for invoices* where
no invoice can be issued without it. [The config](config.md) has an example.
"
    .to_owned();
    for (shape, about) in tables {
        let head = "| key | value | needed | meaning |\n|---|---|---|---|";
        writeln!(page, "\n## {}\n\n{about}\n\n{head}", heading(shape)).unwrap();
        for key in shape.keys() {
            let needed = match key.need {
                Need::Table => "yes",
                Need::Invoice => "for invoices",
                Need::Nobody => "",
            };
            let value = value(key.kind);
            writeln!(page, "| `{}` | {value} | {needed} | {} |", key.name, key.doc).unwrap();
        }
    }
    expect_file!["../../../../docs/src/keys.md"].assert_eq(&page);
}

//! The config as a JSON schema, for editors that do not run keeptab's language server in `keeptab.toml`.

use chrono_tz::TZ_VARIANTS;
use keeptab_core::money::Currency;
use serde_json::{Map, Value, json};

use keeptab_config::keys::{Key, Kind, Need, Shape, TABLES};
use keeptab_config::{SCHEMA_URL, countries};

/// The tables inside other tables, by their definition.
const INNER: [(&str, Shape); 6] = [
    ("tax", Shape::Tax),
    ("rounding", Shape::Rounding),
    ("cash_discount", Shape::CashDiscount),
    ("contact", Shape::Contact),
    ("electronic", Shape::Electronic),
    ("step", Shape::Step),
];

/// Returns the schema, of draft 7, which the TOML servers of editors know.
pub(super) fn schema() -> Value {
    let tables = TABLES.iter().filter_map(|(name, about)| {
        let is_by_id = Shape::at(&[*name]).is_none();
        let mut table = if is_by_id {
            json!({ "type": "object", "additionalProperties": object(Shape::at(&[*name, "id"])?) })
        } else {
            object(Shape::at(&[*name])?)
        };
        table["description"] = json!(about);
        Some(((*name).to_owned(), table))
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_URL,
        "title": "keeptab.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": tables.collect::<Map<_, _>>(),
        "definitions": definitions(),
    })
}

/// Returns the definitions that [`value`] refers to.
fn definitions() -> Value {
    let zones: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    let countries: Vec<&str> = countries().map(|(code, _)| code).collect();
    let mut all = json!({
        "text": { "type": "string", "pattern": "\\S" },
        "texts": list(refer("text")),
        "zone": { "enum": zones },
        "country": { "enum": countries },
        "currency": { "enum": Currency::codes().collect::<Vec<_>>() },
    });
    for (name, shape) in INNER {
        all[name] = object(shape);
    }
    all
}

/// Returns the schema of a table.
fn object(shape: Shape) -> Value {
    let property = |key: &Key| {
        // Draft 7 reads nothing beside a `$ref`.
        let described = json!({ "description": key.doc, "allOf": [value(key.kind)] });
        (key.name.to_owned(), described)
    };
    let keys = shape.keys().iter();
    let needed = keys.clone().filter(|key| key.need == Need::Table).map(|key| key.name);
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": needed.collect::<Vec<_>>(),
        "properties": keys.map(property).collect::<Map<_, _>>(),
    })
}

/// Returns the schema of a value.
fn value(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Client => refer("text"),
        Kind::Form(form) => json!({ "type": "string", "pattern": form }),
        Kind::Texts | Kind::Paths | Kind::Urls | Kind::Globs => refer("texts"),
        Kind::Word(words) => one_of(words),
        Kind::Words(words) => list(one_of(words)),
        Kind::Currency => refer("currency"),
        Kind::Country => refer("country"),
        Kind::Zone => refer("zone"),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::FlagOr(words) => json!({ "anyOf": [{ "type": "boolean" }, one_of(words)] }),
        Kind::Count(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
        Kind::Number(least, most) => number(least, most),
        Kind::Length => form("^[0-9]+ ?[a-z]+( ?[0-9]+ ?[a-z]+)*$", &["15m", "1h 30m"]),
        Kind::Clock => form("^([01]?[0-9]|2[0-3]):[0-5][0-9]$", &["04:00"]),
        Kind::Date => form("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", &["2026-01-01"]),
        Kind::Rates => {
            let price = Shape::Step.key("rate").map(|key| value(key.kind));
            json!({ "anyOf": [price, { "type": "array", "items": refer("step") }] })
        }
        Kind::Inner(shape) => {
            let name = INNER.iter().find(|(_, inner)| *inner == shape).map(|(name, _)| *name);
            refer(name.unwrap_or_default())
        }
    }
}

fn refer(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

/// Returns a list; one value alone is a list of one.
fn list(item: Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

fn one_of(words: &[(&str, &str)]) -> Value {
    let word = |(word, means): &(&str, &str)| match *means {
        "" => json!({ "const": word }),
        means => json!({ "const": word, "description": means }),
    };
    json!({ "oneOf": words.iter().map(word).collect::<Vec<_>>() })
}

fn form(pattern: &str, examples: &[&str]) -> Value {
    json!({ "type": "string", "pattern": pattern, "examples": examples })
}

/// Returns a decimal, quoted or not. The bounds of a quoted one are left to keeptab.
fn number(least: &str, most: &str) -> Value {
    let bound = |text: &str| text.parse::<serde_json::Number>().map_or(Value::Null, Value::Number);
    json!({ "anyOf": [
        { "type": "number", "minimum": bound(least), "maximum": bound(most) },
        { "type": "string", "pattern": "^[0-9]+([.][0-9]+)?$" },
    ] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_EXPECT=1` writes the file. `tests/docs/schema.py` validates configs with it.
    #[test]
    fn the_book_has_the_schema() {
        let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        expect_test::expect_file!["../../../docs/src/keeptab.schema.json"].assert_eq(&text);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let schema = schema();
        let text = schema.to_string();
        let parts = text.split("#/definitions/").skip(1);
        let names: Vec<&str> = parts.map(|rest| rest.split('"').next().unwrap_or_default()).collect();
        assert!(names.len() > 20);
        for name in names {
            assert!(schema["definitions"][name].is_object(), "{name}");
        }
    }
}

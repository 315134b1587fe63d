//! Generates the types of keeptab's messages for the plugins, and those of the dashboard's document for its page, from the Rust
//! types that read and write them. Compiled for tests only: one of them compares the files, or writes them with
//! `UPDATE_EXPECT=1`.

mod lua;
mod typescript;

use expect_test::expect_file;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::browser;
use crate::lsp;
use crate::wire;

/// Adds schemas of types.
type Add = fn(&mut SchemaGenerator);

/// Types by name, as JSON schema writes them.
type Types = Map<String, Value>;

/// Returns the types of messages: `said` adds those that the host reads, of which a plugin may leave out members, and
/// `told` those that it writes.
fn types(said: Add, told: Add) -> Types {
    let mut types = Types::new();
    let settings = SchemaSettings::draft2020_12();
    for (settings, add) in [
        (settings.clone().for_deserialize(), said),
        (settings.for_serialize(), told),
    ] {
        let mut generator = settings.into_generator();
        add(&mut generator);
        types.extend(generator.take_definitions(true));
    }
    types
}

fn of_editors() -> Types {
    types(wire::types, lsp::types)
}

fn of_browsers() -> Types {
    types(browser::said, browser::told)
}

fn of_page() -> Types {
    let told = |generator: &mut SchemaGenerator| drop(generator.subschema_for::<keeptab_engine::Dashboard>());
    types(|_| {}, told)
}

/// Returns the lines of a description, as a comment has them.
fn lines(description: &Value) -> Vec<String> {
    let text = description.as_str().unwrap_or_default();
    text.split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect()
}

/// Returns the name of the type that a reference leads to.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// Returns whether a value of the type may be null.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// Returns the types among which a value may be: the parts of a union, or the type alone.
fn parts(schema: &Value) -> Vec<Value> {
    let union = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(parts) = union {
        return parts.clone();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values
            .iter()
            .map(|value| serde_json::json!({ "const": value }))
            .collect();
    }
    let Some(kinds) = schema["type"].as_array() else {
        return vec![schema.clone()];
    };
    let one = |kind: &Value| {
        let mut part = schema.clone();
        part["type"] = kind.clone();
        part
    };
    kinds.iter().map(one).collect()
}

/// A member of an object.
struct Member<'a> {
    name: &'a str,
    schema: &'a Value,
    is_optional: bool,
}

/// Returns the members of an object; `None` if the type is no object.
fn members(schema: &Value) -> Option<Vec<Member<'_>>> {
    let properties = schema["properties"].as_object()?;
    let required = schema["required"].as_array();
    let members = properties.iter().map(|(name, schema)| Member {
        name,
        schema,
        is_optional: required.is_none_or(|required| required.iter().all(|one| one != name)),
    });
    let mut members: Vec<_> = members.collect();
    // The member that tells messages apart comes first.
    members.sort_by_key(|member| member.name != "type");
    Some(members)
}

#[test]
fn the_types_of_the_plugins_are_those_of_the_host() {
    let (editors, browsers) = (of_editors(), of_browsers());
    expect_file!["../../editors/vscode/src/protocol.ts"].assert_eq(&typescript::module(&editors));
    expect_file!["../../editors/browser/src/protocol.ts"].assert_eq(&typescript::module(&browsers));
    expect_file!["../../editors/nvim/lua/keeptab/protocol.lua"].assert_eq(&lua::module(&editors));
    expect_file!["../present/src/page/packed.d.ts"].assert_eq(&typescript::globals(&of_page()));
}

//! Types of messages as annotations of lua-language-server.

use serde_json::Value;

use super::{Types, is_null, lines, members, parts, referred};

const HEAD: &str = "\
--- The messages between keeptab's host and its plugins; PROTOCOL.md says how they are used.
--- Generated from the host's types: do not edit. CONTRIBUTING.md says how.
---@meta
";

/// Returns a module of annotations, which nothing loads.
pub(super) fn module(types: &Types) -> String {
    let declarations = types.iter().map(|(name, schema)| declaration(name, schema));
    declarations.fold(HEAD.to_owned(), |text, declaration| format!("{text}\n{declaration}"))
}

fn declaration(name: &str, schema: &Value) -> String {
    let described = lines(&schema["description"]);
    let described = described.iter().filter(|line| !line.is_empty());
    let about = described.fold(String::new(), |about, line| about + "--- " + line + "\n");
    let Some(members) = members(schema) else {
        return format!("{about}---@alias keeptab.{name} {}\n", of(schema));
    };
    let members = members.into_iter().map(|member| {
        let parts = parts(member.schema);
        let is_optional = member.is_optional || parts.iter().any(is_null);
        let optional = if is_optional { "?" } else { "" };
        let about = lines(&member.schema["description"]).join(" ");
        let field = format!("---@field {}{optional} {} {about}", member.name, of(member.schema));
        format!("{}\n", field.trim_end())
    });
    format!("{about}---@class keeptab.{name}\n{}", members.collect::<String>())
}

/// Returns a type as an expression, without null: a field that may be null is optional.
fn of(schema: &Value) -> String {
    let mut parts = parts(schema);
    parts.retain(|part| !is_null(part));
    let [part] = parts.as_slice() else {
        let parts: Vec<String> = parts.iter().map(of).collect();
        return parts.join("|");
    };
    if let Some(name) = referred(part) {
        return format!("keeptab.{name}");
    }
    if let Some(value) = part.get("const") {
        return value.to_string();
    }
    match part["type"].as_str() {
        Some("string") => "string".to_owned(),
        Some("integer") => "integer".to_owned(),
        Some("number") => "number".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        Some("array") => {
            let item = of(&part["items"]);
            if item.contains('|') {
                format!("({item})[]")
            } else {
                format!("{item}[]")
            }
        }
        Some("object") => "table".to_owned(),
        _ => "any".to_owned(),
    }
}

//! Types of messages as TypeScript.

use serde_json::Value;

use super::{Types, is_null, lines, members, parts, referred};

const HEAD: &str = "\
/**
 * The messages between keeptab's host and its plugins; PROTOCOL.md says how they are used.
 * Generated from the host's types: do not edit. CONTRIBUTING.md says how.
 */
";

const HEAD_OF_PAGE: &str = "\
/**
 * The document that the dashboard's page shows, as the host writes it.
 * Generated from the host's types: do not edit. CONTRIBUTING.md says how.
 */
";

/// Returns a module that exports all types.
pub(super) fn module(types: &Types) -> String {
    declarations(HEAD, "export ", types)
}

/// Returns global declarations of all types, for plain scripts.
pub(super) fn globals(types: &Types) -> String {
    declarations(HEAD_OF_PAGE, "", types)
}

fn declarations(head: &str, export: &str, types: &Types) -> String {
    let declarations = types.iter().map(|(name, schema)| declaration(export, name, schema));
    declarations.fold(head.to_owned(), |text, declaration| format!("{text}\n{declaration}"))
}

fn declaration(export: &str, name: &str, schema: &Value) -> String {
    let about = comment(schema, "");
    match members(schema) {
        Some(_) if schema["oneOf"].is_null() => format!("{about}{export}interface {name} {}\n", object(schema, "")),
        _ => format!("{about}{export}type {name} ={};\n", union(schema)),
    }
}

/// Returns the comment before a declaration or a member; empty without a description.
fn comment(schema: &Value, indent: &str) -> String {
    let lines = lines(&schema["description"]);
    match lines.as_slice() {
        [line] if line.is_empty() => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines = lines.join(&format!("\n{indent} *\n{indent} * "));
            format!("{indent}/**\n{indent} * {lines}\n{indent} */\n")
        }
    }
}

/// Returns a declared union, one part a line if the parts have descriptions.
fn union(schema: &Value) -> String {
    let parts = parts(schema);
    let is_told = parts.len() > 1 && parts.iter().any(|part| part["description"].is_string());
    if !is_told {
        return format!(" {}", of(schema, ""));
    }
    let parts = parts
        .iter()
        .map(|part| format!("\n{}  | {}", comment(part, "  "), of(part, "    ")));
    parts.collect()
}

/// Returns the members of an object in braces, one a line.
fn object(schema: &Value, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let members = members(schema).unwrap_or_default().into_iter().map(|member| {
        let about = comment(member.schema, &inner);
        let optional = if member.is_optional { "?" } else { "" };
        let kind = if member.is_optional {
            of(&without_null(member.schema), &inner)
        } else {
            of(member.schema, &inner)
        };
        format!("{about}{inner}{}{optional}: {kind};\n", member.name)
    });
    format!("{{\n{}{indent}}}", members.collect::<String>())
}

/// Removes null from a type: what may be left out is left out.
fn without_null(schema: &Value) -> Value {
    let mut parts = parts(schema);
    parts.retain(|part| !is_null(part));
    match parts.as_slice() {
        [part] => part.clone(),
        parts => serde_json::json!({ "anyOf": parts }),
    }
}

/// Returns a type as an expression.
fn of(schema: &Value, indent: &str) -> String {
    let parts = parts(schema);
    let [part] = parts.as_slice() else {
        let parts: Vec<String> = parts.iter().map(|part| of(part, indent)).collect();
        return parts.join(" | ");
    };
    if let Some(name) = referred(part) {
        return match members(part) {
            Some(_) => format!("({name} & {})", object(part, indent)),
            None => name.to_owned(),
        };
    }
    if let Some(value) = part.get("const") {
        return value.to_string();
    }
    match part["type"].as_str() {
        Some("string") => "string".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        Some("null") => "null".to_owned(),
        Some("array") if part["prefixItems"].is_array() => tuple(part, indent),
        Some("array") => {
            let item = of(&part["items"], indent);
            if item.contains(" | ") || item.starts_with("readonly ") {
                format!("readonly ({item})[]")
            } else {
                format!("readonly {item}[]")
            }
        }
        Some("object") => object(part, indent),
        _ => "unknown".to_owned(),
    }
}

/// Returns a list whose elements have their own types. An element with a title has that as its name.
fn tuple(schema: &Value, indent: &str) -> String {
    let least = schema["minItems"]
        .as_u64()
        .and_then(|least| usize::try_from(least).ok());
    let elements = schema["prefixItems"].as_array().into_iter().flatten();
    let elements = elements.enumerate().map(|(place, element)| {
        let optional = if least.is_some_and(|least| place >= least) {
            "?"
        } else {
            ""
        };
        match element["title"].as_str() {
            Some(name) => format!("{name}{optional}: {}", of(element, indent)),
            None => format!("{}{optional}", of(element, indent)),
        }
    });
    format!("readonly [{}]", elements.collect::<Vec<_>>().join(", "))
}

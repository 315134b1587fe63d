//! The JSON schema of what each command prints with `--json`, from the types that it is printed from.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use keeptab_engine::Failure;
use keeptab_system::home::Home;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::output::Output;
use super::{About, Command};

/// The schema of a command's output.
pub(in crate::cli) type Shape = fn(&mut SchemaGenerator) -> schemars::Schema;

/// Print the JSON schema of what commands print with --json
#[derive(Debug, Args)]
pub(in crate::cli) struct Schema {
    /// The words of one command, such as invoice list; all commands unless given
    command: Vec<String>,
}

impl Command for Schema {
    const ABOUT: About = About {
        name: "schema",
        palette: None,
        examples: &[("schema", &["keeptab schema invoice list"])],
        answers: &[],
    };

    fn run(self, _: Home, _: &Output) -> Result<ExitCode> {
        Output::data(&serde_json::to_string_pretty(&schema(&self.command)?)?)
    }
}

/// Returns the schema of a type.
pub(super) fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<T>()
}

/// Returns the schema of an answer that is one of two types.
pub(super) fn either<A: JsonSchema, B: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    let shapes = [of::<A>(generator), of::<B>(generator)];
    json_schema!({ "anyOf": shapes })
}

/// Returns commands by their words, with the schemas of their outputs.
fn answers() -> impl Iterator<Item = (&'static str, Shape)> {
    super::all().flat_map(|about| about.answers).copied()
}

/// Returns the JSON schema (draft 2020-12) of the output of one command, or of all commands with a property for each.
/// The property `error` is the output of a failed command.
///
/// # Errors
///
/// If there is no such command, or it prints no JSON.
fn schema(words: &[String]) -> Result<Value> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    let name = words.join(" ");
    let mut schema = if name.is_empty() {
        let mut properties: serde_json::Map<_, _> = answers()
            .map(|(name, shape)| (name.to_owned(), shape(&mut generator).to_value()))
            .collect();
        properties.insert("error".into(), of::<Failure>(&mut generator).to_value());
        json!({ "title": "What keeptab prints with --json", "type": "object", "properties": properties })
    } else {
        let Some((name, shape)) = answers().find(|(command, _)| *command == name) else {
            bail!("no JSON of `keeptab {name}` has a schema\nhint: `keeptab schema` prints that of every command");
        };
        let mut one = shape(&mut generator).to_value();
        one["title"] = json!(format!("What keeptab {name} --json prints"));
        one
    };
    schema["$schema"] = json!(dialect);
    schema["$defs"] = Value::Object(generator.take_definitions(true));
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::answers;
    use crate::cli::Cli;

    /// Returns the words of each command that is run by itself.
    fn commands(command: &clap::Command, before: &str) -> Vec<String> {
        let shown = command.get_subcommands().filter(|inner| !inner.is_hide_set());
        shown
            .flat_map(|inner| {
                let words = format!("{before} {}", inner.get_name()).trim().to_owned();
                if inner.has_subcommands() {
                    commands(inner, &words)
                } else {
                    vec![words]
                }
            })
            .collect()
    }

    #[test]
    fn each_command_has_the_schema_of_its_answer() {
        let mut listed: Vec<&str> = answers().map(|(words, _)| words).collect();
        listed.sort_unstable();
        // The output of these is data already, the same with `--json`, or has a form of its own.
        let without = [
            "dashboard",
            "watch",
            "completions",
            "config schema",
            "schema",
            "lsp",
            "browser-host",
        ];
        let mut all = commands(&Cli::command(), "");
        all.retain(|words| !without.contains(&words.as_str()));
        all.sort_unstable();
        assert_eq!(all, listed);
    }
}

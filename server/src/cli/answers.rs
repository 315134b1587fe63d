//! The JSON schema of what each command prints with `--json`, from the types that it is printed from.

use anyhow::{Result, bail};
use keeptab_engine::{
    Backup, Catalogue, Comparison, Done, Evidence, Explanation, Failure, Forgetting, Gaps, ImportList, ImportView,
    InvoiceList, InvoiceView, Report, Restoration, Roots, Salvage, SheetView, Status, Verification,
};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{doctor, export, init, install, manual};

/// The schema of a command's output.
type Shape = fn(&mut SchemaGenerator) -> Schema;

/// Commands by their words, with what they print. Words that stand for more than one answer have the schema of each.
const ANSWERS: &[(&str, Shape)] = &[
    ("status", of::<Status>),
    ("start", of::<Done>),
    ("stop", of::<Done>),
    ("add", of::<Done>),
    ("away", either::<Gaps, Done>),
    ("pause", of::<Done>),
    ("resume", of::<Done>),
    ("report", of::<Report>),
    ("review", either::<SheetView, Done>),
    ("change", of::<Done>),
    ("undo", of::<Done>),
    ("assign", either::<Roots, Done>),
    ("explain", |generator| {
        let shapes = [of::<Explanation>, of::<Evidence>, of::<Comparison>].map(|shape| shape(generator));
        json_schema!({ "anyOf": shapes })
    }),
    ("invoice draft", of::<InvoiceView>),
    ("invoice discard", of::<Done>),
    ("invoice item add", of::<InvoiceView>),
    ("invoice item remove", of::<InvoiceView>),
    ("invoice issue", of::<InvoiceView>),
    ("invoice list", of::<InvoiceList>),
    ("invoice show", of::<InvoiceView>),
    ("invoice render", of::<InvoiceView>),
    ("invoice send", of::<InvoiceView>),
    ("invoice pay", of::<InvoiceView>),
    ("invoice write-off", of::<InvoiceView>),
    ("invoice cancel", of::<InvoiceView>),
    ("invoice note", of::<InvoiceView>),
    ("invoice verify", of::<Verification>),
    ("invoice start", of::<Done>),
    ("invoice export", of::<Done>),
    ("client list", of::<Catalogue>),
    ("client add", of::<Done>),
    ("project list", of::<Catalogue>),
    ("project add", of::<Done>),
    ("import", |generator| {
        let shapes = [of::<ImportView>, of::<ImportList>, of::<Done>].map(|shape| shape(generator));
        json_schema!({ "anyOf": shapes })
    }),
    ("init", of::<init::Configured>),
    ("install", |generator| {
        let shapes = [
            of::<install::nvim::Plugin>,
            of::<install::Extension>,
            of::<install::browser::Found>,
        ];
        json_schema!({ "anyOf": shapes.map(|shape| shape(generator)) })
    }),
    ("doctor", of::<doctor::Checks>),
    ("backup", of::<Backup>),
    ("restore", of::<Restoration>),
    ("salvage", of::<Salvage>),
    ("forget", of::<Forgetting>),
    ("export", of::<export::ExportedFiles>),
    ("demo", |generator| {
        let (report, invoice) = (of::<Report>(generator), of::<InvoiceView>(generator));
        json_schema!({
            "type": "object",
            "properties": {
                "home": { "type": "string" },
                "events": { "type": "integer" },
                "days": report,
                "projects": report,
                "clients": report,
                "invoices": { "type": "array", "items": invoice },
            },
            "required": ["home", "events", "days", "projects", "clients", "invoices"],
        })
    }),
    ("man", of::<manual::Pages>),
];

/// Commands whose output is data already, the same with `--json`, or that has a form of its own.
#[cfg(test)]
const WITHOUT: &[&str] = &["dashboard", "watch", "completions", "config", "schema"];

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

fn either<A: JsonSchema, B: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let shapes = [of::<A>(generator), of::<B>(generator)];
    json_schema!({ "anyOf": shapes })
}

/// Returns the JSON schema (draft 2020-12) of the output of one command, or of all commands with a property for each.
/// The property `error` is the output of a failed command.
///
/// # Errors
///
/// If there is no such command, or it prints no JSON.
pub(super) fn schema(words: &[String]) -> Result<Value> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    let name = words.join(" ");
    let mut schema = if name.is_empty() {
        let mut properties: serde_json::Map<_, _> = ANSWERS
            .iter()
            .map(|(name, shape)| ((*name).to_owned(), shape(&mut generator).to_value()))
            .collect();
        properties.insert("error".into(), of::<Failure>(&mut generator).to_value());
        json!({ "title": "What keeptab prints with --json", "type": "object", "properties": properties })
    } else {
        let Some((name, shape)) = ANSWERS.iter().find(|(command, _)| *command == name) else {
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
    use super::super::Cli;
    use super::{ANSWERS, WITHOUT};
    use clap::{Command, CommandFactory as _};

    /// Returns the words of each command that is run by itself.
    fn commands(command: &Command, before: &str) -> Vec<String> {
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
        let mut listed: Vec<&str> = ANSWERS
            .iter()
            .map(|(words, _)| *words)
            .chain(WITHOUT.iter().copied())
            .collect();
        listed.sort_unstable();
        let hosts = ["lsp", "browser-host"];
        let mut all = commands(&Cli::command(), "");
        all.retain(|words| !hosts.contains(&words.as_str()) && !words.starts_with("config "));
        all.push("config".into());
        all.sort_unstable();
        assert_eq!(all, listed);
    }
}

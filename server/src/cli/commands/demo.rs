//! `keeptab demo`: a recorded week, replayed through the real host and billed.

mod host;
mod week;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::plain::shell;
use keeptab_engine::InvoiceView;
use keeptab_system::clock;
use keeptab_system::home::{Home, make_private_folder, write_whole};
use schemars::json_schema;
use serde_json::{Value, json};

use super::output::Output;
use super::schema::of;
use super::{About, Command};
use host::Host;

/// The config of Jane Doe, who works for two clients.
const CONFIG: &str = include_str!("demo/keeptab.toml");

/// The clients that are billed.
const CLIENTS: [&str; 2] = ["acme", "northwind"];

/// Replay a recorded week in a home of its own and bill it
#[derive(Debug, Args)]
pub(in crate::cli) struct Demo {
    /// The folder to keep it in; a new one unless given
    #[arg(long)]
    home: Option<PathBuf>,
}

impl Command for Demo {
    const ABOUT: About = About {
        name: "demo",
        palette: None,
        examples: &[("demo", &["keeptab demo", "keeptab demo --home /tmp/keeptab-demo"])],
        answers: &[("demo", |generator| {
            let (report, invoice) = (of::<keeptab_engine::Report>(generator), of::<InvoiceView>(generator));
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
        })],
    };

    fn run(self, _: Home, output: &Output) -> Result<ExitCode> {
        play(self.home, output)
    }
}

fn play(folder: Option<PathBuf>, output: &Output) -> Result<ExitCode> {
    let folder = folder.map_or_else(new_folder, Ok)?;
    let home = Home::at(folder.clone(), None);
    if home.config_file().exists() || home.database().exists() {
        let folder = folder.display();
        bail!("{folder} is somebody's home already\nhint: leave --home out, or name a folder that is not there yet");
    }
    make_private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write_whole(&home.config_file(), CONFIG.as_bytes())?;

    let calendar = Calendar::new(chrono_tz::Europe::Berlin);
    let week = last_week(&calendar);
    let events = week::events(&calendar, week)?;
    let mut host = Host::start(&folder)?;
    host.replay(&events)?;

    let week = week.to_string();
    let report = |host: &mut Host, by: &str| host.command("keeptab.report", &["--week", &week, "--by", by]);
    let by_day = report(&mut host, "day")?;
    let by_project = report(&mut host, "project")?;
    let by_client = report(&mut host, "client")?;
    let mut invoices = Vec::new();
    for client in CLIENTS {
        invoices.push(host.command("keeptab.invoice", &["issue", client, "--week", &week])?);
    }
    host.stop()?;

    output.either(
        Shown {
            folder: &folder,
            events: events.len(),
            by_day: &by_day,
            by_project: &by_project,
            by_client: &by_client,
            invoices: &invoices,
        },
        || {
            json!({
                "home": folder,
                "events": events.len(),
                "days": by_day["data"],
                "projects": by_project["data"],
                "clients": by_client["data"],
                "invoices": invoices.iter().map(|invoice| invoice["data"].clone()).collect::<Vec<_>>(),
            })
        },
    )
}

/// Returns the path of a new folder.
fn new_folder() -> Result<PathBuf> {
    let stamp = clock::now().to_utc().format("%Y%m%d-%H%M%S%3f");
    let folder = std::env::temp_dir().join(format!("keeptab-demo-{stamp}"));
    if folder.exists() {
        bail!("{} is there already\nhint: try again", folder.display());
    }
    Ok(folder)
}

/// Returns the last week that is over.
fn last_week(calendar: &Calendar) -> Week {
    let today = calendar.day_of(clock::now());
    Week::of(today - chrono::Days::new(7))
}

struct Shown<'a> {
    folder: &'a Path,
    events: usize,
    by_day: &'a Value,
    by_project: &'a Value,
    by_client: &'a Value,
    invoices: &'a [Value],
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |value: &Value| value["text"].as_str().unwrap_or_default().to_owned();
        writeln!(f, "{} recorded editor events went through the host.\n", self.events)?;
        writeln!(f, "The week by day\n{}\n", text(self.by_day))?;
        writeln!(f, "By project\n{}\n", text(self.by_project))?;
        writeln!(f, "By client\n{}\n", text(self.by_client))?;
        for invoice in self.invoices {
            writeln!(f, "Invoice {}\n", text(invoice))?;
        }
        let folder = self.folder.display();
        writeln!(f, "All of it stays in {folder}. Look around:")?;
        // A user who tries the demo has not installed keeptab yet.
        let program = std::env::current_exe().ok();
        let program = program.map_or_else(|| "keeptab".into(), |program| program.display().to_string());
        let (folder, program) = (shell(&folder.to_string()), shell(&program));
        write!(f, "  KEEPTAB_HOME={folder} {program} invoice list")
    }
}

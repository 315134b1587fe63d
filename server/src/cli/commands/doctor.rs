//! `keeptab doctor`: checks, problems and remedies.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_config::Severity;
use keeptab_core::plain::counted;
use keeptab_engine::{Engine, Failure, backup_files};
use keeptab_store::{Damage, examine};
use keeptab_system::clock;
use keeptab_system::home::Home;
use keeptab_watch::rehearse;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::install::browser;
use super::output::Output;
use super::schema::of;
use super::{About, Command};

/// One check.
#[derive(Debug, Serialize, JsonSchema)]
struct Check {
    /// The thing that was checked.
    what: &'static str,
    /// False if something has to be done.
    ok: bool,
    /// True if it is no problem and may not be what the user thinks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    warning: bool,
    /// The finding, in words.
    says: String,
    /// The next step, if there is just one.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The number of events in an undamaged database.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<u64>,
}

/// All checks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Checks(Vec<Check>);

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, check) in self.0.iter().enumerate() {
            let mark = match check {
                Check { warning: true, .. } => "warning",
                Check { ok: true, .. } => "ok     ",
                Check { ok: false, .. } => "problem",
            };
            let hint = check
                .hint
                .as_ref()
                .map_or(String::new(), |hint| format!("\nhint: {hint}"));
            let says = format!("{}{hint}", check.says).replace('\n', "\n           ");
            let end = if index + 1 < self.0.len() { "\n" } else { "" };
            write!(f, "{mark}  {}: {says}{end}", check.what)?;
        }
        Ok(())
    }
}

const NARROW: &str = "name the folders of the project, or leave `watch` out";

fn watched(folder: &Path) -> Check {
    match rehearse(folder) {
        Ok(count) => check(
            "watch",
            true,
            format!("{}: {}", folder.display(), counted(count, "folder")),
        ),
        Err(problem) => check("watch", false, format!("{}: {problem}", folder.display())),
    }
}

/// Check the config, the database and the surroundings
#[derive(Debug, Args)]
pub(in crate::cli) struct Doctor {}

impl Command for Doctor {
    const ABOUT: About = About {
        name: "doctor",
        palette: Some("looks at everything: a list of `{ what, ok, says }`"),
        examples: &[("doctor", &["keeptab doctor"])],
        answers: &[("doctor", of::<Checks>)],
    };

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let checks = look_at_all(&home, |engine| output.warn_of_lost(engine));
        output.written(&checks, &checks)?;
        let healthy = checks.0.iter().all(|check| check.ok);
        Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Returns the output of `keeptab doctor`, as text and as JSON.
#[must_use]
pub fn check_up(home: Home) -> (String, Value) {
    let checks = look_at_all(&home, |_| ());
    (checks.to_string(), serde_json::to_value(&checks).unwrap_or_default())
}

fn look_at_all(home: &Home, first: impl FnOnce(&mut Engine)) -> Checks {
    let mut checks = Vec::new();
    let opened = Engine::open(home.clone(), clock::now());
    let mut damage = examine(&home.database());
    let count = match opened {
        Ok(mut engine) => {
            first(&mut engine);
            // Damage of the chain is reported with the invoices, by number.
            damage.retain(|damage| damage.check != "chain");
            // A part that cannot be checked is a problem, and the other parts are checked all the same.
            if let Err(error) = look(&mut engine, home, &mut checks) {
                checks.push(check("database", false, Failure::of(&error).to_string()));
            }
            Ok(engine.store().event_count())
        }
        Err(error) => Err(error),
    };
    database(home, damage, count, &mut checks);
    let browsers = browser::look(home).into_iter();
    checks.extend(browsers.map(|(ok, says)| check("browser", ok, says)));
    Checks(checks)
}

/// Reports the damage with the remedy, or the number of events; and the age of the backups.
fn database(home: &Home, damage: Vec<Damage>, count: Result<Result<u64>>, checks: &mut Vec<Check>) {
    let backups = backup_files(home);
    let remedy = match backups.first() {
        Some(newest) => format!(
            "`keeptab restore {}` puts the newest backup back; `keeptab salvage --to NEW` writes what the database still holds into a new file",
            newest.file.display()
        ),
        None => "`keeptab salvage --to NEW` writes what it still holds into a new file".to_owned(),
    };
    let problem = |says: String| {
        let remedy = if says.contains("hint:") {
            String::new()
        } else {
            format!("\nhint: {remedy}")
        };
        check("database", false, format!("{says}{remedy}"))
    };
    let is_whole = damage.is_empty();
    checks.extend(damage.into_iter().map(|damage| problem(damage.says)));
    match count {
        Ok(Ok(count)) if is_whole => {
            let says = format!("{}: {}", home.database().display(), counted(count, "event"));
            checks.push(Check {
                events: Some(count),
                ..check("database", true, says)
            });
        }
        Ok(Err(error)) | Err(error) if is_whole => checks.push(problem(Failure::of(&error).to_string())),
        _ => {}
    }
    let says = match backups.first() {
        Some(newest) => {
            let bytes: u64 = backups.iter().map(|backup| backup.bytes).sum();
            format!(
                "the newest of {} is of {}; {} KiB in all",
                backups.len(),
                newest.day,
                bytes.div_ceil(1024)
            )
        }
        None => "none yet; the first work of a day is followed by one".to_owned(),
    };
    checks.push(check("backups", true, says));
}

fn check(what: &'static str, ok: bool, says: impl Into<String>) -> Check {
    let says = says.into();
    let (says, hint) = match says.split_once("\nhint: ") {
        Some((says, hint)) if !hint.contains('\n') => (says.to_owned(), Some(hint.to_owned())),
        _ => (says, None),
    };
    Check {
        what,
        ok,
        warning: false,
        says,
        hint,
        events: None,
    }
}

/// Checks that invoices and all their records are unchanged.
fn chain(engine: &Engine) -> Check {
    let chain = match engine.store().chain() {
        Ok(chain) => chain,
        Err(error) => return check("chain", false, Failure::of(&error).to_string()),
    };
    let says = match chain.faults.len() {
        0 => format!("{} links", chain.links),
        1 => "one record is not as it was written\nhint: `keeptab invoice verify` names it".into(),
        count => format!("{count} records are not as they were written\nhint: `keeptab invoice verify` names them"),
    };
    check("chain", chain.faults.is_empty(), says)
}

fn look(engine: &mut Engine, home: &Home, checks: &mut Vec<Check>) -> Result<()> {
    let now = clock::now();
    let path = home.config_file();
    for finding in engine.findings() {
        let warning = finding.severity == Severity::Warning;
        checks.push(Check {
            warning,
            ..check("config", warning, format!("{}:{finding}", path.display()))
        });
    }
    if engine.file_is_good() {
        let config = engine.config();
        let parts = [
            (config.clients.len(), "client"),
            (config.projects.len(), "project"),
            (config.rules.rules().len(), "rule"),
        ];
        let parts = parts.map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
        let says = format!("{}: {}", path.display(), parts.join(", "));
        checks.push(check("config", true, says));
        let named = config.business.is_some();
        let says = if named {
            "can issue invoices"
        } else {
            "nobody is named who bills\nhint: run `keeptab init`"
        };
        checks.push(check("business", named, says));
    }
    for (rule, globs) in engine.once_remote()? {
        let globs: Vec<String> = globs.into_iter().collect();
        let says = format!(
            "`{rule}` named files of other hosts until now, and they are unassigned\nhint: add {} to its project",
            globs.join(", ")
        );
        checks.push(check("rules", false, says));
    }
    let ignored = engine.ignored_and_kept()?;
    if ignored > 0 {
        let says = format!(
            "{ignored} files, folders and pages are kept that are ignored now\nhint: `keeptab forget --ignored` removes them"
        );
        checks.push(check("rules", true, says));
    }
    for forgotten in engine.store().forgotten_here_alone()? {
        let says = format!(
            "a backup may still hold what was forgotten at {}\nhint: `keeptab forget --yes` writes the backups anew",
            engine.config().calendar.shown(forgotten)
        );
        checks.push(check("forgotten", false, says));
    }
    for problem in engine.audit_invoices()? {
        checks.push(check("invoices", false, problem));
    }
    checks.push(chain(engine));
    let last = engine.store().last_heartbeat(now)?;
    let says = match last {
        Some(event) => format!("the last heartbeat was at {}", engine.config().calendar.shown(event.at)),
        None => {
            "no heartbeat yet: type in an editor that has the plugin (`keeptab install nvim`, `keeptab install vscode`)"
                .into()
        }
    };
    checks.push(check("tracking", true, says));
    if engine.store().paused()? {
        checks.push(check("paused", false, "tracking is paused\nhint: `keeptab resume`"));
    }
    let followed = engine.ask(now, |engine, _| Ok(engine.followed()))?;
    checks.extend(followed.folders.iter().map(|folder| watched(folder)));
    let wide = |glob: &String| {
        check(
            "watch",
            false,
            format!("`{glob}` is too wide to be watched\nhint: {NARROW}"),
        )
    };
    checks.extend(followed.too_wide.iter().map(wide));
    Ok(())
}

//! `keeptab doctor`: what is right, what is not, and what to do.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde::Serialize;

use super::install::browser;
use super::output::Output;
use crate::clock;
use crate::config::Severity;
use crate::engine::{Command, Engine, Reply};
use crate::home::Home;
use crate::watch::rehearse;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: &'static str,
    ok: bool,
    says: String,
}

/// All that was looked at.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Checks(Vec<Check>);

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, check) in self.0.iter().enumerate() {
            let mark = if check.ok { "ok     " } else { "problem" };
            let says = check.says.replace('\n', "\n           ");
            let end = if index + 1 < self.0.len() { "\n" } else { "" };
            write!(f, "{mark}  {}: {says}{end}", check.what)?;
        }
        Ok(())
    }
}

const NARROW: &str = "name the folders of the project, or leave `watch` out";

fn watched(folder: &Path) -> Check {
    match rehearse(folder) {
        Ok(count) => check("watch", true, format!("{}: {count} folders", folder.display())),
        Err(problem) => check("watch", false, format!("{}: {problem}", folder.display())),
    }
}

pub(super) fn run(home: Home, output: &Output) -> Result<ExitCode> {
    let checks = match output.open(home.clone()) {
        Ok(mut engine) => look(&mut engine, &home)?,
        Err(error) => Checks(vec![check("database", false, format!("{error:#}"))]),
    };
    output.either(&checks, || serde_json::to_value(&checks).unwrap_or_default())?;
    let healthy = checks.0.iter().all(|check| check.ok);
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(what: &'static str, ok: bool, says: impl Into<String>) -> Check {
    Check {
        what,
        ok,
        says: says.into(),
    }
}

/// Whether invoices and all that belongs to them are as they were written.
fn chain(engine: &Engine) -> Check {
    let chain = match engine.store().chain() {
        Ok(chain) => chain,
        Err(error) => return check("chain", false, format!("{error:#}")),
    };
    let says = match chain.faults.len() {
        0 => format!("{} links", chain.links),
        1 => "one record is not as it was written\nhint: `keeptab invoice verify` names it".into(),
        count => format!("{count} records are not as they were written\nhint: `keeptab invoice verify` names them"),
    };
    check("chain", chain.faults.is_empty(), says)
}

fn look(engine: &mut Engine, home: &Home) -> Result<Checks> {
    let now = clock::now();
    let path = home.config_file();
    let mut checks = Vec::new();
    for finding in engine.findings() {
        let ok = finding.severity == Severity::Warning;
        checks.push(check("config", ok, format!("{}:{finding}", path.display())));
    }
    if engine.file_is_good() {
        let config = engine.config();
        let says = format!(
            "{}: {} clients, {} projects, {} rules",
            path.display(),
            config.clients.len(),
            config.projects.len(),
            config.rules.rules().len()
        );
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
    let broken = engine.store().integrity()?;
    let says = match broken.first() {
        None => format!(
            "{}: {} events",
            engine.store().path().display(),
            engine.store().event_count()?
        ),
        Some(first) => format!("{first}\nhint: restore a backup"),
    };
    checks.push(check("database", broken.is_empty(), says));
    checks.push(chain(engine));
    let last = engine.store().last_heartbeat(now)?;
    let says = match last {
        Some(event) => format!("the last heartbeat was at {}", event.at.to_rfc3339()),
        None => "no heartbeat yet; open a file in your editor and type".into(),
    };
    checks.push(check("tracking", true, says));
    if engine.store().paused()? {
        checks.push(check("paused", false, "tracking is paused\nhint: `keeptab resume`"));
    }
    if let Reply::Followed(followed) = engine.execute(Command::Followed, now)? {
        checks.extend(followed.folders.iter().map(|folder| watched(folder)));
        let wide = |glob: &String| {
            check(
                "watch",
                false,
                format!("`{glob}` is too wide to be watched\nhint: {NARROW}"),
            )
        };
        checks.extend(followed.too_wide.iter().map(wide));
    }
    let browsers = browser::look(home).into_iter();
    checks.extend(browsers.map(|(ok, says)| check("browser", ok, says)));
    Ok(Checks(checks))
}

//! `keeptab watch`: follows the folders of projects without an editor or a browser, until it is ended.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_config::Finding;
use keeptab_core::plain;
use keeptab_engine::thread::{Door, Handle};
use keeptab_engine::{Engine, Status};
use keeptab_store::Taken;
use keeptab_system::clock;
use keeptab_system::home::Home;
use keeptab_watch::ConfigWatch;
use serde_json::json;

use super::output::Output;
use super::{About, Command};
use crate::outside::{self, News};

/// A listener that shows no status: only an editor has a status bar.
struct Nobody;

impl Door for Nobody {
    fn taken(&self, _taken: Taken) {}
    fn status(&self, _status: &Status) {}
    fn config(&self, _findings: &[Finding]) {}
    fn tell(&self, _text: &str) {}
}

/// Follow the folders of projects with `watch`, without an editor, until it is ended
#[derive(Debug, Args)]
pub(in crate::cli) struct Watch {}

impl Command for Watch {
    const ABOUT: About = About {
        name: "watch",
        palette: None,
        examples: &[("watch", &["keeptab watch"])],
        answers: &[],
    };

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        follow(&home, output.is_json())
    }
}

fn follow(home: &Home, json: bool) -> Result<ExitCode> {
    // A host waits for a store that cannot be opened; a user at a terminal gets the error.
    drop(Engine::open(home.clone(), clock::now())?);
    let (engine, thread) = Handle::start(home.clone(), Nobody);
    let follower = outside::start(engine.clone(), home, move |news| {
        // An error is ignored: the reader is gone.
        let _ = if json {
            Output::data(&plain::json(&as_json(&news)))
        } else {
            Output::line(as_text(&news))
        };
    });
    let touched = move || {
        engine.config_touched();
        follower.config_touched();
    };
    let at_first = touched.clone();
    let _watch = ConfigWatch::start(&home.config_file(), touched)?;
    // It may have changed since the engine read it and before it was watched.
    at_first();
    // It ends when the user ends it.
    let _ = thread.join();
    Ok(ExitCode::FAILURE)
}

fn as_text(news: &News<'_>) -> String {
    match news {
        News::Following { folders, count } => {
            let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
            format!("following {} ({count} folders)", folders.join(", "))
        }
        News::Waiting => "another keeptab follows already; waiting for its end".to_owned(),
        News::Kept(outside) => outside.to_string(),
        News::Trouble(text) => format!("problem: {text}"),
    }
}

fn as_json(news: &News<'_>) -> String {
    let value = match news {
        News::Following { folders, count } => json!({ "following": folders, "count": count }),
        News::Waiting => json!({ "waiting": true }),
        News::Kept(outside) => json!({ "kept": outside }),
        News::Trouble(text) => json!({ "problem": text }),
    };
    value.to_string()
}

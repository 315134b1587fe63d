//! `keeptab project`: the projects of the config.

use anyhow::Result;
use clap::{Args, Subcommand};
use keeptab_config::Edit;
use keeptab_core::money::Price;
use keeptab_core::rule::ProjectId;
use keeptab_engine::{Catalogue, Done, Engine};
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// List projects or add one
#[derive(Debug, Args)]
pub(in crate::cli) struct Project {
    #[command(subcommand)]
    action: Option<ProjectAction>,
}

/// The actions on projects.
#[derive(Debug, Subcommand)]
enum ProjectAction {
    /// List them
    List,
    /// Add one to the config
    Add {
        /// Its id, such as acme/api
        id: String,
        /// The client's id
        #[arg(long)]
        client: Option<String>,
        /// Its name on invoices
        #[arg(long)]
        name: Option<String>,
        /// Its hourly rate
        #[arg(long)]
        rate: Option<String>,
        /// A folder or glob of its files; may be given several times
        #[arg(long = "path", value_name = "GLOB")]
        paths: Vec<String>,
        /// A glob of its pages; may be given several times
        #[arg(long = "url", value_name = "GLOB")]
        urls: Vec<String>,
    },
}

impl ProjectAction {
    fn call(self) -> Call {
        match self {
            Self::List => Call::new(Engine::catalogue),
            Self::Add {
                id,
                client,
                name,
                rate,
                paths,
                urls,
            } => edit(Edit::AddProject {
                id: ProjectId::new(id),
                client,
                name,
                // The config refuses what is no rate.
                rate: rate.map(|rate| rate.parse().map_or(rate, |price: Price| price.to_string())),
                paths,
                urls,
            }),
        }
    }
}

impl Command for Project {
    const ABOUT: About = About {
        name: "project",
        palette: Some("lists the projects"),
        examples: &[
            ("project", &["keeptab project"]),
            ("project list", &["keeptab project list --json"]),
            (
                "project add",
                &["keeptab project add acme/api --client acme --rate 95 --path ~/work/acme/api"],
            ),
        ],
        answers: &[("project list", of::<Catalogue>), ("project add", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(self
            .action
            .map_or_else(|| Call::new(Engine::catalogue), ProjectAction::call))
    }
}

/// Returns the call that edits the config.
pub(super) fn edit(edit: Edit) -> Call {
    Call::new(move |engine, now| engine.edit(&edit, now))
}

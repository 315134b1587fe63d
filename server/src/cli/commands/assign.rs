//! `keeptab assign`: folders for projects.

use anyhow::Result;
use clap::{Args, ValueHint};
use keeptab_config::Edit;
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_engine::{Done, Engine, Roots};
use keeptab_present::flow::Call;

use super::explain::absolute;
use super::schema::either;
use super::{About, Command};

/// List the folders that no rule names, or assign one to a project
#[derive(Debug, Args)]
pub(in crate::cli) struct Assign {
    /// A folder or glob of files, or of pages where it has a scheme
    #[arg(requires = "project", value_hint = ValueHint::AnyPath)]
    folder: Option<String>,
    /// The project's id
    project: Option<String>,
}

impl Command for Assign {
    const ABOUT: About = About {
        name: "assign",
        palette: Some(
            "asks for a folder with unassigned time and for a project, an old or a new one, and writes the \
             rule; with a folder asks for the project; with both writes it",
        ),
        examples: &[("assign", &["keeptab assign", "keeptab assign ~/src/scratch acme/api"])],
        answers: &[("assign", either::<Roots, Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(match (self.folder, self.project) {
            (Some(folder), Some(project)) => {
                let rule = Edit::AddRule {
                    project: ProjectId::new(project),
                    glob: glob_of_word(&rooted(&folder)?),
                };
                Call::new(move |engine, now| engine.assign(&rule, now))
            }
            _ => Call::new(Engine::unassigned),
        })
    }
}

/// Returns a folder given relative to the current one as an absolute path.
fn rooted(folder: &str) -> Result<String> {
    if folder.starts_with(['~', '/', '*', '[', '{']) {
        return Ok(folder.to_owned());
    }
    Ok(absolute(folder)?.replace('\\', "/"))
}

//! Rules on pages, which a browser matches itself: pages without a rule never leave it.

use keeptab_config::Config;
use keeptab_core::rule::{ProjectId, Rule, Subject, Target};
use schemars::JsonSchema;
use serde::Serialize;

/// The parts of the config that a browser needs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Pages {
    /// The projects that can be chosen.
    projects: Vec<ProjectName>,
    /// The rules, in config order.
    rules: Vec<PageRule>,
}

/// A project by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Project")]
struct ProjectName {
    /// The id.
    id: ProjectId,
    /// The name.
    name: String,
}

/// A rule on pages, with regular expressions in the place of its glob.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
struct PageRule {
    /// The project; null for an ignore rule.
    project: Option<ProjectId>,
    /// The glob as written in the config.
    glob: String,
    /// Regular expressions; the glob matches if one of them does.
    expressions: Vec<String>,
    /// The length of the glob up to its first wildcard: the longest wins.
    prefix: usize,
    /// True if it excludes its matches from the project.
    exception: bool,
}

impl Pages {
    /// Returns the projects and the rules on pages of a config.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let projects = config.projects.iter().map(|project| ProjectName {
            id: project.terms.project.clone(),
            name: project.terms.name.clone(),
        });
        let rules = config.rules.rules().iter();
        let rules = rules.filter(|rule| rule.subject() == Subject::Url).map(page_rule);
        Self {
            projects: projects.collect(),
            rules: rules.collect(),
        }
    }
}

fn page_rule(rule: &Rule) -> PageRule {
    PageRule {
        project: match rule.target() {
            Target::Project(project) => Some(project.clone()),
            Target::Ignore => None,
        },
        glob: rule.text().to_owned(),
        expressions: rule.expressions().into_iter().map(str::to_owned).collect(),
        prefix: rule.prefix().len(),
        exception: rule.is_exception(),
    }
}

//! Tools that know tags alone: one of an entry's tags is its project.

use std::collections::BTreeSet;

use keeptab_config::{Config, Project};
use keeptab_import::Draft;

/// The tags that are projects.
#[derive(Clone, Debug, Default)]
pub(super) struct ProjectTags {
    /// The ids and names of the config's projects, in lower case.
    known: BTreeSet<String>,
    /// The tags that the user named, in lower case.
    named: BTreeSet<String>,
}

impl ProjectTags {
    pub(super) fn new(config: &Config, named: &[String]) -> Self {
        let both = |project: &Project| {
            [
                project.terms.project.as_str().to_lowercase(),
                project.terms.name.to_lowercase(),
            ]
        };
        Self {
            known: config.projects.iter().flat_map(both).collect(),
            named: named.iter().map(|tag| tag.trim().to_lowercase()).collect(),
        }
    }

    /// Chooses the project of an entry among its tags: one that the user named, the only one in the config, or the only
    /// one at all. Returns false if the user must choose.
    pub(super) fn choose(&self, draft: &mut Draft) -> bool {
        if !draft.has_project_tag {
            return true;
        }
        draft.has_project_tag = false;
        let of = |set: &BTreeSet<String>| -> Vec<usize> {
            let is_in = |(index, tag): (usize, &String)| set.contains(&tag.to_lowercase()).then_some(index);
            draft.tags.iter().enumerate().filter_map(is_in).collect()
        };
        let index = match (of(&self.named).as_slice(), of(&self.known).as_slice(), draft.tags.len()) {
            ([first, ..], ..) | ([], [first], _) => *first,
            ([], _, 0) => return true,
            ([], [], 1) => 0,
            _ if self.named.is_empty() => return false,
            // The user named tags, and this entry has none of them.
            _ => return true,
        };
        draft.project = draft.tags.remove(index);
        true
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use keeptab_import::When;

    #[test]
    fn one_tag_is_the_project_by_name_by_the_config_or_alone() {
        let choose = |known: &[&str], named: &[&str], tags: &[&str]| {
            let set = |names: &[&str]| names.iter().map(|name| name.to_lowercase()).collect();
            let projects = ProjectTags {
                known: set(known),
                named: set(named),
            };
            let mut draft = Draft::at(When::Day(NaiveDate::MIN));
            draft.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            draft.has_project_tag = true;
            let is_decided = projects.choose(&mut draft);
            (is_decided, draft.project, draft.tags.join(" "))
        };
        let decided = |project: &str, rest: &str| (true, project.to_owned(), rest.to_owned());
        let tags = ["Review", "acme"];
        assert_eq!(choose(&[], &["acme"], &tags), decided("acme", "Review"));
        assert_eq!(choose(&["Acme"], &[], &tags), decided("acme", "Review"));
        assert_eq!(
            choose(&["acme", "review"], &["review"], &tags),
            decided("Review", "acme")
        );
        assert_eq!(choose(&[], &[], &["acme"]), decided("acme", ""));
        assert_eq!(choose(&[], &[], &[]), decided("", ""));
        assert!(!choose(&[], &[], &tags).0);
        assert!(!choose(&["acme", "review"], &[], &tags).0);
        assert_eq!(choose(&[], &["other"], &tags), decided("", "Review acme"));
    }
}

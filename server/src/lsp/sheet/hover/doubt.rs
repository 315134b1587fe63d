//! Meaning of a doubt, and ways to settle it.

use keeptab_core::correction::To;
use keeptab_core::timesheet::{target, usual};
use keeptab_engine::{About, Checked, Doubt};

use super::markdown::{code, plain};

/// Explains the doubt or the usual breaks of a comment, or reports that the doubt is settled.
pub(super) fn of(checked: &Checked, comment: &str) -> Option<String> {
    if usual(comment).is_some() {
        return Some(USUAL.to_owned());
    }
    let usual = checked.usual.iter().map(|usual| &usual.doubt);
    asked(checked.doubts.iter().chain(usual), comment)
}

const USUAL: &str = "You had breaks at this time on three days or more of these four weeks. Saving takes the gaps in this \
                     line as breaks.\n\nIf one was work, add a line with its times and its project, or take it out of this \
                     line. A quick fix asks about each. `[review] usual = false` in keeptab.toml turns this off.";

fn asked<'d>(mut doubts: impl Iterator<Item = &'d Doubt>, comment: &str) -> Option<String> {
    let text = comment.trim().strip_prefix('#')?.trim_start().strip_prefix('?')?.trim();
    let doubt = doubts.find(|doubt| doubt.text.trim() == text);
    let words = doubt.map_or_else(
        || "This is settled, or looks otherwise by now. Save to see what is left.".to_owned(),
        |doubt| explained(&doubt.about),
    );
    Some(format!("**{}**\n\n{words}", plain(text)))
}

fn explained(about: &About) -> String {
    match about {
        About::Unassigned { root } => {
            let root = root.as_ref().map_or_else(String::new, |root| format!(" in {}", code(root)));
            format!(
                "No rule names what was touched{root}, so it goes to nobody.\n\nWrite a project instead of the `?` on its \
                 line, or add the folder to a project's `paths` in keeptab.toml: then it is assigned for good."
            )
        }
        About::Bridged => "Nothing was seen for so long, and it was counted, being shorter than `idle_timeout`.\n\nIf you \
             were reading or thinking, leave it. If you were away, end the line before the gap and begin another after it."
            .into(),
        About::Away => "Nothing was seen, and work went on after it. It is not counted.\n\nIf it was a call or a meeting, \
             add a line with these times and its project. If it was a break, leave it."
            .into(),
        About::Agents { project } => {
            let project = project.clone().map(|project| code(&target(&To::Project(project))));
            let project = project.map_or_else(String::new, |project| format!(" on {project}"));
            format!(
                "Only an agent worked{project}, and agents do not work hours. It is not counted.\n\nIf you were there, \
                 add a line with these times. To count all such time of a client, set its `agent_time = \"count\"`."
            )
        }
        About::Overlap { .. } => "This entry counts beside other time, as you or its file say.\n\nDelete it, unless you \
             mean both."
            .into(),
        About::Free { .. } => "Other time had this when the entry was written, and was undone or credited since. The entry does \
             not grow by itself.\n\nCount the free time, or leave it."
            .into(),
        About::Taken { .. } => "Some of this time is counted or billed already, and no time counts twice.\n\nThe entry \
             counts the rest. Leave it, or delete it."
            .into(),
    }
}

#[cfg(test)]
mod tests;

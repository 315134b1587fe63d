//! Actions on a line's project: assign unassigned time, correct a misspelt project, add a rule for a folder.

use keeptab_core::correction::To;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{ProblemKind, target};
use keeptab_engine::target_of;

use super::scene::{Change, Row, Scene};
use super::{Does, Fixes, Offer};

/// Returns the actions on a line's project.
pub(super) fn offers(scene: &Scene<'_>, row: &Row<'_>) -> Vec<Offer> {
    if row.billed {
        return Vec::new();
    }
    match &row.to.value {
        To::Unassigned => unassigned(scene, &[row]),
        To::Project(project) => unknown(scene, row, project),
        To::Private => Vec::new(),
    }
}

/// Returns the actions on unassigned lines.
pub(super) fn unassigned(scene: &Scene<'_>, rows: &[&Row<'_>]) -> Vec<Offer> {
    let fixing = Fixes::Problem(ProblemKind::Unassigned);
    let likely = scene.likely();
    let mut offers = Vec::new();
    let only = likely.len() == 1;
    for project in &likely {
        let offer = Offer::new(format!("Count it to {project}"), retagged(rows, project));
        offers.push(offer.fixing(fixing).preferred(only));
    }
    let Some(root) = rows.iter().find_map(|row| scene.hint(row)) else {
        return offers;
    };
    let alike = |row: &&Row<'_>| row.to.value == To::Unassigned && !row.billed && scene.hint(row) == Some(root);
    let alike: Vec<&Row<'_>> = scene.rows.iter().filter(alike).collect();
    if alike.len() > rows.len() {
        for project in &likely {
            let title = format!("Count all {} in {root} to {project}", alike.len());
            offers.push(Offer::new(title, retagged(&alike, project)).fixing(fixing));
        }
    }
    // Folded visits show their number in this place, which is not a folder.
    if rows.iter().any(|row| row.clocks().is_some()) {
        let folder = target_of(root);
        if let Some(project) = likely.first() {
            let run = Does::Run("assign", vec![folder.clone(), project.to_string()]);
            offers.push(Offer::new(format!("Assign {root} to {project}, with a rule"), run).fixing(fixing));
        }
        let run = Does::Run("assign", vec![folder]);
        offers.push(Offer::new(format!("Assign {root} to a project…"), run).fixing(fixing));
    }
    offers
}

fn retagged(rows: &[&Row<'_>], project: &ProjectId) -> Does {
    let to = target(&To::Project(project.clone()));
    let change = |row: &&Row<'_>| {
        let bytes = row.to.range.clone();
        let after = row.mark.or(row.note.map(|note| &note.range));
        match after.map(|after| after.start) {
            // The text after it stays in its column if there is room.
            Some(next) => {
                let width = (next - bytes.start).saturating_sub(2);
                Change::new(bytes.start..next, format!("{to:<width$}  "))
            }
            None => Change::new(bytes, to.clone()),
        }
    };
    Does::Edit(rows.iter().map(change).collect())
}

/// Returns the actions on a project that the config does not have.
fn unknown(scene: &Scene<'_>, row: &Row<'_>, project: &ProjectId) -> Vec<Offer> {
    let fixing = Fixes::Problem(ProblemKind::Project);
    let problems = scene.checked.review.problems.iter();
    let Some(problem) = problems
        .filter(|problem| problem.line == row.line)
        .find(|problem| problem.kind == ProblemKind::Project)
    else {
        return Vec::new();
    };
    let nearest = problem
        .hint
        .strip_prefix("did you mean ")
        .and_then(|hint| hint.strip_suffix('?'));
    let near = nearest.map(ProjectId::new).map(|near| {
        let change = retagged(&[row], &near);
        Offer::new(format!("Change to {near}"), change)
            .fixing(fixing)
            .preferred(true)
    });
    let add = Does::Run("project", vec!["add".into(), project.to_string()]);
    let add = Offer::new(format!("Add {project} to keeptab.toml"), add).fixing(fixing);
    near.into_iter().chain([add]).collect()
}

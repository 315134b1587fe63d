//! *Assign a folder to a project…*: folder, project, and the rule is written.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use keeptab_config::{Edit, slug};
use keeptab_core::entity::Entity;
use keeptab_core::instant::Length;
use keeptab_core::rule::{ProjectId, Subject, glob_of_word};
use keeptab_engine::thread::Handle;
use keeptab_engine::{Catalogue, Engine, Root, target_of};
use keeptab_system::home::Home;

use super::{Ask, Input, Item, Outcome, Pick};

/// Stands for a project that is yet to be added; no id is empty.
const NEW: &str = "";

/// Asks for the missing values: the folder, among those with unassigned time, and the project, or the fields of a new
/// one.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn assign(ask: &impl Ask, engine: &Handle, folder: Option<String>) -> Result<Option<Outcome>> {
    let folder = match folder {
        Some(folder) => Some(folder),
        None => pick_folder(ask, engine).await?,
    };
    let Some(folder) = folder else { return Ok(None) };
    let catalogue = engine.ask(Engine::catalogue).await?;
    let Some(project) = pick_project(ask, &catalogue, &folder).await else {
        return Ok(None);
    };
    let glob = glob_of_word(&folder);
    let edit = if project == NEW {
        let Some(edit) = ask_new(ask, &catalogue, &folder, glob).await else {
            return Ok(None);
        };
        edit
    } else {
        let project = ProjectId::new(project);
        Edit::AddRule { project, glob }
    };
    let done = engine.ask(move |engine, now| engine.assign(&edit, now)).await?;
    Ok(Some(Outcome::told(done)))
}

/// Returns a folder in the form of a rule: editors give URIs.
#[must_use]
pub fn named_folder(folder: &str, home: &Home) -> String {
    let is_uri = folder.starts_with("file:") || folder.starts_with("vscode-");
    match Entity::unnamed(Some(folder)) {
        Entity::Unnamed { root: Some(path) } if is_uri => target_of(&home.shorten(&path)),
        _ => folder.to_owned(),
    }
}

async fn pick_folder(ask: &impl Ask, engine: &Handle) -> Result<Option<String>> {
    let roots = engine.ask(Engine::unassigned).await?;
    let folders: Vec<&Root> = roots.folders().collect();
    if folders.is_empty() {
        bail!("no folder of this week is unassigned\nhint: to write a rule for another one, name it");
    }
    let item = |root: &Root| Item {
        label: root.root.clone(),
        detail: format!("{} unassigned", Length::from_secs(root.seconds)),
        value: root.target(),
    };
    let pick = Pick {
        title: "Assign a folder to a project".into(),
        placeholder: "folder".into(),
        items: folders.into_iter().map(item).collect(),
        ..Pick::default()
    };
    Ok(ask.pick(pick).await)
}

async fn pick_project(ask: &impl Ask, catalogue: &Catalogue, folder: &str) -> Option<String> {
    let projects = catalogue.projects.iter().map(|project| Item {
        label: project.id.to_string(),
        detail: project.name.clone(),
        value: project.id.to_string(),
    });
    let new = Item {
        label: "New project…".into(),
        detail: "adds it to keeptab.toml".into(),
        value: NEW.into(),
    };
    let pick = Pick {
        title: format!("Assign {folder} to a project?"),
        placeholder: "project".into(),
        items: projects.chain([new]).collect(),
        ..Pick::default()
    };
    ask.pick(pick).await
}

/// Asks for the id of a new project, its client, and its rate if it has one.
async fn ask_new(ask: &impl Ask, catalogue: &Catalogue, folder: &str, glob: String) -> Option<Edit> {
    let clients = catalogue.clients.iter().map(|client| Item {
        label: client.name.clone(),
        detail: client.id.clone(),
        value: client.id.clone(),
    });
    let none = Item {
        label: "No client".into(),
        detail: "its time counts and is not billable".into(),
        value: String::new(),
    };
    let pick = Pick {
        title: "Whom is it for?".into(),
        placeholder: "client".into(),
        items: clients.chain([none]).collect(),
        ..Pick::default()
    };
    let client = Some(ask.pick(pick).await?).filter(|client| !client.is_empty());
    let name = folder
        .trim_end_matches(['/', '*'])
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let taken: BTreeSet<String> = catalogue.projects.iter().map(|one| one.id.to_string()).collect();
    let own = slug(name, &BTreeSet::new());
    let whole = client.as_ref().map_or(own.clone(), |client| format!("{client}/{own}"));
    let proposed = if taken.contains(&whole) { String::new() } else { whole };
    let id = ask_text(ask, "The project's id, such as acme/api", &proposed).await?;
    let id = Some(id).filter(|id| !id.is_empty())?;
    let rate = match &client {
        Some(_) => Some(ask_text(ask, "Its hourly rate, empty where there is none", "").await?),
        None => None,
    };
    Some(Edit::AddProject {
        id: ProjectId::new(id),
        client,
        name: None,
        rate: rate.filter(|rate| !rate.is_empty()),
        paths: Vec::from_iter(Some(glob.clone()).filter(|glob| Subject::of(glob) == Subject::Path)),
        urls: Vec::from_iter(Some(glob).filter(|glob| Subject::of(glob) == Subject::Url)),
    })
}

async fn ask_text(ask: &impl Ask, prompt: &str, value: &str) -> Option<String> {
    let input = Input {
        title: "New project".into(),
        value: value.to_owned(),
        prompt: prompt.to_owned(),
    };
    Some(ask.input(input).await?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_an_editor_is_named_as_a_rule_does() {
        let home = Home::at("/data".into(), Some("/home/jane".into()));
        let check = |folder: &str, expected: &str| assert_eq!(named_folder(folder, &home), expected);
        check("file:///home/jane/work/acme/api", "~/work/acme/api");
        check("file:///home/jane/a%20b%5Bc%5D/", "~/a b[[]c[]]");
        check("vscode-remote://ssh-remote%2Bbox/srv/shop", "ssh://box/srv/shop");
        check("file://server/share/shop", "//server/share/shop");
        check("file:///home/janet", "/home/janet");
        // A path from a shell is a rule's glob already.
        check("~/work/**", "~/work/**");
        check("/srv/*/shop", "/srv/*/shop");
        check("ssh://box/srv/a[*]b", "ssh://box/srv/a[*]b");
        check("https://github.com/acme/api", "https://github.com/acme/api");
    }
}

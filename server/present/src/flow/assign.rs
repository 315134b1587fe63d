//! *Assign a folder to a project…*: folder, project, and the rule is written.

use anyhow::{Result, bail};
use keeptab_config::Edit;
use keeptab_core::entity::Entity;
use keeptab_core::instant::Length;
use keeptab_core::rule::glob_of_word;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, Root, target_of};
use keeptab_system::home::Home;

use super::added::{Where, pick_project};
use super::{Ask, Item, Outcome, Pick};

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
    let title = format!("Assign {folder} to a project?");
    let Some(picked) = pick_project(ask, engine, &title, Where::Given(folder.clone())).await? else {
        return Ok(None);
    };
    if let Some(added) = picked.added {
        return Ok(Some(Outcome::told(added)));
    }
    let edit = Edit::AddRule {
        project: picked.id,
        glob: glob_of_word(&folder),
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

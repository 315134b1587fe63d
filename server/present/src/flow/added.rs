//! A client or a project: chosen, or added on the way.

use std::collections::BTreeSet;

use anyhow::Result;
use keeptab_config::{Edit, slug};
use keeptab_core::rule::{ProjectId, Subject, glob_of_word};
use keeptab_engine::thread::Handle;
use keeptab_engine::{Catalogue, ClientRow, Done, Engine, ProjectRow};

use super::{Answers, Ask, Item, Outcome, Pick};

/// Stands for one that is yet to be added; no id is empty.
const NEW: &str = "";
/// Stands for no client; no id has a blank.
const NONE: &str = " ";

/// The folder of a new project.
pub(super) enum Where {
    /// It is known, as a rule has it.
    Given(String),
    /// It is asked for, and this is proposed.
    Proposed(Option<String>),
}

/// A project that was chosen.
pub(super) struct Picked {
    pub(super) id: ProjectId,
    /// The outcome of adding it, if it is new.
    pub(super) added: Option<Done>,
}

/// Lets the user choose a client or add one. `detail` stands beside its name.
pub(super) async fn pick_client(
    ask: &impl Ask,
    engine: &Handle,
    title: &str,
    detail: fn(&ClientRow) -> String,
) -> Result<Option<String>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let picked = ask.pick(client_pick(&catalogue, title, detail, None)).await;
    chosen_client(ask, engine, picked, &catalogue).await
}

/// Lets the user choose a project or add one.
pub(super) async fn pick_project(
    ask: &impl Ask,
    engine: &Handle,
    title: &str,
    folder: Where,
) -> Result<Option<Picked>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let picked = ask.pick(project_pick(&catalogue, title, None)).await;
    chosen_project(ask, engine, picked, folder).await
}

/// Returns the choice of a project, or of another way.
pub(super) fn project_pick(catalogue: &Catalogue, title: &str, other: Option<Item>) -> Pick {
    let item = |project: &ProjectRow| Item {
        label: project.id.to_string(),
        detail: project.name.clone(),
        value: project.id.to_string(),
    };
    Pick {
        title: title.into(),
        placeholder: "project".into(),
        items: catalogue
            .projects
            .iter()
            .map(item)
            .chain(other)
            .chain([new("New project…")])
            .collect(),
        ..Pick::default()
    }
}

/// Returns the project that was chosen, after adding it if it is new; `None` if the user gave up.
pub(super) async fn chosen_project(
    ask: &impl Ask,
    engine: &Handle,
    picked: Option<String>,
    folder: Where,
) -> Result<Option<Picked>> {
    match picked {
        None => Ok(None),
        Some(id) if id == NEW => new_project(ask, engine, folder).await,
        Some(id) => Ok(Some(Picked {
            id: ProjectId::new(id),
            added: None,
        })),
    }
}

/// Asks for a new client and adds it. Returns its id, or `None` if the user gave up.
///
/// # Errors
///
/// If the config cannot be written.
async fn new_client(ask: &impl Ask, engine: &Handle, catalogue: &Catalogue) -> Result<Option<String>> {
    let mut answers = Answers::default();
    if !answers.ask_client(ask).await {
        return Ok(None);
    }
    let taken: BTreeSet<String> = catalogue.clients.iter().map(|client| client.id.clone()).collect();
    let Some(edit) = answers.new_client(&taken) else {
        return Ok(None);
    };
    let id = match &edit {
        Edit::AddClient { id, .. } => id.clone(),
        _ => return Ok(None),
    };
    engine.ask(move |engine, now| engine.edit(&edit, now)).await?;
    Ok(Some(id))
}

/// Asks for a new project, and whom it is for, and adds it. Returns `None` if the user gave up.
async fn new_project(ask: &impl Ask, engine: &Handle, folder: Where) -> Result<Option<Picked>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let none = Item {
        label: "No client".into(),
        detail: "its time counts and is not billable".into(),
        value: NONE.into(),
    };
    let pick = client_pick(&catalogue, "Whom is it for?", |client| client.id.clone(), Some(none));
    let client = match ask.pick(pick).await {
        Some(picked) if picked == NONE => None,
        picked => match chosen_client(ask, engine, picked, &catalogue).await? {
            Some(client) => Some(client),
            None => return Ok(None),
        },
    };
    let mut answers = Answers::default();
    if client.is_none() {
        // Without a client there is nothing to bill.
        answers.rate = Some(String::new());
    }
    let is_assigned = matches!(folder, Where::Given(_));
    let (given, proposed) = match folder {
        Where::Given(folder) => (Some(folder.clone()), Some(folder)),
        Where::Proposed(folder) => (None, folder),
    };
    answers.folder = given;
    if !answers.ask_project(ask, proposed).await {
        return Ok(None);
    }
    let name = answers.project.unwrap_or_default();
    let taken: BTreeSet<String> = catalogue
        .projects
        .iter()
        .map(|project| project.id.to_string())
        .collect();
    let own = slug(&name, &BTreeSet::new());
    let whole = client.as_ref().map_or(own.clone(), |client| format!("{client}/{own}"));
    let numbered = (2..).map(|number| format!("{whole}-{number}"));
    let mut ids = std::iter::once(whole.clone()).chain(numbered);
    let id = ProjectId::new(ids.find(|id| !taken.contains(id)).unwrap_or_default());
    let glob = answers.folder.as_deref().map(glob_of_word);
    let of = |subject: Subject| Vec::from_iter(glob.clone().filter(|glob| Subject::of(glob) == subject));
    let edit = Edit::AddProject {
        id: id.clone(),
        client,
        name: Some(name),
        rate: answers.rate.filter(|rate| !rate.is_empty()),
        paths: of(Subject::Path),
        urls: of(Subject::Url),
    };
    let done = if is_assigned {
        engine.ask(move |engine, now| engine.assign(&edit, now)).await?
    } else {
        engine.ask(move |engine, now| engine.edit(&edit, now)).await?
    };
    Ok(Some(Picked { id, added: Some(done) }))
}

/// *New Client…*
///
/// # Errors
///
/// If the config cannot be read or written.
pub async fn add_client(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let added = new_client(ask, engine, &catalogue).await?;
    Ok(added.map(|id| Outcome::of(format!("Added the client {id}. A project says what its time costs."))))
}

/// *New Project…*. `folder` is proposed as its folder.
///
/// # Errors
///
/// If the config cannot be read or written.
pub async fn add_project(ask: &impl Ask, engine: &Handle, folder: Option<String>) -> Result<Option<Outcome>> {
    let added = new_project(ask, engine, Where::Proposed(folder)).await?;
    Ok(added.map(|picked| Outcome::of(format!("Added the project {}.", picked.id))))
}

fn client_pick(catalogue: &Catalogue, title: &str, detail: fn(&ClientRow) -> String, none: Option<Item>) -> Pick {
    let item = |client: &ClientRow| Item {
        label: client.name.clone(),
        detail: detail(client),
        value: client.id.clone(),
    };
    Pick {
        title: title.into(),
        placeholder: "client".into(),
        items: catalogue
            .clients
            .iter()
            .map(item)
            .chain(none)
            .chain([new("New client…")])
            .collect(),
        ..Pick::default()
    }
}

async fn chosen_client(
    ask: &impl Ask,
    engine: &Handle,
    picked: Option<String>,
    catalogue: &Catalogue,
) -> Result<Option<String>> {
    match picked {
        Some(picked) if picked == NEW => new_client(ask, engine, catalogue).await,
        picked => Ok(picked),
    }
}

fn new(label: &str) -> Item {
    Item {
        label: label.into(),
        detail: "adds it to keeptab.toml".into(),
        value: NEW.into(),
    }
}

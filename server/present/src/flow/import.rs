//! *Import History…*: a file, the questions about it, the preview, and the import.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::calendar::Month;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, ImportRequest, ImportView, LongDay};
use keeptab_system::home::{Home, write_whole};

use super::{Ask, Input, Item, Outcome, Pick};

/// Asks for missing values, shows the preview, and imports it if the user confirms. `show` shows a preview, or returns the
/// text that the question is to show.
///
/// # Errors
///
/// If the engine returns an error, or an answer cannot be read.
pub async fn import(
    ask: &impl Ask,
    engine: &Handle,
    mut request: ImportRequest,
    show: impl Fn(&ImportView) -> Result<Option<String>>,
) -> Result<Option<ImportView>> {
    let Some(dropped) = ask_missing(ask, engine, &mut request).await? else {
        return Ok(None);
    };
    request.is_dry = true;
    loop {
        let view = run(engine, &request).await?;
        if !view.brings_something() {
            return Ok(Some(view));
        }
        let mut question = question(&view, &dropped);
        if let Some(text) = show(&view)? {
            question.title = format!("{}\n\n{}", question.title, text.trim_end());
        }
        match ask.pick(question).await.as_deref() {
            Some("import") => break,
            Some("billed") => match ask_billed(ask, &view).await? {
                Some(day) => request.billed_before = Some(day),
                None => return Ok(None),
            },
            _ => return Ok(None),
        }
    }
    request.is_dry = false;
    run(engine, &request).await.map(Some)
}

/// Returns the question about an import that was shown. If the file says little about billed time, the user can add it
/// here.
fn question(view: &ImportView, dropped: &[String]) -> Pick {
    let item = |label: &str, detail: String, value: &str| Item {
        label: label.into(),
        detail,
        value: value.into(),
    };
    let refused = match view.refused_rows {
        0 => String::new(),
        1 => "without the row that is refused".to_owned(),
        count => format!("without the {count} rows that are refused"),
    };
    let columns = match dropped {
        [] => String::new(),
        [column] => format!("without the column {column}"),
        columns => format!("without the columns {}", columns.join(", ")),
    };
    let without: Vec<String> = [refused, columns].into_iter().filter(|part| !part.is_empty()).collect();
    let mut items = vec![item("Import", without.join("; "), "import")];
    if let Some(unbilled) = view.unbilled_of_old() {
        let detail = format!("{unbilled} is not billed yet; what the other tool billed is never billed here");
        items.push(item("Billed before a day…", detail, "billed"));
    }
    items.push(item("Cancel", "writes nothing".into(), "cancel"));
    Pick {
        title: format!("Import {}?", view.news()),
        placeholder: "Import it?".into(),
        items,
        ..Pick::default()
    }
}

/// Asks for the first day that the other tool has not billed. Returns `None` if the user gave up.
async fn ask_billed(ask: &impl Ask, view: &ImportView) -> Result<Option<NaiveDate>> {
    let input = Input {
        title: "Which day is the first that the other tool did not bill?".into(),
        value: view
            .to
            .map(|last| Month::of(last).bounds().0.to_string())
            .unwrap_or_default(),
        prompt: "The first day that is not billed yet".into(),
    };
    let Some(day) = ask.input(input).await else {
        return Ok(None);
    };
    let parsed = day.trim().parse().ok();
    parsed
        .with_context(|| format!("`{day}` is not a day\nhint: write it as 2026-11-01"))
        .map(Some)
}

/// Asks for a file unless one is given, imports it, and opens its first week. The question shows the preview. An editor whose
/// questions are one line gets it as a file, which `show` opens.
///
/// # Errors
///
/// If the engine returns an error, or an answer cannot be read.
pub async fn import_history(
    ask: &impl Ask,
    engine: &Handle,
    home: &Home,
    mut request: ImportRequest,
    show: Option<impl Fn(PathBuf)>,
) -> Result<Option<Outcome>> {
    if request.files.is_empty() {
        let input = Input {
            title: "Import history".into(),
            value: String::new(),
            prompt: "The path of a file that another tool exported".into(),
        };
        let Some(path) = ask.input(input).await.filter(|path| !path.trim().is_empty()) else {
            return Ok(None);
        };
        request.files.push(path_of(path.trim(), home));
    }
    let folder = home.imports();
    let preview = |view: &ImportView| {
        let Some(show) = &show else {
            return Ok(Some(view.to_string()));
        };
        let path = folder.join("preview.txt");
        write_whole(&path, format!("{view}\n").as_bytes())?;
        show(path);
        Ok(None)
    };
    let Some(view) = import(ask, engine, request, preview).await? else {
        return Ok(None);
    };
    let open = match view.first_week().filter(|_| view.batch.is_some()) {
        Some(week) => {
            let review = move |engine: &mut Engine, now| engine.review(Some(week), true, now);
            Some(engine.ask(review).await?.path)
        }
        None => None,
    };
    Ok(Some(Outcome {
        open,
        ..Outcome::of(view.summary())
    }))
}

async fn run(engine: &Handle, request: &ImportRequest) -> Result<ImportView> {
    let request = request.clone();
    engine.ask(move |engine, now| engine.import(&request, now)).await
}

/// Asks the questions that only the user can answer. Returns the columns that the user's mapping drops; `None` if the user
/// gave up.
async fn ask_missing(ask: &impl Ask, engine: &Handle, request: &mut ImportRequest) -> Result<Option<Vec<String>>> {
    let survey = |request: &ImportRequest| {
        let request = request.clone();
        engine.ask(move |engine, _| engine.survey(&request))
    };
    let mut known = survey(request).await?;
    let mut dropped = Vec::new();
    if let Some((columns, guess)) = &known.unknown {
        let input = Input {
            title: "Which column is what?".into(),
            value: guess.to_string(),
            prompt: format!(
                "What the columns {} are, such as date=Day,hours=Hrs,project=Job; columns that are not named are dropped",
                columns.join(", ")
            ),
        };
        let Some(mapping) = ask.input(input).await else {
            return Ok(None);
        };
        let mapping = request.mapping.insert(mapping.trim().parse()?);
        dropped = mapping.dropped(columns);
        known = survey(request).await?;
    }
    if known.is_ambiguous {
        let item = |label: &str, value: &str| Item {
            label: label.into(),
            detail: String::new(),
            value: value.into(),
        };
        let pick = Pick {
            title: "How are the dates in the file meant?".into(),
            placeholder: "order of day and month".into(),
            items: vec![item("day/month/year", "dmy"), item("month/day/year", "mdy")],
            ..Pick::default()
        };
        let Some(order) = ask.pick(pick).await else {
            return Ok(None);
        };
        request.order = Some(order.parse()?);
    }
    if known.users.len() > 1 {
        let pick = Pick {
            title: "Whose time is yours?".into(),
            placeholder: "person".into(),
            items: known.users.iter().map(|user| plain_item(user)).collect(),
            ..Pick::default()
        };
        let Some(user) = ask.pick(pick).await else {
            return Ok(None);
        };
        request.user = Some(user);
    }
    if !known.tags.is_empty() {
        let mut items: Vec<Item> = known.tags.iter().map(|tag| plain_item(tag)).collect();
        items.push(Item {
            label: "None of them".into(),
            detail: "entries with several tags have no project".into(),
            value: String::new(),
        });
        let pick = Pick {
            title: "Which tag is the project?".into(),
            placeholder: "tag".into(),
            items,
            ..Pick::default()
        };
        let Some(tag) = ask.pick(pick).await else {
            return Ok(None);
        };
        request.project_tags.push(tag);
    }
    if let Some(long) = &known.long_day
        && !ask_long(ask, request, long).await?
    {
        return Ok(None);
    }
    if known.needs_zone {
        let input = Input {
            title: "In which time zone are the clock times of the file?".into(),
            value: known.zone.clone(),
            prompt: "The time zone of the file's clock times".into(),
        };
        let Some(zone) = ask.input(input).await else {
            return Ok(None);
        };
        let parsed = zone.trim().parse().ok();
        request.zone =
            Some(parsed.with_context(|| {
                format!("`{zone}` is not a time zone\nhint: write an IANA name such as Europe/Berlin")
            })?);
    }
    Ok(Some(dropped))
}

/// Returns an item whose label is its value.
fn plain_item(text: &str) -> Item {
    Item {
        label: text.to_owned(),
        detail: String::new(),
        value: text.to_owned(),
    }
}

/// Asks how a day of more than 24 hours is meant. Returns false if the user gave up.
async fn ask_long(ask: &impl Ask, request: &mut ImportRequest, long: &LongDay) -> Result<bool> {
    let item = |label: &str, detail: &str, value: &str| Item {
        label: label.into(),
        detail: detail.into(),
        value: value.into(),
    };
    let mut items = vec![item("Import as it is", "days may have more than 24 hours", "take")];
    if let Some(column) = &long.column {
        items.insert(0, item("The column counts seconds", column, "seconds"));
    }
    let pick = Pick {
        title: format!("{} has {} hours. Is that right?", long.day, long.length),
        placeholder: "a day of more than 24 hours".into(),
        items,
        ..Pick::default()
    };
    match (ask.pick(pick).await.as_deref(), &request.mapping) {
        (Some("take"), _) => request.has_long_days = true,
        (Some("seconds"), Some(mapping)) => request.mapping = Some(mapping.in_seconds()),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Reads a path as people write it: also from `~`, or as a URI.
fn path_of(text: &str, home: &Home) -> PathBuf {
    let text = text.strip_prefix("file://").unwrap_or(text);
    match (text.strip_prefix("~/"), home.platform().home) {
        (Some(rest), Some(user)) => PathBuf::from(user).join(rest),
        _ => PathBuf::from(text),
    }
}

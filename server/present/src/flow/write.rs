//! *Export…*: all that is kept, or the documents of all invoices, in a folder.

use super::{Ask, Input, Item, Pick};

/// The contents of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// All that is kept, as one file of JSON.
    Json,
    /// The same as tables.
    Tables,
    /// The documents of all invoices.
    Invoices,
}

/// Asks for the contents and the folder of an export. Returns `None` if the user gave up.
pub async fn pick_writing(ask: &impl Ask) -> Option<(Writing, String)> {
    let item = |label: &str, detail: &str, value: &str| Item {
        label: label.into(),
        detail: detail.into(),
        value: value.into(),
    };
    let pick = Pick {
        title: "Export…".into(),
        placeholder: "contents".into(),
        items: vec![
            item("Everything as JSON", "one file that keeptab can import again", "json"),
            item("Everything as tables", "CSV files for a spreadsheet", "tables"),
            item("The documents of all invoices", "PDFs and e-invoices", "invoices"),
        ],
        ..Pick::default()
    };
    let (writing, proposed) = match ask.pick(pick).await?.as_str() {
        "json" => (Writing::Json, "~/keeptab-export"),
        "tables" => (Writing::Tables, "~/keeptab-tables"),
        _ => (Writing::Invoices, "~/keeptab-invoices"),
    };
    let mut prompt = "Folder, which is made if it is not there".to_owned();
    loop {
        let folder = Input {
            title: "Export to…".into(),
            value: proposed.into(),
            prompt: prompt.clone(),
        };
        let folder = ask.input(folder).await?.trim().to_owned();
        if folder.starts_with(['/', '~']) || folder.get(1..2) == Some(":") {
            return Some((writing, folder));
        }
        prompt = "Folder: write it whole, such as ~/keeptab-export".into();
    }
}

//! The one door to the editor: every notification and request to it goes through one task.
//!
//! Of frequent notifications only the newest is kept, so a slow editor never makes the queue grow.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keeptab_config::{Finding, Severity};
use keeptab_engine::Status;
use keeptab_engine::thread::{Door, Offer};
use keeptab_present::flow::{Input, Item, Next, Pick};
use keeptab_store::Taken;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};
use tower_lsp::Client;
use tower_lsp::ls_types::{
    Diagnostic, DiagnosticSeverity, MessageActionItem, MessageType, Position, ProgressToken, Range, ShowDocumentParams,
    TextEdit, Uri, WorkspaceEdit,
};

use super::progress::Progress;
use super::protocol::{
    InputRequest, OfferNotice, OfferParams, PickRequest, StatusNotice, TakenNotice, TakenParams, Told, ToldNotice,
};
use super::wording;

/// The queue of messages to the editor.
#[derive(Clone, Default)]
pub(super) struct Outbox {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
    begun: Notify,
}

#[derive(Default)]
struct Waiting {
    taken: Option<u64>,
    status: Option<Value>,
    file: File,
    /// The diagnostics of our own documents, by URI.
    diagnostics: HashMap<Uri, Vec<Diagnostic>>,
    /// True if the editor should request lenses and hints again.
    refresh: bool,
    letters: VecDeque<Letter>,
    /// True if the client is our plugin, which has pickers.
    plugin: bool,
    /// The editor's own command line, such as `:Keeptab`.
    line: Option<String>,
    /// True if the client shows progress.
    progress: bool,
    /// The number of progresses so far.
    progresses: i32,
    config_uri: Option<Uri>,
    /// The open workspace roots.
    roots: Vec<String>,
}

/// The config file. While the editor has it open, the editor's diagnostics are shown in place of the file's.
#[derive(Default)]
struct File {
    /// The findings at the last read.
    findings: Vec<Finding>,
    /// True if they are to be shown.
    is_due: bool,
    is_open: bool,
}

/// Something that is sent once.
enum Letter {
    Message(MessageType, String),
    Told(Told),
    Offer(OfferParams),
    Pick(Pick, oneshot::Sender<Option<String>>),
    Input(Input, oneshot::Sender<Option<String>>),
    Document(ShowDocumentParams),
    Edit(Uri, Vec<TextEdit>),
    Progress(ProgressToken, Progress),
}

impl Outbox {
    /// Starts the task that owns the client.
    pub(super) fn open(&self, client: Client) {
        let outbox = self.clone();
        tokio::spawn(async move {
            outbox.shared.begun.notified().await;
            loop {
                outbox.shared.more.notified().await;
                outbox.deliver(&client).await;
            }
        });
    }

    /// Starts sending: the editor has the answer to `initialize`.
    pub(super) fn begin(&self) {
        self.shared.begun.notify_one();
    }

    /// Sets the client's capabilities and the URI of the config.
    pub(super) fn address(&self, plugin: bool, progress: bool, config_uri: Option<Uri>) {
        let mut waiting = self.waiting();
        waiting.plugin = plugin;
        waiting.progress = progress;
        waiting.config_uri = config_uri;
    }

    /// Sets the editor's own command line.
    pub(super) fn speak(&self, line: Option<String>) {
        self.waiting().line = line;
    }

    /// Returns the editor's own command line, if it has one.
    pub(super) fn line(&self) -> Option<String> {
        self.waiting().line.clone()
    }

    /// Returns a text with the commands of the editor's own command line.
    fn own(&self, text: String) -> String {
        match self.line() {
            Some(line) => wording::own(&text, &line),
            None => text,
        }
    }

    /// Returns true if the client is a plugin of ours, whose questions show a text of several lines.
    pub(super) fn is_plugin(&self) -> bool {
        self.waiting().plugin
    }

    /// Sets the open workspace roots.
    pub(super) fn rooted(&self, roots: &[String]) {
        self.waiting().roots = roots.to_vec();
    }

    /// Shows a message. It is one line in most editors, so a hint follows on it.
    pub(super) fn message(&self, kind: MessageType, text: &str) {
        let text = self.own(text.trim().replace("\nhint: ", " — "));
        self.post(Letter::Message(kind, text));
    }

    /// Tells how something ended that the user did.
    pub(super) fn told(&self, mut told: Told) {
        told.text = self.own(told.text);
        self.post(Letter::Told(told));
    }

    /// Tells how something ended, with a next step.
    pub(super) fn next(&self, text: String, next: Next) {
        self.post(Letter::Offer(OfferParams {
            text: self.own(text),
            action: next.action.into(),
            command: next.command.into(),
            words: next.words,
        }));
    }

    /// Opens a file, a PDF in its own program.
    pub(super) fn document(&self, uri: Uri, external: bool) {
        self.post(Letter::Document(ShowDocumentParams {
            uri,
            external: Some(external),
            take_focus: Some(true),
            selection: None,
        }));
    }

    /// Shows the diagnostics of a document.
    pub(super) fn diagnostics(&self, uri: Uri, diagnostics: Vec<Diagnostic>) {
        self.put(|waiting| drop(waiting.diagnostics.insert(uri, diagnostics)));
    }

    /// Notes that the editor opened or closed a config. The file's findings are shown again once it is closed.
    pub(super) fn config_opened(&self, uri: &Uri, is_open: bool) {
        let mut waiting = self.waiting();
        let path = |uri: &Uri| uri.to_file_path().map(std::borrow::Cow::into_owned);
        if waiting
            .config_uri
            .as_ref()
            .is_some_and(|known| known == uri || path(known) == path(uri))
        {
            waiting.file.is_open = is_open;
            waiting.file.is_due = !is_open;
            drop(waiting);
            self.shared.more.notify_one();
        }
    }

    /// Changes a document in the editor.
    pub(super) fn edit(&self, uri: Uri, edits: Vec<TextEdit>) {
        self.post(Letter::Edit(uri, edits));
    }

    /// Shows progress.
    pub(super) fn progress(&self, progress: Progress) {
        let mut waiting = self.waiting();
        if waiting.progress {
            waiting.progresses = waiting.progresses.wrapping_add(1);
            let token = ProgressToken::Number(waiting.progresses);
            waiting.letters.push_back(Letter::Progress(token, progress));
            drop(waiting);
            self.shared.more.notify_one();
        }
    }

    /// Makes the editor request lenses and hints again.
    pub(super) fn refresh(&self) {
        self.put(|waiting| waiting.refresh = true);
    }

    /// Lets the user choose.
    pub(super) async fn pick(&self, mut pick: Pick) -> Option<String> {
        pick.title = self.own(pick.title);
        let (sender, receiver) = oneshot::channel();
        self.post(Letter::Pick(pick, sender));
        receiver.await.ok().flatten()
    }

    /// Asks the user for a text.
    pub(super) async fn input(&self, mut input: Input) -> Option<String> {
        input.prompt = self.own(input.prompt);
        let (sender, receiver) = oneshot::channel();
        self.post(Letter::Input(input, sender));
        receiver.await.ok().flatten()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, letter: Letter) {
        self.waiting().letters.push_back(letter);
        self.shared.more.notify_one();
    }

    fn put(&self, put: impl FnOnce(&mut Waiting)) {
        put(&mut self.waiting());
        self.shared.more.notify_one();
    }

    async fn deliver(&self, client: &Client) {
        let (taken, status, findings, diagnostics, refresh, letters, plugin, config_uri) = {
            let mut waiting = self.waiting();
            (
                waiting.taken.take(),
                waiting.status.take(),
                std::mem::take(&mut waiting.file.is_due).then(|| waiting.file.findings.clone()),
                std::mem::take(&mut waiting.diagnostics),
                std::mem::take(&mut waiting.refresh),
                std::mem::take(&mut waiting.letters),
                waiting.plugin,
                waiting.config_uri.clone(),
            )
        };
        if let Some(seq) = taken.filter(|_| plugin) {
            client.send_notification::<TakenNotice>(TakenParams { seq }).await;
        }
        if let Some(status) = status {
            client.send_notification::<StatusNotice>(status).await;
        }
        for (uri, diagnostics) in diagnostics {
            client.publish_diagnostics(uri, diagnostics, None).await;
        }
        // The diagnostics of a closed config are removed first.
        if let (Some(findings), Some(uri)) = (findings, config_uri) {
            let diagnostics = findings.iter().map(diagnostic).collect();
            client.publish_diagnostics(uri, diagnostics, None).await;
        }
        if refresh {
            let client = client.clone();
            drop(tokio::spawn(async move {
                let _ = client.code_lens_refresh().await;
                let _ = client.inlay_hint_refresh().await;
            }));
        }
        for letter in letters {
            let client = client.clone();
            match letter {
                Letter::Message(kind, text) => client.show_message(kind, text).await,
                Letter::Told(told) if plugin => client.send_notification::<ToldNotice>(told).await,
                Letter::Told(told) => client.show_message(MessageType::INFO, told.in_shell()).await,
                Letter::Offer(offer) if plugin => client.send_notification::<OfferNotice>(offer).await,
                // Some editors block until a question is answered.
                Letter::Offer(OfferParams { text, command, .. }) => {
                    let how = format!("{text} `{}` tells how", command.replace('.', " "));
                    client.show_message(MessageType::INFO, how).await;
                }
                // An answer may take the user a while; later messages do not wait for it.
                Letter::Pick(pick, answer) => drop(tokio::spawn(async move {
                    let _ = answer.send(ask_pick(&client, pick, plugin).await);
                })),
                Letter::Input(input, answer) => drop(tokio::spawn(async move {
                    let _ = answer.send(client.send_request::<InputRequest>(input).await.ok().flatten());
                })),
                Letter::Edit(uri, edits) => drop(tokio::spawn(async move {
                    let edit = WorkspaceEdit {
                        changes: Some(HashMap::from([(uri, edits)])),
                        ..WorkspaceEdit::default()
                    };
                    let _ = client.apply_edit(edit).await;
                })),
                Letter::Progress(of, progress) => drop(tokio::spawn(show_progress(client, of, progress))),
                Letter::Document(document) => drop(tokio::spawn(async move {
                    let _ = client.show_document(document).await;
                })),
            }
        }
    }
}

/// Shows progress until the work is over, if the editor supports it.
async fn show_progress(client: Client, token: ProgressToken, progress: Progress) {
    let Progress {
        title,
        mut percent,
        mut over,
    } = progress;
    if client.create_work_done_progress(token.clone()).await.is_err() {
        return;
    }
    let begun = client.progress(token, title);
    let known = *percent.borrow_and_update();
    let Some(known) = known else {
        let shown = begun.begin().await;
        let _ = over.await;
        return shown.finish().await;
    };
    let shown = begun.with_percentage(known).begin().await;
    loop {
        tokio::select! {
            biased;
            _ = &mut over => break,
            changed = percent.changed() => match changed.ok().and_then(|()| *percent.borrow_and_update()) {
                Some(percent) => shown.report(percent).await,
                None => break,
            },
        }
    }
    shown.finish().await;
}

/// Asks through the plugin's picker, or by a message with buttons if there is no plugin.
async fn ask_pick(client: &Client, pick: Pick, plugin: bool) -> Option<String> {
    if plugin {
        return client.send_request::<PickRequest>(pick).await.ok().flatten();
    }
    let button = |item: &Item| MessageActionItem {
        title: item.label.clone(),
        properties: HashMap::default(),
    };
    let buttons = pick.items.iter().map(button).collect();
    let chosen = client
        .show_message_request(MessageType::INFO, pick.title, Some(buttons))
        .await
        .ok()??;
    pick.items
        .into_iter()
        .find(|item| item.label == chosen.title)
        .map(|item| item.value)
}

impl Door for Outbox {
    fn taken(&self, taken: Taken) {
        self.put(|waiting| waiting.taken = Some(taken.seq.0));
    }

    fn status(&self, status: &Status) {
        let status = serde_json::to_value(status).unwrap_or_default();
        self.put(|waiting| waiting.status = Some(status));
    }

    fn config(&self, findings: &[Finding]) {
        self.put(|waiting| {
            waiting.file.findings = findings.to_vec();
            waiting.file.is_due = !waiting.file.is_open;
        });
        if let Some(error) = findings.iter().find(|finding| finding.severity == Severity::Error) {
            self.message(MessageType::ERROR, &error.notice());
        }
    }

    fn tell(&self, text: &str) {
        self.message(MessageType::WARNING, text);
    }

    fn shows(&self) -> bool {
        true
    }

    fn roots(&self) -> Vec<String> {
        self.waiting().roots.clone()
    }

    fn offer(&self, offer: &Offer) {
        self.post(Letter::Offer(match offer {
            Offer::Assign(root) => OfferParams {
                text: format!("Assign {} to a project?", root.root),
                action: "Assign…".into(),
                command: "keeptab.assign".into(),
                words: vec![root.target()],
            },
            Offer::Forget(count) => OfferParams {
                text: format!("Forget what was tracked of files, folders and pages that are ignored now ({count})?"),
                action: "Forget…".into(),
                command: "keeptab.forget".into(),
                words: vec!["--ignored".into()],
            },
        }));
    }
}

fn diagnostic(finding: &Finding) -> Diagnostic {
    let line = u32::try_from(finding.line.saturating_sub(1)).unwrap_or(u32::MAX);
    let column = u32::try_from(finding.column.saturating_sub(1)).unwrap_or(u32::MAX);
    let length = u32::try_from(finding.range.len()).unwrap_or(1);
    let start = Position::new(line, column);
    Diagnostic {
        range: Range::new(start, Position::new(line, column.saturating_add(length))),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        source: Some("keeptab".into()),
        message: finding.message.clone(),
        ..Diagnostic::default()
    }
}

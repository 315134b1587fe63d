//! The language server: its capabilities, and the commands of the palette.

use keeptab_engine::Failure;
use keeptab_engine::thread::Handle;
use keeptab_system::home::Home;
use serde_json::{Value, json};
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    CodeActionOptions, CodeActionParams, CodeActionProviderCapability, CodeActionResponse, CodeLens, CodeLensOptions,
    CodeLensParams, CompletionOptions, CompletionParams, CompletionResponse, DidChangeTextDocumentParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentFormattingParams, DocumentRangeFormattingParams, DocumentSymbolParams, DocumentSymbolResponse,
    ExecuteCommandOptions, ExecuteCommandParams, FoldingRange, FoldingRangeParams, FoldingRangeProviderCapability,
    Hover, HoverParams, HoverProviderCapability, InitializeParams, InitializeResult, InlayHint, InlayHintParams, OneOf,
    SaveOptions, SemanticTokensParams, SemanticTokensResult, ServerCapabilities, ServerInfo, TextDocumentSaveReason,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, TextEdit,
    Uri, WillSaveTextDocumentParams, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::command;
use super::documents::{Documents, NextSave};
use super::outbox::Outbox;
use super::{sheet, toml, wording};

/// The server's handlers. They parse, ask the engine, and answer; they hold no state.
#[derive(Clone)]
pub(super) struct Host {
    pub(super) engine: Handle,
    pub(super) outbox: Outbox,
    pub(super) documents: Documents,
    pub(super) home: Home,
}

impl Host {
    pub(super) fn new(engine: Handle, outbox: Outbox, documents: Documents, home: Home) -> Self {
        Self {
            engine,
            outbox,
            documents,
            home,
        }
    }
}

impl LanguageServer for Host {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let options = params.initialization_options.unwrap_or_default();
        let plugin = options["activity"] == "plugin";
        let progress = params
            .capabilities
            .window
            .and_then(|window| window.work_done_progress)
            .unwrap_or_default();
        let config_uri = Uri::from_file_path(self.home.config_file());
        self.outbox.address(plugin, progress, config_uri);
        self.outbox.speak(options["commands"].as_str().map(str::to_owned));
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                experimental: Some(json!({ "keeptab": { "timesheets": Uri::from_file_path(self.home.timesheets()) } })),
                ..capabilities(plugin)
            },
            server_info: Some(ServerInfo {
                name: "keeptab".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        let answer = command::execute(self, &params.command, &params.arguments).await;
        let mut answer = answer.map_err(failed);
        if let Some(line) = self.outbox.line() {
            match &mut answer {
                Ok(answer) => answer.iter_mut().for_each(|answer| wording::own_fields(answer, &line)),
                Err(error) => {
                    error.message = wording::own(&error.message, &line).into();
                    error.data.iter_mut().for_each(|data| wording::own_fields(data, &line));
                }
            }
        }
        answer
    }

    async fn did_change_workspace_folders(&self, _: DidChangeWorkspaceFoldersParams) {
        // The session has taken it on its way here.
    }

    // The session took the text of our own documents on its way here.
    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        sheet::look(self, &params.text_document.uri).await;
        toml::look(self, &params.text_document.uri).await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        sheet::look(self, &params.text_document.uri).await;
        toml::look(self, &params.text_document.uri).await;
    }

    async fn will_save(&self, params: WillSaveTextDocumentParams) {
        if params.reason != TextDocumentSaveReason::MANUAL {
            self.documents
                .at_next_save(&params.text_document.uri, NextSave::Nothing);
        }
    }

    async fn will_save_wait_until(&self, params: WillSaveTextDocumentParams) -> Result<Option<Vec<TextEdit>>> {
        Ok(sheet::will_save(self, &params.text_document.uri, params.reason).await)
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        sheet::save(self, &params.text_document.uri).await;
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        toml::close(self, &params.text_document.uri);
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        match toml::actions(self, &params).await {
            Some(actions) => Ok(Some(actions)),
            None => sheet::actions(self, &params).await.map_err(failed),
        }
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        Ok(sheet::format(self, &params.text_document.uri, None))
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        Ok(sheet::format(self, &params.text_document.uri, Some(params.range)))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let uri = &params.text_document.uri;
        Ok(toml::folds(self, uri).or_else(|| sheet::folds(self, uri)))
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = &params.text_document.uri;
        let symbols = toml::symbols(self, uri).map(DocumentSymbolResponse::Nested);
        Ok(symbols.or_else(|| sheet::symbols(self, uri)))
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let tokens = sheet::tokens(self, &params.text_document.uri).await;
        tokens
            .map(|tokens| tokens.map(SemanticTokensResult::Tokens))
            .map_err(failed)
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        match toml::hover(self, &at).await {
            Some(hover) => Ok(Some(hover)),
            None => Ok(sheet::hover(self, at).await),
        }
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        match toml::complete(self, &at).await {
            Some(items) => Ok(Some(CompletionResponse::Array(items))),
            None => Ok(sheet::complete(self, at).await),
        }
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(sheet::lenses(self, &params.text_document.uri).await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        Ok(sheet::hints(self, &params.text_document.uri, params.range).await)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

/// LSP's "request failed": the request was right, and it could not be done. Its data has message, hint and code apart.
fn failed(error: anyhow::Error) -> Error {
    let failure = Failure::of(&error);
    Error {
        code: ErrorCode::ServerError(-32803),
        message: failure.line().into(),
        data: serde_json::to_value(failure).ok(),
    }
}

fn capabilities(plugin: bool) -> ServerCapabilities {
    // A plugin sees everything itself and opens only keeptab's own documents here.
    let change = if plugin {
        TextDocumentSyncKind::FULL
    } else {
        TextDocumentSyncKind::INCREMENTAL
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(change),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
            include_text: Some(false),
        })),
        will_save: Some(true),
        // Some clients (eglot) ask before they have sent the latest edits, so the answer would be for another text.
        // Their text is refreshed after the save.
        will_save_wait_until: Some(plugin),
    };
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([" ", "/", "[", "\"", "=", "{", ","].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(false),
        }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(sheet::kinds()),
            ..CodeActionOptions::default()
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(sheet::token_options().into()),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: command::names().iter().map(|name| format!("keeptab.{name}")).collect(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            ..WorkspaceServerCapabilities::default()
        }),
        ..ServerCapabilities::default()
    }
}

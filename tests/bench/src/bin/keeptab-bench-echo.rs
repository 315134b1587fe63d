//! The peer: a bare language server on the host's own library that only answers.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{ExecuteCommandParams, InitializeParams, InitializeResult};
use tower_lsp::{Client, LanguageServer, LspService, Server};

struct Echo {
    client: Client,
}

/// `keeptab/taken`, with the batch's last event echoed.
#[derive(Debug)]
enum Taken {}

impl Notification for Taken {
    type Params = Value;
    const METHOD: &'static str = "keeptab/taken";
}

impl Echo {
    async fn activity(&self, mut params: Value) {
        let last = params["events"].as_array_mut().and_then(Vec::pop);
        self.client.send_notification::<Taken>(last.unwrap_or_default()).await;
    }
}

impl LanguageServer for Echo {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn execute_command(&self, _: ExecuteCommandParams) -> Result<Option<Value>> {
        Ok(None)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (service, socket) = LspService::build(|client| Echo { client })
        .custom_method("keeptab/activity", Echo::activity)
        .finish();
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket)
        .serve(service)
        .await;
}

//! A thin service around the language server that sees each message in the order in which it arrives.
//!
//! Activity is queued before anything is awaited, unneeded document text is dropped, and a handler that panics is an
//! error answer, not the end of the host.

use std::panic::AssertUnwindSafe;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use keeptab_engine::Batch;
use keeptab_engine::thread::Handle;
use keeptab_system::clock;
use serde::Deserialize as _;
use serde_json::Value;
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::ls_types::{DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams};
use tower_lsp::{ExitedError, LspService};
use tracing::{error, warn};

use super::documents::Documents;
use super::life::Life;
use super::outbox::Outbox;
use super::protocol::{ACTIVITY, ROOTS};
use super::server::Host;
use super::session::Session;
use crate::wire::{activities, roots};

type Answer = Result<Option<Response>, ExitedError>;

/// The service that the loop on stdio calls.
pub(super) struct Transport {
    inner: LspService<Host>,
    engine: Handle,
    outbox: Outbox,
    life: Life,
    documents: Documents,
    session: Session,
}

impl Transport {
    pub(super) fn new(
        inner: LspService<Host>,
        engine: Handle,
        outbox: Outbox,
        documents: Documents,
        life: Life,
    ) -> Self {
        let name = format!("lsp-{}-{}", std::process::id(), clock::now().millis());
        Self {
            inner,
            engine,
            outbox,
            life,
            documents,
            session: Session::new(name),
        }
    }

    /// Queues a batch at once; the future is done when the queue has room, so that a flood stops the reading.
    fn record(&self, batch: Batch) -> BoxFuture<'static, Answer> {
        let engine = self.engine.clone();
        engine.record(batch);
        async move {
            engine.room().await;
            Ok(None)
        }
        .boxed()
    }

    fn activity(&self, params: Option<Value>) -> BoxFuture<'static, Answer> {
        let (events, unread) = activities(params, clock::now());
        if unread > 0 {
            warn!("{unread} events could not be read and were left out");
        }
        self.record(self.session.batch(events))
    }

    fn roots(&self, params: Option<Value>) -> BoxFuture<'static, Answer> {
        let (roots, unread) = roots(params);
        if unread > 0 {
            warn!("{unread} roots could not be read and were left out");
        }
        self.engine.know_roots(roots);
        async { Ok(None) }.boxed()
    }

    /// Reports the open workspace roots.
    fn root(&self) {
        self.outbox.rooted(self.session.roots());
        if let Some(roots) = self.session.unnamed_roots() {
            self.engine.find_roots(roots);
        }
    }

    /// Records the work that a document notification is evidence of, and drops its text.
    fn document(&self, method: &str, params: &Value) -> BoxFuture<'static, Answer> {
        match self.session.document_activity(method, params, clock::now()) {
            Some(batch) => self.record(batch),
            None => async { Ok(None) }.boxed(),
        }
    }

    /// Takes the text of our own documents, before any handler runs.
    fn take_our_own(&self, method: &str, params: &Value) {
        let taken = match method {
            "textDocument/didOpen" => DidOpenTextDocumentParams::deserialize(params).map(|params| {
                let document = params.text_document;
                self.documents.put(document.uri, document.version, &document.text);
            }),
            "textDocument/didChange" => DidChangeTextDocumentParams::deserialize(params).map(|params| {
                let document = params.text_document;
                self.documents
                    .change(&document.uri, document.version, params.content_changes);
            }),
            "textDocument/didClose" => DidCloseTextDocumentParams::deserialize(params)
                .map(|params| self.documents.close(&params.text_document.uri)),
            _ => Ok(()),
        };
        if let Err(error) = taken {
            warn!("{method} could not be read: {:?}", error.classify());
        }
    }

    fn forward(&mut self, request: Request) -> BoxFuture<'static, Answer> {
        let id = request.id().cloned();
        let failed = move |id: Option<Id>| {
            error!("a handler panicked");
            Ok(id.map(|id| Response::from_error(id, Error::internal_error())))
        };
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
            Ok(answer) => {
                let answer = AssertUnwindSafe(answer).catch_unwind();
                answer.map(move |answer| answer.unwrap_or_else(|_| failed(id))).boxed()
            }
            Err(_) => async move { failed(id) }.boxed(),
        }
    }
}

impl Service<Request> for Transport {
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = BoxFuture<'static, Answer>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let nothing = Value::Null;
        let params = request.params().unwrap_or(&nothing);
        match request.method() {
            "initialize" => {
                self.session.initialize(params);
                self.root();
                if let Some(process) = params["processId"].as_u64().and_then(|id| u32::try_from(id).ok()) {
                    self.life.of_process(process);
                }
                return self.forward(request);
            }
            "workspace/didChangeWorkspaceFolders" => {
                self.session.change_roots(params);
                self.root();
            }
            "shutdown" => self.life.shut_down(),
            _ => {}
        }
        // The language server drops messages to an editor whose `initialize` has not been answered.
        self.outbox.begin();
        // A request must be answered, so only notifications are handled here.
        let tells = request.id().is_none();
        match request.method() {
            ACTIVITY if tells => self.activity(request.into_parts().2),
            ROOTS if tells => self.roots(request.into_parts().2),
            method if tells && method.starts_with("textDocument/did") && !self.documents.are_about(params) => {
                self.document(method, params)
            }
            method => {
                if tells {
                    self.take_our_own(method, params);
                }
                self.forward(request)
            }
        }
    }
}

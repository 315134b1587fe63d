//! A host; the test plays the editor.

use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use super::wire::{frame, read};
use super::{PATIENCE, Trace, monotonic};

/// A running `keeptab lsp`. Killed and reaped with the test.
pub struct Host {
    child: Child,
    stdin: Option<ChildStdin>,
    inbox: Receiver<Value>,
    /// Messages that came and were not asked for yet.
    kept: Vec<Value>,
    requests: i64,
}

impl Host {
    /// Starts it.
    pub fn start(mut program: Command) -> Self {
        program.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = program.spawn().expect("a program");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let (sender, inbox) = channel();
        // Ends with the stream, which closes the inbox.
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                let _ = sender.send(message);
            }
        });
        Self {
            child,
            stdin,
            inbox,
            kept: Vec::new(),
            requests: 0,
        }
    }

    /// Sends `initialize` and returns the host's capabilities.
    pub fn initialize(&mut self, options: &Value) -> Value {
        let params = json!({ "processId": null, "capabilities": {}, "initializationOptions": options });
        let result = self.ask("initialize", &params);
        self.notify("initialized", &json!({}));
        result
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends raw bytes. A host that has ended causes no failure here, but at the next request.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("an open stdin");
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(message.to_string().as_bytes()));
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns the result, or the error.
    pub fn request(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        let id = self.next_request();
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.reply(id)
    }

    /// Sends a request that must succeed.
    #[track_caller]
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let reply = self.request(method, params);
        reply.unwrap_or_else(|error| panic!("{method} was refused: {error}"))
    }

    /// Runs a command of the palette.
    pub fn execute(&mut self, command: &str, arguments: &[&str]) -> Result<Value, Value> {
        let params = json!({ "command": command, "arguments": arguments });
        self.request("workspace/executeCommand", &params)
    }

    /// Returns the id of a request that the test sends itself.
    pub fn next_request(&mut self) -> i64 {
        self.requests += 1;
        self.requests
    }

    /// Waits for the reply to a request.
    pub fn reply(&mut self, id: i64) -> Result<Value, Value> {
        let mut reply = self.wait(&format!("reply {id}"), |message| {
            message["method"].is_null() && message["id"] == id
        });
        match reply.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(reply["result"].take()),
        }
    }

    /// Waits for a notification of the host and returns its params.
    #[track_caller]
    pub fn wait_for(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let wanted = |message: &Value| message["method"] == method && wanted(&message["params"]);
        self.wait(method, wanted)["params"].take()
    }

    /// Waits for a request of the host, answers it with the result of `answer`, and returns its params.
    #[track_caller]
    pub fn answer(&mut self, method: &str, answer: impl FnOnce(&Value) -> Value) -> Value {
        let mut request = self.asked(method);
        let result = answer(&request["params"]);
        self.send(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }));
        request["params"].take()
    }

    /// Waits for a request of the host and returns it, unanswered.
    #[track_caller]
    pub fn asked(&mut self, method: &str) -> Value {
        self.wait(method, |message| {
            message["method"] == method && !message["id"].is_null()
        })
    }

    /// Sends events.
    pub fn send_events(&mut self, events: &[Value]) {
        self.notify("keeptab/activity", &json!({ "events": events }));
    }

    /// Sends events in batches from a thread of its own, until all are sent or the host has ended. The thread returns
    /// stdin, which stays open.
    pub fn stream(&mut self, events: Vec<Value>, at_once: usize) -> JoinHandle<ChildStdin> {
        let mut stdin = self.stdin.take().expect("an open stdin");
        std::thread::spawn(move || {
            for batch in events.chunks(at_once) {
                let message = json!({ "jsonrpc": "2.0", "method": "keeptab/activity", "params": { "events": batch } });
                if stdin.write_all(&frame(message.to_string().as_bytes())).is_err() {
                    break;
                }
            }
            stdin
        })
    }

    /// Waits until all events up to a number are committed.
    #[track_caller]
    pub fn taken(&mut self, seq: u64) -> u64 {
        let taken = self.wait_for("keeptab/taken", |params| params["seq"].as_u64() >= Some(seq));
        taken["seq"].as_u64().expect("a number")
    }

    /// Sends a trace and waits until it is committed.
    #[track_caller]
    pub fn record(&mut self, trace: &Trace) {
        self.send_events(trace.events());
        self.taken(trace.last());
    }

    /// Returns the messages that nobody asked for, after waiting for the host to be up to date.
    #[track_caller]
    pub fn said(&mut self) -> &[Value] {
        self.execute("keeptab.status", &[]).expect("a status");
        self.kept.extend(self.inbox.try_iter());
        &self.kept
    }

    /// Fails if the host reported an error, in a reply, in a message or in the status bar.
    #[track_caller]
    pub fn expect_no_error(&mut self) {
        let is_error = |message: &&Value| {
            !message["error"].is_null()
                || message["params"]["state"] == "error"
                || (message["method"] == "window/showMessage" && message["params"]["type"] == 1)
        };
        let errors: Vec<&Value> = self.said().iter().filter(is_error).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }

    /// Kills it, as `kill -9` does, and returns all messages that it sent before.
    pub fn kill9(mut self) -> Vec<Value> {
        self.child.kill().expect("a running host");
        self.child.wait().expect("an end");
        let mut said = std::mem::take(&mut self.kept);
        said.extend(self.inbox.iter());
        said
    }

    /// Closes stdin, as an editor that dies does.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end of the process; returns the exit code and the time that it took.
    #[track_caller]
    pub fn ended(&mut self) -> (Option<i32>, Duration) {
        let started = monotonic();
        loop {
            match self.inbox.recv_timeout(PATIENCE) {
                Ok(message) => self.kept.push(message),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the host did not end"),
            }
        }
        let code = self.child.wait().expect("an end").code();
        (code, started.elapsed())
    }

    #[track_caller]
    fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(index) = self.kept.iter().position(&wanted) {
            return self.kept.remove(index);
        }
        let deadline = monotonic() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(monotonic());
            match self.inbox.recv_timeout(left) {
                Ok(message) if wanted(&message) => return message,
                Ok(message) => self.kept.push(message),
                Err(error) => panic!("no {what} ({error}); there was {:#?}", self.kept),
            }
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // The process may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

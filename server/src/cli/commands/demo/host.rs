//! A minimal editor: starts the host as a child process and speaks the protocol over stdio.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

/// The events in one message.
const AT_ONCE: usize = 500;
/// The longest time the host may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running host.
pub(super) struct Host {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    requests: u64,
}

impl Host {
    /// Starts this very program as a host on a home.
    pub(super) fn start(home: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("lsp")
            .env("KEEPTAB_HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the host cannot be started")?;
        let stdin = child.stdin.take().context("the host has no stdin")?;
        let stdout = child.stdout.take().context("the host has no stdout")?;
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            while let Some(message) = read(&mut reader) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut host = Self {
            child,
            stdin,
            messages,
            requests: 0,
        };
        let options = json!({ "activity": "plugin", "source": "demo" });
        let params = json!({ "processId": std::process::id(), "capabilities": {}, "initializationOptions": options });
        host.request("initialize", &params)?;
        host.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }))?;
        Ok(host)
    }

    /// Sends events as a plugin would and waits until all are committed.
    pub(super) fn replay(&mut self, events: &[Value]) -> Result<()> {
        for events in events.chunks(AT_ONCE) {
            let params = json!({ "events": events });
            self.send(&json!({ "jsonrpc": "2.0", "method": "keeptab/activity", "params": params }))?;
        }
        let last = events.len() as u64;
        self.wait(|message| {
            (message["method"] == "keeptab/taken" && message["params"]["seq"].as_u64() >= Some(last)).then_some(())
        })
    }

    /// Runs a command of the palette and returns its answer.
    pub(super) fn command(&mut self, command: &str, arguments: &[&str]) -> Result<Value> {
        self.request(
            "workspace/executeCommand",
            &json!({ "command": command, "arguments": arguments }),
        )
    }

    /// Ends the host as an editor does.
    pub(super) fn stop(mut self) -> Result<()> {
        self.request("shutdown", &Value::Null)?;
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }))?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the host ended with {status}");
        }
        Ok(())
    }

    fn request(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        let answer = self.wait(|message| {
            let is_it = message["id"].as_u64() == Some(id) && message.get("method").is_none();
            is_it.then(|| message.clone())
        })?;
        match answer.get("error") {
            Some(error) => bail!("{method}: {}", error["message"].as_str().unwrap_or_default()),
            None => Ok(answer["result"].clone()),
        }
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.stdin.flush()?)
    }

    fn wait<T>(&mut self, mut wanted: impl FnMut(&Value) -> Option<T>) -> Result<T> {
        loop {
            let message = self
                .messages
                .recv_timeout(PATIENCE)
                .context("the host does not answer")?;
            if let Some(found) = wanted(&message) {
                return Ok(found);
            }
        }
    }
}

/// Reads one framed message; `None` at the end.
fn read(reader: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

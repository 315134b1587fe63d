//! An editor, as the host sees one: JSON-RPC over the host's stdin and stdout.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::clock;
use crate::process::Process;

/// The longest time to wait for a message of a program.
const PATIENCE: Duration = Duration::from_mins(2);

/// A language server to start.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: &'static [&'static str],
}

/// A running language server, and its messages.
pub struct Editor {
    child: Child,
    stdin: ChildStdin,
    said: Receiver<(Instant, Value)>,
    started: Instant,
    last_id: u64,
}

impl Editor {
    /// Starts a program on a home.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn start(program: &Program, home: &Path) -> Result<Self> {
        let started = clock::now();
        let mut child = Command::new(&program.path)
            .args(program.arguments)
            .env("KEEPTAB_HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.path.display()))?;
        let stdin = child.stdin.take().context("there is no stdin")?;
        let stdout = child.stdout.take().context("there is no stdout")?;
        let (sender, said) = channel();
        std::thread::spawn(move || listen(stdout, &sender));
        Ok(Self {
            child,
            stdin,
            said,
            started,
            last_id: 0,
        })
    }

    /// Sends `initialize` and returns the time from exec to the answer.
    ///
    /// # Errors
    ///
    /// If there is no answer.
    pub fn initialize(&mut self, source: &str) -> Result<Duration> {
        let params = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": { "workspace": { "executeCommand": {} }, "window": { "showDocument": { "support": true } } },
            "initializationOptions": { "activity": "plugin", "source": source },
        });
        let (_, answered) = self.request("initialize", &params)?;
        Ok(answered - self.started)
    }

    /// Sends `initialize` and `initialized`.
    ///
    /// # Errors
    ///
    /// If `initialize` is not answered.
    pub fn open(&mut self, source: &str) -> Result<()> {
        self.initialize(source)?;
        self.send(&frame(
            &json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        ))
    }

    /// Sends a request; returns the result and the instant at which it came.
    ///
    /// # Errors
    ///
    /// If the answer is an error, or there is none.
    pub fn request(&mut self, method: &str, params: &Value) -> Result<(Value, Instant)> {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params.clone();
        }
        self.send(&frame(&message))?;
        let (mut answer, at) = self.wait(|said| said["id"] == id && said.get("method").is_none())?;
        if let Some(error) = answer.get("error") {
            bail!("{method} was answered with {error}");
        }
        Ok((answer["result"].take(), at))
    }

    /// Runs a command of the palette and returns the time that it took.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn command(&mut self, name: &str) -> Result<Duration> {
        let asked = clock::now();
        let params = json!({ "command": format!("keeptab.{name}"), "arguments": [] });
        let (_, answered) = self.request("workspace/executeCommand", &params)?;
        Ok(answered - asked)
    }

    /// Sends the bytes of [`activity`].
    ///
    /// # Errors
    ///
    /// If the program does not read its stdin any more.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stdin
            .write_all(bytes)
            .context("the program does not read any more")
    }

    /// Waits until all events up to `seq` are taken; returns the instant of the acknowledgement.
    ///
    /// # Errors
    ///
    /// If there is no acknowledgement.
    pub fn taken(&mut self, seq: u32) -> Result<Instant> {
        let is_taken = |said: &Value| {
            said["params"]["seq"]
                .as_u64()
                .is_some_and(|taken| taken >= u64::from(seq))
        };
        let (_, at) = self.wait(|said| said["method"] == "keeptab/taken" && is_taken(said))?;
        Ok(at)
    }

    /// Waits for a notification and returns the instant at which it came.
    ///
    /// # Errors
    ///
    /// If it does not come.
    pub fn said_of(&mut self, method: &str) -> Result<Instant> {
        Ok(self.wait(|said| said["method"] == method)?.1)
    }

    /// Waits for the next status.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn status(&mut self) -> Result<Value> {
        let (mut said, _) = self.wait(|said| said["method"] == "keeptab/status")?;
        Ok(said["params"].take())
    }

    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Result<(Value, Instant)> {
        loop {
            let (at, said) = self.said.recv_timeout(PATIENCE).context("the program says nothing")?;
            if is_it(&said) {
                return Ok((said, at));
            }
        }
    }

    /// Returns the process.
    #[must_use]
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// Ends the program as an editor does.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn end(mut self) -> Result<()> {
        self.request("shutdown", &Value::Null)?;
        self.send(&frame(&json!({ "jsonrpc": "2.0", "method": "exit" })))?;
        self.child.wait()?;
        Ok(())
    }
}

/// Kills a program that was not ended.
impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the bytes of one `keeptab/activity`.
#[must_use]
pub fn activity(events: &[Value]) -> Vec<u8> {
    frame(&json!({ "jsonrpc": "2.0", "method": "keeptab/activity", "params": { "events": events } }))
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Reads messages until the program ends, each with the instant of its arrival.
fn listen(stdout: ChildStdout, heard: &Sender<(Instant, Value)>) {
    let mut reader = BufReader::new(stdout);
    while let Some(body) = read(&mut reader) {
        let at = clock::now();
        let Ok(message) = serde_json::from_slice(&body) else {
            return;
        };
        if heard.send((at, message)).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<ChildStdout>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

//! An editor as the host sees it: JSON-RPC over its stdin and stdout.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::clock;
use crate::process::Process;

/// How long a program may take to say something.
const PATIENCE: Duration = Duration::from_mins(2);

/// A language server to start.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What it is told.
    pub arguments: &'static [&'static str],
}

/// A language server that runs, and what it said.
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
    /// Where it cannot be started.
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

    /// Sends `initialize` and returns how long after exec it was answered.
    ///
    /// # Errors
    ///
    /// Where it is not answered.
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
    /// Where the first is not answered.
    pub fn open(&mut self, source: &str) -> Result<()> {
        self.initialize(source)?;
        self.send(&frame(
            &json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        ))
    }

    /// Asks, and returns the answer and when it came.
    ///
    /// # Errors
    ///
    /// Where the answer is an error, or there is none.
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

    /// Runs a command of the palette and returns how long it took.
    ///
    /// # Errors
    ///
    /// Where it fails.
    pub fn command(&mut self, name: &str) -> Result<Duration> {
        let asked = clock::now();
        let params = json!({ "command": format!("keeptab.{name}"), "arguments": [] });
        let (_, answered) = self.request("workspace/executeCommand", &params)?;
        Ok(answered - asked)
    }

    /// Sends bytes that [`activity`] made.
    ///
    /// # Errors
    ///
    /// Where nobody reads.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stdin
            .write_all(bytes)
            .context("the program does not read any more")
    }

    /// Waits until all up to `seq` is taken and returns when that was said.
    ///
    /// # Errors
    ///
    /// Where it is not said.
    pub fn taken(&mut self, seq: u32) -> Result<Instant> {
        let is_taken = |said: &Value| {
            said["params"]["seq"]
                .as_u64()
                .is_some_and(|taken| taken >= u64::from(seq))
        };
        let (_, at) = self.wait(|said| said["method"] == "keeptab/taken" && is_taken(said))?;
        Ok(at)
    }

    /// Waits for a notification and returns when it came.
    ///
    /// # Errors
    ///
    /// Where it does not come.
    pub fn said_of(&mut self, method: &str) -> Result<Instant> {
        Ok(self.wait(|said| said["method"] == method)?.1)
    }

    /// Waits for the next status.
    ///
    /// # Errors
    ///
    /// Where there is none.
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
    /// Where it does not answer.
    pub fn end(mut self) -> Result<()> {
        self.request("shutdown", &Value::Null)?;
        self.send(&frame(&json!({ "jsonrpc": "2.0", "method": "exit" })))?;
        self.child.wait()?;
        Ok(())
    }
}

/// What was not ended is killed.
impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes the bytes of one `keeptab/activity`.
#[must_use]
pub fn activity(events: &[Value]) -> Vec<u8> {
    frame(&json!({ "jsonrpc": "2.0", "method": "keeptab/activity", "params": { "events": events } }))
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Reads messages until the program ends, each with the instant at which it was there.
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

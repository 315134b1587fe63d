//! A browser host; the test plays the extension.

use std::io::{BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use super::PATIENCE;

/// The origin of keeptab's own extension.
pub const OURS: &str = "chrome-extension://pabbcbojmnokebkanfedgnkjhhebmpfn/";

/// A running `keeptab browser-host`. Killed and reaped with the test.
pub struct Browser {
    child: Child,
    stdin: Option<ChildStdin>,
    inbox: Receiver<Value>,
    kept: Vec<Value>,
}

/// Puts a body into a frame.
pub fn native(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a length");
    [&length.to_ne_bytes(), body].concat()
}

impl Browser {
    /// Starts it as a browser does, for a caller.
    pub fn start(mut program: Command, caller: &[&str]) -> Self {
        program.arg("browser-host").args(caller);
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let (sender, inbox) = channel();
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
        }
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
        self.send_bytes(&native(message.to_string().as_bytes()));
    }

    /// Sends the hello of the extension.
    pub fn hello(&mut self) {
        self.send(&json!({ "type": "hello", "source": "browser-0123456789abcdef" }));
    }

    /// Sends events.
    pub fn send_events(&mut self, events: &[Value]) {
        self.send(&json!({ "type": "activity", "events": events }));
    }

    /// Waits for a message.
    #[track_caller]
    pub fn wait_for(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let wanted = |message: &Value| message["type"] == kind && wanted(message);
        if let Some(index) = self.kept.iter().position(wanted) {
            return self.kept.remove(index);
        }
        loop {
            match self.inbox.recv_timeout(PATIENCE) {
                Ok(message) if wanted(&message) => return message,
                Ok(message) => self.kept.push(message),
                Err(error) => panic!("no {kind} ({error}); there was {:#?}", self.kept),
            }
        }
    }

    /// Waits until all events up to a number are committed.
    #[track_caller]
    pub fn taken(&mut self, seq: u64) {
        self.wait_for("taken", |told| told["seq"].as_u64() >= Some(seq));
    }

    /// Sends a request; returns true if it was done, and the message.
    #[track_caller]
    pub fn ask(&mut self, wish: &Value) -> (bool, String) {
        self.send(&json!({ "type": "ask", "id": 7, "wish": wish }));
        let answer = self.wait_for("answer", |answer| answer["id"] == 7);
        let text = answer["text"].as_str().expect("words").to_owned();
        (answer["ok"] == true, text)
    }

    /// Closes stdin, as a browser does that ends.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        while self.inbox.recv_timeout(PATIENCE).is_ok() {}
        self.child.wait().expect("an end")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The process may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: &mut impl Read) -> Option<Value> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut body = vec![0; usize::try_from(u32::from_ne_bytes(length)).ok()?];
    stream.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

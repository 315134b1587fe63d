//! JSON-RPC in frames, as in LSP over stdio.

use std::io::BufRead;

use serde_json::Value;

/// Puts a body into a frame.
pub fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    frame.extend_from_slice(body);
    frame
}

/// Reads the next message; `None` at the end of the stream.
///
/// # Panics
///
/// If the stream has anything else than messages: stdout is reserved for the protocol.
pub fn read(stream: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                let value = header.strip_prefix("Content-Length: ");
                length = Some(
                    value
                        .unwrap_or_else(|| panic!("no header: {header}"))
                        .parse()
                        .expect("a length"),
                );
            }
        }
    }
    let mut body = vec![0; length.expect("a length")];
    stream.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

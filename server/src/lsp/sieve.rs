//! Filter of stdin that passes on whole, readable messages only.
//!
//! tower-lsp's loop takes the first unreadable message for the end of the stream. One message must not end the
//! tracking: some editors send the bytes of a file that is not UTF-8 as they are, or a header in another spelling.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::io::{BufReader, DuplexStream, duplex};
use tower_lsp::jsonrpc::Request;
use tracing::warn;

/// The size of the buffer between stdin and the loop, in bytes.
const BETWEEN: usize = 64 * 1024;
/// The most bytes of a message.
const LONGEST: u64 = 64 * 1024 * 1024;
/// The most bytes of a line that are read at once.
const LONGEST_LINE: u64 = 64 * 1024;
/// The most bytes of a header that are kept.
const LONGEST_HEADER: usize = 1024;
const HEADER: &str = "content-length:";

/// Returns the stream that the loop reads in place of `input`. It ends when `input` ends.
pub(super) fn sift(input: impl AsyncRead + Send + Unpin + 'static) -> DuplexStream {
    let (mut within, without) = duplex(BETWEEN);
    tokio::spawn(async move {
        let mut input = BufReader::new(input);
        while let Ok(Some(message)) = next(&mut input).await {
            let head = format!("Content-Length: {}\r\n\r\n", message.len());
            let written = match within.write_all(head.as_bytes()).await {
                Ok(()) => within.write_all(message.as_bytes()).await,
                failed => failed,
            };
            if written.is_err() {
                return;
            }
        }
    });
    without
}

/// Returns the next readable message; `None` at the end.
async fn next(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    loop {
        let Some(length) = head(input).await? else {
            return Ok(None);
        };
        let mut body = Vec::new();
        let read = input.take(length).read_to_end(&mut body).await?;
        if u64::try_from(read).ok() != Some(length) {
            return Ok(None);
        }
        // Bytes that are not UTF-8 become U+FFFD: the rest is still evidence of work.
        let body = match String::from_utf8(body) {
            Ok(body) => body,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        // The loop reads requests and responses; a response has every field that a `Request` needs.
        match serde_json::from_str::<Request>(&body) {
            Ok(_) => return Ok(Some(body)),
            // The message is the user's and not for the log.
            Err(error) => warn!("a message could not be read and was left out: {:?}", error.classify()),
        }
    }
}

/// Reads a head and returns the length of the body; `None` at the end. Lines that are not a head are skipped, and so
/// is a message that is too long.
async fn head(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let Some(line) = line(input).await? else {
            return Ok(None);
        };
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        // After a wrong length the next head begins in the middle of a line.
        if let Some(at) = line.rfind(HEADER) {
            let value: Option<u64> = line[at + HEADER.len()..].trim().parse().ok();
            length = value.filter(|length| *length <= LONGEST);
            if let Some(value) = value.filter(|value| *value > LONGEST) {
                warn!("a message of {value} bytes is too long and is left out");
            }
        }
        if line.trim().is_empty() {
            if let Some(length) = length.take() {
                return Ok(Some(length));
            }
            warn!("a message had no length and was left out");
        }
    }
}

/// Reads a line and returns its end; `None` at the end of the input.
async fn line(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let read = (&mut *input).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
        if read == 0 {
            return Ok(Some(line).filter(|line| !line.is_empty()));
        }
        if line.ends_with(b"\n") {
            return Ok(Some(line));
        }
        // No header is longer.
        let rest = line.len().saturating_sub(LONGEST_HEADER);
        line.drain(..rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: &str = r#"{"jsonrpc":"2.0","method":"$/ping"}"#;

    /// Puts bytes before a good message and checks what comes through.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        let mut input = bytes.to_vec();
        input.extend(format!("Content-Length: {}\r\n\r\n{PING}", PING.len()).as_bytes());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut output = String::new();
        runtime.block_on(async {
            let input = std::io::Cursor::new(input);
            sift(input).read_to_string(&mut output).await.unwrap();
        });
        let frame = |body: &&str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let frames: String = expected.iter().chain([&PING]).map(frame).collect();
        assert_eq!(output, frames, "{}", String::from_utf8_lossy(bytes));
    }

    fn framed(body: &[u8]) -> Vec<u8> {
        [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
    }

    #[test]
    fn messages_pass_whatever_their_header_looks_like() {
        check(b"", &[]);
        check(&framed(PING.as_bytes()), &[PING]);
        let answer = r#"{"jsonrpc":"2.0","id":1,"result":null}"#;
        check(&framed(answer.as_bytes()), &[answer]);
        let heads = [
            "content-length:35\r\n",
            "Content-Type: application/vscode-jsonrpc\r\nContent-Length: 35\r\n",
        ];
        for head in heads {
            check(format!("{head}\r\n{PING}").as_bytes(), &[PING]);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let sent = b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}";
        check(&framed(sent), &["{\"jsonrpc\":\"2.0\",\"method\":\"\u{fffd}\"}"]);
    }

    #[test]
    fn what_is_no_message_is_left_out() {
        let deep = "[".repeat(100_000);
        for body in [
            "",
            "{",
            "[]",
            "7",
            "{}",
            r#"{"jsonrpc":"1.0","method":"x"}"#,
            "{\"jsonrpc\":\"2.0\",\"method\":\"\\ud800\"}",
            &deep,
        ] {
            check(&framed(body.as_bytes()), &[]);
        }
        for head in [
            "hello\r\n\r\n",
            "\r\n\r\n",
            "Content-Length: -5\r\n\r\n",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: 1\r\n\r\n{}",
        ] {
            check(head.as_bytes(), &[]);
        }
        check(b"Content-Length: 99999999999999\r\n\r\n{}", &[]);
        let most = usize::try_from(LONGEST).unwrap();
        check(&framed(&vec![b'x'; most + 1]), &[]);
    }
}

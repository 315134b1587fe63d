//! Native messaging's frames: a length of four bytes in the machine's order, then JSON.

use std::io;

use anyhow::{Result, bail};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The longest message that is taken, in bytes. The extension sends at most a few hundred events at once.
const LONGEST_IN: usize = 1 << 20;
/// The longest message that browsers take, in bytes.
pub(super) const LONGEST_OUT: usize = 1 << 20;
const TRUNCATED: &str = "the input ended within a message";

/// Reads the next message; `None` at an orderly end.
///
/// # Errors
///
/// If it is too long or cut off; nothing after it can be read.
pub(super) async fn read(input: &mut (impl AsyncRead + Unpin)) -> Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    input.take(4).read_to_end(&mut head).await?;
    let Ok(head) = <[u8; 4]>::try_from(&*head) else {
        if head.is_empty() {
            return Ok(None);
        }
        bail!(TRUNCATED);
    };
    let length = usize::try_from(u32::from_ne_bytes(head)).unwrap_or(usize::MAX);
    if length > LONGEST_IN {
        bail!("a message of {length} bytes is too long");
    }
    // The buffer grows with the bytes that arrive, not with the announced length.
    let mut body = Vec::new();
    let promised = u64::try_from(length).unwrap_or(u64::MAX);
    input.take(promised).read_to_end(&mut body).await?;
    if body.len() != length {
        bail!(TRUNCATED);
    }
    Ok(Some(body))
}

/// Writes a message.
pub(super) async fn write(output: &mut (impl AsyncWrite + Unpin), body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_ne_bytes()).await?;
    output.write_all(body).await?;
    output.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads all messages, and returns them with how the reading ended.
    fn all(bytes: &[u8]) -> (Vec<Vec<u8>>, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut input = bytes;
            let mut bodies = Vec::new();
            loop {
                match read(&mut input).await {
                    Ok(Some(body)) => bodies.push(body),
                    Ok(None) => return (bodies, "end".to_owned()),
                    Err(error) => return (bodies, error.to_string()),
                }
            }
        })
    }

    fn framed(body: &[u8]) -> Vec<u8> {
        [&u32::try_from(body.len()).unwrap().to_ne_bytes(), body].concat()
    }

    #[test]
    fn whole_messages_are_read_and_the_end_is_the_end() {
        assert_eq!(all(b""), (vec![], "end".to_owned()));
        let two = [framed(b"{}"), framed(b"")].concat();
        assert_eq!(all(&two), (vec![b"{}".to_vec(), vec![]], "end".to_owned()));
    }

    #[test]
    fn what_is_cut_off_or_too_long_ends_the_reading() {
        let ended = |bytes: &[u8]| all(bytes).1;
        let cut = TRUNCATED;
        assert_eq!(ended(&[1, 0]), cut);
        assert_eq!(ended(&[framed(b"{}"), framed(b"{}")[..5].to_vec()].concat()), cut);
        assert_eq!(
            ended(&u32::MAX.to_ne_bytes()),
            "a message of 4294967295 bytes is too long"
        );
        let most = u32::try_from(LONGEST_IN).unwrap();
        assert_eq!(
            ended(&(most + 1).to_ne_bytes()),
            format!("a message of {} bytes is too long", most + 1)
        );
        assert_eq!(ended(&most.to_ne_bytes()), cut);
    }
}

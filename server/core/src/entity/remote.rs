//! The authorities of VS Code's remote windows: `ssh-remote+beta`, `wsl+Ubuntu`, `dev-container+HEX`.

use serde_json::Value;

use super::place::{bare, host, plain};

/// The host or the folder that the authority of a remote window names.
pub(super) enum Remote {
    /// A host, as it begins a path.
    Host(String),
    /// A container that was made for a folder, itself a path with its host.
    Folder(String),
}

/// Reads the authority of a remote window; `None` if it is not one.
pub(super) fn read(scheme: &str, authority: &str) -> Option<Remote> {
    // GitLens puts the metadata of a local repository in the place of the host, as JSON in hexadecimal digits.
    if json(authority).is_some() {
        return Some(Remote::Host(String::new()));
    }
    // A container on a remote machine: `dev-container+HEX@ssh-remote+beta`.
    let (own, outer) = match authority.rsplit_once('@') {
        Some((own, outer)) if own.contains('+') && outer.contains('+') => (own, Some(outer)),
        _ => (authority, None),
    };
    let (kind, name) = own.split_once('+')?;
    Some(Remote::Host(match kind {
        "ssh-remote" => {
            let named = json(name).and_then(|value| text(&value, "hostName"));
            format!("ssh://{}", bare(named.as_deref().unwrap_or(name)))
        }
        "wsl" => format!("wsl://{}", name.to_lowercase()),
        "attached-container" => {
            let named = json(name).and_then(|value| text(&value, "containerName"));
            let named = named.or_else(|| unhexed(name)).unwrap_or_else(|| name.to_owned());
            format!("container://{}", named.trim_start_matches('/').to_lowercase())
        }
        "dev-container" => {
            let folder = match json(name) {
                Some(value) => text(&value, "hostPath"),
                None => unhexed(name),
            };
            let outer = outer.and_then(|outer| match read(scheme, outer)? {
                Remote::Host(host) => Some(host),
                Remote::Folder(_) => None,
            });
            match folder.as_deref().and_then(plain) {
                // A server or a drive does not lie on the outer host.
                Some(folder) if folder.starts_with('/') && !folder.starts_with("//") => {
                    return Some(Remote::Folder(outer.unwrap_or_default() + &folder));
                }
                Some(folder) => return Some(Remote::Folder(folder)),
                None => format!("container://{}", name.to_lowercase()),
            }
        }
        _ if scheme == "vscode-remote" => host(kind, name),
        // `vscode-vfs://github+HEX`: a commit of the repositories there.
        _ => host(scheme, kind),
    }))
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// Reads a JSON object from its hexadecimal digits.
fn json(hex: &str) -> Option<Value> {
    // Cheap test before parsing: most names are not an object.
    let text = unhexed(hex).filter(|text| text.starts_with('{'))?;
    serde_json::from_str(&text).ok().filter(Value::is_object)
}

/// Reads the hexadecimal digits of a text; `None` for a name that only looks like them.
fn unhexed(hex: &str) -> Option<String> {
    let digits = hex.len() >= 2 && hex.len().is_multiple_of(2) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    let bytes = digits.then(|| {
        let pairs = hex.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap_or_default(), 16).unwrap_or_default())
    });
    let text = String::from_utf8(bytes?.collect()).ok()?;
    (!text.contains(char::is_control)).then_some(text)
}

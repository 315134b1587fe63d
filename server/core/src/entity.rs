//! What was touched: a file, a page, or nothing that can be named.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::rule::page::CARET;

/// What a heartbeat touched.
///
/// Made from a URI without touching the disk, so unsaved, remote, virtual and deleted files are all fine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "lowercase")]
pub enum Entity {
    /// A file, by its absolute path with `/` between the parts: `/home/jane/a b.rs`, `C:/src/a.rs`.
    Path(String),
    /// A page: `scheme://host/path`, without query, fragment and credentials.
    Url(String),
    /// Nothing that can be named: unassigned time under a workspace root, as far as one is known.
    Unnamed {
        /// The path of the workspace root.
        root: Option<String>,
    },
    /// Private: a bare instant.
    Private,
}

impl Entity {
    /// Makes an entity from what an editor or browser names: a URI, or an absolute path.
    ///
    /// `http` and `https` become [`Entity::Url`]. Every other scheme with an absolute path becomes the path
    /// (`file:`, `vscode-remote:`, `git:`, `oil:`, `scp:` …). The rest, such as `untitled:Untitled-1`, is unnamed.
    #[must_use]
    pub fn from_uri(uri: &str, root: Option<&str>) -> Self {
        if let Some(path) = absolute_path(uri) {
            return Self::Path(path);
        }
        let unnamed = || Self::Unnamed {
            root: root.and_then(root_path),
        };
        let Some((scheme, rest)) = uri.split_once(':') else {
            return unnamed();
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "http" || scheme == "https" {
            return page(uri).map_or_else(unnamed, Self::Url);
        }
        local_path(rest).map_or_else(unnamed, Self::Path)
    }

    /// Makes the entity of a heartbeat: the file or page that it names; else the folder it names, the terminal's own
    /// (`cwd`) before the workspace root.
    #[must_use]
    pub fn seen(uri: Option<&str>, cwd: Option<&str>, root: Option<&str>) -> Self {
        match uri.map(|uri| Self::from_uri(uri, root)) {
            Some(Self::Unnamed { .. }) | None => match Self::unnamed(cwd) {
                Self::Unnamed { root: None } => Self::unnamed(root),
                folder => folder,
            },
            Some(named) => named,
        }
    }

    /// Makes the entity of work that names nothing, under a workspace root given as a URI or a path.
    #[must_use]
    pub fn unnamed(root: Option<&str>) -> Self {
        Self::Unnamed {
            root: root.and_then(root_path),
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(text) | Self::Url(text) => f.write_str(text),
            Self::Unnamed { root: Some(root) } => write!(f, "{root} (no file)"),
            Self::Unnamed { root: None } => f.write_str("(no file)"),
            Self::Private => f.write_str("(private)"),
        }
    }
}

/// Returns the path of a workspace root, which may come as a URI or as a path, without a slash at its end.
fn root_path(root: &str) -> Option<String> {
    match Entity::from_uri(root, None) {
        Entity::Path(path) if path.len() > 1 => Some(path.trim_end_matches('/').to_owned()),
        Entity::Path(path) | Entity::Url(path) => Some(path),
        Entity::Unnamed { .. } | Entity::Private => None,
    }
}

/// Reads a plain absolute path: `/home/jane/a.rs`, `C:\src\a.rs`.
fn absolute_path(text: &str) -> Option<String> {
    if text.starts_with('/') {
        return Some(normalize(text));
    }
    let drive = has_drive(text) && matches!(text.as_bytes().get(2), Some(b'/' | b'\\'));
    drive.then(|| normalize(text))
}

/// Reads the part of a URI after `scheme:` as a path: percent-decoded, without authority, query and fragment.
fn local_path(rest: &str) -> Option<String> {
    let rest = rest.split(['?', '#']).next()?;
    let path = match rest.strip_prefix("//") {
        Some(with_authority) => &with_authority[with_authority.find('/')?..],
        None => rest,
    };
    if !path.starts_with('/') {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8_lossy();
    let after_slash = path.trim_start_matches('/');
    Some(normalize(if has_drive(after_slash) { after_slash } else { &path }))
}

/// Returns `scheme://host/path` of a page as browsers write it: the host in lower case and IDNA form, without the
/// scheme's usual port.
fn page(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!(
        "{}://{host}{port}{}",
        url.scheme(),
        url.path().replace('^', CARET)
    ))
}

fn has_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// Puts `/` between the parts, resolves `.` and `..` by text alone, and writes a drive letter large.
fn normalize(path: &str) -> String {
    let path = if has_drive(path) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let (prefix, rest) = if has_drive(&path) {
        (path[..2].to_ascii_uppercase(), &path[2..])
    } else {
        (String::new(), path.as_str())
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{prefix}/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &str, expected: &str) {
        let shown = match Entity::from_uri(uri, Some("file:///home/jane/work/")) {
            Entity::Path(path) => format!("path {path}"),
            Entity::Url(url) => format!("url {url}"),
            other => other.to_string(),
        };
        assert_eq!(shown, expected, "{uri}");
    }

    #[test]
    fn file_uris_become_paths() {
        check("file:///home/jane/a.rs", "path /home/jane/a.rs");
        check("file:///home/jane/a%20b%C3%A9.rs", "path /home/jane/a bé.rs");
        check("file:///home/jane/100%.rs", "path /home/jane/100%.rs");
        check("file:///c%3A/src/a.rs", "path C:/src/a.rs");
        check("file:///C:/src/a.rs", "path C:/src/a.rs");
        check("c:\\src\\..\\a.rs", "path C:/a.rs");
        check("/home/jane/./x/../a.rs", "path /home/jane/a.rs");
    }

    #[test]
    fn remote_and_virtual_uris_map_by_their_path() {
        check("vscode-remote://ssh-remote%2Bbox/srv/a.rs", "path /srv/a.rs");
        check("git:/home/jane/a.rs?%7B%22ref%22%7D", "path /home/jane/a.rs");
        check("oil:///home/jane/", "path /home/jane");
        check("vscode-notebook-cell:/n.ipynb#W0", "path /n.ipynb");
    }

    #[test]
    fn what_has_no_path_is_unnamed_under_its_root() {
        check("untitled:Untitled-1", "/home/jane/work (no file)");
        check("", "/home/jane/work (no file)");
        check("relative/a.rs", "/home/jane/work (no file)");
        check("file://", "/home/jane/work (no file)");
    }

    #[test]
    fn urls_lose_query_fragment_credentials_and_the_usual_port() {
        check(
            "https://me:secret@GitHub.com:443/acme/api?token=1#x",
            "url https://github.com/acme/api",
        );
        check("http://localhost:8080", "url http://localhost:8080/");
        check("https://?q", "/home/jane/work (no file)");
        check("https://B\u{fc}cher.example:443", "url https://xn--bcher-kva.example/");
        check("HTTP://[::1]:80/a/../b c", "url http://[::1]/b%20c");
        check("https://host:99999/", "/home/jane/work (no file)");
    }
}

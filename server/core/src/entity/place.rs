//! Paths with their host, from the many ways in which editors name a file.
//!
//! A path on this machine begins with `/` or a drive. Any other begins with its host: `ssh://beta/srv/a.rs`,
//! `wsl://ubuntu/home/jane/a.rs`, `container://name/app/a.rs`, `//server/share/a.rs`. Hosts are in lower case, without
//! user and port, as the editor names them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::remote::{self, Remote};

/// Schemes that name a file on a host that is reached through ssh.
const SSH: [&str; 7] = ["ssh", "scp", "sftp", "rsync", "oil-ssh", "oil-sftp", "fish"];
/// Schemes, and TRAMP's methods, that name a file in a container.
const CONTAINER: [&str; 4] = ["container", "docker", "podman", "dockercp"];
/// TRAMP's methods that change the user and not the host.
const SAME_HOST: [&str; 4] = ["sudo", "su", "doas", "sg"];

/// The location of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At a path.
    At(String),
    /// Somewhere in a container that was made for this folder.
    Within(String),
}

/// Splits a path into its host, which is empty for this machine, and the path there.
#[must_use]
pub fn split_host(path: &str) -> (&str, &str) {
    let authority = match (path.split_once("://"), path.strip_prefix("//")) {
        (Some((scheme, _)), _) if is_scheme(scheme) => scheme.len() + 3,
        (_, Some(_)) => 2,
        _ => return ("", path),
    };
    let end = path[authority..].find('/').map_or(path.len(), |at| authority + at);
    path.split_at(end)
}

/// Reads a URI or an absolute path; `None` if it names no path. `root` is the window's root; in a dev container, the
/// container's folder replaces it.
pub(super) fn read(text: &str, root: Option<&str>) -> Option<Place> {
    if let Some(path) = plain(text) {
        return Some(Place::At(path));
    }
    let (scheme, rest) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme))?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (authority, path) = (decoded(authority), decoded(path));
    if path.is_empty() && (authority.is_empty() || scheme == "file") {
        return None;
    }
    if !path.is_empty() && !path.starts_with('/') {
        return None;
    }
    let authority = authority.trim();
    match remote::read(&scheme, authority) {
        Some(Remote::Folder(folder)) => {
            let path = joined("", &path);
            let below = root.and_then(|root| below(&scheme, authority, &path, root));
            return Some(match below {
                Some(rest) => Place::At(tidy(&format!("{folder}{rest}"))),
                None => Place::Within(folder),
            });
        }
        Some(Remote::Host(host)) => return Some(Place::At(joined(&host, &path))),
        None => {}
    }
    let local = || {
        let after_slash = path.trim_start_matches('/');
        match plain(&path) {
            _ if has_drive(after_slash) => joined("", &path),
            // Two slashes without an authority name a server in a `file:` URI only.
            Some(path) if scheme == "file" || !path.starts_with("//") => path,
            _ => joined("", &path),
        }
    };
    Some(Place::At(match &*scheme {
        _ if authority.is_empty() => local(),
        "file" if authority.eq_ignore_ascii_case("localhost") => local(),
        "file" => unc(&format!("{authority}{path}")),
        _ => joined(&host(&scheme, authority), &path),
    }))
}

/// Reads an absolute path: `/home/jane/a.rs`, `C:\src\a.rs`, `\\server\share\a.rs`, `/ssh:beta:/srv/a.rs`.
pub(super) fn plain(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("\\\\") {
        // `\\?\C:\src` is `C:\src`, and `\\?\UNC\server` is `\\server`.
        let rest = rest.strip_prefix("?\\").unwrap_or(rest);
        let rest = rest.strip_prefix("UNC\\").unwrap_or(rest);
        return Some(plain(rest).unwrap_or_else(|| unc(&rest.replace('\\', "/"))));
    }
    if has_drive(text) && text.len() > 2 {
        return Some(joined("", &text.replace('\\', "/")));
    }
    match text.strip_prefix("//") {
        Some(rest) if !rest.starts_with('/') && !rest.is_empty() => Some(unc(rest)),
        _ if text.starts_with('/') => Some(tramp(text).unwrap_or_else(|| joined("", text))),
        _ => None,
    }
}

/// Writes `server/share/a.rs` as a path on a server; Windows names WSL's distributions as servers. Without a server it is a
/// path on this machine.
fn unc(rest: &str) -> String {
    let (server, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if server.is_empty() {
        return joined("", path);
    }
    let server = server.to_lowercase();
    let below = path.trim_start_matches('/');
    let (distribution, rest) = below.split_at(below.find('/').unwrap_or(below.len()));
    if is_wsl(&server) && !distribution.is_empty() {
        return joined(&format!("wsl://{}", distribution.to_lowercase()), rest);
    }
    joined(&format!("//{server}"), path)
}

/// Returns whether a server stands for WSL's distributions.
pub(crate) fn is_wsl(server: &str) -> bool {
    server.eq_ignore_ascii_case("wsl.localhost") || server.eq_ignore_ascii_case("wsl$")
}

/// Returns the host with which a path begins, from the scheme and authority of a URI; empty for this machine.
pub(crate) fn host_of(scheme: &str, authority: &str) -> String {
    let authority = decoded(authority);
    match (scheme, remote::read(scheme, &authority)) {
        (_, Some(Remote::Host(host))) => host,
        ("file", _) if authority.is_empty() || authority.eq_ignore_ascii_case("localhost") => String::new(),
        ("file", _) => format!("//{}", authority.to_lowercase()),
        _ => host(scheme, &authority),
    }
}

/// Reads TRAMP's `/method:user@host#port:/path`. With several hops, the last one counts.
fn tramp(text: &str) -> Option<String> {
    let (hops, path) = text.strip_prefix('/')?.split_once(":/")?;
    let hop = hops.rsplit('|').next().filter(|_| !hops.contains('/'))?;
    let (method, target) = hop.split_once(':')?;
    let path = format!("/{path}");
    if SAME_HOST.contains(&method) {
        return Some(joined("", &path));
    }
    let known = SSH.contains(&method) || CONTAINER.contains(&method);
    known.then(|| joined(&host(method, target), &path))
}

/// Returns the host that a scheme or method and an authority name.
pub(super) fn host(scheme: &str, authority: &str) -> String {
    if SSH.contains(&scheme) {
        return format!("ssh://{}", bare(authority));
    }
    if CONTAINER.contains(&scheme) {
        return format!("container://{}", bare(authority));
    }
    format!("{scheme}://{}", bare(authority))
}

/// Returns the host of an authority in lower case, without user and port.
pub(super) fn bare(authority: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_port = |port: &str| port.bytes().all(|digit| digit.is_ascii_digit());
    let host = match host.rsplit_once([':', '#']) {
        Some((name, port)) if is_port(port) && (name.ends_with(']') || !name.contains(':')) => name,
        _ => host,
    };
    host.to_lowercase()
}

/// Returns the rest of a path below the window's root, with its leading slash; empty for the root itself, `None` if the
/// path is not below it.
fn below<'p>(scheme: &str, authority: &str, path: &'p str, root: &str) -> Option<&'p str> {
    let rest = root.get(..scheme.len()).filter(|own| own.eq_ignore_ascii_case(scheme));
    let rest = rest.and_then(|_| root[scheme.len()..].strip_prefix("://"))?;
    let (own, folder) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if decoded(own) != authority {
        return None;
    }
    let folder = decoded(folder);
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_end_matches('/'))
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

fn is_scheme(text: &str) -> bool {
    let mut letters = text.bytes();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || b"+-.".contains(&letter))
}

fn has_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.len() >= 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes.get(2), None | Some(b'/' | b'\\'))
}

/// Resolves `.` and `..` in a path that has its host.
fn tidy(path: &str) -> String {
    let (host, path) = split_host(path);
    joined(host, path)
}

/// Puts a path behind a host, with one `/` between the parts, `.` and `..` resolved by text alone, and a drive letter
/// in upper case.
fn joined(host: &str, path: &str) -> String {
    let after_slash = path.trim_start_matches('/');
    let (drive, rest) = if has_drive(after_slash) && host.is_empty() {
        (after_slash[..2].to_ascii_uppercase(), &after_slash[2..])
    } else {
        (String::new(), path)
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
    format!("{host}{drive}/{}", parts.join("/"))
}

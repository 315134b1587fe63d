//! The entity of a heartbeat: a file, a page, or work without a name.

mod place;
mod remote;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::rule::page::CARET;
use place::Place;

pub use place::split_host;
pub(crate) use place::{host_of, is_wsl};

/// The file or page that a heartbeat touched, as far as it can be named.
///
/// Made from a URI without touching the disk, so unsaved, remote, virtual and deleted files are all fine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "lowercase")]
pub enum Entity {
    /// A file, by its absolute path with `/` between the parts: `/home/jane/a b.rs`, `C:/src/a.rs`. A path on another
    /// machine begins with its host; see [`split_host`].
    Path(String),
    /// A page: `scheme://host/path`, without query, fragment and credentials.
    Url(String),
    /// No named file or page. Belongs to a folder, if one is known.
    Unnamed {
        /// The path of the folder.
        root: Option<String>,
    },
    /// Private: only the instant is kept.
    Private,
}

impl Entity {
    /// Makes an entity from the name that an editor or browser gives: a URI, or an absolute path. `root` is the workspace
    /// root.
    ///
    /// `http` and `https` become [`Entity::Url`]. Every other scheme with an absolute path becomes the path with its host
    /// (`file:`, `vscode-remote:`, `git:`, `oil:`, `scp:` …). The rest, such as `untitled:Untitled-1`, belongs to the root.
    /// A file below the root of a dev container maps to the file in the container's folder on its host; any other file
    /// of the container belongs to that folder, unnamed.
    #[must_use]
    pub fn from_uri(uri: &str, root: Option<&str>) -> Self {
        if is_page(uri) {
            return page(uri).map_or_else(|| Self::unnamed(root), Self::Url);
        }
        match place::read(uri, root) {
            Some(Place::At(path)) => Self::Path(path),
            Some(Place::Within(folder)) => Self::Unnamed { root: Some(folder) },
            None => Self::unnamed(root),
        }
    }

    /// Makes the entity of a heartbeat: the file or page that it names; else the folder it names, the terminal's own
    /// (`cwd`) before the workspace root.
    #[must_use]
    pub fn seen(uri: Option<&str>, cwd: Option<&str>, root: Option<&str>) -> Self {
        match uri.map(|uri| Self::from_uri(uri, root)) {
            Some(named @ (Self::Path(_) | Self::Url(_))) => named,
            // A file of a container outside its mapped folder.
            Some(folder) if uri.is_some_and(|uri| place::read(uri, root).is_some()) => folder,
            _ => match cwd.and_then(|cwd| folder(cwd, root)) {
                Some(folder) => Self::Unnamed { root: Some(folder) },
                None => Self::unnamed(root),
            },
        }
    }

    /// Makes the entity of activity without a file or page, under a workspace root given as a URI or a path.
    #[must_use]
    pub fn unnamed(root: Option<&str>) -> Self {
        Self::Unnamed {
            root: root.and_then(|root| folder(root, Some(root))),
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

/// Returns the path of a folder, which may come as a URI or as a path, without a slash at its end.
fn folder(uri: &str, root: Option<&str>) -> Option<String> {
    if is_page(uri) {
        return page(uri);
    }
    let (Place::At(path) | Place::Within(path)) = place::read(uri, root)?;
    let (host, below) = split_host(&path);
    let below = below.trim_end_matches('/');
    Some(format!("{host}{}", if below.is_empty() { "/" } else { below }))
}

fn is_page(uri: &str) -> bool {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
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

#[cfg(test)]
mod tests;

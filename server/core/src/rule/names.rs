//! The names under which a path is compared: its own, the one without symbolic links and, for a file in a worktree, the
//! one in the main working tree.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A workspace root and its other names, each a path as entities have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRoot {
    /// The root as events name it.
    pub root: String,
    /// Its path without symbolic links, if that differs.
    pub real: Option<String>,
    /// Its folder in the main working tree of its repository, if it lies in another worktree.
    pub repository: Option<String>,
}

/// The names of one path, in NFC.
#[derive(Debug)]
pub(super) struct Names<'p> {
    /// The path as it was reported, then its other name, if any.
    pub(super) own: Vec<Cow<'p, str>>,
    /// For a file in a worktree, its names in the main working tree; otherwise empty.
    pub(super) main: Vec<Cow<'p, str>>,
    /// The names of that worktree's folder.
    pub(super) worktree: Vec<&'p str>,
}

/// Converts a text to NFC.
pub(super) fn nfc(text: &str) -> Cow<'_, str> {
    if is_nfc(text) {
        text.into()
    } else {
        text.nfc().collect()
    }
}

impl NamedRoot {
    /// Converts all names to NFC, without a slash at the end.
    pub(super) fn normal(&self) -> Self {
        let normal = |name: &String| nfc(name.trim_end_matches('/')).into_owned();
        Self {
            root: normal(&self.root),
            real: self.real.as_ref().map(normal),
            repository: self.repository.as_ref().map(normal),
        }
    }

    /// Returns the rest of a path below the root, and true if the path was reported under the real name.
    fn rest<'p>(&self, path: &'p str) -> Option<(&'p str, bool)> {
        let below = |folder: &str| {
            let rest = path.strip_prefix(folder)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(rest)
        };
        let named = below(&self.root).map(|rest| (rest, false));
        named.or_else(|| Some((below(self.real.as_deref()?)?, true)))
    }
}

/// Returns the names of a path. `roots` must be in NFC; the innermost root decides.
pub(super) fn names<'p>(path: Cow<'p, str>, roots: &'p [NamedRoot]) -> Names<'p> {
    let mut own = Vec::from_iter(other(&path, roots));
    own.insert(0, path);
    let worktree = innermost(&own, roots, |root| root.repository.is_some());
    let main = worktree.and_then(|(root, rest)| Some((root, format!("{}{rest}", root.repository.as_ref()?))));
    let Some((root, main)) = main else {
        return Names {
            own,
            main: Vec::new(),
            worktree: Vec::new(),
        };
    };
    let other = other(&main, roots);
    Names {
        own,
        main: std::iter::once(main.into()).chain(other).collect(),
        worktree: std::iter::once(&*root.root).chain(root.real.as_deref()).collect(),
    }
}

/// Returns the other name of a path: without symbolic links, or with them if it was reported without.
fn other<'p>(path: &str, roots: &[NamedRoot]) -> Option<Cow<'p, str>> {
    let (root, rest) = innermost(&[path.into()], roots, |root| root.real.is_some())?;
    let is_real = root.rest(path)?.1;
    let name = if is_real { &root.root } else { root.real.as_ref()? };
    Some(format!("{name}{rest}").into())
}

/// Returns the innermost root of a kind that a path lies in under one of its names, and the rest of the path.
fn innermost<'r>(
    names: &[Cow<'_, str>],
    roots: &'r [NamedRoot],
    is_wanted: impl Fn(&NamedRoot) -> bool,
) -> Option<(&'r NamedRoot, String)> {
    let within = |root: &'r NamedRoot| {
        names
            .iter()
            .find_map(|name| Some((root, root.rest(name)?.0.to_owned())))
    };
    let found = roots.iter().filter(|root| is_wanted(root)).filter_map(within);
    // The innermost root leaves the shortest rest; if two roots are one folder, the first wins.
    found.min_by_key(|(_, rest)| rest.len())
}

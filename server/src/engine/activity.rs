//! What an editor tells.

use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::instant::Instant;

/// A workspace root and its other names, each a URI or an absolute path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootNames {
    /// The root as events name it.
    pub root: String,
    /// Its path without symbolic links.
    pub real: Option<String>,
    /// For a folder in a git worktree: the folder that stands for it in the repository's main working tree.
    pub repository: Option<String>,
}

/// What one source saw, in its order.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The editor.
    pub source: String,
    /// What it saw.
    pub events: Vec<Activity>,
}

/// One thing an editor saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its number within the source; nothing lets the store number it.
    pub seq: Option<Seq>,
    /// When it happened.
    pub at: Instant,
    /// What it was.
    pub what: What,
}

/// What an editor saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Work.
    Work {
        /// Of which kind.
        kind: Kind,
        /// Whose.
        actor: Actor,
        /// The URI of what was touched.
        uri: Option<String>,
        /// The URI of the workspace root.
        root: Option<String>,
        /// The URI of the folder that work without a file is in, such as a terminal's.
        cwd: Option<String>,
        /// The language of the file.
        language: Option<String>,
        /// Whether only the instant may be kept.
        private: bool,
    },
    /// Time is cut.
    Cut(Cause),
    /// Nothing that is kept, such as a window that lost the focus.
    Nothing,
}

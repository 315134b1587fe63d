//! Activity that an editor reports.

use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::instant::Instant;

/// A workspace root and its other names, each a URI or an absolute path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootNames {
    /// The root as events name it.
    pub root: String,
    /// Its path without symbolic links.
    pub real: Option<String>,
    /// For a folder in a git worktree: the corresponding folder in the repository's main working tree.
    pub repository: Option<String>,
}

/// Events of one source, in its order.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The editor.
    pub source: String,
    /// The events.
    pub events: Vec<Activity>,
}

/// One event that an editor reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its number within the source; with `None` the store numbers it.
    pub seq: Option<Seq>,
    /// The instant of the event.
    pub at: Instant,
    /// The payload.
    pub what: What,
}

/// The payload of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Work.
    Work {
        /// The kind.
        kind: Kind,
        /// The person or an agent.
        actor: Actor,
        /// The URI of the touched file or page.
        uri: Option<String>,
        /// The URI of the workspace root.
        root: Option<String>,
        /// The URI of the folder for work without a file, such as a terminal's.
        cwd: Option<String>,
        /// The language of the file.
        language: Option<String>,
        /// True if only the instant may be stored.
        private: bool,
    },
    /// Time is cut.
    Cut(Cause),
    /// An event that is not stored, such as a window that lost the focus.
    Nothing,
}

//! Evidence of work: heartbeats, and the boundaries that cut time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::instant::Instant;

/// A machine that somebody works on. Numbered by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u32);

/// One running editor or browser on a device. Numbered by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// The person who did the work. One person today; part of the data from the start, so that a studio can be merged
/// later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

/// The number of an event within its source; it rises, and is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// The unique id of an event: two events with the same id are the same event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The machine.
    pub device: DeviceId,
    /// The editor or browser on it.
    pub source: SourceId,
    /// The event's number within that source.
    pub seq: Seq,
}

/// The kind of work that a heartbeat is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The text was changed.
    Edit,
    /// The caret, the view or the buffer was moved.
    Navigate,
    /// A document was saved.
    Save,
    /// A window or page was in front. Weak.
    Focus,
    /// A debugger was used.
    Debug,
    /// A task was run.
    Task,
    /// A page was visited.
    Visit,
    /// A file was saved by another program.
    Outside,
}

/// The strength of a heartbeat as evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strength {
    /// The person worked.
    #[default]
    Strong,
    /// The person looked. Counts no time; only moves the point at which one project's time ends and the next begins.
    Weak,
}

impl Kind {
    /// Returns the strength of a heartbeat of this kind.
    #[must_use]
    pub fn strength(self) -> Strength {
        match self {
            Self::Focus => Strength::Weak,
            Self::Edit | Self::Navigate | Self::Save | Self::Debug | Self::Task | Self::Visit | Self::Outside => {
                Strength::Strong
            }
        }
    }
}

/// The actor behind a heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// The person's own input.
    #[default]
    Human,
    /// A coding agent, a formatter, a checkout: any change not made by the person's own input.
    Agent,
}

/// The cause of a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The machine slept.
    Suspend,
    /// The screen was locked.
    Lock,
    /// The wall clock jumped.
    Clock,
    /// The person paused tracking.
    Pause,
}

/// An event as the timeline sees it. `T` is the tag that its time is credited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<T> {
    /// The instant at which it happened.
    pub at: Instant,
    /// Its id.
    pub id: EventId,
    /// The heartbeat or boundary.
    pub sign: Sign<T>,
}

/// The content of an event: a heartbeat, or a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign<T> {
    /// Evidence of work.
    Heartbeat {
        /// The actor.
        actor: Actor,
        /// The strength of the evidence.
        strength: Strength,
        /// The tag that the time is credited to.
        tag: T,
    },
    /// Time on the device is cut here.
    Boundary,
}

impl<T> Event<T> {
    /// Orders events: by instant, then device, source and sequence number, so that arrival order does not matter.
    #[must_use]
    pub fn order(&self) -> (Instant, EventId) {
        (self.at, self.id)
    }
}

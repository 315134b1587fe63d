//! Notices what changes on the disk: the config file, and the folders of projects that ask for it.

mod burst;
mod config;
mod ignored;
mod tree;

pub use burst::{Bursts, Verdict};
pub use config::ConfigWatch;
pub use tree::{Changes, Tree, rehearse};

//! The host and the command line as a whole: the real program, each test in a home of its own.
//!
//! [`harness`] starts the programs and talks to them; every other module tests one promise.

mod forget;
mod harness;

mod asking;
mod assigning;
mod backup;
mod bad_input;
mod billing;
mod bounded;
mod browser;
mod config;
mod contention;
mod damage;
mod dashboard;
mod doctor;
mod documents;
mod drafts;
mod export;
mod hints;
mod import;
mod import_cases;
mod import_kinds;
mod import_questions;
mod invoice_life;
mod invoice_refusals;
mod issuing;
mod kill;
mod letters;
mod life;
mod lost;
mod moved;
mod offer;
mod palette;
mod payments;
mod progress;
mod ranges;
mod restore;
mod review;
mod setup;
mod sheet_actions;
mod sheet_features;
mod shell;
mod shells;
#[cfg(target_os = "linux")]
mod small_words;
mod sockets;
mod stationery;
mod strangers;
mod together;
mod toml_features;
mod unopened;
mod version;
mod watching;

//! Proves how time is counted: against a second implementation of its definition, by its laws over generated histories,
//! and by traces with exact milliseconds.

mod agreement;
mod billed;
mod chains;
mod days;
mod definition;
mod golden;
mod history;
mod laws;
mod replay;

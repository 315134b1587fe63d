//! The engine's answers for people: conversations of several questions ([`flow`]), and the dashboard ([`page`]).

pub mod dashboard;
pub mod flow;
pub mod page;

//! Proves the timesheet: printing, reading and saving, by tables and by laws.

mod alter;
mod captured;
mod clocks;
mod entries;
mod folded;
mod ledger;
mod print;
mod problems;
mod read;
mod rows;
mod scripts;
mod three_way;
mod week;

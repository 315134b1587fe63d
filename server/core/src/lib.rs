//! The pure core of keeptab, which counts and bills time.
//!
//! Pure: `now`, the time zone and the configuration are arguments, and nothing here can fail for a reason outside its
//! inputs. No clock, no I/O, no LSP, no SQL.
//!
//! Read in this order: [`instant`] and [`activity`] (evidence of work), [`entity`] and [`rule`] (assignment to
//! projects), [`timeline`] (counting), [`calendar`] (civil days), [`timesheet`] (review), [`money`], [`billing`] and
//! [`invoice`] (billing), [`chain`] (proof of changes).

pub mod activity;
pub mod billing;
pub mod budget;
pub mod calendar;
pub mod cell;
pub mod chain;
pub mod clock;
pub mod correction;
pub mod entity;
pub mod entry;
pub mod instant;
pub mod invoice;
pub mod length;
pub mod money;
pub mod plain;
pub mod rule;
pub mod timeline;
pub mod timesheet;

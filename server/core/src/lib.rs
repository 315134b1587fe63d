//! What keeptab counts and bills.
//!
//! Pure: `now`, the time zone and the configuration come in as arguments, and nothing here can fail for a reason
//! outside its inputs. No clock, no I/O, no LSP, no SQL.
//!
//! Read in this order: [`instant`] and [`activity`] (what was seen), [`entity`] and [`rule`] (whose it was),
//! [`timeline`] (how it is counted), [`calendar`] (which day it fell on), [`timesheet`] (how it is reviewed), [`money`],
//! [`billing`] and [`invoice`] (what it is worth), [`chain`] (how a change of that shows).

pub mod activity;
pub mod billing;
pub mod calendar;
pub mod cell;
pub mod chain;
pub mod clock;
pub mod correction;
pub mod entity;
pub mod entry;
pub mod instant;
pub mod invoice;
pub mod money;
pub mod plain;
pub mod rule;
pub mod timeline;
pub mod timesheet;

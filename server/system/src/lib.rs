//! Access to the operating system: the time, folders and files, and the user's mail program.

pub mod clock;
pub mod disk;
pub mod home;
pub mod mail;
pub mod plain;

//! The Concord command line as a library: one file per command.

pub mod report;

//! The Concord command line as a library: one file per command.

pub mod audit;
pub mod data;
pub mod report;

//! What the lines that give types may touch: the text and its names to read, faults to report, a plan that is written in one place.

pub(in crate::types) mod coding;
pub(in crate::types) mod context;
pub(in crate::types) mod depth;
pub(in crate::types) mod elsewhere;
pub(in crate::types) mod faults;
mod least;
mod lifted;
pub(in crate::types) mod once;
pub(in crate::types) mod plan_writer;
pub(in crate::types) mod reader;
pub(in crate::types) mod seen;

//! Module to answers: the in-process host.
//!
//! A [`Program`] is a compiled module; an [`Instance`] of it evaluates cases, one at a time or in columns, and gives
//! the same [`Outcome`](concord_engine::evaluate::Outcome) as the reference interpreter, for the cells that come out
//! ([`crate::abi::Layout::outputs`]). A module by itself is an [`Alone`], of which
//! one that is [`Loaded`] starts as many as there are threads. Whatever is wrong with a case, a setting or a module comes back as a [`RunError`].

mod alone;
pub mod approvals;
mod batch;
mod check;
mod deadline;
mod error;
mod events;
mod instance;
mod interface;
mod json;
mod json_entries;
mod judged;
mod memory;
mod program;
mod record;
mod self_test;
mod verdict_columns;

pub use alone::{Alone, Loaded};
pub use batch::PlacedBatch;
pub use deadline::Calls;
pub use error::{CaseFault, RunError};
pub use instance::Instance;
pub use interface::interface;
pub use json_entries::Replied;
pub use program::Program;
pub use record::PlacedRecord;

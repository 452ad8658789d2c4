//! Queries over events, what is kept of each event, and the clocks that are made of queries.

pub(in crate::types) mod clock;
pub(in crate::types) mod figure;
pub(in crate::types) mod per_event;
pub(in crate::types) mod query;
pub(in crate::types) mod window;

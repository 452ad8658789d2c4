//! Queries over events, what is kept of each event, and the clocks that are made of queries.

pub(in crate::types) mod clock;
pub(in crate::types) mod days;
mod end;
mod figure;
mod if_any;
mod is;
pub(in crate::types) mod lasting;
mod nothing_taken;
mod own_name;
mod per_event;
mod query;
pub(in crate::types) mod set;
mod taken_along;
mod window;
mod window_behind;

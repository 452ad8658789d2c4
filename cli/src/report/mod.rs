//! The report of an audit.

pub mod model;

//! The report: the page and the files drawn from an audit's results.
//!
//! Everything here is a pure function of [`crate::results::Results`]: the same results give the same bytes.

pub mod csv;
pub mod html;
pub mod measure_report;
pub mod summary;

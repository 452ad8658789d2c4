//! The report: results as plain data, and the pages and files drawn from them.
//!
//! Everything here is a pure function of [`model::Results`]: the same results give the same bytes.

pub mod csv;
pub mod html;
pub mod model;
pub mod words;

//! What stands around the logic: measures, examples, and the answers of other packages.

mod example;
mod expectation;
pub(in crate::types) mod import;
mod measure;
mod stratum;

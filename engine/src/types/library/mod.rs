//! What stands around the logic: measures, examples, and the answers of other packages.

mod carried;
mod decided;
mod each;
mod entries;
mod example;
mod expectation;
mod figure;
pub(in crate::types) mod import;
mod inlined;
mod measure;
mod shared;
mod stratum;
mod supplied;

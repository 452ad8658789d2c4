//! What stands around the logic: measures, examples, and the answers of other packages.

pub(in crate::types) mod example;
pub(in crate::types) mod expectation;
pub(in crate::types) mod imports;
pub(in crate::types) mod measure;
pub(in crate::types) mod stratum;

//! From text to a syntax tree and a list of faults; never gives up.
pub mod tree;

//! Inputs and peers shared by the benchmarks.

pub mod inputs;
pub mod module;
pub mod native;
pub mod plans;

pub use plans::news2_plan;

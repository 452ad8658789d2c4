//! Inputs and peers shared by the benchmarks.

pub mod events;
pub mod inputs;
pub mod measure;
pub mod module;
pub mod native;
pub mod native_columns;
pub mod rule;
pub mod ten;
pub mod text;

pub use rule::{compiled, news2_plan};

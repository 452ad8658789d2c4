//! Plan to module, and module to answers.

pub mod emit;
pub mod run;

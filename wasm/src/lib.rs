//! Plan to module, and module to answers.

pub mod abi;
pub mod emit;
pub mod run;

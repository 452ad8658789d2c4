//! The Concord language and its meaning.
//!
//! The folders are the stages, in order: `text → diagnostics → syntax → values → names → types → checks →
//! plan → evaluate → explain`, and `variation` beside them. A stage imports only from those before it.
//! The engine is pure: no files, clock, threads, randomness or environment.

pub mod diagnostics;
pub mod evaluate;
pub mod plan;
pub mod syntax;
pub mod text;
pub mod values;
pub mod variation;

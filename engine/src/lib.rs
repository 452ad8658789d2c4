//! The Concord language and its meaning.
//!
//! The folders are the stages, in order:
//! `text → diagnostics → values → syntax → format → plan → evaluate → names → types → checks → compile → explain → coverage`,
//! and `variation` beside them. A stage imports only from those before it; the plan stands in the middle because
//! the front end writes it, and the interpreter, which the checks use to find a concrete patient, reads it.
//! The engine is pure: no files, clock, threads, randomness or environment.

pub mod checks;
pub mod compile;
pub mod coverage;
pub mod diagnostics;
pub mod evaluate;
pub mod explain;
pub mod format;
pub mod names;
pub mod plan;
pub mod syntax;
pub mod text;
pub mod types;
pub mod values;
pub mod variation;

//! The Concord language and its meaning.

pub mod variation;

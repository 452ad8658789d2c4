//! Helpers shared by the test binaries.

#[path = "support/explained.rs"]
pub mod explained;
#[path = "support/marks.rs"]
pub mod marks;
#[path = "support/sections.rs"]
pub mod sections;
#[path = "support/text.rs"]
pub mod text;

/// The Rust of `docs/embedding.md` compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
pub struct Embedding;

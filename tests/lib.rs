//! Helpers shared by the test binaries.

#[path = "support/marks.rs"]
pub mod marks;
#[path = "support/sections.rs"]
pub mod sections;
#[path = "support/text.rs"]
pub mod text;

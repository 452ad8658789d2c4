//! From text to a syntax tree and a list of faults; never gives up.
//!
//! `lexer` cuts the text into `tokens`; `grammar` reads them into the `tree`.

mod alike;
mod cases;
mod grammar;
pub mod lexer;
pub mod newcomers;
pub mod spelling;
pub mod tokens;
#[allow(clippy::large_enum_variant, clippy::type_complexity, reason = "a tree is read far more often than it is moved")]
pub mod tree;

/// How the message begins that a text stands between other quotes than it should.
pub const WRONG_QUOTES: &str = "text goes between straight double quotes";

pub use cases::{parse_cases, parse_questions};
pub use grammar::{WITHOUT_NAME, parse, parse_example_body};

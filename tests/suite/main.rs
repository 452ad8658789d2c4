//! The test suite: one binary, one module for each question.

mod differential;
mod generate;

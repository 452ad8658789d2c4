//! The test suite: one binary, one module for each question.

#![allow(
    clippy::indexing_slicing,
    reason = "a test that stops has failed, as it should"
)]

mod differential;
mod generate;

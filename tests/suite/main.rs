//! The tests that are not corpus cases, as one binary: each module is a subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "a test fails by panicking, and exact answers are compared exactly"
)]

mod variation;

//! The tests that are not corpus cases, as one binary: each module is a subject.

mod variation;

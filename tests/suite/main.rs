//! The test suite: one binary, a module for each part of the machine.
mod syntax;

//! Plan to module, and module to answers.

//! The host for C, and for whatever calls C: `include/concord.h` says what each function does. Here is what it does it with.
//!
//! What is given out lives in a box that the caller frees. A panic would end the process of the host, so that none leaves this library.

mod answer;
mod decision;
mod error;
mod options;
mod rule;
mod rules;
mod text;

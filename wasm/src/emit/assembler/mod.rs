//! WebAssembly as values and blocks: what every later part writes its code with. It knows no plan.

mod code;
mod error;
mod finish;
mod float;
mod instructions;
mod limits;
mod module;
mod node;
mod numbers;
mod types;

pub(crate) use code::{Code, Label};
pub use error::EmitError;
pub(crate) use float::Float;
pub(crate) use limits::check_limits;
pub(crate) use module::{Emitted, Parts, assemble, validate};
pub(crate) use node::{Node, flag, int, long};
pub(crate) use numbers::{address, bit, count};
pub(crate) use types::{Bin, POINTER, SLOT, Ty, Width, truncate};

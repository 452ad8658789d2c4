//! WebAssembly as values and blocks: what every later part writes its code with. It knows no plan.

mod code;
mod cut;
mod error;
mod finish;
mod float;
mod inline;
mod instructions;
mod limits;
mod module;
mod node;
mod numbers;
mod outline;
mod peephole;
mod sink;
mod turns;
mod types;
mod vector;

pub(crate) use code::{Code, Label};
pub(crate) use cut::{Draft, cut};
pub use error::EmitError;
pub(crate) use float::Float;
pub(crate) use inline::{inline, used_globals};
pub use limits::Limits;
pub(crate) use module::{Emitted, Parts, assemble, validate};
pub(crate) use node::{Node, flag, int, long};
pub(crate) use numbers::{address, bit, count};
pub(crate) use outline::outline;
pub(crate) use turns::{Sizes, Turns, Work};
pub(crate) use types::{Bin, POINTER, SLOT, Ty, Width};
pub(crate) use vector::{Lane, Vector};

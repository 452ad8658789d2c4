//! WebAssembly as values and blocks: what every later part writes its code with. It knows no plan.
//!
//! * `node`, `float`, `vector`, `types`, `numbers`, `instructions`, `instruction`: values, and the instructions that they are.
//! * `code`: a function under construction. `turns`: how often its loops turn; `work`: what a call executes with that.
//! * `finish`, `sink`, `peephole`: needless moves taken out of any function, and its bytes.
//! * `inline`, `outline`, `cut`, `limits`: functions put where they are called, taken out of others, and cut to what engines take.
//!   `repeated`: what stands in several places.
//! * `branches`, `defer`, `twice`, `results`, `merge`, `returns`, `conditions`, and `constants` and `order` across functions: what is seldom
//!   run made as short as may be. `locals`, `live`, `tree`: what these know of a function.
//! * `module`: the bytes of all. `error`: why there are none.

mod alike;
mod branches;
mod code;
mod conditions;
mod constants;
mod cut;
mod defer;
mod error;
mod finish;
mod float;
mod inline;
mod instruction;
mod instructions;
mod limits;
mod live;
mod locals;
mod merge;
mod module;
mod node;
mod numbers;
mod order;
mod outline;
mod peephole;
mod repeated;
mod results;
mod returns;
mod sink;
mod tree;
mod turns;
mod twice;
mod types;
mod vector;
mod work;

pub(crate) use code::{Code, Label};
pub(crate) use constants::share_constants;
pub(crate) use cut::{Draft, cut};
pub use error::EmitError;
pub(crate) use float::Float;
pub(crate) use inline::{inline, used_globals};
pub use limits::Limits;
pub(crate) use module::{Emitted, Parts, assemble, validate};
pub(crate) use node::{Node, flag, int, long};
pub(crate) use numbers::{address, bit, count};
pub(crate) use order::order_by_calls;
pub(crate) use outline::outline;
pub(crate) use turns::{Sizes, Turns};
pub(crate) use types::{Bin, POINTER, SLOT, Ty, Width};
pub(crate) use vector::{Lane, Vector};
pub(crate) use work::Work;

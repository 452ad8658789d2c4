//! Texts made small: what a module carries stands in it packed, and is unpacked by the module itself or by whoever reads the file.
//!
//! The text is taken apart into bits, each foretold by those that came before in the same place; what is foretold well takes next to no
//! room. A first bit says whether what comes is a *byte* or a *copy* of what came before. A byte is its eight bits, the highest first. A
//! copy is how far back it starts, unless a bit says as far as the last one, and how many bytes it has less one. A number is written in
//! twos: for each bit below its highest, from the lowest up, a 1 and the bit itself; then a 0.
//!
//! Each place has its *odds*: how often in 65,536 its bit is 1. They begin even and after each bit move a sixteenth of the way to what it
//! was. The bits are written as one large number (asymmetric numeral systems), of which a state of 32 bits is at work: the first four bytes
//! begin it, and whenever its upper half is 0 two more come in below.
//!
//! * `odds`: the places, and odds that follow the bits
//! * `copies`: where in a text the same bytes came before
//! * `pack`, `unpack`: both ways; `wasm/src/emit/json/unpack.rs` is the second once more, inside a module

mod copies;
mod odds;
mod pack;
mod unpack;

pub(crate) use odds::{AGAIN, BACK, BYTES, COPY, EVEN, LENGTH, MOST_BITS, ODDS_BITS, ODDS_BYTES, RATE};
pub use pack::pack;
pub use unpack::unpack;

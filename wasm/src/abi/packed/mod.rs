//! Texts made small: what a module carries stands in it packed, and is unpacked by the module itself or by whoever reads the file.
//!
//! The text is taken apart into bits, each foretold by what came before; what is foretold well takes next to no room. Where the last
//! bytes came before, the byte that followed them then is looked for once more: after a long stretch a single bit says whether it comes.
//! Else a byte is its eight bits, the highest first, each foretold from several *views* of what came before: the last bytes, fewer and
//! more of them, two a little before them, and that byte. A view knows how often the bit was 1 where it was the same; what they say is weighed against each other,
//! and the weights move towards those that were right. All of it is done in whole numbers, so that it comes out the same everywhere.
//!
//! The bits are written as one large number (asymmetric numeral systems), of which a state of 32 bits is at work: the first four bytes
//! begin it, and whenever its upper half is 0 two more come in below.
//!
//! * `foretell`: the odds of each bit, the same for both ways
//! * `views`: what is known of a bit, and how it is weighed
//! * `pack`, `unpack`: both ways; `wasm/src/emit/json/unpack` is the second once more, inside a module

mod foretell;
mod pack;
mod unpack;
mod views;

pub(crate) use foretell::{KEY_BITS, KEY_BYTES, LONG, OTHER, OTHER_LEAST};
pub use pack::pack;
pub use unpack::unpack;
pub(crate) use views::{
    APART_DOWN, APART_UP, CURVE_BITS, CURVE_RATE, CURVE_START, DIGEST, KINDS, KNOWN_BITS, ODDS_BITS, OFTEN, RIGHT,
    SHIFT_BITS, SHIFTS, STEP, TABLE_BITS, VIEWS, WEIGHT, WEIGHT_BITS, WEIGHT_RATE,
};

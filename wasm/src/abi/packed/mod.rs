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

pub(crate) use odds::{AGAIN, BACK, BYTES, COPY, EVEN, LENGTH, MOST_BITS, ODDS_BITS, PLACES, RATE};
pub(crate) use pack::pack;
pub(super) use unpack::unpack;

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn what_is_packed_comes_back() {
        let long = "the same again, ".repeat(999);
        let every: Vec<u8> = (0..=255).cycle().take(70_000).collect();
        let random = |seed: &mut u32| {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (*seed >> 24) as u8
        };
        let noise: Vec<u8> = (0..5_000).scan(7, |seed, _| Some(random(seed))).collect();
        for text in [b"".as_slice(), b"a", b"aa", b"abababab", long.as_bytes(), &every, &noise] {
            let packed = pack(text).unwrap();
            assert_eq!(unpack(&packed, text.len()).as_deref(), Some(text));
            assert!(packed.len() < text.len() + text.len() / 16 + 8, "{} of {}", packed.len(), text.len());
        }
        assert!(pack(long.as_bytes()).unwrap().len() < 60);
    }

    /// Whatever the bytes are, there is an end.
    #[test]
    fn bytes_that_nobody_packed_are_a_text_or_none() {
        let text = br#"{"name":"all normal","settings":{},"case":{"spo2":96}}"#.repeat(9);
        let packed = pack(&text).unwrap();
        for at in 0..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 0x10;
            assert_ne!(unpack(&changed, text.len()).as_deref(), Some(text.as_slice()), "byte {at}");
        }
        for byte in [0, 0x55, 0xAA, 0xFF] {
            assert!(unpack(&[byte; 64], 1 << 20).is_none_or(|text| text.len() == 1 << 20));
        }
        assert_eq!(unpack(&packed, usize::MAX), None);
        assert_eq!(unpack(&[], 1), None);
    }
}

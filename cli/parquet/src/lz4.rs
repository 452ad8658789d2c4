//! A block of LZ4 without a frame: texts, and copies of what came before.

use crate::fault::Fault;
use crate::snappy::copy;

/// Unpacks what comes out as so many bytes.
pub fn unpack(bytes: &[u8], length: usize) -> Result<Vec<u8>, Fault> {
    unpacked(bytes, length).ok_or(Fault::Broken("a page cannot be unpacked"))
}

fn unpacked(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let mut rest = bytes;
    loop {
        let (token, after) = rest.split_first()?;
        let (own, after) = more(usize::from(token >> 4), after)?;
        let (text, after) = after.split_at_checked(own)?;
        if out.len() + text.len() > length {
            return None;
        }
        out.extend_from_slice(text);
        // The last piece has no copy.
        if after.is_empty() {
            return Some(out);
        }
        let (distance, after) = after.split_first_chunk::<2>()?;
        let (count, after) = more(usize::from(token & 15), after)?;
        copy(&mut out, (u16::from_le_bytes(*distance).into(), count.checked_add(4)?), length)?;
        rest = after;
    }
}

/// A length that goes on in the next bytes where its four bits are full.
fn more(first: usize, mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = first;
    if first == 15 {
        loop {
            let (byte, after) = bytes.split_first()?;
            bytes = after;
            number = number.checked_add(usize::from(*byte))?;
            if *byte < 255 {
                break;
            }
        }
    }
    Some((number, bytes))
}

//! Snappy's format: lengths, texts and copies of what came before.

use crate::fault::Fault;

const BROKEN: Fault = Fault::Broken("a page cannot be unpacked");

/// Unpacks what comes out as so many bytes.
pub fn unpack(bytes: &[u8], length: usize) -> Result<Vec<u8>, Fault> {
    let (said, mut rest) = said_length(bytes).ok_or(BROKEN)?;
    if said != length {
        return Err(Fault::Broken("a page is not as long as it says"));
    }
    let mut out: Vec<u8> = Vec::new();
    while let Some((tag, after)) = rest.split_first() {
        let (tag, high) = (*tag, usize::from(*tag >> 2));
        let (own, distance, after) = match tag & 3 {
            0 => {
                let bytes = high.saturating_sub(59);
                let (number, after) = if high < 60 { (high, after) } else { little(after, bytes).ok_or(BROKEN)? };
                let (text, after) = after.split_at_checked(number + 1).ok_or(BROKEN)?;
                if out.len() + text.len() > length {
                    return Err(BROKEN);
                }
                out.extend_from_slice(text);
                rest = after;
                continue;
            }
            1 => {
                let (low, after) = little(after, 1).ok_or(BROKEN)?;
                (4 + (high & 7), (usize::from(tag >> 5) << 8) | low, after)
            }
            wide => {
                let (distance, after) = little(after, if wide == 2 { 2 } else { 4 }).ok_or(BROKEN)?;
                (high + 1, distance, after)
            }
        };
        rest = after;
        copy(&mut out, (distance, own), length).ok_or(BROKEN)?;
    }
    Ok(out)
}

/// Repeats what came so far before; what is copied may reach into the copy itself.
pub fn copy(out: &mut Vec<u8>, (distance, count): (usize, usize), most: usize) -> Option<()> {
    let start = out.len().checked_sub(distance).filter(|_| distance > 0)?;
    if out.len() + count > most {
        return None;
    }
    if distance >= count {
        out.extend_from_within(start..start + count);
        return Some(());
    }
    for at in start..start + count {
        let byte = *out.get(at)?;
        out.push(byte);
    }
    Some(())
}

/// A number of so many bytes, the smallest first.
fn little(bytes: &[u8], count: usize) -> Option<(usize, &[u8])> {
    let (own, rest) = bytes.split_at_checked(count)?;
    let number = own.iter().rev().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    Some((usize::try_from(number).ok()?, rest))
}

fn said_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_u64;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(number).ok()?, bytes.get(place + 1..)?));
        }
    }
    None
}

//! Numbers as the differences between them, in blocks; and texts by their lengths, or by what they share with the text before.

use crate::bits::{packed, varint};
use crate::fault::Fault;

const BROKEN: Fault = Fault::Broken("its differences end too early");

fn zigzag(bytes: &mut &[u8]) -> Option<i64> {
    let number = varint(bytes)?;
    Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

/// Numbers from their differences, at most so many; what follows them is left.
pub fn numbers(bytes: &mut &[u8], most: usize) -> Result<Vec<i64>, Fault> {
    let mut size = || varint(bytes).and_then(|number| usize::try_from(number).ok()).ok_or(BROKEN);
    let (block, parts, count) = (size()?, size()?, size()?);
    // No parts have no numbers, which is refused.
    let each = block.checked_div(parts).unwrap_or(0);
    if each == 0 || block > 1 << 20 || count > most {
        return Err(Fault::Broken("its differences are in blocks of no known size"));
    }
    let mut number = zigzag(bytes).ok_or(BROKEN)?;
    let mut numbers = Vec::new();
    numbers.extend((count > 0).then_some(number));
    while numbers.len() < count {
        let least = zigzag(bytes).ok_or(BROKEN)?;
        let (widths, mut rest) = bytes.split_at_checked(parts).ok_or(BROKEN)?;
        for width in widths {
            let left = count - numbers.len();
            if left == 0 {
                break;
            }
            let width = u32::from(*width);
            if width > 64 {
                return Err(BROKEN);
            }
            let length = (each * width as usize).div_ceil(8);
            let (own, after) = rest.split_at_checked(length).ok_or(BROKEN)?;
            rest = after;
            for step in packed(own, width, each.min(left)) {
                let step = step.ok_or(BROKEN)?.cast_signed();
                number = number.wrapping_add(least).wrapping_add(step);
                numbers.push(number);
            }
        }
        *bytes = rest;
    }
    Ok(numbers)
}

/// Texts from their lengths, which stand before them.
pub fn texts<'a>(bytes: &mut &'a [u8], most: usize) -> Result<Vec<&'a [u8]>, Fault> {
    let lengths = numbers(bytes, most)?;
    let mut texts = Vec::new();
    for length in lengths {
        let length = usize::try_from(length).map_err(|_| BROKEN)?;
        let (own, rest) = bytes.split_at_checked(length).ok_or(BROKEN)?;
        texts.push(own);
        *bytes = rest;
    }
    Ok(texts)
}

/// Texts that begin as the one before does, for so many bytes; each is handed over in turn.
pub fn shared(mut bytes: &[u8], (count, longest): (usize, usize), mut each: impl FnMut(&[u8])) -> Result<(), Fault> {
    let shared = numbers(&mut bytes, count)?;
    let ends = texts(&mut bytes, count)?;
    if shared.len() != count || ends.len() != count {
        return Err(BROKEN);
    }
    let (mut text, mut all): (Vec<u8>, usize) = (Vec::new(), 0);
    for (kept, end) in shared.into_iter().zip(ends) {
        let kept = usize::try_from(kept).ok().filter(|kept| *kept <= text.len()).ok_or(BROKEN)?;
        text.truncate(kept);
        text.extend_from_slice(end);
        all += text.len();
        if all > longest {
            return Err(Fault::Broken("its texts are too long together"));
        }
        each(&text);
    }
    Ok(())
}

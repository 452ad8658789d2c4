//! Strings: plain ones where they stand, those with escapes or other characters than ASCII in a buffer; characters of UTF-8.

use super::body::{BYTE, Body, WORD, Written, is, within};
use super::frame::{BUFFER, CHARACTER, FOREIGN, STRING, STRING_END};
use super::routines::Routine;
use crate::emit::assembler::{Bin, EmitError, Node, int};

/// What stands after a backslash, and what it means.
const ESCAPED: &[u8; 8] = b"\"\\bfnrt/";
const PLAIN: &[u8; 8] = b"\"\\\x08\x0c\n\r\t/";
/// How many of them have to be escaped.
const MUST: i64 = 7;

/// See [`Routine::String`].
pub(super) fn string(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let after = b.of(Routine::Past, &[&at, &int(i64::from(b'"'))]);
    b.set(&at, &after);
    b.set(&STRING, &at);
    b.repeat(|b, out, _| {
        let c = b.byte(&at, 0);
        b.code.leave_when(out, &is(&c, b'"'));
        let plain = within(&c, 32, 127).both(&c.ne(&int(i64::from(b'\\'))));
        b.when(&plain.not(), |b| {
            let after = b.of(Routine::Unescape, &[&STRING]);
            b.code.finish(&after);
            Ok(())
        })?;
        b.advance(&at, 1);
        Ok(())
    })?;
    b.set(&STRING_END, &at);
    b.code.push(&at.add(&int(1)));
    Ok(())
}

/// See [`Routine::Unescape`]. What is no Unicode leaves no string.
pub(super) fn unescape(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let (to, valid) = (b.local(&BUFFER), b.local(&int(1)));
    b.repeat(|b, out, top| {
        let c = b.byte(&at, 0);
        b.code.leave_when(out, &is(&c, b'"'));
        b.block(|b, wrong| {
            b.code.leave_when(wrong, &c.bin(Bin::LtS, &int(32)));
            b.advance(&at, 1);
            b.set(&FOREIGN, &FOREIGN.either(&c.bin(Bin::ShrU, &int(7))));
            b.when(&is(&c, b'\\'), |b| {
                b.set(&c, &at.load(BYTE, 0));
                b.advance(&at, 1);
                b.when(&is(&c, b'u'), |b| {
                    let point = b.call(Routine::Hex, &[&at]);
                    b.code.leave_when(wrong, &point.bin(Bin::LtS, &int(0)));
                    b.advance(&at, 4);
                    pair(b, &point, &at, &valid)?;
                    let after = b.of(Routine::Encode, &[&point, &to]);
                    b.set(&to, &after);
                    b.code.leave(top);
                    Ok(())
                })?;
                let mapped = mapped(b, &c, (ESCAPED, PLAIN), 8)?;
                b.set(&c, &mapped);
                b.code.leave_when(wrong, &c.not());
                Ok(())
            })?;
            b.code.store(&to, 0, &c, BYTE);
            b.advance(&to, 1);
            b.code.leave(top);
            Ok(())
        })?;
        b.set(&STRING, &int(0));
        let end = b.of(Routine::Bad, &[]);
        b.code.finish(&end);
        Ok(())
    })?;
    b.code.store(&to, 0, &int(i64::from(b'"')), BYTE);
    b.set(&STRING, &BUFFER.when(&valid, &int(0)));
    b.set(&STRING_END, &to);
    b.code.push(&at.add(&int(1)));
    Ok(())
}

/// A code point above 16 bits is written as two.
fn pair(b: &mut Body<'_, '_>, point: &Node, at: &Node, valid: &Node) -> Written {
    b.when(&point.bin(Bin::ShrU, &int(11)).eq(&int(0xD800 >> 11)), |b| {
        let low = b.local(&int(0));
        let follows = point.bin(Bin::LtS, &int(0xDC00)).both(&is(&at.load(BYTE, 0), b'\\'));
        b.when(&follows.both(&is(&at.load(BYTE, 1), b'u')), |b| {
            let hex = b.of(Routine::Hex, &[&at.add(&int(2))]);
            b.set(&low, &hex);
            Ok(())
        })?;
        let is_pair = b.local(&within(&low, 0xDC00, 0xDFFF));
        b.set(valid, &valid.both(&is_pair));
        b.when(&is_pair, |b| {
            b.set(point, &point.shl(10).add(&low).sub(&int((0xD800 << 10) + 0xDC00 - 0x10000)));
            b.advance(at, 6);
            Ok(())
        })
    })
}

/// What stands for a character in the other of two lists, or 0.
pub(super) fn mapped(
    b: &mut Body<'_, '_>,
    c: &Node,
    (from, to): (&[u8; 8], &[u8; 8]),
    count: i64,
) -> Result<Node, EmitError> {
    let [from, to] = [b.context.constant(from)?, b.context.constant(to)?];
    Ok(b.of(Routine::Mapped, &[c, &int(i64::from(from)), &int(i64::from(to)), &int(count)]))
}

/// What stands after a backslash for a character that must have one, or 0.
pub(super) fn escape(b: &mut Body<'_, '_>, c: &Node) -> Result<Node, EmitError> {
    mapped(b, c, (PLAIN, ESCAPED), MUST)
}

/// See [`Routine::Mapped`].
pub(super) fn map(b: &mut Body<'_, '_>) -> Written {
    let [c, from, to, count] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &count.not());
        b.advance(&count, -1);
        b.finish_when(&from.add(&count).load(BYTE, 0).eq(&c), &to.add(&count).load(BYTE, 0));
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Hex`].
pub(super) fn hex(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let (value, end) = (b.local(&int(0)), b.local(&at.add(&int(4))));
    b.repeat(|b, out, _| {
        let c = b.byte(&at, 0);
        let digit = b.local(&c.sub(&int(48)));
        b.when(&digit.bin(Bin::LeU, &int(9)).not(), |b| {
            b.set(&digit, &c.bin(Bin::Or, &int(32)).sub(&int(87)));
            b.finish_when(&within(&digit, 10, 15).not(), &int(-1));
            Ok(())
        })?;
        b.set(&value, &value.shl(4).add(&digit));
        b.advance(&at, 1);
        b.code.leave_when(out, &at.eq(&end));
        Ok(())
    })?;
    b.code.push(&value);
    Ok(())
}

/// See [`Routine::Encode`].
pub(super) fn encode(b: &mut Body<'_, '_>) -> Written {
    let [point, to] = b.parameters();
    b.code.store(&to, 0, &point, BYTE);
    b.advance(&to, 1);
    b.finish_when(&point.bin(Bin::LtS, &int(0x80)), &to);
    // How many bytes follow the first.
    let more = b.local(&int(1).add(&point.bin(Bin::GeS, &int(0x800))).add(&point.bin(Bin::GeS, &int(0x10000))));
    let bits = |more: &Node| point.bin(Bin::ShrU, &more.bin(Bin::Mul, &int(6)));
    let first = int(0xF80).bin(Bin::ShrU, &more).bin(Bin::Or, &bits(&more));
    b.code.store(&to.sub(&int(1)), 0, &first, BYTE);
    b.repeat(|b, out, _| {
        b.advance(&more, -1);
        b.code.store(&to, 0, &bits(&more).bin(Bin::And, &int(63)).bin(Bin::Or, &int(0x80)), BYTE);
        b.advance(&to, 1);
        b.code.leave_when(out, &more.not());
        Ok(())
    })?;
    b.code.push(&to);
    Ok(())
}

/// See [`Routine::Character`].
pub(super) fn character(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let point = b.byte(&at, 0);
    b.advance(&at, 1);
    b.when(&point.bin(Bin::GtS, &int(127)), |b| {
        b.finish_when(&within(&point, 0xC2, 0xF4).not(), &int(0));
        // As many bytes as the first has ones at its beginning.
        let bytes = b.local(&point.bin(Bin::Xor, &int(255)).shl(24).clz());
        b.set(&point, &point.bin(Bin::And, &int(127).bin(Bin::ShrU, &bytes)));
        let left = b.local(&bytes);
        b.repeat(|b, out, _| {
            b.advance(&left, -1);
            b.code.leave_when(out, &left.not());
            let next = b.local(&at.load(BYTE, 0).bin(Bin::Xor, &int(128)));
            b.finish_when(&next.bin(Bin::LeU, &int(63)).not(), &int(0));
            b.set(&point, &point.shl(6).bin(Bin::Or, &next));
            b.advance(&at, 1);
            Ok(())
        })?;
        let shorter = point.bin(Bin::ShrU, &bytes.bin(Bin::Mul, &int(5)).sub(&int(4))).not();
        let half = point.bin(Bin::ShrU, &int(11)).eq(&int(0xD800 >> 11));
        b.finish_when(&shorter.either(&half).either(&point.bin(Bin::GtS, &int(0x10_FFFF))), &int(0));
        Ok(())
    })?;
    b.set(&CHARACTER, &point);
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Characters`]: the ranges are in order, each its first character and how many more, and one beyond any ends them.
pub(super) fn characters(b: &mut Body<'_, '_>) -> Written {
    let [at, end, ranges] = b.parameters();
    let count = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let after = b.of(Routine::Character, &[&at]);
        b.set(&at, &after);
        b.finish_when(&at.not(), &int(-1));
        let range = b.local(&ranges);
        b.repeat(|b, out, _| {
            let apart = b.local(&CHARACTER.sub(&range.load(WORD, 0)));
            b.code.leave_when(out, &apart.bin(Bin::LtS, &int(0)));
            b.finish_when(&apart.bin(Bin::LeS, &range.load(WORD, 4)), &int(-1));
            b.advance(&range, 8);
            Ok(())
        })?;
        b.advance(&count, 1);
        Ok(())
    })?;
    b.code.push(&count);
    Ok(())
}

/// Ranges of characters, for [`Routine::Characters`].
pub(super) fn ranges(b: &mut Body<'_, '_>, of: &[(u32, u32)]) -> Result<Node, EmitError> {
    let pairs = of.iter().map(|(first, last)| [*first, last - first]).chain([[0x20_0000, 0]]);
    let address = super::literals::list(b.context, &pairs.flatten().collect::<Vec<_>>())?;
    Ok(int(i64::from(address)))
}

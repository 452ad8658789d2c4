//! Codes: as numbers where they pack, else by their place in a list, of the package or of the case.
//!
//! Which number one has is found in [`super::listed`].

use concord_engine::values::codes::{MOST_CHARACTERS, OF_CASE, OF_PACKAGE, STEP};

use super::body::{BYTE, Body, WORD, Written, is, within};
use super::frame::{BASE, CODES, CODES_END, CODES_ROOT, CODES_START, DIGITS_END, VALUE};
use super::listed::{LENGTH, NUMBER, TEXT};
use super::routines::Routine;
use super::strings::ranges;
use super::told::WRONG_KIND;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// The most digits, and characters, that pack.
const MOST_DIGITS: i64 = 18;
const MOST_PACKED: i64 = 11;

/// What cannot be seen in a code: see `concord_engine::values::visible`.
const UNSEEN: [(u32, u32); 14] = [
    (0, 0x1F),
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x1680, 0x1680),
    (0x180B, 0x180E),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x3000, 0x3000),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE_0000, 0xE_0FFF),
];

/// See [`Routine::Code`].
pub(super) fn code(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let length = b.local(&end.sub(&at));
    let place = b.local(&at);
    let (digits, packs) = (b.local(&int(1)), b.local(&int(1)));
    let (number, packed) = (b.local(&long(0)), b.local(&long(0)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&end));
        let c = b.byte(&place, 0);
        b.set(&number, &number.bin(Bin::Mul, &long(10)).add(&c.sub(&int(48)).to(Ty::I64)));
        let digit = b.local(&within(&c, 48, 57));
        b.set(&digits, &digits.both(&digit));
        let capital = b.local(&c.bin(Bin::And, &int(0xDF)));
        let mut stands = int(0);
        for (sign, place) in [(b'_', 39), (b'-', 38), (b'.', 37)] {
            stands = int(place).when(&is(&c, sign), &stands);
        }
        stands = capital.sub(&int(i64::from(b'A') - 11)).when(&within(&capital, 65, 90), &stands);
        stands = c.sub(&int(47)).when(&digit, &stands);
        let stands = b.local(&stands);
        b.set(&packs, &packs.both(&stands.ne(&int(0))));
        b.set(&packed, &packed.bin(Bin::Mul, &long(40)).sub(&stands.to(Ty::I64)));
        b.advance(&place, 1);
        Ok(())
    })?;
    let plain = length.eq(&int(1)).either(&is(&at.load(BYTE, 0), b'0').not()).both(&digits);
    b.set(&VALUE, &number);
    b.finish_when(&plain.both(&within(&length, 1, MOST_DIGITS)), &int(0));
    b.set(&VALUE, &packed);
    b.finish_when(&packs.both(&within(&length, 1, MOST_PACKED)), &int(0));
    let fault = b.of(Routine::ListedCode, &[&at, &end]);
    b.code.push(&fault);
    Ok(())
}

/// See [`Routine::ListedCode`]: one that does not pack, in capitals at the end of the list of the case.
pub(super) fn listed_code(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let unseen = ranges(b, &UNSEEN)?;
    let count = b.of(Routine::Characters, &[&at, &end, &unseen]);
    let fits = b.local(&count.sub(&int(1)).bin(Bin::LeU, &int(MOST_CHARACTERS as i64 - 1)));
    let blank = is(&at.load(BYTE, 0), b' ').either(&is(&end.sub(&int(1)).load(BYTE, 0), b' '));
    b.finish_when(&fits.not().either(&blank), &int(WRONG_KIND));
    let last = b.local(&CODES_END);
    b.code.store(&last, 0, &long(0), SLOT);
    b.code.store(&last, LENGTH, &end.sub(&at), WORD);
    let to = b.local(&last.add(&int(i64::from(TEXT))));
    b.repeat(|b, out, _| {
        let c = b.byte(&at, 0);
        b.code.store(&to, 0, &c.sub(&within(&c, 97, 122).shl(5)), BYTE);
        b.advance(&at, 1);
        b.advance(&to, 1);
        b.code.leave_when(out, &at.eq(&end));
        Ok(())
    })?;
    let listed = b.tables.listed;
    if listed != 0 {
        let link = b.context.constant(&listed.to_le_bytes())?;
        let found = b.of(Routine::FindCode, &[&int(i64::from(link)), &last]);
        let found = b.local(&found.load(WORD, 0));
        b.when(&found, |b| {
            b.set(&VALUE, &found.load(SLOT, NUMBER));
            b.code.finish(&int(0));
            Ok(())
        })?;
    }
    let link = b.call(Routine::FindCode, &[&BASE.add(&int(i64::from(CODES_ROOT))), &last]);
    b.when(&link.load(WORD, 0).not(), |b| {
        b.code.store(&link, 0, &last, WORD);
        b.code.store(&last, NUMBER, &long(OF_CASE).sub(&CODES.to(Ty::I64)), SLOT);
        b.set(&CODES, &CODES.add(&int(STEP)));
        b.set(&CODES_END, &to);
        Ok(())
    })?;
    b.set(&VALUE, &link.load(WORD, 0).load(SLOT, NUMBER));
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::FindCode`].
pub(super) fn find_code(b: &mut Body<'_, '_>) -> Written {
    let [link, code] = b.parameters();
    let (length, bit) = (b.local(&code.load(WORD, LENGTH)), b.local(&int(0)));
    b.repeat(|b, _, _| {
        let node = b.local(&link.load(WORD, 0));
        b.finish_when(&node.not(), &link);
        b.when(&node.load(WORD, LENGTH).eq(&length), |b| {
            let [one, other] = [&node, &code].map(|of| of.add(&int(i64::from(TEXT))));
            let same = b.of(Routine::Same, &[&one, &other, &length]);
            b.finish_when(&same, &link);
            Ok(())
        })?;
        let byte = b.local(&bit.bin(Bin::ShrU, &int(3)));
        // After its end come zeros.
        let inside = byte.bin(Bin::LtS, &length);
        let bits = code.add(&byte).load(BYTE, TEXT).bin(Bin::ShrU, &bit.bin(Bin::And, &int(7)));
        let side = b.local(&bits.bin(Bin::And, &inside));
        b.set(&link, &node.add(&side.shl(2)));
        b.advance(&bit, 1);
        Ok(())
    })?;
    b.code.push(&link);
    Ok(())
}

/// See [`Routine::PutCode`].
pub(super) fn put_code(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    b.when(&value.bin(Bin::GeS, &long(0)), |b| {
        b.run(Routine::PutWhole, &[&value, &int(1)]);
        b.code.stop();
        Ok(())
    })?;
    b.when(&value.bin(Bin::GtS, &long(OF_PACKAGE)), |b| unpack(b, &value))?;
    let is_of_package = b.local(&value.bin(Bin::GtS, &long(OF_CASE)));
    let code = b.local(&int(i64::from(b.tables.listed)).when(&is_of_package, &CODES_START));
    let end = b.local(&int(i64::from(b.tables.listed_end)).when(&is_of_package, &CODES_END));
    b.repeat(|b, none, _| {
        b.code.leave_when(none, &code.eq(&end));
        let (text, length) = (b.local(&code.add(&int(i64::from(TEXT)))), b.local(&code.load(WORD, LENGTH)));
        b.when(&code.load(SLOT, NUMBER).eq(&value), |b| {
            b.run(Routine::PutName, &[&text, &text.add(&length), &int(0)]);
            b.code.stop();
            Ok(())
        })?;
        b.set(&code, &text.add(&length));
        Ok(())
    })?;
    // One that a host has set, and that nobody lists.
    b.put("code ")?;
    let first = long(OF_PACKAGE).when(&is_of_package, &long(OF_CASE));
    b.run(Routine::PutWhole, &[&first.sub(&value).bin(Bin::DivS, &long(STEP)).add(&long(1)), &int(1)]);
    let (package, case) = (b.literal(" of the package")?, b.literal(" of the case")?);
    b.run(Routine::Put, &[&package.when(&is_of_package, &case)]);
    Ok(())
}

/// Writes a packed code and leaves: its characters are found from the last to the first.
fn unpack(b: &mut Body<'_, '_>, value: &Node) -> Written {
    let alphabet = b.context.constant(b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_")?;
    let end = b.local(&BASE.add(&int(i64::from(DIGITS_END))));
    let at = b.local(&end);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &value.eq(&long(0)));
        let rest = b.local(&value.bin(Bin::DivS, &long(40)));
        let place = rest.bin(Bin::Mul, &long(40)).sub(value).to(Ty::I32);
        b.advance(&at, -1);
        b.code.store(&at, 0, &place.load(BYTE, alphabet), BYTE);
        b.set(value, &rest);
        Ok(())
    })?;
    b.run(Routine::PutBytes, &[&at, &end.sub(&at)]);
    b.code.stop();
    Ok(())
}

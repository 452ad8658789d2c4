//! Labels: they take no part in the logic, so that they are only looked through.

use super::body::{BYTE, Body, WORD, Written, is};
use super::frame::{STRING, STRING_END};
use super::routines::Routine;
use super::scan::four;
use super::strings::ranges;
use super::told::{NO_LABEL, WRONG_KIND};
use crate::emit::assembler::{Bin, int};

/// The most characters of a label.
const MOST: i64 = 1_000;

/// The characters that act on what shows them: controls, and those that turn the direction of a text.
const ACTING: [(u32, u32); 6] =
    [(0, 0x1F), (0x7F, 0x9F), (0x61C, 0x61C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069)];

/// See [`Routine::Label`].
pub(super) fn label(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.set(&STRING, &int(0));
    let after = b.call(Routine::Skip, &[&at]);
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &after);
    let (code, expected) = (b.local(&int(WRONG_KIND)), b.literal("a string")?);
    let expected = b.local(&expected);
    b.when(&is(&at.load(BYTE, 0), b'"').both(&STRING.ne(&int(0))), |b| {
        let acting = ranges(b, &ACTING)?;
        let count = b.of(Routine::Characters, &[&STRING, &STRING_END, &acting]);
        b.finish_when(&count.sub(&int(1)).bin(Bin::LeU, &int(MOST - 1)), &after);
        b.set(&code, &int(NO_LABEL));
        b.set(&expected, &int(0));
        Ok(())
    })?;
    b.run(Routine::Fault, &[&code, &at, &key, &expected]);
    b.code.push(&after);
    Ok(())
}

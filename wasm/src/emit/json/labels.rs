//! Labels: they take no part in the logic, so that they are only looked through.

use super::body::{BYTE, Body, WORD, Written, is, within};
use super::frame::{STRING, STRING_END};
use super::routines::Routine;
use super::scan::four;
use crate::emit::assembler::{Bin, int};

/// The most characters of a label.
const MOST: i64 = 1_000;
/// Codes of faults.
const WRONG_KIND: i64 = 7;
const NO_LABEL: i64 = 17;

/// See [`Routine::Label`].
pub(super) fn label(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &at.add(&int(4)));
    let expected = b.literal("a string")?;
    let is_string = is(&at.load(BYTE, 0), b'"');
    let after = b.local(&int(0));
    b.either(
        &is_string,
        |b| {
            let end = b.call(Routine::String, &[&at.add(&int(1))]);
            b.set(&after, &end);
            Ok(())
        },
        |b| {
            let end = b.call(Routine::Skip, &[&at]);
            b.set(&after, &end);
            Ok(())
        },
    )?;
    b.go_on(&after);
    let told = b.local(&after);
    b.either(
        &is_string.both(&STRING.ne(&int(0))),
        |b| {
            let fits = b.call(Routine::IsLabel, &[&STRING, &STRING_END]);
            b.when(&fits.not(), |b| {
                let fault = b.call(Routine::Fault, &[&int(NO_LABEL), &at, &key, &int(0), &int(0), &after]);
                b.set(&told, &fault);
                Ok(())
            })
        },
        |b| {
            let fault = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &key, &int(0), &expected, &after]);
            b.set(&told, &fault);
            Ok(())
        },
    )?;
    b.code.push(&told);
    Ok(())
}

/// See [`Routine::IsLabel`]: 1 to [`MOST`] characters, none of which acts on what shows it.
pub(super) fn is_label(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let count = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let c = b.byte(&at, 0);
        b.set(&count, &count.add(&c.bin(Bin::And, &int(0xC0)).ne(&int(0x80))));
        b.go_on(&c.bin(Bin::GeS, &int(32)).both(&c.ne(&int(127))));
        b.when(&c.bin(Bin::GeS, &int(0xC2)), |b| {
            let (second, third) = (b.byte(&at, 1), b.byte(&at, 2));
            let control = c.eq(&int(0xC2)).both(&second.bin(Bin::LtS, &int(0xA0)));
            let arabic = c.eq(&int(0xD8)).both(&second.eq(&int(0x9C)));
            let marks = within(&third, 0x8E, 0x8F).either(&within(&third, 0xAA, 0xAE)).both(&second.eq(&int(0x80)));
            let isolates = within(&third, 0xA6, 0xA9).both(&second.eq(&int(0x81)));
            let turns = c.eq(&int(0xE2)).both(&marks.either(&isolates));
            b.go_on(&control.either(&arabic).either(&turns).not());
            Ok(())
        })?;
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&within(&count, 1, MOST));
    Ok(())
}

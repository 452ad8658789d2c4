//! The grammar of JSON: white space, what must stand somewhere, numbers, values of any kind.
//!
//! Nothing gives up. What is not as the grammar wants it is marked, and reading goes on at the end of the text, where zeros stand that fit
//! nothing; so every loop ends, and only who reads the whole text asks whether something was marked.

use super::body::{BYTE, Body, WORD, Written, is};
use super::frame::{BAD, END, OPEN};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, int};

/// Four characters, as one integer.
pub(super) const fn four(text: &[u8; 4]) -> i64 {
    i32::from_le_bytes(*text) as i64
}

/// See [`Routine::White`].
pub(super) fn white(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, _, top| {
        let c = b.byte(&at, 0);
        b.finish_when(&c.bin(Bin::GtS, &int(32)), &at);
        let blank = is(&c, b' ').either(&is(&c, b'\n')).either(&is(&c, b'\r')).either(&is(&c, b'\t'));
        b.finish_when(&blank.not(), &at);
        b.advance(&at, 1);
        b.code.leave(top);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Bad`].
pub(super) fn bad(b: &mut Body<'_, '_>) -> Written {
    b.set(&BAD, &int(1));
    b.code.push(&END);
    Ok(())
}

/// See [`Routine::Past`].
pub(super) fn past(b: &mut Body<'_, '_>) -> Written {
    let [at, character] = b.parameters();
    b.finish_when(&at.load(BYTE, 0).eq(&character), &at.add(&int(1)));
    let end = b.of(Routine::Bad, &[]);
    b.code.push(&end);
    Ok(())
}

/// See [`Routine::Key`].
pub(super) fn key(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let after = b.of(Routine::String, &[&at]);
    let after = colon(b, &after);
    b.code.push(&after);
    Ok(())
}

/// Past a colon, with white space before and after it.
pub(super) fn colon(b: &mut Body<'_, '_>, at: &Node) -> Node {
    let after = b.of(Routine::White, &[at]);
    let after = b.of(Routine::Past, &[&after, &int(i64::from(b':'))]);
    b.of(Routine::White, &[&after])
}

/// See [`Routine::Digits`].
pub(super) fn digits(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.load(BYTE, 0).sub(&int(48)).bin(Bin::LeU, &int(9)).not());
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::NumberEnd`].
pub(super) fn number_end(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.set(&at, &at.add(&is(&at.load(BYTE, 0), b'-')));
    let start = b.local(&at);
    let whole = b.of(Routine::Digits, &[&at]);
    b.set(&at, &whole);
    let leading = is(&start.load(BYTE, 0), b'0').both(&at.sub(&start).bin(Bin::GtS, &int(1)));
    let wrong = b.local(&at.eq(&start).either(&leading));
    let part = |b: &mut Body<'_, '_>| {
        b.set(&start, &at);
        let after = b.of(Routine::Digits, &[&at]);
        b.set(&at, &after);
        b.set(&wrong, &wrong.either(&at.eq(&start)));
    };
    b.when(&is(&at.load(BYTE, 0), b'.'), |b| {
        b.advance(&at, 1);
        part(b);
        Ok(())
    })?;
    b.when(&is(&at.load(BYTE, 0).bin(Bin::Or, &int(32)), b'e'), |b| {
        b.advance(&at, 1);
        let c = b.byte(&at, 0);
        b.set(&at, &at.add(&is(&c, b'+').either(&is(&c, b'-'))));
        part(b);
        Ok(())
    })?;
    b.when(&wrong, |b| {
        let end = b.of(Routine::Bad, &[]);
        b.set(&at, &end);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Skip`]: however deep it is nested, what is open stands in a room of its own, a byte each.
pub(super) fn skip(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let open = b.local(&OPEN);
    b.repeat(|b, _, value| {
        let c = b.byte(&at, 0);
        b.block(|b, done| {
            b.when(&is(&c.bin(Bin::Or, &int(32)), b'{'), |b| {
                let after = b.of(Routine::White, &[&at.add(&int(1))]);
                b.set(&at, &after);
                b.when(&at.load(BYTE, 0).eq(&c.add(&int(2))), |b| {
                    b.advance(&at, 1);
                    b.code.leave(done);
                    Ok(())
                })?;
                b.code.store(&open, 0, &c, BYTE);
                b.advance(&open, 1);
                key_of(b, &at, &c)?;
                b.code.leave(value);
                Ok(())
            })?;
            let after = b.of(Routine::SkipPlain, &[&at]);
            b.set(&at, &after);
            Ok(())
        })?;
        b.repeat(|b, _, _| {
            b.finish_when(&open.eq(&OPEN), &at);
            b.white(&at);
            let bracket = b.local(&open.sub(&int(1)).load(BYTE, 0));
            b.set(&c, &at.load(BYTE, 0));
            b.advance(&at, 1);
            b.when(&is(&c, b','), |b| {
                b.white(&at);
                key_of(b, &at, &bracket)?;
                b.code.leave(value);
                Ok(())
            })?;
            b.when(&c.ne(&bracket.add(&int(2))), |b| {
                let end = b.of(Routine::Bad, &[]);
                b.code.finish(&end);
                Ok(())
            })?;
            b.advance(&open, -1);
            Ok(())
        })
    })?;
    b.code.push(&at);
    Ok(())
}

/// Past a key, inside an object.
fn key_of(b: &mut Body<'_, '_>, at: &Node, bracket: &Node) -> Written {
    b.when(&is(bracket, b'{'), |b| {
        let after = b.of(Routine::Key, &[at]);
        b.set(at, &after);
        Ok(())
    })
}

/// See [`Routine::SkipPlain`].
pub(super) fn skip_plain(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.when(&is(&at.load(BYTE, 0), b'"'), |b| {
        let after = b.of(Routine::String, &[&at]);
        b.code.finish(&after);
        Ok(())
    })?;
    let word = b.local(&at.load(WORD, 0));
    let no = b.local(&word.eq(&int(four(b"fals"))).both(&is(&at.load(BYTE, 4), b'e')));
    let known = word.eq(&int(four(b"true"))).either(&word.eq(&int(four(b"null")))).either(&no);
    b.finish_when(&known, &at.add(&no).add(&int(4)));
    let after = b.of(Routine::NumberEnd, &[&at]);
    b.code.push(&after);
    Ok(())
}

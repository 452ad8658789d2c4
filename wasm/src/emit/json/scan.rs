//! The grammar of JSON: white space, strings, numbers, values of any kind, and whether a whole text is one.

use super::body::{Body, Written, is, within};
use super::frame::{BUFFER, END, STRING, STRING_END, TRUSTED};
use super::routines::Routine;
use crate::emit::assembler::{Bin, EmitError, Node, int};

use super::body::{BYTE, WORD};

/// Four characters, as one integer.
pub(super) const fn four(text: &[u8; 4]) -> i64 {
    i32::from_le_bytes(*text) as i64
}

/// See [`Routine::White`].
pub(super) fn white(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, out, _| {
        let c = b.byte(&at, 0);
        let blank = is(&c, b' ').either(&is(&c, b'\n')).either(&is(&c, b'\r')).either(&is(&c, b'\t'));
        b.code.leave_when(out, &blank.not());
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Digits`].
pub(super) fn digits(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &within(&at.load(BYTE, 0), 48, 57).not());
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::String`]. What is not plain is left to the second reading.
pub(super) fn string(b: &mut Body<'_, '_>) -> Written {
    let [start] = b.parameters();
    let at = b.local(&start);
    b.repeat(|b, out, _| {
        let c = b.byte(&at, 0);
        b.code.leave_when(out, &is(&c, b'"'));
        let plain = within(&c, 32, 127).both(&c.ne(&int(i64::from(b'\\'))));
        b.when(&plain.not(), |b| {
            b.go_on(&TRUSTED);
            let after = b.call(Routine::Unescape, &[&start]);
            b.code.finish(&after);
            Ok(())
        })?;
        b.advance(&at, 1);
        Ok(())
    })?;
    b.set(&STRING, &start);
    b.set(&STRING_END, &at);
    b.code.push(&at.add(&int(1)));
    Ok(())
}

/// See [`Routine::Unescape`]. The grammar was checked; what is no Unicode leaves no string.
pub(super) fn unescape(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let to = b.local(&BUFFER);
    let valid = b.local(&int(1));
    b.repeat(|b, out, top| {
        let c = b.byte(&at, 0);
        b.code.leave_when(out, &is(&c, b'"'));
        b.when(&is(&c, b'\\').not(), |b| {
            b.code.store(&to, 0, &c, BYTE);
            b.advance(&to, 1);
            b.advance(&at, 1);
            b.code.leave(top);
            Ok(())
        })?;
        let escaped = b.byte(&at, 1);
        b.advance(&at, 2);
        b.when(&is(&escaped, b'u').not(), |b| {
            let mut plain = escaped.clone();
            for (letter, means) in [(b'b', 8), (b'f', 12), (b'n', 10), (b'r', 13), (b't', 9)] {
                plain = int(means).when(&is(&escaped, letter), &plain);
            }
            b.code.store(&to, 0, &plain, BYTE);
            b.advance(&to, 1);
            b.code.leave(top);
            Ok(())
        })?;
        let point = b.call(Routine::Hex, &[&at]);
        b.advance(&at, 4);
        pair(b, &point, &at, &valid)?;
        let after = b.call(Routine::Encode, &[&point, &to]);
        b.set(&to, &after);
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
    b.when(&within(point, 0xD800, 0xDFFF), |b| {
        let low = b.local(&int(0));
        let follows =
            point.bin(Bin::LtS, &int(0xDC00)).both(&is(&at.load(BYTE, 0), b'\\')).both(&is(&at.load(BYTE, 1), b'u'));
        b.when(&follows, |b| {
            let hex = b.call(Routine::Hex, &[&at.add(&int(2))]);
            b.set(&low, &hex);
            Ok(())
        })?;
        b.either(
            &within(&low, 0xDC00, 0xDFFF),
            |b| {
                b.set(point, &point.sub(&int(0xD800)).shl(10).add(&low.sub(&int(0xDC00))).add(&int(0x10000)));
                b.advance(at, 6);
                Ok(())
            },
            |b| {
                b.set(valid, &int(0));
                Ok(())
            },
        )
    })
}

/// See [`Routine::Hex`].
pub(super) fn hex(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let mut value = int(0);
    for offset in 0..4 {
        let c = b.byte(&at, offset);
        let digit = c.sub(&int(48)).when(&c.bin(Bin::LeU, &int(57)), &c.bin(Bin::Or, &int(32)).sub(&int(87)));
        value = b.local(&value.shl(4).add(&digit));
    }
    b.code.push(&value);
    Ok(())
}

/// See [`Routine::Encode`].
pub(super) fn encode(b: &mut Body<'_, '_>) -> Written {
    let [point, to] = b.parameters();
    b.when(&point.bin(Bin::LtS, &int(0x80)), |b| {
        b.code.store(&to, 0, &point, BYTE);
        b.code.finish(&to.add(&int(1)));
        Ok(())
    })?;
    let part = |places: i64, mark: i64| {
        let bits = point.bin(Bin::ShrU, &int(places));
        (if mark == 0x80 { bits.bin(Bin::And, &int(63)) } else { bits }).bin(Bin::Or, &int(mark))
    };
    for (bytes, first) in [(2, 0xC0), (3, 0xE0), (4, 0xF0)] {
        let most = int(if bytes == 2 { 0x800 } else { 0x10000 });
        let fits = if bytes == 4 { int(1) } else { point.bin(Bin::LtS, &most) };
        b.when(&fits, |b| {
            for place in 0..bytes {
                let mark = if place == 0 { first } else { 0x80 };
                b.code.store(&to, place, &part(6 * i64::from(bytes - 1 - place), mark), BYTE);
            }
            b.code.finish(&to.add(&int(i64::from(bytes))));
            Ok(())
        })?;
    }
    b.code.push(&to);
    Ok(())
}

/// See [`Routine::SkipString`].
pub(super) fn skip_string(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, _, top| {
        let c = b.byte(&at, 0);
        b.advance(&at, 1);
        b.finish_when(&is(&c, b'"'), &at);
        let foreign = c.bin(Bin::LtS, &int(32)).either(&c.bin(Bin::GtS, &int(127)).both(&TRUSTED.not()));
        b.finish_when(&foreign, &int(0));
        b.code.leave_when(top, &is(&c, b'\\').not());
        let escaped = b.byte(&at, 0);
        b.advance(&at, 1);
        b.when(&is(&escaped, b'u'), |b| {
            for _ in 0..4 {
                let c = b.byte(&at, 0);
                let digit = within(&c, 48, 57).either(&within(&c.bin(Bin::Or, &int(32)), 97, 102));
                b.go_on(&digit);
                b.advance(&at, 1);
            }
            b.code.leave(top);
            Ok(())
        })?;
        let known = br#""\/bfnrt"#.iter().fold(int(0), |known, letter| known.either(&is(&escaped, *letter)));
        b.go_on(&known);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::SkipKey`].
pub(super) fn skip_key(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.past(&at, b'"');
    let after = b.call(Routine::SkipString, &[&at]);
    b.go_on(&after);
    b.white(&after)?;
    b.past(&after, b':');
    b.white(&after)?;
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::NumberEnd`].
pub(super) fn number_end(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let digits = |b: &mut Body<'_, '_>| {
        let after = b.call(Routine::Digits, &[&at]);
        b.finish_when(&after.eq(&at), &int(0));
        b.set(&at, &after);
        Ok(())
    };
    b.set(&at, &at.add(&is(&at.load(BYTE, 0), b'-')));
    let zero = is(&at.load(BYTE, 0), b'0');
    b.either(
        &zero,
        |b| {
            b.advance(&at, 1);
            Ok(())
        },
        digits,
    )?;
    b.when(&is(&at.load(BYTE, 0), b'.'), |b| {
        b.advance(&at, 1);
        digits(b)
    })?;
    b.when(&is(&at.load(BYTE, 0).bin(Bin::Or, &int(32)), b'e'), |b| {
        b.advance(&at, 1);
        let c = b.byte(&at, 0);
        b.set(&at, &at.add(&is(&c, b'+').either(&is(&c, b'-'))));
        digits(b)
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Skip`]: however deep it is nested, what is open stands in the buffer, a byte each.
pub(super) fn skip(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let open = b.local(&BUFFER);
    b.repeat(|b, _, value| {
        let c = b.byte(&at, 0);
        b.block(|b, done| {
            for bracket in [b'{', b'['] {
                b.when(&is(&c, bracket), |b| {
                    b.advance(&at, 1);
                    b.white(&at)?;
                    b.when(&is(&at.load(BYTE, 0), bracket + 2), |b| {
                        b.advance(&at, 1);
                        b.code.leave(done);
                        Ok(())
                    })?;
                    b.code.store(&open, 0, &c, BYTE);
                    b.advance(&open, 1);
                    if bracket == b'{' {
                        let after = b.call(Routine::SkipKey, &[&at]);
                        b.go_on(&after);
                        b.set(&at, &after);
                    }
                    b.code.leave(value);
                    Ok(())
                })?;
            }
            let after = skip_plain(b, &at, &c)?;
            b.go_on(&after);
            b.set(&at, &after);
            Ok(())
        })?;
        b.repeat(|b, _, _| {
            b.finish_when(&open.eq(&BUFFER), &at);
            b.white(&at)?;
            let (c, bracket) = (b.byte(&at, 0), b.local(&open.sub(&int(1)).load(BYTE, 0)));
            b.advance(&at, 1);
            b.when(&is(&c, b','), |b| {
                b.white(&at)?;
                b.when(&is(&bracket, b'{'), |b| {
                    let after = b.call(Routine::SkipKey, &[&at]);
                    b.go_on(&after);
                    b.set(&at, &after);
                    Ok(())
                })?;
                b.code.leave(value);
                Ok(())
            })?;
            b.go_on(&c.eq(&bracket.add(&int(2))));
            b.advance(&open, -1);
            Ok(())
        })
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// After a string, a number or a word, which begins with `c`; 0 where it is none.
fn skip_plain(b: &mut Body<'_, '_>, at: &Node, c: &Node) -> Result<Node, EmitError> {
    let after = b.local(&int(0));
    b.either(
        &is(c, b'"'),
        |b| {
            let end = b.call(Routine::SkipString, &[&at.add(&int(1))]);
            b.set(&after, &end);
            Ok(())
        },
        |b| {
            let word = b.local(&at.load(WORD, 0));
            let four_letters = word.eq(&int(four(b"true"))).either(&word.eq(&int(four(b"null"))));
            let five = word.eq(&int(four(b"fals"))).both(&is(&at.load(BYTE, 4), b'e'));
            b.set(&after, &at.add(&int(4)).when(&four_letters, &at.add(&int(5)).when(&five, &int(0))));
            b.when(&after.not(), |b| {
                let end = b.call(Routine::NumberEnd, &[at]);
                b.set(&after, &end);
                Ok(())
            })
        },
    )?;
    Ok(after)
}

/// See [`Routine::Utf8`]. After the text stand zeros, which no character goes on with.
pub(super) fn utf8(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    b.repeat(|b, out, top| {
        b.code.leave_when(out, &at.eq(&end));
        let first = b.byte(&at, 0);
        let second = b.byte(&at, 1);
        b.advance(&at, 1);
        b.code.leave_when(top, &first.bin(Bin::LtS, &int(0x80)));
        b.go_on(&within(&first, 0xC2, 0xF4));
        let mut least = int(0x80);
        let mut most = int(0xBF);
        for (byte, from, to) in [(0xE0, 0xA0, 0xBF), (0xED, 0x80, 0x9F), (0xF0, 0x90, 0xBF), (0xF4, 0x80, 0x8F)] {
            let special = first.eq(&int(byte));
            least = int(from).when(&special, &least);
            most = int(to).when(&special, &most);
        }
        let fits = second.bin(Bin::GeS, &least).both(&second.bin(Bin::LeS, &most));
        b.go_on(&fits);
        b.advance(&at, 1);
        for lead in [0xE0, 0xF0] {
            b.code.leave_when(top, &first.bin(Bin::LtS, &int(lead)));
            let next = b.byte(&at, 0);
            b.go_on(&within(&next, 0x80, 0xBF));
            b.advance(&at, 1);
        }
        Ok(())
    })?;
    b.code.push(&int(1));
    Ok(())
}

/// See [`Routine::Check`].
pub(super) fn check(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let encoded = b.call(Routine::Utf8, &[&at, &END]);
    b.finish_when(&encoded.not(), &int(2));
    b.white(&at)?;
    b.finish_when(&at.eq(&END), &int(1));
    let after = b.call(Routine::Skip, &[&at]);
    b.finish_when(&after.not(), &int(4));
    b.white(&after)?;
    b.code.push(&int(4).when(&after.ne(&END), &int(0)));
    Ok(())
}

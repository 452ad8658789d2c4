//! One value as JSON, and as the author would write it; several in a row.

use super::body::{BYTE, Body, WORD, Written};
use super::descriptors::{EXPECTED, IN_WORDS, Kind, MONEY, PLACES, UNIT, is_kind};
use super::frame::{PART, PARTS};
use super::put::{put_byte, put_byte_here};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, int, long};

/// See [`Routine::PutShown`]: as the author would write it.
pub(super) fn put_shown(b: &mut Body<'_, '_>) -> Written {
    let [ty, value] = b.parameters();
    for kind in b.kinds_shown() {
        b.when(&is_kind(&ty, kind), |b| {
            match kind {
                Kind::Number => {
                    let unit = ty.load(BYTE, UNIT);
                    let is_money = unit.eq(&int(i64::from(MONEY)));
                    b.when_ever(&if b.context.shows_money { is_money } else { int(0) }, |b| {
                        b.when(&value.bin(Bin::LtS, &long(0)), |b| {
                            put_byte(b, &int(i64::from(b'-')));
                            b.set(&value, &long(0).sub(&value));
                            Ok(())
                        })?;
                        b.put("£")
                    })?;
                    put_number(b, &ty, &value, false)?;
                    b.run(Routine::Put, &[&ty.load(WORD, EXPECTED)]);
                    let several = unit.eq(&int(i64::from(IN_WORDS))).both(&value.ne(&long(1)));
                    b.when_ever(&if b.context.counts_words { several } else { int(0) }, |b| b.put("s"))?;
                }
                Kind::YesNo => put_either(b, &value, ["yes", "no"])?,
                Kind::Duration => b.run(Routine::PutDuration, &[&value]),
                Kind::Instant => b.run(Routine::PutLocal, &[&value]),
                _ => put_name(b, kind, &ty, &value),
            }
            b.code.stop();
            Ok(())
        })?;
    }
    Ok(())
}

/// A number without its unit.
pub(super) fn put_number(b: &mut Body<'_, '_>, ty: &Node, value: &Node, trim: bool) -> Written {
    let places = b.byte(ty, PLACES);
    b.either(
        &places,
        |b| {
            b.run(Routine::PutDecimal, &[value, &places, &int(i64::from(trim))]);
            Ok(())
        },
        |b| {
            b.run(Routine::PutWhole, &[value, &int(1)]);
            Ok(())
        },
    )
}

fn put_either(b: &mut Body<'_, '_>, value: &Node, texts: [&str; 2]) -> Written {
    let [yes, no] = [b.literal(texts[0])?, b.literal(texts[1])?];
    b.run(Routine::Put, &[&no.when(&value.eq(&long(0)), &yes)]);
    Ok(())
}

/// What is the same in JSON and in words.
fn put_name(b: &mut Body<'_, '_>, kind: Kind, ty: &Node, value: &Node) {
    match kind {
        Kind::Date => b.run(Routine::PutDate, &[value]),
        Kind::TimeOfDay => b.run(Routine::PutClock, &[value, &int(0)]),
        Kind::NhsNumber => b.run(Routine::PutWhole, &[value, &int(10)]),
        Kind::Code => b.run(Routine::PutCode, &[value]),
        _ => b.run(Routine::PutChoice, &[ty, value]),
    }
}

/// See [`Routine::PutJson`].
pub(super) fn put_json(b: &mut Body<'_, '_>) -> Written {
    let [ty, value] = b.parameters();
    let kinds = b.outputs.kinds.clone();
    let (bare, quoted): (Vec<Kind>, Vec<Kind>) =
        kinds.into_iter().partition(|kind| matches!(kind, Kind::Number | Kind::YesNo));
    for kind in bare {
        b.when(&is_kind(&ty, kind), |b| {
            if kind == Kind::Number {
                put_number(b, &ty, &value, true)?;
            } else {
                put_either(b, &value, ["true", "false"])?;
            }
            b.code.stop();
            Ok(())
        })?;
    }
    put_byte_here(b, &int(i64::from(b'"')));
    for kind in quoted {
        b.when(&is_kind(&ty, kind), |b| {
            match kind {
                Kind::Duration => b.run(Routine::PutIso, &[&value]),
                Kind::Instant => b.run(Routine::PutUtc, &[&value]),
                _ => put_name(b, kind, &ty, &value),
            }
            Ok(())
        })?;
    }
    put_byte_here(b, &int(i64::from(b'"')));
    Ok(())
}

/// See [`Routine::PutChoice`].
pub(super) fn put_choice(b: &mut Body<'_, '_>) -> Written {
    let [ty, place] = b.parameters();
    let name = b.local(&ty.load(WORD, EXPECTED));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&long(0)));
        b.set(&name, &name.add(&name.load(BYTE, 0)).add(&int(1)));
        b.advance(&place, -1);
        Ok(())
    })?;
    b.run(Routine::PutBytes, &[&name.add(&int(1)), &name.load(BYTE, 0)]);
    Ok(())
}

/// See [`Routine::Separate`].
pub(super) fn separate(b: &mut Body<'_, '_>) -> Written {
    b.when(&PART, |b| {
        let (last, other) = (b.literal(" or ")?, b.literal(", ")?);
        let is_last = PART.add(&int(1)).eq(&PARTS);
        b.run(Routine::Put, &[&last.when(&is_last, &other)]);
        Ok(())
    })?;
    b.set(&PART, &PART.add(&int(1)));
    Ok(())
}

/// For each choice of a mask; with a comma between any two, or without.
pub(super) fn each_choice(
    b: &mut Body<'_, '_>,
    mask: &Node,
    commas: bool,
    each: impl FnOnce(&mut Body<'_, '_>, &Node) -> Written,
) -> Written {
    let left = b.local(mask);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &left.eq(&long(0)));
        let choice = b.local(&left.ctz());
        each(b, &choice)?;
        b.set(&left, &left.bin(Bin::And, &left.sub(&long(1))));
        if commas {
            b.when(&left.ne(&long(0)), |b| {
                put_byte(b, &int(i64::from(b',')));
                Ok(())
            })?;
        }
        Ok(())
    })
}

/// See [`Routine::PutChoices`].
pub(super) fn put_choices(b: &mut Body<'_, '_>) -> Written {
    let [ty, mask] = b.parameters();
    each_choice(b, &mask, true, |b, choice| {
        b.run(Routine::PutJson, &[&ty, choice]);
        Ok(())
    })
}

/// See [`Routine::PutChoicesShown`].
pub(super) fn put_choices_shown(b: &mut Body<'_, '_>) -> Written {
    let [ty, mask, more] = b.parameters();
    b.set(&PART, &int(0));
    b.set(&PARTS, &more);
    each_choice(b, &mask, false, |b, _| {
        b.set(&PARTS, &PARTS.add(&int(1)));
        Ok(())
    })?;
    each_choice(b, &mask, false, |b, choice| {
        b.run(Routine::Separate, &[]);
        b.run(Routine::PutChoice, &[&ty, choice]);
        Ok(())
    })
}

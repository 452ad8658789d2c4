//! One value as JSON, and as the author would write it; several in a row.

use super::body::{Body, WORD, Written};
use super::descriptors::{AFTER, BEFORE, Kind, PLACES, WRITTEN};
use super::frame::{PART, PARTS};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, Ty, int, long};

/// Whether a type is of a kind.
pub(super) fn is_kind(ty: &Node, kind: Kind) -> Node {
    ty.load(WORD, 0).eq(&int(kind as i64))
}

/// See [`Routine::PutShown`]: as the author would write it.
pub(super) fn put_shown(b: &mut Body<'_, '_>) -> Written {
    let [ty, value] = b.parameters();
    for kind in b.outputs.kinds.clone() {
        b.when(&is_kind(&ty, kind), |b| {
            match kind {
                Kind::Number => {
                    let before = b.local(&ty.load(WORD, BEFORE));
                    b.when(&before.load(WORD, 0).ne(&int(0)).both(&value.bin(Bin::LtS, &long(0))), |b| {
                        b.put("-")?;
                        b.set(&value, &long(0).sub(&value));
                        Ok(())
                    })?;
                    b.call(Routine::Put, &[&before]);
                    put_number(b, &ty, &value, false)?;
                    b.call(Routine::Put, &[&ty.load(WORD, AFTER)]);
                }
                Kind::YesNo => {
                    let (yes, no) = (b.literal("yes")?, b.literal("no")?);
                    b.call(Routine::Put, &[&yes.when(&value.ne(&long(0)), &no)]);
                }
                Kind::Duration => {
                    b.call(Routine::PutDuration, &[&value]);
                }
                Kind::Instant => {
                    b.call(Routine::PutLocal, &[&value]);
                }
                _ => put_name(b, kind, &ty, &value)?,
            }
            b.code.finish(&int(0));
            Ok(())
        })?;
    }
    b.code.push(&int(0));
    Ok(())
}

/// A number without its unit.
pub(super) fn put_number(b: &mut Body<'_, '_>, ty: &Node, value: &Node, trim: bool) -> Written {
    let places = b.local(&ty.load(WORD, PLACES));
    b.either(
        &places,
        |b| {
            b.call(Routine::PutDecimal, &[value, &places, &int(i64::from(trim))]);
            Ok(())
        },
        |b| {
            b.call(Routine::PutWhole, &[value, &int(1)]);
            Ok(())
        },
    )
}

/// What is the same in JSON and in words.
fn put_name(b: &mut Body<'_, '_>, kind: Kind, ty: &Node, value: &Node) -> Written {
    match kind {
        Kind::Date => b.call(Routine::PutDate, &[value]),
        Kind::TimeOfDay => b.call(Routine::PutClock, &[value]),
        Kind::NhsNumber => b.call(Routine::PutWhole, &[value, &int(10)]),
        _ => {
            let name = ty.load(WORD, WRITTEN).add(&value.to(Ty::I32).shl(2)).load(WORD, 0);
            b.call(Routine::Put, &[&name])
        }
    };
    Ok(())
}

/// See [`Routine::PutJson`].
pub(super) fn put_json(b: &mut Body<'_, '_>) -> Written {
    let [ty, value] = b.parameters();
    for kind in b.outputs.kinds.clone() {
        if !matches!(kind, Kind::Number | Kind::YesNo) {
            continue;
        }
        b.when(&is_kind(&ty, kind), |b| {
            if kind == Kind::Number {
                put_number(b, &ty, &value, true)?;
            } else {
                let (yes, no) = (b.literal("true")?, b.literal("false")?);
                b.call(Routine::Put, &[&yes.when(&value.ne(&long(0)), &no)]);
            }
            b.code.finish(&int(0));
            Ok(())
        })?;
    }
    b.put("\"")?;
    for kind in b.outputs.kinds.clone() {
        if matches!(kind, Kind::Number | Kind::YesNo) {
            continue;
        }
        b.when(&is_kind(&ty, kind), |b| {
            match kind {
                Kind::Duration => {
                    b.call(Routine::PutIso, &[&value]);
                }
                Kind::Instant => {
                    b.call(Routine::PutUtc, &[&value]);
                }
                _ => put_name(b, kind, &ty, &value)?,
            }
            Ok(())
        })?;
    }
    b.put("\"")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Separate`].
pub(super) fn separate(b: &mut Body<'_, '_>) -> Written {
    b.when(&PART, |b| {
        let (last, other) = (b.literal(" or ")?, b.literal(", ")?);
        let is_last = PART.add(&int(1)).eq(&PARTS);
        b.call(Routine::Put, &[&last.when(&is_last, &other)]);
        Ok(())
    })?;
    b.set(&PART, &PART.add(&int(1)));
    b.code.push(&int(0));
    Ok(())
}

/// For each choice of a mask.
pub(super) fn each_choice(
    b: &mut Body<'_, '_>,
    mask: &Node,
    each: impl FnOnce(&mut Body<'_, '_>, &Node) -> Written,
) -> Written {
    let left = b.local(mask);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &left.eq(&long(0)));
        let choice = b.local(&left.ctz());
        each(b, &choice)?;
        b.set(&left, &left.bin(Bin::And, &left.sub(&long(1))));
        Ok(())
    })
}

/// See [`Routine::PutChoices`].
pub(super) fn put_choices(b: &mut Body<'_, '_>) -> Written {
    let [ty, mask] = b.parameters();
    let any = b.local(&int(0));
    each_choice(b, &mask, |b, choice| {
        b.when(&any, |b| b.put(","))?;
        b.set(&any, &int(1));
        b.call(Routine::PutJson, &[&ty, choice]);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutChoicesShown`].
pub(super) fn put_choices_shown(b: &mut Body<'_, '_>) -> Written {
    let [ty, mask, more] = b.parameters();
    b.set(&PART, &int(0));
    b.set(&PARTS, &more);
    each_choice(b, &mask, |b, _| {
        b.set(&PARTS, &PARTS.add(&int(1)));
        Ok(())
    })?;
    each_choice(b, &mask, |b, choice| {
        b.call(Routine::Separate, &[]);
        b.call(Routine::PutShown, &[&ty, choice]);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

//! One value of a declared type, or what is wrong with it.

use super::body::{BYTE, Body, WORD, Written, is, least, most, within};
use super::descriptors::{HIGH, Kind, LOW, OPTIONAL, PLACES, UNITS, is_kind};
use super::frame::{FIRST, HIGHEST, KNOWN, MISSING, NONE, RANGE, SECOND, STRING, STRING_END, TAG, VALUE};
use super::keys::{is_word, two};
use super::routines::Routine;
use super::scan::four;
use super::told::{NOT_OPTIONAL, OUT_OF_RANGE, WRONG_KIND};
use super::units::is_plain;
use crate::emit::assembler::{Bin, Label, Node, SLOT, Ty, int};

/// Whether values of the type have an order, so that they can be given as a range.
fn is_ordered(ty: &Node) -> Node {
    ty.load(BYTE, 0).bin(Bin::LeS, &int(Kind::LAST_ORDERED))
}

/// See [`Routine::Value`].
pub(super) fn value(b: &mut Body<'_, '_>) -> Written {
    let [ty, at, key] = b.parameters();
    let c = b.byte(&at, 0);
    let (fault, after) = (b.local(&int(WRONG_KIND)), b.local(&int(0)));
    let kinds = b.tables.kinds_read.clone();
    b.set(&TAG, &int(KNOWN));
    b.block(|b, read| {
        let is_number = is(&c, b'-').either(&within(&c, 48, 57));
        b.when(&is_number, |b| {
            let end = b.of(Routine::NumberEnd, &[&at]);
            b.set(&after, &end);
            if kinds.contains(&Kind::Number) {
                b.when(&is_kind(&ty, Kind::Number), |b| {
                    let wrong = b.of(Routine::Decimal, &[&at, &after, &ty.load(BYTE, PLACES)]);
                    b.set(&fault, &wrong);
                    b.set(&HIGHEST, &VALUE);
                    Ok(())
                })?;
            }
            b.code.leave(read);
            Ok(())
        })?;
        b.when(&is(&c, b'"'), |b| {
            let end = b.of(Routine::String, &[&at]);
            b.set(&after, &end);
            b.when(&STRING, |b| {
                let wrong = b.of(Routine::Text, &[&ty]);
                b.set(&fault, &wrong);
                Ok(())
            })?;
            b.code.leave(read);
            Ok(())
        })?;
        let end = b.of(Routine::Skip, &[&at]);
        b.set(&after, &end);
        b.when(&at.load(WORD, 0).eq(&int(four(b"null"))), |b| {
            b.set(&TAG, &int(MISSING));
            b.code.finish(&after);
            Ok(())
        })?;
        word_or_range(b, [&ty, &at, &c, &fault], read)
    })?;
    if kinds.iter().any(|kind| kind.is_ordered()) {
        in_range(b, &ty, &fault)?;
    }
    b.when(&fault, |b| {
        b.set(&TAG, &int(MISSING));
        b.run(Routine::Fault, &[&fault, &at, &key, &int(0).sub(&ty)]);
        Ok(())
    })?;
    b.code.push(&after);
    Ok(())
}

/// What was read lies in the declared range.
fn in_range(b: &mut Body<'_, '_>, ty: &Node, fault: &Node) -> Written {
    let read = fault.not().both(&TAG.eq(&int(KNOWN))).both(&is_ordered(ty));
    b.when(&read, |b| {
        let wrong = VALUE
            .bin(Bin::LtS, &ty.load(SLOT, LOW))
            .either(&HIGHEST.bin(Bin::GtS, &ty.load(SLOT, HIGH)))
            .either(&VALUE.bin(Bin::GtS, &HIGHEST));
        b.set(fault, &wrong.shl(OUT_OF_RANGE.trailing_zeros()));
        b.set(&TAG, &VALUE.ne(&HIGHEST).add(&int(KNOWN)));
        Ok(())
    })
}

/// A yes or no, or an object of two members, where the type is one that takes it.
fn word_or_range(b: &mut Body<'_, '_>, [ty, at, c, fault]: [&Node; 4], read: Label) -> Written {
    const { assert!(RANGE == KNOWN + 1) };
    if b.tables.kinds_read.contains(&Kind::YesNo) {
        let yes = is(c, b't');
        b.when(&is_kind(ty, Kind::YesNo).both(&yes.either(&is(c, b'f'))), |b| {
            b.set(&VALUE, &yes.to(Ty::I64));
            b.set(fault, &int(0));
            Ok(())
        })?;
    }
    if !b.ordered() {
        return Ok(());
    }
    b.when(&is(c, b'{').both(&is_ordered(ty)), |b| {
        if b.tables.has_units {
            b.when(&is_kind(ty, Kind::Number), |b| {
                b.when(&ty.load(WORD, UNITS), |b| {
                    let in_unit = two(b, at, "value", "unit")?;
                    b.when(&in_unit, |b| {
                        let wrong = b.of(Routine::InUnit, &[ty]);
                        b.set(fault, &wrong);
                        b.code.leave(read);
                        Ok(())
                    })
                })
            })?;
        }
        let are_ends = two(b, at, "from", "to")?;
        b.when(&are_ends, |b| {
            let second = b.local(&SECOND);
            let wrong = b.of(Routine::EndOf, &[ty, &FIRST]);
            b.set(fault, &wrong);
            b.code.leave_when(read, fault);
            let low = b.local(&VALUE);
            let wrong = b.of(Routine::EndOf, &[ty, &second]);
            b.set(fault, &wrong);
            b.set(&VALUE, &low);
            Ok(())
        })
    })
}

/// See [`Routine::Text`]: the string read last, as a value.
pub(super) fn text(b: &mut Body<'_, '_>) -> Written {
    let [ty] = b.parameters();
    let kinds = b.tables.kinds_read.clone();
    if b.ordered() {
        b.when(&is_ordered(&ty), |b| {
            let beyond = b.call(Routine::Beyond, &[&ty, &int(0)]);
            b.finish_when(&beyond.bin(Bin::GeS, &int(0)), &beyond);
            Ok(())
        })?;
    }
    let is_none = is_word(b, "none")?;
    b.when(&is_none, |b| {
        if kinds.contains(&Kind::Enum) {
            b.when(&is_kind(&ty, Kind::Enum), |b| {
                let wrong = b.of(Routine::Choice, &[&ty, &STRING, &STRING_END]);
                b.finish_when(&wrong.not(), &int(0));
                Ok(())
            })?;
        }
        b.set(&TAG, &int(NONE));
        b.code.finish(&int(0).when(&ty.load(BYTE, OPTIONAL), &int(NOT_OPTIONAL)));
        Ok(())
    })?;
    let takes_none = [Kind::Number, Kind::YesNo].into_iter().filter(|kind| kinds.contains(kind));
    let takes_none = takes_none.fold(int(0), |any, kind| any.either(&is_kind(&ty, kind)));
    if !takes_none.is(0) {
        b.finish_when(&takes_none, &int(WRONG_KIND));
    }
    let wrong = b.of(Routine::Ends, &[&ty, &STRING, &STRING_END]);
    b.code.push(&wrong);
    Ok(())
}

/// See [`Routine::Beyond`]: `<0.5` is all declared values on one side of another.
pub(super) fn beyond(b: &mut Body<'_, '_>) -> Written {
    let [ty, unit] = b.parameters();
    let c = b.local(&STRING.load(WORD, 0).bin(Bin::And, &int(0xFF_FFFF)));
    // `≤` and `≥` differ in one bit, as do the bytes of `<` and `>`.
    let foreign = b.local(&c.bin(Bin::Or, &int(0x01_0000)).eq(&int(0xA5_89E2)));
    let first = b.byte(&STRING, 0);
    let plain = first.bin(Bin::Or, &int(2)).eq(&int(i64::from(b'>')));
    b.finish_when(&foreign.either(&plain).not(), &int(-1));
    let below = b.local(&c.eq(&int(0xA4_89E2)).either(&is(&first, b'<')));
    let equal = b.local(&foreign.either(&is(&STRING.load(BYTE, 1), b'=')));
    let signs = int(3).when(&foreign, &equal.add(&int(1)));
    let from = b.of(Routine::Blank, &[&STRING.add(&signs), &STRING_END]);
    let from = b.local(&from);
    let fault = b.local(&int(0));
    if b.tables.has_units {
        b.either(
            &unit,
            |b| {
                let wrong = b.of(Routine::Scaled, &[&ty, &from, &STRING_END, &unit]);
                b.set(&fault, &wrong);
                // What is next to a declared value, and not that value, lies between it and its neighbour; none may be between two.
                let next = b.local(&equal.not().both(&VALUE.eq(&HIGHEST)).to(Ty::I64));
                let under = VALUE.sub(&next).bin(Bin::LtS, &ty.load(SLOT, LOW));
                let over = HIGHEST.add(&next).bin(Bin::GtS, &ty.load(SLOT, HIGH));
                let outside = under.when(&below, &over).shl(OUT_OF_RANGE.trailing_zeros());
                b.set(&fault, &fault.when(&fault, &outside));
                // What was converted may be the value itself.
                b.set(&equal, &equal.either(&is_plain(&unit).not()));
                Ok(())
            },
            |b| {
                let wrong = b.of(Routine::Ends, &[&ty, &from, &STRING_END]);
                b.set(&fault, &wrong);
                Ok(())
            },
        )?;
    } else {
        let wrong = b.of(Routine::Ends, &[&ty, &from, &STRING_END]);
        b.set(&fault, &wrong);
    }
    b.finish_when(&fault, &fault);
    let apart = b.local(&equal.not().to(Ty::I64));
    let (low, high) = (b.local(&ty.load(SLOT, LOW)), b.local(&ty.load(SLOT, HIGH)));
    b.either(
        &below,
        |b| {
            let last = b.local(&HIGHEST.when(&equal, &VALUE).sub(&apart));
            b.set(&HIGHEST, &least(&high, &last));
            b.set(&VALUE, &low);
            Ok(())
        },
        |b| {
            let first = b.local(&VALUE.when(&equal, &HIGHEST).add(&apart));
            b.set(&VALUE, &most(&low, &first));
            b.set(&HIGHEST, &high);
            Ok(())
        },
    )?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Ends`].
pub(super) fn ends(b: &mut Body<'_, '_>) -> Written {
    let [ty, from, end] = b.parameters();
    for kind in b.tables.kinds_read.clone() {
        let ends = [&from, &end];
        let routine = match kind {
            Kind::Number => None,
            Kind::Duration => Some(Routine::Duration),
            Kind::Instant => Some(Routine::Moment),
            Kind::Date => Some(Routine::Date),
            Kind::TimeOfDay => Some(Routine::Clock),
            Kind::NhsNumber => Some(Routine::NhsNumber),
            Kind::Code => Some(Routine::Code),
            Kind::Enum => None,
            Kind::YesNo => continue,
        };
        b.when(&is_kind(&ty, kind), |b| {
            let wrong = match (routine, kind) {
                (Some(routine), _) => b.of(routine, &ends),
                (_, Kind::Number) => b.of(Routine::Decimal, &[&from, &end, &ty.load(BYTE, PLACES)]),
                _ => b.of(Routine::Choice, &[&ty, &from, &end]),
            };
            if kind == Kind::Instant {
                b.code.finish(&wrong);
                return Ok(());
            }
            let wrong = b.local(&wrong);
            b.set(&HIGHEST, &VALUE);
            b.code.finish(&wrong);
            Ok(())
        })?;
    }
    b.code.push(&int(WRONG_KIND));
    Ok(())
}

/// See [`Routine::EndOf`]: a number as a number, everything else as text.
pub(super) fn end_of(b: &mut Body<'_, '_>) -> Written {
    let [ty, at] = b.parameters();
    let c = b.byte(&at, 0);
    b.when(&is_kind(&ty, Kind::Number), |b| {
        b.finish_when(&is(&c, b'-').either(&within(&c, 48, 57)).not(), &int(WRONG_KIND));
        let end = b.call(Routine::NumberEnd, &[&at]);
        let wrong = b.of(Routine::Ends, &[&ty, &at, &end]);
        b.code.finish(&wrong);
        Ok(())
    })?;
    b.finish_when(&is(&c, b'"').not(), &int(WRONG_KIND));
    b.call(Routine::String, &[&at]);
    b.finish_when(&STRING.not(), &int(WRONG_KIND));
    let wrong = b.of(Routine::Ends, &[&ty, &STRING, &STRING_END]);
    b.code.push(&wrong);
    Ok(())
}

//! What reasons show: facts, parameters, answers and counts of events, each with its value.

use super::body::{BYTE, Body, WORD, Written};
use super::descriptors::{Kind, MONEY, UNIT, is_kind};
use super::frame::{BASE, EVENTS, HIGHEST, KNOWN, MAY_BE, MISSING, OUT, PART, PARTS, SET, SHOWN, TAG, VALUE};
use super::outputs::{ANSWER_CELL, ANSWER_TYPE};
use super::reasons::{ANSWERED, COUNTS, FACT, PARAMETER, PART_BYTES, PART_KINDS, PART_NAME, PART_NUMBER, PART_TYPE};
use super::routines::Routine;
use super::shown::{each_choice, put_number};
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};
use crate::emit::assembler::{Bin, Label, Node, SLOT, Ty, address, int, long};

/// See [`Routine::PutParts`]: each is followed by a comma, and the last one's is taken back.
pub(super) fn put_parts(b: &mut Body<'_, '_>) -> Written {
    let [list] = b.parameters();
    b.stop_when(&list.not());
    b.set(&SHOWN, &long(0));
    let part = b.local(&list.add(&int(4)));
    let end = b.local(&part.add(&list.load(WORD, 0).bin(Bin::Mul, &int(i64::from(PART_BYTES)))));
    let counts = b.outputs.names_events;
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &part.eq(&end));
        let what = b.local(&part.load(WORD, 0));
        b.block(|b, shown| {
            if counts {
                b.when(&what.eq(&int(COUNTS)), |b| {
                    b.run(Routine::PutCounts, &[&part.load(SLOT, PART_KINDS), &part.load(WORD, PART_NAME)]);
                    b.code.leave(shown);
                    Ok(())
                })?;
            }
            b.run(Routine::Put, &[&part.load(WORD, PART_NAME)]);
            b.run(Routine::PutPart, &[&part]);
            b.put(", ")
        })?;
        b.advance(&part, i64::from(PART_BYTES));
        Ok(())
    })?;
    b.set(&OUT, &OUT.sub(&int(2)));
    Ok(())
}

/// Whether a bit of a mask is set.
fn is_set(mask: &Node, number: &Node) -> Node {
    mask.bin(Bin::ShrU, &number.to(Ty::I64)).bin(Bin::And, &long(1)).to(Ty::I32)
}

/// See [`Routine::PutPart`].
pub(super) fn put_part(b: &mut Body<'_, '_>) -> Written {
    let [part] = b.parameters();
    let what = b.local(&part.load(WORD, 0));
    let number = b.local(&part.load(WORD, PART_NUMBER));
    let ty = b.local(&part.load(WORD, PART_TYPE));
    if !b.context.plan.subject.inputs.is_empty() {
        b.when(&what.eq(&int(FACT)), |b| fact(b, &ty, &number))?;
    }
    if !b.context.plan.parameters.is_empty() {
        b.when(&what.eq(&int(PARAMETER)), |b| parameter(b, &ty, &number))?;
    }
    b.when(&what.eq(&int(ANSWERED)), |b| {
        let answers = int(i64::from(b.outputs.answers));
        let answer = answers.add(&number);
        b.run(Routine::PutNamed, &[&answer, &int(1)]);
        Ok(())
    })?;
    Ok(())
}

fn fact(b: &mut Body<'_, '_>, ty: &Node, number: &Node) -> Written {
    let record = int(i64::from(b.context.map.record));
    let bounds = int(i64::from(b.context.map.bounds));
    b.when(&is_set(&record.load(SLOT, IN_MISSING), number), |b| {
        b.either(
            &is_set(&bounds.load(SLOT, BOUNDS_WHICH), number),
            |b| {
                let ends = b.local(&bounds.add(&number.shl(4)));
                b.run(Routine::PutRange, &[ty, &ends.load(SLOT, BOUNDS_FACTS), &ends.load(SLOT, BOUNDS_FACTS + 8)]);
                Ok(())
            },
            |b| b.put("missing"),
        )?;
        b.code.stop();
        Ok(())
    })?;
    b.either(
        &is_set(&record.load(SLOT, IN_NONE), number),
        |b| b.put("none"),
        |b| {
            b.run(Routine::PutShown, &[ty, &record.add(&number.shl(3)).load(SLOT, IN_FACTS)]);
            Ok(())
        },
    )
}

/// See [`Routine::PutRange`].
pub(super) fn put_range(b: &mut Body<'_, '_>) -> Written {
    let [ty, low, high] = b.parameters();
    let is_number = is_kind(&ty, Kind::Number);
    let is_other = ty.load(BYTE, UNIT).ne(&int(i64::from(MONEY)));
    let bare = if b.context.shows_money { is_number.both(&is_other) } else { is_number };
    b.either(
        &bare,
        |b| put_number(b, &ty, &low, false),
        |b| {
            b.run(Routine::PutShown, &[&ty, &low]);
            Ok(())
        },
    )?;
    let (to, dots) = (b.literal(" to ")?, b.literal("..")?);
    b.run(Routine::Put, &[&to.when(&is_kind(&ty, Kind::Instant), &dots)]);
    b.run(Routine::PutShown, &[&ty, &high]);
    Ok(())
}

fn parameter(b: &mut Body<'_, '_>, ty: &Node, number: &Node) -> Written {
    let values = int(i64::from(b.context.map.parameters));
    let unset = b.context.unset();
    b.either(
        &is_set(&unset, number),
        |b| b.put("not set"),
        |b| {
            b.run(Routine::PutShown, &[ty, &values.add(&number.shl(3)).load(SLOT, 0)]);
            b.when(&is_set(&SET, number), |b| b.put(" (set locally)"))
        },
    )
}

/// See [`Routine::PutNamed`].
pub(super) fn put_named(b: &mut Body<'_, '_>) -> Written {
    let [answer, part] = b.parameters();
    let ty = b.local(&answer.load(WORD, ANSWER_TYPE));
    b.run(Routine::Cell, &[&answer.load(WORD, ANSWER_CELL)]);
    b.when(&TAG.eq(&int(MISSING)), |b| {
        b.when(&part, |b| b.put("unknown ("))?;
        b.run(Routine::PutPossible, &[&ty, &VALUE, &HIGHEST, &MAY_BE.bin(Bin::ShrU, &int(1))]);
        b.when(&part, |b| b.put(")"))?;
        b.code.stop();
        Ok(())
    })?;
    b.either(
        &TAG.eq(&int(KNOWN)),
        |b| {
            b.run(Routine::PutShown, &[&ty, &VALUE]);
            Ok(())
        },
        |b| b.put("none"),
    )?;
    Ok(())
}

/// See [`Routine::CountEvents`]: where the faults of a case stand that has none.
pub(super) fn count_events(b: &mut Body<'_, '_>) -> Written {
    for slot in 0..address(b.context.plan.subject.events.len().div_ceil(2))? {
        b.code.store(&BASE, 8 * slot, &long(0), SLOT);
    }
    each_event(b, |b, place, _| {
        let count = b.local(&BASE.add(&kind_of(b, place).shl(2)));
        b.code.store(&count, 0, &count.load(WORD, 0).add(&int(1)), WORD);
        Ok(())
    })?;
    Ok(())
}

/// For each event in order, by its place; the label goes on with the next.
fn each_event(b: &mut Body<'_, '_>, each: impl FnOnce(&mut Body<'_, '_>, &Node, Label) -> Written) -> Written {
    let place = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&EVENTS));
        b.block(|b, next| each(b, &place, next))?;
        b.advance(&place, 1);
        Ok(())
    })
}

/// A pointer to columns of events.
fn column(b: &Body<'_, '_>, offset: u32) -> Node {
    int(i64::from(b.context.map.record)).load(WORD, b.context.layout.record_in_events + offset)
}

fn kind_of(b: &Body<'_, '_>, place: &Node) -> Node {
    column(b, 16).add(place).load(BYTE, 0)
}

/// The name of a kind of event.
fn name_of(b: &Body<'_, '_>, kind: &Node) -> Node {
    int(i64::from(b.outputs.events)).add(&kind.shl(2)).load(WORD, 0)
}

/// See [`Routine::PutCounts`].
pub(super) fn put_counts(b: &mut Body<'_, '_>) -> Written {
    let [kinds, many] = b.parameters();
    let record = int(i64::from(b.context.map.record));
    let missing = b.local(&record.load(SLOT, IN_NOT_SUPPLIED));
    let count_of = |kind: &Node| BASE.add(&kind.to(Ty::I32).shl(2)).load(WORD, 0);
    b.when(&many, |b| {
        b.set(&many, &kinds.bin(Bin::And, &missing).ne(&long(0)));
        each_choice(b, &kinds, false, |b, kind| {
            b.set(&many, &many.either(&count_of(kind).ne(&int(0))));
            Ok(())
        })
    })?;
    each_choice(b, &kinds, false, |b, kind| {
        let count = b.local(&count_of(kind));
        let supplied = b.local(&is_set(&missing, kind).not());
        let silent = count.not().both(&supplied).both(&many).either(&is_set(&SHOWN, kind));
        b.when(&silent.not(), |b| {
            b.set(&SHOWN, &SHOWN.bin(Bin::Or, &long(1).bin(Bin::Shl, kind)));
            let name = name_of(b, &kind.to(Ty::I32));
            let name = b.local(&name);
            b.either(
                &count.either(&supplied),
                |b| {
                    b.run(Routine::PutWhole, &[&count.to(Ty::I64), &int(1)]);
                    b.put(" ")?;
                    b.run(Routine::Put, &[&name]);
                    Ok(())
                },
                |b| {
                    b.run(Routine::Put, &[&name]);
                    b.put(" not supplied")
                },
            )?;
            b.put(", ")
        })
    })?;
    Ok(())
}

/// See [`Routine::PutCame`]: first how many there are, then each by name.
pub(super) fn put_came(b: &mut Body<'_, '_>) -> Written {
    let [kinds, at] = b.parameters();
    b.set(&PARTS, &int(0));
    for names in [false, true] {
        b.set(&PART, &int(0));
        b.set(&SHOWN, &long(0));
        each_event(b, |b, place, next| {
            let kind = kind_of(b, place);
            let (kind, time) = (b.local(&kind), column(b, 24).add(&place.shl(3)).load(SLOT, 0));
            let others = time.ne(&at).either(&is_set(&kinds, &kind).not()).either(&is_set(&SHOWN, &kind));
            b.code.leave_when(next, &others);
            b.set(&SHOWN, &SHOWN.bin(Bin::Or, &long(1).bin(Bin::Shl, &kind.to(Ty::I64))));
            if names {
                b.run(Routine::Separate, &[]);
                let name = name_of(b, &kind);
                b.run(Routine::Put, &[&name]);
            } else {
                b.set(&PARTS, &PARTS.add(&int(1)));
            }
            Ok(())
        })?;
    }
    b.when(&PARTS.not(), |b| b.put("an event"))?;
    Ok(())
}

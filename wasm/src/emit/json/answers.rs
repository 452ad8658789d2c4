//! Answers as JSON: of which kind each is, what a program needs of it as data, and the words beside it.

use super::body::{Body, WORD, Written, within};
use super::descriptors::Kind;
use super::frame::{HIGHEST, KNOWN, MAY_BE, MISSING, NEEDED, NONE, PART, PARTS, REASONS, TAG, VALUE};
use super::outputs::{
    ANSWER, ANSWER_CELL, ANSWER_IS_VERDICT, ANSWER_TYPE, CELL_IS_SET, CELL_NONE, NEED, NEED_AFTER, NEED_ANSWER,
    NEED_BEFORE,
};
use super::routines::Routine;
use super::shown::{each_choice, is_kind, put_number};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// See [`Routine::Cell`].
pub(super) fn cell(b: &mut Body<'_, '_>) -> Written {
    let [cell] = b.parameters();
    let (status, parts) = (int(i64::from(b.context.map.record_out)), b.context.layout.record_out_parts);
    let slot = b.local(&cell.load(WORD, 0));
    b.set(&VALUE, &slot.load(SLOT, 0));
    b.set(&NEEDED, &long(0));
    b.when(&status.load(WORD, 0).not(), |b| {
        let is_none = b.local(&VALUE.eq(&cell.load(SLOT, CELL_NONE)));
        b.set(&HIGHEST, &VALUE);
        b.set(&TAG, &int(NONE).when(&is_none, &int(KNOWN)));
        b.code.finish(&int(0));
        Ok(())
    })?;
    b.set(&HIGHEST, &slot.load(SLOT, parts));
    b.set(&MAY_BE, &slot.load(SLOT, 2 * parts).to(Ty::I32));
    b.set(&NEEDED, &slot.load(SLOT, 3 * parts));
    let one = HIGHEST.bin(Bin::And, &HIGHEST.sub(&long(1))).eq(&long(0));
    let one = one.when(&cell.load(WORD, CELL_IS_SET), &VALUE.eq(&HIGHEST));
    let known = int(KNOWN).when(&one.both(&MAY_BE.eq(&int(1))), &int(MISSING));
    b.set(&TAG, &int(NONE).when(&MAY_BE.eq(&int(2)), &known));
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutNeeds`].
pub(super) fn put_needs(b: &mut Body<'_, '_>) -> Written {
    let [needs] = b.parameters();
    let table = int(i64::from(b.outputs.needs));
    let answers = int(i64::from(b.outputs.answers));
    let decisions = b.outputs.has_decisions;
    let any = b.local(&int(0));
    b.put(",\"needs\":[")?;
    each_choice(b, &needs, |b, bit| {
        b.when(&any, |b| b.put(","))?;
        b.set(&any, &int(1));
        let need = b.local(&table.add(&bit.to(Ty::I32).bin(Bin::Mul, &int(i64::from(NEED)))));
        let whole = b.local(&int(1));
        if decisions {
            let of = b.local(&need.load(WORD, NEED_ANSWER));
            b.when(&of.bin(Bin::GeS, &int(0)), |b| {
                let answer = b.local(&answers.add(&of.bin(Bin::Mul, &int(i64::from(ANSWER)))));
                b.call(Routine::Cell, &[&answer.load(WORD, super::outputs::ANSWER_DUE)]);
                b.when(&TAG.eq(&int(KNOWN)), |b| {
                    b.set(&whole, &int(0));
                    let due = b.local(&VALUE);
                    b.call(Routine::Put, &[&need.load(WORD, NEED_BEFORE)]);
                    b.call(Routine::PutUtc, &[&due]);
                    b.put("\",\"text\":\"time, until ")?;
                    let by = b.call(Routine::DueBy, &[&answer]);
                    b.when(&within(&by, 1, 2), |b| b.put("the end of "))?;
                    b.call(Routine::PutDue, &[&by, &due]);
                    b.call(Routine::Put, &[&need.load(WORD, NEED_AFTER)]);
                    Ok(())
                })
            })?;
        }
        b.when(&whole, |b| {
            b.call(Routine::Put, &[&need.load(WORD, 0)]);
            Ok(())
        })
    })?;
    b.put("]")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutValue`].
pub(super) fn put_value(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    b.call(Routine::Cell, &[&answer.load(WORD, ANSWER_CELL)]);
    b.when(&TAG.eq(&int(MISSING)), |b| {
        b.call(Routine::PutUnknown, &[&answer]);
        b.code.finish(&int(0));
        Ok(())
    })?;
    b.either(
        &TAG.eq(&int(NONE)),
        |b| b.put("none\",\"value\":null,\"text\":\"none"),
        |b| {
            let value = b.local(&VALUE);
            let ty = b.local(&answer.load(WORD, ANSWER_TYPE));
            b.put("value\",\"value\":")?;
            b.call(Routine::PutJson, &[&ty, &value]);
            b.put(",\"text\":\"")?;
            b.call(Routine::PutShown, &[&ty, &value]);
            Ok(())
        },
    )?;
    b.put("\"")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutUnknown`].
pub(super) fn put_unknown(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    let ty = b.local(&answer.load(WORD, ANSWER_TYPE));
    let (low, high) = (b.local(&VALUE), b.local(&HIGHEST));
    let (needs, or_none) = (b.local(&NEEDED), b.local(&MAY_BE.bin(Bin::ShrU, &int(1))));
    let is_choice = b.local(&is_kind(&ty, Kind::Enum));
    let yes_no = b.local(&is_kind(&ty, Kind::YesNo));
    let one = b.local(&low.eq(&high));
    b.put("unknown\",\"possible\":{")?;
    b.either(
        &is_choice.either(&yes_no),
        |b| {
            b.put("\"values\":[")?;
            b.either(
                &is_choice,
                |b| {
                    b.call(Routine::PutChoices, &[&ty, &high]);
                    Ok(())
                },
                |b| {
                    b.call(Routine::PutJson, &[&ty, &low]);
                    b.when(&one.not(), |b| {
                        b.put(",")?;
                        b.call(Routine::PutJson, &[&ty, &high]);
                        Ok(())
                    })
                },
            )?;
            b.put("],")
        },
        |b| {
            let ends = |b: &mut Body<'_, '_>| {
                b.put("\"from\":")?;
                b.call(Routine::PutJson, &[&ty, &low]);
                b.put(",\"to\":")?;
                b.call(Routine::PutJson, &[&ty, &high]);
                b.put(",")
            };
            // NHS numbers have no order: whatever is not one of them may be any.
            if b.outputs.kinds.contains(&Kind::NhsNumber) {
                b.when(&is_kind(&ty, Kind::NhsNumber).not(), ends)
            } else {
                ends(b)
            }
        },
    )?;
    let (yes, no) = (b.literal("\"or_none\":true}")?, b.literal("\"or_none\":false}")?);
    b.call(Routine::Put, &[&yes.when(&or_none, &no)]);
    b.call(Routine::PutNeeds, &[&needs]);
    b.put(",\"text\":\"unknown, ")?;
    b.call(Routine::PutPossible, &[&ty, &low, &high, &or_none]);
    b.put("\"")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutPossible`].
pub(super) fn put_possible(b: &mut Body<'_, '_>) -> Written {
    let [ty, low, high, or_none] = b.parameters();
    b.either(
        &is_kind(&ty, Kind::Enum),
        |b| {
            b.call(Routine::PutChoicesShown, &[&ty, &high, &or_none]);
            Ok(())
        },
        |b| {
            let yes_no = b.local(&is_kind(&ty, Kind::YesNo));
            possible(b, &ty, [&low, &high], &yes_no, &or_none)
        },
    )?;
    b.when(&or_none, |b| {
        b.call(Routine::Separate, &[]);
        b.put("none")
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// A range in words: `17..20 mmHg`, `1 h..12 h`, `yes or no`.
fn possible(b: &mut Body<'_, '_>, ty: &Node, [low, high]: [&Node; 2], yes_no: &Node, or_none: &Node) -> Written {
    let two = b.local(&low.ne(high));
    b.set(&PART, &int(0));
    b.set(&PARTS, &or_none.add(&int(1)).add(&yes_no.both(&two)));
    b.call(Routine::Separate, &[]);
    b.when(&two.both(yes_no), |b| {
        b.call(Routine::PutShown, &[ty, high]);
        b.call(Routine::Separate, &[]);
        Ok(())
    })?;
    b.when(&two.both(&yes_no.not()), |b| {
        b.either(
            &is_kind(ty, Kind::Number),
            |b| put_number(b, ty, low, false),
            |b| {
                b.call(Routine::PutShown, &[ty, low]);
                Ok(())
            },
        )?;
        b.put("..")
    })?;
    b.call(Routine::PutShown, &[ty, &low.when(yes_no, high)]);
    Ok(())
}

/// See [`Routine::PutAnswers`].
pub(super) fn put_answers(b: &mut Body<'_, '_>) -> Written {
    let [_] = b.parameters();
    if b.outputs.names_events {
        b.when(&REASONS, |b| {
            b.call(Routine::CountEvents, &[]);
            Ok(())
        })?;
    }
    let (head, uses_as_of) = (b.outputs.head, b.context.plan.subject.uses_as_of);
    b.call(Routine::Put, &[&int(i64::from(head))]);
    if uses_as_of {
        let record = int(i64::from(b.context.map.record));
        b.put("\"")?;
        b.call(Routine::PutUtc, &[&record.load(SLOT, crate::abi::IN_AS_OF)]);
        b.put("\"")?;
    } else {
        b.put("null")?;
    }
    b.put(",\"settings\":{")?;
    if !b.context.plan.parameters.is_empty() {
        b.call(Routine::PutSettings, &[]);
    }
    b.put("},\"answers\":{")?;
    let (from, count) = (int(i64::from(b.outputs.answers)), b.context.plan.answers.len());
    let end = from.add(&int(i64::from(ANSWER * crate::emit::assembler::address(count)?)));
    let answer = b.local(&from);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &answer.eq(&end));
        b.call(Routine::Put, &[&answer.load(WORD, 0)]);
        let (values, verdicts) = (b.outputs.has_values, b.outputs.has_verdicts);
        match (values, verdicts) {
            (true, true) => b.either(
                &answer.load(WORD, ANSWER_IS_VERDICT),
                |b| {
                    b.call(Routine::PutVerdict, &[&answer]);
                    Ok(())
                },
                |b| {
                    b.call(Routine::PutValue, &[&answer]);
                    Ok(())
                },
            )?,
            (_, true) => drop(b.call(Routine::PutVerdict, &[&answer])),
            _ => drop(b.call(Routine::PutValue, &[&answer])),
        }
        b.when(&REASONS, |b| {
            b.call(Routine::PutReasons, &[&answer]);
            Ok(())
        })?;
        b.put("}")?;
        b.advance(&answer, i64::from(ANSWER));
        Ok(())
    })?;
    b.put("}}")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutSettings`].
pub(super) fn put_settings(b: &mut Body<'_, '_>) -> Written {
    let (table, values) = (int(i64::from(b.outputs.settings)), int(i64::from(b.context.map.parameters)));
    let any = b.local(&int(0));
    each_choice(b, &super::frame::SET, |b, which| {
        let which = b.local(&which.to(Ty::I32));
        let setting = b.local(&table.add(&which.shl(3)));
        b.when(&any, |b| b.put(","))?;
        b.set(&any, &int(1));
        b.call(Routine::Put, &[&setting.load(WORD, 0)]);
        b.call(Routine::PutJson, &[&setting.load(WORD, 4), &values.add(&which.shl(3)).load(SLOT, 0)]);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// Whether a cell of an answer is known, and its value.
pub(super) fn cell_value(b: &mut Body<'_, '_>, answer: &Node, cell: u32) -> (Node, Node) {
    b.call(Routine::Cell, &[&answer.load(WORD, cell)]);
    (b.local(&TAG.eq(&int(KNOWN))), b.local(&VALUE))
}

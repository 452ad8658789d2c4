//! Answers as JSON: of which kind each is, what a program needs of it as data, and the words beside it.

use super::body::{Body, WORD, Written, within};
use super::descriptors::{Kind, is_kind};
use super::frame::{HIGHEST, KNOWN, MAY_BE, MISSING, NEEDED, NONE, OUT, PART, PARTS, REASONS, SET, TAG, VALUE};
use super::literals::NAME;
use super::outputs::{ANSWER_CELL, ANSWER_DUE, ANSWER_TYPE, NEED, NEED_NAME, NEED_OTHER};
use super::places::{CELL_BITS, CELL_IS_SET, CELL_SHIFT, VALUE_LINE, VERDICT_LINE};
use super::put::{put_byte, put_byte_here};
use super::routines::Routine;
use super::shown::{each_choice, put_number};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// See [`Routine::Cell`].
pub(super) fn cell(b: &mut Body<'_, '_>) -> Written {
    let [cell] = b.parameters();
    let (status, parts) = (int(i64::from(b.context.map.record_out)), b.context.layout.record_out_parts);
    let slot = b.local(&cell.bin(Bin::ShrU, &int(i64::from(CELL_BITS))));
    b.set(&VALUE, &slot.load(SLOT, 0));
    b.set(&NEEDED, &long(0));
    b.when(&status.load(WORD, 0).not(), |b| {
        let none = long(-1).bin(Bin::Shl, &cell.bin(Bin::And, &int(CELL_SHIFT)).to(Ty::I64));
        b.set(&TAG, &VALUE.ne(&none).add(&int(NONE)));
        b.code.stop();
        Ok(())
    })?;
    b.set(&HIGHEST, &slot.load(SLOT, parts));
    b.set(&MAY_BE, &slot.load(SLOT, 2 * parts).to(Ty::I32));
    b.set(&NEEDED, &slot.load(SLOT, 3 * parts));
    let one = HIGHEST.bin(Bin::And, &HIGHEST.sub(&long(1))).eq(&long(0));
    let one = one.when(&cell.bin(Bin::And, &int(CELL_IS_SET)), &VALUE.eq(&HIGHEST));
    let known = one.both(&MAY_BE.eq(&int(1))).shl(1);
    b.set(&TAG, &int(NONE).when(&MAY_BE.eq(&int(2)), &known));
    const { assert!(MISSING == 0 && NONE == 1 && KNOWN == 2) };
    Ok(())
}

/// See [`Routine::PutNeeds`].
pub(super) fn put_needs(b: &mut Body<'_, '_>) -> Written {
    let [needs] = b.parameters();
    let (table, decision) = (b.outputs.needs, b.outputs.decision);
    b.put(",\"needs\":[")?;
    each_choice(b, &needs, true, |b, bit| {
        let need = b.local(&bit.to(Ty::I32).bin(Bin::Mul, &int(i64::from(NEED))).add(&int(i64::from(table))));
        let (form, name) = (b.local(&need.load(WORD, 0)), b.local(&need.load(WORD, NEED_NAME)));
        let other = b.local(&need.load(WORD, NEED_OTHER));
        b.block(|b, told| {
            if let Some(decision) = decision {
                b.when(&form.eq(&int(i64::from(decision))).both(&other.ne(&int(0))), |b| {
                    b.run(Routine::Cell, &[&other.load(WORD, ANSWER_DUE)]);
                    b.when(&TAG.eq(&int(KNOWN)), |b| {
                        until(b, &name, &other)?;
                        b.code.leave(told);
                        Ok(())
                    })
                })?;
            }
            b.run(Routine::PutForm, &[&form, &name, &other]);
            Ok(())
        })
    })?;
    put_byte(b, &int(i64::from(b']')));
    Ok(())
}

/// That an obligation is decided is needed, at its deadline at the latest.
fn until(b: &mut Body<'_, '_>, name: &Node, answer: &Node) -> Written {
    let due = b.local(&VALUE);
    let before = b.literal(&format!("{{\"kind\":\"decision\",\"answer\":\"{NAME}\",\"until\":\""))?;
    b.run(Routine::PutForm, &[&before, name, &int(0)]);
    b.run(Routine::PutUtc, &[&due]);
    b.put("\",\"text\":\"time, until ")?;
    let by = b.call(Routine::DueBy, &[answer]);
    b.when(&within(&by, 1, 2), |b| b.put("the end of "))?;
    b.run(Routine::PutDue, &[&by, &due]);
    let after = b.literal(&format!(" ({NAME} is open)\"}}"))?;
    b.run(Routine::PutForm, &[&after, name, &int(0)]);
    Ok(())
}

/// See [`Routine::PutValue`].
pub(super) fn put_value(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    let ty = b.local(&answer.load(WORD, ANSWER_TYPE));
    b.run(Routine::Cell, &[&answer.load(WORD, ANSWER_CELL)]);
    b.when(&TAG.not(), |b| {
        b.run(Routine::PutUnknown, &[&ty]);
        b.code.stop();
        Ok(())
    })?;
    b.when(&TAG.eq(&int(NONE)), |b| {
        b.put("\":{\"kind\":\"none\",\"value\":null,\"text\":\"none")?;
        b.code.stop();
        Ok(())
    })?;
    b.put("\":{\"kind\":\"value\",\"value\":")?;
    b.run(Routine::PutJson, &[&ty, &VALUE]);
    b.put(",\"text\":\"")?;
    b.run(Routine::PutShown, &[&ty, &VALUE]);
    Ok(())
}

/// See [`Routine::PutUnknown`].
pub(super) fn put_unknown(b: &mut Body<'_, '_>) -> Written {
    let [ty] = b.parameters();
    let kinds = b.outputs.kinds.clone();
    let (low, high) = (b.local(&VALUE), b.local(&HIGHEST));
    let (needs, or_none) = (b.local(&NEEDED), b.local(&MAY_BE.bin(Bin::ShrU, &int(1))));
    let any = |kind: Kind| if kinds.contains(&kind) { is_kind(&ty, kind) } else { int(0) };
    let is_choice = b.local(&any(Kind::Enum));
    let yes_no = b.local(&any(Kind::YesNo));
    let is_name = any(Kind::NhsNumber).either(&any(Kind::Code));
    let two = b.local(&low.ne(&high));
    b.put("\":{\"kind\":\"unknown\",\"possible\":{")?;
    b.block(|b, done| {
        if !is_name.is(0) {
            b.code.leave_when(done, &is_name);
        }
        b.when(&is_choice.either(&yes_no), |b| {
            b.put("\"values\":[")?;
            b.either(
                &is_choice,
                |b| {
                    b.run(Routine::PutChoices, &[&ty, &high]);
                    Ok(())
                },
                |b| {
                    b.run(Routine::PutJson, &[&ty, &low]);
                    b.when(&two, |b| {
                        put_byte(b, &int(i64::from(b',')));
                        b.run(Routine::PutJson, &[&ty, &high]);
                        Ok(())
                    })
                },
            )?;
            b.put("],")?;
            b.code.leave(done);
            Ok(())
        })?;
        b.put("\"from\":")?;
        b.run(Routine::PutJson, &[&ty, &low]);
        b.put(",\"to\":")?;
        b.run(Routine::PutJson, &[&ty, &high]);
        put_byte(b, &int(i64::from(b',')));
        Ok(())
    })?;
    let (yes, no) = (b.literal("\"or_none\":true}")?, b.literal("\"or_none\":false}")?);
    b.run(Routine::Put, &[&yes.when(&or_none, &no)]);
    b.run(Routine::PutNeeds, &[&needs]);
    b.put(",\"text\":\"unknown, ")?;
    b.run(Routine::PutPossible, &[&ty, &low, &high, &or_none]);
    Ok(())
}

/// See [`Routine::PutPossible`].
pub(super) fn put_possible(b: &mut Body<'_, '_>) -> Written {
    let [ty, low, high, or_none] = b.parameters();
    let kinds = b.outputs.kinds.clone();
    let any = |kind: Kind| if kinds.contains(&kind) { is_kind(&ty, kind) } else { int(0) };
    let is_choice = b.local(&any(Kind::Enum));
    b.either(
        &is_choice,
        |b| {
            b.run(Routine::PutChoicesShown, &[&ty, &high, &or_none]);
            Ok(())
        },
        |b| {
            let (two, yes_no) = (b.local(&low.ne(&high)), b.local(&any(Kind::YesNo)));
            possible(b, &ty, [&low, &high], [&two, &yes_no, &or_none])
        },
    )?;
    b.when(&or_none, |b| {
        b.run(Routine::Separate, &[]);
        b.put("none")
    })
}

/// A range in words: `17..20 mmHg`, `1 h..12 h`, `yes or no`.
fn possible(b: &mut Body<'_, '_>, ty: &Node, [low, high]: [&Node; 2], [two, yes_no, or_none]: [&Node; 3]) -> Written {
    let kinds = b.outputs.kinds.clone();
    b.set(&PART, &int(0));
    b.set(&PARTS, &or_none.add(&int(1)).add(&yes_no.both(two)));
    b.run(Routine::Separate, &[]);
    b.block(|b, done| {
        b.when(two, |b| {
            b.when(yes_no, |b| {
                b.put("yes")?;
                b.run(Routine::Separate, &[]);
                b.put("no")?;
                b.code.leave(done);
                Ok(())
            })?;
            if kinds.contains(&Kind::Code) {
                b.when(&is_kind(ty, Kind::Code), |b| {
                    b.put("a code")?;
                    b.code.leave(done);
                    Ok(())
                })?;
            }
            let bare = if kinds.contains(&Kind::Number) { is_kind(ty, Kind::Number) } else { int(0) };
            b.either(
                &bare,
                |b| put_number(b, ty, low, false),
                |b| {
                    b.run(Routine::PutShown, &[ty, low]);
                    Ok(())
                },
            )?;
            b.put("..")
        })?;
        b.run(Routine::PutShown, &[ty, high]);
        Ok(())
    })
}

/// See [`Routine::PutAnswers`].
pub(super) fn put_answers(b: &mut Body<'_, '_>) -> Written {
    if b.outputs.names_events {
        b.when(&REASONS, |b| {
            b.run(Routine::CountEvents, &[]);
            Ok(())
        })?;
    }
    let (head, uses_as_of) = (b.outputs.head, b.context.plan.subject.uses_as_of);
    b.run(Routine::Put, &[&int(i64::from(head))]);
    if uses_as_of {
        let record = int(i64::from(b.context.map.record));
        b.run(Routine::PutUtc, &[&record.load(SLOT, crate::abi::IN_AS_OF)]);
        put_byte(b, &int(i64::from(b'"')));
    }
    if !b.context.plan.parameters.is_empty() {
        b.put(",\"settings\":{")?;
        b.run(Routine::PutSettings, &[]);
        b.put("},\"answers\":{\"")?;
    } else if uses_as_of {
        b.put(",\"settings\":{},\"answers\":{\"")?;
    }
    let (from, end) = (b.outputs.answers, b.outputs.answers_end);
    if from == end {
        b.set(&OUT, &OUT.sub(&int(1)));
        return b.put("}}");
    }
    let answer = b.local(&int(i64::from(from)));
    b.repeat(|b, out, _| {
        b.run(Routine::Put, &[&answer.load(WORD, 0)]);
        let ty = b.local(&answer.load(WORD, ANSWER_TYPE));
        let one = |b: &mut Body<'_, '_>, routine: Routine| {
            b.run(routine, &[&answer]);
            Ok(())
        };
        let line = match (b.outputs.has_values, b.outputs.has_verdicts) {
            (true, true) => {
                b.either(&ty, |b| one(b, Routine::PutValue), |b| one(b, Routine::PutVerdict))?;
                int(i64::from(VALUE_LINE)).when(&ty, &int(i64::from(VERDICT_LINE)))
            }
            (_, true) => {
                one(b, Routine::PutVerdict)?;
                int(i64::from(VERDICT_LINE))
            }
            _ => {
                one(b, Routine::PutValue)?;
                int(i64::from(VALUE_LINE))
            }
        };
        put_byte_here(b, &int(i64::from(b'"')));
        b.when(&REASONS, |b| {
            b.run(Routine::PutReasons, &[&answer]);
            Ok(())
        })?;
        b.set(&answer, &answer.add(&line));
        b.code.leave_when(out, &answer.eq(&int(i64::from(end))));
        b.put("},\"")
    })?;
    b.put("}}}")
}

/// See [`Routine::PutSettings`].
pub(super) fn put_settings(b: &mut Body<'_, '_>) -> Written {
    let (table, values) = (b.outputs.settings, b.context.map.parameters);
    each_choice(b, &SET, true, |b, which| {
        let which = b.local(&which.to(Ty::I32).shl(3));
        b.run(Routine::Put, &[&which.load(WORD, table)]);
        b.run(Routine::PutJson, &[&which.load(WORD, table + 4), &which.load(SLOT, values)]);
        Ok(())
    })
}

/// Whether a cell of an answer is known, and its value.
pub(super) fn cell_value(b: &mut Body<'_, '_>, answer: &Node, cell: u32) -> (Node, Node) {
    b.run(Routine::Cell, &[&answer.load(WORD, cell)]);
    (b.local(&TAG.eq(&int(KNOWN))), b.local(&VALUE))
}

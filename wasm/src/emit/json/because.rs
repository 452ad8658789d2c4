//! The reasons of an answer, from its template and what came out: as `concord_engine::explain` words them.

use concord_engine::plan::Verdict;

use super::answers::cell_value;
use super::body::{BYTE, Body, WORD, Written};
use super::frame::{KNOWN, MAY_BE, NONE, OUT, TAG, VALUE};
use super::outputs::{ANSWER_BECAUSE, ANSWER_CELL, ANSWER_EXCUSE, ANSWER_REASONS, ANSWER_REASONS_COUNT};
use super::reasons::{
    Form, MEMBER, MEMBER_ANSWER, MEMBER_CELL, MEMBER_PARTS, REASON_KINDS, REASON_LEFT, REASON_LEFT_AT, REASON_MEMBERS,
    REASON_MEMBERS_COUNT, REASON_NAME, REASON_PARTS, REASON_REACHED, REASON_ROW, REASON_ROWS, REASON_SOURCE,
};
use super::routines::Routine;
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, int, long};

/// See [`Routine::PutReasons`].
pub(super) fn put_reasons(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    let reason = b.local(&answer.load(WORD, ANSWER_BECAUSE));
    let form = b.local(&reason.load(WORD, 0));
    b.put(",\"because\":[")?;
    for of in b.outputs.forms.clone() {
        b.when(&form.eq(&int(of as i64)), |b| {
            match of {
                Form::Value => {
                    let parts = b.local(&reason.load(WORD, REASON_PARTS));
                    b.when(&parts, |b| line(b, "from ", |b| parts_of(b, &parts)))?;
                }
                Form::Path => b.run(Routine::PutPath, &[&reason]),
                Form::Table => b.run(Routine::PutTable, &[&reason]),
                Form::Obligation => b.run(Routine::PutObligation, &[&answer, &reason]),
                Form::Bundle => b.run(Routine::PutBundle, &[&answer, &reason]),
            }
            Ok(())
        })?;
    }
    b.put("]")?;
    let source = b.local(&reason.load(WORD, REASON_SOURCE));
    b.when(&source, |b| {
        b.run(Routine::Put, &[&source]);
        Ok(())
    })?;
    Ok(())
}

/// A line that begins so.
fn line(b: &mut Body<'_, '_>, start: &str, rest: impl FnOnce(&mut Body<'_, '_>) -> Written) -> Written {
    let start = b.literal(start)?;
    b.run(Routine::PutLine, &[&start]);
    rest(b)?;
    b.put("\"")
}

fn parts_of(b: &mut Body<'_, '_>, parts: &Node) -> Written {
    b.run(Routine::PutParts, &[parts]);
    Ok(())
}

/// What a table saw, where it is told.
fn with_parts(b: &mut Body<'_, '_>, before: &str, parts: &Node) -> Written {
    if !b.outputs.bare_tables {
        b.put(&format!("{before}, with "))?;
        return parts_of(b, parts);
    }
    b.put(before)?;
    b.when(parts, |b| {
        b.put(", with ")?;
        parts_of(b, parts)
    })
}

/// See [`Routine::PutLine`].
pub(super) fn put_line(b: &mut Body<'_, '_>) -> Written {
    let [start] = b.parameters();
    let first = OUT.sub(&int(1)).load(BYTE, 0).eq(&int(i64::from(b'[')));
    let (alone, after) = (b.literal("\"")?, b.literal(",\"")?);
    b.run(Routine::Put, &[&alone.when(&first, &after)]);
    b.run(Routine::Put, &[&start]);
    Ok(())
}

/// See [`Routine::PutTable`].
pub(super) fn put_table(b: &mut Body<'_, '_>) -> Written {
    let [reason] = b.parameters();
    b.run(Routine::Cell, &[&reason.load(WORD, REASON_ROW)]);
    let rows = b.local(&reason.load(WORD, REASON_ROWS));
    let parts = b.local(&reason.load(WORD, REASON_PARTS));
    let (low, high) = (b.local(&VALUE.to(Ty::I32)), b.local(&super::frame::HIGHEST.to(Ty::I32)));
    let name = b.local(&reason.load(WORD, REASON_NAME));
    b.either(
        &TAG.eq(&int(KNOWN)),
        |b| {
            line(b, "row `", |b| {
                b.run(Routine::Put, &[&rows.add(&low.shl(2)).load(WORD, 0)]);
                b.put("` of `")?;
                b.run(Routine::Put, &[&name]);
                with_parts(b, "` answers", &parts)
            })
        },
        |b| {
            line(b, "no single row of `", |b| {
                b.run(Routine::Put, &[&name]);
                with_parts(b, "` answers yet", &parts)?;
                b.put("; rows from ")?;
                b.run(Routine::PutRow, &[&rows, &low, &high]);
                b.put(" to ")?;
                b.run(Routine::PutRow, &[&rows, &high, &low]);
                b.put(" may")
            })
        },
    )?;
    Ok(())
}

/// See [`Routine::PutRow`].
pub(super) fn put_row(b: &mut Body<'_, '_>) -> Written {
    let [rows, place, end] = b.parameters();
    let step = b.local(&int(1).when(&place.bin(Bin::LeS, &end), &int(-1)));
    b.repeat(|b, out, _| {
        let row = b.local(&rows.add(&place.shl(2)).load(WORD, 0));
        b.when(&row.bin(Bin::GeS, &int(0)), |b| {
            b.put("`")?;
            b.run(Routine::Put, &[&row]);
            b.put("`")?;
            b.code.stop();
            Ok(())
        })?;
        b.code.leave_when(out, &place.eq(&end));
        b.set(&place, &place.add(&step));
        Ok(())
    })?;
    Ok(())
}

/// The address of an answer, of which an offset says how far from the first it stands.
fn answer_at(b: &mut Body<'_, '_>, at: &Node, offset: u32) -> Node {
    let answers = int(i64::from(b.outputs.answers));
    b.local(&answers.add(&at.load(WORD, offset)))
}

/// See [`Routine::PutPath`].
pub(super) fn put_path(b: &mut Body<'_, '_>) -> Written {
    let [reason] = b.parameters();
    let left = answer_at(b, &reason, REASON_LEFT);
    b.run(Routine::Cell, &[&left.load(WORD, ANSWER_CELL)]);
    let (tag, may_be) = (b.local(&TAG), b.local(&MAY_BE));
    let named = |b: &mut Body<'_, '_>, answer: &Node| {
        b.run(Routine::PutNamed, &[answer, &int(0)]);
        Ok(())
    };
    b.when(&tag.eq(&int(KNOWN)), |b| {
        line(b, "left the path at stage ", |b| {
            named(b, &left)?;
            let at = answer_at(b, &reason, REASON_LEFT_AT);
            let (known, at) = cell_value(b, &at, ANSWER_CELL);
            b.when(&known, |b| {
                b.put(": ")?;
                b.run(Routine::PutCame, &[&reason.load(SLOT, REASON_KINDS), &at]);
                b.put(" came at ")?;
                b.run(Routine::PutLocal, &[&at]);
                Ok(())
            })
        })?;
        b.code.stop();
        Ok(())
    })?;
    b.when(&tag.ne(&int(NONE)), |b| {
        let perhaps = b.literal("where it left the path, if it did, is not known: ")?;
        let surely = b.literal("left the path at stage ")?;
        b.run(Routine::PutLine, &[&perhaps.when(&may_be.bin(Bin::ShrU, &int(1)), &surely)]);
        named(b, &left)?;
        b.put("\"")?;
        b.code.stop();
        Ok(())
    })?;
    let reached = answer_at(b, &reason, REASON_REACHED);
    b.run(Routine::Cell, &[&reached.load(WORD, ANSWER_CELL)]);
    b.either(
        &TAG.eq(&int(NONE)),
        |b| line(b, "nothing on the path has happened yet", |_| Ok(())),
        |b| line(b, "on the path, at stage ", |b| named(b, &reached)),
    )?;
    Ok(())
}

/// The excuse of an obligation that is excused: whether there is one, and the address of its text.
pub(super) fn excuse(b: &mut Body<'_, '_>, answer: &Node, verdict: &Node) -> Result<(Node, Node), EmitError> {
    let (there, reason) = (b.local(&int(0)), b.local(&int(0)));
    b.when(&verdict.eq(&long(Verdict::Excused as i64)), |b| {
        let (known, excuse) = cell_value(b, answer, ANSWER_EXCUSE);
        let excuse = b.local(&excuse.to(Ty::I32));
        let count = b.local(&answer.load(WORD, ANSWER_REASONS_COUNT));
        let is_one = count.ne(&int(0)).both(&excuse.bin(Bin::LeU, &count.sub(&int(1))));
        b.when(&known.both(&is_one), |b| {
            b.set(&there, &int(1));
            b.set(&reason, &answer.load(WORD, ANSWER_REASONS).add(&excuse.shl(2)).load(WORD, 0));
            Ok(())
        })
    })?;
    Ok((there, reason))
}

/// `excused: "…"`, where it is.
pub(super) fn put_excuse(b: &mut Body<'_, '_>, answer: &Node, verdict: &Node) -> Written {
    let (there, reason) = excuse(b, answer, verdict)?;
    b.when(&there, |b| {
        line(b, "excused: ", |b| {
            b.run(Routine::Put, &[&reason]);
            Ok(())
        })
    })
}

/// A verdict, or −1 where it is not known.
pub(super) fn verdict_of(b: &mut Body<'_, '_>, at: &Node, offset: u32) -> Node {
    let (known, verdict) = cell_value(b, at, offset);
    b.local(&verdict.when(&known, &long(-1)))
}

/// See [`Routine::PutBundle`].
pub(super) fn put_bundle(b: &mut Body<'_, '_>) -> Written {
    let [answer, reason] = b.parameters();
    let whole = verdict_of(b, &answer, ANSWER_CELL);
    b.when(&whole.eq(&long(Verdict::NotApplicable as i64)), |b| {
        line(b, "it does not apply to this case", |_| Ok(()))?;
        b.code.stop();
        Ok(())
    })?;
    put_excuse(b, &answer, &whole)?;
    let first = b.local(&reason.load(WORD, REASON_MEMBERS));
    let last = b.local(&first.add(&reason.load(WORD, REASON_MEMBERS_COUNT).bin(Bin::Mul, &int(i64::from(MEMBER)))));
    let verdicts = int(i64::from(b.outputs.worst_first));
    let (of, end) = (b.local(&verdicts), b.local(&verdicts.add(&int(8 * 7))));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &of.eq(&end));
        let wanted = b.local(&of.load(WORD, 0).to(Ty::I64));
        let (any, member) = (b.local(&int(0)), b.local(&first));
        b.repeat(|b, told, _| {
            b.code.leave_when(told, &member.eq(&last));
            let verdict = verdict_of(b, &member, MEMBER_CELL);
            b.when(&verdict.eq(&wanted), |b| {
                b.either(
                    &any,
                    |b| b.put(", "),
                    |b| {
                        b.run(Routine::PutLine, &[&of.load(WORD, 4)]);
                        Ok(())
                    },
                )?;
                b.set(&any, &int(1));
                b.run(Routine::PutMember, &[&member, &wanted]);
                Ok(())
            })?;
            b.advance(&member, i64::from(MEMBER));
            Ok(())
        })?;
        b.when(&any, |b| b.put("\""))?;
        b.advance(&of, 8);
        Ok(())
    })?;
    Ok(())
}

/// See [`Routine::PutMember`].
pub(super) fn put_member(b: &mut Body<'_, '_>) -> Written {
    let [member, verdict] = b.parameters();
    b.run(Routine::Put, &[&member.load(WORD, 0)]);
    b.stop_when(&verdict.bin(Bin::LtS, &long(0)));
    let parts = b.local(&member.load(WORD, MEMBER_PARTS));
    b.when(&parts, |b| {
        b.put(" (")?;
        parts_of(b, &parts)?;
        b.put(")")
    })?;
    b.stop_when(&member.load(WORD, MEMBER_ANSWER).bin(Bin::LtS, &int(0)));
    let answer = answer_at(b, &member, MEMBER_ANSWER);
    b.run(Routine::PutOfMember, &[&answer, &verdict]);
    Ok(())
}

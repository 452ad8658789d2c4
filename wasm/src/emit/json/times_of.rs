//! The reasons of an obligation: what it is counted from, its deadline, what was done, and how late.

use concord_engine::plan::{Call, DueBy, Verdict};

use super::answers::cell_value;
use super::because::{excuse, put_excuse, verdict_of};
use super::body::{Body, WORD, Written, within};
use super::frame::{NONE, TAG};
use super::outputs::{ANSWER_CELL, ANSWER_DONE, ANSWER_DUE, ANSWER_TRIGGER};
use super::reasons::REASON_PARTS;
use super::routines::Routine;
use super::verdicts::{by, falls_on_days, falls_on_working_days, on_one_day};
use crate::abi::IN_AS_OF;
use crate::emit::assembler::{Bin, Node, SLOT, int, long};
use crate::emit::runtime::Routine as Calendar;

/// See [`Routine::PutObligation`].
pub(super) fn put_obligation(b: &mut Body<'_, '_>) -> Written {
    let [answer, reason] = b.parameters();
    let verdict = verdict_of(b, &answer, ANSWER_CELL);
    let (has_trigger, trigger) = cell_value(b, &answer, ANSWER_TRIGGER);
    let is = |of: Verdict| verdict.eq(&long(of as i64));
    b.when(&is(Verdict::NotApplicable), |b| {
        let other = b.literal("it does not apply to this case")?;
        let nothing = b.literal("there is nothing that it is counted from")?;
        // The trigger was read last.
        b.run(Routine::PutLine, &[&nothing.when(&TAG.eq(&int(NONE)), &other)]);
        b.put("\"")?;
        b.code.stop();
        Ok(())
    })?;
    b.when(&has_trigger, |b| {
        begin(b, "counted from ")?;
        b.run(Routine::PutLocal, &[&trigger]);
        b.put("\"")
    })?;
    let by = by(b, &answer);
    let (has_due, due) = cell_value(b, &answer, ANSWER_DUE);
    b.when(&has_due, |b| {
        begin(b, "due ")?;
        b.run(Routine::PutDue, &[&by, &due]);
        b.put("\"")
    })?;
    let on_a_day = b.local(&has_due.both(&within(&by, 1, 2)));
    let (has_done, done) = cell_value(b, &answer, ANSWER_DONE);
    b.either(
        &has_done,
        |b| {
            begin(b, "done ")?;
            b.run(Routine::PutLocal, &[&done]);
            b.when(&has_trigger, |b| after_or_before(b, &done, &trigger, &on_a_day))?;
            b.put("\"")
        },
        |b| {
            b.when(&is(Verdict::Missed).either(&is(Verdict::Open)), |b| {
                begin(b, "not done by ")?;
                let record = int(i64::from(b.context.map.record));
                b.run(Routine::PutLocal, &[&record.load(SLOT, IN_AS_OF)]);
                b.put("\"")
            })
        },
    )?;
    put_excuse(b, &answer, &verdict)?;
    let parts = b.local(&reason.load(WORD, REASON_PARTS));
    b.when(&parts, |b| {
        begin(b, "facts used: ")?;
        b.run(Routine::PutParts, &[&parts]);
        b.put("\"")
    })?;
    Ok(())
}

/// Opens a line.
fn begin(b: &mut Body<'_, '_>, start: &str) -> Written {
    let start = b.literal(start)?;
    b.run(Routine::PutLine, &[&start]);
    Ok(())
}

/// `, 2 h after`, `, 3 calendar days after`, `, 10 min before`.
fn after_or_before(b: &mut Body<'_, '_>, done: &Node, trigger: &Node, on_a_day: &Node) -> Written {
    b.put(", ")?;
    let days = b.local(&long(0));
    b.either(
        &done.bin(Bin::GeS, trigger),
        |b| {
            if falls_on_days(b) {
                b.when(on_a_day, |b| {
                    let (last, first) = (local_date(b, done), local_date(b, trigger));
                    b.set(&days, &last.sub(&first));
                    Ok(())
                })?;
            }
            b.either(
                &days.bin(Bin::GtS, &long(0)),
                |b| {
                    if falls_on_days(b) {
                        b.run(Routine::PutDays, &[&days, &int(0)]);
                    }
                    Ok(())
                },
                |b| {
                    b.run(Routine::PutDuration, &[&done.sub(trigger)]);
                    Ok(())
                },
            )?;
            b.put(" after")
        },
        |b| {
            b.run(Routine::PutDuration, &[&trigger.sub(done)]);
            b.put(" before")
        },
    )
}

fn local_date(b: &mut Body<'_, '_>, instant: &Node) -> Node {
    b.help(Calendar::Call(Call::LocalDate), &[instant])
}

/// See [`Routine::PutOfMember`]: what its own answer says more of a part of a bundle than its verdict.
pub(super) fn put_of_member(b: &mut Body<'_, '_>) -> Written {
    let [answer, verdict] = b.parameters();
    let is = |of: Verdict| verdict.eq(&long(of as i64));
    let by = by(b, &answer);
    let (has_due, due) = cell_value(b, &answer, ANSWER_DUE);
    b.when(&has_due.both(&is(Verdict::Missed).either(&is(Verdict::Open))), |b| {
        b.put(" (due ")?;
        b.run(Routine::PutDue, &[&by, &due]);
        b.put(")")
    })?;
    let (has_done, done) = cell_value(b, &answer, ANSWER_DONE);
    let has_day = on_one_day(b, &answer, &by, (&has_done, &done))?;
    b.when(&has_due.both(&has_day).both(&is(Verdict::Late)), |b| {
        b.put(" (by ")?;
        b.run(Routine::PutLateBy, &[&by, &due, &done]);
        b.put(")")
    })?;
    let (there, reason) = excuse(b, &answer, &verdict)?;
    b.when(&there, |b| {
        b.put(" (because \\\"")?;
        b.run(Routine::Put, &[&reason]);
        b.put("\\\")")
    })?;
    Ok(())
}

/// See [`Routine::PutLateBy`].
pub(super) fn put_late_by(b: &mut Body<'_, '_>) -> Written {
    let [by, due, done] = b.parameters();
    if falls_on_days(b) {
        b.when(&within(&by, 1, 2), |b| {
            let (last, until) = (local_date(b, &due), local_date(b, &done));
            let in_working_days = if falls_on_working_days(b) { by.eq(&int(DueBy::WorkingDay as i64)) } else { int(0) };
            b.when_ever(&in_working_days, |b| {
                let days = b.call(Routine::WorkingDaysBetween, &[&last, &until]);
                b.when(&days.bin(Bin::GeS, &long(1)), |b| {
                    b.run(Routine::PutDays, &[&days, &int(1)]);
                    b.code.stop();
                    Ok(())
                })
            })?;
            b.run(Routine::PutDays, &[&until.sub(&last), &int(0)]);
            b.code.stop();
            Ok(())
        })?;
    }
    b.run(Routine::PutDuration, &[&done.sub(&due)]);
    Ok(())
}

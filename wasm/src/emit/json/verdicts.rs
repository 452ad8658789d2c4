//! The answer of an obligation: its verdict, its times, how late, which excuse.

use concord_engine::plan::{Call, DueBy, Verdict};

use super::answers::cell_value;
use super::body::{Body, WORD, Written, within};
use super::frame::{HIGHEST, KNOWN, MAY_BE, MISSING, NEEDED, TAG, VALUE};
use super::outputs::{
    ANSWER_CELL, ANSWER_DONE, ANSWER_DUE, ANSWER_DUE_BY, ANSWER_EXCUSE, ANSWER_PARTS, ANSWER_PARTS_COUNT,
    ANSWER_REASONS, ANSWER_REASONS_COUNT, ANSWER_TRIGGER,
};
use super::routines::Routine;
use crate::emit::assembler::{Bin, EmitError, Node, Ty, int, long};
use crate::emit::runtime::{DAY, Days, Routine as Calendar, floor, weekday};

/// See [`Routine::DueBy`]: of a bundle whose parts differ, what that of its first open part with the same deadline falls on.
pub(super) fn due_by(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    let by = b.local(&answer.load(WORD, ANSWER_DUE_BY));
    if !b.outputs.due_by.contains(&DueBy::Part) {
        b.code.push(&by);
        return Ok(());
    }
    b.repeat(|b, out, again| {
        b.code.leave_when(out, &by.ne(&int(DueBy::Part as i64)));
        let (known, due) = cell_value(b, &answer, ANSWER_DUE);
        b.set(&by, &int(DueBy::Instant as i64));
        let part = b.local(&answer.load(WORD, ANSWER_PARTS));
        let last = b.local(&part.add(&answer.load(WORD, ANSWER_PARTS_COUNT).shl(2)));
        b.repeat(|b, none, _| {
            b.code.leave_when(none, &part.eq(&last));
            let of = b.local(&part.load(WORD, 0));
            let (decided, verdict) = cell_value(b, &of, ANSWER_CELL);
            let open = b.local(&decided.both(&verdict.eq(&long(Verdict::Open as i64))));
            let (known_here, due_here) = cell_value(b, &of, ANSWER_DUE);
            let same = known_here.eq(&known).both(&known.not().either(&due_here.eq(&due)));
            b.when(&open.both(&same), |b| {
                b.set(&answer, &of);
                b.set(&by, &of.load(WORD, ANSWER_DUE_BY));
                b.code.leave(again);
                Ok(())
            })?;
            b.advance(&part, 4);
            Ok(())
        })
    })?;
    b.code.push(&by);
    Ok(())
}

/// See [`Routine::PutDue`].
pub(super) fn put_due(b: &mut Body<'_, '_>) -> Written {
    let [by, due] = b.parameters();
    if falls_on_days(b) {
        b.when(&within(&by, 1, 2), |b| {
            let day = b.help(Calendar::Call(Call::LocalDate), &[&due]);
            b.run(Routine::PutDay, &[&day]);
            b.code.stop();
            Ok(())
        })?;
    }
    b.run(Routine::PutLocal, &[&due]);
    Ok(())
}

/// Whether any deadline falls on a day.
pub(super) fn falls_on_days(b: &Body<'_, '_>) -> bool {
    const { assert!(DueBy::Day as i64 == 1 && DueBy::WorkingDay as i64 == 2) };
    b.outputs.due_by.iter().any(|by| *by != DueBy::Instant)
}

/// What the deadline of an answer falls on.
pub(super) fn by(b: &mut Body<'_, '_>, answer: &Node) -> Node {
    if falls_on_days(b) { b.call(Routine::DueBy, &[answer]) } else { int(DueBy::Instant as i64) }
}

/// Whether any deadline falls on a working day.
pub(super) fn falls_on_working_days(b: &Body<'_, '_>) -> bool {
    b.outputs.due_by.contains(&DueBy::WorkingDay)
}

/// See [`Routine::PutInstant`].
pub(super) fn put_instant(b: &mut Body<'_, '_>) -> Written {
    let [before, cell] = b.parameters();
    b.run(Routine::Cell, &[&cell]);
    b.finish_when(&TAG.ne(&int(KNOWN)), &int(0));
    let instant = b.local(&VALUE);
    b.run(Routine::Put, &[&before]);
    b.run(Routine::PutUtc, &[&instant]);
    b.put("\"")?;
    b.set(&VALUE, &instant);
    b.code.push(&int(1));
    Ok(())
}

/// What is known of an obligation while its answer is written.
struct Judged {
    answer: Node,
    /// Less than 0 where it is not known.
    verdict: Node,
    possible: Node,
    by: Node,
    /// Whether the deadline is known, and the deadline.
    has_due: Node,
    due: Node,
    has_done: Node,
    done: Node,
}

/// See [`Routine::PutVerdict`].
pub(super) fn put_verdict(b: &mut Body<'_, '_>) -> Written {
    let [answer] = b.parameters();
    let ty = int(i64::from(b.outputs.verdicts));
    let (decided, verdict) = cell_value(b, &answer, ANSWER_CELL);
    let (possible, needs) = (b.local(&HIGHEST), b.local(&NEEDED));
    let verdict = b.local(&verdict.when(&decided, &long(-1)));
    b.put("\":{\"kind\":\"verdict\",\"verdict\":\"")?;
    b.either(
        &decided,
        |b| {
            b.run(Routine::PutChoice, &[&ty, &verdict]);
            b.put("\"")
        },
        |b| {
            b.put("unknown\",\"possible\":[")?;
            b.run(Routine::PutChoices, &[&ty, &possible]);
            b.put("]")?;
            b.run(Routine::PutNeeds, &[&needs]);
            Ok(())
        },
    )?;
    let by = by(b, &answer);
    let instant = |b: &mut Body<'_, '_>, name: &str, cell: u32| -> Result<(Node, Node), EmitError> {
        let before = b.literal(&format!(",\"{name}\":\""))?;
        let known = b.call(Routine::PutInstant, &[&before, &answer.load(WORD, cell)]);
        Ok((known, b.local(&VALUE)))
    };
    instant(b, "from", ANSWER_TRIGGER)?;
    let (has_due, due) = instant(b, "due", ANSWER_DUE)?;
    if falls_on_days(b) {
        b.when(&has_due.both(&within(&by, 1, 2)), |b| {
            b.put(",\"due_on\":\"")?;
            let day = b.help(Calendar::Call(Call::LocalDate), &[&due]);
            b.run(Routine::PutDate, &[&day]);
            b.put("\"")
        })?;
    }
    let (has_done, done) = instant(b, "done", ANSWER_DONE)?;
    let judged = Judged { answer, verdict, possible, by, has_due, due, has_done, done };
    put_end(b, &ty, &judged)
}

/// How late, which excuse, and the words.
fn put_end(b: &mut Body<'_, '_>, ty: &Node, judged: &Judged) -> Written {
    let Judged { answer, verdict, possible, by, has_due, due, has_done, done } = judged;
    let is = |of: Verdict| verdict.eq(&long(of as i64));
    b.block(|b, said| {
        let has_day = on_one_day(b, answer, by, (has_done, done))?;
        b.when(&is(Verdict::Late).both(has_due).both(&has_day), |b| {
            put_late(b, by, due, (has_done, done))?;
            b.code.leave(said);
            Ok(())
        })?;
        let excused = if b.outputs.has_excuses { is(Verdict::Excused) } else { int(0) };
        b.when_ever(&excused, |b| {
            let (known, excuse) = cell_value(b, answer, ANSWER_EXCUSE);
            let excuse = b.local(&excuse.to(Ty::I32));
            let count = b.local(&answer.load(WORD, ANSWER_REASONS_COUNT));
            let is_one = count.ne(&int(0)).both(&excuse.bin(Bin::LeU, &count.sub(&int(1))));
            b.when(&known.both(&is_one), |b| {
                let reason = b.local(&answer.load(WORD, ANSWER_REASONS).add(&excuse.shl(2)).load(WORD, 0));
                b.put(",\"excuse\":\"")?;
                b.run(Routine::Put, &[&reason]);
                b.put("\",\"text\":\"excused because \\\"")?;
                b.run(Routine::Put, &[&reason]);
                b.put("\\\"")?;
                b.code.leave(said);
                Ok(())
            })
        })?;
        b.put(",\"text\":\"")?;
        b.when(&is(Verdict::Open).both(has_due), |b| {
            b.put("open due ")?;
            b.run(Routine::PutDue, &[by, due]);
            b.code.leave(said);
            Ok(())
        })?;
        b.when(&verdict.bin(Bin::GeS, &long(0)), |b| {
            b.run(Routine::PutChoice, &[ty, verdict]);
            b.code.leave(said);
            Ok(())
        })?;
        b.put("unknown, ")?;
        b.run(Routine::PutChoicesShown, &[ty, possible, &int(0)]);
        Ok(())
    })
}

/// Whether it is known when it was done or, of what is due by a day, on which day alone: then a time of that day stands for it, as it is late by days
/// whatever the hour.
pub(super) fn on_one_day(
    b: &mut Body<'_, '_>,
    answer: &Node,
    by: &Node,
    (has_done, done): (&Node, &Node),
) -> Result<Node, EmitError> {
    if !falls_on_days(b) {
        return Ok(has_done.clone());
    }
    let is_known = b.local(has_done);
    b.when(&within(by, 1, 2).both(&has_done.not()), |b| {
        b.run(Routine::Cell, &[&answer.load(WORD, ANSWER_DONE)]);
        let (first, until) = (b.local(&VALUE), b.local(&HIGHEST));
        b.when(&TAG.eq(&int(MISSING)).both(&MAY_BE.eq(&int(1))), |b| {
            let day = b.help(Calendar::Call(Call::LocalDate), &[&first]);
            let last = b.help(Calendar::Call(Call::LocalDate), &[&until]);
            b.set(&is_known, &day.eq(&last));
            b.set(done, &first);
            Ok(())
        })
    })?;
    Ok(is_known)
}

fn put_late(b: &mut Body<'_, '_>, by: &Node, due: &Node, (has_done, done): (&Node, &Node)) -> Written {
    let elapsed = b.local(&done.sub(due));
    let iso = |b: &mut Body<'_, '_>| {
        b.put(",\"late_by\":\"")?;
        b.run(Routine::PutIso, &[&elapsed]);
        b.put("\"")
    };
    let in_days = b.local(&within(by, 1, 2));
    if falls_on_days(b) {
        b.when(has_done, iso)?;
    } else {
        iso(b)?;
    }
    if !falls_on_days(b) {
        b.put(",\"text\":\"late by ")?;
        b.run(Routine::PutDuration, &[&elapsed]);
        return Ok(());
    }
    let (calendar, working) = (b.local(&long(0)), b.local(&long(0)));
    b.when(&in_days, |b| {
        let last = b.help(Calendar::Call(Call::LocalDate), &[due]);
        let until = b.help(Calendar::Call(Call::LocalDate), &[done]);
        b.set(&calendar, &until.sub(&last));
        b.put(",\"late_by_days\":")?;
        b.run(Routine::PutWhole, &[&calendar, &int(1)]);
        if !falls_on_working_days(b) {
            return Ok(());
        }
        b.when(&by.eq(&int(DueBy::WorkingDay as i64)), |b| {
            let days = b.call(Routine::WorkingDaysBetween, &[&last, &until]);
            b.set(&working, &days);
            b.put(",\"late_by_working_days\":")?;
            b.run(Routine::PutWhole, &[&working, &int(1)]);
            Ok(())
        })
    })?;
    b.put(",\"text\":\"late by ")?;
    b.either(
        &in_days,
        |b| {
            let some = if falls_on_working_days(b) { working.bin(Bin::GeS, &long(1)) } else { int(0) };
            b.run(Routine::PutDays, &[&working.when(&some, &calendar), &some]);
            Ok(())
        },
        |b| {
            b.run(Routine::PutDuration, &[&elapsed]);
            Ok(())
        },
    )
}

/// See [`Routine::PutDays`].
pub(super) fn put_days(b: &mut Body<'_, '_>) -> Written {
    let [count, working] = b.parameters();
    b.run(Routine::PutWhole, &[&count, &int(1)]);
    let all = b.literal(" calendar day")?;
    let words = if falls_on_working_days(b) { b.literal(" working day")?.when(&working, &all) } else { all };
    b.run(Routine::Put, &[&words]);
    b.when(&count.ne(&long(1)), |b| b.put("s"))
}

/// See [`Routine::WorkingDaysBetween`]: as `concord_engine::values::working_days` counts them.
pub(super) fn working_days_between(b: &mut Body<'_, '_>) -> Written {
    let [day, until] = b.parameters();
    b.finish_when(&until.bin(Bin::LeS, &day), &long(0));
    let counted = |b: &mut Body<'_, '_>, day: &Node| {
        let (weeks, rest) = floor(&mut b.code, &day.add(&long(3)), &long(7));
        let rest = b.local(&rest.add(&long(1)));
        let within_week = long(5).when(&rest.bin(Bin::GtS, &long(5)), &rest);
        b.local(&weeks.bin(Bin::Mul, &long(5)).add(&within_week))
    };
    let (last, first) = (counted(b, &until), counted(b, &day));
    let total = b.local(&last.sub(&first));
    let holidays = b.context.plan.holidays.clone();
    if holidays.is_empty() {
        b.code.push(&total);
        return Ok(());
    }
    let Days { address, length } = b.context.days(&holidays)?;
    let at = b.local(&address);
    let end = b.local(&address.add(&length.shl(DAY.log2())));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let holiday = b.local(&at.load(DAY, 0).to(Ty::I64));
        b.advance(&at, i64::from(DAY.bytes));
        b.when(&holiday.bin(Bin::GtS, &day).both(&holiday.bin(Bin::LeS, &until)), |b| {
            let weekday = weekday(&mut b.code, &holiday);
            b.set(&total, &total.sub(&weekday.bin(Bin::LtS, &int(5)).to(Ty::I64)));
            Ok(())
        })
    })?;
    b.code.push(&total);
    Ok(())
}

//! Division, functions of times, lists and the calendar on possible values: what only grows or only falls with its operand at both ends, what begins
//! anew with each day, month or year by a routine of both ends.

use concord_engine::plan::calls::{Bounds, at_ends};
use concord_engine::plan::{Call, Class, Rounding};
use concord_engine::values::real::interval::Interval;

use super::General;
use super::value::{Possible, test};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, flag, int, long};
use crate::emit::runtime::{Routine, weekday};
use crate::emit::walk::TimeOp;

impl General<'_, '_> {
    fn helped(&mut self, helper: Routine, operands: &[&Node]) -> Node {
        let value = self.context.helpers.call(helper, operands.iter().map(|o| (*o).clone()).collect());
        self.code.share(&value)
    }

    /// See [`crate::emit::walk::Domain::time_op`].
    pub(crate) fn work_out(&mut self, op: TimeOp, a: &Possible, b: &Possible) -> Result<Possible, EmitError> {
        let (low, high) = self.ends_of_time_op(op, a, b)?;
        let value = Possible::of_both(a, b, low, high);
        Ok(self.settled_from(value, &[a, b]))
    }

    fn ends_of_time_op(&mut self, op: TimeOp, a: &Possible, b: &Possible) -> Result<(Node, Node), EmitError> {
        Ok(match op {
            TimeOp::Overlap(from, until) => self.overlap(a, b, &long(from), &long(until)),
            TimeOp::Divide(how) => self.divide(a, b, how),
            TimeOp::WorkingDays => self.working_days(a, b)?,
        })
    }

    fn working_days(&mut self, date: &Possible, count: &Possible) -> Result<(Node, Node), EmitError> {
        let holidays = self.context.days(&self.context.plan.holidays)?;
        let mut end = |date: &Node, count: &Node| {
            self.helped(Routine::WorkingDays, &[date, count, &holidays.address, &holidays.length])
        };
        let low = end(&date.low, &count.low);
        let high = if date.is_single() && count.is_single() { low.clone() } else { end(&date.high, &count.high) };
        Ok((low, high))
    }

    /// See [`crate::emit::walk::Domain::call`].
    pub(crate) fn call_of(&mut self, call: Call, operands: &[Possible]) -> Possible {
        let ends: Vec<Interval<&Node>> = operands.iter().map(|x| Interval { low: &x.low, high: &x.high }).collect();
        let (low, high) = match call.description().bounds {
            Bounds::AtEnds(moves) => {
                let ends = at_ends(moves, &ends);
                let low = self.helped(Routine::Call(call), &ends.low);
                let single = operands.iter().all(Possible::is_single);
                (low.clone(), if single { low } else { self.helped(Routine::Call(call), &ends.high) })
            }
            Bounds::Within(_) if operands.iter().all(Possible::is_single) => {
                let exact = self.helped(Routine::Call(call), &ends.iter().map(|x| x.low).collect::<Vec<_>>());
                (exact.clone(), exact)
            }
            Bounds::Within(_) => {
                let both: Vec<&Node> = ends.iter().flat_map(|x| [x.low, x.high]).collect();
                let packed = self.helped(Routine::Ends(call), &both);
                (packed.bin(Bin::And, &long(0xffff_ffff)), packed.bin(Bin::ShrU, &long(32)))
            }
        };
        let value = Possible::of_all(operands, low, high);
        self.settled_from(value, &operands.iter().collect::<Vec<_>>())
    }

    fn divide(&mut self, a: &Possible, b: &Possible, how: Rounding) -> (Node, Node) {
        let mut corner = |x: &Node, y: &Node| self.helped(Routine::Quotient(how), &[x, y]);
        let first = corner(&a.low, &b.low);
        if a.is_single() && b.is_single() {
            return (first.clone(), first);
        }
        let last = corner(&a.high, &b.high);
        if b.is_single() {
            return (self.min(&first, &last), self.max(&first, &last));
        }
        let others = [corner(&a.low, &b.high), corner(&a.high, &b.low)];
        let (mut low, mut high) = (first.clone(), first);
        for corner in others.iter().chain([&last]) {
            low = self.min(&low, corner);
            high = self.max(&high, corner);
        }
        (low, high)
    }

    fn overlap(&mut self, start: &Possible, end: &Possible, from: &Node, until: &Node) -> (Node, Node) {
        let least = self.helped(Routine::Overlap, &[&start.high, &end.low, from, until]);
        if start.is_single() && end.is_single() {
            return (least.clone(), least);
        }
        (least, self.helped(Routine::Overlap, &[&start.low, &end.high, from, until]))
    }

    /// See [`crate::emit::walk::Domain::weekday`].
    pub(crate) fn day_of_week(&mut self, x: Possible) -> Possible {
        let first = weekday(self.code, &x.low);
        let first = self.code.share(&first);
        let more = self.code.share(&x.high.to(Ty::I64).sub(&x.low.to(Ty::I64)));
        let few = more.bin(Bin::LtS, &long(6));
        let days = int(2).bin(Bin::Shl, &more.to(Ty::I32)).sub(&int(1)).bin(Bin::Shl, &first);
        let days = self.code.share(&days);
        let days = days.bin(Bin::Or, &days.bin(Bin::ShrU, &int(7))).bin(Bin::And, &int(0x7f));
        let mask = self.code.share(&days.when(&few, &int(0x7f)).to(Ty::I64));
        Possible { low: mask.clone(), high: mask, ..x }.settled(self.code, Class::Set)
    }

    /// See [`crate::emit::walk::Domain::in_list`].
    pub(crate) fn one_of_list(&mut self, x: &Possible, values: &[i64]) -> Result<Possible, EmitError> {
        if values.is_empty() {
            return Ok(Possible::known(flag(false)));
        }
        let list = self.context.list(values)?;
        let from = self.helped(Routine::Below, &[&list.address, &list.length, &x.low]);
        let to = self.helped(Routine::Below, &[&list.address, &list.length, &x.high.to(Ty::I64).add(&long(1))]);
        let within = self.code.share(&to.sub(&from).to(Ty::I64));
        let possible = self.code.share(&within.ne(&long(0)));
        let all = within.sub(&long(1)).eq(&x.high.to(Ty::I64).sub(&x.low.to(Ty::I64)));
        let certain = all.both(&possible).both(&x.some).both(&x.none.not());
        Ok(test(self.code, &certain, &possible.both(&x.some), &x.needs))
    }
}

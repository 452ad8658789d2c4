//! Division, lists and the calendar on possible values: what only grows with its operand at both ends, the rest exactly where
//! the operand is known and otherwise as anything.

use concord_engine::plan::{Class, Rounding};
use concord_engine::values::calendar::DAY;

use super::General;
use super::value::{Possible, test};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, flag, int, long};
use crate::emit::runtime::{Routine, floor, weekday};
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
        Ok(value.settled(self.code, &mut self.context.helpers, Class::Range))
    }

    fn ends_of_time_op(&mut self, op: TimeOp, a: &Possible, b: &Possible) -> Result<(Node, Node), EmitError> {
        let helper = match op {
            TimeOp::LocalTime => return Ok(self.local_time(a)),
            TimeOp::Overlap(from, until) => return Ok(self.overlap(a, b, &long(from), &long(until))),
            TimeOp::Divide(how) => return Ok(self.divide(a, b, how)),
            TimeOp::Years => {
                let low = self.helped(Routine::Years, &[&a.high, &b.low]);
                let single = a.is_single() && b.is_single();
                let high = if single { low.clone() } else { self.helped(Routine::Years, &[&a.low, &b.high]) };
                return Ok((low, high));
            }
            TimeOp::LocalDate => Routine::LocalDate,
            TimeOp::InstantOn => Routine::InstantOn,
            TimeOp::WorkingDays => Routine::WorkingDays,
        };
        let mut holidays = Vec::new();
        if op == TimeOp::WorkingDays {
            let list = self.context.list(&self.context.plan.holidays)?;
            holidays.extend([list.address, list.length]);
        }
        let mut end = |a: &Node, b: &Node| {
            let operands: Vec<&Node> = [a, b].into_iter().chain(&holidays).collect();
            self.helped(helper, &operands)
        };
        let low = end(&a.low, &b.low);
        let high = if a.is_single() && b.is_single() { low.clone() } else { end(&a.high, &b.high) };
        Ok((low, high))
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

    fn local_time(&mut self, x: &Possible) -> (Node, Node) {
        let local = self.helped(Routine::Local, &[&x.low]);
        let (_, time) = floor(self.code, &local, &long(DAY));
        let known = self.code.share(&x.low.eq(&x.high));
        (time.when(&known, &long(0)), time.when(&known, &long(DAY - 1)))
    }

    fn overlap(&mut self, start: &Possible, end: &Possible, from: &Node, until: &Node) -> (Node, Node) {
        let known = self.code.share(&start.low.eq(&start.high).both(&end.low.eq(&end.high)));
        let low = self.code.variable(&long(0));
        let high = self.code.variable(&long(0));
        self.code.when(&known);
        let exact = self.helped(Routine::Overlap, &[&start.low, &end.low, from, until]);
        self.code.set(&low, &exact);
        self.code.set(&high, &exact);
        self.code.otherwise();
        let most = self.max(&end.high.to(Ty::I64).sub(&start.low.to(Ty::I64)), &long(0));
        self.code.set(&high, &most);
        self.code.end();
        (low, high)
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
        Possible { low: mask.clone(), high: mask, ..x }.settled(self.code, &mut self.context.helpers, Class::Set)
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

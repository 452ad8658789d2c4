//! Division, functions of times, lists and the calendar where everything is known.

use concord_engine::plan::{Call, Shape};

use super::{Known, Strict, strict_type};
use crate::emit::assembler::{EmitError, Ty, Width, count, flag, long};
use crate::emit::runtime::{Routine, weekday};
use crate::emit::walk::TimeOp;

impl Strict<'_, '_> {
    /// See [`crate::emit::walk::Domain::time_op`].
    pub(crate) fn work_out(&mut self, op: TimeOp, a: &Known, b: &Known, shape: Shape) -> Result<Known, EmitError> {
        let helper = match op {
            TimeOp::Divide(how) => Routine::Quotient(how),
            TimeOp::WorkingDays => Routine::WorkingDays,
            TimeOp::Overlap(..) => Routine::Overlap,
        };
        let mut operands = vec![a.value.clone(), b.value.clone()];
        match op {
            TimeOp::WorkingDays => {
                let holidays = self.context.days(&self.context.plan.holidays)?;
                operands.extend([holidays.address, holidays.length]);
            }
            TimeOp::Overlap(from, until) => operands.extend([from, until].map(long)),
            _ => {}
        }
        let value = self.context.helpers.call(helper, operands);
        let value = self.code.share(&value);
        Ok(Known { value: value.to(strict_type(shape)), none: a.none.either(&b.none) })
    }

    /// See [`crate::emit::walk::Domain::call`].
    pub(crate) fn call_of(&mut self, call: Call, operands: &[Known], shape: Shape) -> Known {
        let values = operands.iter().map(|operand| operand.value.clone()).collect();
        let none = operands.iter().fold(flag(false), |none, operand| none.either(&operand.none));
        let value = self.context.helpers.call(Routine::Call(call), values);
        Known { value: self.code.share(&value).to(strict_type(shape)), none }
    }

    /// See [`crate::emit::walk::Domain::weekday`].
    pub(crate) fn day_of_week(&mut self, x: Known) -> Known {
        Known { value: weekday(self.code, &x.value), none: x.none }
    }

    /// See [`crate::emit::walk::Domain::in_list`]: the first that is not less is the value.
    pub(crate) fn one_of_list(&mut self, x: &Known, values: &[i64]) -> Result<Known, EmitError> {
        let Some((_, rest)) = values.split_last() else {
            return Ok(Known::some(flag(false)));
        };
        let value = self.code.share(&x.value.to(Ty::I64));
        let holds = if values.len() <= 4 {
            values.iter().fold(flag(false), |any, one| any.either(&value.eq(&long(*one))))
        } else {
            let list = self.context.list(values)?.address;
            let count = count(rest.len())?;
            let place = self.context.helpers.call(Routine::Below, vec![list.clone(), count, value.clone()]);
            list.add(&place.shl(3)).load(Width::signed(8), 0).eq(&value)
        };
        Ok(Known::some(holds.both(&x.none.not())))
    }
}

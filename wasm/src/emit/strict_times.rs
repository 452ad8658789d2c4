//! Division, lists and the calendar where everything is known.

use concord_engine::plan::Shape;
use concord_engine::values::calendar::DAY;

use super::calendar;
use super::node::{Node, Ty, Width, flag, long};
use super::routines::Routine;
use super::search::floor;
use super::strict::{Known, Strict, strict_type};
use super::walk::Worked;

impl Strict<'_, '_> {
    /// See [`super::walk::Domain::worked`].
    pub(super) fn work_out(&mut self, op: Worked, a: &Known, b: &Known, shape: Shape) -> Known {
        let helper = match op {
            Worked::Divide(how) => Routine::Quotient(how),
            Worked::LocalDate => Routine::LocalDate,
            Worked::LocalTime => Routine::Local,
            Worked::InstantOn => Routine::InstantOn,
            Worked::WorkingDays => Routine::WorkingDays,
            Worked::Years => Routine::Years,
            Worked::Overlap(..) => Routine::Overlap,
        };
        let mut operands = vec![a.value.clone(), b.value.clone()];
        match op {
            Worked::WorkingDays => operands.extend(self.shared.list(&self.shared.plan.holidays)),
            Worked::Overlap(from, until) => operands.extend([from, until].map(long)),
            _ => {}
        }
        let value = self.shared.helpers.call(helper, operands);
        let value = self.code.share(&value);
        let value = if op == Worked::LocalTime { floor(self.code, &value, &long(DAY)).1 } else { value };
        Known { value: value.to(strict_type(shape)), none: a.none.either(&b.none) }
    }

    /// See [`super::walk::Domain::weekday`].
    pub(super) fn day_of_week(&mut self, x: Known) -> Known {
        Known { value: calendar::weekday(self.code, &x.value), none: x.none }
    }

    /// See [`super::walk::Domain::in_list`]: the first that is not less is the value.
    pub(super) fn one_of_list(&mut self, x: &Known, values: &[i64]) -> Known {
        let Some((_, rest)) = values.split_last() else {
            return Known::some(flag(false));
        };
        let value = self.code.share(&x.value.to(Ty::I64));
        let holds = if values.len() <= 4 {
            values.iter().fold(flag(false), |any, one| any.either(&value.eq(&long(*one))))
        } else {
            let [list, _] = self.shared.list(values);
            let count = Node::Const(Ty::I32, i64::try_from(rest.len()).unwrap_or(0));
            let place = self.shared.helpers.call(Routine::Below, vec![list.clone(), count, value.clone()]);
            list.add(&place.shl(3)).load(Width::signed(8), 0).eq(&value)
        };
        Known::some(holds.both(&x.none.not()))
    }
}

//! Published formulas where an operand may not be known: its ends are worked out in place.

use concord_engine::plan::Class;
use concord_engine::plan::formula::Formula;
use concord_engine::values::real::interval::Interval;

use super::General;
use super::value::Possible;
use crate::emit::assembler::{Code, Node, Ty};
use crate::emit::runtime::{Writer, formula_call};

impl General<'_, '_> {
    /// See [`crate::emit::walk::Domain::formula`].
    pub(crate) fn work_out_formula(&mut self, formula: &Formula, operands: &[Possible]) -> Possible {
        let helpers = &mut self.context.helpers;
        let found = if operands.iter().all(Possible::is_single) {
            let values = operands.iter().map(|operand| operand.low.clone()).collect();
            Interval::point(formula_call(self.code, helpers, formula, values))
        } else {
            let ends: Vec<Interval<Node>> = operands.iter().map(|x| ends(self.code, x)).collect();
            formula.ends(&mut Writer::new(self.code, helpers), &ends)
        };
        let value = Possible::of_all(operands, found.low, found.high);
        value.settled(self.code, Class::Range)
    }
}

fn ends(code: &mut Code, x: &Possible) -> Interval<Node> {
    let low = code.share(&x.low.to(Ty::I64));
    if x.is_single() {
        return Interval::point(low);
    }
    let high = code.share(&x.high.to(Ty::I64));
    Interval { low, high }
}

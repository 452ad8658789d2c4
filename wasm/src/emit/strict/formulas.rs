//! Published formulas where everything is known.

use concord_engine::plan::Shape;
use concord_engine::plan::formula::Formula;

use super::{Known, Strict, strict_type};
use crate::emit::assembler::flag;
use crate::emit::runtime::formula_call;

impl Strict<'_, '_> {
    /// See [`crate::emit::walk::Domain::formula`].
    pub(crate) fn work_out_formula(&mut self, formula: &Formula, operands: &[Known], shape: Shape) -> Known {
        let values = operands.iter().map(|operand| operand.value.clone()).collect();
        let none = operands.iter().fold(flag(false), |none, operand| none.either(&operand.none));
        let value = formula_call(self.code, &mut self.context.helpers, formula, values);
        Known { value: value.to(strict_type(shape)), none }
    }
}

//! Published formulas whose operands are all known.

use concord_engine::plan::formula::Formula;
use concord_engine::values::real::{Function, functions};

use super::real::Writer;
use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Code, EmitError, Node};

/// See [`Routine::Real`].
pub(crate) fn function(code: &mut Code, helpers: &mut Helpers, function: Function) {
    let x = code.parameter(0);
    let y = if function == Function::Power { code.parameter(1) } else { x.clone() };
    let value = functions::steps(&mut Writer::new(code, helpers), function, &x, &y);
    code.push(&value);
}

/// See [`Routine::Formula`].
pub(crate) fn point(code: &mut Code, helpers: &mut Helpers, number: usize, operands: usize) -> Result<(), EmitError> {
    let operands: Vec<Node> = (0..).take(operands).map(|index| code.parameter(index)).collect();
    let value = helpers.formula(number)?.point(&mut Writer::new(code, helpers), &operands);
    code.push(&value);
    Ok(())
}

/// The value of a formula, its operands all known.
pub(crate) fn formula_call(code: &mut Code, helpers: &mut Helpers, formula: &Formula, values: Vec<Node>) -> Node {
    let number = helpers.number_of_formula(formula);
    let value = helpers.call(Routine::Formula(number, values.len()), values);
    code.share(&value)
}

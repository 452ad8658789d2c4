//! Published formulas. Where every operand is known the formula is a function of the module; where one is not, its ends are
//! worked out in place.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Class, Shape};
use concord_engine::values::real::interval::Interval;
use concord_engine::values::real::{Function, functions};

use super::code::Code;
use super::general::General;
use super::helpers::Helpers;
use super::node::{Bin, Node, Ty, flag, long};
use super::possible::Possible;
use super::real::Writer;
use super::routines::Routine;
use super::strict::{Known, Strict, strict_type};

/// See [`Routine::Real`].
pub(super) fn function(code: &mut Code, helpers: &mut Helpers, function: Function) {
    let x = code.parameter(0);
    let y = if function == Function::Power { code.parameter(1) } else { x.clone() };
    let value = functions::steps(&mut Writer::new(code, helpers), function, &x, &y);
    code.push(&value);
}

/// See [`Routine::Formula`].
pub(super) fn point(code: &mut Code, helpers: &mut Helpers, number: usize, operands: usize) {
    let operands: Vec<Node> = (0..).take(operands).map(|index| code.parameter(index)).collect();
    let value = match helpers.formula(number) {
        Some(formula) => formula.point(&mut Writer::new(code, helpers), &operands),
        None => long(0),
    };
    code.push(&value);
}

impl Strict<'_, '_> {
    /// See [`super::walk::Domain::formula`].
    pub(super) fn work_out_formula(&mut self, formula: &Formula, operands: &[Known], shape: Shape) -> Known {
        let values = operands.iter().map(|operand| operand.value.clone()).collect();
        let none = operands.iter().fold(flag(false), |none, operand| none.either(&operand.none));
        let value = called(self.code, &mut self.shared.helpers, formula, values);
        Known { value: value.to(strict_type(shape)), none }
    }
}

fn called(code: &mut Code, helpers: &mut Helpers, formula: &Formula, values: Vec<Node>) -> Node {
    let number = helpers.number_of_formula(formula);
    let value = helpers.call(Routine::Formula(number, values.len()), values);
    code.share(&value)
}

impl General<'_, '_> {
    /// See [`super::walk::Domain::formula`].
    pub(super) fn work_out_formula(&mut self, formula: &Formula, operands: &[Possible]) -> Possible {
        let helpers = &mut self.shared.helpers;
        let found = if operands.iter().all(Possible::is_single) {
            let values = operands.iter().map(|operand| operand.low.clone()).collect();
            Interval::point(called(self.code, helpers, formula, values))
        } else {
            let ends: Vec<Interval<Node>> = operands.iter().map(|x| ends(self.code, x)).collect();
            formula.ends(&mut Writer::new(self.code, helpers), &ends)
        };
        let (mut some, mut none, mut needs) = (flag(true), flag(false), long(0));
        for operand in operands {
            some = some.both(&operand.some);
            none = none.either(&operand.none);
            needs = needs.bin(Bin::Or, &operand.needs);
        }
        let value = Possible { low: found.low, high: found.high, some, none, needs };
        value.settled(self.code, &mut self.shared.helpers, Class::Range)
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

//! Random published formulas: any tree of reals, kept when it is proved to be defined for every case.

use concord_engine::plan::formula::{Formula, Real};
use concord_engine::plan::{Expr, Op, Rounding};
use concord_engine::values::real::{Function, Two};

use super::expressions::{Kind, make};
use super::plans::Making;

fn boxed(x: Real) -> Box<Real> {
    Box::new(x)
}

impl Making {
    /// A formula that may be none where the kind may be.
    pub fn formula(&mut self, kind: Kind, depth: usize) -> Expr {
        let count = 1 + self.random.below(3);
        let operands: Vec<Expr> = (0..count)
            .map(|_| if self.random.percent(70) { self.leaf(kind) } else { self.expression(kind, depth.min(1)) })
            .collect();
        for attempt in 0..6 {
            let value = self.real(operands.len(), 4 - attempt.min(3));
            let places = u8::try_from(self.random.below(4)).unwrap_or(0);
            let how = Rounding::ALL[self.random.below(Rounding::ALL.len())];
            let formula = Formula { operands: operands.clone(), value, places, how };
            if let Ok(shape) = formula.proved() {
                return make(Op::Formula(Box::new(formula)), shape);
            }
        }
        operands.into_iter().next().unwrap_or_else(|| super::expressions::constant(0))
    }

    fn real(&mut self, operands: usize, depth: usize) -> Real {
        if depth == 0 || self.random.percent(10) {
            let places = u8::try_from(self.random.below(3)).unwrap_or(0);
            return match self.random.below(4) {
                0 => Real::Figure(self.random.between(-300, 300), places),
                1 => Real::Figure(self.random.between(1, 30), places),
                _ => Real::Operand(self.random.below(operands), places),
            };
        }
        let depth = depth - 1;
        let mut part = || boxed(self.real(operands, depth));
        let (a, b) = (part(), part());
        match self.random.below(16) {
            0 => Real::Two(Two::Add, a, b),
            1 => Real::Two(Two::Subtract, a, b),
            2 => Real::Two(Two::Multiply, a, b),
            3 => Real::Two(Two::Divide, a, b),
            4 => Real::Two(Two::Divide, a, self.positive(b)),
            5 => Real::Negate(a),
            6 => Real::Least(a, b),
            7 => Real::Greatest(a, b),
            8 => Real::Root(self.positive(a)),
            9 => Real::Function(Function::Ln, self.positive(a)),
            10 => Real::Function(Function::Log10, self.positive(a)),
            11 => Real::Function(Function::Exp, boxed(Real::Least(a, boxed(Real::Figure(30, 0))))),
            12 => Real::WholePower(a, i32::try_from(self.random.between(-3, 5)).unwrap_or(2)),
            13 => Real::Power(boxed(Real::Least(self.positive(a), boxed(Real::Figure(90, 0)))), self.small(b)),
            14 => Real::Power(boxed(Real::Greatest(a, boxed(Real::Figure(0, 0)))), self.positive(b)),
            _ => Real::Function(Function::Exp, self.small(a)),
        }
    }

    fn positive(&mut self, x: Box<Real>) -> Box<Real> {
        if self.random.percent(10) {
            return x;
        }
        let least = Real::Figure(self.random.between(1, 20), 1);
        boxed(Real::Greatest(x, boxed(least)))
    }

    /// Between −3 and 3.
    fn small(&mut self, x: Box<Real>) -> Box<Real> {
        let above = Real::Greatest(x, boxed(Real::Figure(-30, 1)));
        boxed(Real::Least(boxed(above), boxed(Real::Figure(30, 1))))
    }
}

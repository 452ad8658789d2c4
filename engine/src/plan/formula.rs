//! Published formulas: real numbers between exact ones.
//!
//! Exact numbers go in, as they are recorded, and an exact number comes out, rounded as the formula says. In between stand reals
//! ([`crate::values::real`]); none is ever a value of its own, so none can be compared, kept or shown.

use super::{Expr, Rounding, Shape};
use crate::values::real::functions::{LARGEST, LEAST, MOST, rounded};
use crate::values::real::interval::{self, Interval};
use crate::values::real::{Function, Host, Machine, Two};

/// The way the functions are worked out: it changes when an answer could.
pub const METHOD: &str = "formula 1";

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// The exact numbers that go in.
    pub operands: Vec<Expr>,
    /// What is worked out of them.
    pub value: Real,
    /// How many places of it are kept.
    pub places: u8,
    /// How it is rounded.
    pub how: Rounding,
}

/// A real number.
#[derive(Clone, Debug, PartialEq)]
pub enum Real {
    /// a figure: its digits, and how many of them stand after the point
    Figure(i64, u8),
    /// an operand, by place, and how many of its digits stand after the point
    Operand(usize, u8),
    /// −x
    Negate(Box<Real>),
    /// sum, difference, product or quotient
    Two(Two, Box<Real>, Box<Real>),
    /// the less of two
    Least(Box<Real>, Box<Real>),
    /// the greater of two
    Greatest(Box<Real>, Box<Real>),
    /// square root
    Root(Box<Real>),
    /// a logarithm or the exponential
    Function(Function, Box<Real>),
    /// x to the power of y
    Power(Box<Real>, Box<Real>),
    /// x to the power of a whole number, by multiplication
    WholePower(Box<Real>, i32),
}

/// Why a formula could not be worked out for every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// a divisor that may be 0
    Divisor,
    /// a logarithm of what may be 0 or less
    Logarithm,
    /// a square root of what may be less than 0
    Root,
    /// a power, not of a whole number, of what may be less than 0; or of 0 with an exponent that may be 0 or less
    Power,
    /// something that may be too large
    Large,
}

/// Greatest whole exponent that is worked out by multiplication.
pub const MOST_WHOLE: i32 = 32;

/// Whole numbers below it are reals without loss, 2^53.
const WHOLE: i64 = 1 << 53;

/// What the steps between may not pass.
const VAST: f64 = 1e300;

/// 10 to the power of so many places, exact.
fn power_of_ten(places: u8) -> f64 {
    (0..places).fold(1.0, |power, _| power * 10.0)
}

impl Formula {
    /// The least and the greatest that can come out, for the ends of the operands.
    pub fn ends<M: Machine>(&self, m: &mut M, operands: &[Interval<M::Whole>]) -> Interval<M::Whole> {
        let reals: Vec<Interval<M::Real>> = operands
            .iter()
            .zip(&self.operands)
            .map(|(x, expr)| {
                let low = m.real_of(&x.low);
                let one = expr.shape.low == expr.shape.high;
                Interval { high: if one { low.clone() } else { m.real_of(&x.high) }, low }
            })
            .collect();
        let found = self.value.worked(m, &reals);
        self.closed(m, &found)
    }

    /// The same where every operand is one number.
    pub fn point<M: Machine>(&self, m: &mut M, operands: &[M::Whole]) -> M::Whole {
        let reals: Vec<Interval<M::Real>> = operands.iter().map(|x| Interval::point(m.real_of(x))).collect();
        let found = self.value.worked(m, &reals);
        self.closed(m, &found).low
    }

    fn closed<M: Machine>(&self, m: &mut M, x: &Interval<M::Real>) -> Interval<M::Whole> {
        let scale = power_of_ten(self.places);
        let low = rounded(m, &x.low, scale, self.how);
        if m.is_one(&x.low, &x.high) {
            return Interval::point(low);
        }
        Interval { low, high: rounded(m, &x.high, scale, self.how) }
    }

    /// What can come out, over everything that the operands can be.
    ///
    /// # Errors
    /// When a case could be outside what the formula is defined for.
    pub fn proved(&self) -> Result<Shape, Fault> {
        let ranges: Vec<Shape> = self.operands.iter().map(|operand| operand.shape).collect();
        let found = self.value.range(&ranges)?;
        let optional = ranges.iter().any(|shape| shape.optional);
        let ends = closing(&found, self.places, self.how)?;
        Ok(Shape { optional, ..ends })
    }
}

/// The shape of a rounded real.
///
/// # Errors
/// When it could be too large.
pub fn closing(x: &Interval<f64>, places: u8, how: Rounding) -> Result<Shape, Fault> {
    let scale = power_of_ten(places);
    if (x.low.abs().max(x.high.abs())) * scale >= LARGEST {
        return Err(Fault::Large);
    }
    let mut ends = [x.low, x.high].map(|end| rounded(&mut Host::for_proofs(), &end, scale, how));
    ends.sort_unstable();
    Ok(Shape::range(ends[0], ends[1]))
}

impl Real {
    /// How many steps it is made of.
    #[must_use]
    pub fn size(&self) -> u64 {
        1 + self.parts().into_iter().map(Real::size).sum::<u64>()
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> Vec<&Real> {
        match self {
            Real::Figure(..) | Real::Operand(..) => Vec::new(),
            Real::Negate(x) | Real::Root(x) | Real::Function(_, x) | Real::WholePower(x, _) => vec![x],
            Real::Two(_, a, b) | Real::Least(a, b) | Real::Greatest(a, b) | Real::Power(a, b) => vec![a, b],
        }
    }

    fn worked<M: Machine>(&self, m: &mut M, operands: &[Interval<M::Real>]) -> Interval<M::Real> {
        let parts: Vec<Interval<M::Real>> = self.parts().into_iter().map(|part| part.worked(m, operands)).collect();
        self.step(m, &parts, operands)
    }

    /// The last step of it, from what its parts are.
    fn step<M: Machine>(
        &self,
        m: &mut M,
        parts: &[Interval<M::Real>],
        operands: &[Interval<M::Real>],
    ) -> Interval<M::Real> {
        match (self, parts) {
            (Real::Figure(digits, places), _) => {
                let value = figure(*digits, *places);
                Interval::point(m.real(value))
            }
            (Real::Operand(place, places), _) => {
                let nothing = m.real(0.0);
                let x = operands.get(*place).cloned().unwrap_or_else(|| Interval::point(nothing));
                if *places == 0 {
                    return x;
                }
                let scale = Interval::point(m.real(power_of_ten(*places)));
                interval::two(m, Two::Divide, &x, &scale)
            }
            (Real::Negate(_), [x]) => interval::negate(m, x),
            (Real::Root(_), [x]) => interval::root(m, x),
            (Real::Function(function, _), [x]) => interval::function(m, *function, x),
            (Real::WholePower(_, n), [x]) => interval::whole_power(m, x, *n),
            (Real::Two(op, ..), [a, b]) => interval::two(m, *op, a, b),
            (Real::Least(..), [a, b]) => interval::chosen(m, true, a, b),
            (Real::Greatest(..), [a, b]) => interval::chosen(m, false, a, b),
            (Real::Power(..), [a, b]) => interval::power(m, a, b),
            _ => Interval::point(m.real(0.0)),
        }
    }

    /// What is possible of it, over everything that the operands can be.
    ///
    /// # Errors
    /// When a case could be outside what some part is defined for.
    pub fn range(&self, operands: &[Shape]) -> Result<Interval<f64>, Fault> {
        let parts = self.parts().into_iter().map(|part| part.range(operands)).collect::<Result<Vec<_>, _>>()?;
        self.last_step(&parts, operands)
    }

    /// The same where the ranges of its parts are known.
    ///
    /// # Errors
    /// When a case could be outside what the last step is defined for.
    pub fn last_step(&self, parts: &[Interval<f64>], operands: &[Shape]) -> Result<Interval<f64>, Fault> {
        let whole = |x: i64| x.checked_abs().is_some_and(|size| size < WHOLE);
        match (self, parts) {
            (Real::Figure(digits, _), _) if !whole(*digits) => return Err(Fault::Large),
            (Real::Operand(place, _), _) => {
                let shape = operands.get(*place).ok_or(Fault::Large)?;
                if !whole(shape.low) || !whole(shape.high) {
                    return Err(Fault::Large);
                }
            }
            (Real::Two(Two::Divide, ..), [_, x]) | (Real::WholePower(_, i32::MIN..0), [x]) if holds_nothing(x) => {
                return Err(Fault::Divisor);
            }
            (Real::Root(_), [x]) if x.low < 0.0 => return Err(Fault::Root),
            (Real::Function(Function::Ln | Function::Log10, _), [x]) if x.low < LEAST => return Err(Fault::Logarithm),
            (Real::Function(Function::Exp, _), [x]) if x.high > MOST => return Err(Fault::Large),
            (Real::Power(..), [x, y]) => power_is_defined(x, y)?,
            _ => {}
        }
        let m = &mut Host::for_proofs();
        #[allow(clippy::cast_precision_loss, reason = "below 2^53, as checked above")]
        let reals: Vec<Interval<f64>> =
            operands.iter().map(|shape| Interval { low: shape.low as f64, high: shape.high as f64 }).collect();
        let found = self.step(m, parts, &reals);
        let fits = |end: f64| end.abs() <= VAST;
        if fits(found.low) && fits(found.high) { Ok(found) } else { Err(Fault::Large) }
    }
}

/// A figure as the real nearest to it: below 2^53 both parts of the quotient are exact.
#[allow(clippy::cast_precision_loss, reason = "below 2^53, which is proved")]
fn figure(digits: i64, places: u8) -> f64 {
    digits as f64 / power_of_ten(places)
}

fn holds_nothing(x: &Interval<f64>) -> bool {
    x.low <= 0.0 && x.high >= 0.0
}

fn power_is_defined(x: &Interval<f64>, y: &Interval<f64>) -> Result<(), Fault> {
    if x.low < 0.0 || (x.low < LEAST && y.low <= 0.0) {
        return Err(Fault::Power);
    }
    let ln = |x: f64| Host::for_proofs().call(Function::Ln, &x.max(LEAST), &0.0);
    let (low, high) = (ln(x.low), ln(x.high));
    let most = [low * y.low, low * y.high, high * y.low, high * y.high].into_iter().fold(0.0, f64::max);
    if most > MOST { Err(Fault::Large) } else { Ok(()) }
}

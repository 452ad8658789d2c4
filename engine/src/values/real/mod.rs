//! Real numbers for published formulas: the same bits on every machine and in every module.
//!
//! What a function does is written once, as a sequence of steps on a [`Machine`]. The reference interpreter runs the steps
//! ([`Host`]); the compiler writes them out, one instruction a step. There is nothing that could drift apart.
//!
//! A step is one of the operations that IEEE 754 defines to the last bit (add, subtract, multiply, divide, square root,
//! comparison, rounding to a whole number) on 64-bit floats, or an operation on their bits. No step depends on a library, and
//! none fails: what lies outside a function's domain gives some number, and the types prove that it is never used.

pub mod functions;
pub mod interval;

use super::rounding::{Rounding, quotient};

/// Operations on two reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Two {
    /// sum
    Add,
    /// difference
    Subtract,
    /// product
    Multiply,
    /// quotient
    Divide,
}

/// Operations on one real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum One {
    /// square root
    Root,
    /// without its sign
    Absolute,
    /// the greatest whole number not above it
    Floor,
    /// the nearest whole number, halves to the even one
    Nearest,
}

/// Operations on two whole numbers, modulo 2^64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bits {
    /// sum
    Add,
    /// difference
    Subtract,
    /// shifted to the left
    Left,
    /// shifted to the right, the sign kept
    Right,
}

/// Functions that are worked out step by step; see [`functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// natural logarithm
    Ln,
    /// decimal logarithm
    Log10,
    /// e to the power of x
    Exp,
    /// x to the power of y, x not below 0
    Power,
}

/// What carries steps out, or writes them down.
pub trait Machine {
    /// A 64-bit float.
    type Real: Clone;
    /// A 64-bit integer.
    type Whole: Clone;
    /// Yes or no.
    type Test: Clone;

    /// A known real.
    fn real(&mut self, value: f64) -> Self::Real;
    /// A known whole number.
    fn whole(&mut self, value: i64) -> Self::Whole;
    /// An operation on two reals.
    fn two(&mut self, op: Two, a: &Self::Real, b: &Self::Real) -> Self::Real;
    /// An operation on one real.
    fn one(&mut self, op: One, x: &Self::Real) -> Self::Real;
    /// `a < b`.
    fn less(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Test;
    /// `a = b`.
    fn equal(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Test;
    /// The first where the test is yes, else the second.
    fn pick(&mut self, test: &Self::Test, yes: &Self::Real, no: &Self::Real) -> Self::Real;
    /// An operation on two whole numbers.
    fn bits(&mut self, op: Bits, a: &Self::Whole, b: &Self::Whole) -> Self::Whole;
    /// The bits of a real.
    fn bits_of(&mut self, x: &Self::Real) -> Self::Whole;
    /// The real that has these bits.
    fn real_of_bits(&mut self, x: &Self::Whole) -> Self::Real;
    /// A whole number as a real, to the nearest.
    fn real_of(&mut self, x: &Self::Whole) -> Self::Real;
    /// A real without its fraction; it is below 2^62 in size.
    fn whole_of(&mut self, x: &Self::Real) -> Self::Whole;
    /// See [`quotient`].
    fn quotient(&mut self, a: &Self::Whole, b: i64, how: Rounding) -> Self::Whole;
    /// A function; those of one argument are given any second one.
    fn call(&mut self, function: Function, x: &Self::Real, y: &Self::Real) -> Self::Real;
    /// Whether these are known to be one and the same number where the machine stands; a machine that only writes steps down may
    /// not know.
    fn is_one(&self, low: &Self::Real, high: &Self::Real) -> bool;
    /// How much of its size an end of an interval is moved outwards; see [`interval`].
    fn margin(&self) -> f64;

    /// `a + b`.
    fn add(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        self.two(Two::Add, a, b)
    }

    /// `a - b`.
    fn subtract(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        self.two(Two::Subtract, a, b)
    }

    /// `a · b`.
    fn multiply(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        self.two(Two::Multiply, a, b)
    }

    /// `a / b`.
    fn divide(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        self.two(Two::Divide, a, b)
    }

    /// The less of two.
    fn least(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        let less = self.less(a, b);
        self.pick(&less, a, b)
    }

    /// The greater of two.
    fn greatest(&mut self, a: &Self::Real, b: &Self::Real) -> Self::Real {
        let less = self.less(a, b);
        self.pick(&less, b, a)
    }
}

/// Carries the steps out.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// See [`Machine::margin`].
    pub margin: f64,
}

impl Host {
    /// For the answers of a case.
    #[must_use]
    pub const fn for_answers() -> Host {
        Host { margin: interval::MARGIN }
    }

    /// For what can come out at all: wider, so that every answer lies within.
    #[must_use]
    pub const fn for_proofs() -> Host {
        Host { margin: interval::MARGIN * 4.0 }
    }
}

impl Machine for Host {
    type Real = f64;
    type Whole = i64;
    type Test = bool;

    fn real(&mut self, value: f64) -> f64 {
        value
    }

    fn whole(&mut self, value: i64) -> i64 {
        value
    }

    fn two(&mut self, op: Two, a: &f64, b: &f64) -> f64 {
        match op {
            Two::Add => a + b,
            Two::Subtract => a - b,
            Two::Multiply => a * b,
            Two::Divide => a / b,
        }
    }

    fn one(&mut self, op: One, x: &f64) -> f64 {
        match op {
            One::Root => x.sqrt(),
            One::Absolute => x.abs(),
            One::Floor => x.floor(),
            One::Nearest => x.round_ties_even(),
        }
    }

    fn less(&mut self, a: &f64, b: &f64) -> bool {
        a < b
    }

    #[allow(clippy::float_cmp, reason = "two ends of an interval are one point when they are equal to the last bit")]
    fn equal(&mut self, a: &f64, b: &f64) -> bool {
        a == b
    }

    fn pick(&mut self, test: &bool, yes: &f64, no: &f64) -> f64 {
        if *test { *yes } else { *no }
    }

    fn bits(&mut self, op: Bits, a: &i64, b: &i64) -> i64 {
        let places = u32::try_from(b.rem_euclid(64)).unwrap_or(0);
        match op {
            Bits::Add => a.wrapping_add(*b),
            Bits::Subtract => a.wrapping_sub(*b),
            Bits::Left => a.wrapping_shl(places),
            Bits::Right => a.wrapping_shr(places),
        }
    }

    fn bits_of(&mut self, x: &f64) -> i64 {
        x.to_bits().cast_signed()
    }

    fn real_of_bits(&mut self, x: &i64) -> f64 {
        f64::from_bits(x.cast_unsigned())
    }

    #[allow(clippy::cast_precision_loss, reason = "operands are below 2^53, which is proved")]
    fn real_of(&mut self, x: &i64) -> f64 {
        *x as f64
    }

    #[allow(clippy::cast_possible_truncation, reason = "the fraction is what is to go")]
    fn whole_of(&mut self, x: &f64) -> i64 {
        *x as i64
    }

    fn quotient(&mut self, a: &i64, b: i64, how: Rounding) -> i64 {
        quotient(*a, b, how)
    }

    fn call(&mut self, function: Function, x: &f64, y: &f64) -> f64 {
        functions::steps(self, function, x, y)
    }

    fn is_one(&self, low: &f64, high: &f64) -> bool {
        low.to_bits() == high.to_bits()
    }

    fn margin(&self) -> f64 {
        self.margin
    }
}

//! What is possible of a real number: all between two ends.
//!
//! Sums, differences, products, quotients and square roots are rounded the same way everywhere, and rounding keeps the order of
//! numbers: the ends of the result are the results at the ends. The functions of [`super::functions`] are right to one unit in
//! the last place but need not keep the order of neighbours, so their ends are moved outwards by [`MARGIN`], far more than the
//! error. A single point stays exactly what it is.

use super::{Function, Machine, One, Two};

/// 2^−48, 32 units in the last place.
pub const MARGIN: f64 = 3.552_713_678_800_501e-15;

/// A range of reals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval<R> {
    /// Least.
    pub low: R,
    /// Greatest.
    pub high: R,
}

impl<R: Clone> Interval<R> {
    /// One number.
    pub fn point(value: R) -> Interval<R> {
        Interval { low: value.clone(), high: value }
    }
}

type Of<M> = Interval<<M as Machine>::Real>;

fn is_point<M: Machine>(m: &M, x: &Of<M>) -> bool {
    m.is_one(&x.low, &x.high)
}

/// What a function gives that grows in its argument.
fn growing<M: Machine>(m: &mut M, x: &Of<M>, mut of: impl FnMut(&mut M, &M::Real) -> M::Real) -> Of<M> {
    let low = of(m, &x.low);
    if is_point(m, x) {
        return Interval::point(low);
    }
    let high = of(m, &x.high);
    Interval { low, high }
}

/// What a function gives that only grows or only falls in each of its two arguments.
fn corners<M: Machine>(
    m: &mut M,
    a: &Of<M>,
    b: &Of<M>,
    mut of: impl FnMut(&mut M, &M::Real, &M::Real) -> M::Real,
) -> Of<M> {
    let first = of(m, &a.low, &b.low);
    let mut others = Vec::new();
    if !is_point(m, a) {
        others.push((&a.high, &b.low));
    }
    if !is_point(m, b) {
        others.push((&a.low, &b.high));
    }
    if others.len() == 2 {
        others.push((&a.high, &b.high));
    }
    let mut found = Interval::point(first);
    for (x, y) in others {
        let corner = of(m, x, y);
        found = Interval { low: m.least(&found.low, &corner), high: m.greatest(&found.high, &corner) };
    }
    found
}

/// `−x`.
pub fn negate<M: Machine>(m: &mut M, x: &Of<M>) -> Of<M> {
    let nothing = m.real(0.0);
    let low = m.subtract(&nothing, &x.high);
    if is_point(m, x) {
        return Interval::point(low);
    }
    let high = m.subtract(&nothing, &x.low);
    Interval { low, high }
}

/// Sums, differences, products and quotients; a divisor does not hold 0.
pub fn two<M: Machine>(m: &mut M, op: Two, a: &Of<M>, b: &Of<M>) -> Of<M> {
    match op {
        Two::Add | Two::Subtract => {
            let (least, most) = if op == Two::Add { (&b.low, &b.high) } else { (&b.high, &b.low) };
            let low = m.two(op, &a.low, least);
            if is_point(m, a) && is_point(m, b) {
                return Interval::point(low);
            }
            Interval { low, high: m.two(op, &a.high, most) }
        }
        Two::Multiply | Two::Divide => corners(m, a, b, |m, x, y| m.two(op, x, y)),
    }
}

/// The less of two, or the greater.
pub fn chosen<M: Machine>(m: &mut M, least: bool, a: &Of<M>, b: &Of<M>) -> Of<M> {
    let mut choose = |x: &M::Real, y: &M::Real| if least { m.least(x, y) } else { m.greatest(x, y) };
    let low = choose(&a.low, &b.low);
    let high = choose(&a.high, &b.high);
    if is_point(m, a) && is_point(m, b) { Interval::point(low) } else { Interval { low, high } }
}

/// Square root of what is not below 0.
pub fn root<M: Machine>(m: &mut M, x: &Of<M>) -> Of<M> {
    growing(m, x, |m, x| m.one(One::Root, x))
}

/// A logarithm or the exponential.
pub fn function<M: Machine>(m: &mut M, function: Function, x: &Of<M>) -> Of<M> {
    let found = growing(m, x, |m, x| m.call(function, x, x));
    if is_point(m, x) {
        return found;
    }
    let found = widened(m, &[x], &found);
    if function == Function::Exp { not_below_nothing(m, &found) } else { found }
}

/// `x ^ y`, x not below 0, and y above 0 where x may be 0.
pub fn power<M: Machine>(m: &mut M, x: &Of<M>, y: &Of<M>) -> Of<M> {
    let found = corners(m, x, y, |m, x, y| m.call(Function::Power, x, y));
    if is_point(m, x) && is_point(m, y) {
        return found;
    }
    let found = widened(m, &[x, y], &found);
    not_below_nothing(m, &found)
}

/// `x ^ n` by multiplication; x does not hold 0 where n is below 0.
pub fn whole_power<M: Machine>(m: &mut M, x: &Of<M>, n: i32) -> Of<M> {
    let sized = if n % 2 == 0 { size(m, x) } else { x.clone() };
    let found = growing(m, &sized, |m, x| multiplied(m, x, n.unsigned_abs()));
    if n >= 0 {
        return found;
    }
    let one = Interval::point(m.real(1.0));
    two(m, Two::Divide, &one, &found)
}

/// By squaring, from the left.
fn multiplied<M: Machine>(m: &mut M, x: &M::Real, n: u32) -> M::Real {
    let Some(top) = n.checked_ilog2() else {
        return m.real(1.0);
    };
    let mut value = x.clone();
    for place in (0..top).rev() {
        value = m.multiply(&value, &value.clone());
        if n >> place & 1 == 1 {
            value = m.multiply(&value, x);
        }
    }
    value
}

/// What is possible without its sign.
fn size<M: Machine>(m: &mut M, x: &Of<M>) -> Of<M> {
    let low = m.one(One::Absolute, &x.low);
    if is_point(m, x) {
        return Interval::point(low);
    }
    let high = m.one(One::Absolute, &x.high);
    let (least, most) = (m.least(&low, &high), m.greatest(&low, &high));
    let nothing = m.real(0.0);
    let (starts_above, ends_below) = (m.less(&nothing, &x.low), m.less(&x.high, &nothing));
    let least_above = m.pick(&starts_above, &least, &nothing);
    Interval { low: m.pick(&ends_below, &least, &least_above), high: most }
}

/// The ends moved outwards, unless each of the operands is one number.
fn widened<M: Machine>(m: &mut M, operands: &[&Of<M>], x: &Of<M>) -> Of<M> {
    let margin = m.margin();
    let (margin, least) = (m.real(margin), m.real(super::functions::LEAST));
    let mut by = |end: &M::Real| {
        let size = m.one(One::Absolute, end);
        let by = m.multiply(&size, &margin);
        m.add(&by, &least)
    };
    let (below, above) = (by(&x.low), by(&x.high));
    let (mut low, mut high) = (x.low.clone(), x.high.clone());
    let (lower, higher) = (m.subtract(&low, &below), m.add(&high, &above));
    for operand in operands {
        let one = m.equal(&operand.low, &operand.high);
        low = m.pick(&one, &low, &lower);
        high = m.pick(&one, &high, &higher);
    }
    Interval { low, high }
}

fn not_below_nothing<M: Machine>(m: &mut M, x: &Of<M>) -> Of<M> {
    let nothing = m.real(0.0);
    Interval { low: m.greatest(&nothing, &x.low), high: x.high.clone() }
}

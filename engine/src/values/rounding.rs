//! Division of whole numbers with a stated rounding.

/// How a division is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// to the nearest; halves away from zero
    HalfUp,
    /// to the nearest; halves to the even neighbour
    HalfEven,
    /// away from zero
    AwayFromZero,
    /// towards zero
    TowardsZero,
    /// towards lesser values: completed weeks
    Down,
}

impl Rounding {
    /// All ways.
    pub const ALL: [Rounding; 5] =
        [Rounding::HalfUp, Rounding::HalfEven, Rounding::AwayFromZero, Rounding::TowardsZero, Rounding::Down];
}

/// `a / b`, rounded; 0 where b is 0, which the types rule out.
#[must_use]
pub fn quotient(a: i64, b: i64, how: Rounding) -> i64 {
    if b == 0 {
        return 0;
    }
    let (a, b) = if b < 0 { (-a, -b) } else { (a, b) };
    let down = a.div_euclid(b);
    let rest = a.rem_euclid(b);
    let up = match how {
        Rounding::Down => false,
        Rounding::AwayFromZero => rest > 0 && a > 0,
        Rounding::TowardsZero => rest > 0 && a < 0,
        Rounding::HalfUp => rest > b - rest || (rest == b - rest && a > 0),
        Rounding::HalfEven => rest > b - rest || (rest == b - rest && down % 2 != 0),
    };
    down + i64::from(up)
}

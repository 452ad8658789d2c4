//! Functions inside the module that are arithmetic of their own: division, lists, the calendar, paths.

use concord_engine::plan::{Call, Rounding};
use concord_engine::values::real::Function;

use crate::emit::assembler::Ty;

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Routine {
    /// (dividend, divisor) → quotient; 0 where the divisor is 0
    Quotient(Rounding),
    /// (address and length of a sorted list, value) → how many are less
    Below,
    /// (address and length of a list) → 0, the list sorted
    Sort,
    /// (address and length of a list) → twice its median, the list sorted; 0 of none
    Median,
    /// (day) → year · 512 + month · 32 + day
    Civil,
    /// (instant) → whether it is summer time in London
    Summer,
    /// (instant) → the clock in London, as milliseconds of civil time
    Local,
    /// (its operands) → a function of whole numbers and times
    Call(Call),
    /// (the least and the greatest of its one operand) → the least of a function that begins anew with each day, month or year, and in the upper
    /// half the greatest
    Ends(Call),
    /// (day, count, address and length of the holidays) → day
    WorkingDays,
    /// (start, end, from, until) → milliseconds
    Overlap,
    /// (x, and y of a power) → a function of reals
    Real(Function),
    /// (so many operands) → the formula of this number, all of them known
    Formula(usize, usize),
    /// (address of the states that symbols lead to, count of symbols, states, symbols) → the states they lead to
    PathStep,
    /// (the same, states of having left) → these states and all that any number of the symbols leads to
    PathReach,
}

impl Routine {
    pub(crate) fn parameters(self) -> Vec<Ty> {
        use Ty::{I32, I64};
        match self {
            Routine::Sort | Routine::Median => vec![I32, I32],
            Routine::Below => vec![I32, I32, I64],
            Routine::Civil | Routine::Summer | Routine::Local => vec![I64],
            Routine::Quotient(_) | Routine::Ends(_) => vec![I64, I64],
            Routine::Call(call) => vec![I64; call.description().takes.len()],
            Routine::WorkingDays => vec![I64, I64, I32, I32],
            Routine::Overlap => vec![I64; 4],
            Routine::Real(Function::Power) => vec![Ty::F64; 2],
            Routine::Real(_) => vec![Ty::F64],
            Routine::Formula(_, operands) => vec![I64; operands],
            Routine::PathStep => vec![I32, I32, I64, I64],
            Routine::PathReach => vec![I32, I32, I64, I64, I64],
        }
    }

    pub(crate) fn result(self) -> Ty {
        match self {
            Routine::Real(_) => Ty::F64,
            Routine::Below | Routine::Sort | Routine::Summer => Ty::I32,
            _ => Ty::I64,
        }
    }
}

//! Operations on reals: each is one instruction.

use concord_engine::values::real::{One, Two};

use super::instruction::Instruction as I;
use super::types::Ty;

/// Operations on reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Float {
    /// the real of these bits
    Const(u64),
    Two(Two),
    One(One),
    Less,
    Equal,
    /// a real's bits
    BitsOf,
    /// the real of an integer's bits
    OfBits,
    /// the nearest to an integer
    OfWhole,
    /// without its fraction; one below 2^63 in size, or the instruction traps
    Whole,
}

impl Float {
    /// The type of its value.
    pub(crate) fn ty(self) -> Ty {
        match self {
            Float::Less | Float::Equal => Ty::I32,
            Float::BitsOf | Float::Whole => Ty::I64,
            _ => Ty::F64,
        }
    }

    pub(super) fn instruction(self) -> I {
        match self {
            Float::Const(bits) => I::F64Const(f64::from_bits(bits).into()),
            Float::Two(Two::Add) => I::F64Add,
            Float::Two(Two::Subtract) => I::F64Sub,
            Float::Two(Two::Multiply) => I::F64Mul,
            Float::Two(Two::Divide) => I::F64Div,
            Float::One(One::Root) => I::F64Sqrt,
            Float::One(One::Absolute) => I::F64Abs,
            Float::One(One::Floor) => I::F64Floor,
            Float::One(One::Nearest) => I::F64Nearest,
            Float::Less => I::F64Lt,
            Float::Equal => I::F64Eq,
            Float::BitsOf => I::I64ReinterpretF64,
            Float::OfBits => I::F64ReinterpretI64,
            Float::OfWhole => I::F64ConvertI64S,
            Float::Whole => I::I64TruncF64S,
        }
    }
}

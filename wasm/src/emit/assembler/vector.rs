//! Operations on vectors of 128 bits: sixteen lanes of a byte, or fewer that are wider. Each is one instruction.

use wasm_encoder::MemArg;

use super::instruction::Instruction as I;
use super::types::Ty;

/// The lanes of a vector: signed integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    I8,
    I16,
    I32,
    I64,
}

impl Lane {
    /// The least that hold these integers.
    pub(crate) fn holding(low: i64, high: i64) -> Lane {
        let all = [(Lane::I8, 8), (Lane::I16, 16), (Lane::I32, 32)];
        let holds = |bits: u32| low >= -1 << (bits - 1) && high < 1 << (bits - 1);
        all.into_iter().find(|(_, bits)| holds(*bits)).map_or(Lane::I64, |(lane, _)| lane)
    }

    /// Of so many bytes.
    pub(crate) fn of(bytes: u8) -> Lane {
        match bytes {
            1 => Lane::I8,
            2 => Lane::I16,
            4 => Lane::I32,
            _ => Lane::I64,
        }
    }

    /// Their bytes.
    pub(crate) fn bytes(self) -> usize {
        1 << (self as usize)
    }

    /// The next wider.
    pub(crate) fn wider(self) -> Lane {
        match self {
            Lane::I8 => Lane::I16,
            Lane::I16 => Lane::I32,
            _ => Lane::I64,
        }
    }

    /// The next narrower.
    pub(crate) fn narrower(self) -> Lane {
        match self {
            Lane::I64 => Lane::I32,
            Lane::I32 => Lane::I16,
            _ => Lane::I8,
        }
    }
}

/// The operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vector {
    /// these bytes
    Const([u8; 16]),
    /// an integer in every lane
    Splat(Lane),
    /// what lies at an address and so many bytes further
    Load(u32),
    Add(Lane),
    Sub(Lane),
    /// lanes of 16 bits, to the end of their range where it would leave it
    SubSaturating,
    /// not of bytes
    Mul(Lane),
    /// all bits of a lane where they are equal, else none
    Eq(Lane),
    /// all bits of a lane where the first is greater, else none
    Greater(Lane),
    /// not of 64 bits
    Least(Lane),
    /// not of 64 bits
    Most(Lane),
    And,
    Or,
    Not,
    /// the bits of the first where those of the third are set, else those of the second
    Select,
    /// the lower half of lanes, each twice as wide
    Low(Lane),
    /// the upper half
    High(Lane),
    /// lanes of two vectors, each half as wide; one that does not fit becomes the end of its range. Not of 64 bits
    Narrow(Lane),
    /// the bytes of the first at the places in the second; 0 where there is none
    Swizzle,
    /// bytes of two vectors by their places
    Shuffle([u8; 16]),
    /// a bit for each byte: its highest
    Bits,
}

impl Vector {
    /// The type of its value.
    pub(crate) fn ty(self) -> Ty {
        if self == Vector::Bits { Ty::I32 } else { Ty::V128 }
    }

    pub(super) fn instruction(self) -> I {
        match self {
            Vector::Const(bytes) => I::V128Const(bytes),
            Vector::Load(offset) => I::V128Load(unaligned(offset)),
            Vector::SubSaturating => I::I16x8SubSatS,
            Vector::And => I::V128And,
            Vector::Or => I::V128Or,
            Vector::Not => I::V128Not,
            Vector::Select => I::V128Bitselect,
            Vector::Swizzle => I::I8x16Swizzle,
            Vector::Shuffle(lanes) => I::I8x16Shuffle(lanes),
            Vector::Bits => I::I8x16Bitmask,
            of_lanes => of_lanes.of_lanes(),
        }
    }

    fn of_lanes(self) -> I {
        use Lane::{I8, I16, I32, I64};
        match self {
            Vector::Splat(I8) => I::I8x16Splat,
            Vector::Splat(I16) => I::I16x8Splat,
            Vector::Splat(I32) => I::I32x4Splat,
            Vector::Splat(I64) => I::I64x2Splat,
            Vector::Add(I8) => I::I8x16Add,
            Vector::Add(I16) => I::I16x8Add,
            Vector::Add(I32) => I::I32x4Add,
            Vector::Add(I64) => I::I64x2Add,
            Vector::Sub(I8) => I::I8x16Sub,
            Vector::Sub(I16) => I::I16x8Sub,
            Vector::Sub(I32) => I::I32x4Sub,
            Vector::Sub(I64) => I::I64x2Sub,
            Vector::Mul(I8 | I16) => I::I16x8Mul,
            Vector::Mul(I32) => I::I32x4Mul,
            Vector::Mul(I64) => I::I64x2Mul,
            Vector::Eq(I8) => I::I8x16Eq,
            Vector::Eq(I16) => I::I16x8Eq,
            Vector::Eq(I32) => I::I32x4Eq,
            Vector::Eq(I64) => I::I64x2Eq,
            Vector::Greater(I8) => I::I8x16GtS,
            Vector::Greater(I16) => I::I16x8GtS,
            Vector::Greater(I32) => I::I32x4GtS,
            Vector::Greater(I64) => I::I64x2GtS,
            Vector::Least(I8) => I::I8x16MinS,
            Vector::Least(I16) => I::I16x8MinS,
            Vector::Least(_) => I::I32x4MinS,
            Vector::Most(I8) => I::I8x16MaxS,
            Vector::Most(I16) => I::I16x8MaxS,
            Vector::Most(_) => I::I32x4MaxS,
            Vector::Low(I8) => I::I16x8ExtendLowI8x16S,
            Vector::Low(I16) => I::I32x4ExtendLowI16x8S,
            Vector::Low(_) => I::I64x2ExtendLowI32x4S,
            Vector::High(I8) => I::I16x8ExtendHighI8x16S,
            Vector::High(I16) => I::I32x4ExtendHighI16x8S,
            Vector::High(_) => I::I64x2ExtendHighI32x4S,
            Vector::Narrow(I8 | I16) => I::I8x16NarrowI16x8S,
            // What has no lanes has its instruction above.
            _ => I::I16x8NarrowI32x4S,
        }
    }
}

/// What an instruction on vectors takes from the stack, and what it leaves.
pub(super) fn effect(instruction: &I) -> Option<(usize, Option<Ty>)> {
    Some(match instruction {
        I::V128Const(_) => (0, Some(Ty::V128)),
        I::V128Load(_) | I::V128Not => (1, Some(Ty::V128)),
        I::I8x16Splat | I::I16x8Splat | I::I32x4Splat | I::I64x2Splat => (1, Some(Ty::V128)),
        I::I16x8ExtendLowI8x16S | I::I32x4ExtendLowI16x8S | I::I64x2ExtendLowI32x4S => (1, Some(Ty::V128)),
        I::I16x8ExtendHighI8x16S | I::I32x4ExtendHighI16x8S | I::I64x2ExtendHighI32x4S => (1, Some(Ty::V128)),
        I::V128Bitselect => (3, Some(Ty::V128)),
        I::I8x16Bitmask => (1, Some(Ty::I32)),
        I::V128Store(_) => (2, None),
        I::V128And | I::V128Or | I::I8x16Swizzle | I::I8x16Shuffle(_) => (2, Some(Ty::V128)),
        I::I8x16Add | I::I16x8Add | I::I32x4Add | I::I64x2Add | I::I16x8SubSatS => (2, Some(Ty::V128)),
        I::I8x16Sub | I::I16x8Sub | I::I32x4Sub | I::I64x2Sub => (2, Some(Ty::V128)),
        I::I16x8Mul | I::I32x4Mul | I::I64x2Mul => (2, Some(Ty::V128)),
        I::I8x16Eq | I::I16x8Eq | I::I32x4Eq | I::I64x2Eq => (2, Some(Ty::V128)),
        I::I8x16GtS | I::I16x8GtS | I::I32x4GtS | I::I64x2GtS => (2, Some(Ty::V128)),
        I::I8x16MinS | I::I16x8MinS | I::I32x4MinS => (2, Some(Ty::V128)),
        I::I8x16MaxS | I::I16x8MaxS | I::I32x4MaxS => (2, Some(Ty::V128)),
        I::I8x16NarrowI16x8S | I::I16x8NarrowI32x4S => (2, Some(Ty::V128)),
        _ => return None,
    })
}

/// A column starts wherever its host puts it.
pub(super) fn unaligned(offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: 0, memory_index: 0 }
}

//! Which instruction an operator is.

use wasm_encoder::MemArg;

use super::instruction::Instruction as I;
use super::types::{Bin, Ty, Un, Width};

pub(super) fn argument(width: Width, offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: width.log2(), memory_index: 0 }
}

pub(crate) fn load(width: Width, offset: u32) -> I {
    let at = argument(width, offset);
    match (width.bytes, width.signed) {
        (1, true) => I::I32Load8S(at),
        (1, false) => I::I32Load8U(at),
        (2, true) => I::I32Load16S(at),
        (2, false) => I::I32Load16U(at),
        (4, _) => I::I32Load(at),
        _ => I::I64Load(at),
    }
}

/// Loads and makes 64 bits of it, sign and all: one instruction for what would be two.
pub(super) fn load_long(width: Width, offset: u32) -> I {
    let at = argument(width, offset);
    match (width.bytes, width.signed) {
        (1, true) => I::I64Load8S(at),
        (1, false) => I::I64Load8U(at),
        (2, true) => I::I64Load16S(at),
        (2, false) => I::I64Load16U(at),
        (4, _) => I::I64Load32S(at),
        _ => I::I64Load(at),
    }
}

/// The ends of a range, which are long as constants, as the shifts that they are encoded as.
pub(super) fn shifted(constant: &I) -> Option<[I; 3]> {
    Some(match constant {
        I::I32Const(i32::MIN) => [I::I32Const(-1), I::I32Const(31), I::I32Shl],
        I::I32Const(i32::MAX) => [I::I32Const(-1), I::I32Const(1), I::I32ShrU],
        I::I64Const(i64::MIN) => [I::I64Const(-1), I::I64Const(63), I::I64Shl],
        I::I64Const(i64::MAX) => [I::I64Const(-1), I::I64Const(1), I::I64ShrU],
        _ => return None,
    })
}

/// Loads a local from the 8 bytes in which it lives.
pub(super) fn load_of(ty: Ty, offset: u32) -> I {
    let at = MemArg { offset: u64::from(offset), align: 2, memory_index: 0 };
    match ty {
        Ty::I32 => I::I32Load(at),
        Ty::I64 => I::I64Load(at),
        Ty::F64 => I::F64Load(at),
        Ty::V128 => I::V128Load(at),
    }
}

/// Stores it there.
pub(super) fn store_of(ty: Ty, offset: u32) -> I {
    let at = MemArg { offset: u64::from(offset), align: 2, memory_index: 0 };
    match ty {
        Ty::I32 => I::I32Store(at),
        Ty::I64 => I::I64Store(at),
        Ty::F64 => I::F64Store(at),
        Ty::V128 => I::V128Store(at),
    }
}

pub(super) fn unary(op: Un, ty: Ty) -> I {
    match (op, ty) {
        (Un::Eqz, Ty::I32) => I::I32Eqz,
        (Un::Eqz, _) => I::I64Eqz,
        (Un::Wrap, _) => I::I32WrapI64,
        (Un::Extend, _) => I::I64ExtendI32S,
        (Un::Ctz, Ty::I32) => I::I32Ctz,
        (Un::Ctz, _) => I::I64Ctz,
        (Un::Ones, Ty::I32) => I::I32Popcnt,
        (Un::Ones, _) => I::I64Popcnt,
        (Un::Clz, Ty::I32) => I::I32Clz,
        (Un::Clz, _) => I::I64Clz,
    }
}

/// On whole numbers; reals have [`Node::Float`].
pub(super) fn binary(op: Bin, ty: Ty) -> I {
    match (op, ty) {
        (Bin::Add, Ty::I32) => I::I32Add,
        (Bin::Add, _) => I::I64Add,
        (Bin::Sub, Ty::I32) => I::I32Sub,
        (Bin::Sub, _) => I::I64Sub,
        (Bin::Mul, Ty::I32) => I::I32Mul,
        (Bin::Mul, _) => I::I64Mul,
        (Bin::DivS, Ty::I32) => I::I32DivS,
        (Bin::DivS, _) => I::I64DivS,
        (Bin::And, Ty::I32) => I::I32And,
        (Bin::And, _) => I::I64And,
        (Bin::Or, Ty::I32) => I::I32Or,
        (Bin::Or, _) => I::I64Or,
        (Bin::Xor, Ty::I32) => I::I32Xor,
        (Bin::Xor, _) => I::I64Xor,
        (Bin::Shl, Ty::I32) => I::I32Shl,
        (Bin::Shl, _) => I::I64Shl,
        (Bin::ShrU, Ty::I32) => I::I32ShrU,
        (Bin::ShrU, _) => I::I64ShrU,
        (Bin::ShrS, Ty::I32) => I::I32ShrS,
        (Bin::ShrS, _) => I::I64ShrS,
        (Bin::Eq, Ty::I32) => I::I32Eq,
        (Bin::Eq, _) => I::I64Eq,
        (Bin::Ne, Ty::I32) => I::I32Ne,
        (Bin::Ne, _) => I::I64Ne,
        (Bin::LtS, Ty::I32) => I::I32LtS,
        (Bin::LtS, _) => I::I64LtS,
        (Bin::LeS, Ty::I32) => I::I32LeS,
        (Bin::LeS, _) => I::I64LeS,
        (Bin::GtS, Ty::I32) => I::I32GtS,
        (Bin::GtS, _) => I::I64GtS,
        (Bin::GeS, Ty::I32) => I::I32GeS,
        (Bin::GeS, _) => I::I64GeS,
        (Bin::LeU, Ty::I32) => I::I32LeU,
        (Bin::LeU, _) => I::I64LeU,
    }
}

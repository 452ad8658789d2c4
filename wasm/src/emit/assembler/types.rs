//! Types of values, operators and widths in memory; and what an operator makes of two constants.

/// The types of value in a module; floats only inside a published formula, vectors only in a batch by lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ty {
    I32,
    I64,
    F64,
    V128,
}

impl Ty {
    /// The bytes of its home.
    pub(super) fn home(self) -> u32 {
        if self == Ty::V128 { 16 } else { 8 }
    }
}

impl Ty {
    /// The narrowest that holds every integer of `low ..= high`.
    pub(crate) fn holding(low: i64, high: i64) -> Ty {
        if i32::try_from(low).is_ok() && i32::try_from(high).is_ok() { Ty::I32 } else { Ty::I64 }
    }
}

/// Operators of two operands of one type; tests give an `I32` of 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bin {
    Add,
    Sub,
    Mul,
    /// towards zero; the divisor is never 0 where it is reached
    DivS,
    And,
    Or,
    Xor,
    Shl,
    ShrU,
    ShrS,
    Eq,
    Ne,
    LtS,
    LeS,
    GtS,
    GeS,
    LeU,
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Un {
    /// 1 when zero
    Eqz,
    /// i64 to i32
    Wrap,
    /// i32 to i64, signed
    Extend,
    /// trailing zeros
    Ctz,
    /// bits that are 1
    Ones,
    /// leading zeros
    Clz,
}

impl Bin {
    pub(super) fn is_test(self) -> bool {
        self.opposite().is_some() || self == Bin::LeU
    }

    pub(super) fn opposite(self) -> Option<Bin> {
        Some(match self {
            Bin::Eq => Bin::Ne,
            Bin::Ne => Bin::Eq,
            Bin::LtS => Bin::GeS,
            Bin::GeS => Bin::LtS,
            Bin::LeS => Bin::GtS,
            Bin::GtS => Bin::LeS,
            _ => return None,
        })
    }
}

/// How a value lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Width {
    /// 1, 2, 4 or 8.
    pub(crate) bytes: u8,
    /// Whether the top bit is the sign.
    pub(crate) signed: bool,
}

impl Width {
    /// A signed integer of so many bytes.
    pub(crate) const fn signed(bytes: u8) -> Width {
        Width { bytes, signed: true }
    }

    /// An unsigned one.
    pub(crate) const fn unsigned(bytes: u8) -> Width {
        Width { bytes, signed: false }
    }

    /// The power of two.
    pub(crate) fn log2(self) -> u32 {
        self.bytes.trailing_zeros()
    }

    /// The type it is loaded as.
    pub(crate) fn ty(self) -> Ty {
        if self.bytes == 8 { Ty::I64 } else { Ty::I32 }
    }
}

/// A slot of a record or of a block of pointers, and whatever else takes 8 bytes.
pub(crate) const SLOT: Width = Width::signed(8);
/// A pointer or an offset.
pub(crate) const POINTER: Width = Width::signed(4);

/// The value as the type holds it.
pub(super) fn fit(ty: Ty, value: i64) -> i64 {
    match ty {
        Ty::I32 => i64::from(truncate(value)),
        _ => value,
    }
}

/// The low 32 bits, as a signed integer.
#[allow(clippy::cast_possible_truncation, reason = "that is what wrapping means")]
pub(crate) const fn truncate(value: i64) -> i32 {
    value as i32
}

pub(crate) fn fold(ty: Ty, op: Bin, a: i64, b: i64) -> i64 {
    let unsigned = |x: i64| match ty {
        Ty::I32 => u64::from(truncate(x).cast_unsigned()),
        _ => x.cast_unsigned(),
    };
    let places = truncate(b.rem_euclid(if ty == Ty::I64 { 64 } else { 32 })).cast_unsigned();
    let value = match op {
        Bin::Add => a.wrapping_add(b),
        Bin::Sub => a.wrapping_sub(b),
        Bin::Mul => a.wrapping_mul(b),
        // Not reached where it is not defined: a divisor of 0, or the least number by −1.
        Bin::DivS => a.checked_div(b).unwrap_or(0),
        Bin::And => a & b,
        Bin::Or => a | b,
        Bin::Xor => a ^ b,
        Bin::Shl => a.wrapping_shl(places),
        Bin::ShrU => (unsigned(a) >> places).cast_signed(),
        Bin::ShrS => a >> places,
        Bin::Eq => i64::from(a == b),
        Bin::Ne => i64::from(a != b),
        Bin::LtS => i64::from(a < b),
        Bin::LeS => i64::from(a <= b),
        Bin::GtS => i64::from(a > b),
        Bin::GeS => i64::from(a >= b),
        Bin::LeU => i64::from(unsigned(a) <= unsigned(b)),
    };
    fit(ty, value)
}

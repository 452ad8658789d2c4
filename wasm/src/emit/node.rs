//! Pure computations as small trees, folded as they are built.
//!
//! A [`Node`] is emitted where it is used; what is used more than once is first put in a local
//! ([`super::code::Code::share`]). What is known when compiling stays a constant and costs no code.

use std::rc::Rc;

use super::real::Float;

/// The types of value in a module; the last only inside a published formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ty {
    I32,
    I64,
    F64,
}

impl Ty {
    /// The narrowest that holds every integer of `low ..= high`.
    pub(super) fn holding(low: i64, high: i64) -> Ty {
        if i32::try_from(low).is_ok() && i32::try_from(high).is_ok() { Ty::I32 } else { Ty::I64 }
    }
}

/// Operators of two operands of one type; tests give an `I32` of 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bin {
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
pub(super) enum Un {
    /// 1 when zero
    Eqz,
    /// i64 to i32
    Wrap,
    /// i32 to i64, signed
    Extend,
    /// trailing zeros
    Ctz,
    /// leading zeros
    Clz,
}

/// How a value lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Width {
    /// 1, 2, 4 or 8.
    pub(super) bytes: u8,
    /// Whether the top bit is the sign.
    pub(super) signed: bool,
}

impl Width {
    /// A signed integer of so many bytes.
    pub(super) const fn signed(bytes: u8) -> Width {
        Width { bytes, signed: true }
    }

    /// An unsigned one.
    pub(super) const fn unsigned(bytes: u8) -> Width {
        Width { bytes, signed: false }
    }

    /// The power of two.
    pub(super) fn log2(self) -> u32 {
        self.bytes.trailing_zeros()
    }

    /// The type it is loaded as.
    pub(super) fn ty(self) -> Ty {
        if self.bytes == 8 { Ty::I64 } else { Ty::I32 }
    }
}

/// A pure computation.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Const(Ty, i64),
    Local(Ty, u32),
    Global(Ty, u32),
    Unary(Un, Rc<Node>),
    Binary(Bin, Rc<(Node, Node)>),
    /// first when the third is not 0, else the second
    Select(Rc<(Node, Node, Node)>),
    /// address and offset
    Load(Width, Rc<Node>, u32),
    /// function, result, operands
    Call(u32, Ty, Rc<Vec<Node>>),
    /// an operation on reals, never folded
    Float(Float, Rc<Vec<Node>>),
}

/// An `I32` constant.
pub(super) fn int(value: i64) -> Node {
    Node::Const(Ty::I32, value)
}

/// An `I64` constant.
pub(super) fn long(value: i64) -> Node {
    Node::Const(Ty::I64, value)
}

/// A constant 0 or 1.
pub(super) fn flag(value: bool) -> Node {
    int(i64::from(value))
}

impl Node {
    /// The type of its value.
    pub(super) fn ty(&self) -> Ty {
        match self {
            Node::Const(ty, _) | Node::Local(ty, _) | Node::Global(ty, _) | Node::Call(_, ty, _) => *ty,
            Node::Unary(Un::Eqz | Un::Wrap, _) => Ty::I32,
            Node::Unary(Un::Extend, _) => Ty::I64,
            Node::Unary(Un::Ctz | Un::Clz, x) => x.ty(),
            Node::Binary(op, both) => {
                if op.is_test() {
                    Ty::I32
                } else {
                    both.0.ty()
                }
            }
            Node::Select(all) => all.0.ty(),
            Node::Load(width, ..) => width.ty(),
            Node::Float(op, _) => op.ty(),
        }
    }

    /// Its value, where it is known when compiling.
    pub(super) fn constant(&self) -> Option<i64> {
        match self {
            Node::Const(_, value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn is(&self, value: i64) -> bool {
        self.constant() == Some(value)
    }

    /// The same value as another type.
    pub(super) fn to(&self, ty: Ty) -> Node {
        match (self.ty(), ty, self) {
            (from, to, _) if from == to => self.clone(),
            (_, to, Node::Const(_, value)) => Node::Const(to, fit(to, *value)),
            (_, Ty::I32, Node::Unary(Un::Extend, x)) => (**x).clone(),
            (_, Ty::I32, _) => Node::Unary(Un::Wrap, Rc::new(self.clone())),
            _ => Node::Unary(Un::Extend, Rc::new(self.clone())),
        }
    }

    fn wide(&self) -> Node {
        self.to(Ty::I64)
    }

    /// Applies `op`; operands of different types are widened.
    pub(super) fn bin(&self, op: Bin, other: &Node) -> Node {
        if self.ty() != other.ty() {
            return self.wide().bin(op, &other.wide());
        }
        if let (Some(a), Some(b)) = (self.constant(), other.constant()) {
            let ty = if op.is_test() { Ty::I32 } else { self.ty() };
            return Node::Const(ty, fold(self.ty(), op, a, b));
        }
        if let (Node::Local(_, a), Node::Local(_, b)) = (self, other)
            && a == b
            && op.is_test()
        {
            return flag(matches!(op, Bin::Eq | Bin::LeS | Bin::GeS | Bin::LeU));
        }
        match (op, self.constant(), other.constant()) {
            (Bin::Add | Bin::Or | Bin::Xor, Some(0), _) => other.clone(),
            (Bin::Add | Bin::Sub | Bin::Or | Bin::Xor | Bin::Shl | Bin::ShrU | Bin::ShrS, _, Some(0))
            | (Bin::Mul | Bin::DivS, _, Some(1)) => self.clone(),
            (Bin::Mul, Some(1), _) => other.clone(),
            (Bin::Mul | Bin::And, Some(0), _) | (Bin::Mul | Bin::And, _, Some(0)) => Node::Const(self.ty(), 0),
            (Bin::And, Some(-1), _) => other.clone(),
            (Bin::And, _, Some(-1)) => self.clone(),
            (Bin::Eq, _, Some(0)) => Node::Unary(Un::Eqz, Rc::new(self.clone())),
            _ => Node::Binary(op, Rc::new((self.clone(), other.clone()))),
        }
    }

    pub(super) fn add(&self, other: &Node) -> Node {
        self.bin(Bin::Add, other)
    }

    pub(super) fn sub(&self, other: &Node) -> Node {
        self.bin(Bin::Sub, other)
    }

    pub(super) fn shl(&self, places: u32) -> Node {
        self.bin(Bin::Shl, &Node::Const(self.ty(), i64::from(places)))
    }

    pub(super) fn eq(&self, other: &Node) -> Node {
        self.bin(Bin::Eq, other)
    }

    pub(super) fn ne(&self, other: &Node) -> Node {
        self.bin(Bin::Ne, other)
    }

    /// Both of two flags.
    pub(super) fn both(&self, other: &Node) -> Node {
        match (self.constant(), other.constant()) {
            (Some(0), _) | (_, Some(0)) => flag(false),
            (Some(_), _) => other.clone(),
            (_, Some(_)) => self.clone(),
            _ => self.bin(Bin::And, other),
        }
    }

    /// Either of two flags.
    pub(super) fn either(&self, other: &Node) -> Node {
        match (self.constant(), other.constant()) {
            (Some(0), _) => other.clone(),
            (_, Some(0)) => self.clone(),
            (Some(_), _) | (_, Some(_)) => flag(true),
            _ => self.bin(Bin::Or, other),
        }
    }

    /// The opposite of a flag.
    pub(super) fn not(&self) -> Node {
        match self {
            Node::Const(_, value) => flag(*value == 0),
            Node::Unary(Un::Eqz, x) if x.is_flag() => (**x).clone(),
            Node::Unary(Un::Eqz, x) => x.ne(&Node::Const(x.ty(), 0)),
            Node::Binary(op, both) => match op.opposite() {
                Some(opposite) => both.0.bin(opposite, &both.1),
                None => Node::Unary(Un::Eqz, Rc::new(self.clone())),
            },
            _ => Node::Unary(Un::Eqz, Rc::new(self.clone())),
        }
    }

    fn is_flag(&self) -> bool {
        match self {
            Node::Unary(Un::Eqz, _) => true,
            Node::Binary(op, both) => {
                op.is_test() || (matches!(op, Bin::And | Bin::Or) && both.0.is_flag() && both.1.is_flag())
            }
            _ => false,
        }
    }

    /// The count of trailing zeros.
    pub(super) fn ctz(&self) -> Node {
        Node::Unary(Un::Ctz, Rc::new(self.clone()))
    }

    /// The place of the highest bit set of an `I64`.
    pub(super) fn top_bit(&self) -> Node {
        long(63).sub(&Node::Unary(Un::Clz, Rc::new(self.clone())))
    }

    /// `self` when the flag is set, else `other`.
    pub(super) fn when(&self, condition: &Node, other: &Node) -> Node {
        if self.ty() != other.ty() {
            return self.wide().when(condition, &other.wide());
        }
        match (condition.constant(), self.constant(), other.constant()) {
            (Some(0), ..) => return other.clone(),
            (Some(_), ..) => return self.clone(),
            (_, Some(a), Some(b)) if a == b => return self.clone(),
            (_, Some(1), Some(0)) if self.ty() == Ty::I32 && condition.is_flag() => {
                return condition.clone();
            }
            (_, Some(0), Some(1)) if self.ty() == Ty::I32 => return condition.not(),
            _ => {}
        }
        if let (Node::Local(_, a), Node::Local(_, b)) = (self, other)
            && a == b
        {
            return self.clone();
        }
        let (first, second, condition) = match condition.asked() {
            Node::Unary(Un::Eqz, x) if x.ty() == Ty::I32 => (other, self, x.asked()),
            asked => (self, other, asked),
        };
        Node::Select(Rc::new((first.clone(), second.clone(), condition.clone())))
    }

    /// The same where only whether it is 0 matters.
    pub(super) fn asked(&self) -> &Node {
        match self {
            Node::Binary(Bin::Ne, both) if both.1.is(0) && both.0.ty() == Ty::I32 => &both.0,
            _ => self,
        }
    }

    /// What lies in memory at this address.
    pub(super) fn load(&self, width: Width, offset: u32) -> Node {
        Node::Load(width, Rc::new(self.clone()), offset)
    }
}

impl Bin {
    pub(super) fn is_test(self) -> bool {
        self.opposite().is_some() || self == Bin::LeU
    }

    fn opposite(self) -> Option<Bin> {
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

/// The value as the type holds it.
fn fit(ty: Ty, value: i64) -> i64 {
    match ty {
        Ty::I32 => i64::from(truncate(value)),
        _ => value,
    }
}

/// The low 32 bits, as a signed integer.
#[allow(clippy::cast_possible_truncation, reason = "that is what wrapping means")]
pub(super) const fn truncate(value: i64) -> i32 {
    value as i32
}

fn fold(ty: Ty, op: Bin, a: i64, b: i64) -> i64 {
    let unsigned = |x: i64| match ty {
        Ty::I32 => u64::from(truncate(x).cast_unsigned()),
        _ => x.cast_unsigned(),
    };
    let places = u32::try_from(b.rem_euclid(if ty == Ty::I64 { 64 } else { 32 })).unwrap_or(0);
    let value = match op {
        Bin::Add => a.wrapping_add(b),
        Bin::Sub => a.wrapping_sub(b),
        Bin::Mul => a.wrapping_mul(b),
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

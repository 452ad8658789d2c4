//! Pure computations as small trees, folded as they are built.
//!
//! A [`Node`] is emitted where it is used; what is used more than once is first put in a local
//! (`Code::share`). What is known when compiling stays a constant and costs no code.

use std::rc::Rc;

use super::float::Float;
use super::types::{Bin, Ty, Un, Width, fit, fold};
use super::vector::Vector;

/// A pure computation.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Const(Ty, i64),
    Local(Ty, u32),
    Global(Ty, u32),
    /// a global that stays as it is while the function runs
    Steady(Ty, u32),
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
    /// an operation on vectors, never folded
    Vector(Vector, Rc<Vec<Node>>),
}

/// An `I32` constant.
pub(crate) fn int(value: i64) -> Node {
    Node::Const(Ty::I32, value)
}

/// An `I64` constant.
pub(crate) fn long(value: i64) -> Node {
    Node::Const(Ty::I64, value)
}

/// A constant 0 or 1.
pub(crate) fn flag(value: bool) -> Node {
    int(i64::from(value))
}

impl Node {
    /// The type of its value.
    pub(crate) fn ty(&self) -> Ty {
        match self {
            Node::Const(ty, _)
            | Node::Local(ty, _)
            | Node::Global(ty, _)
            | Node::Steady(ty, _)
            | Node::Call(_, ty, _) => *ty,
            Node::Unary(Un::Eqz | Un::Wrap, _) => Ty::I32,
            Node::Unary(Un::Extend, _) => Ty::I64,
            Node::Unary(Un::Ctz | Un::Clz | Un::Ones, x) => x.ty(),
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
            Node::Vector(op, _) => op.ty(),
        }
    }

    /// Its value, where it is known when compiling.
    pub(crate) fn constant(&self) -> Option<i64> {
        match self {
            Node::Const(_, value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn is(&self, value: i64) -> bool {
        self.constant() == Some(value)
    }

    /// Whether both are what stands in the same place.
    fn is_same_place(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Local(_, a), Node::Local(_, b)) | (Node::Steady(_, a), Node::Steady(_, b)) => a == b,
            _ => false,
        }
    }

    /// Whether both are the same local.
    pub(crate) fn is_same(&self, other: &Node) -> bool {
        matches!((self, other), (Node::Local(_, a), Node::Local(_, b)) if a == b)
    }

    /// What a global holds that stays as it is while the function runs.
    pub(crate) fn steady(&self) -> Node {
        match self {
            Node::Global(ty, number) => Node::Steady(*ty, *number),
            other => other.clone(),
        }
    }

    /// The same value as another type.
    pub(crate) fn to(&self, ty: Ty) -> Node {
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
    pub(crate) fn bin(&self, op: Bin, other: &Node) -> Node {
        if self.ty() != other.ty() {
            return self.wide().bin(op, &other.wide());
        }
        if let (Some(a), Some(b)) = (self.constant(), other.constant()) {
            let ty = if op.is_test() { Ty::I32 } else { self.ty() };
            return Node::Const(ty, fold(self.ty(), op, a, b));
        }
        if self.is_same_place(other) && op.is_test() {
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

    pub(crate) fn add(&self, other: &Node) -> Node {
        self.bin(Bin::Add, other)
    }

    pub(crate) fn sub(&self, other: &Node) -> Node {
        self.bin(Bin::Sub, other)
    }

    pub(crate) fn shl(&self, places: u32) -> Node {
        self.bin(Bin::Shl, &Node::Const(self.ty(), i64::from(places)))
    }

    pub(crate) fn eq(&self, other: &Node) -> Node {
        self.bin(Bin::Eq, other)
    }

    pub(crate) fn ne(&self, other: &Node) -> Node {
        self.bin(Bin::Ne, other)
    }

    /// Both of two flags.
    pub(crate) fn both(&self, other: &Node) -> Node {
        match (self.constant(), other.constant()) {
            (Some(0), _) | (_, Some(0)) => flag(false),
            (Some(_), _) => other.clone(),
            (_, Some(_)) => self.clone(),
            _ => self.bin(Bin::And, other),
        }
    }

    /// Either of two flags.
    pub(crate) fn either(&self, other: &Node) -> Node {
        match (self.constant(), other.constant()) {
            (Some(0), _) => other.clone(),
            (_, Some(0)) => self.clone(),
            (Some(_), _) | (_, Some(_)) => flag(true),
            _ => self.bin(Bin::Or, other),
        }
    }

    /// The opposite of a flag.
    pub(crate) fn not(&self) -> Node {
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
    pub(crate) fn ctz(&self) -> Node {
        Node::Unary(Un::Ctz, Rc::new(self.clone()))
    }

    /// The count of leading zeros.
    pub(crate) fn clz(&self) -> Node {
        Node::Unary(Un::Clz, Rc::new(self.clone()))
    }

    /// The count of bits that are 1.
    pub(crate) fn ones(&self) -> Node {
        Node::Unary(Un::Ones, Rc::new(self.clone()))
    }

    /// The place of the highest bit set of an `I64`.
    pub(crate) fn top_bit(&self) -> Node {
        long(63).sub(&self.clz())
    }

    /// A mask without its lowest bit.
    pub(crate) fn without_lowest(&self) -> Node {
        self.bin(Bin::And, &self.sub(&Node::Const(self.ty(), 1)))
    }

    /// `self` when the flag is set, else `other`.
    pub(crate) fn when(&self, condition: &Node, other: &Node) -> Node {
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
        if self.is_same_place(other) {
            return self.clone();
        }
        let (first, second, condition) = match condition.asked() {
            Node::Unary(Un::Eqz, x) if x.ty() == Ty::I32 => (other, self, x.asked()),
            asked => (self, other, asked),
        };
        Node::Select(Rc::new((first.clone(), second.clone(), condition.clone())))
    }

    /// The same where only whether it is 0 matters.
    pub(crate) fn asked(&self) -> &Node {
        match self {
            Node::Binary(Bin::Ne, both) if both.1.is(0) && both.0.ty() == Ty::I32 => &both.0,
            _ => self,
        }
    }

    /// An operation on vectors.
    pub(crate) fn vector(op: Vector, operands: Vec<Node>) -> Node {
        Node::Vector(op, Rc::new(operands))
    }

    /// What lies in memory at this address.
    pub(crate) fn load(&self, width: Width, offset: u32) -> Node {
        Node::Load(width, Rc::new(self.clone()), offset)
    }
}

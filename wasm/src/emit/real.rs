//! The steps of real arithmetic, written down: each is one instruction, whose result IEEE 754 defines to the last bit.

use std::rc::Rc;

use concord_engine::values::real::interval::MARGIN;
use concord_engine::values::real::{Bits, Function, Machine, One, Two};
use concord_engine::values::rounding::Rounding;
use wasm_encoder::Instruction as I;

use super::code::Code;
use super::helpers::Helpers;
use super::node::{Bin, Node, Ty, long};
use super::routines::Routine;

/// Operations on reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Float {
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
    pub(super) fn ty(self) -> Ty {
        match self {
            Float::Less | Float::Equal => Ty::I32,
            Float::BitsOf | Float::Whole => Ty::I64,
            _ => Ty::F64,
        }
    }

    pub(super) fn instruction(self) -> I<'static> {
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

/// Writes the steps down, each result in a local. The code has no branches, so that what was worked out once is there for the
/// rest of it.
pub(super) struct Writer<'a> {
    code: &'a mut Code,
    helpers: &'a mut Helpers,
    done: Vec<(Step, Vec<Place>, Node)>,
}

/// What is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Float(Float),
    Call(Function),
}

/// Where an operand is: a local, or a constant's bits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Local(u32),
    Const(u64),
}

fn place_of(node: &&Node) -> Option<Place> {
    match node {
        Node::Local(_, index) => Some(Place::Local(*index)),
        Node::Const(_, value) => Some(Place::Const(value.cast_unsigned())),
        Node::Float(Float::Const(bits), _) => Some(Place::Const(*bits)),
        _ => None,
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(code: &'a mut Code, helpers: &'a mut Helpers) -> Writer<'a> {
        Writer { code, helpers, done: Vec::new() }
    }

    fn step(&mut self, op: Float, operands: &[&Node]) -> Node {
        let nodes: Vec<Node> = operands.iter().map(|operand| (*operand).clone()).collect();
        self.once(Step::Float(op), operands, |_| Node::Float(op, Rc::new(nodes)))
    }

    fn once(&mut self, step: Step, operands: &[&Node], value: impl FnOnce(&mut Helpers) -> Node) -> Node {
        let places: Option<Vec<Place>> = operands.iter().map(place_of).collect();
        let before = self.done.iter().find(|(other, of, _)| *other == step && Some(of) == places.as_ref());
        if let Some((.., node)) = before {
            return node.clone();
        }
        let node = self.code.share(&value(self.helpers));
        self.done.extend(places.map(|places| (step, places, node.clone())));
        node
    }
}

impl Machine for Writer<'_> {
    type Real = Node;
    type Whole = Node;
    type Test = Node;

    fn real(&mut self, value: f64) -> Node {
        Node::Float(Float::Const(value.to_bits()), Rc::new(Vec::new()))
    }

    fn whole(&mut self, value: i64) -> Node {
        long(value)
    }

    fn two(&mut self, op: Two, a: &Node, b: &Node) -> Node {
        self.step(Float::Two(op), &[a, b])
    }

    fn one(&mut self, op: One, x: &Node) -> Node {
        self.step(Float::One(op), &[x])
    }

    fn less(&mut self, a: &Node, b: &Node) -> Node {
        self.step(Float::Less, &[a, b])
    }

    fn equal(&mut self, a: &Node, b: &Node) -> Node {
        self.step(Float::Equal, &[a, b])
    }

    fn pick(&mut self, test: &Node, yes: &Node, no: &Node) -> Node {
        self.code.share(&yes.when(test, no))
    }

    fn bits(&mut self, op: Bits, a: &Node, b: &Node) -> Node {
        let op = match op {
            Bits::Add => Bin::Add,
            Bits::Subtract => Bin::Sub,
            Bits::Left => Bin::Shl,
            Bits::Right => Bin::ShrS,
        };
        self.code.share(&a.bin(op, b))
    }

    fn bits_of(&mut self, x: &Node) -> Node {
        self.step(Float::BitsOf, &[x])
    }

    fn real_of_bits(&mut self, x: &Node) -> Node {
        self.step(Float::OfBits, &[x])
    }

    fn real_of(&mut self, x: &Node) -> Node {
        self.step(Float::OfWhole, &[&x.to(Ty::I64)])
    }

    fn whole_of(&mut self, x: &Node) -> Node {
        self.step(Float::Whole, &[x])
    }

    fn quotient(&mut self, a: &Node, b: i64, how: Rounding) -> Node {
        let value = self.helpers.call(Routine::Quotient(how), vec![a.clone(), long(b)]);
        self.code.share(&value)
    }

    fn call(&mut self, function: Function, x: &Node, y: &Node) -> Node {
        let routine = Routine::Real(function);
        let operands: Vec<&Node> = [x, y].into_iter().take(routine.parameters().len()).collect();
        let nodes = operands.iter().map(|operand| (*operand).clone()).collect();
        self.once(Step::Call(function), &operands, |helpers| helpers.call(routine, nodes))
    }

    fn is_one(&self, low: &Node, high: &Node) -> bool {
        match (low, high) {
            (Node::Local(_, a), Node::Local(_, b)) => a == b,
            (Node::Float(Float::Const(a), _), Node::Float(Float::Const(b), _)) => a == b,
            _ => false,
        }
    }

    fn margin(&self) -> f64 {
        MARGIN
    }
}

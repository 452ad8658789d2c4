//! The steps of real arithmetic, written down: each is one instruction, whose result IEEE 754 defines to the last bit.

use std::rc::Rc;

use concord_engine::values::real::interval::MARGIN;
use concord_engine::values::real::{Bits, Function, Machine, One, Two};
use concord_engine::values::rounding::Rounding;

use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Float, Node, Ty, long};

/// Writes the steps down, each result in a local. The code has no branches, so that what was worked out once is there for the
/// rest of it.
pub(crate) struct Writer<'a> {
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
    pub(crate) fn new(code: &'a mut Code, helpers: &'a mut Helpers) -> Writer<'a> {
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

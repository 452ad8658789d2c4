//! One function of the module under construction: locals, blocks, and the emission of [`Node`]s.

use wasm_encoder::BlockType;

use super::instruction::Instruction as I;
use super::instructions::{argument, binary, load, load_long, unary};
use super::node::Node;
use super::turns::Turns;
use super::types::{Ty, Un, Width, truncate};
use super::vector::{Vector, unaligned};

/// A block that can be left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label(u32);

/// A function under construction.
#[derive(Clone)]
pub(crate) struct Code {
    pub(super) parameters: u32,
    /// Parameters first.
    pub(super) locals: Vec<Ty>,
    next_local: u32,
    pub(super) body: Vec<I>,
    depth: u32,
}

impl Code {
    /// A function of these parameters.
    pub(crate) fn new(parameters: &[Ty]) -> Code {
        let mut code = Code { parameters: 0, locals: Vec::new(), next_local: 0, body: Vec::new(), depth: 0 };
        for ty in parameters {
            code.local(*ty);
        }
        code.parameters = code.next_local;
        code
    }

    /// Takes the instructions out, and leaves room for as many.
    pub(super) fn take_body(&mut self) -> Vec<I> {
        let room = Vec::with_capacity(self.body.len());
        std::mem::replace(&mut self.body, room)
    }

    /// A parameter, as a value; one that there is not may be named, not used.
    pub(crate) fn parameter(&self, index: u32) -> Node {
        let ty = usize::try_from(index).ok().and_then(|i| self.locals.get(i));
        Node::Local(ty.copied().unwrap_or(Ty::I32), index)
    }

    /// A new local, 0.
    pub(crate) fn local(&mut self, ty: Ty) -> Node {
        let index = self.next_local;
        self.locals.push(ty);
        self.next_local += 1;
        Node::Local(ty, index)
    }

    /// The value, computed once: a constant or a local.
    pub(crate) fn share(&mut self, node: &Node) -> Node {
        if matches!(node, Node::Const(..) | Node::Local(..) | Node::Steady(..) | Node::Vector(Vector::Const(_), _)) {
            return node.clone();
        }
        let local = self.local(node.ty());
        self.set(&local, node);
        local
    }

    /// A new local with this value, to be changed later.
    pub(crate) fn variable(&mut self, value: &Node) -> Node {
        let local = self.local(value.ty());
        self.set(&local, value);
        local
    }

    /// Gives a local or global a value.
    pub(crate) fn set(&mut self, place: &Node, value: &Node) {
        match (place, value) {
            (Node::Local(_, a), Node::Local(_, b)) if a == b => {}
            (Node::Local(ty, index), _) => {
                self.push(&value.to(*ty));
                self.body.push(I::LocalSet(*index));
            }
            (Node::Global(ty, index), _) => {
                self.push(&value.to(*ty));
                self.body.push(I::GlobalSet(*index));
            }
            _ => {}
        }
    }

    /// Writes to memory.
    pub(crate) fn store(&mut self, address: &Node, offset: u32, value: &Node, width: Width) {
        self.push(address);
        let value = if width.bytes == 8 { value.to(Ty::I64) } else { value.clone() };
        self.push(&value);
        let at = argument(width, offset);
        self.body.push(match (value.ty(), width.bytes) {
            (Ty::I32, 1) => I::I32Store8(at),
            (Ty::I32, 2) => I::I32Store16(at),
            (Ty::I32, _) => I::I32Store(at),
            (_, 1) => I::I64Store8(at),
            (_, 2) => I::I64Store16(at),
            (_, 4) => I::I64Store32(at),
            _ => I::I64Store(at),
        });
    }

    /// Writes a vector to memory.
    pub(crate) fn store_vector(&mut self, address: &Node, offset: u32, value: &Node) {
        self.push(address);
        self.push(value);
        self.body.push(I::V128Store(unaligned(offset)));
    }

    /// Calls a function without result.
    pub(crate) fn call(&mut self, function: u32, operands: &[Node]) {
        for operand in operands {
            self.push(operand);
        }
        self.body.push(I::Call(function));
    }

    /// How many pages the memory has.
    pub(crate) fn pages(&mut self) -> Node {
        let pages = self.local(Ty::I32);
        self.body.push(I::MemorySize(0));
        if let Node::Local(_, index) = &pages {
            self.body.push(I::LocalSet(*index));
        }
        pages
    }

    /// Grows the memory by so many pages: how many there were, or −1.
    pub(crate) fn grow(&mut self, pages: &Node) -> Node {
        self.push(pages);
        let before = self.local(Ty::I32);
        self.body.push(I::MemoryGrow(0));
        if let Node::Local(_, index) = &before {
            self.body.push(I::LocalSet(*index));
        }
        before
    }

    /// Opens a block; leaving it goes to its end.
    pub(crate) fn block(&mut self) -> Label {
        self.open(I::Block(BlockType::Empty))
    }

    /// Opens a loop of which is known how often it turns; leaving it goes to its start.
    pub(crate) fn repeat_for(&mut self, turns: Turns) -> Label {
        self.open(I::Loop(turns.marked()))
    }

    /// Opens a loop, in a function that no bound is given of.
    pub(crate) fn repeat(&mut self) -> Label {
        self.open(I::Loop(BlockType::Empty))
    }

    /// Opens what is done only when the flag is set.
    pub(crate) fn when(&mut self, condition: &Node) -> Label {
        self.push(condition.asked());
        self.open(I::If(BlockType::Empty))
    }

    /// The other case of the innermost [`Code::when`].
    pub(crate) fn otherwise(&mut self) {
        self.body.push(I::Else);
    }

    /// Whether what comes next is done whatever happens before: no block is open.
    pub(crate) fn is_straight(&self) -> bool {
        self.depth == 0
    }

    fn open(&mut self, instruction: I) -> Label {
        self.body.push(instruction);
        self.depth += 1;
        Label(self.depth)
    }

    /// Closes the innermost block.
    pub(crate) fn end(&mut self) {
        self.body.push(I::End);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Goes to a block's end, or a loop's start.
    pub(crate) fn leave(&mut self, label: Label) {
        self.body.push(I::Br(self.depth - label.0));
    }

    /// The same, when the flag is set.
    pub(crate) fn leave_when(&mut self, label: Label, condition: &Node) {
        match condition.constant() {
            Some(0) => {}
            Some(_) => self.leave(label),
            None => {
                self.push(condition.asked());
                self.body.push(I::BrIf(self.depth - label.0));
            }
        }
    }

    /// Leaves the function with a result.
    pub(crate) fn finish(&mut self, result: &Node) {
        self.push(result);
        self.body.push(I::Return);
    }

    /// Leaves a function that has no result.
    pub(crate) fn stop(&mut self) {
        self.body.push(I::Return);
    }

    /// Puts the value on the stack; the last one is the function's result.
    pub(crate) fn push(&mut self, node: &Node) {
        match node {
            Node::Const(ty, value) => self.constant(*ty, *value),
            Node::Local(_, index) => self.body.push(I::LocalGet(*index)),
            Node::Global(_, index) | Node::Steady(_, index) => self.body.push(I::GlobalGet(*index)),
            Node::Unary(op, x) => match (op, &**x) {
                (Un::Extend, Node::Load(width, address, offset)) => {
                    self.push(address);
                    self.body.push(load_long(*width, *offset));
                }
                _ => {
                    self.push(x);
                    self.body.push(unary(*op, x.ty()));
                }
            },
            Node::Binary(op, both) => {
                self.push(&both.0);
                self.push(&both.1);
                self.body.push(binary(*op, both.0.ty()));
            }
            Node::Select(all) => {
                self.push(&all.0);
                self.push(&all.1);
                self.push(&all.2);
                self.body.push(I::Select);
            }
            Node::Load(width, address, offset) => {
                self.push(address);
                self.body.push(load(*width, *offset));
            }
            Node::Call(function, _, operands) => self.call(*function, operands),
            Node::Float(op, operands) => {
                operands.iter().for_each(|operand| self.push(operand));
                self.body.push(op.instruction());
            }
            Node::Vector(op, operands) => {
                operands.iter().for_each(|operand| self.push(operand));
                self.body.push(op.instruction());
            }
        }
    }

    fn constant(&mut self, ty: Ty, value: i64) {
        self.body.push(match ty {
            Ty::I32 => I::I32Const(truncate(value)),
            _ => I::I64Const(value),
        });
    }
}

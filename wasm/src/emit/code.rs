//! One function of the module under construction: locals, blocks, and the emission of [`Node`]s.

use wasm_encoder::{BlockType, Function, Instruction as I, MemArg, ValType};

use super::node::{Bin, Node, Ty, Un, Width, truncate};

/// A block that can be left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label(u32);

/// A function under construction.
pub(super) struct Code {
    parameters: u32,
    locals: Vec<Ty>,
    body: Vec<I<'static>>,
    depth: u32,
}

impl Code {
    /// A function of these parameters.
    pub(super) fn new(parameters: &[Ty]) -> Code {
        Code {
            parameters: u32::try_from(parameters.len()).unwrap_or(0),
            locals: parameters.to_vec(),
            body: Vec::new(),
            depth: 0,
        }
    }

    /// A parameter, as a value.
    pub(super) fn parameter(&self, index: u32) -> Node {
        let ty = usize::try_from(index).ok().and_then(|i| self.locals.get(i));
        Node::Local(ty.copied().unwrap_or(Ty::I32), index)
    }

    /// A new local, 0.
    pub(super) fn local(&mut self, ty: Ty) -> Node {
        let index = u32::try_from(self.locals.len()).unwrap_or(u32::MAX);
        self.locals.push(ty);
        Node::Local(ty, index)
    }

    /// The value, computed once: a constant or a local.
    pub(super) fn share(&mut self, node: &Node) -> Node {
        if matches!(node, Node::Const(..) | Node::Local(..)) {
            return node.clone();
        }
        let local = self.local(node.ty());
        self.set(&local, node);
        local
    }

    /// A new local with this value, to be changed later.
    pub(super) fn variable(&mut self, value: &Node) -> Node {
        let local = self.local(value.ty());
        self.set(&local, value);
        local
    }

    /// Gives a local or global a value.
    pub(super) fn set(&mut self, place: &Node, value: &Node) {
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
    pub(super) fn store(&mut self, address: &Node, offset: u32, value: &Node, width: Width) {
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

    /// Calls a function without result.
    pub(super) fn call(&mut self, function: u32, operands: &[Node]) {
        for operand in operands {
            self.push(operand);
        }
        self.body.push(I::Call(function));
    }

    /// Opens a block; leaving it goes to its end.
    pub(super) fn block(&mut self) -> Label {
        self.open(I::Block(BlockType::Empty))
    }

    /// Opens a loop; leaving it goes to its start.
    pub(super) fn repeat(&mut self) -> Label {
        self.open(I::Loop(BlockType::Empty))
    }

    /// Opens what is done only when the flag is set.
    pub(super) fn when(&mut self, condition: &Node) -> Label {
        self.push(condition.asked());
        self.open(I::If(BlockType::Empty))
    }

    /// The other case of the innermost [`Code::when`].
    pub(super) fn otherwise(&mut self) {
        self.body.push(I::Else);
    }

    fn open(&mut self, instruction: I<'static>) -> Label {
        self.body.push(instruction);
        self.depth += 1;
        Label(self.depth)
    }

    /// Closes the innermost block.
    pub(super) fn end(&mut self) {
        self.body.push(I::End);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Goes to a block's end, or a loop's start.
    pub(super) fn leave(&mut self, label: Label) {
        self.body.push(I::Br(self.depth - label.0));
    }

    /// The same, when the flag is set.
    pub(super) fn leave_when(&mut self, label: Label, condition: &Node) {
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
    pub(super) fn finish(&mut self, result: &Node) {
        self.push(result);
        self.body.push(I::Return);
    }

    /// Puts the value on the stack; the last one is the function's result.
    pub(super) fn push(&mut self, node: &Node) {
        match node {
            Node::Const(ty, value) => self.constant(*ty, *value),
            Node::Local(_, index) => self.body.push(I::LocalGet(*index)),
            Node::Global(_, index) => self.body.push(I::GlobalGet(*index)),
            Node::Unary(op, x) => {
                self.push(x);
                self.body.push(unary(*op, x.ty()));
            }
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
        }
    }

    /// A constant; the ends of a range, long as they are written, as a shift.
    fn constant(&mut self, ty: Ty, value: i64) {
        let plain = |value: i64| match ty {
            Ty::I32 => I::I32Const(truncate(value)),
            _ => I::I64Const(value),
        };
        let (least, most) = match ty {
            Ty::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let (shift, by) = match value {
            value if value == least => (Bin::Shl, least.trailing_zeros()),
            value if value == most => (Bin::ShrU, 1),
            _ => return self.body.push(plain(value)),
        };
        self.body.extend([plain(-1), plain(i64::from(by)), binary(shift, ty)]);
    }

    /// The function's bytes: locals grouped by type, the most used first, and needless moves taken out.
    pub(super) fn build(mut self) -> Function {
        self.body.push(I::End);
        let mut before = usize::MAX;
        while self.body.len() < before {
            before = self.body.len();
            self.tidy();
        }
        let uses = self.uses();
        let mut order: Vec<usize> = (0..self.locals.len())
            .filter(|index| *index >= self.parameter_count() && uses.get(*index).is_some_and(|n| *n > 0))
            .collect();
        order.sort_by_key(|index| (self.locals.get(*index).copied(), std::cmp::Reverse(uses.get(*index).copied())));
        let mut place: Vec<u32> = (0..self.parameters).collect();
        place.resize(self.locals.len(), 0);
        for (number, index) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*index) {
                *slot = self.parameters + u32::try_from(number).unwrap_or(0);
            }
        }
        let types = order.iter().filter_map(|index| self.locals.get(*index)).map(|ty| match ty {
            Ty::I32 => ValType::I32,
            Ty::I64 => ValType::I64,
            Ty::F64 => ValType::F64,
        });
        let mut function = Function::new_with_locals_types(types.collect::<Vec<_>>());
        let moved = |index: u32| usize::try_from(index).ok().and_then(|i| place.get(i)).copied().unwrap_or(0);
        for instruction in &self.body {
            match instruction {
                I::LocalGet(index) => function.instruction(&I::LocalGet(moved(*index))),
                I::LocalSet(index) => function.instruction(&I::LocalSet(moved(*index))),
                I::LocalTee(index) => function.instruction(&I::LocalTee(moved(*index))),
                other => function.instruction(other),
            };
        }
        function
    }

    fn parameter_count(&self) -> usize {
        usize::try_from(self.parameters).unwrap_or(0)
    }

    fn uses(&self) -> Vec<u32> {
        let mut uses = vec![0_u32; self.locals.len()];
        for instruction in &self.body {
            if let I::LocalGet(index) | I::LocalSet(index) | I::LocalTee(index) = instruction
                && let Some(count) = usize::try_from(*index).ok().and_then(|i| uses.get_mut(i))
            {
                *count += 1;
            }
        }
        uses
    }

    /// A value set and got at once stays on the stack; one never got is not worked out.
    fn tidy(&mut self) {
        let uses = self.uses();
        let count = |index: u32| usize::try_from(index).ok().and_then(|i| uses.get(i)).copied().unwrap_or(0);
        let body = std::mem::take(&mut self.body);
        let mut instructions = body.into_iter().peekable();
        while let Some(instruction) = instructions.next() {
            let I::LocalSet(index) = instruction else {
                self.body.push(instruction);
                continue;
            };
            let got_next = matches!(instructions.peek(), Some(I::LocalGet(next)) if *next == index);
            if !got_next {
                if count(index) == 1 {
                    self.forget();
                } else {
                    self.body.push(instruction);
                }
                continue;
            }
            instructions.next();
            if count(index) > 2 {
                self.body.push(I::LocalTee(index));
            }
        }
    }

    /// Takes the value on the stack away, with what worked it out where that is plain to see.
    fn forget(&mut self) {
        while self.body.last().is_some_and(is_plain) {
            self.body.pop();
        }
        match self.body.last() {
            Some(I::LocalGet(_) | I::GlobalGet(_) | I::I32Const(_) | I::I64Const(_)) => {
                self.body.pop();
            }
            _ => self.body.push(I::Drop),
        }
    }
}

/// Whether an instruction makes one value of one value, and nothing else.
fn is_plain(instruction: &I<'_>) -> bool {
    let loads = matches!(
        instruction,
        I::I32Load(_) | I::I64Load(_) | I::I32Load8S(_) | I::I32Load8U(_) | I::I32Load16S(_) | I::I32Load16U(_)
    );
    loads || matches!(instruction, I::I32WrapI64 | I::I64ExtendI32S | I::I32Eqz | I::I64Eqz | I::I32Ctz | I::I64Ctz)
}

fn argument(width: Width, offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: width.log2(), memory_index: 0 }
}

fn load(width: Width, offset: u32) -> I<'static> {
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

fn unary(op: Un, ty: Ty) -> I<'static> {
    match (op, ty) {
        (Un::Eqz, Ty::I32) => I::I32Eqz,
        (Un::Eqz, _) => I::I64Eqz,
        (Un::Wrap, _) => I::I32WrapI64,
        (Un::Extend, _) => I::I64ExtendI32S,
        (Un::Ctz, Ty::I32) => I::I32Ctz,
        (Un::Ctz, _) => I::I64Ctz,
        (Un::Clz, Ty::I32) => I::I32Clz,
        (Un::Clz, _) => I::I64Clz,
    }
}

/// On whole numbers; reals have [`Node::Float`].
fn binary(op: Bin, ty: Ty) -> I<'static> {
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

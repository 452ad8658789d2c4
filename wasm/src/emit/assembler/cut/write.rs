//! A part of a function, written as a function of its own.
//!
//! It takes nothing. It gives nothing where it only goes on after its end; otherwise 0 where it goes on there, and the number of
//! the block, from 1, where it leaves one that it stands in. A part without parts inside works on copies of what lives in memory;
//! one with parts inside works there.

use std::collections::BTreeMap;

use wasm_encoder::BlockType;

use super::homes::{Copy, Homes, Part};
use crate::emit::assembler::code::Code;
use crate::emit::assembler::error::EmitError;
use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::instructions::{load_of, store_of};
use crate::emit::assembler::node::Node;
use crate::emit::assembler::types::Ty;

/// What all parts of a function have in common.
pub(super) struct Whole<'a> {
    pub(super) body: &'a [I],
    pub(super) locals: &'a [Ty],
    pub(super) parameters: &'a [Ty],
    pub(super) parts: &'a [Part],
    pub(super) homes: &'a Homes,
    /// The number of the function that the first part after the whole becomes.
    pub(super) first: u32,
    /// The block that each `br` goes to, see [`targets`].
    pub(super) targets: &'a BTreeMap<usize, usize>,
    /// The blocks that each part may leave, the whole's first; see [`exits`].
    pub(super) exits: &'a [Vec<usize>],
}

/// The block that each `br` goes to, by the place of the instruction that opens it.
pub(super) fn targets(body: &[I]) -> BTreeMap<usize, usize> {
    let (mut open, mut targets) = (Vec::new(), BTreeMap::new());
    for (place, instruction) in body.iter().enumerate() {
        match instruction {
            I::Block(_) | I::Loop(_) | I::If(_) => open.push(place),
            I::End => {
                open.pop();
            }
            I::Br(depth) | I::BrIf(depth) => {
                let block = usize::try_from(*depth).ok().and_then(|depth| open.iter().rev().nth(depth));
                targets.extend(block.map(|block| (place, *block)));
            }
            _ => {}
        }
    }
    targets
}

/// The blocks outside each part that something in it leaves.
pub(super) fn exits(targets: &BTreeMap<usize, usize>, parts: &[Part]) -> Vec<Vec<usize>> {
    let of = |part: &Part| {
        let inside = targets.range(part.range.clone()).map(|(_, block)| *block);
        let mut left: Vec<usize> = inside.filter(|block| !part.range.contains(block)).collect();
        left.sort_unstable();
        left.dedup();
        left
    };
    parts.iter().map(of).collect()
}

/// A part under construction.
struct Writer<'a> {
    whole: &'a Whole<'a>,
    number: usize,
    code: Code,
    /// The new number of a local.
    moved: BTreeMap<u32, u32>,
    /// The blocks open here, those outside first, by where they were opened.
    open: Vec<usize>,
    /// Whether what lives in memory is used there.
    in_memory: bool,
}

/// Writes a part.
pub(super) fn write(whole: &Whole<'_>, number: usize) -> Result<Code, EmitError> {
    let part = whole.parts.get(number).ok_or(EmitError::NoSuch("part", number))?;
    let parameters = if number == 0 { whole.parameters } else { &[] };
    let exits = whole.exits.get(number).cloned().ok_or(EmitError::NoSuch("part", number))?;
    let mut writer = Writer {
        whole,
        number,
        code: Code::new(parameters),
        moved: BTreeMap::new(),
        open: exits.iter().rev().copied().collect(),
        in_memory: !part.inside.is_empty(),
    };
    let copies = if writer.in_memory { Vec::new() } else { whole.homes.copies(whole.parts, number) };
    writer.start(&copies)?;
    let left = (!exits.is_empty()).then(|| writer.code.local(Ty::I32));
    let wrappers = if exits.is_empty() { 0 } else { exits.len() + 1 };
    (0..wrappers).for_each(|_| writer.code.body.push(I::Block(BlockType::Empty)));
    writer.body(part)?;
    if let Some(left) = &left {
        writer.land(&exits, left)?;
    }
    for copy in copies.iter().filter(|copy| copy.leaves) {
        let (local, ty) = writer.local(copy.local)?;
        writer.code.body.extend([I::I32Const(0), I::LocalGet(local), store_of(ty, copy.address)]);
    }
    if let Some(left) = &left {
        writer.code.push(left);
    }
    Ok(writer.code)
}

impl Writer<'_> {
    /// The new number of a local, and its type.
    fn local(&mut self, local: u32) -> Result<(u32, Ty), EmitError> {
        let ty = usize::try_from(local).ok().and_then(|local| self.whole.locals.get(local)).copied();
        let ty = ty.ok_or(EmitError::Invalid(format!("no local {local}")))?;
        if self.number == 0 && local < self.code.parameters {
            return Ok((local, ty));
        }
        if let Some(moved) = self.moved.get(&local) {
            return Ok((*moved, ty));
        }
        let Node::Local(_, moved) = self.code.local(ty) else {
            return Err(EmitError::NoSuch("local", 0));
        };
        self.moved.insert(local, moved);
        Ok((moved, ty))
    }

    /// What has to be there before anything else: in the function itself the parameters, and what nobody else gives a value.
    fn start(&mut self, copies: &[Copy]) -> Result<(), EmitError> {
        for copy in copies.iter().filter(|copy| copy.finds) {
            let (local, ty) = self.local(copy.local)?;
            self.code.body.extend([I::I32Const(0), load_of(ty, copy.address), I::LocalSet(local)]);
        }
        let Some(flow) = self.whole.parts.first().filter(|_| self.number == 0).map(|part| &part.flow) else {
            return Ok(());
        };
        for (local, address) in self.whole.homes.all() {
            if local < self.code.parameters {
                let (local, ty) = self.local(local)?;
                self.code.body.extend([I::I32Const(0), I::LocalGet(local), store_of(ty, address)]);
            } else if flow.exposed.contains(local) {
                // Locals are 0 at first, and what is not negative is 0 in every type.
                for part in (0..self.ty(local)?.home()).step_by(8) {
                    self.code.body.extend([I::I32Const(0), I::I64Const(0), store_of(Ty::I64, address + part)]);
                }
            }
        }
        Ok(())
    }

    fn body(&mut self, part: &Part) -> Result<(), EmitError> {
        let mut inside = part.inside.iter().copied().peekable();
        let mut place = part.range.start;
        while place < part.range.end {
            let next = inside.peek().copied();
            let child = next.and_then(|number| self.whole.parts.get(number)).filter(|child| child.range.start == place);
            if let (Some(child), Some(number)) = (child, next) {
                self.call(number)?;
                place = child.range.end;
                inside.next();
                continue;
            }
            let instruction = self.whole.body.get(place).copied();
            self.instruction(place, instruction.ok_or(EmitError::NoSuch("instruction", place))?)?;
            place += 1;
        }
        Ok(())
    }

    fn instruction(&mut self, place: usize, instruction: I) -> Result<(), EmitError> {
        match instruction {
            I::LocalGet(local) => self.get(local)?,
            I::LocalSet(local) => self.set(local, false)?,
            I::LocalTee(local) => self.set(local, true)?,
            I::Br(depth) => {
                let depth = self.depth(place, depth)?;
                self.code.body.push(I::Br(depth));
            }
            I::BrIf(depth) => {
                let depth = self.depth(place, depth)?;
                self.code.body.push(I::BrIf(depth));
            }
            other => {
                match other {
                    I::Block(_) | I::Loop(_) | I::If(_) => self.open.push(place),
                    I::End => {
                        self.open.pop();
                    }
                    _ => {}
                }
                self.code.body.push(other);
            }
        }
        Ok(())
    }

    fn get(&mut self, local: u32) -> Result<(), EmitError> {
        let kept = self.number == 0 && local < self.code.parameters && !self.whole.homes.is_written(local);
        let home = self.whole.homes.address(local).filter(|_| self.in_memory && !kept);
        let (local, ty) = if home.is_some() { (0, self.ty(local)?) } else { self.local(local)? };
        match home {
            Some(address) => self.code.body.extend([I::I32Const(0), load_of(ty, address)]),
            None => self.code.body.push(I::LocalGet(local)),
        }
        Ok(())
    }

    fn set(&mut self, local: u32, stays: bool) -> Result<(), EmitError> {
        let Some(address) = self.whole.homes.address(local).filter(|_| self.in_memory) else {
            let (local, _) = self.local(local)?;
            self.code.body.push(if stays { I::LocalTee(local) } else { I::LocalSet(local) });
            return Ok(());
        };
        // The value goes by way of a local: its address has to stand below it.
        let (way, ty) = self.local(local)?;
        self.code.body.extend([I::LocalSet(way), I::I32Const(0), I::LocalGet(way), store_of(ty, address)]);
        if stays {
            self.code.body.push(I::LocalGet(way));
        }
        Ok(())
    }

    fn ty(&self, local: u32) -> Result<Ty, EmitError> {
        let ty = usize::try_from(local).ok().and_then(|local| self.whole.locals.get(local)).copied();
        ty.ok_or(EmitError::Invalid(format!("no local {local}")))
    }

    /// How far a block is away here: one inside the part as ever, one outside by way of the blocks around all.
    fn depth(&self, place: usize, depth: u32) -> Result<u32, EmitError> {
        let inside = self.open.len() - self.exits().len();
        if usize::try_from(depth).is_ok_and(|depth| depth < inside) {
            return Ok(depth);
        }
        let block = self.whole.targets.get(&place).copied();
        self.away(block.ok_or(EmitError::NoSuch("block", place))?)
    }

    fn exits(&self) -> &[usize] {
        self.whole.exits.get(self.number).map_or(&[], Vec::as_slice)
    }

    /// How far an open block is away.
    fn away(&self, block: usize) -> Result<u32, EmitError> {
        let away = self.open.iter().rev().position(|open| *open == block);
        let away = away.and_then(|away| u32::try_from(away).ok());
        away.ok_or(EmitError::NoSuch("block", block))
    }

    /// Calls a part inside this one, and goes where it says.
    fn call(&mut self, number: usize) -> Result<(), EmitError> {
        let place = u32::try_from(number - 1).map_err(|_| EmitError::NoSuch("part", number))?;
        self.code.body.push(I::Call(self.whole.first + place));
        let exits = self.whole.exits.get(number).cloned().ok_or(EmitError::NoSuch("part", number))?;
        if let [only] = exits.as_slice() {
            let away = self.away(*only)?;
            self.code.body.push(I::BrIf(away));
            return Ok(());
        }
        if exits.is_empty() {
            return Ok(());
        }
        let Node::Local(_, left) = self.code.local(Ty::I32) else {
            return Err(EmitError::NoSuch("local", 0));
        };
        self.code.body.push(I::LocalSet(left));
        for (number, block) in (1..).zip(&exits) {
            let away = self.away(*block)?;
            self.code.body.extend([I::LocalGet(left), I::I32Const(number), I::I32Eq, I::BrIf(away)]);
        }
        Ok(())
    }

    /// Ends the blocks around all, each with the number of the block that is left by way of it.
    fn land(&mut self, exits: &[usize], left: &Node) -> Result<(), EmitError> {
        let mut away = u32::try_from(exits.len()).map_err(|_| EmitError::NoSuch("block", exits.len()))?;
        self.code.body.push(I::Br(away));
        for number in 1..=exits.len() {
            self.code.body.push(I::End);
            let number = i64::try_from(number).map_err(|_| EmitError::NoSuch("block", number))?;
            self.code.set(left, &Node::Const(Ty::I32, number));
            away -= 1;
            if away > 0 {
                self.code.body.push(I::Br(away));
            }
        }
        self.code.body.push(I::End);
        Ok(())
    }
}

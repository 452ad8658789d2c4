//! Blocks and jumps as short as they can be: what is never come to, jumps to where it goes on anyway, conditions that are known or turned round,
//! and blocks that are left at once unless a condition holds, which are conditions themselves.

use wasm_encoder::BlockType;

use super::code::Code;
use super::instruction::Instruction as I;
use super::tree::{Block, Part, bare, flat, leave, moved, tree};

impl Code {
    /// Makes blocks and jumps shorter.
    pub(super) fn branch(&mut self) {
        if !self.body.iter().any(|instruction| matches!(instruction, I::End | I::Return)) {
            return;
        }
        let mut body = Vec::with_capacity(self.body.len());
        let parts = list(tree(std::mem::take(&mut self.body)), &[], is_jump);
        flat(parts, &mut body);
        self.body = body;
    }
}

/// A list of parts, after which it goes on at the end of some of the blocks around it; and what ends it before its end.
fn list(parts: Vec<Part>, ends: &[bool], ends_it: fn(&Part) -> bool) -> Vec<Part> {
    let mut done: Vec<Part> = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            Part::One(instruction) => one(instruction, &mut done),
            Part::Block(block) => {
                let block = inside(*block, if is_last { ends } else { &[] });
                close(block, &mut done);
            }
        }
        if done.last().is_some_and(ends_it) {
            break;
        }
    }
    last(&mut done, ends);
    done
}

/// Whether a part is a jump away. A function's result stands after what only comes to no end.
fn is_jump(part: &Part) -> bool {
    matches!(part, Part::One(I::Br(_) | I::Return))
}

/// Whether nothing comes after a part.
fn is_away(part: &Part) -> bool {
    match part {
        Part::One(_) => is_jump(part),
        Part::Block(block) => match &**block {
            Block { opens: I::Loop(_), inside, .. } => inside.last().is_some_and(is_away),
            Block { opens: I::If(_), inside, otherwise: Some(otherwise) } => {
                [inside, otherwise].into_iter().all(|arm| arm.last().is_some_and(is_away) && !leave(arm, 0))
            }
            _ => false,
        },
    }
}

/// A block after which it goes on at the end of some around it.
fn inside(block: Block, ends: &[bool]) -> Block {
    let Block { opens, inside, otherwise } = block;
    let own = !matches!(opens, I::Loop(_));
    let within: Vec<bool> = std::iter::once(own).chain(ends.iter().copied()).collect();
    Block {
        opens,
        inside: list(inside, &within, is_away),
        otherwise: otherwise.map(|otherwise| list(otherwise, &within, is_away)),
    }
}

/// An instruction after others.
fn one(instruction: I, done: &mut Vec<Part>) {
    match (instruction, done.last()) {
        (I::I32Eqz, Some(Part::One(before))) => match opposite(before) {
            Some(opposite) => {
                done.pop();
                done.push(Part::One(opposite));
            }
            None => done.push(Part::One(I::I32Eqz)),
        },
        (I::BrIf(depth), Some(Part::One(I::I32Const(known)))) => {
            let known = *known;
            done.pop();
            if known != 0 {
                done.push(Part::One(I::Br(depth)));
            }
        }
        (other, _) => done.push(Part::One(other)),
    }
}

/// Jumps at the end to where it goes on anyway.
fn last(done: &mut Vec<Part>, ends: &[bool]) {
    let goes_on = |depth: u32| usize::try_from(depth).ok().and_then(|depth| ends.get(depth)) == Some(&true);
    match done.as_slice() {
        [.., Part::One(I::Br(depth))] if goes_on(*depth) => {
            done.pop();
            last(done, ends);
        }
        [.., Part::One(I::BrIf(depth)), Part::One(I::Br(other))] if goes_on(*depth) => {
            let other = *other;
            done.truncate(done.len() - 2);
            negate(done);
            done.push(Part::One(I::BrIf(other)));
        }
        _ => {}
    }
}

/// Puts a block after others, where its condition stands, if it has one.
fn close(block: Block, done: &mut Vec<Part>) {
    match block.opens {
        I::Block(BlockType::Empty) => plain(block.inside, done),
        I::If(BlockType::Empty) => condition(block, done),
        _ => done.push(Part::Block(Box::new(block))),
    }
}

/// A block without condition.
fn plain(mut inside: Vec<Part>, done: &mut Vec<Part>) {
    if !leave(&inside, 0) {
        return done.extend(bare(inside));
    }
    if matches!(inside.as_slice(), [Part::Block(only)] if matches!(only.opens, I::Loop(_)))
        && let Some(Part::Block(only)) = inside.pop()
    {
        let Block { opens, inside: repeated, otherwise } = *only;
        match left_at_once(repeated, 1) {
            Ok((before, after)) => {
                let mut inside = moved(before, |around| if around == 0 { 0 } else { around - 1 });
                let after = moved(after, |around| if around < 2 { 1 - around } else { around });
                // Going on is the second case: compilers put that next, so that the loop stays in one piece.
                let opened = I::If(BlockType::Empty);
                inside.push(Part::block(opened, Vec::new(), Some(after)));
                return done.push(Part::block(opens, inside, otherwise));
            }
            Err(repeated) => inside.push(Part::block(opens, repeated, otherwise)),
        }
    }
    match left_at_once(inside, 0) {
        Ok((before, after)) => {
            done.extend(bare(before));
            negate(done);
            done.push(Part::block(I::If(BlockType::Empty), after, None));
        }
        Err(inside) => done.push(Part::block(I::Block(BlockType::Empty), inside, None)),
    }
}

/// What stands before and after the first jump to the block so many around, where that has a condition and is not within another.
fn left_at_once(mut parts: Vec<Part>, depth: u32) -> Result<(Vec<Part>, Vec<Part>), Vec<Part>> {
    match parts.iter().position(|part| leave(std::slice::from_ref(part), depth)) {
        Some(place) if matches!(parts.get(place), Some(Part::One(_))) => {
            let jump = parts.split_off(place);
            match jump.as_slice() {
                [Part::One(I::BrIf(_)), ..] => Ok((parts, jump.into_iter().skip(1).collect())),
                _ => {
                    parts.extend(jump);
                    Err(parts)
                }
            }
        }
        _ => Err(parts),
    }
}

/// A block with a condition.
fn condition(block: Block, done: &mut Vec<Part>) {
    let Block { opens, mut inside, mut otherwise } = block;
    if let Some(Part::One(I::I32Const(known))) = done.last() {
        let known = *known;
        done.pop();
        // Without another case nothing is done in it.
        let taken = if known == 0 { otherwise.unwrap_or_default() } else { inside };
        return plain(taken, done);
    }
    if otherwise.as_ref().is_some_and(Vec::is_empty) {
        otherwise = None;
    }
    let turns_back = |other: &Vec<Part>| other.last().is_some_and(is_jump);
    if let Some(other) = otherwise.take_if(|other| inside.is_empty() && !turns_back(other)) {
        negate(done);
        inside = other;
    }
    if let (Some(other), Some(Part::One(I::I32Eqz))) = (&mut otherwise, done.last()) {
        done.pop();
        std::mem::swap(other, &mut inside);
    }
    match (inside.as_slice(), otherwise) {
        ([], None) => done.push(Part::One(I::Drop)),
        ([Part::One(I::Br(depth))], other) if *depth > 0 && !other.as_deref().is_some_and(|other| leave(other, 0)) => {
            done.push(Part::One(I::BrIf(depth - 1)));
            // Without another case it just goes on.
            done.extend(bare(other.unwrap_or_default()));
        }
        (_, Some(other)) if inside.last().is_some_and(is_away) && !leave(&inside, 0) && !leave(&other, 0) => {
            done.push(Part::block(opens, inside, None));
            done.extend(bare(other));
        }
        (_, otherwise) => done.push(Part::block(opens, inside, otherwise)),
    }
}

/// The opposite of the condition that stands at the end.
fn negate(done: &mut Vec<Part>) {
    let opposite = match done.last() {
        Some(Part::One(I::I32Eqz)) => {
            done.pop();
            return;
        }
        Some(Part::One(test)) => opposite(test),
        _ => None,
    };
    match opposite {
        Some(opposite) => {
            done.pop();
            done.push(Part::One(opposite));
        }
        None => done.push(Part::One(I::I32Eqz)),
    }
}

/// The test that holds where one does not.
pub(super) fn opposite(test: &I) -> Option<I> {
    Some(match test {
        I::I32Eq => I::I32Ne,
        I::I32Ne => I::I32Eq,
        I::I32LtS => I::I32GeS,
        I::I32GeS => I::I32LtS,
        I::I32GtS => I::I32LeS,
        I::I32LeS => I::I32GtS,
        I::I32LeU => I::I32GtU,
        I::I32GtU => I::I32LeU,
        I::I64Eq => I::I64Ne,
        I::I64Ne => I::I64Eq,
        I::I64LtS => I::I64GeS,
        I::I64GeS => I::I64LtS,
        I::I64GtS => I::I64LeS,
        I::I64LeS => I::I64GtS,
        I::I64LeU => I::I64GtU,
        I::I64GtU => I::I64LeU,
        _ => return None,
    })
}

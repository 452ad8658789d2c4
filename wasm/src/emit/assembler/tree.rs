//! The instructions of a function as the tree of its blocks, for what moves whole blocks.

use super::instruction::Instruction as I;

/// An instruction, or a block with what is in it.
#[derive(Clone, Debug)]
pub(super) enum Part {
    One(I),
    Block(Box<Block>),
}

/// A block: what opens it, what is in it, and what is done in the other case.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) opens: I,
    pub(super) inside: Vec<Part>,
    pub(super) otherwise: Option<Vec<Part>>,
}

/// The tree of instructions.
pub(super) fn tree(body: Vec<I>) -> Vec<Part> {
    let mut open: Vec<Box<Block>> = Vec::new();
    let mut all = Vec::new();
    for instruction in body {
        match instruction {
            I::Block(_) | I::Loop(_) | I::If(_) => {
                open.push(Box::new(Block { opens: instruction, inside: Vec::new(), otherwise: None }));
                continue;
            }
            I::Else => {
                if let Some(block) = open.last_mut() {
                    block.otherwise = Some(Vec::new());
                }
                continue;
            }
            _ => {}
        }
        let part = match instruction {
            I::End => open.pop().map(Part::Block),
            other => Some(Part::One(other)),
        };
        let list = match open.last_mut() {
            Some(block) => block.otherwise.as_mut().unwrap_or(&mut block.inside),
            None => &mut all,
        };
        list.extend(part);
    }
    all
}

/// The instructions of a tree.
pub(super) fn flat(parts: Vec<Part>, body: &mut Vec<I>) {
    for part in parts {
        match part {
            Part::One(instruction) => body.push(instruction),
            Part::Block(block) => {
                body.push(block.opens);
                flat(block.inside, body);
                if let Some(otherwise) = block.otherwise {
                    body.push(I::Else);
                    flat(otherwise, body);
                }
                body.push(I::End);
            }
        }
    }
}

impl Part {
    /// A block.
    pub(super) fn block(opens: I, inside: Vec<Part>, otherwise: Option<Vec<Part>>) -> Part {
        Part::Block(Box::new(Block { opens, inside, otherwise }))
    }

    /// Goes through all jumps, with how many blocks around them are of these parts; each may be changed.
    fn jumps(&mut self, inside: u32, each: &mut impl FnMut(u32, &mut u32)) {
        match self {
            Part::One(I::Br(depth) | I::BrIf(depth)) => each(inside, depth),
            Part::One(_) => {}
            Part::Block(block) => {
                let lists = [Some(&mut block.inside), block.otherwise.as_mut()];
                lists.into_iter().flatten().flatten().for_each(|part| part.jumps(inside + 1, each));
            }
        }
    }

    fn leaves(&self, depth: u32) -> bool {
        match self {
            Part::One(I::Br(to) | I::BrIf(to)) => *to == depth,
            Part::One(_) => false,
            Part::Block(block) => {
                let lists = [Some(&block.inside), block.otherwise.as_ref()];
                lists.into_iter().flatten().flatten().any(|part| part.leaves(depth + 1))
            }
        }
    }
}

/// Whether any of these leaves for the block so many around it.
pub(super) fn leave(parts: &[Part], depth: u32) -> bool {
    parts.iter().any(|part| part.leaves(depth))
}

/// The same parts, with each block around them another: which one is now in the place of which.
pub(super) fn moved(mut parts: Vec<Part>, now: impl Fn(u32) -> u32) -> Vec<Part> {
    let mut each = |inside: u32, depth: &mut u32| {
        if let Some(around) = depth.checked_sub(inside) {
            *depth = inside + now(around);
        }
    };
    parts.iter_mut().for_each(|part| part.jumps(0, &mut each));
    parts
}

/// The same where the innermost block around them is none any more.
pub(super) fn bare(parts: Vec<Part>) -> Vec<Part> {
    moved(parts, |around| around.saturating_sub(1))
}

//! Functions that are called once stand where they are called, as long as the whole stays small; and globals that nothing uses are none.

use wasm_encoder::BlockType;

use super::code::Code;
use super::cut::{Draft, plain};
use super::instruction::Instruction as I;
use super::types::Ty;

/// The most instructions of a function that has others in it, and the most locals.
const MOST_INSTRUCTIONS: usize = 1_400;
const MOST_LOCALS: usize = 150;

/// Puts functions that are called once where they are called. Only those chosen are moved, and only into those chosen; no function is
/// chosen that takes for granted that its locals are 0 at first. The others stay as they were written: what is moved to where it is
/// used may be too long to be cut there.
pub(crate) fn inline(functions: &mut Vec<Draft>, chosen: &[bool]) {
    let is_chosen = |number: usize| chosen.get(number) == Some(&true);
    let moved = functions.iter_mut().enumerate().filter(|(number, _)| is_chosen(*number));
    moved.for_each(|(_, draft)| draft.code.tidy());
    let mut gone = vec![false; functions.len()];
    // Who calls each: that one of them stands in another changes who, not how often.
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); functions.len()];
    for (caller, draft) in functions.iter().enumerate() {
        for (_, called) in called(&draft.code) {
            callers.get_mut(called).into_iter().for_each(|callers| callers.push(caller));
        }
    }
    let once = |callers: &[Vec<usize>], callee: usize| match callers.get(callee).map(Vec::as_slice) {
        Some([caller]) if is_chosen(callee) && is_chosen(*caller) => Some(*caller),
        _ => None,
    };
    let mut callee = 0;
    while callee < functions.len() {
        let caller = once(&callers, callee).filter(|_| gone.get(callee) == Some(&false));
        let found = caller.and_then(|caller| {
            let place = called(&functions.get(caller)?.code).find(|(_, called)| *called == callee)?.0;
            fits(functions, caller, place, callee).then_some((caller, place))
        });
        let inner = found.and_then(|found| Some((found, functions.get(callee).cloned()?)));
        let Some(((caller, place), inner)) = inner else {
            callee += 1;
            continue;
        };
        let Some(draft) = functions.get_mut(caller) else { break };
        put_in(&mut draft.code, place, &inner);
        draft.is_seldom &= inner.is_seldom;
        draft.code.tidy();
        for callers in &mut callers {
            callers.iter_mut().filter(|of| **of == callee).for_each(|of| *of = caller);
        }
        if let Some(gone) = gone.get_mut(callee) {
            *gone = true;
        }
        // What did not fit may fit now.
        callee = 0;
    }
    renumber(functions, &gone);
}

/// The calls of a function: where they stand, and what is called.
fn called(code: &Code) -> impl Iterator<Item = (usize, usize)> {
    code.body.iter().enumerate().filter_map(|(place, instruction)| match instruction {
        I::Call(number) => usize::try_from(*number).ok().map(|number| (place, number)),
        _ => None,
    })
}

/// Whether the whole is small, and nothing lies on the stack below what the call takes.
fn fits(functions: &[Draft], caller: usize, place: usize, callee: usize) -> bool {
    let (Some(outer), Some(inner)) = (functions.get(caller), functions.get(callee)) else { return false };
    inner.export.is_none()
        && outer.code.body.len() + inner.code.body.len() < MOST_INSTRUCTIONS
        && outer.code.locals.len() + inner.code.locals.len() < MOST_LOCALS
        && height(&outer.code, place, functions) == Some(inner.parameters.len())
}

/// How many values lie on the stack before an instruction, in the innermost block.
fn height(code: &Code, place: usize, functions: &[Draft]) -> Option<usize> {
    let (mut height, mut open) = (0_usize, Vec::new());
    for instruction in code.body.get(..place)? {
        match instruction {
            I::Block(_) | I::Loop(_) => open.push(height),
            I::If(_) => {
                height = height.checked_sub(1)?;
                open.push(height);
            }
            I::Else => height = *open.last()?,
            I::End => height = open.pop()?,
            // Outside of all blocks the stack is empty at first.
            I::Br(_) | I::Return => height = open.last().copied().unwrap_or(0),
            I::LocalGet(_) | I::GlobalGet(_) => height += 1,
            I::LocalSet(_) | I::GlobalSet(_) | I::Drop | I::BrIf(_) => height = height.checked_sub(1)?,
            I::LocalTee(_) | I::MemoryGrow(_) => {}
            I::Select => height = height.checked_sub(2)?,
            I::Call(number) => {
                let of = functions.get(usize::try_from(*number).ok()?)?;
                height = height.checked_sub(of.parameters.len())? + usize::from(of.result.is_some());
            }
            other => {
                let (takes, leaves) = plain(other)?;
                height = height.checked_sub(takes)? + usize::from(leaves.is_some());
            }
        }
    }
    Some(height)
}

/// Writes a function in the place of its call.
fn put_in(code: &mut Code, place: usize, inner: &Draft) {
    let mut first = 0;
    for (number, ty) in inner.code.locals.iter().enumerate() {
        let local = new_local(code, *ty);
        if number == 0 {
            first = local;
        }
    }
    let leaves_early = inner.code.body.iter().any(|instruction| matches!(instruction, I::Return));
    let result = inner.result.filter(|_| leaves_early).map(|ty| new_local(code, ty));
    let mut body = Vec::new();
    for parameter in (0..inner.code.parameters).rev() {
        body.push(I::LocalSet(first + parameter));
    }
    if leaves_early {
        body.push(I::Block(BlockType::Empty));
    }
    let mut depth = 0;
    for instruction in &inner.code.body {
        match instruction {
            I::LocalGet(local) => body.push(I::LocalGet(first + local)),
            I::LocalSet(local) => body.push(I::LocalSet(first + local)),
            I::LocalTee(local) => body.push(I::LocalTee(first + local)),
            I::Return => {
                body.extend(result.map(I::LocalSet));
                body.push(I::Br(depth));
            }
            other => {
                match other {
                    I::Block(_) | I::Loop(_) | I::If(_) => depth += 1,
                    I::End => depth -= 1,
                    _ => {}
                }
                body.push(*other);
            }
        }
    }
    if leaves_early {
        body.extend(result.map(I::LocalSet));
        body.push(I::End);
        body.extend(result.map(I::LocalGet));
    }
    code.body.splice(place..=place, body);
}

fn new_local(code: &mut Code, ty: Ty) -> u32 {
    match code.local(ty) {
        super::node::Node::Local(_, number) => number,
        _ => 0,
    }
}

/// Takes functions away; the others move up.
fn renumber(functions: &mut Vec<Draft>, gone: &[bool]) {
    let mut next = 0_u32;
    let numbers: Vec<u32> = gone
        .iter()
        .map(|gone| {
            let number = next;
            next += u32::from(!gone);
            number
        })
        .collect();
    let mut places = gone.iter();
    functions.retain(|_| places.next() != Some(&true));
    for instruction in functions.iter_mut().flat_map(|draft| &mut draft.code.body) {
        if let I::Call(number) = instruction
            && let Some(moved) = usize::try_from(*number).ok().and_then(|number| numbers.get(number))
        {
            *number = *moved;
        }
    }
}

/// Takes globals away that nothing reads or writes, after so many that stay: which of the others are kept.
pub(crate) fn used_globals(functions: &mut [Draft], first: usize, count: usize) -> Vec<bool> {
    let mut used = vec![false; count];
    let place = |number: u32| usize::try_from(number).ok().and_then(|number| number.checked_sub(first));
    for instruction in functions.iter().flat_map(|draft| &draft.code.body) {
        if let I::GlobalGet(number) | I::GlobalSet(number) = instruction
            && let Some(used) = place(*number).and_then(|place| used.get_mut(place))
        {
            *used = true;
        }
    }
    for instruction in functions.iter_mut().flat_map(|draft| &mut draft.code.body) {
        if let I::GlobalGet(number) | I::GlobalSet(number) = instruction
            && let Some(before) = place(*number).and_then(|place| used.get(..place))
        {
            let fewer = before.iter().filter(|used| !**used).count();
            // Their number fits, as those of all globals do.
            *number -= u32::try_from(fewer).unwrap_or(0);
        }
    }
    used
}

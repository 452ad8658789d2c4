//! A function under construction becomes its bytes.

use std::cmp::Reverse;

use wasm_encoder::{Encode, Function};

use super::code::Code;
use super::cut::Shape;
use super::instruction::Instruction as I;
use super::instructions::shifted;
use super::limits::Body;
use super::module::value_type;
use super::turns::unmarked;
use super::types::Ty;

/// The most instructions of a function that is gone through so often, which is more than any that is not cut.
const LARGEST: usize = 4_000;

impl Code {
    /// Takes needless moves out.
    pub(super) fn tidy(&mut self) {
        self.tidy_moves();
        while self.sink(1) {
            self.tidy_moves();
        }
        self.shorten();
    }

    /// The same, where everything stays in its place.
    pub(super) fn tidy_in_place(&mut self) {
        self.tidy_moves();
        self.shorten();
    }

    /// As short as may be, in a module of these functions and globals, once nothing is moved any more.
    pub(super) fn shorten_all(&mut self, functions: &[Shape], globals: &[Ty]) {
        while self.sink(u32::MAX) {
            self.tidy_moves();
        }
        if self.body.len() > LARGEST {
            return;
        }
        self.branch();
        self.results(functions, globals);
        self.keep(globals);
        while self.defer(functions) {}
        if self.merge() {
            while self.defer(functions) {}
        }
        self.branch();
        self.leave_early(functions);
        self.conditions();
    }

    fn tidy_moves(&mut self) {
        let mut before = usize::MAX;
        while self.body.len() < before {
            before = self.body.len();
            self.drop_unused();
            self.tidy_once();
        }
    }

    /// The function's bytes: locals grouped by type, the most used first.
    pub(super) fn encode(&self) -> Body {
        let mut code = self.clone();
        code.drop_zeros();
        code.written()
    }

    fn written(&self) -> Body {
        let order = self.order();
        let types = order.iter().map(|(_, ty)| value_type(*ty));
        // Parameters stay where they are.
        let mut moved: Vec<u32> = (0..).take(self.locals.len()).collect();
        for ((index, _), place) in order.iter().zip(self.parameters..) {
            if let Some(moved) = usize::try_from(*index).ok().and_then(|index| moved.get_mut(index)) {
                *moved = place;
            }
        }
        let moved = |index: u32| usize::try_from(index).ok().and_then(|at| moved.get(at)).copied().unwrap_or(index);
        let mut bytes = Vec::with_capacity(2 * self.body.len());
        for instruction in self.body.iter().chain([&I::End]) {
            if let Some(all) = shifted(instruction) {
                all.iter().for_each(|each| each.encode(&mut bytes));
                continue;
            }
            let instruction = match *instruction {
                I::LocalGet(index) => I::LocalGet(moved(index)),
                I::LocalSet(index) => I::LocalSet(moved(index)),
                I::LocalTee(index) => I::LocalTee(moved(index)),
                other => unmarked(other),
            };
            instruction.encode(&mut bytes);
        }
        let mut function = Function::new_with_locals_types(types);
        function.raw(bytes);
        Body { function, locals: order.len() }
    }

    /// The locals that are used, without the parameters: by type, the most used first.
    fn order(&self) -> Vec<(u32, Ty)> {
        let uses = self.uses();
        let locals = (0..).zip(self.locals.iter().zip(&uses));
        let mut used: Vec<(u32, (&Ty, &u32))> =
            locals.filter(|(index, (_, uses))| *index >= self.parameters && **uses > 0).collect();
        used.sort_by_key(|(_, (ty, uses))| (**ty, Reverse(**uses)));
        used.into_iter().map(|(index, (ty, _))| (index, *ty)).collect()
    }

    /// How often each local is set or got.
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

    /// What is worked out for a local that nothing gets is not worked out, if that does nothing else. From the end on, so that what was only
    /// worked out for it is seen to be unused as well.
    fn drop_unused(&mut self) {
        let uses = self.sets_and_gets();
        if !uses.iter().any(|uses| uses.sets > 0 && uses.gets == 0) {
            return;
        }
        let mut gets: Vec<u32> = uses.into_iter().map(|uses| uses.gets).collect();
        let mut kept = Vec::with_capacity(self.body.len());
        let mut end = self.body.len();
        while let Some((place, instruction)) = end.checked_sub(1).and_then(|at| Some((at, self.body.get(at)?))) {
            end = place;
            let is_unused = |local: u32| usize::try_from(local).ok().and_then(|at| gets.get(at)) == Some(&0);
            match instruction {
                I::LocalSet(local) if is_unused(*local) => match self.expression_before(place) {
                    Some((start, reads)) => {
                        end = start;
                        for local in reads.locals {
                            if let Some(count) = usize::try_from(local).ok().and_then(|at| gets.get_mut(at)) {
                                *count -= 1;
                            }
                        }
                    }
                    None => kept.push(I::Drop),
                },
                other => kept.push(*other),
            }
        }
        kept.reverse();
        self.body = kept;
    }

    /// A value set and got at once stays on the stack.
    fn tidy_once(&mut self) {
        let stays = |pair: &[I]| !matches!(pair, [I::LocalSet(set), I::LocalGet(got)] if set == got);
        if self.body.windows(2).all(stays) {
            return;
        }
        let uses = self.uses();
        let count = |index: u32| usize::try_from(index).ok().and_then(|i| uses.get(i)).copied();
        let body = self.take_body();
        let mut instructions = body.into_iter().peekable();
        while let Some(instruction) = instructions.next() {
            let I::LocalSet(index) = instruction else {
                self.body.push(instruction);
                continue;
            };
            if !matches!(instructions.peek(), Some(I::LocalGet(next)) if *next == index) {
                self.body.push(instruction);
                continue;
            }
            instructions.next();
            if count(index) > Some(2) {
                self.body.push(I::LocalTee(index));
            }
        }
    }
}

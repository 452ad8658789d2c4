//! A function under construction becomes its bytes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use wasm_encoder::{Function, Instruction as I, ValType};

use super::code::Code;
use super::cut::Shape;
use super::instructions::shifted;
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
        self.merge();
        while self.defer(functions) {}
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
    pub(super) fn encode(&self) -> Function {
        let mut code = self.clone();
        code.drop_zeros();
        code.written()
    }

    fn written(&self) -> Function {
        let order = self.order();
        let types: Vec<ValType> = order.iter().map(|(_, ty)| value_type(*ty)).collect();
        let moved: BTreeMap<u32, u32> = order.iter().map(|(index, _)| *index).zip(self.parameters..).collect();
        // Parameters stay where they are.
        let moved = |index: u32| moved.get(&index).copied().unwrap_or(index);
        let mut function = Function::new_with_locals_types(types);
        for instruction in self.body.iter().chain([&I::End]) {
            if let Some(all) = shifted(instruction) {
                for each in &all {
                    function.instruction(each);
                }
                continue;
            }
            match instruction {
                I::LocalGet(index) => function.instruction(&I::LocalGet(moved(*index))),
                I::LocalSet(index) => function.instruction(&I::LocalSet(moved(*index))),
                I::LocalTee(index) => function.instruction(&I::LocalTee(moved(*index))),
                other => function.instruction(unmarked(other)),
            };
        }
        function
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
        if !uses.iter().any(|(sets, gets)| *sets > 0 && *gets == 0) {
            return;
        }
        let mut gets: Vec<u32> = uses.into_iter().map(|(_, gets)| gets).collect();
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
                other => kept.push(other.clone()),
            }
        }
        kept.reverse();
        self.body = kept;
    }

    /// A value set and got at once stays on the stack.
    fn tidy_once(&mut self) {
        let stays = |pair: &[I<'_>]| !matches!(pair, [I::LocalSet(set), I::LocalGet(got)] if set == got);
        if self.body.windows(2).all(stays) {
            return;
        }
        let uses = self.uses();
        let count = |index: u32| usize::try_from(index).ok().and_then(|i| uses.get(i)).copied();
        let body = std::mem::take(&mut self.body);
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

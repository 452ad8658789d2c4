//! What is worked out again, with nothing changed in between, is kept from the first time on, in a local of its own.
//!
//! Values have numbers: two are the same where their instructions are and the values that these take. What a local, a global or the memory
//! holds has another number after each change.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use wasm_encoder::Encode;

use super::code::Code;
use super::cut::plain;
use super::instruction::Instruction as I;
use super::numbers::at;
use super::sink::{is_load, is_store};
use super::types::Ty;
use crate::abi::digest;

/// The bytes of setting or getting a local.
const MOVE: usize = 2;

/// A value, and where it is worked out.
struct Known {
    /// Where among all keys stands what it comes of, and a number made of that.
    key: Range<usize>,
    sum: u64,
    bytes: usize,
    ty: Ty,
    /// Where it is worked out first, and where again.
    first: Option<Range<usize>>,
    again: Vec<Range<usize>>,
}

impl Known {
    /// The bytes that keeping it saves.
    fn saves(&self) -> usize {
        // Constants have their own ways.
        if self.first.as_ref().is_none_or(|place| place.len() < 2) {
            return 0;
        }
        (self.again.len() * self.bytes.saturating_sub(MOVE)).saturating_sub(MOVE)
    }
}

impl Code {
    /// Keeps what is worked out again, where the module has these globals; whether there was any.
    pub(super) fn keep(&mut self, globals: &[Ty]) -> bool {
        let mut found = Walk::of(self, globals);
        if found.is_empty() {
            return false;
        }
        found.sort_by_key(|known| Reverse(known.saves()));
        // What stands in each place, by where it starts: where it ends, the local that it is kept in, and whether it is worked out there.
        let mut kept: BTreeMap<usize, (usize, u32, bool)> = BTreeMap::new();
        for known in found {
            let is_free = |place: &Range<usize>| {
                let before = kept.range(..place.end).next_back();
                before.is_none_or(|(_, (end, ..))| *end <= place.start)
            };
            let places: Vec<Range<usize>> = known.first.into_iter().chain(known.again).collect();
            if !places.iter().all(is_free) {
                continue;
            }
            let super::node::Node::Local(_, local) = self.local(known.ty) else { continue };
            for (number, place) in places.into_iter().enumerate() {
                kept.insert(place.start, (place.end, local, number == 0));
            }
        }
        let body = self.take_body();
        let mut rest = body.iter();
        let mut done = 0;
        for (start, (end, local, is_first)) in kept {
            self.body.extend(rest.by_ref().take(start - done).copied());
            if is_first {
                self.body.extend(rest.by_ref().take(end - start).copied());
                self.body.push(I::LocalTee(local));
            } else {
                rest.by_ref().take(end - start).for_each(drop);
                self.body.push(I::LocalGet(local));
            }
            done = end;
        }
        self.body.extend(rest.copied());
        true
    }
}

/// A value on the stack: its number, and where its instructions start and end, none where they are not all of it.
#[derive(Clone)]
struct Value {
    number: usize,
    place: Option<Range<usize>>,
}

struct Walk<'a> {
    code: &'a Code,
    globals: &'a [Ty],
    stack: Vec<Value>,
    values: Vec<Known>,
    /// By the sums of what they come of: of two that have one sum, the first alone is known.
    numbers: BTreeMap<u64, usize>,
    /// What each value comes of, and last of them the one that is worked out now.
    keys: Vec<u8>,
    /// Where the last starts.
    key: usize,
    /// The numbers that are known only until a block ends, for each that is open.
    open: Vec<Vec<usize>>,
    /// How often each local was set; and globals, and the memory.
    locals: Vec<u32>,
    set: u32,
    stored: u32,
}

impl Walk<'_> {
    /// All values of a function that are worth to be kept.
    fn of(code: &Code, globals: &[Ty]) -> Vec<Known> {
        let mut walk = Walk {
            code,
            globals,
            stack: Vec::new(),
            values: Vec::new(),
            numbers: BTreeMap::new(),
            keys: Vec::new(),
            key: 0,
            open: vec![Vec::new()],
            locals: vec![0; code.locals.len()],
            set: 0,
            stored: 0,
        };
        for (place, instruction) in code.body.iter().enumerate() {
            walk.changed(instruction);
            match instruction {
                I::Block(_) | I::If(_) | I::Loop(_) => walk.open.push(Vec::new()),
                I::Else => {
                    walk.close();
                    walk.open.push(Vec::new());
                }
                I::End => walk.close(),
                _ => {
                    if let Some(value) = walk.step(place, instruction) {
                        walk.stack.push(value);
                        continue;
                    }
                }
            }
            walk.stack.clear();
        }
        walk.values.retain(|known| known.saves() > 0);
        walk.values
    }

    /// What an instruction may change has other numbers from there on.
    fn changed(&mut self, instruction: &I) {
        match instruction {
            I::LocalSet(local) | I::LocalTee(local) => {
                if let Some(set) = usize::try_from(*local).ok().and_then(|local| self.locals.get_mut(local)) {
                    *set += 1;
                }
            }
            I::GlobalSet(_) => self.set += 1,
            I::Call(_) => {
                self.set += 1;
                self.stored += 1;
            }
            // What is set in a loop was set before it, the second time.
            I::Loop(_) => self.numbers.clear(),
            other => self.stored += u32::from(is_store(other)),
        }
    }

    /// What is known in a block alone is not known after it.
    fn close(&mut self) {
        // As many blocks end as are opened.
        for number in self.open.pop().unwrap_or_default() {
            if let Some(known) = self.values.get(number)
                && self.numbers.get(&known.sum) == Some(&number)
            {
                self.numbers.remove(&known.sum);
            }
        }
    }

    /// The value that an instruction leaves, if it does nothing else.
    fn step(&mut self, place: usize, instruction: &I) -> Option<Value> {
        let (takes, ty, as_of) = match instruction {
            I::LocalGet(local) => (0, *at(&self.code.locals, *local)?, *at(&self.locals, *local)?),
            I::GlobalGet(global) => (0, *at(self.globals, *global)?, self.set),
            I::Select => (3, self.type_of(self.stack.iter().rev().nth(2)?)?, 0),
            I::MemorySize(_) => return None,
            other => {
                let (takes, ty) = plain(other)?;
                (takes, ty?, if is_load(other) { self.stored } else { 0 })
            }
        };
        self.keys.truncate(self.key);
        instruction.encode(&mut self.keys);
        let mut bytes = self.keys.len() - self.key;
        self.keys.extend(as_of.to_le_bytes());
        let mut start = Some(place);
        for value in self.stack.drain(self.stack.len().checked_sub(takes)?..).rev() {
            self.keys.extend(u32::try_from(value.number).ok()?.to_le_bytes());
            bytes += self.values.get(value.number)?.bytes;
            start = match (start, value.place) {
                (Some(start), Some(value)) if value.end == start => Some(value.start),
                _ => None,
            };
        }
        let whole = start.map(|start| start..place + 1);
        let number = self.number(bytes, ty)?;
        let known = self.values.get_mut(number)?;
        match (&known.first, &whole) {
            (None, whole) => known.first.clone_from(whole),
            (Some(_), whole) => known.again.extend(whole.clone()),
        }
        Some(Value { number, place: whole })
    }

    /// The number of the value that is worked out now.
    fn number(&mut self, bytes: usize, ty: Ty) -> Option<usize> {
        let key = self.keys.get(self.key..)?;
        let sum = digest(key);
        if let Some(number) = self.numbers.get(&sum) {
            let is_same = self.keys.get(self.values.get(*number)?.key.clone()) == Some(key);
            return is_same.then_some(*number);
        }
        let number = self.values.len();
        self.open.last_mut()?.push(number);
        self.numbers.insert(sum, number);
        let key = self.key..self.keys.len();
        self.key = key.end;
        self.values.push(Known { key, sum, bytes, ty, first: None, again: Vec::new() });
        Some(number)
    }

    fn type_of(&self, value: &Value) -> Option<Ty> {
        self.values.get(value.number).map(|known| known.ty)
    }
}

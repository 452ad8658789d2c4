//! Expressions that a function has several times stand in a function of their own, of which their locals are the parameters. That is shorter
//! and costs calls, so that it is for what is seldom run.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use wasm_encoder::Encode;

use super::code::Code;
use super::cut::{Draft, plain};
use super::instruction::Instruction as I;
use super::numbers::address;
use super::types::Ty;

/// The fewest bytes and the most of an expression, and the most locals that it reads.
const FEWEST: usize = 8;
const MOST: usize = 240;
const MOST_LOCALS: usize = 8;
/// The bytes of a function beside its code, those of a call beside its operands, and the fewest that are worth one.
const FUNCTION: usize = 6;
const CALL: usize = 3;
const WORTH: usize = 4;
/// How often functions are gone through: what is in one may have a part in common with others.
const ROUNDS: usize = 3;

/// An expression in a function.
struct Found {
    function: usize,
    start: usize,
    end: usize,
    locals: Vec<u32>,
}

/// What stands in several places.
struct Repeated {
    bytes: usize,
    result: Ty,
    parameters: Vec<Ty>,
    places: Vec<Found>,
}

/// Takes repeated expressions out of one function; those made of them come after all others.
pub(crate) fn outline(functions: &mut Vec<Draft>, of: usize, globals: &[Ty]) {
    let first = functions.len();
    if let Some(draft) = functions.get_mut(of) {
        draft.as_written.get_or_insert_with(|| draft.code.clone());
        draft.code.tidy();
    }
    for _ in 0..ROUNDS {
        let before = functions.len();
        let mut repeated = BTreeMap::new();
        for number in std::iter::once(of).chain(first..before) {
            expressions(functions, number, globals, &mut repeated);
        }
        let mut repeated: Vec<Repeated> = repeated.into_values().filter(|each| each.saves() > 0).collect();
        repeated.sort_by_key(|each| Reverse(each.saves()));
        let mut calls: BTreeMap<usize, BTreeMap<usize, (usize, Vec<I>)>> = BTreeMap::new();
        for mut each in repeated {
            each.places.retain(|place| is_free(calls.get(&place.function), place));
            let (Ok(number), true) = (address(functions.len()), each.saves() > 0) else { continue };
            let Some(draft) = each.function(functions) else { continue };
            functions.push(draft);
            for place in each.places {
                let call = place.locals.iter().map(|local| I::LocalGet(*local)).chain([I::Call(number)]);
                calls.entry(place.function).or_default().insert(place.start, (place.end, call.collect()));
            }
        }
        for (number, calls) in calls {
            if let Some(draft) = functions.get_mut(number) {
                put_in(&mut draft.code, &calls);
            }
        }
        if functions.len() == before {
            break;
        }
    }
}

impl Repeated {
    /// The bytes that a function of its own saves.
    fn saves(&self) -> usize {
        let call = CALL + 2 * self.parameters.len();
        (self.places.len() * self.bytes.saturating_sub(call)).saturating_sub(self.bytes + FUNCTION + WORTH)
    }

    /// The function, from the first of the places.
    fn function(&self, functions: &[Draft]) -> Option<Draft> {
        let place = self.places.first()?;
        let body = functions.get(place.function)?.code.body.get(place.start..=place.end)?;
        let mut code = Code::new(&self.parameters);
        code.body = body.iter().map(|instruction| numbered(instruction, &place.locals)).collect();
        Some(Draft {
            export: None,
            parameters: self.parameters.clone(),
            result: Some(self.result),
            code,
            as_written: None,
            is_brief: true,
        })
    }
}

/// The instruction with parameters in place of locals.
fn numbered(instruction: &I, locals: &[u32]) -> I {
    let I::LocalGet(local) = instruction else { return *instruction };
    let place = locals.iter().position(|other| other == local).and_then(|place| address(place).ok());
    I::LocalGet(place.unwrap_or(*local))
}

/// Whether nothing of an expression is taken out already.
fn is_free(calls: Option<&BTreeMap<usize, (usize, Vec<I>)>>, place: &Found) -> bool {
    let before = calls.and_then(|calls| calls.range(..=place.end).next_back());
    before.is_none_or(|(_, (end, _))| *end < place.start)
}

/// Puts calls in place of what they stand for.
fn put_in(code: &mut Code, calls: &BTreeMap<usize, (usize, Vec<I>)>) {
    let mut gone = 0;
    for (place, instruction) in code.take_body().into_iter().enumerate() {
        if let Some((end, call)) = calls.get(&place) {
            code.body.extend(call.iter().copied());
            gone = end + 1;
        }
        if place >= gone {
            code.body.push(instruction);
        }
    }
}

/// What stands on the stack: where it starts and ends, and its type.
struct Value {
    start: usize,
    end: usize,
    ty: Ty,
}

/// All expressions of a function that are long enough, with those of others that are the same.
fn expressions(functions: &[Draft], number: usize, globals: &[Ty], found: &mut BTreeMap<Vec<u8>, Repeated>) {
    let Some(code) = functions.get(number).map(|draft| &draft.code) else { return };
    let before = lengths(&code.body);
    let length = |start: usize, end: usize| Some(before.get(end + 1)? - before.get(start)?);
    let mut stack: Vec<Value> = Vec::new();
    for (end, instruction) in code.body.iter().enumerate() {
        let effect = match instruction {
            I::LocalGet(local) => place(&code.locals, *local).map(|ty| (0, Some(*ty))),
            I::GlobalGet(global) => place(globals, *global).map(|ty| (0, Some(*ty))),
            I::Call(called) => place(functions, *called).map(|of| (of.parameters.len(), of.result)),
            I::Select => stack.iter().rev().nth(2).map(|first| (3, Some(first.ty))),
            I::MemorySize(_) => None,
            other => plain(other),
        };
        // Whatever else there is, an expression neither begins before it nor ends after it.
        let Some((start, ty)) = effect.and_then(|(takes, ty)| Some((taken(&mut stack, takes, end)?, ty?))) else {
            stack.clear();
            continue;
        };
        stack.push(Value { start, end, ty });
        // Most are too long.
        if end > start && length(start, end).is_some_and(|bytes| (FEWEST..=MOST).contains(&bytes)) {
            expression(code, (number, start, end), ty, found);
        }
    }
}

/// The bytes before each instruction and after the last, where those that get locals take as few as they can.
fn lengths(body: &[I]) -> Vec<usize> {
    let (mut bytes, mut sum) = (Vec::new(), 0);
    let each = body.iter().map(|instruction| {
        bytes.clear();
        let of = if let I::LocalGet(_) = instruction { &I::LocalGet(0) } else { instruction };
        of.encode(&mut bytes);
        sum += bytes.len();
        sum
    });
    std::iter::once(0).chain(each).collect()
}

fn place<T>(of: &[T], number: u32) -> Option<&T> {
    of.get(usize::try_from(number).ok()?)
}

/// Takes so many values, which stand one after the other before an instruction: where the first starts.
fn taken(stack: &mut Vec<Value>, takes: usize, end: usize) -> Option<usize> {
    let mut start = end;
    for _ in 0..takes {
        let value = stack.pop().filter(|value| value.end + 1 == start)?;
        start = value.start;
    }
    Some(start)
}

/// Keeps an expression with those that are the same but for their locals.
fn expression(
    code: &Code,
    (function, start, end): (usize, usize, usize),
    result: Ty,
    found: &mut BTreeMap<Vec<u8>, Repeated>,
) {
    let Some(body) = code.body.get(start..=end) else { return };
    let mut locals: Vec<u32> = Vec::new();
    for instruction in body {
        if let I::LocalGet(local) = instruction
            && !locals.contains(local)
        {
            locals.push(*local);
        }
    }
    if locals.len() > MOST_LOCALS {
        return;
    }
    let mut key = Vec::new();
    body.iter().for_each(|instruction| numbered(instruction, &locals).encode(&mut key));
    let bytes = key.len();
    if !(FEWEST.max(CALL + 2 * locals.len() + 1)..=MOST).contains(&bytes) {
        return;
    }
    let parameters: Vec<Ty> = locals.iter().filter_map(|local| place(&code.locals, *local)).copied().collect();
    key.extend(parameters.iter().map(|ty| *ty as u8));
    let each = found.entry(key).or_insert_with(|| Repeated { bytes, result, parameters, places: Vec::new() });
    each.places.push(Found { function, start, end, locals });
}

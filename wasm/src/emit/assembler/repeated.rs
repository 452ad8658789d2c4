//! What stands in several places of functions: each value, and each run of statements, with all that are the same but for their locals, and
//! again with all that are the same but for their constants as well.

use std::collections::BTreeMap;

use wasm_encoder::Encode;

use super::alike::{Alike, GET, MOST_PARAMETERS, Stretch, is_constant, saved};
use super::code::Code;
use super::cut::{Draft, plain};
use super::instruction::Instruction as I;
use super::instructions::shifted;
use super::numbers::{address, at};
use super::types::Ty;
use crate::abi::digest;

/// The fewest bytes and the most of what may be taken out, and the most statements of a run.
const FEWEST: usize = 4;
const MOST: usize = 240;
const MOST_STATEMENTS: usize = 6;
/// About the most bytes that a constant takes that may stand in a global.
const LONGEST: usize = 4;
/// What numbers of stretches are multiplied by: any odd number that is large.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A place where something stands, and what a call there is given.
pub(super) struct Found {
    pub(super) function: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) operands: Vec<I>,
    /// The bytes that it takes there, and those of them that its operands do not take.
    bytes: usize,
    beside: usize,
}

/// What stands in several places.
pub(super) struct Repeated {
    pub(super) result: Option<Ty>,
    pub(super) parameters: Vec<Ty>,
    pub(super) places: Vec<Found>,
    /// Which parameter each local and each constant is, in the order in which they come; none of a constant that is one everywhere.
    numbers: Vec<Option<u32>>,
}

impl Repeated {
    /// The bytes that calling it saves, in a module of so many functions, less those of its code; none where a call saves fewer than the least.
    pub(super) fn saves(&self, functions: usize, least: usize) -> usize {
        saved(self.places.iter().map(|place| (place.bytes, place.beside)), functions, least)
    }

    /// Its instructions with parameters in place of locals and constants.
    pub(super) fn with_parameters(&self, body: &[I]) -> Vec<I> {
        let mut numbers = self.numbers.iter();
        let with = |instruction: &I| match instruction {
            I::LocalGet(_) | I::I32Const(_) | I::I64Const(_) => {
                let number = numbers.next().copied().flatten();
                number.map_or_else(|| *instruction, I::LocalGet)
            }
            other => *other,
        };
        body.iter().map(with).collect()
    }
}

/// The bytes of an instruction, which are written for that into a text that is used again.
fn bytes(instruction: &I, text: &mut Vec<u8>) -> usize {
    let mut encoded = |instruction: &I| {
        text.clear();
        instruction.encode(text);
        text.len()
    };
    match instruction {
        I::LocalGet(_) => GET,
        // Where a constant is long and said often, it stands in a global, unless it is negative and of 64 bits.
        I::I32Const(_) | I::I64Const(0..) => encoded(instruction).min(LONGEST),
        other => match shifted(other) {
            Some(all) => all.iter().map(encoded).sum(),
            None => encoded(other),
        },
    }
}

/// What a local or a constant is known by.
fn name(instruction: &I) -> Option<(u8, i64)> {
    Some(match instruction {
        I::LocalGet(local) => (0, i64::from(*local)),
        I::I32Const(value) => (1, i64::from(*value)),
        I::I64Const(value) => (2, *value),
        _ => return None,
    })
}

/// The stretches of functions, each with a number that is the same for all that are alike; none of a function that has changed since.
#[derive(Default)]
pub(super) struct Stretches {
    of: Vec<Option<Vec<(u64, Stretch)>>>,
}

impl Stretches {
    /// A function is another now.
    pub(super) fn changed(&mut self, function: usize) {
        self.of.iter_mut().skip(function).take(1).for_each(|of| *of = None);
    }

    /// All that stands in several places, one of them in a function that was not gone through, and may save more than so many bytes where each
    /// call saves the least.
    pub(super) fn repeated(
        &mut self,
        functions: &[Draft],
        globals: &[Ty],
        (worth, least): (usize, usize),
    ) -> Vec<Repeated> {
        self.of.resize_with(functions.len(), || None);
        let mut anew: Vec<u64> = Vec::new();
        let seldom = functions.iter().enumerate().zip(&mut self.of).filter(|((_, draft), _)| draft.is_seldom);
        for ((number, draft), of) in seldom.filter(|(_, of)| of.is_none()) {
            let (shapes, mut stretches) = (Shapes::of(&draft.code), Vec::new());
            Walk { functions, code: &draft.code, shapes, number, stack: Vec::new(), run: Vec::new() }
                .all(globals, &mut stretches);
            anew.extend(stretches.iter().map(|(sum, _)| *sum));
            *of = Some(stretches);
        }
        anew.sort_unstable();
        let mut all: Vec<(u64, usize, &Stretch)> =
            self.of.iter().flatten().flatten().zip(0..).map(|((sum, stretch), place)| (*sum, place, stretch)).collect();
        all.sort_unstable_by_key(|(sum, place, _)| (*sum, *place));
        let is_new = |same: &&[(u64, usize, &Stretch)]| same.iter().any(|(sum, ..)| anew.binary_search(sum).is_ok());
        // Most stand in one place, which the number tells.
        let several = all.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1).filter(is_new);
        let several = several.flat_map(|same| Alike::all(functions, same.iter().map(|(.., stretch)| **stretch)));
        let mut several: Vec<Alike> = several.filter(|alike| alike.saves(functions.len(), least) > worth).collect();
        several.sort_by_cached_key(|alike| alike.key(functions));
        let mut text = Vec::new();
        several.iter().filter_map(|alike| settled(functions, &alike.places, &mut text)).collect()
    }
}

/// The bytes before each instruction of a function and after the last, and numbers made of all before it, of which follows one for each stretch
/// that is the same for all that are alike.
struct Shapes {
    bytes: Vec<usize>,
    sums: Vec<u64>,
    /// What a number is multiplied by over so many instructions.
    powers: Vec<u64>,
}

impl Shapes {
    fn of(code: &Code) -> Shapes {
        let (mut text, mut bytes, mut sum, mut power) = (Vec::new(), 0, 0_u64, 1_u64);
        let mut all = Shapes { bytes: vec![bytes], sums: vec![sum], powers: vec![power] };
        for instruction in &code.body {
            bytes += self::bytes(instruction, &mut text);
            text.clear();
            match instruction {
                I::LocalGet(local) => text.extend(at(&code.locals, *local).map(|ty| *ty as u8)),
                I::I32Const(_) => text.push(u8::MAX),
                I::I64Const(_) => text.push(u8::MAX - 1),
                other => other.encode(&mut text),
            }
            sum = sum.wrapping_mul(FACTOR).wrapping_add(digest(&text));
            power = power.wrapping_mul(FACTOR);
            all.bytes.push(bytes);
            all.sums.push(sum);
            all.powers.push(power);
        }
        all
    }

    /// The bytes of a stretch, and its number.
    fn stretch(&self, start: usize, end: usize) -> Option<(usize, u64)> {
        let bytes = self.bytes.get(end + 1)? - self.bytes.get(start)?;
        let before = self.sums.get(start)?.wrapping_mul(*self.powers.get(end + 1 - start)?);
        Some((bytes, self.sums.get(end + 1)?.wrapping_sub(before)))
    }
}

/// What stands in these places, with parameters.
fn settled(functions: &[Draft], stretches: &[Stretch], text: &mut Vec<u8>) -> Option<Repeated> {
    let Stretch { function, result, .. } = *stretches.first()?;
    let draft = functions.get(function)?;
    // Of each place its locals and constants.
    let named = |stretch: &Stretch| -> Option<Vec<&I>> {
        let body = functions.get(stretch.function)?.code.body.get(stretch.start..=stretch.end)?;
        Some(body.iter().filter(|one| matches!(one, I::LocalGet(_)) || is_constant(one)).collect())
    };
    let all: Vec<Vec<&I>> = stretches.iter().map(named).collect::<Option<_>>()?;
    let first = all.first()?;
    let mut known: BTreeMap<Vec<(u8, i64)>, u32> = BTreeMap::new();
    let (mut parameters, mut chosen, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for (place, one) in first.iter().enumerate() {
        let column: Vec<(u8, i64)> =
            all.iter().map(|each| each.get(place).and_then(|one| name(one))).collect::<Option<_>>()?;
        if is_constant(one) && column.iter().all(|other| Some(other) == column.first()) {
            numbers.push(None);
            continue;
        }
        let next = address(parameters.len()).ok()?;
        let number = *known.entry(column).or_insert(next);
        if number == next {
            parameters.push(match one {
                I::LocalGet(local) => *draft.code.locals.get(usize::try_from(*local).ok()?)?,
                I::I32Const(_) => Ty::I32,
                _ => Ty::I64,
            });
            chosen.push(place);
        }
        numbers.push(Some(number));
    }
    if parameters.len() > MOST_PARAMETERS {
        return None;
    }
    let found = |(stretch, named): (&Stretch, &Vec<&I>)| {
        let operands: Vec<I> = chosen.iter().filter_map(|place| named.get(*place).map(|one| **one)).collect();
        let Stretch { function, start, end, bytes, .. } = *stretch;
        let taken: usize = operands.iter().map(|one| self::bytes(one, text)).sum();
        // Where its operands take more, nothing is saved.
        Found { function, start, end, operands, bytes, beside: bytes.saturating_sub(taken) }
    };
    let places = stretches.iter().zip(&all).map(found).collect();
    Some(Repeated { result, parameters, places, numbers })
}

/// What stands on the stack: where it starts and ends, and its type.
struct Value {
    start: usize,
    end: usize,
    ty: Ty,
}

/// A function gone through.
struct Walk<'a> {
    functions: &'a [Draft],
    code: &'a Code,
    shapes: Shapes,
    number: usize,
    stack: Vec<Value>,
    /// Where the statements start that come one after the other, and where the last ends.
    run: Vec<(usize, usize)>,
}

impl Walk<'_> {
    /// Adds all values and runs of statements of a function to those of others that are the same.
    fn all(&mut self, globals: &[Ty], stretches: &mut Vec<(u64, Stretch)>) {
        for (end, instruction) in self.code.body.iter().enumerate() {
            let effect = match instruction {
                I::LocalGet(local) => at(&self.code.locals, *local).map(|ty| (0, Some(*ty))),
                I::GlobalGet(global) => at(globals, *global).map(|ty| (0, Some(*ty))),
                I::GlobalSet(_) => Some((1, None)),
                I::Call(called) => at(self.functions, *called).map(|of| (of.parameters.len(), of.result)),
                I::Select => self.stack.iter().rev().nth(2).map(|first| (3, Some(first.ty))),
                I::MemorySize(_) => None,
                other => plain(other),
            };
            // Whatever else there is, nothing begins before it or ends after it.
            let Some((start, result)) = effect.and_then(|(takes, result)| Some((self.taken(takes, end)?, result)))
            else {
                self.stack.clear();
                self.run.clear();
                continue;
            };
            self.take(start, end, result, stretches);
            match result {
                Some(ty) => self.stack.push(Value { start, end, ty }),
                None => self.run.push((start, end)),
            }
        }
    }

    /// Takes so many values, which stand one after the other before an instruction: where the first starts.
    fn taken(&mut self, takes: usize, end: usize) -> Option<usize> {
        let mut start = end;
        for _ in 0..takes {
            let value = self.stack.pop().filter(|value| value.end + 1 == start)?;
            start = value.start;
        }
        Some(start)
    }

    /// A value or a statement, by itself and after the statements before it.
    fn take(&mut self, start: usize, end: usize, result: Option<Ty>, stretches: &mut Vec<(u64, Stretch)>) {
        self.stretch(start, end, result, stretches);
        let mut next = start;
        for (before, last) in self.run.iter().rev().take(MOST_STATEMENTS) {
            if last + 1 != next {
                break;
            }
            self.stretch(*before, end, result, stretches);
            next = *before;
        }
    }

    /// Keeps a stretch of a length that may be worth a function.
    fn stretch(&self, start: usize, end: usize, result: Option<Ty>, stretches: &mut Vec<(u64, Stretch)>) {
        let Some((bytes, sum)) = self.shapes.stretch(start, end) else { return };
        let is_alone = || matches!(self.code.body.get(start..=end), Some([I::I32Const(_) | I::I64Const(0..)]));
        if (FEWEST..=MOST).contains(&bytes) && !is_alone() {
            stretches.push((sum, Stretch { function: self.number, start, end, bytes, result }));
        }
    }
}

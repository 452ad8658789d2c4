//! Stretches of functions that are the same but for their locals, and those that are but for their constants as well; and what a function in
//! their place saves.

use wasm_encoder::Encode;

use super::cut::Draft;
use super::instruction::Instruction as I;
use super::numbers::{address, at};
use super::order::NEAR;
use super::types::Ty;

/// The most parameters that a function in their place has.
pub(super) const MOST_PARAMETERS: usize = 8;
/// The bytes of getting a local.
pub(super) const GET: usize = 2;

/// A stretch of a function, and what it leaves.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) function: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) bytes: usize,
    pub(super) result: Option<Ty>,
}

impl Stretch {
    /// Its instructions.
    fn of<'f>(&self, functions: &'f [Draft]) -> Option<&'f [I]> {
        functions.get(self.function)?.code.body.get(self.start..=self.end)
    }
}

/// Stretches that are the same but for their locals, and but for their constants unless exactly.
pub(super) struct Alike {
    pub(super) places: Vec<Stretch>,
    exactly: bool,
    /// How many locals each has.
    locals: usize,
}

impl Alike {
    /// All of stretches that may be alike, as they have one number. They are in order of the functions.
    pub(super) fn all(functions: &[Draft], stretches: impl Iterator<Item = Stretch>) -> Vec<Alike> {
        let (mut all, mut pairs): (Vec<Alike>, _) = (Vec::new(), Vec::new());
        for stretch in stretches {
            let Some(body) = stretch.of(functions) else { continue };
            let has_constants =
                body.iter().any(|one| is_constant(one) && !matches!(one, I::I32Const(0) | I::I64Const(0)));
            for exactly in [true, false].into_iter().take(1 + usize::from(has_constants)) {
                let mut others = all.iter_mut().filter(|alike| alike.exactly == exactly);
                let is_same = |alike: &&mut Alike| {
                    alike
                        .places
                        .first()
                        .is_some_and(|first| are_alike(functions, (first, &stretch), exactly, &mut pairs))
                };
                match others.find(is_same) {
                    Some(alike) => alike.places.push(stretch),
                    None if are_alike(functions, (&stretch, &stretch), exactly, &mut pairs) => {
                        all.push(Alike { places: vec![stretch], exactly, locals: pairs.len() });
                    }
                    None => {}
                }
            }
        }
        all
    }

    /// The most bytes that calls in these places could save, in a module of so many functions.
    pub(super) fn saves(&self, functions: usize, least: usize) -> usize {
        let places = self.places.iter();
        // Where its operands take more, nothing is saved.
        saved(places.map(|place| (place.bytes, place.bytes.saturating_sub(GET * self.locals))), functions, least)
    }

    /// By which they are in order: the bytes of the first, with its locals in the order in which they come.
    pub(super) fn key(&self, functions: &[Draft]) -> Option<Vec<u8>> {
        let (mut key, mut locals) = (Vec::new(), Vec::new());
        let first = self.places.first()?;
        let code = &functions.get(first.function)?.code;
        for instruction in first.of(functions)? {
            match instruction {
                I::LocalGet(local) => {
                    let known = locals.iter().position(|other| other == local);
                    let number = address(known.unwrap_or(locals.len())).ok()?;
                    if known.is_none() {
                        locals.push(*local);
                    }
                    I::LocalGet(number).encode(&mut key);
                    key.push(*at(&code.locals, *local)? as u8);
                }
                I::I32Const(_) if !self.exactly => I::I32Const(0).encode(&mut key),
                I::I64Const(_) if !self.exactly => I::I64Const(0).encode(&mut key),
                other => other.encode(&mut key),
            }
        }
        key.push(u8::from(self.exactly));
        Some(key)
    }
}

/// Whether two stretches are the same but for their locals, of which not too many come in pairs, and but for their constants unless exactly.
fn are_alike(
    functions: &[Draft],
    (one, other): (&Stretch, &Stretch),
    exactly: bool,
    pairs: &mut Vec<(u32, u32)>,
) -> bool {
    pairs.clear();
    let codes = functions.get(one.function).zip(functions.get(other.function));
    let (Some((first, second)), Some((one, other))) = (codes, one.of(functions).zip(other.of(functions))) else {
        return false;
    };
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (I::LocalGet(one), I::LocalGet(other)) => {
                let known = pairs.iter().find(|(first, second)| first == one || second == other);
                match known {
                    Some(known) => *known == (*one, *other),
                    None => {
                        pairs.push((*one, *other));
                        at(&first.code.locals, *one) == at(&second.code.locals, *other)
                    }
                }
            }
            (I::I32Const(_), I::I32Const(_)) | (I::I64Const(_), I::I64Const(_)) if !exactly => true,
            (one, other) => one == other,
        })
        && pairs.len() <= MOST_PARAMETERS
}

/// The bytes that calls save in a module of so many functions, less those of the code, in places of so many bytes, each with how many of them are
/// not of its operands; none where a call saves fewer than the least.
pub(super) fn saved(places: impl Iterator<Item = (usize, usize)>, functions: usize, least: usize) -> usize {
    let call = if functions < NEAR { 2 } else { 3 };
    let (mut all, mut code) = (0_usize, None);
    for (bytes, beside) in places {
        // Where its operands take more, nothing is saved.
        let saved = beside.saturating_sub(call);
        all = all.saturating_add(if saved < least { 0 } else { saved });
        code = code.into_iter().chain([bytes]).min();
    }
    // Without places nothing is saved.
    all.saturating_sub(code.unwrap_or(0))
}

pub(super) fn is_constant(instruction: &I) -> bool {
    matches!(instruction, I::I32Const(_) | I::I64Const(_))
}

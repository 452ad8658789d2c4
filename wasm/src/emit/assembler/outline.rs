//! What functions have several times stands in a function of its own: values, and statements one after the other, which are the same but for
//! their locals and some of their constants. Those are the parameters. That is shorter and costs calls, so that it is for what is seldom run.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::code::Code;
use super::cut::{Draft, Shape};
use super::instruction::Instruction as I;
use super::numbers::address;
use super::repeated::{Found, Repeated, Stretches};
use super::types::Ty;

/// The bytes of a function beside its code, those of a new type beside its parameters and its result, and the fewest that are worth a
/// function.
const FUNCTION: usize = 4;
const TYPE: usize = 3;
const WORTH: usize = 4;
/// How often functions are gone through: what is in one may have a part in common with others.
const ROUNDS: usize = 4;

/// Where calls go in a function: by the place of what they stand for, its end and the call.
type Calls = BTreeMap<usize, (usize, Vec<I>)>;

/// Takes what is repeated out of functions that are seldom run, where each call saves so many bytes at least; those made of it come after all
/// others.
pub(crate) fn outline(functions: &mut Vec<Draft>, globals: &[Ty], least: usize) {
    for draft in functions.iter_mut().filter(|draft| draft.is_seldom) {
        draft.as_written.get_or_insert_with(|| draft.code.clone());
        draft.code.tidy();
    }
    let mut stretches = Stretches::default();
    for _ in 0..ROUNDS {
        let before = functions.len();
        let mut types: BTreeSet<Shape> = functions.iter().map(shape).collect();
        let saves = |each: &Repeated, functions: &[Draft], types: &BTreeSet<Shape>| {
            let shape = (each.parameters.clone(), each.result);
            let of_type =
                if types.contains(&shape) { 0 } else { TYPE + shape.0.len() + usize::from(shape.1.is_some()) };
            each.saves(functions.len(), least).saturating_sub(FUNCTION + WORTH + of_type)
        };
        let found = stretches.repeated(functions, globals, (FUNCTION + WORTH, least)).into_iter();
        let mut found: Vec<(usize, Repeated)> =
            found.map(|each| (saves(&each, functions, &types), each)).filter(|(saved, _)| *saved > 0).collect();
        found.sort_by_cached_key(|(saved, _)| Reverse(*saved));
        let mut calls: BTreeMap<usize, Calls> = BTreeMap::new();
        for (_, mut each) in found {
            let mut last = None;
            each.places.retain(|place| {
                let is_apart = last.is_none_or(|(function, end)| function != place.function || end < place.start);
                let stays = is_apart && is_free(calls.get(&place.function), place);
                if stays {
                    last = Some((place.function, place.end));
                }
                stays
            });
            let (Ok(number), true) = (address(functions.len()), saves(&each, functions, &types) > 0) else { continue };
            let Some(draft) = function(&each, functions) else { continue };
            types.insert(shape(&draft));
            functions.push(draft);
            for place in each.places {
                let call = place.operands.into_iter().chain([I::Call(number)]);
                calls.entry(place.function).or_default().insert(place.start, (place.end, call.collect()));
            }
        }
        for (number, calls) in calls {
            if let Some(draft) = functions.get_mut(number) {
                put_in(&mut draft.code, &calls);
                stretches.changed(number);
            }
        }
        if functions.len() == before {
            break;
        }
    }
}

fn shape(draft: &Draft) -> Shape {
    (draft.parameters.clone(), draft.result)
}

/// The function, from the first of the places.
fn function(each: &Repeated, functions: &[Draft]) -> Option<Draft> {
    let place = each.places.first()?;
    let body = functions.get(place.function)?.code.body.get(place.start..=place.end)?;
    let mut code = Code::new(&each.parameters);
    code.body = each.with_parameters(body);
    Some(Draft {
        export: None,
        parameters: each.parameters.clone(),
        result: each.result,
        code,
        as_written: None,
        is_brief: true,
        is_seldom: true,
    })
}

/// Whether nothing of a place is taken out already.
fn is_free(calls: Option<&Calls>, place: &Found) -> bool {
    let before = calls.and_then(|calls| calls.range(..=place.end).next_back());
    before.is_none_or(|(_, (end, _))| *end < place.start)
}

/// Puts calls in place of what they stand for.
fn put_in(code: &mut Code, calls: &Calls) {
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

//! Long expressions in parts: what stands on the stack goes into locals and comes back, so that a function can be cut there.

use super::effects::{Types, bytes_of};
use crate::emit::assembler::error::EmitError;
use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::types::Ty;

/// The same instructions and locals, with no statement of more than about so many bytes.
pub(super) fn spill(body: Vec<I>, types: &Types<'_>, most: usize) -> Result<(Vec<I>, Vec<Ty>), EmitError> {
    let places = places(&body, types, most)?;
    let mut locals = types.locals.to_vec();
    let mut spilled = Vec::with_capacity(body.len());
    let mut places = places.into_iter().peekable();
    for (place, instruction) in body.into_iter().enumerate() {
        spilled.push(instruction);
        if let Some((_, stack)) = places.next_if(|(at, _)| *at == place) {
            let mut held = Vec::new();
            for ty in stack {
                held.push(u32::try_from(locals.len()).map_err(|_| EmitError::TooLarge("it has too many values"))?);
                locals.push(ty);
            }
            spilled.extend(held.iter().rev().map(|local| I::LocalSet(*local)));
            spilled.extend(held.iter().map(|local| I::LocalGet(*local)));
        }
    }
    Ok((spilled, locals))
}

/// After which instructions to spill, and what stands on the stack there.
fn places(body: &[I], types: &Types<'_>, most: usize) -> Result<Vec<(usize, Vec<Ty>)>, EmitError> {
    let mut found = Vec::new();
    let mut stack = Vec::new();
    let mut since = 0;
    // Where the stack was lowest in the second half of what has gone by.
    let mut lowest: Option<(usize, Vec<Ty>)> = None;
    for (place, instruction) in body.iter().enumerate() {
        types.step(instruction, &mut stack)?;
        since += bytes_of(instruction);
        let breaks = matches!(instruction, I::Else | I::End | I::Br(_) | I::Return);
        if stack.is_empty() || breaks {
            (since, lowest) = (0, None);
            continue;
        }
        if since > most / 2 && lowest.as_ref().is_none_or(|(_, at)| stack.len() <= at.len()) {
            lowest = Some((place, stack.clone()));
        }
        if since > most {
            found.extend(lowest.take());
            since = 0;
        }
    }
    Ok(found)
}

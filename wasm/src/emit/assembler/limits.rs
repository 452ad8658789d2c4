//! What engines take. Functions beyond are cut ([`super::cut`]); one that cannot be is refused in words, before the module is
//! validated.

use wasm_encoder::Function;
use wasmparser::{BinaryReader, FunctionBody};

use super::error::EmitError;

/// The most locals of a function, parameters and all: an interpreter in C has 2,000 values for all that are at work.
pub(super) const MOST_LOCALS: u32 = 200;
/// The most bytes of a function: they become less than 8,000 of the code of Java's virtual machine.
pub(super) const MOST_BYTES: usize = 6_000;

const CODE: &str =
    "the code for one case is more than engines accept; split it, or use another package's answers in fewer places";
const VALUES: &str =
    "one case works out more values than engines accept; split it, or use another package's answers in fewer places";

/// Whether a function of so many parameters is one that engines take.
pub(super) fn fits(body: &Function, parameters: usize) -> bool {
    let most = usize::try_from(MOST_LOCALS).unwrap_or(0);
    let locals = locals(body).and_then(|locals| usize::try_from(locals).ok());
    body.byte_len() <= MOST_BYTES && locals.is_some_and(|locals| locals.saturating_add(parameters) <= most)
}

/// Why a function that cannot be cut is refused.
pub(super) fn refused(body: &Function) -> EmitError {
    EmitError::TooLarge(if body.byte_len() > MOST_BYTES { CODE } else { VALUES })
}

/// How many locals a function declares.
fn locals(body: &Function) -> Option<u32> {
    let bytes = body.clone().into_raw_body();
    let body = FunctionBody::new(BinaryReader::new(&bytes, 0));
    body.get_locals_reader().ok()?.into_iter().try_fold(0_u32, |sum, group| sum.checked_add(group.ok()?.0))
}

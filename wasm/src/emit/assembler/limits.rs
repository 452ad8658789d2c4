//! What engines take: a package beyond that is refused in words, before the module is validated.

use wasm_encoder::Function;
use wasmparser::{BinaryReader, FunctionBody};

use super::error::EmitError;
use super::module::Emitted;
use super::numbers::address;

/// The most locals of a function, parameters and all.
const MOST_LOCALS: u32 = 50_000;
/// The most bytes of a function.
const MOST_BYTES: usize = 7_654_321;

const CODE: &str =
    "the code for one case is more than engines accept; split it, or use another package's answers in fewer places";
const VALUES: &str =
    "one case works out more values than engines accept; split it, or use another package's answers in fewer places";

/// Checks that a function is one that engines take.
pub(crate) fn check_limits(Emitted { parameters, body, .. }: &Emitted) -> Result<(), EmitError> {
    if body.byte_len() > MOST_BYTES {
        return Err(EmitError::TooLarge(CODE));
    }
    let parameters = address(parameters.len())?;
    if locals(body).is_none_or(|locals| locals.saturating_add(parameters) > MOST_LOCALS) {
        return Err(EmitError::TooLarge(VALUES));
    }
    Ok(())
}

/// How many locals a function declares.
fn locals(body: &Function) -> Option<u32> {
    let bytes = body.clone().into_raw_body();
    let body = FunctionBody::new(BinaryReader::new(&bytes, 0));
    body.get_locals_reader().ok()?.into_iter().try_fold(0_u32, |sum, group| sum.checked_add(group.ok()?.0))
}

//! What engines take. Functions beyond are cut ([`super::cut`]); one that cannot be is refused in words, before the module is
//! validated.

use wasm_encoder::Function;

use super::error::EmitError;

/// A function as it is encoded.
pub(crate) struct Body {
    pub(super) function: Function,
    /// How many locals it has beside its parameters.
    pub(super) locals: usize,
}

/// How large a function may be, and a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Its bytes.
    pub bytes: usize,
    /// Its locals, parameters and all.
    pub locals: usize,
    /// Bytes of a module above which it does without code of its own for cases that are complete.
    pub module: usize,
    /// Whether what is seldom run is made as short as may be, which takes longest of all that is done to a module.
    pub brief: bool,
}

impl Limits {
    /// What every engine takes: 6,000 bytes become less than 8,000 of the code of Java's virtual machine, beyond which it compiles
    /// nothing, and an interpreter in C has 2,000 values for all functions that are at work.
    pub const ENGINES: Limits = Limits { bytes: 6_000, locals: 200, module: 64 << 10, brief: true };

    /// What engines take that compile to machine code: calls cost more there than length does, and what goes to and from memory more than
    /// either.
    pub const COMPILED: Limits = Limits { bytes: 60_000, locals: 6_000, module: usize::MAX, brief: true };

    /// For a module that a few cases are asked of and nobody keeps: how long it takes to write is all that counts.
    pub const TRIED: Limits = Limits { brief: false, ..Limits::COMPILED };

    /// Whether a function of so many parameters is within.
    pub(super) fn hold(self, body: &Body, parameters: usize) -> bool {
        body.function.byte_len() <= self.bytes && body.locals.saturating_add(parameters) <= self.locals
    }

    /// Why a function that cannot be cut is refused.
    pub(super) fn refused(self, body: &Body) -> EmitError {
        EmitError::TooLarge(if body.function.byte_len() > self.bytes { CODE } else { VALUES })
    }
}

const CODE: &str =
    "the code for one case is more than engines accept; split it, or use another package's answers in fewer places";
const VALUES: &str =
    "one case works out more values than engines accept; split it, or use another package's answers in fewer places";

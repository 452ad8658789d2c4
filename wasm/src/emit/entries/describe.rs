//! The manifest that a module carries, given out.

use crate::emit::assembler::Code;
use crate::emit::memory::{CARRIED, CARRIED_BYTES};

/// `describe() -> address`.
pub(crate) fn describe() -> Code {
    let mut code = Code::new(&[]);
    code.push(&CARRIED);
    code
}

/// `describe_bytes() -> bytes`.
pub(crate) fn describe_bytes() -> Code {
    let mut code = Code::new(&[]);
    code.push(&CARRIED_BYTES);
    code
}

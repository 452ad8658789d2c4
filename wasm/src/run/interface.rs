//! What a module says of itself, without its plan.

use wasmtime::{Instance, Store};

use super::deadline::{Code, compiled};
use super::error::{RunError, trap};

/// The version of the binary interface that a module speaks.
///
/// # Errors
/// Where the bytes are no module that runs here, it has imports, or it does not say.
pub fn interface(bytes: &[u8]) -> Result<i32, RunError> {
    let silent = || RunError::Module("it does not say which version of the interface it speaks".to_owned());
    constant(bytes, "abi_version")?.ok_or_else(silent)
}

/// A number that a module says of itself.
pub(super) fn constant(bytes: &[u8], name: &str) -> Result<Option<i32>, RunError> {
    let module = compiled(Code::RunsOn, bytes)?;
    if module.imports().next().is_some() {
        return Err(RunError::Module("it has imports".to_owned()));
    }
    let mut store = Store::new(module.engine(), ());
    let running = Instance::new(&mut store, &module, &[]).map_err(|error| trap(&error))?;
    Ok(running.get_global(&mut store, name).and_then(|global| global.get(&mut store).i32()))
}

//! The functions of a module that takes cases as JSON.

use wasmtime::{Instance as Running, Memory, Store, TypedFunc};

use super::error::{RunError, trap};
use super::memory::{get_bytes, size};

/// A function that is given a text: where it stands, and its bytes.
type Asked = TypedFunc<(i32, i32), i32>;

/// The functions for JSON of a running module.
pub(super) struct JsonEntries {
    pub(super) alloc: TypedFunc<i32, i32>,
    pub(super) reset: TypedFunc<(), i32>,
    pub(super) evaluate: Asked,
    pub(super) explain: Asked,
    pub(super) configure: Asked,
    pub(super) out: TypedFunc<(), i32>,
    pub(super) out_bytes: TypedFunc<(), i32>,
    pub(super) self_test: Option<TypedFunc<(), i32>>,
}

impl JsonEntries {
    /// Those of a running module, if it has them.
    pub(super) fn of(running: &Running, store: &mut Store<()>) -> Option<JsonEntries> {
        Some(JsonEntries {
            alloc: running.get_typed_func(&mut *store, "alloc").ok()?,
            reset: running.get_typed_func(&mut *store, "reset").ok()?,
            evaluate: running.get_typed_func(&mut *store, "evaluate_json").ok()?,
            explain: running.get_typed_func(&mut *store, "explain_json").ok()?,
            configure: running.get_typed_func(&mut *store, "configure_json").ok()?,
            out: running.get_typed_func(&mut *store, "json_out").ok()?,
            out_bytes: running.get_typed_func(&mut *store, "json_out_bytes").ok()?,
            self_test: running.get_typed_func(&mut *store, "self_test").ok(),
        })
    }

    /// Gives a text to one of these functions: the status, and what comes out.
    pub(super) fn ask(
        &self,
        store: &mut Store<()>,
        memory: Memory,
        entry: &Asked,
        text: &[u8],
    ) -> Result<(i32, Vec<u8>), RunError> {
        let bytes = size(text.len())?.cast_signed();
        let stopped = |error: wasmtime::Error| trap(&error);
        self.reset.call(&mut *store, ()).map_err(stopped)?;
        let at = self.alloc.call(&mut *store, bytes).map_err(stopped)?;
        let start = usize::try_from(at).ok().filter(|start| *start > 0);
        let room = start.and_then(|start| memory.data_mut(&mut *store).get_mut(start..start.checked_add(text.len())?));
        room.ok_or(RunError::Room)?.copy_from_slice(text);
        let status = entry.call(&mut *store, (at, bytes)).map_err(stopped)?;
        let out = self.out.call(&mut *store, ()).map_err(stopped)?;
        let length = self.out_bytes.call(&mut *store, ()).map_err(stopped)?;
        Ok((status, get_bytes(memory.data(&*store), out.cast_unsigned(), length.cast_unsigned())?))
    }
}

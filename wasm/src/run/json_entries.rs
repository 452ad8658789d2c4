//! The functions of a module that takes cases as JSON.

use wasmtime::{Instance as Running, Store, TypedFunc};

/// The functions for JSON of a running module.
pub(super) struct JsonEntries {
    pub(super) alloc: TypedFunc<i32, i32>,
    pub(super) reset: TypedFunc<(), i32>,
    pub(super) evaluate: TypedFunc<(i32, i32), i32>,
    pub(super) out: TypedFunc<(), i32>,
    pub(super) out_bytes: TypedFunc<(), i32>,
}

/// Those of a running module, if it has them.
pub(super) fn json_entries(running: &Running, store: &mut Store<()>) -> Option<JsonEntries> {
    Some(JsonEntries {
        alloc: running.get_typed_func(&mut *store, "alloc").ok()?,
        reset: running.get_typed_func(&mut *store, "reset").ok()?,
        evaluate: running.get_typed_func(&mut *store, "evaluate_json").ok()?,
        out: running.get_typed_func(&mut *store, "json_out").ok()?,
        out_bytes: running.get_typed_func(&mut *store, "json_out_bytes").ok()?,
    })
}

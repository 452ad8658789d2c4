//! The functions of a module that takes cases as JSON.

use wasmtime::{Instance as Running, Memory, Store, TypedFunc};

use super::error::{RunError, trap};
use super::memory::{get_bytes, size};
use crate::abi::{JSON_ANSWERED, JSON_BROKEN, JSON_REFUSED};

/// What a module made of a text; each is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replied {
    /// The answers; of settings nothing: they are in force.
    Answered(Vec<u8>),
    /// What is wrong with the text.
    Refused(Vec<u8>),
    /// The claim that the case breaks.
    Broken(Vec<u8>),
}

impl Replied {
    /// By the status of a call.
    fn of(status: i32, reply: Vec<u8>) -> Result<Replied, RunError> {
        match i64::from(status) {
            JSON_ANSWERED => Ok(Replied::Answered(reply)),
            JSON_REFUSED => Ok(Replied::Refused(reply)),
            JSON_BROKEN => Ok(Replied::Broken(reply)),
            _ => Err(RunError::Room),
        }
    }
}

/// A function that is given a text: where it stands, and its bytes.
pub(super) type Asked = TypedFunc<(i32, i32), i32>;

/// A running module with what its calls need.
pub(super) struct At<'a> {
    pub(super) store: &'a mut Store<()>,
    pub(super) memory: Memory,
    /// How often the counter may be raised while a call runs.
    pub(super) ticks: u64,
}

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

    /// Gives a text to one of these functions: what the module made of it.
    ///
    /// # Errors
    /// When the module stops, takes too long, or memory runs out.
    pub(super) fn ask(&self, entry: &Asked, text: &[u8], at: At<'_>) -> Result<Replied, RunError> {
        let At { store, memory, ticks } = at;
        store.set_epoch_deadline(ticks);
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
        Replied::of(status, get_bytes(memory.data(&*store), out.cast_unsigned(), length.cast_unsigned())?)
    }

    /// Lets the module try the golden cases that it carries, if it carries any.
    ///
    /// # Errors
    /// When the module stops, or takes too long.
    pub(super) fn try_itself(&self, at: At<'_>) -> Result<Option<i32>, RunError> {
        let Some(test) = &self.self_test else { return Ok(None) };
        at.store.set_epoch_deadline(at.ticks);
        test.call(at.store, ()).map(Some).map_err(|error| trap(&error))
    }
}

/// A module without JSON was asked for it.
pub(super) fn no_json() -> RunError {
    RunError::Module("it has no JSON".to_owned())
}

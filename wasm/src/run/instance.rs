//! One running module: its memory, its settings, its entry points.

use std::time::Duration;

use concord_engine::plan::case::Settings;
use wasmtime::{Instance as Running, Memory, Store, TypedFunc};

use super::deadline::{NEVER, ticks};
use super::error::{RunError, trap};
use super::json_entries::JsonEntries;
use super::program::Program;
use crate::abi::{ABI_VERSION, Layout, WORKSPACE_EVENTS};

/// Bytes of a page.
const PAGE: u64 = 65_536;

/// A running module.
pub struct Instance {
    program: Program,
    pub(super) store: Store<()>,
    pub(super) memory: Memory,
    configure: TypedFunc<(i32, i64), i32>,
    unconfigure: TypedFunc<i32, i32>,
    record: TypedFunc<(i32, i32), i32>,
    batch: TypedFunc<(i32, i32, i32), i32>,
    set_workspace: TypedFunc<(i32, i32), i32>,
    /// Where the workspace stands that was given last and its bytes, unless the module's own is in force.
    given: Option<(u32, u32)>,
    /// The settings in force; none where the module was configured past this.
    settings: Option<Settings>,
    /// Where the module has JSON.
    pub(super) json: Option<JsonEntries>,
    /// How often the counter may be raised while a call runs.
    pub(super) ticks: u64,
}

impl Program {
    /// A new instance: memory of its own, and the group's values for all parameters.
    ///
    /// # Errors
    /// When the module speaks another version of the interface, or memory runs out.
    pub fn instance(&self) -> Result<Instance, RunError> {
        Instance::new(self)
    }
}

impl Instance {
    fn new(program: &Program) -> Result<Instance, RunError> {
        let module = program.module()?;
        let mut store = Store::new(module.engine(), ());
        store.set_epoch_deadline(NEVER);
        let running = Running::new(&mut store, module, &[]).map_err(|error| trap(&error))?;
        let global = |store: &mut Store<()>, name: &str| {
            running.get_global(&mut *store, name).and_then(|global| global.get(&mut *store).i32())
        };
        let heap = program.layout().heap.cast_signed();
        if global(&mut store, "abi_version") != Some(ABI_VERSION) || global(&mut store, "heap") != Some(heap) {
            return Err(RunError::Module("it speaks another version of the interface".to_owned()));
        }
        let memory = running.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| RunError::Module("it has no memory".to_owned()))?;
        let absent = |error: wasmtime::Error| RunError::Module(format!("{error:#}"));
        let json = JsonEntries::of(&running, &mut store);
        Ok(Instance {
            json,
            configure: running.get_typed_func(&mut store, "configure").map_err(absent)?,
            unconfigure: running.get_typed_func(&mut store, "unconfigure").map_err(absent)?,
            record: running.get_typed_func(&mut store, "evaluate_record").map_err(absent)?,
            batch: running.get_typed_func(&mut store, "evaluate_batch").map_err(absent)?,
            set_workspace: running.get_typed_func(&mut store, "set_workspace").map_err(absent)?,
            given: None,
            settings: Some(vec![None; program.plan().parameters.len()]),
            program: program.clone(),
            store,
            memory,
            ticks: NEVER,
        })
    }

    /// Another of the same program, with memory of its own and the group's values for all parameters.
    ///
    /// # Errors
    /// As [`Program::instance`].
    pub fn another(&self) -> Result<Instance, RunError> {
        Instance::new(&self.program)
    }

    /// Lets each call from now on take so long at most; one that takes longer ends with [`RunError::Deadline`]. Of a program that was not compiled to
    /// be stopped, every call ends by itself.
    pub fn within(&mut self, most: Duration) {
        self.ticks = ticks(most);
        self.store.set_epoch_deadline(self.ticks);
    }

    /// Counts anew how long the next call may take. Where it may take for ever, nothing ever set the counter otherwise.
    fn count_anew(&mut self) {
        if self.ticks != NEVER {
            self.store.set_epoch_deadline(self.ticks);
        }
    }

    /// Puts a member's settings in force: those not given fall back to the group's values.
    ///
    /// # Errors
    /// With the parameter whose setting is refused; those before it are in force.
    pub fn configure(&mut self, settings: &Settings) -> Result<(), RunError> {
        if self.settings.as_ref() == Some(settings) {
            return Ok(());
        }
        let known = self.settings.take();
        let mut in_force = vec![None; self.program.plan().parameters.len()];
        for index in 0..in_force.len().max(settings.len()) {
            let wanted = settings.get(index).copied().flatten();
            let there_is = index < in_force.len() || wanted.is_some();
            if known.as_ref().map_or(there_is, |known| known.get(index).copied().flatten() != wanted) {
                self.set(index, wanted)?;
            }
            if let Some(place) = in_force.get_mut(index) {
                *place = wanted;
            }
        }
        self.settings = Some(in_force);
        Ok(())
    }

    fn set(&mut self, index: usize, wanted: Option<i64>) -> Result<(), RunError> {
        let number = i32::try_from(index).map_err(|_| RunError::Setting(index))?;
        self.store.set_epoch_deadline(NEVER);
        let status = match wanted {
            Some(value) => self.configure.call(&mut self.store, (number, value)),
            None => self.unconfigure.call(&mut self.store, number),
        };
        if status.map_err(|error| trap(&error))? == 0 { Ok(()) } else { Err(RunError::Setting(index)) }
    }

    /// Settings were put in force by other means.
    pub(super) fn forget_settings(&mut self) {
        self.settings = None;
    }

    /// The module's layout.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        self.program.layout()
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// The module's memory, for callers that build records or columns themselves; see `wasm/ABI.md`.
    pub fn memory(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    /// Makes sure that addresses below `end` exist.
    ///
    /// # Errors
    /// When the memory may not grow so far.
    pub fn reserve(&mut self, end: u64) -> Result<(), RunError> {
        let have = self.memory.size(&self.store);
        let want = end.div_ceil(PAGE);
        if want > have {
            self.memory.grow(&mut self.store, want - have).map_err(|error| trap(&error))?;
        }
        Ok(())
    }

    /// Makes sure that the workspace is large enough for cases of so many events: where the module's own is not, one is given at an
    /// address. The first address after it.
    ///
    /// # Errors
    /// When the memory may not grow so far.
    pub fn make_workspace(&mut self, events: usize, from: u32) -> Result<u32, RunError> {
        let too_many = || RunError::Trap("more events than the workspace can hold".to_owned());
        let events = u32::try_from(events).map_err(|_| too_many())?;
        if self.layout().workspace_each == 0 || events <= WORKSPACE_EVENTS {
            if self.given.take().is_some() {
                self.call_set_workspace(0, 0)?;
            }
            return Ok(from);
        }
        let from = from.checked_next_multiple_of(8).ok_or_else(too_many)?;
        let bytes = self.layout().workspace_each.checked_mul(self.layout().places(events)).ok_or_else(too_many)?;
        let end = from.checked_add(bytes).ok_or_else(too_many)?;
        self.reserve(u64::from(end))?;
        if self.call_set_workspace(from, bytes)? < events.cast_signed() {
            return Err(too_many());
        }
        self.given = Some((from, bytes));
        Ok(end)
    }

    /// Calls `set_workspace`: the most events of a case from now on, or −1 where the workspace in force stays.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_set_workspace(&mut self, address: u32, bytes: u32) -> Result<i32, RunError> {
        let operands = (address.cast_signed(), bytes.cast_signed());
        self.store.set_epoch_deadline(NEVER);
        self.set_workspace.call(&mut self.store, operands).map_err(|error| trap(&error))
    }

    pub(super) fn given(&self) -> Option<(u32, u32)> {
        self.given
    }

    /// Where the workspace stands.
    pub(super) fn workspace(&self) -> u32 {
        self.given.map_or(self.layout().workspace, |(at, _)| at)
    }

    /// Calls `evaluate_record` on a record that the caller has written.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_record(&mut self, record: u32, out: u32) -> Result<i32, RunError> {
        self.count_anew();
        let operands = (record.cast_signed(), out.cast_signed());
        self.record.call(&mut self.store, operands).map_err(|error| trap(&error))
    }

    /// Calls `evaluate_batch` on columns that the caller has written.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_batch(&mut self, rows: u32, columns: u32, out: u32) -> Result<i32, RunError> {
        self.count_anew();
        let operands = (rows.cast_signed(), columns.cast_signed(), out.cast_signed());
        self.batch.call(&mut self.store, operands).map_err(|error| trap(&error))
    }
}

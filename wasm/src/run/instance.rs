//! One running module: its memory, its settings, its entry points.

use std::time::Duration;

use concord_engine::plan::case::Settings;
use wasmtime::{Instance as Running, Memory, Store, TypedFunc};

use super::deadline::{NEVER, ticks};
use super::error::{RunError, trap};
use super::program::Program;
use crate::abi::{ABI_VERSION, Layout};

/// Bytes of a page.
const PAGE: u64 = 65_536;

/// A running module.
pub struct Instance {
    program: Program,
    store: Store<()>,
    memory: Memory,
    configure: TypedFunc<(i32, i64), i32>,
    unconfigure: TypedFunc<i32, i32>,
    record: TypedFunc<(i32, i32), i32>,
    batch: TypedFunc<(i32, i32, i32), i32>,
    settings: Settings,
    /// How often the counter may be raised while a call runs.
    ticks: u64,
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
        let module = program.module();
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
        Ok(Instance {
            configure: running.get_typed_func(&mut store, "configure").map_err(absent)?,
            unconfigure: running.get_typed_func(&mut store, "unconfigure").map_err(absent)?,
            record: running.get_typed_func(&mut store, "evaluate_record").map_err(absent)?,
            batch: running.get_typed_func(&mut store, "evaluate_batch").map_err(absent)?,
            settings: vec![None; program.plan().parameters.len()],
            program: program.clone(),
            store,
            memory,
            ticks: NEVER,
        })
    }

    /// Lets each call from now on take so long at most; one that takes longer ends with [`RunError::Deadline`]. Of a program that was not compiled to
    /// be stopped, every call ends by itself.
    pub fn within(&mut self, most: Duration) {
        self.ticks = ticks(most);
    }

    /// Puts a member's settings in force: those not given fall back to the group's values.
    ///
    /// # Errors
    /// With the parameter whose setting is refused; those before it are in force.
    pub fn configure(&mut self, settings: &Settings) -> Result<(), RunError> {
        for index in 0..self.settings.len().max(settings.len()) {
            let wanted = settings.get(index).copied().flatten();
            if self.settings.get(index).copied().flatten() == wanted {
                continue;
            }
            let number = i32::try_from(index).map_err(|_| RunError::Setting(index))?;
            self.store.set_epoch_deadline(NEVER);
            let status = match wanted {
                Some(value) => self.configure.call(&mut self.store, (number, value)),
                None => self.unconfigure.call(&mut self.store, number),
            };
            if status.map_err(|error| trap(&error))? != 0 {
                return Err(RunError::Setting(index));
            }
            if let Some(place) = self.settings.get_mut(index) {
                *place = wanted;
            }
        }
        Ok(())
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

    /// Calls `evaluate_record` on a record that the caller has written.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_record(&mut self, record: u32, out: u32) -> Result<i32, RunError> {
        self.store.set_epoch_deadline(self.ticks);
        let operands = (record.cast_signed(), out.cast_signed());
        self.record.call(&mut self.store, operands).map_err(|error| trap(&error))
    }

    /// Calls `evaluate_batch` on columns that the caller has written.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_batch(&mut self, rows: u32, columns: u32, out: u32) -> Result<i32, RunError> {
        self.store.set_epoch_deadline(self.ticks);
        let operands = (rows.cast_signed(), columns.cast_signed(), out.cast_signed());
        self.batch.call(&mut self.store, operands).map_err(|error| trap(&error))
    }
}

//! One running module: its memory, its settings, its entry points.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Settings};
use wasmtime::{Instance as Running, Memory, Store, TypedFunc};

use super::{ABI, Program, RunError, check, columns, record, trap};
use crate::emit::Layout;

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
}

impl Instance {
    pub(super) fn new(program: &Program) -> Result<Instance, RunError> {
        let module = &program.inner.module;
        let mut store = Store::new(module.engine(), ());
        let running = Running::new(&mut store, module, &[]).map_err(|error| trap(&error))?;
        let global = |store: &mut Store<()>, name: &str| {
            running.get_global(&mut *store, name).and_then(|global| global.get(&mut *store).i32())
        };
        let heap = i32::try_from(program.inner.layout.heap).unwrap_or(-1);
        if global(&mut store, "abi_version") != Some(ABI) || global(&mut store, "heap") != Some(heap) {
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
            settings: vec![None; program.inner.plan.parameters.len()],
            program: program.clone(),
            store,
            memory,
        })
    }

    /// Evaluates one case.
    ///
    /// # Errors
    /// When the case does not fit the plan, a setting is refused, or memory runs out.
    pub fn evaluate(&mut self, case: &Case, settings: &Settings) -> Result<Outcome, RunError> {
        self.configure(settings)?;
        check::case(&self.program.inner.plan, case).map_err(|fault| RunError::Case(0, fault))?;
        record::evaluate(self, case)
    }

    /// Evaluates many cases under the same settings, in order.
    ///
    /// # Errors
    /// When a case does not fit the plan, a setting is refused, or memory runs out.
    pub fn evaluate_batch(&mut self, cases: &[Case], settings: &Settings) -> Result<Vec<Outcome>, RunError> {
        self.configure(settings)?;
        for (index, case) in cases.iter().enumerate() {
            check::case(&self.program.inner.plan, case).map_err(|fault| RunError::Case(index, fault))?;
        }
        columns::evaluate(self, cases)
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
            let number = i32::try_from(index).unwrap_or(-1);
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
        &self.program.inner.layout
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
        let operands = (record.cast_signed(), out.cast_signed());
        self.record.call(&mut self.store, operands).map_err(|error| trap(&error))
    }

    /// Calls `evaluate_batch` on columns that the caller has written.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_batch(&mut self, rows: u32, columns: u32, out: u32) -> Result<i32, RunError> {
        let operands = (rows.cast_signed(), columns.cast_signed(), out.cast_signed());
        self.batch.call(&mut self.store, operands).map_err(|error| trap(&error))
    }
}

/// Writes bytes into a memory.
pub(super) fn put(memory: &mut [u8], at: u32, bytes: &[u8]) -> Result<(), RunError> {
    let start = usize::try_from(at).unwrap_or(usize::MAX);
    let place = start.checked_add(bytes.len()).and_then(|end| memory.get_mut(start..end));
    place.ok_or_else(|| RunError::Trap("the module's memory is too small".to_owned()))?.copy_from_slice(bytes);
    Ok(())
}

/// Writes a value in a slot of so many bytes.
pub(super) fn put_value(memory: &mut [u8], at: u32, value: i64, bytes: u8) -> Result<(), RunError> {
    put(memory, at, value.to_le_bytes().get(..usize::from(bytes)).unwrap_or_default())
}

/// Reads a signed value of so many bytes.
pub(super) fn get_value(memory: &[u8], at: u32, bytes: u8) -> Result<i64, RunError> {
    let start = usize::try_from(at).unwrap_or(usize::MAX);
    let found = start.checked_add(usize::from(bytes)).and_then(|end| memory.get(start..end));
    let found = found.ok_or_else(|| RunError::Trap("the module's memory is too small".to_owned()))?;
    let mut all = [0_u8; 8];
    all.iter_mut().zip(found).for_each(|(place, byte)| *place = *byte);
    let spare = 64 - 8 * u32::from(bytes);
    Ok(i64::from_le_bytes(all) << spare >> spare)
}

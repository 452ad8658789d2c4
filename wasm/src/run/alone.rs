//! A module by itself, without its plan: what it carries says what it is, and it reads, checks and answers cases in JSON.

use std::time::Duration;

use wasmtime::{Instance as Running, Memory, Module, Store, TypedFunc};

use super::deadline::{Code, NEVER, compiled, ticks};
use super::error::{RunError, trap};
use super::json_entries::{Asked, At, JsonEntries, Replied, no_json};
use super::memory::{get_bytes, size};
use crate::abi::ABI_VERSION;

/// A module that is compiled, once, and of which nothing else is known. It starts as many [`Alone`]s as there are threads to use them.
#[derive(Clone)]
pub struct Loaded {
    module: Module,
    ticks: u64,
}

impl Loaded {
    /// Compiles a module; where a time is given, each call may take so long at most, as nobody knows what is in the file.
    ///
    /// # Errors
    /// Where the bytes are no module, or it has imports.
    pub fn compile(bytes: &[u8], most: Option<Duration>) -> Result<Loaded, RunError> {
        let code = if most.is_some() { Code::Stops } else { Code::RunsOn };
        let module = compiled(code, bytes)?;
        if module.imports().next().is_some() {
            return Err(RunError::Module("it has imports".to_owned()));
        }
        Ok(Loaded { module, ticks: most.map_or(NEVER, ticks) })
    }

    /// Starts one.
    ///
    /// # Errors
    /// Where it speaks another version of the interface, or memory runs out.
    pub fn start(&self) -> Result<Alone, RunError> {
        let Loaded { module, ticks } = self;
        let mut store = Store::new(module.engine(), ());
        store.set_epoch_deadline(*ticks);
        let running = Running::new(&mut store, module, &[]).map_err(|error| trap(&error))?;
        let version = running.get_global(&mut store, "abi_version").and_then(|global| global.get(&mut store).i32());
        if version != Some(ABI_VERSION) {
            return Err(RunError::Module("it speaks another version of the interface".to_owned()));
        }
        let memory = running.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| RunError::Module("it has no memory".to_owned()))?;
        let json = JsonEntries::of(&running, &mut store);
        let batch = running.get_typed_func(&mut store, "evaluate_batch").ok();
        let mut function = |name: &str| running.get_typed_func(&mut store, name).ok();
        let describe = function("describe").zip(function("describe_bytes")).map(|(at, bytes)| [at, bytes]);
        Ok(Alone { store, memory, json, batch, describe, ticks: *ticks })
    }
}

/// A module that runs, of which nothing else is known.
pub struct Alone {
    store: Store<()>,
    memory: Memory,
    json: Option<JsonEntries>,
    batch: Option<TypedFunc<(i32, i32, i32), i32>>,
    describe: Option<[TypedFunc<(), i32>; 2]>,
    ticks: u64,
}

impl Alone {
    /// How long a module that may be stopped may take to try itself, or to say what it is. The largest of the library takes less than a hundredth of
    /// it; one in which a bit of a loop was flipped takes for ever.
    pub const PATIENCE: Duration = Duration::from_secs(10);

    /// Compiles a module and starts it, as [`Loaded`] does.
    ///
    /// # Errors
    /// Where the bytes are no module, it has imports, or it speaks another version of the interface.
    pub fn start(bytes: &[u8], most: Option<Duration>) -> Result<Alone, RunError> {
        Loaded::compile(bytes, most)?.start()
    }

    /// From now on each call may take so long at most, where it was compiled to be stopped.
    pub fn within(&mut self, most: Duration) {
        self.ticks = if self.ticks == NEVER { NEVER } else { ticks(most) };
    }

    /// How many bytes of memory it has; it grows with the longest case and never shrinks.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Whether it takes cases as JSON.
    #[must_use]
    pub fn takes_json(&self) -> bool {
        self.json.is_some()
    }

    /// What the module says of itself: its manifest, as JSON; none where it says nothing.
    ///
    /// # Errors
    /// When the module stops, does not come to an end, or says what does not stand in its memory.
    pub fn describe(&mut self) -> Result<Option<Vec<u8>>, RunError> {
        let Some([at, bytes]) = &self.describe else { return Ok(None) };
        self.store.set_epoch_deadline(self.patience());
        let at = at.call(&mut self.store, ()).map_err(|error| endless(trap(&error)))?;
        let bytes = bytes.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        get_bytes(self.memory.data(&self.store), at.cast_unsigned(), bytes.cast_unsigned()).map(Some)
    }

    /// As [`Instance::evaluate_json`](super::Instance::evaluate_json).
    ///
    /// # Errors
    /// When the module has no JSON, stops, takes too long, or memory runs out.
    pub fn evaluate_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        self.ask(|entries| &entries.evaluate, text)
    }

    /// As [`Instance::explain_json`](super::Instance::explain_json).
    ///
    /// # Errors
    /// As before.
    pub fn explain_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        self.ask(|entries| &entries.explain, text)
    }

    /// As [`Instance::configure_json`](super::Instance::configure_json).
    ///
    /// # Errors
    /// As before.
    pub fn configure_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        self.ask(|entries| &entries.configure, text)
    }

    /// As [`Instance::call_self_test`](super::Instance::call_self_test): within ten seconds, whatever a case may take, where it was compiled
    /// to be stopped.
    ///
    /// # Errors
    /// When the module stops, or does not come to an end.
    pub fn self_test(&mut self) -> Result<Option<i32>, RunError> {
        let ticks = self.patience();
        let Some(entries) = &self.json else { return Ok(None) };
        entries.try_itself(At { store: &mut self.store, memory: self.memory, ticks }).map_err(endless)
    }

    fn patience(&self) -> u64 {
        if self.ticks == NEVER { NEVER } else { ticks(Alone::PATIENCE) }
    }

    /// Room for the columns of batches, where texts stand otherwise, until the next text: its address, a multiple of 8.
    ///
    /// # Errors
    /// When the module has no JSON, stops, or memory runs out.
    pub fn room(&mut self, bytes: usize) -> Result<usize, RunError> {
        let entries = self.json.as_ref().ok_or_else(no_json)?;
        self.store.set_epoch_deadline(self.ticks);
        entries.reset.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let bytes = size(bytes.saturating_add(8))?.cast_signed();
        let at = entries.alloc.call(&mut self.store, bytes).map_err(|error| trap(&error))?;
        let at = usize::try_from(at).ok().filter(|at| *at > 0);
        at.map(|at| at.next_multiple_of(8)).ok_or(RunError::Room)
    }

    /// A part of its memory.
    ///
    /// # Errors
    /// Where it does not reach so far.
    pub fn bytes(&mut self, at: usize, bytes: usize) -> Result<&mut [u8], RunError> {
        self.memory.data_mut(&mut self.store).get_mut(at..at.saturating_add(bytes)).ok_or(RunError::Room)
    }

    /// Answers so many rows, of which the blocks of columns and of outputs stand in [`Alone::room`]: how many rows left a record.
    ///
    /// # Errors
    /// When the module stops, takes too long, or there is no room for the records.
    pub fn evaluate_batch(&mut self, rows: usize, columns: usize, out: usize) -> Result<usize, RunError> {
        let batch = self.batch.as_ref().ok_or_else(|| RunError::Module("it has no batches".to_owned()))?;
        self.store.set_epoch_deadline(self.ticks);
        let number = |of: usize| size(of).map(u32::cast_signed);
        let given = (number(rows)?, number(columns)?, number(out)?);
        let records = batch.call(&mut self.store, given).map_err(|error| trap(&error))?;
        usize::try_from(records).map_err(|_| RunError::Room)
    }

    fn ask(&mut self, entry: fn(&JsonEntries) -> &Asked, text: &[u8]) -> Result<Replied, RunError> {
        let entries = self.json.as_ref().ok_or_else(no_json)?;
        let at = At { store: &mut self.store, memory: self.memory, ticks: self.ticks };
        entries.ask(entry(entries), text, at)
    }
}

/// What is said of a module that was stopped while it did what it was built to do in an instant.
fn endless(error: RunError) -> RunError {
    match error {
        RunError::Deadline => {
            RunError::Module(format!("it did not come to an end within {} s: it is damaged", Alone::PATIENCE.as_secs()))
        }
        error => error,
    }
}

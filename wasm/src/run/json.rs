//! One case through `evaluate_json`.

use super::error::{RunError, trap};
use super::instance::Instance;
use super::json_entries::JsonEntries;
use super::memory::{get_bytes, size};
use crate::abi::{JSON_ANSWERED, JSON_BROKEN, JSON_REFUSED};

/// What a module made of a text; each is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replied {
    /// The answers.
    Answered(Vec<u8>),
    /// What is wrong with the case.
    Refused(Vec<u8>),
    /// The claim that it breaks.
    Broken(Vec<u8>),
}

impl Instance {
    /// Whether the module takes cases as JSON.
    #[must_use]
    pub fn takes_json(&self) -> bool {
        self.json.is_some()
    }

    /// Answers a case as JSON, under the settings in force.
    ///
    /// # Errors
    /// When the module has no JSON, stops, or memory runs out.
    pub fn evaluate_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        let bytes = size(text.len())?.cast_signed();
        let entries = self.json.take().ok_or_else(|| RunError::Module("it has no JSON".to_owned()))?;
        let replied = self.reply(&entries, text, bytes);
        self.json = Some(entries);
        replied
    }

    /// Calls `evaluate_json` on whatever stands at an address; none where the module has no JSON.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_json(&mut self, address: i32, bytes: i32) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        self.store.set_epoch_deadline(self.ticks);
        entries.evaluate.call(&mut self.store, (address, bytes)).map(Some).map_err(|error| trap(&error))
    }

    /// Calls `alloc`; none where the module has no JSON.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_alloc(&mut self, bytes: i32) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        self.store.set_epoch_deadline(self.ticks);
        entries.alloc.call(&mut self.store, bytes).map(Some).map_err(|error| trap(&error))
    }

    /// Calls `reset`; none where the module has no JSON.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_reset(&mut self) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        entries.reset.call(&mut self.store, ()).map(Some).map_err(|error| trap(&error))
    }

    /// Where the last text that came out stands and how long it is; none where the module has no JSON.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_json_out(&mut self) -> Result<Option<(i32, i32)>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        let at = entries.out.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let bytes = entries.out_bytes.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        Ok(Some((at, bytes)))
    }

    fn reply(&mut self, entries: &JsonEntries, text: &[u8], bytes: i32) -> Result<Replied, RunError> {
        self.store.set_epoch_deadline(self.ticks);
        entries.reset.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let at = entries.alloc.call(&mut self.store, bytes).map_err(|error| trap(&error))?;
        let start = usize::try_from(at).ok().filter(|start| *start > 0);
        let room = start.and_then(|start| self.memory().get_mut(start..start.checked_add(text.len())?));
        room.ok_or_else(|| RunError::Trap("no memory is left for the text".to_owned()))?.copy_from_slice(text);
        let status = entries.evaluate.call(&mut self.store, (at, bytes)).map_err(|error| trap(&error))?;
        let out = entries.out.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let length = entries.out_bytes.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let reply = get_bytes(self.memory(), out.cast_unsigned(), length.cast_unsigned())?;
        match i64::from(status) {
            JSON_ANSWERED => Ok(Replied::Answered(reply)),
            JSON_REFUSED => Ok(Replied::Refused(reply)),
            JSON_BROKEN => Ok(Replied::Broken(reply)),
            _ => Err(RunError::Trap("no memory is left for the answer".to_owned())),
        }
    }
}

//! Cases and settings as JSON: `evaluate_json`, `configure_json`, and the golden cases that a module carries.

use super::error::{RunError, trap};
use super::instance::Instance;
use super::json_entries::{Asked, At, JsonEntries, Replied, no_json};

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
        self.ask(|entries| &entries.evaluate, text)
    }

    /// The same with the reasons of every answer.
    ///
    /// # Errors
    /// As before.
    pub fn explain_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        self.ask(|entries| &entries.explain, text)
    }

    /// Puts a member's settings in force as JSON: those, and no others. Where anything is refused, nothing changes.
    ///
    /// # Errors
    /// As before.
    pub fn configure_json(&mut self, text: &[u8]) -> Result<Replied, RunError> {
        if self.json.is_some() {
            self.forget_settings();
        }
        self.ask(|entries| &entries.configure, text)
    }

    fn ask(&mut self, entry: fn(&JsonEntries) -> &Asked, text: &[u8]) -> Result<Replied, RunError> {
        let entries = self.json.as_ref().ok_or_else(no_json)?;
        let at = At { store: &mut self.store, memory: self.memory, ticks: self.ticks };
        entries.ask(entry(entries), text, at)
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

    /// Calls `explain_json` in the same way.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_explain_json(&mut self, address: i32, bytes: i32) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        self.store.set_epoch_deadline(self.ticks);
        entries.explain.call(&mut self.store, (address, bytes)).map(Some).map_err(|error| trap(&error))
    }

    /// Calls `configure_json` in the same way.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_configure_json(&mut self, address: i32, bytes: i32) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        self.store.set_epoch_deadline(self.ticks);
        let status = entries.configure.call(&mut self.store, (address, bytes)).map_err(|error| trap(&error));
        self.forget_settings();
        status.map(Some)
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
        self.store.set_epoch_deadline(self.ticks);
        entries.reset.call(&mut self.store, ()).map(Some).map_err(|error| trap(&error))
    }

    /// Where the last text that came out stands and how long it is; none where the module has no JSON.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_json_out(&mut self) -> Result<Option<(i32, i32)>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        self.store.set_epoch_deadline(self.ticks);
        let at = entries.out.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        let bytes = entries.out_bytes.call(&mut self.store, ()).map_err(|error| trap(&error))?;
        Ok(Some((at, bytes)))
    }

    /// How many of the golden cases that the module carries it does not answer as it must, or −1 where it has no room to try; none where
    /// it carries none.
    ///
    /// # Errors
    /// When the module stops.
    pub fn call_self_test(&mut self) -> Result<Option<i32>, RunError> {
        let Some(entries) = &self.json else { return Ok(None) };
        entries.try_itself(At { store: &mut self.store, memory: self.memory, ticks: self.ticks })
    }
}

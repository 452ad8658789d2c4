//! NEWS2 as JSON: a case in the module's memory, and `serde_json`, which parses the same case and writes the same record, and judges nothing.

use std::hint::black_box;

use concord_engine::plan::Plan;
use concord_wasm::abi::Identity;
use concord_wasm::run::{Calls, Instance, Program, Replied, RunError};
use serde_json::Value;

/// What is judged: all there, as a record system sends it.
pub const CASE: &str = r#"{"case":"A17","age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":104,"pulse":131,"consciousness":"voice","temperature":38.4}"#;
/// The same without two facts.
pub const PARTIAL: &str = r#"{"case":"A17","age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","systolic":104,"pulse":131,"consciousness":"voice"}"#;

/// A program that takes NEWS2 as JSON.
///
/// # Errors
/// When it cannot be compiled.
pub fn program(plan: &Plan) -> Result<Program, RunError> {
    let identity = Identity {
        package: "clinical.news2".to_owned(),
        version: "1.0.0".to_owned(),
        is_approved: false,
        unverified: true,
        fingerprint: "cb69a9120cc9d381".repeat(4),
    };
    Program::compile_named(plan, Some(&identity), Calls::Many)
}

/// A text in a module's memory.
pub struct Placed {
    instance: Instance,
    at: i32,
    bytes: i32,
}

impl Placed {
    /// Writes it there.
    ///
    /// # Errors
    /// When there is no room.
    pub fn new(program: &Program, text: &str) -> Result<Placed, RunError> {
        let mut instance = program.instance()?;
        let bytes = i32::try_from(text.len()).unwrap_or(0);
        let at = instance.call_alloc(bytes)?.unwrap_or(0);
        let start = usize::try_from(at).unwrap_or(0);
        if let Some(place) = instance.memory().get_mut(start..start + text.len()) {
            place.copy_from_slice(text.as_bytes());
        }
        Ok(Placed { instance, at, bytes })
    }

    /// Has it answered.
    pub fn call(&mut self) {
        drop(black_box(self.instance.call_json(self.at, self.bytes)));
    }
}

/// A case in and its record out, by `serde_json` alone.
pub struct Peer {
    text: &'static str,
    record: Value,
    out: Vec<u8>,
}

impl Peer {
    /// With the record that the module gives.
    ///
    /// # Errors
    /// When the module does not answer.
    pub fn new(program: &Program, text: &'static str) -> Result<Peer, RunError> {
        let Replied::Answered(record) = program.instance()?.evaluate_json(text.as_bytes())? else {
            return Err(RunError::Trap("the case is not answered".to_owned()));
        };
        let record = serde_json::from_slice(&record).map_err(|error| RunError::Trap(error.to_string()))?;
        Ok(Peer { text, record, out: Vec::with_capacity(16_384) })
    }

    /// Parses the one and writes the other.
    pub fn call(&mut self) {
        let case: Result<Value, _> = serde_json::from_str(black_box(self.text));
        drop(black_box(case));
        self.out.clear();
        drop(black_box(serde_json::to_writer(&mut self.out, black_box(&self.record))));
        black_box(&self.out);
    }
}

//! What a module says of a case or of settings that it refuses, as JSON.

use serde_json::Value;

/// The codes of the faults for which a case is refused.
pub fn codes(faults: &Value) -> Vec<&str> {
    let all = faults.get("refused").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|fault| fault.get("code")?.as_str()).collect()
}

/// What a module says, which is JSON.
pub fn read(said: &[u8]) -> Value {
    serde_json::from_slice(said).unwrap_or(Value::Null)
}

//! A score with a value missing: `cargo run --release -p concord-host --example score -- news2.wasm`.

use std::env;
use std::error::Error;

use concord_host::{Answer, Asking, Loading, Rule};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("which module?")?;
    let news2 = Rule::load(path, &Loading::new().allow_draft())?; // a live system refuses drafts
    let case = r#"{
        "respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": true,
        "systolic": 90, "pulse": 131, "consciousness": "voice"
    }"#; // nobody took the temperature
    let decision = news2.evaluate(case, &Asking::new())?;
    for (name, answer) in decision.answers() {
        match answer {
            Answer::Value { value, .. } => println!("{name}: {value}"),
            Answer::None { .. } => println!("{name}: none"),
            Answer::Unknown { possible, needs, .. } => println!("{name}: {possible:?}, needs {}", needs.len()),
            Answer::Verdict { verdict, .. } => println!("{name}: {}", verdict.verdict),
        }
    }
    Ok(())
}

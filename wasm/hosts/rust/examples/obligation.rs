//! Obligations of a case with events, judged at an instant with a member's settings, and why:
//! `cargo run --release -p concord-host --example obligation -- sepsis.wasm`.

use std::env;
use std::error::Error as StdError;
use std::time::Duration;

use concord_host::{Answer, Asking, Error, Loading, Rule};

fn main() -> Result<(), Box<dyn StdError>> {
    let path = env::args().nth(1).ok_or("which module?")?;
    let sepsis = Rule::load(path, &Loading::new().allow_draft())?;
    let asking = Asking::new().as_of("2026-03-05T18:00:00Z").member("XX1").explain().deadline(Duration::from_secs(1));
    let case = r#"{ "age": 70, "events": [
        { "event": "SepsisTriage", "at": "2026-03-05T10:00:00Z" },
        { "event": "Antibiotics", "at": "2026-03-05T10:50:00Z" } ] }"#;
    let decision = sepsis.evaluate(case, &asking)?;
    println!("settings {:?}", decision.settings);
    for (name, answer) in decision.answers() {
        if let Answer::Verdict { words, .. } = answer {
            println!("{name}: {}", words.text);
            for sentence in words.because.iter().flatten() {
                println!("  - {sentence}");
            }
        }
    }
    if let Err(Error::CaseRefused(faults)) = sepsis.evaluate(r#"{"age": "seventy"}"#, &asking) {
        println!("refused: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    }
    Ok(())
}

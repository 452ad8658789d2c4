//! A folder of rules that reloads while it is in use, a table of patients, metrics and a decision log:
//! `cargo run --release -p concord-host --example ward -- FOLDER`.

use std::env;
use std::error::Error;
use std::time::Duration;

use concord_host::{Asking, Columns, Loading, Rules};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("which folder?")?;
    let how = Loading::new()
        .allow_draft()
        .on_call(|call| eprintln!("{} {:?} {:?}", call.package, call.outcome, call.took))
        .on_decision(|decision, hash| eprintln!("{hash} {} bytes", decision.json.len()));
    let refused = |path: &std::path::Path, why: &concord_host::Error| eprintln!("{}: {why}", path.display());
    let rules = Rules::telling(folder, &how, None, Some(Box::new(refused)))?;
    rules.watch(Duration::from_secs(2));

    let columns: Columns = serde_json::from_value(json!({
        "respiration_rate": [25, 14, 18], "spo2": [91, 97, null], "scale": ["scale_1", "scale_1", "scale_1"],
        "on_oxygen": [true, false, false], "systolic": [90, 125, 118], "pulse": [131, 72, 88],
        "consciousness": ["voice", "alert", "alert"], "temperature": [35.0, 36.8, 37.1],
    }))?;
    let table = rules.rule("clinical.news2")?.evaluate_table(&columns, &["total", "risk"], &Asking::new())?;
    for row in 0..3 {
        let of = |name: &str| table.get(name).and_then(|column| column.get(row)).unwrap_or(&Value::Null);
        if of("total.kind") == "unknown" {
            println!("patient {row}: {} to {}", of("total.from"), of("total.to"));
        } else {
            println!("patient {row}: {}, {}", of("total"), of("risk"));
        }
    }
    Ok(())
}

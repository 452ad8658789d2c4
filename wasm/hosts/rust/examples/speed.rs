//! What a case and a row cost on this machine, in time of its processor, or, where Linux does not tell that, in time that passes:
//! `cargo run --release -p concord-host --example speed -- news2.wasm`.

use std::env;
use std::error::Error;
use std::fs;
use std::time::Instant;

use concord_host::{Asking, Columns, Loading, Rule};
use serde_json::{Value, json};

const CASES: u32 = 20_000;
const ROWS: u32 = 100_000;

fn column(name: &str, of: impl Fn(u32) -> Value) -> (String, Vec<Value>) {
    (name.to_owned(), (0..ROWS).map(of).collect())
}

/// The time spent so far, in nanoseconds.
fn spent(since: &Instant) -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    told.unwrap_or_else(|| since.elapsed().as_secs_f64() * 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("which module?")?;
    let rule = Rule::load(path, &Loading::new().allow_draft())?;
    let case = r#"{"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice","temperature":35.0}"#;
    #[expect(clippy::disallowed_methods, reason = "it measures time")]
    let since = Instant::now();
    let mut begun = 0.0;
    for turn in 0..2 * CASES {
        if turn == CASES {
            begun = spent(&since); // what came before was to get warm
        }
        rule.evaluate(case, &Asking::new())?;
    }
    println!("case {:.0} ns", (spent(&since) - begun) / f64::from(CASES));
    let between = |low: u32, high: u32| move |row: u32| json!(low + row * 17 % (high - low + 1));
    let awake = ["alert", "new_confusion", "voice", "pain", "unresponsive"];
    let columns = Columns::from([
        column("respiration_rate", between(8, 30)),
        column("spo2", between(85, 100)),
        column("scale", |row| json!(if row.is_multiple_of(2) { "scale_1" } else { "scale_2" })),
        column("on_oxygen", |row| json!(row.is_multiple_of(2))),
        column("systolic", between(80, 230)),
        column("pulse", between(30, 150)),
        column("consciousness", |row| json!(awake.iter().cycle().nth(row as usize % awake.len()))),
        column("temperature", |row| json!(f64::from(340 + row * 17 % 61) / 10.0)),
    ]);
    begun = spent(&since);
    rule.evaluate_table(&columns, &["total", "risk"], &Asking::new())?;
    println!("row {:.0} ns", (spent(&since) - begun) / f64::from(ROWS));
    Ok(())
}

//! What NEWS2 written by hand in Rust costs where a host is asked: a case as JSON, read and answered by `serde_json`, and a row of columns.
//! `wasm/hosts/speed` prints the hosts beside it.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

use serde::Deserialize;
use serde_json::json;

#[path = "../../../../benches/native.rs"]
#[allow(dead_code, reason = "it says more than is asked for here")]
mod native;

use native::{Consciousness, Observation, Scale};

const CASES: u32 = 200_000;
const ROWS: u32 = 1_000_000;
const SCALES: [Scale; 2] = [Scale::One, Scale::Two];
const AWAKE: [Consciousness; 5] = [
    Consciousness::Alert,
    Consciousness::NewConfusion,
    Consciousness::Voice,
    Consciousness::Pain,
    Consciousness::Unresponsive,
];

#[derive(Deserialize)]
struct Case {
    respiration_rate: u8,
    spo2: u8,
    scale: String,
    on_oxygen: bool,
    systolic: u16,
    pulse: u16,
    consciousness: String,
    temperature: f64,
}

/// The answers to a case, as JSON.
fn answered(text: &str) -> Result<String, Box<dyn Error>> {
    let case: Case = serde_json::from_str(text)?;
    let seen = Observation {
        age: 60,
        pregnant: false,
        respiration_rate: case.respiration_rate,
        spo2: case.spo2,
        scale: if case.scale == "scale_2" { Scale::Two } else { Scale::One },
        on_oxygen: case.on_oxygen,
        systolic: case.systolic,
        pulse: case.pulse,
        consciousness: if case.consciousness == "alert" { Consciousness::Alert } else { Consciousness::Voice },
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a temperature in tenths")]
        temperature: (case.temperature * 10.0).round() as u16,
    };
    let found = native::news2(&seen);
    let points = [
        found.respiration,
        found.saturation,
        found.oxygen,
        found.blood_pressure,
        found.heart,
        found.mind,
        found.warmth,
    ];
    let review = found.review_within.map(|minutes| format!("PT{minutes}M"));
    let every = found.observe_every.map(|minutes| format!("PT{minutes}M"));
    Ok(json!({
        "points": points, "total": found.total, "single_red": found.single_red, "risk": format!("{:?}", found.risk),
        "review_within": review, "continuous": found.continuous, "observe_every": every,
    })
    .to_string())
}

/// The time spent so far, in nanoseconds.
fn spent(since: &Instant) -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    told.unwrap_or_else(|| since.elapsed().as_secs_f64() * 1e9)
}

fn one<T: Copy>(of: &[T], row: u32) -> Option<T> {
    of.iter().cycle().nth(row as usize % of.len()).copied()
}

fn main() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "it measures time")]
    let since = Instant::now();
    let text = r#"{"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice","temperature":35.0}"#;
    let begun = spent(&since);
    for _ in 0..CASES {
        black_box(answered(black_box(text))?);
    }
    println!("case {:.0} ns", (spent(&since) - begun) / f64::from(CASES));
    let between = |row: u32, low: u32, high: u32| u16::try_from(low + row * 17 % (high - low + 1)).unwrap_or(0);
    let small = |row: u32, low: u32, high: u32| u8::try_from(between(row, low, high)).unwrap_or(0);
    let seen = |row: u32| {
        Some(Observation {
            age: 60,
            pregnant: false,
            respiration_rate: small(row, 8, 30),
            spo2: small(row, 85, 100),
            scale: one(&SCALES, row)?,
            on_oxygen: row.is_multiple_of(2),
            systolic: between(row, 80, 230),
            pulse: between(row, 30, 150),
            consciousness: one(&AWAKE, row)?,
            temperature: between(row, 340, 400),
        })
    };
    let rows: Vec<Observation> = (0..ROWS).filter_map(seen).collect();
    let begun = spent(&since);
    let found: Vec<_> = black_box(&rows).iter().map(native::news2).map(|of| (of.total, of.risk)).collect();
    black_box(found);
    println!("row {:.1} ns", (spent(&since) - begun) / f64::from(ROWS));
    Ok(())
}

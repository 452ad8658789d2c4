//! JSON in and out of NEWS2: the module against `serde_json`, which parses the same case and writes the same record, and judges nothing.
//!
//! Medians of interleaved rounds, as in `news2`. With a name and a number after `count` only that work is done, so often, for callgrind:
//! the difference between two numbers is what one time takes.
//!
//! ```text
//! valgrind --tool=callgrind target/release/deps/json-… count module 2000
//! ```

use std::hint::black_box;
use std::time::{Duration, Instant};

use concord_benches::news2_plan;
use concord_wasm::abi::Identity;
use concord_wasm::run::{Calls, Instance, Program, Replied, RunError};
use serde_json::Value;

/// What is judged: all there, as a record system sends it.
const CASE: &str = r#"{"case":"A17","age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":104,"pulse":131,"consciousness":"voice","temperature":38.4}"#;
/// The same without two facts.
const PARTIAL: &str = r#"{"case":"A17","age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","systolic":104,"pulse":131,"consciousness":"voice"}"#;

const TIMES: usize = 2_000;
const ROUNDS: usize = 61;

/// A text in a module's memory.
struct Placed {
    instance: Instance,
    at: i32,
    bytes: i32,
}

impl Placed {
    fn new(program: &Program, text: &str) -> Result<Placed, RunError> {
        let mut instance = program.instance()?;
        let bytes = i32::try_from(text.len()).unwrap_or(0);
        let at = instance.call_alloc(bytes)?.unwrap_or(0);
        let start = usize::try_from(at).unwrap_or(0);
        if let Some(place) = instance.memory().get_mut(start..start + text.len()) {
            place.copy_from_slice(text.as_bytes());
        }
        Ok(Placed { instance, at, bytes })
    }

    fn call(&mut self) {
        drop(black_box(self.instance.call_json(self.at, self.bytes)));
    }
}

/// A case in and its record out, by `serde_json` alone.
struct Peer {
    text: &'static str,
    record: Value,
    out: Vec<u8>,
}

impl Peer {
    fn new(program: &Program, text: &'static str) -> Result<Peer, RunError> {
        let Replied::Answered(record) = program.instance()?.evaluate_json(text.as_bytes())? else {
            return Err(RunError::Trap("the case is not answered".to_owned()));
        };
        let record = serde_json::from_slice(&record).map_err(|error| RunError::Trap(error.to_string()))?;
        Ok(Peer { text, record, out: Vec::with_capacity(16_384) })
    }

    fn call(&mut self) {
        let case: Result<Value, _> = serde_json::from_str(black_box(self.text));
        drop(black_box(case));
        self.out.clear();
        drop(black_box(serde_json::to_writer(&mut self.out, black_box(&self.record))));
        black_box(&self.out);
    }
}

type Work<'a> = (&'static str, Box<dyn FnMut() + 'a>);

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..TIMES {
        work();
    }
    start.elapsed()
}

fn nanoseconds(works: &mut [Work<'_>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); works.len()];
    for _ in 0..ROUNDS {
        for ((_, work), times) in works.iter_mut().zip(&mut times) {
            times.push(time(work));
        }
    }
    let middle = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
    };
    times.iter_mut().map(|times| middle(times) * 1e9 / f64::from(u32::try_from(TIMES).unwrap_or(1))).collect()
}

fn main() -> Result<(), RunError> {
    let plan = news2_plan().map_err(RunError::Trap)?;
    let identity = Identity {
        package: "clinical.news2".to_owned(),
        version: "1.0.0".to_owned(),
        is_approved: false,
        unverified: true,
        fingerprint: "cb69a9120cc9d381".repeat(4),
    };
    let program = Program::compile_named(&plan, Some(&identity), Calls::Many)?;
    let (mut peer, mut partial_peer) = (Peer::new(&program, CASE)?, Peer::new(&program, PARTIAL)?);
    let (mut placed, mut partial) = (Placed::new(&program, CASE)?, Placed::new(&program, PARTIAL)?);
    let mut whole = program.instance()?;
    let mut works: Vec<Work<'_>> = vec![
        ("serde_json", Box::new(|| peer.call())),
        ("module", Box::new(|| placed.call())),
        ("host", Box::new(|| drop(black_box(whole.evaluate_json(CASE.as_bytes()))))),
        ("serde_json, some missing", Box::new(|| partial_peer.call())),
        ("module, some missing", Box::new(|| partial.call())),
    ];
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [count, name, times] = arguments.as_slice()
        && count == "count"
    {
        for (_, work) in works.iter_mut().filter(|(of, _)| of == name) {
            (0..times.parse().unwrap_or(0)).for_each(|_| work());
        }
        return Ok(());
    }
    let medians = nanoseconds(&mut works);
    let peer = medians.first().copied().unwrap_or(1.0);
    for ((name, _), median) in works.iter().zip(&medians) {
        println!("{name:28} {median:10.1} ns  {:6.2} x serde_json", median / peer);
    }
    println!("module {} bytes", program.bytes().len());
    Ok(())
}

//! JSON in and out of NEWS2: the module against `serde_json`, which parses the same case and writes the same record, and judges nothing.
//!
//! Medians of interleaved rounds, as in `news2`. With a name and a number after `count` only that work is done, so often, for callgrind:
//! the difference between two numbers is what one time takes.
//!
//! ```text
//! valgrind --tool=callgrind target/release/deps/json-… count module 2000
//! ```

use std::hint::black_box;

use concord_benches::measure::{Work, medians};
use concord_benches::news2_plan;
use concord_benches::text::{CASE, PARTIAL, Peer, Placed, program};
use concord_wasm::run::RunError;

const TIMES: usize = 2_000;
const ROUNDS: usize = 61;

fn main() -> Result<(), RunError> {
    let program = program(&news2_plan().map_err(RunError::Trap)?)?;
    let (mut peer, mut partial_peer) = (Peer::new(&program, CASE)?, Peer::new(&program, PARTIAL)?);
    let (mut placed, mut partial) = (Placed::new(&program, CASE)?, Placed::new(&program, PARTIAL)?);
    let mut whole = program.instance()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (times, only) = match arguments.as_slice() {
        [count, name, times] if count == "count" => (times.parse().unwrap_or(0), Some(name.as_str())),
        _ => (TIMES, None),
    };
    let again = |work: &mut dyn FnMut()| (0..times).for_each(|_| work());
    let mut works = vec![
        Work::new("serde_json", times, || again(&mut || peer.call())),
        Work::new("module", times, || again(&mut || placed.call())),
        Work::new("host", times, || again(&mut || drop(black_box(whole.evaluate_json(CASE.as_bytes()))))),
        Work::new("serde_json, some missing", times, || again(&mut || partial_peer.call())),
        Work::new("module, some missing", times, || again(&mut || partial.call())),
    ];
    if let Some(only) = only {
        works.iter_mut().filter(|work| work.name == only).for_each(|work| (work.run)());
        return Ok(());
    }
    let medians = medians(&mut works, ROUNDS);
    let peer = medians.first().copied().unwrap_or(1.0);
    for (work, median) in works.iter().zip(&medians) {
        println!("{:28} {median:10.1} ns  {:6.2} x serde_json", work.name, median / peer);
    }
    println!("module {} bytes", program.bytes().len());
    Ok(())
}

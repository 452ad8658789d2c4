//! Ten timed constraints over a million cases in memory: the module's batch, and Polars and DuckDB on the same columns in the same run.
//!
//! `cargo bench -p concord-benches --bench constraints [-- CASES]`. Polars, DuckDB and pyarrow must be where `python3`, or the interpreter that
//! `PYTHON` names, finds them; without them only the module is measured, and the output says so. Every count is compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use concord_benches::compiled;
use concord_benches::events::{Judged, Log};
use concord_engine::plan::{AnswerKind, Plan};
use concord_wasm::run::{Program, RunError};
use serde::Deserialize;

const CASES: usize = 1_000_000;
const ROUNDS: usize = 9;
/// 1 January 2020: after all events of the log.
const AS_OF: i64 = 1_577_836_800_000;

/// What a peer took, and what it counted.
#[derive(Deserialize)]
struct Peer {
    seconds: f64,
    counts: BTreeMap<String, usize>,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let cases = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(CASES);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = compiled("ten.concord", include_str!("../constraints/ten.concord"))?;
    let log = Log::read(&here.join("../tests/data/sepsis/sepsis.csv"), &plan)?.repeated(cases);
    println!("{} cases, {} events, one thread", log.cases(), log.kinds.len());
    let program = Program::for_batches(&plan)?;
    let (seconds, counts) = ours(&program, &log)?;
    println!("module  {:9.1} ms", seconds * 1e3);
    for (name, count) in &counts {
        println!("  {name:16} {count:9}");
    }
    let folder = here.join("../target/constraints");
    log.write(&folder)?;
    let Some(peers) = peers(&here.join("constraints/peers.py"), &folder)? else { return Ok(()) };
    for (name, peer) in peers {
        println!("{name:7} {:9.1} ms  {:6.1} × the module", peer.seconds * 1e3, peer.seconds / seconds);
        if peer.counts != counts {
            return Err(format!("{name} counts otherwise: {:?}", peer.counts).into());
        }
    }
    Ok(())
}

/// Seconds that this thread has been running: what else the machine does is left out, where it tells.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn running(since: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The median of some rounds, and how many cases each constraint holds in.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn ours(program: &Program, log: &Log) -> Result<(f64, BTreeMap<String, usize>), RunError> {
    let mut judged = Judged::new(program, log, AS_OF)?;
    let (mut seconds, begin) = (Vec::new(), Instant::now());
    for _ in 0..ROUNDS {
        let start = running(begin);
        let general = judged.all()?;
        seconds.push(running(begin) - start);
        if general != 0 {
            return Err(RunError::Trap(format!("{general} cases took the general code")));
        }
    }
    seconds.sort_unstable_by(f64::total_cmp);
    let counts = outputs(program.plan(), program).map(|(name, output)| (name, judged.yes(output))).collect();
    Ok((seconds.get(ROUNDS / 2).copied().unwrap_or(f64::NAN), counts))
}

fn outputs<'p>(plan: &'p Plan, program: &'p Program) -> impl Iterator<Item = (String, usize)> + 'p {
    plan.answers.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } => Some((answer.name.clone(), program.layout().output_of(*cell)?)),
        _ => None,
    })
}

/// What the peers say, or nothing where they are not installed.
fn peers(script: &Path, folder: &PathBuf) -> Result<Option<BTreeMap<String, Peer>>, Failure> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let ran = Command::new(&python).arg(script).arg(folder).env("POLARS_MAX_THREADS", "1").output()?;
    if !ran.status.success() {
        let why = String::from_utf8_lossy(&ran.stderr);
        println!(
            "!! Polars and DuckDB were NOT measured, as {python} failed: {}",
            why.lines().last().unwrap_or_default()
        );
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&ran.stdout)?))
}

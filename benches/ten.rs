//! Ten timed constraints over many cases in memory: the module's batch, and Polars and DuckDB on the same columns.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use concord_engine::plan::{AnswerKind, Plan};
use concord_wasm::run::{Program, RunError};
use serde::Deserialize;

use crate::compiled;
use crate::events::{Judged, Log};

const ROUNDS: usize = 9;
/// 1 January 2020: after all events of the log.
const AS_OF: i64 = 1_577_836_800_000;

/// What one of them took, and in how many cases each constraint holds.
#[derive(Deserialize)]
pub struct Counted {
    /// CPU time.
    pub seconds: f64,
    /// By name.
    pub counts: BTreeMap<String, usize>,
}

/// What went wrong.
pub type Failure = Box<dyn std::error::Error>;

/// The module that asks them, and so many cases.
///
/// # Errors
/// When the log is not where it should be.
pub fn laid_out(cases: usize) -> Result<(Program, Log), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = compiled("ten.concord", include_str!("constraints/ten.concord"))?;
    let log = Log::read(&here.join("../tests/data/sepsis/sepsis.csv"), &plan)?.repeated(cases);
    Ok((Program::for_batches(&plan)?, log))
}

/// Seconds that this thread has been running: what else the machine does is left out, where it tells.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn running(since: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The module: the median of some rounds.
///
/// # Errors
/// When it stops, or a case is not complete.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub fn ours(program: &Program, log: &Log) -> Result<Counted, RunError> {
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
    Ok(Counted { seconds: seconds.get(ROUNDS / 2).copied().unwrap_or(f64::NAN), counts })
}

fn outputs<'p>(plan: &'p Plan, program: &'p Program) -> impl Iterator<Item = (String, usize)> + 'p {
    plan.answers.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } => Some((answer.name.clone(), program.layout().output_of(*cell)?)),
        _ => None,
    })
}

/// The peers by name, or nothing where they are not installed: `python3`, or the interpreter that `PYTHON` names, must find Polars, DuckDB and
/// pyarrow.
///
/// # Errors
/// When one of them counts otherwise than the module.
pub fn peers(log: &Log, ours: &Counted) -> Result<Option<BTreeMap<String, Counted>>, Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../target/constraints");
    log.write(&folder)?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = here.join("constraints/peers.py");
    let ran = Command::new(&python).arg(script).arg(folder).env("POLARS_MAX_THREADS", "1").output()?;
    if !ran.status.success() {
        let why = String::from_utf8_lossy(&ran.stderr);
        let why = why.lines().last().unwrap_or_default();
        println!("!! Polars and DuckDB were NOT measured, as {python} failed: {why}");
        return Ok(None);
    }
    let peers: BTreeMap<String, Counted> = serde_json::from_slice(&ran.stdout)?;
    match peers.iter().find(|(_, peer)| peer.counts != ours.counts) {
        Some((name, peer)) => Err(format!("{name} counts otherwise: {:?}", peer.counts).into()),
        None => Ok(Some(peers)),
    }
}

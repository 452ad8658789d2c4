//! The longest that a call may take. Code that can be stopped compares a counter at each turn of a loop, which costs time, so that only
//! programs that ask for it are compiled so. And how much time a compiler takes over a module: as much as a million calls are worth, or as a few.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use wasmtime::{Config, Engine, OptLevel, RegallocAlgorithm};

use super::error::RunError;

/// How often the counter is raised.
const TICK: Duration = Duration::from_millis(5);

/// How a program is going to be called, which says what is worth while when it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Very often: a compiler takes its time.
    Many,
    /// A few times, as where the examples of a rule are tried: compiled in half the time, and slower afterwards.
    Few,
    /// Each call [can be stopped](super::Instance::within).
    Limited,
}

/// What an engine makes of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// code that cannot be stopped
    RunsOn,
    /// code that is made quickly
    Quick,
    /// code that can
    Stops,
    /// code with vectors
    Lanes,
}

impl From<Calls> for Code {
    fn from(calls: Calls) -> Code {
        match calls {
            Calls::Many => Code::RunsOn,
            Calls::Few => Code::Quick,
            Calls::Limited => Code::Stops,
        }
    }
}

/// The engines of the process, in this order.
static ENGINES: [OnceLock<Result<Engine, String>>; 4] = [const { OnceLock::new() }; 4];

/// The engine of such code.
pub(super) fn engine(code: Code) -> Result<&'static Engine, RunError> {
    let [runs_on, quick, stops, lanes] = &ENGINES;
    let engine = match code {
        Code::RunsOn => runs_on,
        Code::Quick => quick,
        Code::Stops => stops,
        Code::Lanes => lanes,
    };
    let can_be_stopped = code == Code::Stops;
    let engine = engine.get_or_init(|| {
        let mut config = Config::new();
        config
            .wasm_relaxed_simd(false)
            .wasm_simd(code == Code::Lanes)
            .wasm_bulk_memory(false)
            .wasm_multi_value(false)
            .wasm_multi_memory(false)
            .wasm_memory64(false)
            .wasm_tail_call(false)
            .epoch_interruption(can_be_stopped)
            .cranelift_nan_canonicalization(true);
        if code == Code::Quick {
            config.cranelift_opt_level(OptLevel::None).cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
        }
        let engine = Engine::new(&config).map_err(|error| format!("{error:#}"))?;
        if can_be_stopped {
            count(engine.clone());
        }
        Ok(engine)
    });
    engine.as_ref().map_err(|why| RunError::Module(why.clone()))
}

/// Raises an engine's counter for as long as the process lives.
fn count(engine: Engine) {
    thread::spawn(move || {
        loop {
            thread::sleep(TICK);
            engine.increment_epoch();
        }
    });
}

/// How often the counter is raised in a time, and once more, as it may be about to be.
pub(super) fn ticks(most: Duration) -> u64 {
    u64::try_from(most.as_millis().div_ceil(TICK.as_millis())).unwrap_or(NEVER).saturating_add(1).min(NEVER)
}

/// Longer than any process runs, and far from overflow.
pub(super) const NEVER: u64 = u64::MAX >> 1;

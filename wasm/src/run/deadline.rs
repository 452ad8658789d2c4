//! The longest that a call may take. Code that can be stopped compares a counter at each turn of a loop, which costs time, so that only
//! programs that ask for it are compiled so. And how much time a compiler takes over a module: as much as a million calls are worth, or as a few.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use wasmparser::{Parser, Payload};
use wasmtime::{Config, Engine, Module, OptLevel, RegallocAlgorithm, Strategy};

use super::error::RunError;

/// How often the counter is raised.
const TICK: Duration = Duration::from_millis(5);

/// How a program is going to be called, which says what is worth while when it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Very often: a compiler takes its time.
    Many,
    /// A few times, as where the examples of a rule are tried: compiled in a quarter of the time, and slower afterwards.
    Few,
    /// Each call [can be stopped](super::Instance::within).
    Limited,
}

/// What an engine makes of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// code that cannot be stopped
    RunsOn,
    /// code that is made quickly, by a compiler of its own
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
fn engine(code: Code) -> Result<&'static Engine, RunError> {
    let [runs_on, quick, stops, lanes] = &ENGINES;
    let engine = match code {
        Code::RunsOn => runs_on,
        Code::Quick => quick,
        Code::Stops => stops,
        Code::Lanes => lanes,
    };
    let engine = engine.get_or_init(|| {
        let engine = Engine::new(&config(code)).map_err(|error| format!("{error:#}"))?;
        if code == Code::Stops {
            count(engine.clone());
        }
        Ok(engine)
    });
    engine.as_ref().map_err(|why| RunError::Module(why.clone()))
}

/// Compiles a module to such code.
///
/// # Errors
/// Where the bytes are no module, or something of it would run before it is asked anything: no module of ours has that, and nothing stops it.
pub(super) fn compiled(code: Code, bytes: &[u8]) -> Result<Module, RunError> {
    if has_start(bytes) {
        return Err(RunError::Module(
            "something of it would run before it is asked: it is no module of a rule".to_owned(),
        ));
    }
    let compiled = |code| Module::new(engine(code)?, bytes).map_err(|error| RunError::Module(format!("{error:#}")));
    match compiled(code) {
        // Code is made quickly for two processors alone. The others get code that answers the same.
        Err(_) if code == Code::Quick => compiled(Code::RunsOn),
        compiled => compiled,
    }
}

/// Whether a module names a function that runs when it is started. What is no module has none.
fn has_start(bytes: &[u8]) -> bool {
    let mut parts = Parser::new(0).parse_all(bytes);
    parts.any(|part| matches!(part, Ok(Payload::StartSection { .. })))
}

/// How such code is made.
fn config(code: Code) -> Config {
    let mut config = Config::new();
    config
        .wasm_relaxed_simd(false)
        .wasm_simd(code == Code::Lanes)
        .wasm_bulk_memory(false)
        .wasm_multi_value(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .epoch_interruption(code == Code::Stops);
    if code == Code::Quick {
        config
            .strategy(Strategy::Winch)
            .cranelift_opt_level(OptLevel::None)
            .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    } else {
        config.cranelift_nan_canonicalization(true);
    }
    config
}

/// Raises an engine's counter for as long as the process lives, by the clock: on a busy machine a sleep takes longer than it was to.
#[allow(
    clippy::disallowed_methods,
    reason = "a limit is one of real time; no answer depends on it, but whether there is one"
)]
fn count(engine: Engine) {
    thread::spawn(move || {
        let mut next = Instant::now() + TICK;
        loop {
            thread::sleep(TICK);
            while next <= Instant::now() {
                engine.increment_epoch();
                next += TICK;
            }
        }
    });
}

/// How often the counter is raised in a time, and once more, as it may be about to be.
pub(super) fn ticks(most: Duration) -> u64 {
    u64::try_from(most.as_millis().div_ceil(TICK.as_millis())).unwrap_or(NEVER).saturating_add(1).min(NEVER)
}

/// Longer than any process runs, and far from overflow.
pub(super) const NEVER: u64 = u64::MAX >> 1;

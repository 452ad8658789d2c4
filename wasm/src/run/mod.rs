//! Module to answers: the in-process host.
//!
//! A [`Program`] is a compiled module; an [`Instance`] of it evaluates cases, one at a time or in columns, and gives
//! the same [`Outcome`] as the reference interpreter, for the cells that come out ([`Layout::outputs`]). Whatever is
//! wrong with a case, a setting or a module comes back as a [`RunError`].

mod check;
mod columns;
mod instance;
mod outcome;
mod record;

use std::fmt;
use std::sync::{Arc, OnceLock};

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::Plan;
use concord_engine::plan::case::Settings;
use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Module};

use crate::emit::{ABI_VERSION, EmitError, Layout, emit, validate};
pub use instance::Instance;

/// A compiled module, ready to make instances.
#[derive(Clone)]
pub struct Program {
    inner: Arc<Inner>,
}

struct Inner {
    plan: Plan,
    layout: Layout,
    bytes: Vec<u8>,
    module: Module,
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The plan has no module.
    Emit(EmitError),
    /// The module is not one of this plan, or not to be trusted.
    Module(String),
    /// The module stopped, or memory ran out.
    Trap(String),
    /// A case does not fit the plan: its place in the batch, and why.
    Case(usize, CaseFault),
    /// A setting is refused: the parameter.
    Setting(usize),
}

/// Why a case does not fit the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseFault {
    /// The instant asked about is outside the years 1900 to 2200.
    AsOf,
    /// A fact is outside its declared range.
    Fact(usize),
    /// An event is of no known kind, or its time is outside the years 1900 to 2200.
    Event(usize),
    /// A field of an event is outside its declared range: event and field.
    Field(usize, usize),
    /// The events are not in order: see `Case::sort_events`.
    Order(usize),
    /// There are more events than a case may have.
    TooManyEvents,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Emit(error) => write!(f, "{error}"),
            RunError::Module(why) => write!(f, "the module cannot be used: {why}"),
            RunError::Trap(why) => write!(f, "the module stopped: {why}"),
            RunError::Case(index, fault) => {
                write!(f, "case {index} does not fit the plan: {fault:?}")
            }
            RunError::Setting(index) => write!(f, "the setting of parameter {index} is refused"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<EmitError> for RunError {
    fn from(error: EmitError) -> RunError {
        RunError::Emit(error)
    }
}

fn trap(error: &wasmtime::Error) -> RunError {
    RunError::Trap(format!("{error:#}"))
}

/// The one engine of the process.
fn engine() -> Result<&'static Engine, RunError> {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let mut config = Config::new();
        config
            .wasm_relaxed_simd(false)
            .wasm_simd(false)
            .wasm_bulk_memory(false)
            .wasm_multi_value(false)
            .wasm_multi_memory(false)
            .wasm_memory64(false)
            .wasm_tail_call(false)
            .cranelift_nan_canonicalization(true);
        Engine::new(&config).map_err(|error| format!("{error:#}"))
    });
    engine.as_ref().map_err(|why| RunError::Module(why.clone()))
}

impl Program {
    /// Compiles a plan.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn compile(plan: &Plan) -> Result<Program, RunError> {
        let module = emit(plan)?;
        Program::load(plan, module.bytes, module.layout)
    }

    /// Takes a module built before, checks that it is one of WebAssembly 1.0 without imports, and runs the plan's
    /// examples in it before it is trusted.
    ///
    /// # Errors
    /// When the module is not valid, speaks another interface, or gives another answer than the reference.
    pub fn from_bytes(plan: &Plan, bytes: Vec<u8>) -> Result<Program, RunError> {
        validate(&bytes, plan)?;
        let layout = emit(plan)?.layout;
        let program = Program::load(plan, bytes, layout)?;
        let failures = program.self_test()?;
        if failures.is_empty() {
            return Ok(program);
        }
        Err(RunError::Module(format!("other answers than the reference for: {}", failures.join(", "))))
    }

    fn load(plan: &Plan, bytes: Vec<u8>, layout: Layout) -> Result<Program, RunError> {
        let module = Module::new(engine()?, &bytes).map_err(|error| RunError::Module(format!("{error:#}")))?;
        if module.imports().next().is_some() {
            return Err(RunError::Module("it has imports".to_owned()));
        }
        let inner = Inner { plan: plan.clone(), layout, bytes, module };
        Ok(Program { inner: Arc::new(inner) })
    }

    /// A new instance: memory of its own, and the group's values for all parameters.
    ///
    /// # Errors
    /// When the module speaks another version of the interface, or memory runs out.
    pub fn instance(&self) -> Result<Instance, RunError> {
        Instance::new(self)
    }

    /// Names of the plan's examples for which the module and the reference interpreter disagree.
    ///
    /// # Errors
    /// When the module stops.
    pub fn self_test(&self) -> Result<Vec<String>, RunError> {
        let mut instance = self.instance()?;
        let mut failures = Vec::new();
        for example in &self.inner.plan.examples {
            let mut settings: Settings = vec![None; self.inner.plan.parameters.len()];
            for (parameter, value) in &example.settings {
                if let Some(place) = settings.get_mut(*parameter) {
                    *place = Some(*value);
                }
            }
            let mut case = example.case.clone();
            case.sort_events();
            let reference = self.visible(&evaluate(&self.inner.plan, &case, &settings));
            let one = instance.evaluate(&case, &settings);
            let many = instance.evaluate_batch(std::slice::from_ref(&case), &settings);
            if one.as_ref() != Ok(&reference) || many != Ok(vec![reference]) {
                failures.push(example.name.clone());
            }
        }
        Ok(failures)
    }

    /// An outcome of the interpreter with only the cells that come out of a module.
    #[must_use]
    pub fn visible(&self, outcome: &Outcome) -> Outcome {
        outcome::visible(&self.inner.layout, outcome)
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    /// Where everything lies.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.inner.layout
    }

    /// The module's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// The SHA-256 of the module's bytes.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.inner.bytes).into()
    }
}

/// The version this host speaks.
const ABI: i32 = ABI_VERSION;

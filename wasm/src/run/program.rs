//! A compiled module.

use std::sync::{Arc, OnceLock};

use concord_engine::evaluate::Outcome;
use concord_engine::plan::Plan;
use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Module};

use super::error::RunError;
use super::verdict_columns;
use crate::abi::Layout;
use crate::emit::{Limits, emit_within};

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

/// The one engine of the process.
pub(super) fn engine() -> Result<&'static Engine, RunError> {
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
        Program::within(plan, Limits::ENGINES)
    }

    /// Compiles a plan to functions within other limits than those of the engines known: other bytes, and the same answers.
    ///
    /// # Errors
    /// When the plan has no module, or none so small.
    pub fn within(plan: &Plan, limits: Limits) -> Result<Program, RunError> {
        let module = emit_within(plan, limits)?;
        Program::load(plan, module.bytes, module.layout)
    }

    pub(super) fn load(plan: &Plan, bytes: Vec<u8>, layout: Layout) -> Result<Program, RunError> {
        let module = Module::new(engine()?, &bytes).map_err(|error| RunError::Module(format!("{error:#}")))?;
        if module.imports().next().is_some() {
            return Err(RunError::Module("it has imports".to_owned()));
        }
        let inner = Inner { plan: plan.clone(), layout, bytes, module };
        Ok(Program { inner: Arc::new(inner) })
    }

    /// An outcome of the interpreter with only the cells that come out of a module.
    #[must_use]
    pub fn visible(&self, outcome: &Outcome) -> Outcome {
        verdict_columns::visible(&self.inner.layout, outcome)
    }

    /// The module as the engine has it.
    pub(super) fn module(&self) -> &Module {
        &self.inner.module
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

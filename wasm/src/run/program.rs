//! A compiled module.

use std::sync::Arc;

use concord_engine::evaluate::Outcome;
use concord_engine::plan::Plan;
use sha2::{Digest, Sha256};
use wasmtime::Module;

use super::deadline::{Code, engine};
use super::error::RunError;
use super::verdict_columns;
use crate::abi::{Identity, Layout};
use crate::emit::{Limits, emit_lanes, emit_named};

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
        let module = emit_named(plan, None, limits)?;
        Program::load(plan, module.bytes, module.layout, false)
    }

    /// Compiles a plan to a module that answers cases in JSON as well, unless no name is given or its subject cannot be read so; one of which a
    /// call [can be stopped](super::Instance::within), or not.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn compile_named(plan: &Plan, identity: Option<&Identity>, can_be_stopped: bool) -> Result<Program, RunError> {
        let module = emit_named(plan, identity, Limits::ENGINES)?;
        Program::load(plan, module.bytes, module.layout, can_be_stopped)
    }

    /// Compiles a plan to a module for batches, which works out sixteen rows at once; none where lanes do not take it.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn lanes(plan: &Plan) -> Result<Option<Program>, RunError> {
        Program::lanes_within(plan, Limits::LANES)
    }

    /// The same in functions within other limits.
    ///
    /// # Errors
    /// When the plan has no module, or none so small.
    pub fn lanes_within(plan: &Plan, limits: Limits) -> Result<Option<Program>, RunError> {
        let Some(module) = emit_lanes(plan, limits)? else { return Ok(None) };
        Program::start(plan, module.bytes, module.layout, Code::Lanes).map(Some)
    }

    pub(super) fn load(plan: &Plan, bytes: Vec<u8>, layout: Layout, can_be_stopped: bool) -> Result<Program, RunError> {
        let code = if can_be_stopped { Code::Stops } else { Code::RunsOn };
        Program::start(plan, bytes, layout, code)
    }

    fn start(plan: &Plan, bytes: Vec<u8>, layout: Layout, code: Code) -> Result<Program, RunError> {
        let module = Module::new(engine(code)?, &bytes).map_err(|error| RunError::Module(format!("{error:#}")))?;
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

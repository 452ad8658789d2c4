//! A module is tried with the examples of its rule before it is trusted.

use concord_engine::evaluate::evaluate;
use concord_engine::plan::Plan;
use concord_engine::plan::library::Example;

use super::deadline::Calls;
use super::error::RunError;
use super::interface::constant;
use super::program::Program;
use crate::abi::Layout;
use crate::emit::{emit, validate};

impl Program {
    /// Takes a module built before, checks that it is one of WebAssembly 1.0 without imports, and runs the package's
    /// examples in it before it is trusted.
    ///
    /// # Errors
    /// When the module is not valid, speaks another interface, or gives another answer than the reference.
    pub fn from_bytes(plan: &Plan, examples: &[Example], bytes: Vec<u8>) -> Result<Program, RunError> {
        validate(&bytes, plan)?;
        let layout = emit(plan)?.layout;
        // What reads JSON stands below the heap as well, and nothing else is moved by it but the workspace.
        let further = constant(&bytes, "heap")?.and_then(|heap| u32::try_from(heap).ok()?.checked_sub(layout.heap));
        let further =
            further.ok_or_else(|| RunError::Module("it has less memory of its own than it needs".to_owned()))?;
        let (heap, workspace) = (layout.heap + further, layout.workspace + further);
        let layout = Layout { heap, workspace, ..layout };
        let program = Program::load(plan, bytes, layout, Calls::Many)?;
        let failures = program.self_test(examples)?;
        if failures.is_empty() {
            return Ok(program);
        }
        Err(RunError::Module(format!("other answers than the reference for: {}", failures.join(", "))))
    }

    /// Names of the examples for which the module and the reference interpreter disagree.
    ///
    /// # Errors
    /// When the module stops.
    pub fn self_test(&self, examples: &[Example]) -> Result<Vec<String>, RunError> {
        let mut instance = self.instance()?;
        let mut failures = Vec::new();
        for example in examples {
            let settings = example.settings_for(self.plan().parameters.len());
            let mut case = example.case.clone();
            case.sort_events(&self.plan().subject);
            let reference = self.visible(&evaluate(self.plan(), &case, &settings));
            let one = instance.evaluate(&case, &settings);
            let many = instance.evaluate_batch(std::slice::from_ref(&case), &settings);
            if one.as_ref() != Ok(&reference) || many != Ok(vec![reference]) {
                failures.push(example.name.clone());
            }
        }
        Ok(failures)
    }
}

//! The compiled module as the commands use it: what answers is what the members' systems embed.

use std::time::Duration;

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::hex;
use concord_engine::plan::{AnswerKind, CellId, Claim, Package, Plan};
use concord_wasm::abi::{Identity, Layout, claim_in_words};
use concord_wasm::run::{Instance, Program, RunError};

use crate::exit::Exit;
use crate::output::Output;

/// A module and one running instance of it.
pub struct Module {
    program: Program,
    instance: Instance,
    sha256: String,
    /// The module for batches, once many cases are asked about.
    batches: Option<Instance>,
    /// Whether a call may be stopped: then batches go to the module itself.
    can_be_stopped: bool,
}

impl Module {
    /// Compiles a package's plan, with JSON, and starts an instance of the module.
    ///
    /// # Errors
    /// Where the plan has no module, said on standard error.
    pub fn build(package: &Package, output: &Output) -> Result<Module, Exit> {
        Module::start(package, None, output)
    }

    /// The same; where a time is given, each case may take so long at most.
    ///
    /// # Errors
    /// As before.
    pub fn start(package: &Package, most: Option<Duration>, output: &Output) -> Result<Module, Exit> {
        Module::of(package, Some(&Identity::of(package)), most, output)
    }

    /// The same without JSON, and without a limit of time.
    ///
    /// # Errors
    /// As before.
    pub fn build_plain(package: &Package, output: &Output) -> Result<Module, Exit> {
        Module::of(package, None, None, output)
    }

    fn of(
        package: &Package,
        identity: Option<&Identity>,
        most: Option<Duration>,
        output: &Output,
    ) -> Result<Module, Exit> {
        let refuse = |why: String| {
            output.error(&format!("{}: the module could not be built: {why}", package.credentials.path), None);
            Exit::Rule
        };
        let program = Program::compile_named(&package.plan, identity, most.is_some());
        let program = program.map_err(|e| refuse(e.to_string()))?;
        let mut instance = program.instance().map_err(|e| refuse(e.to_string()))?;
        most.into_iter().for_each(|most| instance.within(most));
        let sha256 = hex(&program.sha256());
        Ok(Module { program, instance, sha256, batches: None, can_be_stopped: most.is_some() })
    }

    /// Whether it takes cases as JSON.
    #[must_use]
    pub fn takes_json(&self) -> bool {
        self.instance.takes_json()
    }

    /// The module's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.program.bytes()
    }

    /// Where everything lies in its memory.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        self.program.layout()
    }

    /// SHA-256 of the bytes, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Answers one case.
    ///
    /// # Errors
    /// Where the module stops, or is stopped: said on standard error.
    pub fn evaluate(&mut self, case: &Case, settings: &Settings, output: &Output) -> Result<Outcome, Exit> {
        self.instance.evaluate(case, settings).map_err(|error| match error {
            RunError::Deadline => {
                let title = format!("a case of {} events took longer than --deadline allows", case.events.len());
                output.error(&title, Some("`concord build` prints how the work grows with the events"));
                Exit::Limit
            }
            error => {
                output.error(&format!("the module stopped: {error}"), None);
                Exit::Rule
            }
        })
    }

    /// Answers one case, and gives the record out as the module wrote it.
    ///
    /// # Errors
    /// Where the module stops: said on standard error.
    pub fn evaluate_with_bytes(
        &mut self,
        case: &Case,
        settings: &Settings,
        output: &Output,
    ) -> Result<(Outcome, Vec<u8>), Exit> {
        self.instance.evaluate_with_bytes(case, settings).map_err(|error| {
            output.error(&format!("the module stopped: {error}"), None);
            Exit::Rule
        })
    }

    /// Answers many cases through the batch entry: that of the module for batches, which the tests hold to the same answers.
    ///
    /// # Errors
    /// Where the module stops, in words.
    pub fn evaluate_batch(&mut self, cases: &[Case], settings: &Settings) -> Result<Vec<Outcome>, String> {
        let instance = if self.can_be_stopped { &mut self.instance } else { self.batches()? };
        instance.evaluate_batch(cases, settings).map_err(|error| error.to_string())
    }

    fn batches(&mut self) -> Result<&mut Instance, String> {
        let instance = match self.batches.take() {
            Some(instance) => instance,
            None => {
                let program = Program::for_batches(self.program.plan());
                program.and_then(|program| program.instance()).map_err(|error| error.to_string())?
            }
        };
        Ok(self.batches.insert(instance))
    }

    /// Answers in which the module differs from the interpreter; there should be none.
    #[must_use]
    pub fn differences(&self, plan: &Plan, module: &Outcome, interpreter: &Outcome) -> Vec<String> {
        let interpreter = self.program.visible(interpreter);
        let differs = |cell: CellId| module.cells.get(cell) != interpreter.cells.get(cell);
        let mut all: Vec<String> = Vec::new();
        for answer in &plan.answers {
            let differs = match &answer.kind {
                AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => differs(*cell),
                AnswerKind::Obligation(o) => [o.verdict, o.trigger, o.due, o.done, o.excuse].into_iter().any(differs),
            };
            if differs {
                all.push(answer.name.clone());
            }
        }
        if module.broken != interpreter.broken {
            all.push("impossible".to_owned());
        }
        all
    }

    /// A broken `impossible` claim, in words.
    #[must_use]
    pub fn broken(&self, plan: &Plan, claim: Claim) -> String {
        claim_in_words(plan, claim)
    }
}

//! The compiled module as the commands use it: what answers is what the members' systems embed.

use std::cell::RefCell;
use std::time::Duration;

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::hex;
use concord_engine::plan::library::Example;
use concord_engine::plan::{AnswerKind, CellId, Claim, Package, Plan};
use concord_wasm::abi::{Carried, Golden, Identity, Layout, claim_in_words, digest, short};
use concord_wasm::run::{Calls, Instance, PlacedRecord, Program, Replied, RunError};
use serde_json::Value;

use crate::exit::Exit;
use crate::golden::{golden, tried};
use crate::manifest::manifest;
use crate::output::Output;

/// What stands in the memory for one case, and what came of it.
pub struct Bytes {
    /// Where the record in and the record out stand.
    pub placed: PlacedRecord,
    /// What is written from `heap` up before the call.
    pub given: Vec<u8>,
    /// The record out as the module wrote it.
    pub out: Vec<u8>,
    /// The answer.
    pub outcome: Outcome,
}

/// A module and one running instance of it, for a few cases; many go to the module for batches.
pub struct Module {
    program: Program,
    /// Once a case is asked about.
    instance: Option<Instance>,
    sha256: String,
    /// The manifest that it carries.
    carried: Option<Value>,
    /// The module for batches, once many cases are asked about.
    batches: Option<Instance>,
    /// Whether a call may be stopped: then batches go to the module itself.
    can_be_stopped: bool,
}

/// What a module is to be beside its logic.
#[derive(Clone, Copy)]
enum Kind<'a> {
    /// It answers, and that is all.
    Plain,
    /// It takes cases as JSON.
    Json,
    /// It carries its manifest as well, and these golden cases of so many examples.
    Whole(&'a [Golden], usize),
    /// The same, where cases are asked about by the many: the module for batches answers, and this one is compiled only where a single one is.
    ForMany(&'a [Golden], usize),
}

impl Module {
    /// Compiles a package's plan, with JSON, and starts an instance of the module.
    ///
    /// # Errors
    /// Where the plan has no module, said on standard error.
    pub fn build(package: &Package, output: &Output) -> Result<Module, Exit> {
        Module::of(package, Kind::Json, None, output)
    }

    /// The module as `concord build` writes it, which carries its manifest and the examples of its rule; where a time is given, each case may
    /// take so long at most.
    ///
    /// # Errors
    /// As before.
    pub fn whole(
        package: &Package,
        examples: &[&Example],
        most: Option<Duration>,
        output: &Output,
    ) -> Result<Module, Exit> {
        Module::whole_of(package, (&golden(&tried(package, examples)), examples.len()), most, output)
    }

    /// The same of golden cases that were made already, from so many examples.
    ///
    /// # Errors
    /// As before.
    pub fn whole_of(
        package: &Package,
        (golden, examples): (&[Golden], usize),
        most: Option<Duration>,
        output: &Output,
    ) -> Result<Module, Exit> {
        Module::of(package, Kind::Whole(golden, examples), most, output)
    }

    /// The same for an audit, which asks about many cases.
    ///
    /// # Errors
    /// As before.
    pub fn for_many(package: &Package, examples: &[&Example], output: &Output) -> Result<Module, Exit> {
        let golden = golden(&tried(package, examples));
        Module::of(package, Kind::ForMany(&golden, examples.len()), None, output)
    }

    /// One without JSON, which carries nothing.
    ///
    /// # Errors
    /// As before.
    pub fn build_plain(package: &Package, output: &Output) -> Result<Module, Exit> {
        Module::of(package, Kind::Plain, None, output)
    }

    /// One to try cases with and nothing else: soon made, and not the bytes of any other.
    ///
    /// # Errors
    /// As before.
    pub fn for_trial(package: &Package, output: &Output) -> Result<Module, Exit> {
        let program = Program::tried(&package.plan).map_err(|error| refused(package, &error, output))?;
        let mut module = Module::not_started(program, None, false);
        module.instance().map_err(|error| refused(package, &error, output))?;
        Ok(module)
    }

    fn of(package: &Package, kind: Kind<'_>, most: Option<Duration>, output: &Output) -> Result<Module, Exit> {
        let plan = &package.plan;
        let identity = (!matches!(kind, Kind::Plain)).then(|| Identity::of(package));
        let json = identity.is_some();
        let (golden, examples) = if let Kind::Whole(golden, examples) | Kind::ForMany(golden, examples) = kind {
            (golden, examples)
        } else {
            (&[][..], 0)
        };
        let said = RefCell::new(None);
        let manifest = |layout: &Layout| {
            let manifest = manifest(package, layout, json, examples);
            let text = manifest.to_string();
            said.replace(Some(manifest));
            text
        };
        let carried = Carried { manifest: &manifest, golden };
        let carried = matches!(kind, Kind::Whole(..) | Kind::ForMany(..)).then_some(carried);
        let calls = if most.is_some() { Calls::Limited } else { Calls::Few };
        let program = Program::written(plan, identity.as_ref(), carried, calls);
        let program = program.map_err(|error| refused(package, &error, output))?;
        let mut module = Module::not_started(program, said.take(), most.is_some());
        if !matches!(kind, Kind::ForMany(..)) {
            let instance = module.instance().map_err(|error| refused(package, &error, output))?;
            most.into_iter().for_each(|most| instance.within(most));
        }
        Ok(module)
    }

    fn not_started(program: Program, carried: Option<Value>, can_be_stopped: bool) -> Module {
        let sha256 = hex(&program.sha256());
        Module { program, instance: None, sha256, carried, batches: None, can_be_stopped }
    }

    /// Another for many cases, which runs beside it.
    ///
    /// # Errors
    /// Where it cannot be started, in words.
    pub fn another(&mut self) -> Result<Module, String> {
        let batches = self.batches()?.another().map_err(|error| error.to_string())?;
        let (program, sha256) = (self.program.clone(), self.sha256.clone());
        let can_be_stopped = self.can_be_stopped;
        Ok(Module { program, instance: None, sha256, carried: None, batches: Some(batches), can_be_stopped })
    }

    fn instance(&mut self) -> Result<&mut Instance, RunError> {
        let instance = match self.instance.take() {
            Some(instance) => instance,
            None => self.program.instance()?,
        };
        Ok(self.instance.insert(instance))
    }

    /// Whether the module answers as JSON what the reference does. It is asked as hosts ask it, and so need not unpack its own copy first, as it does
    /// where it tries itself.
    ///
    /// # Errors
    /// Where it does not, or stops: said on standard error.
    pub fn answers(&mut self, golden: &[Golden], output: &Output) -> Result<(), Exit> {
        if !self.takes_json() {
            return Ok(());
        }
        let why = match self.failures(golden) {
            Ok(0) => return Ok(()),
            Ok(failures) => format!("it answers {failures} of its golden cases otherwise: please report it"),
            Err(error) => error.to_string(),
        };
        output.error(&format!("the module fails its own test: {why}"), None);
        Err(Exit::Rule)
    }

    /// How many golden cases are answered otherwise. The group's settings are in force afterwards.
    fn failures(&mut self, golden: &[Golden]) -> Result<usize, RunError> {
        let mut failures = 0;
        for Golden { settings, case, digest: told } in golden {
            let set = matches!(self.instance()?.configure_json(settings.as_bytes())?, Replied::Answered(_));
            let replied = self.instance()?.evaluate_json(case.as_bytes())?;
            let same = matches!(replied, Replied::Answered(text) if short(digest(&text)) == *told);
            failures += usize::from(!(set && same));
        }
        self.instance()?.configure_json(b"{}")?;
        Ok(failures)
    }

    /// Whether it takes cases as JSON, as far as that is known: one for an audit is not asked.
    #[must_use]
    pub fn takes_json(&self) -> bool {
        self.instance.as_ref().is_some_and(Instance::takes_json)
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

    /// Its manifest: what it carries, once, or else what it would of a package and so many examples.
    pub fn take_manifest(&mut self, package: &Package, examples: usize) -> Value {
        self.carried.take().unwrap_or_else(|| manifest(package, self.layout(), self.takes_json(), examples))
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
        let answered = self.instance().and_then(|instance| instance.evaluate(case, settings));
        answered.map_err(|error| match error {
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

    /// Answers one case, and gives the bytes in and out.
    ///
    /// # Errors
    /// Where the module stops: said on standard error.
    pub fn evaluate_with_bytes(&mut self, case: &Case, settings: &Settings, output: &Output) -> Result<Bytes, Exit> {
        self.try_with_bytes(case, settings).map_err(|error| {
            output.error(&format!("the module stopped: {error}"), None);
            Exit::Rule
        })
    }

    fn try_with_bytes(&mut self, case: &Case, settings: &Settings) -> Result<Bytes, RunError> {
        let heap = self.layout().heap as usize;
        // Placed twice: what stands between the parts is 0.
        let instance = self.instance()?;
        let given = heap..instance.place_record(case)?.end as usize;
        if let Some(room) = instance.memory().get_mut(given.clone()) {
            room.fill(0);
        }
        let placed = instance.place_record(case)?;
        let given = instance.memory().get(given).unwrap_or_default().to_vec();
        let (outcome, out) = instance.evaluate_with_bytes(case, settings)?;
        Ok(Bytes { placed, given, out, outcome })
    }

    /// The compiled module.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Answers many cases through the batch entry: that of the module for batches, which the tests hold to the same answers.
    ///
    /// # Errors
    /// Where the module stops, in words.
    pub fn evaluate_batch(&mut self, cases: &[Case], settings: &Settings) -> Result<Vec<Outcome>, String> {
        self.for_batches()?.evaluate_batch(cases, settings).map_err(|error| error.to_string())
    }

    /// The same in the place of outcomes that it gave before and that nobody needs any more.
    ///
    /// # Errors
    /// As [`Module::evaluate_batch`].
    pub fn evaluate_batch_again(
        &mut self,
        cases: &[Case],
        settings: &Settings,
        spent: Vec<Outcome>,
    ) -> Result<Vec<Outcome>, String> {
        self.for_batches()?.evaluate_batch_again(cases, settings, spent).map_err(|error| error.to_string())
    }

    fn for_batches(&mut self) -> Result<&mut Instance, String> {
        if self.can_be_stopped { self.instance().map_err(|error| error.to_string()) } else { self.batches() }
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

fn refused(package: &Package, why: &RunError, output: &Output) -> Exit {
    output.error(&format!("{}: the module could not be built: {why}", package.credentials.path), None);
    Exit::Rule
}

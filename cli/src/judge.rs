//! The compiled module as the judge of an audit: what the members embed is what judges them.

use concord_engine::evaluate::Outcome;
use concord_engine::explain::explain_one;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::{AnswerId, Package};

use crate::audit::{self, Judge};
use crate::module::Module;
use crate::output::Output;
use crate::results::Logic;

/// A module that judges by the group's standard: no member's settings count.
pub struct ByModule<'a> {
    package: &'a Package,
    module: Module,
    settings: Settings,
    output: &'a Output,
}

impl<'a> ByModule<'a> {
    /// A judge by a module.
    #[must_use]
    pub fn new(package: &'a Package, module: Module, output: &'a Output) -> ByModule<'a> {
        let settings = vec![None; package.plan.parameters.len()];
        ByModule { package, module, settings, output }
    }
}

impl Judge for ByModule<'_> {
    fn logic(&self) -> Logic {
        audit::logic(self.package, &self.settings, &fingerprint(self.package), self.module.sha256())
    }

    fn judge(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        self.module.evaluate_batch(cases, &self.settings)
    }

    fn explain(&mut self, answer: AnswerId, case: &Case) -> Vec<String> {
        let plan = &self.package.plan;
        let Some(answer) = plan.answers.get(answer) else { return Vec::new() };
        let outcome = self.module.evaluate(case, &self.settings, self.output);
        outcome.map_or_else(|_| Vec::new(), |o| explain_one(plan, case, &self.settings, &o, answer).because)
    }
}

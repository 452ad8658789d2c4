//! The compiled module as the judge of an audit: what the members embed is what judges them.

use concord_engine::evaluate::Outcome;
use concord_engine::explain::explain_one;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::{AnswerId, Id, LabelId, Package};
use concord_engine::values::calendar::{DAY, local_from_instant};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

use crate::audit::members::{self, AsRun};
use crate::audit::{self, Judge};
use crate::module::Module;
use crate::output::Output;
use crate::results::Logic;

/// A module that judges by the group's standard. Of a member's settings only those count that every member has to make, as the group has no
/// value of its own; [`Judge::as_run`] judges by all of them, and by the version that the member ran.
pub struct ByModule<'a> {
    package: &'a Package,
    module: Module,
    settings: Settings,
    /// The label by which cases name their member.
    label: Option<LabelId>,
    versions: Vec<Version>,
    output: &'a Output,
}

/// Another version of the rules, and who ran it when.
pub struct Version {
    /// By whom and when it was run.
    pub run: members::MemberRun,
    /// The package.
    pub package: Package,
    /// Its module.
    pub module: Module,
}

impl<'a> ByModule<'a> {
    /// A judge by a module.
    #[must_use]
    pub fn new(package: &'a Package, module: Module, output: &'a Output) -> ByModule<'a> {
        let settings = vec![None; package.plan.parameters.len()];
        let label = package.plan.subject.labels.placed().find(|(_, label)| label.ty == Type::Organisation);
        let label = label.map(|(label, _)| label);
        ByModule { package, module, settings, label, versions: Vec::new(), output }
    }

    /// The same, with the versions that members ran.
    #[must_use]
    pub fn with_versions(self, versions: Vec<Version>) -> ByModule<'a> {
        ByModule { versions, ..self }
    }

    /// What a case's member has to set for itself.
    fn required(&self, case: &Case) -> Settings {
        let code = self.label.and_then(|label| case.labels.get(label.place())?.as_deref());
        let day = local_from_instant(case.as_of).div_euclid(DAY);
        code.map_or_else(|| self.settings.clone(), |code| members::settings_required(self.package, code, day))
    }
}

impl Judge for ByModule<'_> {
    fn logic(&self) -> Logic {
        audit::logic(self.package, &self.settings, &fingerprint(self.package), self.module.sha256())
    }

    fn judge(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        if self.package.plan.parameters.iter().all(|parameter| parameter.value.is_some()) {
            return self.module.evaluate_batch(cases, &self.settings);
        }
        let mut alike: BTreeMap<Settings, Vec<usize>> = BTreeMap::new();
        for (place, case) in cases.iter().enumerate() {
            alike.entry(self.required(case)).or_default().push(place);
        }
        let mut outcomes: Vec<Option<Outcome>> = vec![None; cases.len()];
        for (settings, places) in alike {
            let some: Vec<Case> = places.iter().filter_map(|place| cases.get(*place).cloned()).collect();
            for (place, outcome) in places.iter().zip(self.module.evaluate_batch(&some, &settings)?) {
                outcomes.iter_mut().skip(*place).take(1).for_each(|slot| *slot = Some(outcome.clone()));
            }
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    fn judge_again(&mut self, cases: &[Case], spent: Vec<Outcome>) -> Result<Vec<Outcome>, String> {
        if self.package.plan.parameters.iter().all(|parameter| parameter.value.is_some()) {
            return self.module.evaluate_batch_again(cases, &self.settings, spent);
        }
        self.judge(cases)
    }

    fn others(&mut self, count: usize) -> Vec<Box<dyn Judge + Send + '_>> {
        let mut other = |_| -> Result<Box<dyn Judge + Send + '_>, String> {
            let versions = self.versions.iter_mut().map(|version| {
                let (run, package) = (version.run.clone(), version.package.clone());
                Ok(Version { run, package, module: version.module.another()? })
            });
            let versions = versions.collect::<Result<_, String>>()?;
            let other = ByModule::new(self.package, self.module.another()?, self.output);
            Ok(Box::new(other.with_versions(versions)))
        };
        // Where memory does not do for so many, there are none, and one judges all.
        (0..count).map(&mut other).collect::<Result<_, _>>().unwrap_or_default()
    }

    fn as_run(&mut self, code: &str, cases: &[Case]) -> Result<Option<Vec<AsRun>>, String> {
        let day = cases.first().map_or(0, |case| local_from_instant(case.as_of).div_euclid(DAY));
        let usual = members::settings_usual(self.package, day);
        let settings = members::settings_run(self.package, code).map(|own| {
            // What every member has to set counts as its own sets it: beside it stands what it would be by what most set.
            own.into_iter().zip(usual).map(|(own, usual)| usual.or(own)).collect::<Settings>()
        });
        if settings.is_none() && self.versions.iter().all(|version| version.run.code != code) {
            return Ok(None);
        }
        let group = &self.package.plan;
        let outcomes = self.module.evaluate_batch(cases, settings.as_ref().unwrap_or(&self.settings))?;
        let mut all: Vec<AsRun> = outcomes.iter().map(|outcome| members::verdicts(group, group, outcome)).collect();
        for version in self.versions.iter_mut().filter(|version| version.run.code == code) {
            let plan = &version.package.plan;
            let none = vec![None; plan.parameters.len()];
            let settings = members::settings_run(&version.package, code).unwrap_or(none);
            let outcomes = version.module.evaluate_batch(cases, &settings)?;
            for ((slot, case), outcome) in all.iter_mut().zip(cases).zip(&outcomes) {
                if version.run.holds_on(members::first_day(case)) {
                    *slot = members::verdicts(group, plan, outcome);
                }
            }
        }
        Ok(Some(all))
    }

    fn explain(&mut self, answer: AnswerId, case: &Case) -> Vec<String> {
        let plan = &self.package.plan;
        let Some(answer) = plan.answers.get(answer) else { return Vec::new() };
        let settings = self.required(case);
        let outcomes = self.module.evaluate_batch(std::slice::from_ref(case), &settings);
        let outcomes = outcomes.inspect_err(|why| self.output.error(&format!("the module stopped: {why}"), None));
        // Where the module stops, that is said, and nothing is explained.
        let outcome = outcomes.ok().and_then(|outcomes| outcomes.into_iter().next());
        outcome.map_or_else(Vec::new, |outcome| explain_one(plan, case, &settings, &outcome, answer).because)
    }
}

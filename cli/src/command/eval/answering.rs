//! From a case to its answers, through the module.

use std::time::Duration;

use concord_engine::evaluate::Outcome;
use concord_engine::explain::{Explained, Template, explain_by, templates};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{Id, Package, ParameterId};
use concord_engine::values::calendar::{DAY, local_from_instant};
use serde_json::Value;

use super::record::Records;
use crate::args::Eval;
use crate::data::case_json::CaseInput;
use crate::data::duration::read_duration;
use crate::exit::Exit;
use crate::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::project::Loaded;
use crate::settings::Asked;

/// A case's answers, or the claim that it breaks.
pub enum Reply {
    Answers(Vec<Explained>, Settings),
    Broken(String),
}

/// What answers the cases of a run.
pub struct Answering<'a> {
    pub package: &'a Package,
    pub records: Records<'a>,
    asked: Asked<'a>,
    templates: Vec<Template>,
    module: Module,
    /// The last day asked about, and the settings in force on it.
    day: Option<(i64, Settings)>,
    output: &'a Output,
}

impl<'a> Answering<'a> {
    pub fn new(
        args: &Eval,
        (loaded, package): (&Loaded, &'a Package),
        output: &'a Output,
    ) -> Result<Answering<'a>, Exit> {
        let asked = Asked::read(package, args.member.as_deref(), &args.settings, output)?;
        let most = args.deadline.as_deref().map(|text| deadline(text, output)).transpose()?;
        let module = Module::whole(package, &loaded.examples().collect::<Vec<_>>(), most, output)?;
        let records = Records::new(package, module.sha256(), args.bare);
        let templates = templates(&package.plan);
        Ok(Answering { package, records, asked, templates, module, day: None, output })
    }

    /// What the module says of itself.
    pub fn manifest(&self) -> Value {
        manifest::carried(self.module.bytes()).ok().flatten().unwrap_or(Value::Null)
    }

    /// Answers one case; `own` are the settings that it gives itself.
    pub fn one(&mut self, input: &CaseInput, own: &[(ParameterId, i64)]) -> Result<Reply, Exit> {
        for path in &input.ignored {
            self.output.note(&format!("ignored: `{path}` is not part of the subject"));
        }
        let mut settings = self.settings(&input.case);
        for (parameter, value) in own {
            if let Some(place) = settings.get_mut(parameter.place()) {
                *place = Some(*value);
            }
        }
        let outcome = self.module.evaluate(&input.case, &settings, self.output)?;
        Ok(self.reply(&input.case, settings, &outcome))
    }

    /// Answers many cases that are asked about on one day.
    pub fn many(&mut self, cases: &[Case]) -> Result<Vec<Reply>, Exit> {
        let settings = cases.first().map(|case| self.settings(case)).unwrap_or_default();
        let outcomes = self.module.evaluate_batch(cases, &settings).map_err(|why| {
            self.output.error(&format!("the module stopped: {why}"), None);
            Exit::Rule
        })?;
        Ok(cases.iter().zip(&outcomes).map(|(case, outcome)| self.reply(case, settings.clone(), outcome)).collect())
    }

    fn reply(&self, case: &Case, settings: Settings, outcome: &Outcome) -> Reply {
        match outcome.broken {
            Some(claim) => Reply::Broken(self.module.broken(&self.package.plan, claim)),
            None => {
                let answers = explain_by(&self.package.plan, &self.templates, case, &settings, outcome);
                Reply::Answers(answers, settings)
            }
        }
    }

    fn settings(&mut self, case: &Case) -> Settings {
        let day = day_of(case);
        if let Some((last, settings)) = &self.day
            && *last == day
        {
            return settings.clone();
        }
        let settings = self.asked.on(day, self.output);
        self.day = Some((day, settings.clone()));
        settings
    }
}

/// The longest that a case may take.
pub fn deadline(text: &str, output: &Output) -> Result<Duration, Exit> {
    let length = read_duration(text).and_then(|length| u64::try_from(length).ok()).filter(|length| *length > 0);
    length.map(Duration::from_millis).ok_or_else(|| {
        output.error(
            &format!("--deadline: `{text}` is not a time that a case may take"),
            Some("such as \"10 s\" or PT10S"),
        );
        Exit::Usage
    })
}

/// The day in London that a case is asked about, since 1970.
pub fn day_of(case: &Case) -> i64 {
    local_from_instant(case.as_of).div_euclid(DAY)
}

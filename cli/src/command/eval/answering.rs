//! From a case to its answers, through the module.

use std::time::Duration;

use concord_engine::evaluate::Outcome;
use concord_engine::explain::{Explained, Template, explain_by, templates};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{AnswerKind, Id, Package, ParameterId};
use concord_engine::values::calendar::{DAY, local_from_instant};
use serde_json::Value;

use super::record::Records;
use crate::args::Eval;
use crate::audit;
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

    /// Answers many cases of an export that are asked about on one day. What was missed for want of events alone that no row of the export carries
    /// (`absent` has their bits) is unknown, as in an audit; so is what a definition or a table says for want of them.
    pub fn many(&mut self, cases: &[Case], absent: u64) -> Result<Vec<Reply>, Exit> {
        let settings = cases.first().map(|case| self.settings(case)).unwrap_or_default();
        let replies = self.batch(cases, &settings)?.into_iter().zip(cases);
        let replies = replies.map(|(outcome, case)| (self.reply(case, settings.clone(), &outcome), outcome));
        let replies: Vec<(Reply, Outcome)> = replies.collect();
        if absent == 0 {
            return Ok(replies.into_iter().map(|(reply, _)| reply).collect());
        }
        let doubtful: Vec<Case> = cases.iter().map(|case| audit::doubtful(case, absent)).collect();
        let others = self.batch(&doubtful, &settings)?;
        let all = replies.into_iter().zip(doubtful.iter().zip(&others));
        Ok(all.map(|((reply, outcome), other)| self.doubted((reply, &outcome), other)).collect())
    }

    fn batch(&mut self, cases: &[Case], settings: &Settings) -> Result<Vec<Outcome>, Exit> {
        self.module.evaluate_batch(cases, settings).map_err(|why| {
            self.output.error(&format!("the module stopped: {why}"), None);
            Exit::Rule
        })
    }

    /// A reply in which what is so for want of absent events alone is as it is where these are not supplied.
    fn doubted(&self, (reply, outcome): (Reply, &Outcome), (case, other): (&Case, &Outcome)) -> Reply {
        let Reply::Answers(mut answers, settings) = reply else { return reply };
        let plan = &self.package.plan;
        let doubted = plan.answers.iter().map(|answer| match &answer.kind {
            AnswerKind::Obligation(cells) => audit::is_doubted(plan, cells, outcome, other),
            AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => {
                outcome.only(plan, *cell).is_some() && other.only(plan, *cell).is_none()
            }
        });
        let others = explain_by(plan, &self.templates, case, &settings, other);
        for ((answer, other), doubted) in answers.iter_mut().zip(others).zip(doubted) {
            if doubted {
                *answer = other;
            }
        }
        Reply::Answers(answers, settings)
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

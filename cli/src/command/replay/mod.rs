//! `concord replay`: cases and the decision records that were made of them; judges each case again and compares.

mod by_module;

use std::fs;
use std::path::Path;

use concord_engine::explain::explain;
use concord_engine::plan::Package;
use concord_engine::plan::case::Settings;
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::calendar::{read_instant, show_utc};
use serde_json::{Map, Value};

use crate::args::Replay;
use crate::data::case_json::{Options, read_case};
use crate::data::decision::answer_json;
use crate::data::input_error::InputError;
use crate::data::settings_json::read_settings;
use crate::exit::Exit;
use crate::files::is_module;
use crate::module::Module;
use crate::output::Output;
use crate::project;
use by_module::ByModule;

/// Replays decision records.
pub fn run(args: &Replay, output: &Output) -> Exit {
    replay(args, output).unwrap_or_else(|exit| exit)
}

/// What came of one record.
enum Outcome {
    /// Every answer is as it was.
    Same,
    /// These are not; with what they were and what they are.
    Differs(Vec<(String, String, String)>),
    /// It was never answered: the record says that the case was refused.
    NotAnswered,
}

fn replay(args: &Replay, output: &Output) -> Result<Exit, Exit> {
    let mut replaying = Replaying::new(&args.rule, output)?;
    let cases = objects(&args.input, output)?;
    let records = objects(&args.records, output)?;
    if cases.len() != records.len() {
        let found = format!("{} cases and {} records: each case needs its record", cases.len(), records.len());
        output.error(&found, Some("give both in the same order, as `eval` read and wrote them"));
        return Err(Exit::Data);
    }
    let (mut differ, mut unanswered) = (0, 0);
    for (number, (case, record)) in cases.iter().zip(&records).enumerate() {
        let which =
            record.get("case").and_then(Value::as_str).map_or_else(|| format!("record {}", number + 1), str::to_owned);
        match replaying.one(&which, case, record)? {
            Outcome::Same => {}
            Outcome::NotAnswered => unanswered += 1,
            Outcome::Differs(answers) => {
                differ += 1;
                for (answer, was, is) in answers {
                    let values = if args.show_values { format!(": it was {was} and is {is}") } else { String::new() };
                    output.data(&format!("{which}: `{answer}` differs{values}\n"))?;
                }
            }
        }
    }
    let compared = records.len() - unanswered;
    output.note(&format!("{} of {compared} records have the same answers", compared - differ));
    if unanswered > 0 {
        let were = if unanswered == 1 { "was" } else { "were" };
        output.note(&format!("{unanswered} {were} refused when made, and not compared"));
    }
    Ok(if differ == 0 { Exit::Fine } else { Exit::Findings })
}

/// What comes of a case now: the instant at which it was judged, where the rule asks for one, and its answers.
struct Judged {
    as_of: Option<String>,
    answers: Vec<(String, Value)>,
}

/// Who judges again: the rule, or a module alone.
enum Judge {
    Rule(Box<Package>, Box<Module>),
    Module(Box<ByModule>),
}

struct Replaying<'a> {
    judge: Judge,
    /// The package, its version, and the fingerprint of its logic.
    identity: [String; 3],
    output: &'a Output,
}

impl<'a> Replaying<'a> {
    fn new(path: &Path, output: &'a Output) -> Result<Replaying<'a>, Exit> {
        if is_module(path) {
            let module = ByModule::start(path, output)?;
            return Ok(Replaying { identity: module.identity(), judge: Judge::Module(Box::new(module)), output });
        }
        let (_, package) = project::one(path, output)?;
        let module = Module::build(&package, output)?;
        let of = &package.credentials;
        let identity = [of.path.clone(), of.version.to_string(), fingerprint(&package)];
        Ok(Replaying { identity, judge: Judge::Rule(Box::new(package), Box::new(module)), output })
    }

    fn one(&mut self, which: &str, case: &Map<String, Value>, record: &Map<String, Value>) -> Result<Outcome, Exit> {
        let Some(was) = record.get("answers").and_then(Value::as_object) else {
            return self.not_answered(which, record);
        };
        self.same_case(which, case, record)?;
        self.same_logic(which, record)?;
        let Judged { as_of, answers } = self.judged(which, case, record)?;
        let mut differing = Vec::new();
        // Of what a record says beside its answers, whose they are and at which instant is vouched for as well.
        for (name, is) in [("package", Some(self.identity[0].clone())), ("as_of", as_of)] {
            let before = record.get(name).and_then(Value::as_str);
            if before != is.as_deref() {
                let words = |value: Option<&str>| value.unwrap_or("not said").to_owned();
                differing.push((name.to_owned(), words(before), words(is.as_deref())));
            }
        }
        let words =
            |value: Option<&Value>| value.and_then(|of| of.get("text")?.as_str()).unwrap_or("not answered").to_owned();
        for (name, is) in &answers {
            let before = was.get(name).map(without_reasons);
            if before.as_ref() != Some(is) {
                differing.push((name.clone(), words(before.as_ref()), words(Some(is))));
            }
        }
        let unknown = was.iter().filter(|(name, _)| !answers.iter().any(|(known, _)| known == *name));
        differing.extend(unknown.map(|(name, before)| (name.clone(), words(Some(before)), words(None))));
        Ok(if differing.is_empty() { Outcome::Same } else { Outcome::Differs(differing) })
    }

    /// A record of another case, where both say which they are: the two files are not in one order.
    fn same_case(&self, which: &str, case: &Map<String, Value>, record: &Map<String, Value>) -> Result<(), Exit> {
        let named = |of: &Map<String, Value>| of.get("case").and_then(Value::as_str).map(str::to_owned);
        match (named(case), named(record)) {
            (Some(case), Some(record)) if case != record => {
                let title = format!("{which}: this record is in the place of that of the case `{case}`");
                self.output.error(&title, Some("give both in the same order, as `eval` read and wrote them"));
                Err(Exit::Data)
            }
            _ => Ok(()),
        }
    }

    /// A case judged as it is now, with the settings and the instant of its record.
    fn judged(&mut self, which: &str, case: &Map<String, Value>, record: &Map<String, Value>) -> Result<Judged, Exit> {
        let output = self.output;
        let (package, module) = match &mut self.judge {
            Judge::Rule(package, module) => (package, module),
            Judge::Module(module) => {
                let (as_of, answers) = module.answers(which, (case, record), output)?;
                let answers = answers.into_iter().map(|(name, answer)| (name, without_reasons(&answer))).collect();
                return Ok(Judged { as_of, answers });
            }
        };
        let plan = &package.plan;
        let as_of = record.get("as_of").and_then(Value::as_str).and_then(|text| read_instant(text).ok());
        let options = Options { as_of, ignore_unknown: true, ..Options::default() };
        let text = Value::Object(case.clone()).to_string();
        let read = read_case(plan, text.as_bytes(), options).map_err(|faults| {
            faults.iter().for_each(|fault| output.line(&format!("{which}: {fault}")));
            Exit::Data
        })?;
        let settings = settings(package, which, record, output)?;
        let found = module.evaluate(&read.case, &settings, output)?;
        let explained = explain(plan, &read.case, &settings, &found).into_iter();
        let answers = explained.map(|answer| (answer.name.clone(), answer_json(plan, &answer, true))).collect();
        Ok(Judged { as_of: plan.subject.uses_as_of.then(|| show_utc(read.case.as_of)), answers })
    }

    /// A record without answers says why there are none; what does not is no record.
    fn not_answered(&self, which: &str, record: &Map<String, Value>) -> Result<Outcome, Exit> {
        if ["refused", "broken"].iter().any(|why| record.contains_key(*why)) {
            return Ok(Outcome::NotAnswered);
        }
        let title = format!("{which}: this is no decision record: it has neither `answers` nor `refused`");
        self.output.error(&title, Some("give what `concord eval --json` wrote of the cases"));
        Err(Exit::Data)
    }

    /// Another logic may well answer otherwise: said before anything is compared.
    fn same_logic(&self, which: &str, record: &Map<String, Value>) -> Result<(), Exit> {
        let theirs = record.get("fingerprint").and_then(Value::as_str).unwrap_or("none");
        let [package, here, logic] = &self.identity;
        if theirs == logic {
            return Ok(());
        }
        let version = record.get("version").and_then(Value::as_str).unwrap_or("unknown");
        let title = format!("{which}: this record was made by other logic: version {version}, fingerprint {theirs}");
        let help =
            format!("the rule here is {package} {here}, fingerprint {logic}; replay with the rule of that version");
        self.output.error(&title, Some(&help));
        Err(Exit::Rule)
    }
}

/// The settings of a record; one without was made with the group's own.
fn settings(package: &Package, which: &str, record: &Map<String, Value>, output: &Output) -> Result<Settings, Exit> {
    let given = record.get("settings").and_then(Value::as_object).cloned().unwrap_or_default();
    read_settings(&package.plan, Value::Object(given).to_string().as_bytes()).map_err(|faults| {
        for InputError { code, path, message, .. } in &faults {
            output.error(&format!("{which}: the setting of `{path}`: {message} [{code}]"), None);
        }
        Exit::Data
    })
}

/// The reasons are words for people and may be put better in a later version: the answer is what is compared.
fn without_reasons(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(parts) = answer.as_object_mut() {
        parts.retain(|name, _| name != "because" && name != "source");
    }
    answer
}

/// The objects of a file: one, or one a line.
fn objects(path: &Path, output: &Output) -> Result<Vec<Map<String, Value>>, Exit> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|error| {
        output.error(&format!("{name}: {error}"), None);
        Exit::Usage
    })?;
    let read: Result<Vec<_>, _> = serde_json::Deserializer::from_slice(&bytes).into_iter().collect();
    read.map_err(|error| {
        output.error(&format!("{name}: {error}"), Some("a JSON object is expected, or one a line"));
        Exit::Data
    })
}

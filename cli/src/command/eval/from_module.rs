//! Cases answered by a module alone: it reads, checks and answers them itself, and what it carries says whose answers they are.

use std::io::BufRead;
use std::time::Duration;

use concord_engine::plan::fingerprint::hex;
use concord_engine::values::calendar::{local_date, read_instant, show_utc};
use concord_wasm::run::{Alone, Replied, RunError};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answering::deadline;
use super::bundles::{self, Bundles, worse};
use super::input::{Brought, bring, is_notation, mistaken, no_table};
use super::module_settings::{Settings, bounds};
use super::record::headed;
use super::sink::Sink;
use super::words;
use crate::args::Eval;
use crate::command::sign::read;
use crate::data::input_error::CODES;
use crate::data::line::read_line;
use crate::exit::Exit;
use crate::manifest;
use crate::output::Output;

/// How long a case may take where nobody says: nothing is known of a module that lies in a file but that it answers its own cases.
const LONGEST: Duration = Duration::from_secs(60);

/// Answers the cases that are brought.
pub fn run(args: &Eval, as_of: Option<i64>, output: &Output) -> Result<Exit, Exit> {
    let only_with_rule = [
        (!args.data.is_empty(), "--data"),
        (args.ignore_unknown, "--ignore-unknown"),
        (args.show_values, "--show-values"),
    ];
    if let Some((_, option)) = only_with_rule.into_iter().find(|(given, _)| *given) {
        let help = "a module alone reads cases as JSON, and by itself: give the rule, `concord eval RULE`";
        return Err(usage(output, &format!("{option} needs the rule"), help));
    }
    let mut answering = Answering::start(args, as_of, output)?;
    answering.configure(None)?;
    let path = args.input.display().to_string();
    if !args.fhir.is_empty() {
        let Some(Bundles { cases, exit }) = bundles::cases(args, &answering.manifest, as_of, output)? else {
            return Ok(Exit::Fine);
        };
        return Ok(worse(answering.brought(cases, &path)?, exit));
    }
    no_table(&args.input, output)?;
    let brought = bring(&args.input).map_err(|error| {
        output.error(&format!("{path}: {error}"), None);
        Exit::Usage
    })?;
    let help = mistaken(&brought);
    let answered = answering.brought(brought, &path);
    if let (Ok(Exit::Data), Some(help)) = (&answered, help) {
        output.line(&format!("  help: {help}"));
    }
    answered
}

/// A text without the mark of its encoding, which a module reads over.
fn unmarked(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

fn usage(output: &Output, title: &str, help: &str) -> Exit {
    output.error(title, Some(help));
    Exit::Usage
}

/// A module that answers.
struct Answering<'a> {
    args: &'a Eval,
    module: Alone,
    manifest: Value,
    /// As decision records name it.
    hash: String,
    as_of: Option<String>,
    settings: Settings,
    /// The day for which settings are in force.
    day: Option<i64>,
    sink: Sink<'a>,
    output: &'a Output,
}

impl<'a> Answering<'a> {
    fn start(args: &'a Eval, as_of: Option<i64>, output: &'a Output) -> Result<Answering<'a>, Exit> {
        let bytes = read(&args.rule, output)?;
        let name = args.rule.display();
        let manifest = manifest::carried(&bytes).map_err(|why| {
            output.error(&format!("{name}: {why}"), Some("do not use this module; ask whoever gave it to you"));
            Exit::Rule
        })?;
        let most = args.deadline.as_deref().map(|text| deadline(text, output)).transpose()?;
        let mut module =
            Alone::start(&bytes, Some(most.unwrap_or(LONGEST))).map_err(|error| stopped(output, &error))?;
        tries_itself(&mut module, &name.to_string(), output)?;
        let manifest = manifest.filter(|_| module.takes_json()).ok_or_else(|| {
            let title = format!("{name}: this module does not take cases as JSON");
            usage(output, &title, "give the rule: `concord eval RULE`")
        })?;
        let hash = format!("sha256:{}", hex(&Sha256::digest(&bytes)));
        let settings = Settings::read(&manifest, args.member.as_deref(), &args.settings, output)?;
        let sink = Sink::new(args.out.as_deref(), output)?;
        Ok(Answering { args, module, manifest, hash, as_of: as_of.map(show_utc), settings, day: None, sink, output })
    }

    /// Answers what was brought.
    fn brought(mut self, brought: Brought, path: &str) -> Result<Exit, Exit> {
        match brought {
            Brought::Notation(_) if !self.args.json || is_notation(&self.args.input) => {
                let help = "the notation of cases.md is read with the rule: `concord eval RULE`";
                Err(usage(self.output, &format!("{path}: a module alone takes cases as JSON"), help))
            }
            // Whoever reads JSON is told in JSON that something is none.
            Brought::Json(text) | Brought::Notation(text) => {
                let exit = self.one(None, &text)?;
                self.sink.finish()?;
                Ok(exit)
            }
            Brought::Lines(reader) => self.lines(reader),
        }
    }

    /// Puts the settings in force that were asked for, for cases of a day.
    fn configure(&mut self, day: Option<i64>) -> Result<(), Exit> {
        let text = Value::Object(self.settings.on(day, self.output)).to_string();
        match self.module.configure_json(text.as_bytes()).map_err(|error| stopped(self.output, &error))? {
            Replied::Refused(faults) => {
                let faults: Value = serde_json::from_slice(&faults).map_err(|_| Exit::Internal)?;
                each(&faults, |fault| {
                    let name = fault.get("at").and_then(Value::as_str).map_or("", |at| at.trim_start_matches('/'));
                    let (mut fault, bounds) = (fault.clone(), bounds(&self.manifest, name));
                    // The bounds are told in the unit of the rule, beside what is wrong.
                    let expected =
                        fault.as_object_mut().filter(|_| bounds.is_some()).and_then(|of| of.shift_remove("expected"));
                    let expected = expected.as_ref().and_then(|text| text.as_str()?.split(", from ").next());
                    let help = bounds.map(|bounds| match expected {
                        Some(expected) => format!("give {expected}; members may set it {bounds}"),
                        None => format!("members may set it {bounds}"),
                    });
                    self.output.error(&format!("--set: {}", in_words(&fault)), help.as_deref());
                });
                Err(Exit::Rule)
            }
            _ => Ok(()),
        }
    }

    /// Puts a member's settings in force for the day of a case in London. A case that does not say when it is judged cannot have them.
    fn of_the_day(&mut self, text: &[u8]) -> Result<Option<Map<String, Value>>, Exit> {
        let Ok(case) = serde_json::from_slice::<Map<String, Value>>(unmarked(text)) else { return Ok(None) };
        let Some(as_of) = case.get("as_of") else {
            let missing = json!({ "refused": [{ "code": "D12", "at": "/as_of" }] });
            return Ok(missing.as_object().cloned());
        };
        // What cannot be read the module refuses.
        let Some(instant) = as_of.as_str().and_then(|text| read_instant(text).ok()) else { return Ok(None) };
        let day = local_date(instant);
        if self.day != Some(day) {
            self.configure(Some(day))?;
            self.day = Some(day);
        }
        Ok(None)
    }

    /// Answers a case, the only one or that of a line.
    fn one(&mut self, line: Option<u64>, text: &[u8]) -> Result<Exit, Exit> {
        let (text, id) = self.asked(text);
        let which = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        if self.settings.of_a_member()
            && let Some(missing) = self.of_the_day(&text)?
        {
            return self.refused(line, &which, missing);
        }
        let bare = self.args.bare;
        let replied = if bare { self.module.evaluate_json(&text) } else { self.module.explain_json(&text) };
        match replied.map_err(|error| stopped(self.output, &error))? {
            Replied::Answered(record) => {
                let mut record: Map<String, Value> = serde_json::from_slice(&record).map_err(|_| Exit::Internal)?;
                let place = record.keys().take_while(|key| *key != "as_of").count();
                record.shift_insert(place, "module".to_owned(), self.hash.as_str().into());
                if self.args.json {
                    self.write(line, id.as_deref(), record)?;
                } else {
                    self.say(line, id.as_deref(), &record)?;
                }
                Ok(Exit::Fine)
            }
            Replied::Refused(faults) => {
                let faults: Map<String, Value> = serde_json::from_slice(&faults).map_err(|_| Exit::Internal)?;
                self.refused(line, &which, faults)
            }
            Replied::Broken(why) => {
                let why: Map<String, Value> = serde_json::from_slice(&why).map_err(|_| Exit::Internal)?;
                let words = why.get("broken").and_then(Value::as_str).unwrap_or_default();
                let help = "no answer is given; correct the record, or tell the owner of the package";
                self.output.error(&format!("{which}{words}"), Some(help));
                if self.args.json {
                    self.write(line, id.as_deref(), why)?;
                }
                Ok(Exit::Rule)
            }
        }
    }

    /// A case that is refused.
    fn refused(&mut self, line: Option<u64>, which: &str, faults: Map<String, Value>) -> Result<Exit, Exit> {
        if self.args.json {
            self.write(line, None, faults)?;
        } else {
            each(&Value::Object(faults), |fault| self.output.line(&format!("{which}{}", in_words(fault))));
        }
        Ok(Exit::Data)
    }

    /// The text of a case, with the instant asked about where it does not say one; and its name, where it has one.
    fn asked(&self, text: &[u8]) -> (Vec<u8>, Option<String>) {
        let case: Option<Map<String, Value>> = serde_json::from_slice(unmarked(text)).ok();
        let id = case.as_ref().and_then(|case| case.get("case")?.as_str().map(str::to_owned));
        let silent = case.as_ref().is_some_and(|case| !case.contains_key("as_of"));
        let open = text.iter().position(|byte| *byte == b'{').map(|at| at + 1);
        let (Some(as_of), Some((head, tail)), true) =
            (&self.as_of, open.and_then(|at| text.split_at_checked(at)), silent)
        else {
            return (text.to_vec(), id);
        };
        let comma = if case.is_some_and(|case| case.is_empty()) { "" } else { "," };
        let said = format!("\"as_of\":\"{as_of}\"{comma}");
        ([head, said.as_bytes(), tail].concat(), id)
    }

    /// A case a line.
    fn lines(mut self, mut reader: impl BufRead) -> Result<Exit, Exit> {
        let (mut line, mut number, mut worst) = (Vec::new(), 0, Exit::Fine);
        loop {
            line.clear();
            number += 1;
            let length = read_line(&mut reader, &mut line).map_err(|error| {
                self.output.error(&format!("{}: {error}", self.args.input.display()), None);
                Exit::Data
            })?;
            if length == 0 {
                self.sink.finish()?;
                return Ok(worst);
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                let exit = self.one(Some(number), &line)?;
                worst = if (worst as u8) < (exit as u8) { exit } else { worst };
            }
        }
    }

    fn write(&mut self, line: Option<u64>, id: Option<&str>, record: Map<String, Value>) -> Result<(), Exit> {
        let text = match line {
            None => format!("{:#}", Value::Object(record)),
            Some(_) => headed(line, id, record).to_string(),
        };
        self.sink.line(&text)
    }

    /// A record as people read it.
    fn say(&mut self, line: Option<u64>, id: Option<&str>, record: &Map<String, Value>) -> Result<(), Exit> {
        let logic = self.manifest.get("logic").unwrap_or(&Value::Null);
        let of = match (line, id) {
            (None, _) => words::heading_of(logic),
            (Some(line), Some(id)) => format!("line {line}, {id}"),
            (Some(line), None) => format!("line {line}"),
        };
        let end = if line.is_some() { "\n" } else { "" };
        self.sink.line(&format!("{of}\n\n{}{end}", words::of_record(record, logic)))
    }
}

/// A module that does not answer its own cases as it must answers nobody.
fn tries_itself(module: &mut Alone, name: &str, output: &Output) -> Result<(), Exit> {
    let why = match module.self_test() {
        Ok(Some(0) | None) => return Ok(()),
        Ok(Some(failures)) => format!("its self-test fails: {failures}"),
        Err(error) => error.to_string(),
    };
    output.error(&format!("{name}: {why}"), Some("do not use this module; ask whoever gave it to you"));
    Err(Exit::Rule)
}

fn stopped(output: &Output, error: &RunError) -> Exit {
    match error {
        RunError::Deadline => {
            output.error("a case took longer than --deadline allows, which is a minute where it is not given", None);
            Exit::Limit
        }
        error => {
            output.error(&error.to_string(), None);
            Exit::Rule
        }
    }
}

/// Each fault of a refusal.
fn each(refusal: &Value, tell: impl FnMut(&Value)) {
    refusal.get("refused").and_then(Value::as_array).into_iter().flatten().for_each(tell);
}

/// A fault as the module gives it, in words.
fn in_words(fault: &Value) -> String {
    let said = |key: &str| fault.get(key).and_then(Value::as_str).unwrap_or_default();
    let meaning = CODES.iter().find(|(code, _)| *code == said("code")).map_or("", |(_, meaning)| meaning);
    let at = if said("at").is_empty() { String::new() } else { format!("`{}`: ", said("at")) };
    let expected = fault.get("expected").and_then(Value::as_str).map(|text| format!(" Expected {text}."));
    format!("error[{}]: {at}{meaning}{}", said("code"), expected.unwrap_or_default())
}

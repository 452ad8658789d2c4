//! Answers every case of the corpus in this host: `corpus FAULTY.json FOLDER…`. The page of the hosts says what it prints.

use std::collections::BTreeMap;
use std::env;
use std::error::Error as StdError;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use concord_host::{Answer, Asking, Decision, Error, Fault, Loading, Rule};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    case: Box<RawValue>,
    settings: Box<RawValue>,
    answers: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct FaultyCases {
    cases: Vec<Faulty>,
}

#[derive(Deserialize)]
struct Faulty {
    name: String,
    module: String,
    case: Option<String>,
    bytes: Option<String>,
    settings: Option<String>,
    member: Option<String>,
    record: Option<String>,
    not_applied: Option<usize>,
    refused: Option<Vec<Fault>>,
    setting_refused: Option<Vec<Fault>>,
    broken: Option<String>,
}

/// What holds, what does not, and the hash of all records.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    records: Sha256,
}

impl Tally {
    fn that(&mut self, holds: bool, what: &str, found: &str) {
        if holds {
            self.passed += 1;
        } else {
            self.failed += 1;
            if self.failed <= 20 {
                eprintln!("{what}: {found}");
            }
        }
    }

    fn vectors(&mut self, module: &Path) -> Result<(), Box<dyn StdError>> {
        let rule = Rule::load(module.with_extension("wasm"), &Loading::new().allow_draft())?;
        let vectors: Vectors = serde_json::from_slice(&fs::read(module.with_extension("vectors.json"))?)?;
        for vector in vectors.cases {
            let what = format!("{}: {}", module.display(), vector.name);
            match rule.evaluate(vector.case.get(), &Asking::new().explain().settings(vector.settings.get())) {
                Ok(decision) => {
                    self.records.update(decision.json.as_bytes());
                    self.records.update(b"\n");
                    self.that(answers(&decision)? == vector.answers, &what, "other answers");
                }
                Err(error) => self.that(false, &what, &error.to_string()),
            }
        }
        Ok(())
    }

    fn faulty(&mut self, path: &Path, folder: &Path) -> Result<(), Box<dyn StdError>> {
        let faulty: FaultyCases = serde_json::from_slice(&fs::read(path)?)?;
        let mut rules = BTreeMap::new();
        for of in faulty.cases {
            if !rules.contains_key(&of.module) {
                let module = folder.join(format!("{}.wasm", of.module));
                rules.insert(of.module.clone(), Rule::load(module, &Loading::new().allow_draft())?);
            }
            let text = match &of.bytes {
                Some(digits) => unhex(digits)?,
                None => of.case.clone().unwrap_or_default().into_bytes(),
            };
            let mut asking = of.settings.as_ref().map_or_else(Asking::new, |settings| Asking::new().settings(settings));
            if let Some(member) = &of.member {
                asking = asking.member(member);
            }
            let rule = rules.get(&of.module).ok_or("no such module")?;
            let (holds, found) = match rule.evaluate(text, &asking) {
                Ok(decision) => {
                    let says = of.record.as_ref().is_some_and(|text| decision.json.contains(text));
                    (says && of.not_applied == Some(decision.not_applied.len()), decision.json)
                }
                Err(error) => (is(&error, &of), error.to_string()),
            };
            self.that(holds, &of.name, &found);
        }
        Ok(())
    }
}

/// The typed answers as a record has them.
fn answers(decision: &Decision) -> Result<BTreeMap<String, Value>, serde_json::Error> {
    let plain = |(name, answer): (&str, &Answer)| Ok((name.to_owned(), serde_json::to_value(answer)?));
    decision.answers().map(plain).collect()
}

/// Whether an error is the one that the case must give.
fn is(error: &Error, of: &Faulty) -> bool {
    match error {
        Error::CaseRefused(faults) => of.refused.as_ref() == Some(faults),
        Error::SettingRefused(faults) => of.setting_refused.as_ref() == Some(faults),
        Error::ClaimBroken(claim) => of.broken.as_ref() == Some(claim),
        _ => false,
    }
}

fn unhex(digits: &str) -> Result<Vec<u8>, Box<dyn StdError>> {
    let byte = |at| Ok(u8::from_str_radix(digits.get(at..at + 2).ok_or("half a byte")?, 16)?);
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// The modules of a folder that have vectors, by name.
fn modules(folder: &str) -> Result<Vec<PathBuf>, Box<dyn StdError>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".vectors.json").map(str::to_owned));
    }
    names.sort();
    Ok(names.iter().map(|name| Path::new(folder).join(format!("{name}.wasm"))).collect())
}

fn main() -> Result<ExitCode, Box<dyn StdError>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [faulty, first, ..] = arguments.as_slice() else { return Err("corpus FAULTY.json FOLDER…".into()) };
    let mut tally = Tally::default();
    for folder in arguments.iter().skip(1) {
        for module in modules(folder)? {
            tally.vectors(&module)?;
        }
    }
    tally.faulty(Path::new(faulty), Path::new(first))?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    println!("records {}", tally.records.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    Ok(if tally.passed > 0 && tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! Tables of all the rules of `rules/`: what comes out of batches is what comes out of their rows one by one.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something does not hold")]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use concord_host::{Asking, Columns, Error, Given, Loading, Rule, Table, Type};
use serde_json::{Map, Value, json};

/// The facts of the cases with which a module is tried, and the instants at which they are judged where all have one.
fn columns(vectors: &Path, rule: &Rule) -> Columns {
    let read: Value = serde_json::from_slice(&fs::read(vectors).unwrap()).unwrap();
    let cases: Vec<&Map<String, Value>> =
        read["cases"].as_array().unwrap().iter().filter_map(|of| of["case"].as_object()).collect();
    let facts: BTreeSet<&str> = rule.schema().facts.iter().map(|fact| fact.name.as_str()).collect();
    let timed = !cases.is_empty() && cases.iter().all(|case| case.contains_key("as_of"));
    let names = facts.into_iter().chain(timed.then_some("as_of"));
    let entries = |name: &str| cases.iter().map(|case| case.get(name).cloned().unwrap_or_default()).collect();
    names.map(|name| (name.to_owned(), entries(name))).collect()
}

/// All that can be wanted of a rule, but for codes, which batches do not give here.
fn everything(rule: &Rule) -> Vec<String> {
    let parts = |name: &str| ["from", "due", "done"].map(|part| format!("{name}.{part}"));
    let one = |given: &Given| match &given.of {
        Some(Type { kind, .. }) if kind == "code" => Vec::new(),
        Some(_) => vec![given.name.clone()],
        None => [vec![given.name.clone()], parts(&given.name).to_vec()].concat(),
    };
    rule.schema().answers.iter().flat_map(one).collect()
}

/// What came out, or what was refused.
fn asked(rule: &Rule, columns: &Columns, want: &[&str]) -> Result<Table, Value> {
    match rule.evaluate_table(columns, want, &Asking::new()) {
        Ok(table) => Ok(table),
        Err(Error::CaseRefused(faults)) => Err(json!(faults)),
        Err(error) => Err(error.to_string().into()),
    }
}

fn modules() -> Vec<PathBuf> {
    let Some(folder) = env::var_os("CONCORD_MODULES") else { return Vec::new() };
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.to_string_lossy().ends_with(".vectors.json")).collect()
}

#[test]
fn batches_answer_as_cases_do() {
    for vectors in modules() {
        let module = vectors.with_extension("").with_extension("wasm");
        let drafts = Loading::new().allow_draft();
        let rule = Rule::load(&module, &drafts).unwrap();
        // Where decisions are logged, each row is asked about as a case.
        let one_by_one = Rule::load(&module, &drafts.on_decision(|_, _| ())).unwrap();
        let mut columns = columns(&vectors, &rule);
        let wanted = everything(&rule);
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let same = |columns: &Columns| {
            assert_eq!(asked(&rule, columns, &wanted), asked(&one_by_one, columns, &wanted), "{}", module.display());
        };
        same(&columns);
        columns.values_mut().for_each(|column| column.iter_mut().step_by(3).for_each(|entry| *entry = Value::Null));
        same(&columns);
        for (number, column) in columns.values_mut().enumerate() {
            column.iter_mut().skip(number).take(1).for_each(|entry| *entry = json!("<0.5"));
        }
        same(&columns);
    }
}

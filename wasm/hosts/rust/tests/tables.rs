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

/// A row as a case.
fn case(rule: &Rule, columns: &Columns, row: usize) -> String {
    let mut case: Map<String, Value> =
        columns.iter().map(|(name, column)| (name.clone(), column[row].clone())).collect();
    let kinds: Vec<&str> = rule.schema().events.iter().map(|event| event.name.as_str()).collect();
    if !kinds.is_empty() {
        case.insert("not_supplied".to_owned(), json!(kinds));
    }
    Value::Object(case).to_string()
}

/// What a table has of an answer as a record has it: its value, its kind, and its ends.
fn cells(answer: &Value) -> [Value; 4] {
    let kind = match (answer["kind"].as_str().unwrap(), answer["verdict"].as_str()) {
        (_, Some("unknown")) | ("unknown", _) => "unknown",
        ("none", _) => "none",
        _ => "value",
    };
    let value = if kind == "value" { answer.get("verdict").unwrap_or(&answer["value"]).clone() } else { Value::Null };
    [value, kind.into(), answer["possible"]["from"].clone(), answer["possible"]["to"].clone()]
}

/// The same where each row is asked about as a case.
fn one_by_one(rule: &Rule, columns: &Columns, want: &[&str]) -> Result<Table, Value> {
    let (mut table, mut faults) = (Table::new(), Vec::new());
    let ranged = |name: &str| {
        let of = rule.schema().answers.iter().find(|of| of.name == name).and_then(|of| of.of.as_ref());
        of.is_some_and(|of| ["number", "duration", "instant", "date", "time_of_day"].contains(&of.kind.as_str()))
    };
    for row in 0..columns.values().next().map_or(0, Vec::len) {
        let decision =
            match rule.evaluate(case(rule, columns, row), &Asking::new()) {
                Err(Error::ClaimBroken(_)) => Value::Null,
                Err(Error::CaseRefused(found)) => {
                    faults.extend(found.iter().map(
                        |of| json!({ "code": of.code, "at": format!("/{row}{}", of.at), "expected": of.expected }),
                    ));
                    continue;
                }
                decision => serde_json::from_str(&decision.unwrap().json).unwrap(),
            };
        for name in want {
            let mut put = |name: String, value: Value| table.entry(name).or_default().push(value);
            if let Some((answer, part)) =
                name.rsplit_once('.').filter(|_| !rule.schema().answers.iter().any(|of| of.name == *name))
            {
                put((*name).to_owned(), decision["answers"][answer][part].clone());
                continue;
            }
            let broken = [Value::Null, "broken".into(), Value::Null, Value::Null];
            let found = if decision.is_null() { broken } else { cells(&decision["answers"][name]) };
            let endings = if ranged(name) { &["", ".kind", ".from", ".to"][..] } else { &["", ".kind"][..] };
            for (ending, value) in endings.iter().zip(found) {
                put(format!("{name}{ending}"), value);
            }
        }
    }
    if faults.is_empty() { Ok(table) } else { Err(faults.into_iter().take(50).collect()) }
}

/// Faults without those beyond the last that is listed.
fn listed(found: Result<Table, Value>) -> Result<Table, Value> {
    found.map_err(|faults| {
        faults
            .as_array()
            .unwrap()
            .iter()
            .take(50)
            .map(|of| json!({ "code": of["code"], "at": of["at"], "expected": of["expected"] }))
            .collect()
    })
}

/// The rule with a fact of every kind, and the values that its columns are tried with; nothing where no modules were built.
fn kinds() -> Option<(Rule, Value)> {
    let folder = env::var_os("CONCORD_MODULES")?;
    let rule = Rule::load(Path::new(&folder).join("kinds/kinds.wasm"), &Loading::new().allow_draft()).unwrap();
    let corpus = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/rows.json")).unwrap();
    Some((rule, serde_json::from_slice(&corpus).unwrap()))
}

/// Values of every kind, each in a row between two others: as in the case with it.
#[test]
fn every_value_of_a_column_is_taken_as_in_a_case() {
    let Some((rule, corpus)) = kinds() else { return };
    for (fact, values) in corpus["values"].as_object().unwrap() {
        let good = &corpus["good"][fact];
        let name = if fact == "as_of" { "now".to_owned() } else { format!("of_{fact}") };
        for value in values.as_array().unwrap() {
            let mut columns = Columns::from([(fact.clone(), vec![good.clone(), value.clone(), good.clone()])]);
            columns.entry("as_of".to_owned()).or_insert_with(|| vec![corpus["as_of"].clone(); 3]);
            let (many, one) = (asked(&rule, &columns, &[&name]), one_by_one(&rule, &columns, &[&name]));
            assert_eq!(listed(many), listed(one), "{fact} {value}");
        }
    }
}

#[test]
fn settings_are_in_force_in_a_table_as_in_a_case() {
    let Some((rule, corpus)) = kinds() else { return };
    let names: Vec<String> = rule.schema().parameters.iter().map(|of| format!("of_{}", of.name)).collect();
    let want: Vec<&str> = names.iter().map(String::as_str).collect();
    let columns = Columns::from([("big".to_owned(), vec![json!(1)])]);
    for settings in corpus["settings"].as_array().unwrap() {
        let asking = Asking::new().as_of("2026-06-01T12:00:00Z").settings(settings.to_string());
        let one = rule.evaluate("{}", &asking).map(|decision| serde_json::from_str::<Value>(&decision.json).unwrap());
        match (one, rule.evaluate_table(&columns, &want, &asking)) {
            (Ok(one), Ok(many)) => {
                for name in &want {
                    assert_eq!(many[*name][0], one["answers"][name]["value"], "{settings} {name}");
                }
            }
            (one, many) => assert_eq!(one.unwrap_err().to_string(), many.unwrap_err().to_string(), "{settings}"),
        }
    }
    let nobody = rule.evaluate("{}", &Asking::new().member("X")).unwrap_err();
    assert!(nobody.to_string().contains("no member: the rule knows none"), "{nobody}");
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
        let mut columns = columns(&vectors, &rule);
        let wanted = everything(&rule);
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let same = |columns: &Columns| {
            assert_eq!(
                listed(asked(&rule, columns, &wanted)),
                listed(one_by_one(&rule, columns, &wanted)),
                "{}",
                module.display()
            );
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

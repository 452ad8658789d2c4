//! Answers of many cases, column by column.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::answer::{Answer, Verdict};
use crate::ask::Asking;
use crate::error::{Error, Fault};
use crate::rule::Rule;

/// Facts by name, each with an entry for every case; one that is null is missing. `as_of` may be one of them.
pub type Columns = BTreeMap<String, Vec<Value>>;
/// What came out, by name.
pub type Table = BTreeMap<String, Vec<Value>>;

/// How many faults are listed.
const MOST_FAULTS: usize = 50;

/// The types of which an unknown lies between two values.
const RANGES: [&str; 5] = ["number", "duration", "instant", "date", "time_of_day"];

/// What is wanted of an answer.
enum Wanted {
    /// All of one that lies between two values where it is unknown, or of any other.
    Whole(String, bool),
    /// A part of a verdict.
    Part(String, fn(&Verdict) -> Value, String),
}

impl Rule {
    /// Answers many cases without events; every kind of event counts as not supplied. For a wanted answer come out `NAME`, `NAME.kind` and, of what can lie
    /// between two values, `NAME.from` and `NAME.to`; `NAME.due` and the like of an obligation where they are wanted by this name.
    ///
    /// # Errors
    /// As [`Rule::evaluate`]; when there is no such answer, or the columns are not of one length.
    pub fn evaluate_table(&self, columns: &Columns, want: &[&str], asking: &Asking) -> Result<Table, Error> {
        let rows = columns.values().next().map_or(0, Vec::len);
        if let Some((name, _)) = columns.iter().find(|(_, column)| column.len() != rows) {
            return Err(Error::Unnamed(format!("column `{name}` of {rows} entries")));
        }
        let wanted = want.iter().map(|name| self.wanted(name)).collect::<Result<Vec<_>, _>>()?;
        let (mut table, mut faults) = (Table::new(), Vec::new());
        for row in 0..rows {
            match self.evaluate(self.row(columns, row), asking) {
                Ok(decision) => {
                    for wanted in &wanted {
                        let (Wanted::Whole(name, _) | Wanted::Part(name, ..)) = wanted;
                        add(&mut table, wanted, Some(decision.answer(name)?));
                    }
                }
                Err(Error::ClaimBroken(_)) => wanted.iter().for_each(|wanted| add(&mut table, wanted, None)),
                Err(Error::CaseRefused(found)) => {
                    let at_row = |fault: Fault| Fault { at: format!("/{row}{}", fault.at), ..fault };
                    faults.extend(found.into_iter().map(at_row));
                    if faults.len() > MOST_FAULTS {
                        faults.truncate(MOST_FAULTS);
                        faults.push(Fault { code: "D19".to_owned(), at: String::new(), expected: None });
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if faults.is_empty() { Ok(table) } else { Err(Error::CaseRefused(faults)) }
    }

    /// The text of one case.
    fn row(&self, columns: &Columns, row: usize) -> String {
        let entry = |(name, column): (&String, &Vec<Value>)| Some((name.clone(), column.get(row)?.clone()));
        let mut case: Map<String, Value> = columns.iter().filter_map(entry).collect();
        let events = &self.schema().events;
        if !events.is_empty() {
            let kinds: Vec<Value> = events.iter().map(|event| event.name.as_str().into()).collect();
            case.insert("not_supplied".to_owned(), kinds.into());
        }
        Value::Object(case).to_string()
    }

    fn wanted(&self, name: &str) -> Result<Wanted, Error> {
        let given = |name: &str| self.schema().answers.iter().find(|given| given.name == name);
        if let Some(given) = given(name) {
            let between = given.of.as_ref().is_some_and(|of| RANGES.contains(&of.kind.as_str()));
            return Ok(Wanted::Whole(name.to_owned(), between));
        }
        let none = || Error::Unnamed(format!("answer `{name}` of {}", self.info().package));
        let (answer, part) = name.rsplit_once('.').ok_or_else(none)?;
        given(answer).filter(|given| given.of.is_none()).ok_or_else(none)?;
        let part: fn(&Verdict) -> Value = match part {
            "from" => |of| of.from.clone().into(),
            "due" => |of| of.due.clone().into(),
            "due_on" => |of| of.due_on.clone().into(),
            "done" => |of| of.done.clone().into(),
            "late_by" => |of| of.late_by.clone().into(),
            "late_by_days" => |of| of.late_by_days.into(),
            "late_by_working_days" => |of| of.late_by_working_days.into(),
            "excuse" => |of| of.excuse.clone().into(),
            _ => return Err(none()),
        };
        Ok(Wanted::Part(answer.to_owned(), part, name.to_owned()))
    }
}

/// Adds an answer of a case, or none, where it reaches what the rule claims to be impossible.
fn add(table: &mut Table, wanted: &Wanted, answer: Option<&Answer>) {
    let mut put = |name: String, entry: Value| table.entry(name).or_default().push(entry);
    let (name, between) = match wanted {
        Wanted::Part(_, part, name) => {
            let entry = if let Some(Answer::Verdict { verdict, .. }) = answer { part(verdict) } else { Value::Null };
            put(name.clone(), entry);
            return;
        }
        Wanted::Whole(name, between) => (name, between),
    };
    let (mut from, mut to) = (Value::Null, Value::Null);
    let (kind, value) = match answer {
        None => ("broken", Value::Null),
        Some(Answer::Value { value, .. }) => ("value", value.clone()),
        Some(Answer::None { .. }) => ("none", Value::Null),
        Some(Answer::Unknown { possible, .. }) => {
            from = possible.from.clone().into();
            to = possible.to.clone().into();
            ("unknown", Value::Null)
        }
        Some(Answer::Verdict { verdict, .. }) if verdict.verdict == "unknown" => ("unknown", Value::Null),
        Some(Answer::Verdict { verdict, .. }) => ("value", verdict.verdict.as_str().into()),
    };
    put(name.clone(), value);
    put(format!("{name}.kind"), kind.into());
    if *between {
        put(format!("{name}.from"), from);
        put(format!("{name}.to"), to);
    }
}

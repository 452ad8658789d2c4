//! What comes out of a table: what is wanted, and what is known of it in each row.

use serde_json::Value;

use super::Table;
use crate::answer::{Answer, Verdict};
use crate::decision::Decision;
use crate::error::Error;
use crate::info::Given;

/// The types of which an unknown lies between two values.
const RANGES: [&str; 5] = ["number", "duration", "instant", "date", "time_of_day"];

/// What is wanted of an answer.
pub(super) struct Wanted {
    /// The answer.
    pub(super) answer: String,
    /// All of it, or what of a verdict.
    pub(super) part: Option<Part>,
    /// Whether it lies between two values where it is unknown.
    between: bool,
}

/// A part of a verdict: its name, and what it is.
pub(super) type Part = (&'static str, fn(&Verdict) -> Value);

/// The parts of a verdict that may be wanted.
const PARTS: [Part; 8] = [
    ("from", |of| of.from.clone().into()),
    ("due", |of| of.due.clone().into()),
    ("due_on", |of| of.due_on.clone().into()),
    ("done", |of| of.done.clone().into()),
    ("late_by", |of| of.late_by.clone().into()),
    ("late_by_days", |of| of.late_by_days.into()),
    ("late_by_working_days", |of| of.late_by_working_days.into()),
    ("excuse", |of| of.excuse.clone().into()),
];

impl Wanted {
    /// What a name asks for, where a rule with these answers has it.
    pub(super) fn of(answers: &[Given], name: &str) -> Option<Wanted> {
        let given = |name: &str| answers.iter().find(|given| given.name == name);
        if let Some(given) = given(name) {
            let between = given.of.as_ref().is_some_and(|of| RANGES.contains(&of.kind.as_str()));
            return Some(Wanted { answer: name.to_owned(), part: None, between });
        }
        let (answer, part) = name.rsplit_once('.')?;
        given(answer).filter(|given| given.of.is_none())?;
        let part = PARTS.into_iter().find(|(of, _)| *of == part)?;
        Some(Wanted { answer: answer.to_owned(), part: Some(part), between: false })
    }
}

/// What is known of an answer in a row.
#[derive(Clone)]
pub(super) struct Cell {
    /// `value`, `none`, `unknown` or `broken`.
    pub(super) kind: &'static str,
    pub(super) value: Value,
    /// Where it is unknown, between which two it lies.
    pub(super) ends: Option<(Value, Value)>,
}

impl Cell {
    /// One without a value.
    pub(super) fn without(kind: &'static str) -> Cell {
        Cell { kind, value: Value::Null, ends: None }
    }

    pub(super) fn value(value: Value) -> Cell {
        Cell { kind: "value", value, ends: None }
    }

    fn of(answer: &Answer, part: Option<Part>) -> Cell {
        match (answer, part) {
            (Answer::Verdict { verdict, .. }, Some((_, part))) => Cell::value(part(verdict)),
            (Answer::Value { value, .. }, _) => Cell::value(value.clone()),
            (Answer::None { .. }, _) => Cell::without("none"),
            (Answer::Unknown { possible, .. }, _) => {
                let ends = possible.from.clone().zip(possible.to.clone());
                Cell { ends, ..Cell::without("unknown") }
            }
            (Answer::Verdict { verdict, .. }, None) if verdict.verdict == "unknown" => Cell::without("unknown"),
            (Answer::Verdict { verdict, .. }, None) => Cell::value(verdict.verdict.as_str().into()),
        }
    }
}

/// The cells of all rows, for each that is wanted.
pub(super) struct Cells {
    pub(super) wanted: Vec<Wanted>,
    columns: Vec<Vec<Cell>>,
}

impl Cells {
    pub(super) fn new(wanted: Vec<Wanted>, rows: usize) -> Cells {
        let columns = vec![vec![Cell::without("unknown"); rows]; wanted.len()];
        Cells { wanted, columns }
    }

    /// What is known of a wanted answer, by its place, in a row.
    pub(super) fn put(&mut self, place: usize, row: usize, cell: Cell) {
        if let Some(of) = self.columns.get_mut(place).and_then(|column| column.get_mut(row)) {
            *of = cell;
        }
    }

    /// A row that was asked about as a case.
    pub(super) fn decided(&mut self, row: usize, decision: &Decision) -> Result<(), Error> {
        for place in 0..self.wanted.len() {
            let Some(Wanted { answer, part, .. }) = self.wanted.get(place) else { continue };
            let cell = Cell::of(decision.answer(answer)?, *part);
            self.put(place, row, cell);
        }
        Ok(())
    }

    /// A row that reaches what the rule claims to be impossible.
    pub(super) fn broken(&mut self, row: usize) {
        (0..self.wanted.len()).for_each(|place| self.put(place, row, Cell::without("broken")));
    }

    /// The columns and their names.
    pub(super) fn table(self) -> Table {
        let mut table = Table::new();
        for (Wanted { answer, part, between }, column) in self.wanted.into_iter().zip(self.columns) {
            let (mut values, mut kinds) = (Vec::with_capacity(column.len()), Vec::with_capacity(column.len()));
            let (mut from, mut to) = (Vec::new(), Vec::new());
            for Cell { kind, value, ends } in column {
                values.push(value);
                kinds.push(Value::from(kind));
                if between {
                    let (least, most) = ends.unwrap_or_default();
                    from.push(least);
                    to.push(most);
                }
            }
            if let Some((part, _)) = part {
                table.insert(format!("{answer}.{part}"), values);
                continue;
            }
            table.insert(format!("{answer}.kind"), kinds);
            if between {
                table.insert(format!("{answer}.from"), from);
                table.insert(format!("{answer}.to"), to);
            }
            table.insert(answer, values);
        }
        table
    }
}

//! A table as CSV, field by field.

use crate::results::Audit;
use crate::words::no_formula;

/// A field of a row.
#[derive(Clone)]
pub(super) enum Field {
    /// Text from outside: neutralised and quoted where it must be.
    Text(String),
    /// A count.
    Count(u64),
    /// What stands for a count that small-number control hides.
    Hidden(&'static str),
    /// A figure; empty when there is none.
    Figure(Option<f64>),
    /// Yes or no.
    Flag(bool),
}

/// A file in the making.
pub(super) struct Table {
    pub(super) content: String,
}

impl Table {
    /// A table of these columns, whose names stand in one line, and of those that tell its run from others of the same package.
    pub(super) fn new(columns: &str) -> Table {
        let mut table = Table { content: String::new() };
        table.line(&columns.split_whitespace().chain(["run", "as_of"]).map(text).collect::<Vec<_>>());
        table
    }

    /// A row of a run.
    pub(super) fn row(&mut self, run: &Audit, fields: &[Field]) {
        // One that an earlier release wrote has no number.
        let number = if run.run > 0 { Field::Count(run.run) } else { text("") };
        self.line(&[fields, &[number, text(&run.as_of)][..]].concat());
    }

    fn line(&mut self, fields: &[Field]) {
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.content.push(',');
            }
            self.content.push_str(&written(field));
        }
        self.content.push_str("\r\n");
    }
}

pub(super) fn text(value: &str) -> Field {
    Field::Text(value.to_string())
}

fn written(field: &Field) -> String {
    match field {
        Field::Text(value) => quoted(&no_formula(value)),
        Field::Count(n) => n.to_string(),
        Field::Hidden(instead) => (*instead).to_string(),
        Field::Figure(Some(x)) if x.is_finite() => x.to_string(),
        Field::Figure(_) => String::new(),
        Field::Flag(flag) => if *flag { "yes" } else { "no" }.to_string(),
    }
}

fn quoted(value: &str) -> String {
    let quote = value.contains([',', '"', '\n', '\r', ';', '\t']) || value.starts_with(' ') || value.ends_with(' ');
    if quote { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_string() }
}

/// Which logic a row comes from: package, its version, and the name in it.
pub(super) fn which(audit: &Audit, name: &str) -> Vec<Field> {
    vec![text(&audit.logic.package), text(&audit.logic.version), text(name)]
}

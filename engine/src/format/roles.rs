//! What the tree knows of a line: whether an entry or a table row begins there.

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::tree::{Asks, File, Item, RowOutput, Table};
use crate::text::Span;

/// A table row or header: the spans of its cells and of its answers.
#[derive(Default)]
pub struct Cells {
    /// Which table.
    pub table: u32,
    /// Left of the bar.
    pub inputs: Vec<Span>,
    /// Right of the bar.
    pub outputs: Vec<Span>,
}

/// By the place where a line begins.
#[derive(Default)]
pub struct Roles {
    /// Entries of blocks whose first words stand in a column: the place, and the end of those words.
    pub keyed: BTreeSet<u32>,
    /// The values of enums.
    pub variants: BTreeSet<u32>,
    /// The entries of a `choose`: the place, and the end of the answer.
    pub answers: BTreeMap<u32, u32>,
    /// Other entries and declarations.
    pub entries: BTreeSet<u32>,
    /// Rows and headers.
    pub rows: BTreeMap<u32, Cells>,
}

impl Roles {
    /// What the tree says.
    pub fn of(file: &File) -> Roles {
        let mut roles = Roles::default();
        if let Some(package) = &file.package {
            roles.entries.insert(package.span.start);
            roles.keyed.extend(package.entries.iter().map(|entry| entry.span.start));
        }
        roles.entries.extend(file.uses.iter().map(|one| one.span.start));
        for item in &file.items {
            roles.item(item);
        }
        roles
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Subject(subject) => {
                self.entries.insert(subject.span.start);
                self.entries.extend(subject.facts.iter().map(|fact| fact.span.start));
                self.entries.extend(subject.ends.iter().map(|ends| ends.span.start));
                for event in &subject.events {
                    self.entries.insert(event.span.start);
                    self.entries.extend(event.fields.iter().map(|fact| fact.span.start));
                }
            }
            Item::Table(table) => self.table(table),
            Item::Obligation(obligation) => {
                self.entries.insert(obligation.span.start);
                self.keyed.extend(obligation.clauses.iter().map(|clause| clause.span.start));
            }
            Item::Clock(clock) => {
                self.entries.insert(clock.span.start);
                self.keyed.extend(clock.edges.iter().map(|edge| edge.span.start));
            }
            Item::Path(path) => {
                self.entries.insert(path.span.start);
                for stage in &path.stages {
                    self.keyed.insert(stage.span.start);
                    if stage.events.len() > 1 {
                        self.entries.extend(stage.events.iter().map(|event| event.span.start));
                    }
                }
            }
            Item::Measure(measure) => {
                self.entries.insert(measure.span.start);
                self.keyed.extend(measure.entries.iter().map(|entry| entry.span.start));
            }
            Item::Member(member) => {
                self.entries.insert(member.span.start);
                self.entries.extend(member.settings.iter().map(|setting| setting.span.start));
            }
            Item::Enum(one) => {
                self.entries.insert(one.span.start);
                let starts = one.variants.iter().map(|variant| variant.name.span.start);
                self.variants.extend(starts.clone());
                self.entries.extend(starts);
            }
            Item::Codes(codes) => {
                self.entries.insert(codes.span.start);
                self.entries.extend(codes.codes.iter().map(|code| code.span.start));
            }
            Item::Events(one) => {
                self.entries.insert(one.span.start);
            }
            Item::Parameter(one) => {
                self.entries.insert(one.span.start);
            }
            Item::Define(one) => {
                self.entries.insert(one.span.start);
            }
            Item::Example(one) => {
                self.entries.insert(one.span.start);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let id = table.span.start;
        self.entries.insert(id);
        let inputs: Vec<Span> = table.inputs.iter().map(|column| column.span).collect();
        if let Some(first) = inputs.first().copied() {
            let outputs = table.outputs.iter().map(|name| name.span).collect();
            self.rows.insert(first.start, Cells { table: id, inputs, outputs });
        }
        for row in &table.rows {
            let outputs = match &row.outputs {
                RowOutput::Values(values) => values.iter().map(|value| value.span).collect(),
                RowOutput::Impossible(span) => vec![*span],
            };
            match &row.asks {
                Asks::Cells(cells) if !cells.is_empty() => {
                    let inputs = cells.iter().map(|cell| cell.span).collect();
                    self.rows.insert(row.span.start, Cells { table: id, inputs, outputs });
                }
                Asks::Cells(_) => {}
                Asks::When(_) | Asks::Otherwise(_) => {
                    let end = outputs.last().map_or(row.span.start, |span| span.end);
                    self.entries.insert(row.span.start);
                    self.answers.insert(row.span.start, end);
                }
            }
        }
    }
}

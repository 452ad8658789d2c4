//! The logic fingerprint: a hash of what a package means, by its path and version.
//!
//! Comments, layout, labels, citations and the order of declarations do not change it; names of facts, events and
//! answers, ranges, rows, values and contracts do, and so does what a case is read by: other units and their factors, codes, and which of
//! several counts. Cells are hashed by their content, never by their number.

use sha2::{Digest, Sha256};

use super::coding::{Coded, Taking};
use super::{
    AnswerKind, ById, CellId, ColumnId, Contract, Expr, Id, Input, Kinds, Level, Op, OtherUnit, Package, Parameter,
    PathOf, Plan, Query, Shape, Step, Table,
};
use crate::values::dimension::Conversion;
use crate::values::types::Type;

/// The language version: it changes when the same text comes to mean something else.
pub const LANGUAGE: &str = "concord language 1";

pub(super) type Hash = [u8; 32];

/// The fingerprint as 64 hexadecimal digits.
#[must_use]
pub fn fingerprint(package: &Package) -> String {
    let Package { credentials, plan, .. } = package;
    let hasher = Hasher::new(plan);
    let mut parts: Vec<Hash> = Vec::new();
    parts.push(text(&format!("package {} {}", credentials.path, credentials.version)));
    parts.extend(plan.subject.inputs.iter().map(|i| input("fact", i)));
    for event in &plan.subject.events {
        parts.push(text(&format!("event {}", event.name)));
        parts.extend(event.fields.iter().map(|f| input(&format!("field {}", event.name), f)));
    }
    parts.extend(read_by(package));
    parts.extend(plan.parameters.iter().map(|p| hasher.parameter(p)));
    parts.extend(plan.answers.iter().map(|answer| match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            join("answer", &[text(&answer.name), type_hash(ty), hasher.cell(*cell)])
        }
        AnswerKind::Obligation(o) => {
            let cells = [o.verdict, o.trigger, o.due, o.done, o.excuse].map(|cell| hasher.cell(cell));
            let excuses = text(&o.excuses.join("\u{1f}"));
            join("obligation", &[&[text(&answer.name), excuses][..], &cells[..]].concat())
        }
    }));
    parts.sort_unstable();
    hex(&join(LANGUAGE, &parts))
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let mut text = String::with_capacity(2 * bytes.len());
    text.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit));
    text
}

/// What a case is read by beside the ranges of its facts: other units, the codes by which records know them, and which of several in a
/// record counts. Each stands for itself, so that their order is none of it, and a package without them has nothing of it.
fn read_by(package: &Package) -> Vec<Hash> {
    let Package { plan, codings, choices, takings, .. } = package;
    let mut parts: Vec<Hash> = Vec::new();
    for of in what_is_read(plan) {
        let name = coded(plan, of);
        let known = codings.iter().filter(|coding| coding.of == of);
        parts.extend(known.map(|coding| text(&format!("code of {name} {} {}", coding.system.word, coding.code))));
        let Some(input) = input_of(plan, of) else { continue };
        for OtherUnit { unit, conversion: Conversion { times, plus, over } } in &input.also {
            parts.push(text(&format!("unit of {name} {unit} {times} {plus} {over}")));
        }
        if let Type::Enum { name: declared, .. } = &input.ty {
            let of = choices.iter().filter(|choice| choice.of == *declared);
            parts.extend(of.map(|one| {
                text(&format!("code of a choice of {name} {} {} {}", one.choice, one.system.word, one.code))
            }));
        }
    }
    parts.extend(takings.iter().map(|Taking { fact, which, within }| {
        let within = within.map_or_else(|| "any time".to_owned(), |within| within.to_string());
        text(&format!("taking of {} {} {within}", coded(plan, Coded::Fact(*fact)), which.word()))
    }));
    parts
}

/// All that a record may have a code for.
fn what_is_read(plan: &Plan) -> Vec<Coded> {
    let subject = &plan.subject;
    let facts = (0..subject.inputs.len()).map(|place| Coded::Fact(Id::at(place)));
    let labels = (0..subject.labels.len()).map(|place| Coded::Label(Id::at(place)));
    let mut all: Vec<Coded> = facts.chain(labels).collect();
    for (kind, event) in subject.events.iter().enumerate() {
        all.push(Coded::Event(Id::at(kind)));
        all.extend((0..event.fields.len()).map(|field| Coded::Field(Id::at(kind), Id::at(field))));
    }
    all
}

fn input_of(plan: &Plan, of: Coded) -> Option<&Input> {
    match of {
        Coded::Fact(fact) => plan.subject.inputs.get(fact),
        Coded::Field(kind, field) => plan.subject.events.get(kind)?.fields.get(field),
        Coded::Label(_) | Coded::Event(_) => None,
    }
}

fn coded(plan: &Plan, of: Coded) -> String {
    let event = |kind| plan.subject.events.get(kind).map_or("", |event| event.name.as_str());
    let input = input_of(plan, of).map_or("", |input| input.name.as_str());
    match of {
        Coded::Fact(_) => format!("fact {input}"),
        Coded::Label(label) => {
            format!("fact {}", plan.subject.labels.get(label).map_or("", |label| label.name.as_str()))
        }
        Coded::Event(kind) => format!("event {}", event(kind)),
        Coded::Field(kind, _) => format!("field {} {input}", event(kind)),
    }
}

/// What each cell and column comes to.
pub(super) struct Hasher<'a> {
    plan: &'a Plan,
    cells: ById<CellId, Hash>,
    columns: ById<ColumnId, Hash>,
}

impl<'a> Hasher<'a> {
    /// Hashes every cell and column in order of the steps, so that each is worked out once.
    pub(super) fn new(plan: &'a Plan) -> Hasher<'a> {
        let mut hasher = Hasher {
            plan,
            cells: ById::filled([0; 32], plan.cells.len()),
            columns: ById::filled([0; 32], plan.columns.len()),
        };
        for step in &plan.steps {
            match step {
                Step::Value { cell, expr } => {
                    let hash = hasher.expr(expr);
                    hasher.set(*cell, hash);
                }
                Step::Column { column, kinds, expr } => {
                    let hash = join(&hasher.kinds(*kinds), &[hasher.expr(expr)]);
                    if let Some(place) = hasher.columns.get_mut(*column) {
                        *place = join("column", &[*place, hash]);
                    }
                }
                Step::Table(table) => hasher.table(table),
            }
        }
        hasher
    }

    fn set(&mut self, cell: CellId, hash: Hash) {
        if let Some(place) = self.cells.get_mut(cell) {
            *place = hash;
        }
    }

    pub(super) fn cell(&self, cell: CellId) -> Hash {
        self.cells.get(cell).copied().unwrap_or_default()
    }

    fn table(&mut self, table: &Table) {
        let mut rows: Vec<Hash> = table
            .rows
            .iter()
            .map(|row| {
                let conditions: Vec<Hash> = row.conditions(&table.columns).iter().map(|c| self.expr(c)).collect();
                let outputs: Vec<Hash> = row.outputs.iter().flatten().map(|o| self.expr(o)).collect();
                join(
                    if row.outputs.is_some() { "row" } else { "impossible" },
                    &[join("when", &conditions), join("then", &outputs)],
                )
            })
            .collect();
        if !table.first {
            rows.sort_unstable();
        }
        let whole = join(if table.first { "first" } else { "unique" }, &rows);
        self.set(table.row_cell, join("row of", &[whole]));
        for (column, cell) in table.output_cells.iter().enumerate() {
            self.set(*cell, join(&format!("output {column}"), &[whole]));
        }
    }

    fn expr(&self, expr: &Expr) -> Hash {
        let leaf = match &expr.op {
            Op::Cell(cell) => return self.cell(*cell),
            Op::Column(column, level) => return self.column(*column, *level),
            Op::Parameter(index) => {
                return self.plan.parameters.get(*index).map_or_else(Hash::default, |p| self.parameter(p));
            }
            Op::Query(query) => return self.query(query),
            Op::Path(path) => return self.path(path),
            Op::Input(fact) => self.plan.subject.inputs.get(*fact).map(|i| format!("fact {}", i.name)),
            Op::Field(kind, field, level) => self
                .plan
                .subject
                .events
                .get(*kind)
                .map(|e| format!("field {level} {} {}", e.name, e.fields.get(*field).map_or("", |f| &f.name))),
            Op::Constant(value) => Some(format!("constant {}", self.value(*value))),
            Op::Choice(variant) => Some(format!("choice {variant}")),
            Op::Within(_, low, high) => Some(format!("within {} {}", self.value(*low), self.value(*high))),
            Op::At(level) => Some(format!("at {level}")),
            Op::Order(level) => Some(format!("order {level}")),
            Op::Divide(_, _, how) => Some(format!("divide {how:?}")),
            Op::Formula(f) => Some(format!("{} {} {:?} {:?}", super::formula::METHOD, f.places, f.how, f.value)),
            Op::Overlap(o) => Some(format!("by the clock {} {}", o.from, o.until)),
            Op::InList(_, list) => self.plan.lists.get(*list).map(|l| self.list(&l.values)),
            Op::AddWorkingDays(..) => Some(format!("add working days {:?}", self.plan.holidays)),
            Op::OneOf(_, mask) => Some(format!("one of {mask}")),
            Op::Decided(_, mask, _) => Some(format!("decided {mask}")),
            op => Some(op.word().to_owned()),
        };
        let mut operands: Vec<Hash> = expr.op.operands().into_iter().map(|e| self.expr(e)).collect();
        if self.is_among_listed(&expr.op) {
            operands.sort_unstable();
        }
        join(&leaf.unwrap_or_default(), &operands)
    }

    /// A value; a listed code by its text, since its number depends on what else the package names.
    fn value(&self, value: i64) -> String {
        self.plan.codes.text(value).map_or_else(|| value.to_string(), |code| format!("code {code}"))
    }

    fn list(&self, values: &[i64]) -> String {
        if values.iter().all(|value| self.plan.codes.text(*value).is_none()) {
            return format!("in list {values:?}");
        }
        let mut texts: Vec<String> = values.iter().map(|value| self.value(*value)).collect();
        texts.sort_unstable();
        format!("in list {texts:?}")
    }

    /// Whether these are alternatives in the order of the numbers of listed codes.
    fn is_among_listed(&self, op: &Op) -> bool {
        let listed = |expr: &Expr| matches!(expr.op, Op::Within(_, low, _) if self.plan.codes.text(low).is_some());
        matches!(op, Op::Or(parts) if parts.iter().any(listed))
    }

    fn parameter(&self, p: &Parameter) -> Hash {
        let contract = match p.contract {
            Contract::Fixed => "fixed".to_owned(),
            Contract::Within(low, high) => format!("{low}..{high}"),
        };
        let value = p.value.map_or_else(|| "required".to_owned(), |v| self.value(v));
        let whole = text(&format!("{} {} {value} {contract}", p.name, shape_words(p.shape)));
        let who: Vec<Hash> = p.tiers.iter().map(|tier| text(&format!("for {tier}"))).collect();
        join("parameter", &[&[whole, type_hash(&p.ty)][..], &who[..]].concat())
    }

    pub(super) fn column(&self, column: ColumnId, level: Level) -> Hash {
        join(&format!("column at {level}"), &[self.columns.get(column).copied().unwrap_or_default()])
    }

    fn kinds(&self, kinds: Kinds) -> String {
        let mut names: Vec<&str> = kinds
            .places()
            .filter_map(|kind| self.plan.subject.events.get(kind))
            .map(|kind| kind.name.as_str())
            .collect();
        names.sort_unstable();
        names.join(" ")
    }

    fn path(&self, path: &PathOf) -> Hash {
        let PathOf { kinds, column, states, symbols, next, left, gives } = path;
        let symbol = self.columns.get(*column).copied().unwrap_or_default();
        join(&format!("path {gives:?} {states} {symbols} {left} {next:?} {}", self.kinds(*kinds)), &[symbol])
    }

    fn query(&self, query: &Query) -> Hash {
        let alternatives: Vec<Hash> = query
            .alternatives
            .iter()
            .map(|a| join(&self.kinds(a.kinds), &[self.expr(&a.filter), self.expr(&a.value)]))
            .collect();
        join(&format!("{:?}", query.function), &alternatives)
    }
}

fn input(kind: &str, input: &Input) -> Hash {
    join(kind, &[text(&format!("{} {}", input.name, shape_words(input.shape))), type_hash(&input.ty)])
}

fn shape_words(shape: Shape) -> String {
    format!("{:?} {} {} {}", shape.class, shape.optional, shape.low, shape.high)
}

pub(super) fn type_hash(ty: &Type) -> Hash {
    text(&match ty {
        Type::Number { places, unit } => {
            format!("number {places} {}", unit.as_deref().unwrap_or(""))
        }
        Type::Enum { variants, .. } => format!("choice {}", variants.join(" ")),
        other => format!("{other:?}"),
    })
}

pub(super) fn text(words: &str) -> Hash {
    join(words, &[])
}

pub(super) fn join(tag: &str, parts: &[Hash]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update((tag.len() as u64).to_le_bytes());
    hasher.update(tag.as_bytes());
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

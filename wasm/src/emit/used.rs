//! What the logic looks at: facts, parameters, kinds of event, fields, cells.

use std::collections::BTreeSet;

use concord_engine::plan::{Expr, Function, Level, Op, Plan, Query, Step};

/// What the logic looks at.
#[derive(Default)]
pub(super) struct Used {
    /// Bits of facts.
    pub(super) inputs: u64,
    /// Bits of kinds of event.
    pub(super) kinds: u64,
    /// Bits of parameters.
    pub(super) parameters: u64,
    /// Cells that some later step looks at.
    pub(super) cells: BTreeSet<usize>,
    /// Columns that some later step looks at.
    pub(super) columns: BTreeSet<usize>,
    /// Whether the instant asked about matters.
    pub(super) as_of: bool,
    /// How deep medians stand inside medians.
    pub(super) medians: u32,
    /// Whether there is a published formula.
    pub(super) formulas: bool,
}

impl Used {
    pub(super) fn of(plan: &Plan) -> Used {
        let mut used = Used::default();
        for step in plan.steps.iter().rev() {
            match step {
                Step::Value { expr, .. } => used.visit(expr, 0),
                Step::Column { column, kinds, expr } => {
                    if used.columns.contains(column) {
                        used.kinds |= kinds.0;
                        used.visit(expr, 0);
                    }
                }
                Step::Table(table) => {
                    for row in &table.rows {
                        row.conditions.iter().for_each(|e| used.visit(e, 0));
                        row.outputs.iter().flatten().for_each(|e| used.visit(e, 0));
                    }
                }
            }
        }
        used
    }

    fn visit(&mut self, expr: &Expr, medians: u32) {
        match &expr.op {
            Op::Input(index) => self.inputs |= bit(*index),
            Op::Parameter(index) => self.parameters |= bit(*index),
            Op::Cell(cell) => {
                self.cells.insert(*cell);
            }
            Op::Column(column, _) => {
                self.columns.insert(*column);
            }
            Op::Query(query) => {
                let medians = medians + u32::from(query.function == Function::MedianDoubled);
                self.medians = self.medians.max(medians);
                self.as_of = true;
                for alternative in &query.alternatives {
                    self.kinds |= alternative.kinds.0;
                }
                inner(query).for_each(|e| self.visit(e, medians));
            }
            Op::Path(path) => {
                self.as_of = true;
                self.kinds |= path.kinds.0;
                self.columns.insert(path.column);
            }
            Op::AsOf => self.as_of = true,
            Op::Formula(_) => self.formulas = true,
            _ => {}
        }
        expr.op.operands().into_iter().for_each(|operand| self.visit(operand, medians));
    }
}

/// Whether a question looks at the values of its alternatives.
pub(super) fn takes_values(query: &Query) -> bool {
    !matches!(query.function, Function::Count | Function::Any)
}

/// The expressions of a question that are looked at.
fn inner(query: &Query) -> impl Iterator<Item = &Expr> {
    let values = takes_values(query);
    query.alternatives.iter().flat_map(move |a| std::iter::once(&a.filter).chain(values.then_some(&a.value)))
}

/// The fields that an expression takes of the event at a level: kind and field.
pub(super) fn fields_at(expr: &Expr, level: Level, found: &mut BTreeSet<(usize, usize)>) {
    match &expr.op {
        Op::Field(kind, field, at) if *at == level => {
            found.insert((*kind, *field));
        }
        Op::Query(query) => inner(query).for_each(|e| fields_at(e, level + 1, found)),
        op => op.operands().into_iter().for_each(|e| fields_at(e, level, found)),
    }
}

fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

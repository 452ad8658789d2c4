//! What the logic reads: facts, parameters, kinds of event, fields, cells, columns.

use std::collections::BTreeSet;

use concord_engine::plan::{
    Alternative, CellId, ColumnId, Expr, FieldId, Function, Id, KindId, Kinds, Level, Op, Plan, Query, Step,
};

use crate::abi::Layout;

/// What the logic reads.
#[derive(Default)]
pub(crate) struct Reads {
    /// Bits of facts.
    pub(crate) inputs: u64,
    /// Bits of kinds of event.
    pub(crate) kinds: u64,
    /// Bits of parameters.
    pub(crate) parameters: u64,
    /// Cells that some later step reads.
    pub(crate) cells: BTreeSet<CellId>,
    /// Columns that some later step reads.
    pub(crate) columns: BTreeSet<ColumnId>,
    /// Whether the instant asked about matters.
    pub(crate) as_of: bool,
    /// How often the first or the last of several events is asked for.
    pub(crate) nearest: u32,
    /// How deep medians stand inside medians.
    pub(crate) medians: u32,
    /// Whether there is a published formula.
    pub(crate) formulas: bool,
}

impl Reads {
    pub(crate) fn of(plan: &Plan) -> Reads {
        let mut reads = Reads::default();
        for each in &plan.judged {
            reads.kinds |= Kinds::one(each.kind).0;
            reads.columns.extend(each.columns());
        }
        for step in plan.steps.iter().rev() {
            match step {
                Step::Value { expr, .. } => reads.visit(expr, 0),
                Step::Column { column, kinds, expr } => {
                    if reads.columns.contains(column) {
                        reads.kinds |= kinds.0;
                        reads.visit(expr, 0);
                    }
                }
                Step::Table(table) => {
                    table.tested().for_each(|(_, column)| reads.visit(&column.expr, 0));
                    table.rows.iter().flat_map(|row| &row.outputs).flatten().for_each(|e| reads.visit(e, 0));
                }
            }
        }
        reads
    }

    fn visit(&mut self, expr: &Expr, medians: u32) {
        match &expr.op {
            Op::Input(index) => self.inputs |= bit(index.place()),
            Op::Parameter(index) => self.parameters |= bit(index.place()),
            Op::Cell(cell) => {
                self.cells.insert(*cell);
            }
            Op::Column(column, _) => {
                self.columns.insert(*column);
            }
            Op::Query(query) => {
                let medians = medians + u32::from(query.function == Function::MedianDoubled);
                self.medians = self.medians.max(medians);
                self.nearest += u32::from(matches!(query.function, Function::First | Function::Last));
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

/// Whether a later step or a caller reads a cell.
pub(crate) fn is_wanted(cell: CellId, reads: &Reads, layout: &Layout) -> bool {
    reads.cells.contains(&cell) || layout.output_of(cell).is_some()
}

/// Whether a query reads the values of its alternatives.
pub(crate) fn takes_values(query: &Query) -> bool {
    !matches!(query.function, Function::Count | Function::Any)
}

/// The expressions of a query that it reads.
fn inner(query: &Query) -> impl Iterator<Item = &Expr> {
    let values = takes_values(query);
    query.alternatives.iter().flat_map(move |a| std::iter::once(&a.filter).chain(values.then_some(&a.value)))
}

/// Whether an expression goes through the events of the case.
pub(crate) fn asks_for_events(expr: &Expr) -> bool {
    matches!(expr.op, Op::Query(_) | Op::Path(_)) || expr.op.operands().into_iter().any(asks_for_events)
}

/// The fields that an expression takes of the event at a level: kind and field.
pub(crate) fn fields_at(expr: &Expr, level: Level, found: &mut BTreeSet<(KindId, FieldId)>) {
    match &expr.op {
        Op::Field(kind, field, at) if *at == level => {
            found.insert((*kind, *field));
        }
        Op::Query(query) => inner(query).for_each(|e| fields_at(e, level + 1, found)),
        op => op.operands().into_iter().for_each(|e| fields_at(e, level, found)),
    }
}

/// The fields that a query takes of the events of one of its alternatives.
pub(crate) fn fields_asked(query: &Query, of: &Alternative) -> BTreeSet<(KindId, FieldId)> {
    let mut fields = BTreeSet::new();
    fields_at(&of.filter, 0, &mut fields);
    if takes_values(query) {
        fields_at(&of.value, 0, &mut fields);
    }
    fields
}

/// The fields that an expression about events of these kinds takes: none where there are several.
pub(crate) fn fields_of(expr: &Expr, kinds: Kinds) -> BTreeSet<(KindId, FieldId)> {
    let mut fields = BTreeSet::new();
    fields_at(expr, 0, &mut fields);
    fields.retain(|(of, _)| kinds.only() == Some(*of));
    fields
}

fn bit(index: usize) -> u64 {
    // Of more than 64 there is no layout, so that no code is made of these bits.
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

//! What a plan's logic looks at: the rest needs no code and no column.

use concord_engine::plan::{Expr, Op, Plan, Step};

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
    pub(super) cells: std::collections::BTreeSet<usize>,
    /// Whether the instant asked about matters.
    pub(super) as_of: bool,
    /// Fields of events: kind and field.
    pub(super) fields: std::collections::BTreeSet<(usize, usize)>,
}

impl Used {
    pub(super) fn of(plan: &Plan) -> Used {
        let mut used = Used::default();
        for step in &plan.steps {
            match step {
                Step::Value { expr, .. } => used.visit(expr),
                Step::Table(table) => {
                    for row in &table.rows {
                        row.conditions.iter().for_each(|e| used.visit(e));
                        row.outputs.iter().flatten().for_each(|e| used.visit(e));
                    }
                }
            }
        }
        used
    }

    pub(super) fn visit(&mut self, expr: &Expr) {
        match &expr.op {
            Op::Input(index) => self.inputs |= bit(*index),
            Op::Parameter(index) => self.parameters |= bit(*index),
            Op::Field(kind, field) => {
                self.fields.insert((*kind, *field));
            }
            Op::Cell(cell) => {
                self.cells.insert(*cell);
            }
            Op::Query(query) => {
                self.kinds |= bit(query.event);
                self.as_of = true;
            }
            Op::AsOf => self.as_of = true,
            _ => {}
        }
        each_operand(expr, &mut |operand| self.visit(operand));
    }
}

fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

/// Calls `visit` with each operand of an expression.
pub(super) fn each_operand<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    match &expr.op {
        Op::Constant(_)
        | Op::Choice(_)
        | Op::None
        | Op::Input(_)
        | Op::Field(..)
        | Op::At
        | Op::Order
        | Op::AsOf
        | Op::Parameter(_)
        | Op::Cell(_) => {}
        Op::Negate(x) | Op::Within(x, ..) | Op::OneOf(x, _) | Op::Not(x) | Op::IsNone(x) | Op::Assume(x) => visit(x),
        Op::Add(a, b)
        | Op::Subtract(a, b)
        | Op::Multiply(a, b)
        | Op::LessOrEqual(a, b)
        | Op::Less(a, b)
        | Op::Equal(a, b)
        | Op::SameChoice(a, b)
        | Op::Else(a, b) => {
            visit(a);
            visit(b);
        }
        Op::Lowest(items) | Op::Highest(items) | Op::And(items) | Op::Or(items) | Op::FirstYes(items) => {
            items.iter().for_each(visit);
        }
        Op::If(condition, then, otherwise) => {
            visit(condition);
            visit(then);
            visit(otherwise);
        }
        Op::Query(query) => {
            visit(&query.filter);
            visit(&query.value);
        }
        Op::Verdict(of) => {
            for part in [&of.applies, &of.excused, &of.happened, &of.in_time, &of.passed] {
                visit(part);
            }
        }
    }
}

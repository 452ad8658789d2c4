//! What a plan does several times, so that a function for it is shorter than code each time.

use concord_engine::plan::{Alternative, Class, Expr, Function, Op, Plan, Query, Running, Shape, Step};

/// See the module.
#[derive(Clone, Copy, Default)]
pub(crate) struct Repeats {
    /// Verdicts worked out.
    pub(crate) verdicts: usize,
    /// Times asked for of the first or the last event of one kind.
    pub(crate) nearest: usize,
    /// First or last events that are gathered with choices or places, or at each event anew.
    kept: usize,
}

/// So many first or last events are gathered by code of their own each.
const WRITTEN_OUT: usize = 10;

impl Repeats {
    pub(super) fn of(plan: &Plan) -> Repeats {
        let mut all = Repeats::default();
        for step in &plan.steps {
            match step {
                Step::Value { expr, .. } | Step::Column { expr, .. } => all.expr(expr),
                Step::Table(table) => {
                    table.tested().for_each(|(_, column)| all.expr(&column.expr));
                    table.rows.iter().flat_map(|row| row.outputs.iter().flatten()).for_each(|output| all.expr(output));
                }
            }
        }
        all
    }

    /// Whether first and last events are gathered by functions in memory.
    pub(crate) fn keeps_nearest(self) -> bool {
        self.kept > WRITTEN_OUT
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.op {
            Op::Verdict(_) => self.verdicts += 1,
            Op::Query(query) => {
                self.nearest += usize::from(since(query).is_some());
                let kept = !is_nearest(query, expr.shape) || Running::of(expr).is_some();
                self.kept += usize::from(kept && matches!(query.function, Function::First | Function::Last));
                for alternative in &query.alternatives {
                    self.expr(&alternative.filter);
                    self.expr(&alternative.value);
                }
            }
            _ => {}
        }
        expr.op.operands().into_iter().for_each(|operand| self.expr(operand));
    }
}

/// Whether the first or the last is gathered as others are: what is taken is no choice and no place in the order.
pub(crate) fn is_nearest(query: &Query, shape: Shape) -> bool {
    let times = query.alternatives.iter().all(Alternative::takes_time);
    shape.class == Class::Range && (times || !query.is_bounded())
}

/// Of a query that asks for the time of the first or the last event of one kind, from some instant on if at all: the instant, which depends on no
/// event.
pub(crate) fn since(query: &Query) -> Option<Option<&Expr>> {
    let (Function::First | Function::Last, [of]) = (&query.function, query.alternatives.as_slice()) else {
        return None;
    };
    if of.kinds.only().is_none() || !of.takes_time() {
        return None;
    }
    let mut conditions = match &of.filter.op {
        Op::And(conditions) => conditions.iter().collect(),
        _ => vec![&of.filter],
    };
    conditions.retain(|condition| condition.op != Op::Constant(1));
    let [condition] = conditions.as_slice() else { return conditions.is_empty().then_some(None) };
    match &condition.op {
        Op::LessOrEqual(instant, at) if at.op == Op::At(0) => {
            let plain = !instant.shape.optional && !matches!(instant.op, Op::Constant(_)) && is_of_no_event(instant);
            plain.then_some(Some(instant))
        }
        _ => None,
    }
}

/// Whether an expression neither speaks of an event nor goes through events.
fn is_of_no_event(expr: &Expr) -> bool {
    let of_event =
        matches!(expr.op, Op::At(_) | Op::Order(_) | Op::Field(..) | Op::Column(..) | Op::Query(_) | Op::Path(_));
    !of_event && expr.op.operands().into_iter().all(is_of_no_event)
}

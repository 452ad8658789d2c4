//! What a rule may ask of a clock, and what a caller sees of it.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Alternative, AnswerKind, Expr, Function, MAX_EVENTS, Op, Shape};
use crate::text::Span;
use crate::types::expressions::terms::{constant, query_over, yes_no};
use crate::types::{Builder, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// What a rule may ask of a clock: `rtt.running`, `rtt.periods`, `rtt.started`, `rtt.stopped`, `rtt.outcome`.
    pub(in crate::types) fn clock_value(&mut self, index: usize, what: &str, span: Span) -> Option<Typed> {
        self.plan.uses_as_of();
        let clock = self.clock(index, span)?;
        let period = self.periods_of(&clock);
        let over = |function: Function, value: Expr, shape: Shape| {
            query_over(function, Alternative { kinds: period.kinds, filter: period.filter.clone(), value }, shape)
        };
        let last = |value: Expr| {
            let shape = value.shape.or_none();
            over(Function::Last, value, shape)
        };
        let typed = match what {
            "periods" => {
                let count = over(Function::Count, constant(1), Shape::range(0, MAX_EVENTS));
                Typed { expr: count, ty: Type::Number { places: 0, unit: None } }
            }
            "running" => {
                let open = last(yes_no(Op::IsNone(Box::new(period.stop.clone()))));
                Typed { expr: yes_no(Op::Within(Box::new(open), 1, 1)), ty: Type::YesNo }
            }
            "started" => Typed { expr: last(period.start.clone()), ty: Type::Instant },
            "stopped" => Typed { expr: last(period.stop.clone()), ty: Type::Instant },
            "outcome" if clock.outcome.is_some() => {
                let (_, ty) = clock.outcome?;
                Typed { expr: last(period.named("outcome")?), ty }
            }
            other => {
                let fault =
                    Diagnostic::error(codes::E0303, span, format!("a clock has no `{other}`"), "no such answer");
                return self.fault(
                    fault.help("ask for running, periods, started, stopped or, where its lines say `as …`, outcome"),
                );
            }
        };
        Some(typed)
    }

    /// The answers of a clock, so that a caller sees its state as of now.
    pub(in crate::types) fn clock_answers(&mut self, index: usize) {
        let Some(tree) = self.names().clocks.get(index).copied() else { return };
        let Some(clock) = self.clock(index, tree.name.span) else { return };
        let mut asked = vec!["running", "periods", "started", "stopped"];
        asked.extend(clock.outcome.is_some().then_some("outcome"));
        for what in asked {
            let Some(typed) = self.clock_value(index, what, tree.name.span) else { continue };
            let cell = self.plan.store(typed.expr);
            let kind = AnswerKind::Value { cell, ty: typed.ty };
            let label = tree.label.as_ref().map(|l| format!("{l}: {what}"));
            self.answer(&format!("{}.{what}", tree.name.node), label, kind, None, tree.span);
        }
    }
}

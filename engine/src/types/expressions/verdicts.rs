//! What rules ask of a verdict. Not yet is not no: whether an obligation that is open is met, late or missed is unknown until it is
//! decided; that it is open is known.

use crate::plan::{AnswerId, AnswerKind, CellId, Expr, Id, Needs, Op, Step, Unknown, Verdict};
use crate::text::Span;
use crate::types::Builder;
use crate::types::expressions::terms::{all, yes_no};

impl Builder<'_> {
    /// Whether two verdicts are the same.
    pub(super) fn same_verdict(&mut self, a: Expr, b: Expr, span: Span) -> Expr {
        match (a.op, b.op) {
            (op, Op::Choice(variant)) => self.is_verdict(Expr { op, shape: a.shape }, variant, span),
            (Op::Choice(variant), op) => self.is_verdict(Expr { op, shape: b.shape }, variant, span),
            (x, y) => {
                let (a, b) = (Expr { op: x, shape: a.shape }, Expr { op: y, shape: b.shape });
                let mut both = |verdict: Verdict| {
                    let is = [&a, &b].map(|side| self.is_verdict(side.clone(), verdict as u8, span));
                    all(is.into())
                };
                yes_no(Op::Or(Verdict::ALL.map(&mut both).into()))
            }
        }
    }

    /// Whether a verdict is this one: of what time decides, unknown while it is open.
    fn is_verdict(&mut self, of: Expr, variant: u8, span: Span) -> Expr {
        let later = [Verdict::Met, Verdict::Late, Verdict::Missed].map(|verdict| verdict as u8);
        if !later.contains(&variant) {
            return yes_no(Op::OneOf(Box::new(of), 1 << variant));
        }
        let needs = self.decisions(&of, span);
        yes_no(Op::Decided(Box::new(of), 1 << variant, needs))
    }

    /// What must be decided of the obligations whose verdict an expression may be.
    fn decisions(&mut self, of: &Expr, span: Span) -> Needs {
        match &of.op {
            Op::Cell(cell) => match self.obligation_in(*cell) {
                Some(answer) => self.decision(answer, span),
                None => self.content(*cell).map_or(0, |expr| self.decisions(&expr, span)),
            },
            op => op.operands().into_iter().fold(0, |needs, operand| needs | self.decisions(operand, span)),
        }
    }

    /// The obligation whose verdict a cell holds.
    fn obligation_in(&self, cell: CellId) -> Option<AnswerId> {
        let holds = |kind: &AnswerKind| matches!(kind, AnswerKind::Obligation(o) if o.verdict == cell);
        self.plan.answers.iter().position(|answer| holds(&answer.kind)).map(AnswerId::at)
    }

    /// The expression whose value a cell holds; of a table's output nothing.
    fn content(&self, cell: CellId) -> Option<Expr> {
        self.plan.steps.iter().rev().find_map(|step| match step {
            Step::Value { cell: filled, expr } if *filled == cell => Some(expr.clone()),
            _ => None,
        })
    }

    /// The bit for an obligation that time decides, one for each.
    fn decision(&mut self, answer: AnswerId, span: Span) -> Needs {
        let wanted = Unknown::Decision(answer);
        let known = self.plan.unknowns.iter().position(|unknown| *unknown == wanted);
        let bit = known.map_or_else(|| u32::from(self.unknown(wanted, span)), |bit| u32::try_from(bit).unwrap_or(0));
        1_u64.checked_shl(bit).unwrap_or(0)
    }
}

//! `not` over what may be none. A test of a none is no, so its opposite is yes: `not (potassium >= 6.0)` holds where there is no
//! potassium and `potassium < 6.0` does not. Whoever writes the first is asked which is meant, unless a condition beside it says.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op};
use crate::text::Span;
use crate::types::Builder;

/// Warnings that wait until the whole condition is known, each with what may be none.
#[derive(Debug, Default)]
pub(in crate::types) struct Negations {
    waiting: Vec<(Expr, Diagnostic)>,
}

impl Builder<'_> {
    /// Notes that the opposite of a condition is asked for; `what` is the part of the text that may be none.
    pub(super) fn doubt_opposite(&mut self, of: &Expr, span: Span, what: Option<Span>) {
        let Some(subject) = may_be_none(of) else { return };
        if self.context.inlining().is_some() {
            return;
        }
        let called = what.map(|what| self.context.words(what)).filter(|words| words.chars().count() <= 40);
        let called = called.unwrap_or_else(|| "x".to_owned());
        let fault =
            Diagnostic::warning(codes::W0501, span, "`not` also says yes where there is no value", "yes for a none")
                .help(format!(
                    "say which is meant: `{called} is none or …` keeps it, `{called} is not none and …` leaves it out"
                ));
        self.negations.waiting.push((subject.clone(), fault));
    }

    /// How many warnings wait, for [`Builder::ruled_out`].
    pub(super) fn doubts(&self) -> usize {
        self.negations.waiting.len()
    }

    /// Takes out what was noted since a mark.
    pub(super) fn take_doubts(&mut self, mark: usize) -> Negations {
        Negations { waiting: self.negations.waiting.split_off(mark.min(self.negations.waiting.len())) }
    }

    /// Puts back what was taken out.
    pub(super) fn put_doubts(&mut self, doubts: Negations) {
        self.negations.waiting.extend(doubts.waiting);
    }

    /// Drops what was noted from a mark on about values that a condition beside it speaks of.
    pub(super) fn ruled_out(&mut self, from: usize, to: usize, settled: &[Expr]) {
        let mut place = 0;
        self.negations.waiting.retain(|(subject, _)| {
            place += 1;
            !(from < place && place <= to && settled.contains(subject))
        });
    }

    /// Reports what is still in doubt.
    pub(in crate::types) fn report_doubts(&mut self) {
        for (_, fault) in std::mem::take(&mut self.negations.waiting) {
            self.faults.push(fault);
        }
    }
}

/// The value whose absence makes a condition no.
fn may_be_none(condition: &Expr) -> Option<&Expr> {
    match &condition.op {
        Op::Within(x, ..) | Op::OneOf(x, _) | Op::Decided(x, ..) | Op::InList(x, _) => {
            Some(x.as_ref()).filter(|x| x.shape.optional)
        }
        Op::Equal(a, b) | Op::Less(a, b) | Op::LessOrEqual(a, b) | Op::SameChoice(a, b) => {
            [a, b].into_iter().map(AsRef::as_ref).find(|side| side.shape.optional)
        }
        Op::And(items) | Op::Or(items) => {
            let spoken_of: Vec<&Expr> = items.iter().filter_map(asked_for_none).collect();
            items.iter().filter_map(may_be_none).find(|subject| !spoken_of.contains(subject))
        }
        _ => None,
    }
}

/// `x` of `x is none` and `x is not none`.
fn asked_for_none(condition: &Expr) -> Option<&Expr> {
    match &condition.op {
        Op::IsNone(x) => Some(x),
        Op::Not(inner) => asked_for_none(inner),
        _ => None,
    }
}

/// The values that are not none where a condition is yes.
pub(super) fn there_where_yes(condition: &Expr) -> Vec<Expr> {
    match &condition.op {
        Op::Not(inner) => asked_for_none(inner).into_iter().cloned().collect(),
        Op::Within(x, ..) | Op::OneOf(x, _) | Op::Decided(x, ..) | Op::InList(x, _) => vec![x.as_ref().clone()],
        Op::Equal(a, b) | Op::Less(a, b) | Op::LessOrEqual(a, b) | Op::SameChoice(a, b) => {
            vec![a.as_ref().clone(), b.as_ref().clone()]
        }
        Op::And(items) => items.iter().flat_map(there_where_yes).collect(),
        _ => Vec::new(),
    }
}

/// The values that are not none where a condition is no.
pub(super) fn there_where_no(condition: &Expr) -> Vec<Expr> {
    match &condition.op {
        Op::IsNone(x) => vec![x.as_ref().clone()],
        Op::Or(items) => items.iter().flat_map(there_where_no).collect(),
        _ => Vec::new(),
    }
}

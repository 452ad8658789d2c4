//! `not` over what may be none. A test of a none is no, so its opposite is yes: `not (potassium >= 6.0)` holds where there is no
//! potassium and `potassium < 6.0` does not. Whoever writes the first is asked which is meant, unless a condition beside it says.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::expressions::doubts::Doubt;
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// Works out what stands after a `not`; where that is a query without brackets, the `not` is one of its whole condition.
    pub(super) fn denied<T>(&mut self, of: &tree::Expr, work: impl FnOnce(&mut Self) -> T) -> T {
        let query = match &of.kind {
            ExprKind::Query(query) if query.span == of.span => Some(query.span),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.denied, query);
        let done = work(self);
        self.denied = outer;
        done
    }

    /// Notes that the opposite of a condition is asked for; `what` is the part of the text that may be none.
    pub(in crate::types) fn doubt_opposite(&mut self, of: &Expr, span: Span, what: Option<Span>, place: Place) {
        let Some(subject) = may_be_none(of) else { return };
        let called = what.map(|what| self.context.words(what)).filter(|words| words.chars().count() <= 40);
        let called = called.unwrap_or_else(|| "x".to_owned());
        let fault =
            Diagnostic::warning(codes::W0501, span, "`not` also says yes where there is no value", "yes for a none")
                .help(format!(
                    "say which is meant: `{called} is none or …` keeps it, `{called} is not none and …` leaves it out"
                ));
        let of = self.roots(subject);
        self.doubt(Doubt { of, place, answers: None, warning: fault });
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

//! What conditions say together: that one holds wherever others do, or nowhere; and what stands in a list twice.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::{Builder, Place};

/// What a condition comes to wherever others hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::types) enum Together {
    Always,
    Never,
}

impl Builder<'_> {
    /// What a condition comes to wherever another holds, as far as that is plain; nothing where it may be either.
    pub(in crate::types) fn together(&self, given: &Expr, condition: &Expr) -> Option<Together> {
        let mut held = Vec::new();
        self.parts_of_all(given, &mut held);
        if self.follows(&held, condition) {
            return Some(Together::Always);
        }
        self.never(&held, condition).then_some(Together::Never)
    }

    /// A condition as it is: not by its name, and not as `is yes`.
    fn as_it_is<'e>(&'e self, condition: &'e Expr) -> &'e Expr {
        let condition = self.behind(condition);
        match &condition.op {
            Op::Within(inner, 1, 1) if inner.shape == Shape::YES_NO => self.as_it_is(inner),
            _ => condition,
        }
    }

    /// The conditions that one joins with `and`, each as it is and not by its name.
    pub(in crate::types) fn parts_of_all<'e>(&'e self, condition: &'e Expr, parts: &mut Vec<&'e Expr>) {
        let condition = self.as_it_is(condition);
        match &condition.op {
            Op::And(all) => all.iter().for_each(|one| self.parts_of_all(one, parts)),
            _ => parts.push(condition),
        }
    }

    fn follows(&self, held: &[&Expr], condition: &Expr) -> bool {
        let condition = self.as_it_is(condition);
        if held.iter().any(|one| implies(one, condition)) {
            return true;
        }
        match &condition.op {
            Op::And(all) => all.iter().all(|one| self.follows(held, one)),
            Op::Or(all) => all.iter().any(|one| self.follows(held, one)),
            Op::Not(inner) => held.iter().any(|one| shut_out(one, self.as_it_is(inner))),
            _ => false,
        }
    }

    fn never(&self, held: &[&Expr], condition: &Expr) -> bool {
        let condition = self.as_it_is(condition);
        let denied = |one: &&Expr| matches!(&one.op, Op::Not(inner) if implies(condition, self.as_it_is(inner)));
        if held.iter().any(|one| denied(one) || shut_out(one, condition)) {
            return true;
        }
        match &condition.op {
            Op::And(all) => all.iter().any(|one| self.never(held, one)),
            Op::Or(all) => all.iter().all(|one| self.never(held, one)),
            Op::Not(inner) => self.follows(held, inner),
            _ => false,
        }
    }

    /// Warns of members of a list of conditions that stand in it twice, that no value fulfils together where all must hold, or of which each value fulfils
    /// one where any is enough.
    pub(super) fn warn_of_members(&mut self, quantifier: &str, items: &[tree::Expr], tests: &[Expr], place: Place) {
        self.warn_of_twice(items, &tests.iter().collect::<Vec<_>>());
        let told = self.faults.mark();
        let tests: Vec<Expr> = tests.iter().map(|test| self.as_it_is(test).clone()).collect();
        let from_ref = std::slice::from_ref::<Expr>;
        for (number, (item, test)) in items.iter().zip(&tests).enumerate() {
            for (first, before) in items.iter().zip(&tests).take(number) {
                let span = first.span.to(item.span);
                match quantifier {
                    "all" => self.warn_of_contradiction((from_ref(before), from_ref(test)), (first, span), place),
                    "any" => self.warn_of_always((before, test), span),
                    _ => {}
                }
                if self.faults.mark() > told {
                    return;
                }
            }
        }
    }

    /// Warns of a member that stands in a list twice: it counts twice, or says nothing.
    pub(super) fn warn_of_twice(&mut self, items: &[tree::Expr], worked_out: &[&Expr]) {
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let mut doubled = Vec::new();
        for (place, (item, own)) in items.iter().zip(worked_out).enumerate() {
            let first = worked_out.iter().take(place).position(|before| before == own);
            let first = first.filter(|_| !matches!(own.op, Op::Constant(_))).and_then(|first| items.get(first));
            doubled.extend(first.map(|first| (first.span, item.span)));
        }
        doubled.into_iter().for_each(|(first, again)| self.listed_twice(first, again));
    }

    /// Warns of a value that is written twice among those of which one is asked for.
    pub(super) fn warn_of_option_twice(&mut self, options: &[tree::Expr]) {
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        for (number, again) in options.iter().enumerate() {
            let said = self.context.words(again.span);
            let first = options.iter().take(number).find(|first| self.context.words(first.span) == said);
            if let Some(first) = first {
                self.listed_twice(first.span, again.span);
            }
        }
    }

    /// Tells of a member of a list that stands in it twice.
    pub(in crate::types) fn listed_twice(&mut self, first: Span, again: Span) {
        let title = format!("`{}` stands in this list twice", self.context.words(again));
        let fault = Diagnostic::warning(codes::W0601, again, title, "again here").because(first, "the first");
        self.faults.push(fault.help("leave it out, or write what was meant in its place"));
    }

    /// Warns where what stands on one side of an `and` or `or` stands on the other as well: `h is low or h is low`.
    pub(super) fn warn_of_said_twice(&mut self, (before, after): (&[Expr], &[Expr]), (left, right): (Span, Span)) {
        let twice = after.iter().any(|one| !matches!(one.op, Op::Constant(_)) && before.contains(one));
        if !twice || self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let title = "this asks again what is asked before it";
        let fault = Diagnostic::warning(codes::W0601, right, title, "the same again").because(left, "asked here");
        self.faults.push(fault.help("leave it out, or write what was meant in its place"));
    }
}

/// Whether a condition holds wherever another does.
fn implies(one: &Expr, other: &Expr) -> bool {
    match (&one.op, &other.op) {
        (Op::Within(x, from, to), Op::Within(y, low, high)) => x == y && low <= from && to <= high,
        (Op::OneOf(x, some), Op::OneOf(y, others)) => x == y && some & !others == 0,
        _ => one == other,
    }
}

/// Whether no value fulfils two conditions: they are on one value and have none of its values in common, or one denies the other.
pub(super) fn shut_out(one: &Expr, other: &Expr) -> bool {
    match (&one.op, &other.op) {
        (_, Op::Not(inner)) if implies(one, inner) => true,
        (Op::Not(inner), _) if implies(other, inner) => true,
        (Op::Within(x, from, to), Op::Within(y, low, high)) => x == y && (high < from || to < low),
        (Op::OneOf(x, some), Op::OneOf(y, others)) => x == y && some & others == 0,
        _ => false,
    }
}

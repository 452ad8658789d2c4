//! Obligations and the list of answers.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::queries::{all, at, order};
use super::{Builder, Place, State};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Symbol, unsupported};
use crate::plan::{Answer, AnswerKind, Expr, Function, Obligation, Op, Query, Shape, VerdictOf};
use crate::syntax::tree::{self, Citation, ClauseKind, Deadline, Item};
use crate::text::Span;

/// The clauses of an obligation, each at most once where it may be said only once.
#[derive(Default)]
struct Clauses<'t> {
    source: Option<&'t Citation>,
    applies: Vec<&'t tree::Expr>,
    from: Option<&'t tree::Expr>,
    expect: Option<(&'t tree::Query, Option<&'t Deadline>, Span)>,
    earlier: bool,
    excused: Vec<(&'t tree::Expr, &'t str)>,
    severity: Option<&'t str>,
}

/// What an obligation waits for and until when, as expressions.
struct Expected {
    trigger: Expr,
    due: Expr,
    done: Expr,
    in_time: Expr,
    passed: Expr,
    applies: Vec<Expr>,
}

impl Builder<'_> {
    /// Everything a caller sees, in the order of the text.
    pub(super) fn answers(&mut self, file: &tree::File) {
        for item in &file.items {
            match item {
                Item::Define(define) => {
                    if let Some(Symbol::Define(index)) = self.names.get(&define.name.node)
                        && let Some(built) = self.define(index, define.name.span)
                    {
                        let kind = AnswerKind::Value { cell: built.cell, ty: built.ty };
                        self.answer(&define.name.node, define.label.clone(), kind, None, define.span);
                    }
                }
                Item::Table(table) => self.table_answers(table),
                Item::Obligation(obligation) => {
                    if let Some(Symbol::Obligation(index)) = self.names.get(&obligation.name.node) {
                        self.obligation(index, obligation.name.span);
                    }
                }
                _ => {}
            }
        }
    }

    fn answer(&mut self, name: &str, label: Option<String>, kind: AnswerKind, source: Option<String>, span: Span) {
        self.plan.answers.push(Answer { name: name.to_owned(), label, kind, source, span });
    }

    fn table_answers(&mut self, tree: &tree::Table) {
        let Some(Symbol::Table(index)) = self.names.get(&tree.name.node) else {
            return;
        };
        let Some(cells) = self.table(index, tree.name.span) else {
            return;
        };
        let step = self.grids.iter().find(|g| g.name == tree.name.node).map_or(0, |g| g.step);
        let source = tree.source.as_ref().map(|c| self.citation(c));
        for (column, (built, output)) in cells.iter().zip(&tree.outputs).enumerate() {
            let name = match self.names.get(&output.node) {
                _ if cells.len() == 1 => tree.name.node.clone(),
                Some(Symbol::Output(t, c)) if (t, c) == (index, column) => output.node.clone(),
                _ => format!("{}.{}", tree.name.node, output.node),
            };
            let kind = AnswerKind::Output { cell: built.cell, ty: built.ty.clone(), step };
            self.answer(&name, None, kind, source.clone(), tree.span);
        }
    }

    /// A citation as it is shown: the source's text and the place in it.
    pub(super) fn citation(&mut self, citation: &Citation) -> String {
        let found = self.plan.package.sources.iter().find(|s| s.id == citation.id.node).map(|s| s.citation.clone());
        self.plan.package.unverified |= citation.unverified;
        let Some(text) = found else {
            let title = format!("the package header gives no source `{}`", citation.id.node);
            let fault = Diagnostic::error(codes::E0708, citation.id.span, title, "which source?");
            self.faults.push(fault.help("add `source ID \"…\"` to the header, or correct the id"));
            return String::new();
        };
        let place = citation.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let unverified = if citation.unverified { " (unverified)" } else { "" };
        format!("{text}{place}{unverified}")
    }

    /// The place of an obligation among the answers, built when first asked for.
    pub(super) fn obligation(&mut self, index: usize, asked_at: Span) -> Option<usize> {
        let tree = *self.names.obligations.get(index)?;
        match self.obligations.get(index)? {
            State::Built(answer) => return Some(*answer),
            State::Failed => return None,
            State::Building => return self.circle(&tree.name.node, asked_at),
            State::Waiting => {}
        }
        self.set_obligation(index, State::Building);
        let built = self.build_obligation(tree);
        self.set_obligation(index, built.map_or(State::Failed, State::Built));
        built
    }

    fn set_obligation(&mut self, index: usize, state: State<usize>) {
        if let Some(place) = self.obligations.get_mut(index) {
            *place = state;
        }
    }

    fn build_obligation(&mut self, tree: &tree::Obligation) -> Option<usize> {
        let clauses = self.clauses(tree)?;
        let source = clauses.source.map(|c| self.citation(c));
        let mut applies = Vec::new();
        for when in &clauses.applies {
            applies.push(self.condition(when, Place::default())?);
        }
        let expected = self.expected(tree, &clauses)?;
        applies.extend(expected.applies);
        let (excuse, excused) = self.excuses(&clauses)?;
        let trigger = self.store(expected.trigger);
        let due = self.store(expected.due);
        let done = self.store(expected.done);
        let present = |cell: usize, this: &Self| not(yes_no(Op::IsNone(Box::new(this.load(cell)))));
        applies.push(present(trigger, self));
        let of = VerdictOf {
            applies: all(applies),
            excused,
            happened: present(done, self),
            in_time: expected.in_time,
            passed: expected.passed,
        };
        let verdict = self.store(Expr { op: Op::Verdict(Box::new(of)), shape: Shape::set(6) });
        let excuses = clauses.excused.iter().map(|(_, because)| (*because).to_owned()).collect();
        let severity = clauses.severity.map(str::to_owned);
        let kind = AnswerKind::Obligation(Obligation { verdict, trigger, due, done, excuse, excuses, severity });
        self.answer(&tree.name.node, tree.label.clone(), kind, source, tree.span);
        Some(self.plan.answers.len() - 1)
    }

    fn clauses<'t>(&mut self, tree: &'t tree::Obligation) -> Option<Clauses<'t>> {
        let mut clauses = Clauses::default();
        for clause in &tree.clauses {
            let twice = match &clause.kind {
                ClauseKind::Source(citation) => clauses.source.replace(citation).is_some(),
                ClauseKind::Applies(when) => {
                    clauses.applies.push(when);
                    false
                }
                ClauseKind::From(from) => clauses.from.replace(from).is_some(),
                ClauseKind::Expect { negated: true, .. } => {
                    return self.fault(unsupported(clause.span, "`expect no …`"));
                }
                ClauseKind::Expect { query, deadline, .. } => {
                    clauses.expect.replace((query, deadline.as_ref(), clause.span)).is_some()
                }
                ClauseKind::Earlier(counts) => {
                    clauses.earlier = *counts;
                    false
                }
                ClauseKind::Excused { when, because } => {
                    clauses.excused.push((when, because));
                    false
                }
                ClauseKind::Severity(word) => clauses.severity.replace(&word.node).is_some(),
                ClauseKind::ForEach(_) | ClauseKind::ForEachPeriod(_) | ClauseKind::Every { .. } => {
                    return self.fault(unsupported(clause.span, "repeated obligations"));
                }
            };
            if twice {
                let title = format!("`{}` says this twice", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0901, clause.span, title, "said again here"));
            }
        }
        Some(clauses)
    }

    fn expected(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<Expected> {
        let Some((query, deadline, span)) = clauses.expect else {
            let title = format!("`{}` does not say what is expected", tree.name.node);
            let fault = Diagnostic::error(codes::E0902, tree.name.span, title, "nothing expected");
            return self.fault(fault.help("add a line such as `expect Antibiotics within 1 h`"));
        };
        match deadline {
            Some(Deadline::Before(before)) => self.expected_before(clauses, query, before),
            Some(Deadline::Within(length)) => self.expected_within(tree, clauses, query, Some(length)),
            None => self.expected_within(tree, clauses, query, None),
            Some(Deadline::By(_) | Deadline::ByClock { .. }) => self.fault(unsupported(span, "deadlines on the clock")),
        }
    }

    /// `from TRIGGER expect EVENT within LENGTH`
    fn expected_within(
        &mut self,
        tree: &tree::Obligation,
        clauses: &Clauses<'_>,
        query: &tree::Query,
        length: Option<&tree::Expr>,
    ) -> Option<Expected> {
        let Some(from) = clauses.from else {
            let title = format!("`{}` does not say from when", tree.name.node);
            let fault = Diagnostic::error(codes::E0903, tree.name.span, title, "no `from`");
            return self
                .fault(fault.help("add a line such as `from first Triage`: the deadline is counted from there"));
        };
        let trigger = self.instant(from)?;
        let kind = self.first_of(query)?;
        let mut conditions = vec![self.filter(query, kind)?];
        let start = assume(trigger.clone());
        if !clauses.earlier {
            conditions.push(yes_no(Op::LessOrEqual(Box::new(start), Box::new(at()))));
        }
        let done = self.first(kind, all(conditions), at());
        let done = self.kept(done);
        let mut applies = Vec::new();
        let due = match length {
            None => Expr { op: Op::None, shape: trigger.shape.or_none() },
            Some(length) => {
                let length = self.duration(length)?;
                let length = self.kept(length);
                if length.shape.optional {
                    applies.push(not(yes_no(Op::IsNone(Box::new(length.clone())))));
                }
                self.shifted(trigger.clone(), length, true)
            }
        };
        let due = self.kept(due);
        let in_time = yes_no(Op::LessOrEqual(Box::new(assume(done.clone())), Box::new(assume(due.clone()))));
        let in_time = if length.is_none() { Expr { op: Op::Constant(1), shape: Shape::YES_NO } } else { in_time };
        let now = self.as_of().expr;
        let passed = yes_no(Op::Less(Box::new(due.clone()), Box::new(now)));
        Some(Expected { trigger, due, done, in_time, passed, applies })
    }

    /// `expect EVENT before OTHER`: the obligation arises when the other event comes, and its place in the order is the deadline.
    fn expected_before(
        &mut self,
        clauses: &Clauses<'_>,
        query: &tree::Query,
        before: &tree::Query,
    ) -> Option<Expected> {
        if let Some(from) = clauses.from {
            let fault = Diagnostic::error(
                codes::E0904,
                from.span,
                "what is expected before an event needs no `from`",
                "not needed",
            );
            return self.fault(fault.help("leave out `from`: the obligation arises when the later event comes"));
        }
        let kind = self.first_of(query)?;
        let filter = self.filter(query, kind)?;
        let later_kind = self.first_of(before)?;
        let later_filter = self.filter(before, later_kind)?;
        let due = self.first(later_kind, later_filter.clone(), at());
        let due = self.kept(due);
        let done = self.first(kind, filter.clone(), at());
        let own_place = self.first(kind, filter, order());
        let later_place = self.first(later_kind, later_filter, order());
        let (own_place, later_place) = (self.kept(own_place), self.kept(later_place));
        let in_time = yes_no(Op::Less(Box::new(assume(own_place)), Box::new(assume(later_place))));
        let passed = Expr { op: Op::Constant(1), shape: Shape::YES_NO };
        Some(Expected { trigger: due.clone(), due, done, in_time, passed, applies: Vec::new() })
    }

    /// The kind of event that is waited for. Only the first of it can be: the last, or a count, may still change.
    fn first_of(&mut self, query: &tree::Query) -> Option<usize> {
        let asked = query.function.as_ref().map_or("first", |f| f.node.as_str());
        if asked != "first" || query.field.is_some() {
            return self.fault(unsupported(query.span, "anything but the first event in `expect`"));
        }
        self.event_kind(query)
    }

    fn first(&mut self, event: usize, filter: Expr, value: Expr) -> Expr {
        self.plan.subject.uses_as_of = true;
        let shape = value.shape.or_none();
        Expr { op: Op::Query(Box::new(Query { function: Function::First, event, filter, value })), shape }
    }

    /// The cell that says which excuse holds, and whether one does.
    fn excuses(&mut self, clauses: &Clauses<'_>) -> Option<(usize, Expr)> {
        let mut tests = Vec::new();
        for (when, _) in &clauses.excused {
            tests.push(self.condition(when, Place::default())?);
        }
        let count = i64::try_from(tests.len()).unwrap_or(62);
        let cell = self.store(Expr { op: Op::FirstYes(tests), shape: Shape::set(count + 1) });
        let which = self.load(cell);
        let excused = if count == 0 {
            Expr { op: Op::Constant(0), shape: Shape::YES_NO }
        } else {
            yes_no(Op::OneOf(Box::new(which), (1 << count) - 1))
        };
        Some((cell, excused))
    }
}

/// The expression, taking for granted that it is not none.
fn assume(expr: Expr) -> Expr {
    if !expr.shape.optional {
        return expr;
    }
    let shape = Shape { optional: false, ..expr.shape };
    Expr { op: Op::Assume(Box::new(expr)), shape }
}

//! Why a value may be none, and which values are there where a condition holds.

use crate::plan::operators::speaks_of_events;
use crate::plan::{Alternative, CellId, Expr, Function, Op, Query, Step};
use crate::types::Builder;
use crate::types::expressions::terms::{yes, yes_no};

/// How far definitions are followed; what lies behind is taken as it stands.
const FARTHEST: usize = 400;

impl Builder<'_> {
    /// What a value that may be none is none for: arithmetic is none where an operand is, a definition where what it names is, and the first or
    /// last event where there is no such event. Nothing for a value that is always there.
    pub(in crate::types) fn roots(&self, of: &Expr) -> Vec<Expr> {
        let (mut roots, mut left) = (Vec::new(), FARTHEST);
        self.roots_into(of, &mut roots, &mut left);
        roots
    }

    fn roots_into(&self, of: &Expr, roots: &mut Vec<Expr>, left: &mut usize) {
        if !of.shape.optional {
            return;
        }
        *left = left.saturating_sub(1);
        match &of.op {
            _ if *left == 0 => roots.push(of.clone()),
            Op::Cell(cell) => match self.value_of(*cell) {
                Some(value) => self.roots_into(value, roots, left),
                None => roots.push(of.clone()),
            },
            Op::Query(query) => roots.push(happens(query).unwrap_or_else(|| of.clone())),
            op if is_strict(op) => op.operands().into_iter().for_each(|operand| self.roots_into(operand, roots, left)),
            _ => roots.push(of.clone()),
        }
    }

    /// What is there wherever a value is: more than its roots, as a query that finds an event finds one within its windows.
    pub(in crate::types) fn implied(&self, of: &Expr) -> Vec<Expr> {
        self.implied_by(of, &mut FARTHEST.clone())
    }

    fn implied_by(&self, of: &Expr, left: &mut usize) -> Vec<Expr> {
        *left = left.saturating_sub(1);
        if !of.shape.optional || *left == 0 {
            return Vec::new();
        }
        let mut implied = self.roots(of);
        match &of.op {
            Op::Cell(cell) => {
                implied.extend(self.value_of(*cell).map(|v| self.implied_by(v, left)).unwrap_or_default())
            }
            Op::Else(a, b) | Op::If(_, a, b) => {
                let sides = [a, b].into_iter().filter(|side| side.op != Op::None);
                let sides: Vec<Vec<Expr>> = sides.map(|side| self.implied_by(side, left)).collect();
                if let [one, others @ ..] = sides.as_slice() {
                    implied.extend(one.iter().filter(|one| others.iter().all(|other| other.contains(one))).cloned());
                }
            }
            Op::Rest(_, value) => implied.extend(self.implied_by(value, left)),
            Op::Query(query) => {
                let filters = query.alternatives.iter().take(1).filter(|_| query.alternatives.len() == 1);
                let there = filters.flat_map(|alternative| self.there(&alternative.filter, true));
                implied.extend(there.filter(|there| !speaks_of_events(there)));
            }
            op if is_strict(op) => implied.extend(op.operands().into_iter().flat_map(|x| self.implied_by(x, left))),
            _ => {}
        }
        implied
    }

    /// What a cell is filled with, where that is an expression.
    pub(in crate::types) fn value_of(&self, cell: CellId) -> Option<&Expr> {
        self.plan.steps.iter().find_map(|step| match step {
            Step::Value { cell: filled, expr } if *filled == cell => Some(expr),
            _ => None,
        })
    }

    /// What an expression is where it is kept under a name.
    pub(in crate::types) fn behind<'e>(&'e self, of: &'e Expr) -> &'e Expr {
        match of.op {
            Op::Cell(cell) => match self.value_of(cell) {
                Some(value) if !matches!(value.op, Op::Cell(_)) => value,
                _ => of,
            },
            _ => of,
        }
    }

    /// The roots of the values that are there where a condition is `yes`, or where it is no. A test of a none is no, so only what is yes
    /// shows that what it tests is there.
    pub(in crate::types) fn there(&self, condition: &Expr, is_yes: bool) -> Vec<Expr> {
        match (&condition.op, is_yes) {
            (Op::Cell(cell), _) => self.value_of(*cell).map(|value| self.there(value, is_yes)).unwrap_or_default(),
            (Op::Not(inner), _) => self.there(inner, !is_yes),
            (Op::And(items), true) | (Op::Or(items), false) => {
                items.iter().flat_map(|item| self.there(item, is_yes)).collect()
            }
            (Op::IsNone(x), false) => self.roots(x),
            (Op::Query(query), true) if query.function == Function::Any => vec![some_event(query)],
            (Op::Within(x, 1.., _), true) if matches!(x.op, Op::Query(_)) => match &x.op {
                Op::Query(query) if query.function == Function::Count => vec![some_event(query)],
                _ => self.roots(x),
            },
            (Op::Within(x, ..) | Op::OneOf(x, _) | Op::Decided(x, ..) | Op::InList(x, _), true) => self.roots(x),
            (Op::Equal(a, b) | Op::Less(a, b) | Op::LessOrEqual(a, b) | Op::SameChoice(a, b), true) => {
                [a, b].into_iter().flat_map(|side| self.roots(side)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether an operator is none wherever an operand is, and only there.
fn is_strict(op: &Op) -> bool {
    matches!(
        op,
        Op::Negate(_)
            | Op::Add(..)
            | Op::Subtract(..)
            | Op::Multiply(..)
            | Op::Divide(..)
            | Op::AddWorkingDays(..)
            | Op::Weekday(_)
            | Op::Overlap(_)
            | Op::Lowest(_)
            | Op::Highest(_)
            | Op::Call(..)
    )
}

/// That an event happened, of a query for the first or last whose answer is none only where there is no event.
fn happens(query: &Query) -> Option<Expr> {
    let always = query.alternatives.iter().all(|alternative| !alternative.value.shape.optional);
    (always && matches!(query.function, Function::First | Function::Last)).then(|| some_event(query))
}

/// That some event belongs to a query, written in one way for all queries.
fn some_event(query: &Query) -> Expr {
    let plain = |a: &Alternative| Alternative { kinds: a.kinds, filter: a.filter.clone(), value: yes() };
    let alternatives = query.alternatives.iter().map(plain).collect();
    yes_no(Op::Query(Box::new(Query { function: Function::Any, alternatives })))
}

//! What an expression, a query or a declaration is made of, for whoever goes through all of them alike.

use super::{
    Asks, Cell, Clause, ClauseKind, Deadline, Events, EventsKind, Expr, ExprKind, Item, Query, RowOutput, Table, Test,
    Window, WindowKind,
};

/// A part of a declaration.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// an expression
    Expr(&'a Expr),
    /// a query over the events
    Query(&'a Query),
}

impl Expr {
    /// The expressions of which it is made; those of a query are the query's.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::YesNo(_) | ExprKind::None | ExprKind::Date(_) => {
                Vec::new()
            }
            ExprKind::DateTime { .. } | ExprKind::TimeOfDay(_) | ExprKind::Path(_) | ExprKind::At | ExprKind::AsOf => {
                Vec::new()
            }
            ExprKind::Negate(x) | ExprKind::Not(x) => vec![x],
            ExprKind::Binary { left, right, .. } | ExprKind::Compare { left, right, .. } => vec![left, right],
            ExprKind::InRange { value, low, high } => vec![value, low, high],
            ExprKind::OneOf { value, options } => std::iter::once(&**value).chain(options).collect(),
            ExprKind::InList { value, .. }
            | ExprKind::IsNone { value, .. }
            | ExprKind::IsUnknown { value, .. }
            | ExprKind::Round { value, .. }
            | ExprKind::Convert { value, .. } => vec![value],
            ExprKind::Else { value, otherwise } => vec![value, otherwise],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Quantified { items, operand, .. } => items.iter().chain([&**operand]).collect(),
            ExprKind::Fold { items, .. } => items.iter().collect(),
            ExprKind::Call { arguments, .. } | ExprKind::Calendar { arguments, .. } => arguments.iter().collect(),
            ExprKind::Query(query) => query.parts(),
        }
    }
}

impl Query {
    /// The expressions of which it is made.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expr> {
        let mut parts: Vec<&Expr> = self.field.iter().map(|field| &**field).collect();
        parts.extend(self.events.filters());
        parts.extend(self.filter.iter().chain(&self.have).map(|filter| &**filter));
        parts.extend(self.windows.iter().flat_map(Window::parts));
        parts
    }
}

impl Events {
    /// The conditions on them that stand with their names.
    #[must_use]
    pub fn filters(&self) -> Vec<&Expr> {
        let EventsKind::Either(parts) = &self.kind else { return Vec::new() };
        parts.iter().flat_map(|part| part.events.filters().into_iter().chain(&part.filter)).collect()
    }
}

impl Window {
    fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            WindowKind::WithinBefore(length, end) | WindowKind::WithinAfter(length, end) => vec![length, end],
            kind => vec![kind.end()],
        }
    }
}

impl Test {
    /// The expressions of which a cell is made.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Test::Any | Test::None | Test::InList(_) => Vec::new(),
            Test::Is(x) | Test::Compare(_, x) => vec![x],
            Test::Range(low, high) => vec![low, high],
            Test::OneOf(tests) => tests.iter().flat_map(Test::parts).collect(),
            Test::Not(test) => test.parts(),
        }
    }
}

impl Table {
    /// What its columns ask, the conditions of its entries, and what it answers; not what its cells hold.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expr> {
        let mut parts: Vec<&Expr> = self.inputs.iter().map(|column| &column.expr).collect();
        for row in &self.rows {
            parts.extend(match &row.asks {
                Asks::When(when) => Some(when),
                _ => None,
            });
            if let RowOutput::Values(values) = &row.outputs {
                parts.extend(values);
            }
        }
        parts
    }

    /// Its cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| match &row.asks {
            Asks::Cells(cells) => cells.as_slice(),
            _ => &[],
        })
    }
}

impl Clause {
    /// The expressions and queries of which it is made.
    #[must_use]
    pub fn parts(&self) -> Vec<Node<'_>> {
        match &self.kind {
            ClauseKind::Applies(x) | ClauseKind::From(x) | ClauseKind::Excused { when: x, .. } => vec![Node::Expr(x)],
            ClauseKind::ForEach(query) | ClauseKind::ForEachDay { query, .. } => vec![Node::Query(query)],
            ClauseKind::Every { interval, from, until } => {
                std::iter::once(interval).chain(from).chain(until).map(Node::Expr).collect()
            }
            ClauseKind::Expect { query, deadline, .. } => {
                let deadline = deadline.as_ref().map(|deadline| match deadline {
                    Deadline::Within(x) | Deadline::By(x) | Deadline::ByClock { time: x, .. } => Node::Expr(x),
                    Deadline::Before(query) => Node::Query(query),
                });
                std::iter::once(Node::Query(query)).chain(deadline).collect()
            }
            ClauseKind::AllOf(items) => items.iter().map(Node::Expr).collect(),
            ClauseKind::Source(_)
            | ClauseKind::For(_)
            | ClauseKind::ForEachPeriod(_)
            | ClauseKind::Earlier(_)
            | ClauseKind::Severity(_) => Vec::new(),
        }
    }
}

impl Item {
    /// The expressions and queries of which a declaration is made, as far as answers depend on them.
    #[must_use]
    pub fn parts(&self) -> Vec<Node<'_>> {
        match self {
            Item::Table(table) => table.parts().into_iter().map(Node::Expr).collect(),
            Item::Define(define) => vec![Node::Expr(&define.expr)],
            Item::Obligation(obligation) => obligation.clauses.iter().flat_map(Clause::parts).collect(),
            Item::Clock(clock) => clock
                .edges
                .iter()
                .flat_map(|edge| std::iter::once(Node::Query(&edge.on)).chain(edge.at.as_ref().map(Node::Expr)))
                .collect(),
            Item::Path(path) => path.stages.iter().flat_map(|stage| &stage.events).map(Node::Query).collect(),
            Item::Events(set) => set
                .parts
                .iter()
                .flat_map(|part| part.events.filters().into_iter().chain(&part.filter))
                .map(Node::Expr)
                .collect(),
            _ => Vec::new(),
        }
    }
}

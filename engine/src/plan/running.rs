//! Running queries: what is asked at each event about all that came before it, or about all that comes after.
//!
//! Of such a query an event says only where the others stop: going along the order of the case, what is asked about at one event is asked
//! about at the next as well, and some more. So the answers for all events can be had in one pass, which takes each event in once, where
//! asking anew at each would cost the square of their number. A [`super::Step::Column`] whose expression is a running query means what it
//! says, as any other; whoever fills it may go this way. The front end gives every such query a column of its own.
//!
//! This holds for events whose instants are known, which stand in one order. The others may stand anywhere: they are asked about anew
//! at each event, and for one of them everything is asked anew.

use super::operators::outermost;
use super::{Expr, Function, Kinds, Op, Query};

/// A running query: which events are asked about, seen from the current one, which is at level 1 of what the query says of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Whether they are those before the current one, and not those after it.
    pub before: bool,
    /// How near to the current one they may come; all of these hold.
    pub limits: Vec<Limit>,
}

/// How near to the current event the others may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// not up to its place in the order
    Place,
    /// up to its place, so that it is one of them
    UpToPlace,
    /// not up to its time
    Time,
    /// up to its time, so that all events at that time are among them
    UpToTime,
}

impl Running {
    /// The running query that an expression about an event is, if it is one.
    #[must_use]
    pub fn of(expr: &Expr) -> Option<(Running, &Query)> {
        let Op::Query(query) = &expr.op else { return None };
        if matches!(query.function, Function::Nth(_) | Function::MedianDoubled) {
            return None;
        }
        let mut sides = query.alternatives.iter().map(|alternative| {
            let stays_inside = |expr: &Expr| outermost(expr).is_none_or(|level| level == 0);
            stays_inside(&alternative.value).then(|| side(&alternative.filter, &stays_inside)).flatten()
        });
        let running = sides.next()??;
        let same = sides.all(|side| side.as_ref() == Some(&running));
        (same && (!running.renews(query.function) || are_apart(query))).then_some((running, query))
    }

    /// Whether of `first` or `last` the events are taken in from far to near, so that what is found counts instead of what was found before.
    #[must_use]
    pub fn renews(&self, function: Function) -> bool {
        match function {
            Function::First => !self.before,
            Function::Last => self.before,
            _ => false,
        }
    }
}

/// Which events a condition lets through, where it says of the current one nothing but that.
fn side(filter: &Expr, stays_inside: &impl Fn(&Expr) -> bool) -> Option<Running> {
    let (mut sides, mut limits) = (Vec::new(), Vec::new());
    for condition in conditions(filter) {
        match limit(&condition.op) {
            Some((before, limit)) => {
                sides.push(before);
                limits.push(limit);
            }
            None if stays_inside(condition) => {}
            None => return None,
        }
    }
    let before = *sides.first()?;
    limits.sort_unstable();
    limits.dedup();
    sides.iter().all(|side| *side == before).then_some(Running { before, limits })
}

/// The conditions that must all hold for one to.
fn conditions(condition: &Expr) -> Vec<&Expr> {
    match &condition.op {
        Op::And(items) => items.iter().flat_map(conditions).collect(),
        _ => vec![condition],
    }
}

/// The side of the current event on which a condition holds another to be, and how near it may come.
fn limit(condition: &Op) -> Option<(bool, Limit)> {
    let (a, b, or_equal) = match condition {
        Op::Less(a, b) => (a, b, false),
        Op::LessOrEqual(a, b) => (a, b, true),
        _ => return None,
    };
    let (before, place) = match (&a.op, &b.op) {
        (Op::Order(0), Op::Order(1)) => (true, true),
        (Op::Order(1), Op::Order(0)) => (false, true),
        (Op::At(0), Op::At(1)) => (true, false),
        (Op::At(1), Op::At(0)) => (false, false),
        _ => return None,
    };
    let limit = match (place, or_equal) {
        (true, false) => Limit::Place,
        (true, true) => Limit::UpToPlace,
        (false, false) => Limit::Time,
        (false, true) => Limit::UpToTime,
    };
    Some((before, limit))
}

/// Whether no event can belong under two alternatives.
fn are_apart(query: &Query) -> bool {
    let mut kinds = Kinds::default();
    query.alternatives.iter().all(|alternative| {
        let apart = !kinds.meet(alternative.kinds);
        kinds = kinds.and(alternative.kinds);
        apart
    })
}

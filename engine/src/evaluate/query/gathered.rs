//! What a query has gathered of the events that it has come to, and what that comes to.

use super::figure::{Any, Count, Greatest, Sum};
use super::nearest::Nearest;
use super::{Member, Value};
use crate::plan::{Class, Function, Query, Shape};

/// What a query has gathered of the events so far.
#[derive(Clone)]
pub(super) enum Gathered {
    Nearest(Nearest),
    Count(Count),
    Any(Any),
    Sum(Sum),
    /// Of values turned round.
    Lowest(Greatest),
    Highest(Greatest),
}

impl Gathered {
    /// Nothing yet; nothing at all for what all events have to be known of first.
    pub fn new(query: &Query, class: Class, renews: bool) -> Option<Gathered> {
        Some(match query.function {
            Function::First | Function::Last => Gathered::Nearest(Nearest::new(query, class, renews)),
            Function::Count => Gathered::Count(Count::default()),
            Function::Any => Gathered::Any(Any::default()),
            Function::Sum => Gathered::Sum(Sum::default()),
            Function::Lowest => Gathered::Lowest(Greatest::default()),
            Function::Highest => Gathered::Highest(Greatest::default()),
            Function::Nth(_) | Function::MedianDoubled => return None,
        })
    }

    /// Takes an event in.
    pub fn take(&mut self, event: &[Member]) {
        if event.is_empty() {
            return;
        }
        match self {
            Gathered::Nearest(nearest) => nearest.take(event),
            Gathered::Count(count) => count.take(event),
            Gathered::Any(any) => any.take(event),
            Gathered::Sum(sum) => sum.take(event),
            Gathered::Lowest(least) => least.take(&event.iter().map(turned_round).collect::<Vec<_>>()),
            Gathered::Highest(greatest) => greatest.take(event),
        }
    }

    /// The answer.
    pub fn value(&self, shape: Shape) -> Value {
        match self {
            Gathered::Nearest(nearest) => nearest.value(),
            Gathered::Count(count) => count.value(),
            Gathered::Any(any) => any.value(),
            Gathered::Sum(sum) => sum.value(shape),
            Gathered::Lowest(least) => least.value().turned_round(),
            Gathered::Highest(greatest) => greatest.value(),
        }
    }
}

fn turned_round(member: &Member) -> Member {
    Member { value: member.value.turned_round(), ..*member }
}

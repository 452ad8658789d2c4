//! The periods of a clock: when each begins and when it ends.

use crate::diagnostics::codes;
use crate::names::Symbol;
use crate::plan::{Alternative, Expr, Function, Kinds, Op, Shape};
use crate::syntax::tree::Path;
use crate::types::events::clock::{Clock, Verb};
use crate::types::expressions::terms::{all, less, not, order, query_over, yes_no};
use crate::types::{Builder, Typed};
use crate::values::types::Type;

/// The periods of a clock, with the starting event at level 0.
#[derive(Clone, Debug)]
pub(in crate::types) struct Period {
    /// Events of these kinds start the clock.
    pub kinds: Kinds,
    /// Which of them begin a period that was not nullified.
    pub filter: Expr,
    pub start: Expr,
    /// When it stopped; none while it runs.
    pub stop: Expr,
    /// Whether its start or its end is dated by something else than the time of its event, so that it may end before it starts.
    pub dated: bool,
    /// How long it was paused; nothing for clocks that never are.
    pub paused: Option<Expr>,
    /// `start`, `stop`, `outcome`, `paused` for the rules about a period.
    pub names: Vec<(String, Typed)>,
}

impl Period {
    pub(in crate::types) fn named(&self, name: &str) -> Option<Expr> {
        self.names.iter().find(|(n, _)| n == name).map(|(_, typed)| typed.expr.clone())
    }
}

/// What starts and ends periods.
const TURNING: [Verb; 3] = [Verb::Start, Verb::Stop, Verb::Nullify];

impl Builder<'_> {
    /// The periods of a clock.
    pub(in crate::types) fn periods(&mut self, path: &Path) -> Option<Period> {
        let name = path.text();
        let Some(Symbol::Clock(index)) = self.names().get(&name) else {
            return self.error(codes::E0303, path.span, format!("there is no clock `{name}`"), "not declared");
        };
        self.mention(path.span, Symbol::Clock(index));
        let clock = self.clock(index, path.span)?;
        Some(self.periods_of(&clock))
    }

    pub(super) fn periods_of(&mut self, clock: &Clock) -> Period {
        let kinds = clock.kinds(&[Verb::Start]);
        let end = ending(clock, clock.is(Verb::Stop));
        let nullified = yes_no(Op::Within(Box::new(end), 0, 0));
        let filter = all(vec![clock.does(&[Verb::Start]), not(running_before(clock)), not(nullified)]);
        let filter = self.kept_for_each(kinds, filter);
        let stop = self.kept_for_each(kinds, ending(clock, clock.at.clone()));
        let paused = self.paused(clock).map(|paused| self.kept_for_each(kinds, paused));
        let moment = |expr: &Expr| Typed { expr: expr.clone(), ty: Type::Instant };
        let mut names = vec![("start".to_owned(), moment(&clock.at)), ("stop".to_owned(), moment(&stop))];
        if let Some((outcome, ty)) = &clock.outcome {
            let expr = self.kept_for_each(kinds, ending(clock, outcome.clone()));
            names.push(("outcome".to_owned(), Typed { expr, ty: ty.clone() }));
        }
        names.extend(paused.clone().map(|expr| ("paused".to_owned(), Typed { expr, ty: Type::Duration })));
        Period { kinds, filter, start: clock.at.clone(), stop, dated: clock.dated.periods, paused, names }
    }
}

/// Whether the clock runs just before the event at level 0.
pub(super) fn running_before(clock: &Clock) -> Expr {
    let before = Alternative {
        kinds: clock.kinds(&TURNING),
        filter: all(vec![clock.does(&TURNING), less(order(), order().inside())]),
        value: clock.is(Verb::Start),
    };
    let last = query_over(Function::Last, before, Shape::YES_NO.or_none());
    yes_no(Op::Within(Box::new(last), 1, 1))
}

/// Something of the event that ends the period which begins at the event at level 0; none while it runs.
pub(super) fn ending(clock: &Clock, value: Expr) -> Expr {
    let ends = [Verb::Stop, Verb::Nullify];
    let shape = value.shape.or_none();
    let after = Alternative {
        kinds: clock.kinds(&ends),
        filter: all(vec![clock.does(&ends), less(order().inside(), order())]),
        value,
    };
    query_over(Function::First, after, shape)
}

//! Clocks: what starts, stops, pauses and nullifies them, as questions about events.
//!
//! A start while the clock runs, and a stop while it does not, change nothing; so the clock runs at an event exactly when the last
//! start, stop or nullifying event before it is a start. A *period* begins at an event that starts the clock while it does not
//! run, and ends with the first stop or nullifying event after it. A nullified period never was.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::literals::constant;
use super::queries::{all, at, less, order};
use super::scopes::AtHand;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Alternative, AnswerKind, Expr, Function, MAX_EVENTS, Op, Query, Shape};
use crate::syntax::tree::{self, Path};
use crate::text::Span;
use crate::values::types::Type;

/// A line of a clock: what it does, on which events, at which instant; with the event at level 0.
#[derive(Clone, Debug)]
struct Edge {
    verb: Verb,
    event: usize,
    /// Only this line fits: no line before it does.
    filter: Expr,
    at: Expr,
    label: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Start,
    Stop,
    Nullify,
    Pause,
    Resume,
}

/// The periods that begin on one line of a clock, with the starting event at level 0.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub event: usize,
    pub filter: Expr,
    pub start: Expr,
    /// When it stopped; none while it runs.
    pub stop: Expr,
    /// How long it was paused; nothing for clocks that never are.
    pub paused: Option<Expr>,
    /// `start`, `stop`, `outcome`, `paused` for the rules about a period.
    pub names: Vec<(String, Typed)>,
}

impl Period {
    fn named(&self, name: &str) -> Option<Expr> {
        self.names.iter().find(|(n, _)| n == name).map(|(_, typed)| typed.expr.clone())
    }
}

/// A clock as built.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    edges: Vec<Edge>,
    outcomes: Option<Type>,
}

impl Builder<'_> {
    /// The periods of a clock.
    pub(super) fn periods(&mut self, path: &Path) -> Option<Vec<Period>> {
        let name = path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        let Some(Symbol::Clock(index)) = self.names.get(&name) else {
            return self.error(codes::E0303, path.span, format!("there is no clock `{name}`"), "not declared");
        };
        let clock = self.clock(index)?;
        Some(self.periods_of(&clock))
    }

    fn clock(&mut self, index: usize) -> Option<Clock> {
        if let Some(built) = self.clocks.get(index) {
            return built.clone();
        }
        let tree = *self.names.clocks.get(index)?;
        let mut labels: Vec<String> = Vec::new();
        let mut edges: Vec<Edge> = Vec::new();
        let mut whole = true;
        for edge in &tree.edges {
            match self.edge(edge, &mut labels, &edges) {
                Some(edge) => edges.extend(edge),
                None => whole = false,
            }
        }
        if whole && !edges.iter().any(|e| e.verb == Verb::Start) {
            let title = format!("nothing starts the clock `{}`", tree.name.node);
            let fault = Diagnostic::error(codes::E0913, tree.name.span, title, "no `start`");
            self.faults.push(fault.help("add a line such as `start Referral where consultant_led`"));
            whole = false;
        }
        let variants: Vec<Option<String>> = vec![None; labels.len()];
        let outcomes = (!labels.is_empty()).then(|| Type::Enum {
            name: format!("{} outcome", tree.name.node),
            variants: labels,
            labels: variants,
        });
        let built = whole.then_some(Clock { edges, outcomes });
        while self.clocks.len() < index {
            self.clocks.push(None);
        }
        self.clocks.push(built.clone());
        built
    }

    fn edge(&mut self, tree: &tree::Edge, labels: &mut Vec<String>, before: &[Edge]) -> Option<Option<Edge>> {
        let verb = match tree.verb.node.as_str() {
            "start" => Verb::Start,
            "stop" => Verb::Stop,
            "nullify" => Verb::Nullify,
            "pause" => Verb::Pause,
            "resume" => Verb::Resume,
            _ => return Some(None),
        };
        let event = self.event_kind(&tree.on)?;
        let own = self.filter(&tree.on, event, Place::default())?;
        let place = self.enter(Place::default(), AtHand::Event(event), None, tree.span)?;
        let time = match &tree.at {
            Some(expr) => self.instant(expr, place)?,
            None => at(),
        };
        let label = tree.label.as_ref().map(|label| label_place(labels, &label.node));
        let earlier = before.iter().filter(|e| e.event == event).map(|e| not(e.filter.clone()));
        let filter = all(std::iter::once(own).chain(earlier).collect());
        let filter = self.kept_for_each(event, filter);
        Some(Some(Edge { verb, event, filter, at: time, label }))
    }

    fn periods_of(&mut self, clock: &Clock) -> Vec<Period> {
        let starts: Vec<Edge> = clock.edges.iter().filter(|e| e.verb == Verb::Start).cloned().collect();
        let mut periods = Vec::new();
        for start in starts {
            let kept = |builder: &mut Self, expr: Expr| builder.kept_for_each(start.event, expr);
            let end = ending(clock, |e| constant(i64::from(e.verb == Verb::Stop)), Shape::range(0, 1));
            let stop = kept(self, ending(clock, |e| e.at.clone(), at().shape));
            let nullified = yes_no(Op::Within(Box::new(end), 0, 0));
            let filter = all(vec![start.filter.clone(), not(running_before(clock)), not(nullified)]);
            let filter = kept(self, filter);
            let paused = self.paused(clock, &stop).map(|paused| kept(self, paused));
            let moment = |expr: &Expr| Typed { expr: expr.clone(), ty: Type::Instant };
            let mut names = vec![("start".to_owned(), moment(&start.at)), ("stop".to_owned(), moment(&stop))];
            if let Some(outcomes) = &clock.outcomes {
                let shape = super::subject::choice_shape(outcomes);
                let outcome = kept(self, ending(clock, |e| outcome_of(e, shape), shape));
                names.push(("outcome".to_owned(), Typed { expr: outcome, ty: outcomes.clone() }));
            }
            names.extend(paused.clone().map(|expr| ("paused".to_owned(), Typed { expr, ty: Type::Duration })));
            periods.push(Period {
                event: start.event,
                filter,
                start: start.at.clone(),
                stop: stop.clone(),
                paused,
                names,
            });
        }
        periods
    }

    /// How long a period was paused: from each pause in it to the next resumption, or to `as of`.
    fn paused(&mut self, clock: &Clock, stop: &Expr) -> Option<Expr> {
        let edges = |verb: Verb| clock.edges.iter().filter(move |e| e.verb == verb);
        edges(Verb::Pause).next()?;
        let now = self.as_of().expr;
        let resumed = edges(Verb::Resume).map(|e| Alternative {
            event: e.event,
            filter: all(vec![e.filter.clone(), less(order().inside(), order())]),
            value: e.at.clone(),
        });
        let query = Query { function: Function::First, alternatives: resumed.collect() };
        let resumed = Expr { op: Op::Query(Box::new(query)), shape: at().shape.or_none() };
        let resumed = Expr { op: Op::Else(Box::new(resumed), Box::new(now)), shape: at().shape };
        let in_period = |e: &Edge| {
            let stop = stop.clone().inside();
            let before_stop = yes_no(Op::Or(vec![yes_no(Op::IsNone(Box::new(stop.clone()))), less(at(), stop)]));
            all(vec![e.filter.clone(), less(order().inside(), order()), before_stop])
        };
        let longest = at().shape.high - at().shape.low;
        let alternatives = edges(Verb::Pause).map(|e| {
            let length = Expr {
                op: Op::Subtract(Box::new(resumed.clone()), Box::new(e.at.clone())),
                shape: Shape::range(-longest, longest),
            };
            let length = Expr { op: Op::Highest(vec![length, constant(0)]), shape: Shape::range(0, longest) };
            Alternative { event: e.event, filter: in_period(e), value: length }
        });
        let query = Query { function: Function::Sum, alternatives: alternatives.collect() };
        let most = 36_525 * crate::values::calendar::DAY;
        let sum = Expr { op: Op::Query(Box::new(query)), shape: Shape::range(0, most) };
        Some(Expr { op: Op::Lowest(vec![sum, constant(most)]), shape: Shape::range(0, most) })
    }

    /// What a rule may ask of a clock: `rtt.running`, `rtt.periods`, `rtt.started`, `rtt.stopped`, `rtt.outcome`.
    pub(super) fn clock_value(&mut self, index: usize, what: &str, span: Span) -> Option<Typed> {
        self.plan.subject.uses_as_of = true;
        let clock = self.clock(index)?;
        let periods = self.periods_of(&clock);
        let last =
            |value: &dyn Fn(&Period) -> Expr, shape: Shape| over(&periods, Function::Last, value, shape.or_none());
        let moment = at().shape;
        let typed = match what {
            "periods" => {
                let count = over(&periods, Function::Count, &|_| constant(1), Shape::range(0, MAX_EVENTS));
                Typed { expr: count, ty: Type::Number { places: 0, unit: None } }
            }
            "running" => {
                let open = last(&|p| yes_no(Op::IsNone(Box::new(p.stop.clone()))), Shape::YES_NO);
                Typed { expr: yes_no(Op::Within(Box::new(open), 1, 1)), ty: Type::YesNo }
            }
            "started" => Typed { expr: last(&|p| p.start.clone(), moment), ty: Type::Instant },
            "stopped" => Typed { expr: last(&|p| p.stop.clone(), moment), ty: Type::Instant },
            "outcome" if clock.outcomes.is_some() => {
                let ty = clock.outcomes.clone()?;
                let shape = super::subject::choice_shape(&ty);
                let outcome = |p: &Period| p.named("outcome").unwrap_or(Expr { op: Op::None, shape: shape.or_none() });
                Typed { expr: last(&outcome, shape), ty }
            }
            other => {
                let fault = Diagnostic::error(codes::E0303, span, format!("a clock has no `{other}`"), "not known");
                return self.fault(
                    fault.help("ask for running, periods, started, stopped or, where its lines say `as …`, outcome"),
                );
            }
        };
        Some(typed)
    }

    /// The answers of a clock, so that a caller sees its state as of now.
    pub(super) fn clock_answers(&mut self, index: usize) {
        let Some(tree) = self.names.clocks.get(index).copied() else { return };
        let Some(clock) = self.clock(index) else { return };
        let mut asked = vec!["running", "periods", "started", "stopped"];
        asked.extend(clock.outcomes.is_some().then_some("outcome"));
        for what in asked {
            let Some(typed) = self.clock_value(index, what, tree.name.span) else { continue };
            let cell = self.store(typed.expr);
            let kind = AnswerKind::Value { cell, ty: typed.ty };
            let label = tree.label.as_ref().map(|l| format!("{l}: {what}"));
            self.answer(&format!("{}.{what}", tree.name.node), label, kind, None, tree.span);
        }
    }
}

fn label_place(labels: &mut Vec<String>, label: &str) -> u8 {
    let place = labels.iter().position(|l| l == label).unwrap_or_else(|| {
        labels.push(label.to_owned());
        labels.len() - 1
    });
    u8::try_from(place).unwrap_or(u8::MAX)
}

/// A question over all periods, each with its starting event at level 0.
fn over(periods: &[Period], function: Function, value: &dyn Fn(&Period) -> Expr, shape: Shape) -> Expr {
    let alternatives =
        periods.iter().map(|p| Alternative { event: p.event, filter: p.filter.clone(), value: value(p) }).collect();
    Expr { op: Op::Query(Box::new(Query { function, alternatives })), shape }
}

fn turning(clock: &Clock) -> impl Iterator<Item = &Edge> {
    clock.edges.iter().filter(|e| matches!(e.verb, Verb::Start | Verb::Stop | Verb::Nullify))
}

/// Whether the clock runs just before the event at level 0.
fn running_before(clock: &Clock) -> Expr {
    let alternatives = turning(clock)
        .map(|e| Alternative {
            event: e.event,
            filter: all(vec![e.filter.clone(), less(order(), order().inside())]),
            value: constant(i64::from(e.verb == Verb::Start)),
        })
        .collect();
    let last = Expr {
        op: Op::Query(Box::new(Query { function: Function::Last, alternatives })),
        shape: Shape::YES_NO.or_none(),
    };
    yes_no(Op::Within(Box::new(last), 1, 1))
}

/// Something of the event that ends the period which begins at the event at level 0; none while it runs.
fn ending(clock: &Clock, value: impl Fn(&Edge) -> Expr, shape: Shape) -> Expr {
    let alternatives: Vec<Alternative> = turning(clock)
        .filter(|e| e.verb != Verb::Start)
        .map(|e| Alternative {
            event: e.event,
            filter: all(vec![e.filter.clone(), less(order().inside(), order())]),
            value: value(e),
        })
        .collect();
    Expr { op: Op::Query(Box::new(Query { function: Function::First, alternatives })), shape: shape.or_none() }
}

fn outcome_of(edge: &Edge, shape: Shape) -> Expr {
    match edge.label {
        Some(label) => Expr { op: Op::Choice(label), shape },
        None => Expr { op: Op::None, shape: shape.or_none() },
    }
}

//! Clocks: what starts, stops, pauses and nullifies them, as event queries.
//!
//! A start while the clock runs, and a stop while it does not, change nothing; so the clock runs at an event exactly when the last
//! start, stop or nullifying event before it is a start. A *period* begins at an event that starts the clock while it does not
//! run, and ends with the first stop or nullifying event after it. A nullified period never was.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::judgements::assume;
use super::literals::constant;
use super::queries::{all, at, less, order};
use super::scopes::AtHand;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Alternative, AnswerKind, Expr, Function, Kinds, MAX_EVENTS, Op, Query, Shape};
use crate::syntax::tree::{self, Path};
use crate::text::Span;
use crate::values::types::Type;

/// A line of a clock: what it does, on which events, at which instant; with the event at level 0.
#[derive(Clone, Debug)]
struct Edge {
    verb: Verb,
    event: usize,
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

/// What an event does to a clock, as a set of verbs in their order; none where no line fits.
const VERBS: Shape = Shape::set(5).or_none();

/// The periods of a clock, with the starting event at level 0.
#[derive(Clone, Debug)]
pub(super) struct Period {
    /// Events of these kinds start the clock.
    pub kinds: Kinds,
    /// Which of them begin a period that was not nullified.
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

/// A clock as built: what an event at level 0 does to it, of whichever kind it is.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// The kinds of event that have a line with each verb.
    lines: Vec<(Verb, usize)>,
    /// The verb of the first line that fits.
    verb: Expr,
    /// The instant that the line gives.
    at: Expr,
    /// The outcome that the line gives, and its type.
    outcome: Option<(Expr, Type)>,
}

impl Clock {
    fn kinds(&self, verbs: &[Verb]) -> Kinds {
        let lines = self.lines.iter().filter(|(verb, _)| verbs.contains(verb));
        lines.fold(Kinds::default(), |kinds, (_, kind)| kinds.and(Kinds::one(*kind)))
    }

    fn does(&self, verbs: &[Verb]) -> Expr {
        let mask = verbs.iter().fold(0, |mask, verb| mask | 1 << *verb as u64);
        yes_no(Op::OneOf(Box::new(self.verb.clone()), mask))
    }

    /// Which verb it is, of an event that a line fits.
    fn is(&self, verb: Verb) -> Expr {
        yes_no(Op::OneOf(Box::new(assume(self.verb.clone())), 1 << verb as u64))
    }
}

impl Builder<'_> {
    /// The periods of a clock.
    pub(super) fn periods(&mut self, path: &Path) -> Option<Period> {
        let name = path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        let Some(Symbol::Clock(index)) = self.names.get(&name) else {
            return self.error(codes::E0303, path.span, format!("there is no clock `{name}`"), "not declared");
        };
        let clock = self.clock(index, path.span)?;
        Some(self.periods_of(&clock))
    }

    fn clock(&mut self, index: usize, asked_at: Span) -> Option<Clock> {
        let tree = *self.names.clocks.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.clocks, index, at, |b| b.build_clock(tree))
    }

    fn build_clock(&mut self, tree: &tree::Clock) -> Option<Clock> {
        let mut labels: Vec<String> = Vec::new();
        let mut edges: Vec<Edge> = Vec::new();
        let mut whole = true;
        for edge in &tree.edges {
            match self.edge(edge, &mut labels) {
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
        whole.then(|| self.clock_of(tree, &edges, labels))
    }

    fn edge(&mut self, tree: &tree::Edge, labels: &mut Vec<String>) -> Option<Option<Edge>> {
        let verb = match tree.verb.node.as_str() {
            "start" => Verb::Start,
            "stop" => Verb::Stop,
            "nullify" => Verb::Nullify,
            "pause" => Verb::Pause,
            "resume" => Verb::Resume,
            _ => return Some(None),
        };
        let event = self.event_kind(&tree.on)?;
        let filter = self.filter(&tree.on, event, Place::default())?;
        let filter = self.kept_for_each(Kinds::one(event), filter);
        let place = self.enter(Place::default(), AtHand::Event(event), None, tree.span)?;
        let time = match &tree.at {
            Some(expr) => self.instant(expr, place)?,
            None => at(),
        };
        let label = tree.label.as_ref().map(|label| label_place(labels, &label.node));
        Some(Some(Edge { verb, event, filter, at: time, label }))
    }

    /// Puts the lines of each kind of event together: the first that fits counts.
    fn clock_of(&mut self, tree: &tree::Clock, edges: &[Edge], labels: Vec<String>) -> Clock {
        let verb = |line: Option<&Edge>| chosen(line.map(|e| e.verb as u8), VERBS);
        let verb = self.of_first_line(edges, VERBS, verb);
        let plain = edges.iter().all(|e| e.at == at());
        let shape = edges.iter().map(|e| e.at.shape).fold(at().shape, super::expressions::hull);
        let time = if plain { at() } else { self.of_first_line(edges, shape, |e| e.map_or_else(at, |e| e.at.clone())) };
        let outcome = (!labels.is_empty()).then(|| {
            let unlabelled = vec![None; labels.len()];
            let ty = Type::Enum { name: format!("{} outcome", tree.name.node), variants: labels, labels: unlabelled };
            let shape = super::subject::choice_shape(&ty).or_none();
            (self.of_first_line(edges, shape, |e| chosen(e.and_then(|e| e.label), shape)), ty)
        });
        Clock { lines: edges.iter().map(|e| (e.verb, e.event)).collect(), verb, at: time, outcome }
    }

    /// What the first line that fits an event says.
    fn of_first_line(&mut self, edges: &[Edge], shape: Shape, says: impl Fn(Option<&Edge>) -> Expr) -> Expr {
        let mut kinds: Vec<usize> = edges.iter().map(|e| e.event).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let parts = kinds.into_iter().map(|kind| {
            let lines = edges.iter().filter(|e| e.event == kind).rev();
            let expr = lines.fold(says(None), |rest, line| Expr {
                op: Op::If(Box::new(line.filter.clone()), Box::new(says(Some(line))), Box::new(rest)),
                shape,
            });
            (kind, expr)
        });
        let parts: Vec<_> = parts.collect();
        self.by_kind(shape, parts)
    }

    fn periods_of(&mut self, clock: &Clock) -> Period {
        let kinds = clock.kinds(&[Verb::Start]);
        let end = ending(clock, clock.is(Verb::Stop));
        let nullified = yes_no(Op::Within(Box::new(end), 0, 0));
        let filter = all(vec![clock.does(&[Verb::Start]), not(running_before(clock)), not(nullified)]);
        let filter = self.kept_for_each(kinds, filter);
        let stop = self.kept_for_each(kinds, ending(clock, clock.at.clone()));
        let paused = self.paused(clock, &stop).map(|paused| self.kept_for_each(kinds, paused));
        let moment = |expr: &Expr| Typed { expr: expr.clone(), ty: Type::Instant };
        let mut names = vec![("start".to_owned(), moment(&clock.at)), ("stop".to_owned(), moment(&stop))];
        if let Some((outcome, ty)) = &clock.outcome {
            let expr = self.kept_for_each(kinds, ending(clock, outcome.clone()));
            names.push(("outcome".to_owned(), Typed { expr, ty: ty.clone() }));
        }
        names.extend(paused.clone().map(|expr| ("paused".to_owned(), Typed { expr, ty: Type::Duration })));
        Period { kinds, filter, start: clock.at.clone(), stop, paused, names }
    }

    /// How long a period was paused: from each pause in it to the next resumption, or to `as of`.
    fn paused(&mut self, clock: &Clock, stop: &Expr) -> Option<Expr> {
        let pausing = clock.kinds(&[Verb::Pause]);
        if pausing == Kinds::default() {
            return None;
        }
        let now = self.as_of().expr;
        let later = less(order().inside(), order());
        let resumed = Alternative {
            kinds: clock.kinds(&[Verb::Resume]),
            filter: all(vec![clock.does(&[Verb::Resume]), later.clone()]),
            value: clock.at.clone(),
        };
        let resumed = asked(Function::First, resumed, clock.at.shape.or_none());
        let resumed = Expr { op: Op::Else(Box::new(resumed), Box::new(now)), shape: at().shape };
        let longest = at().shape.high - at().shape.low;
        let length = Expr {
            op: Op::Subtract(Box::new(resumed), Box::new(clock.at.clone())),
            shape: Shape::range(-longest, longest),
        };
        let length = Expr { op: Op::Highest(vec![length, constant(0)]), shape: Shape::range(0, longest) };
        let length = self.kept_for_each(pausing, length);
        let stop = stop.clone().inside();
        let before_stop = yes_no(Op::Or(vec![yes_no(Op::IsNone(Box::new(stop.clone()))), less(at(), stop)]));
        let filter = all(vec![clock.does(&[Verb::Pause]), later, before_stop]);
        let most = 36_525 * crate::values::calendar::DAY;
        let pauses = Alternative { kinds: pausing, filter, value: length };
        let sum = asked(Function::Sum, pauses, Shape::range(0, most));
        Some(Expr { op: Op::Lowest(vec![sum, constant(most)]), shape: Shape::range(0, most) })
    }

    /// What a rule may ask of a clock: `rtt.running`, `rtt.periods`, `rtt.started`, `rtt.stopped`, `rtt.outcome`.
    pub(super) fn clock_value(&mut self, index: usize, what: &str, span: Span) -> Option<Typed> {
        self.plan.subject.uses_as_of = true;
        let clock = self.clock(index, span)?;
        let period = self.periods_of(&clock);
        let over = |function: Function, value: Expr, shape: Shape| {
            asked(function, Alternative { kinds: period.kinds, filter: period.filter.clone(), value }, shape)
        };
        let last = |value: Expr| {
            let shape = value.shape.or_none();
            over(Function::Last, value, shape)
        };
        let typed = match what {
            "periods" => {
                let count = over(Function::Count, constant(1), Shape::range(0, MAX_EVENTS));
                Typed { expr: count, ty: Type::Number { places: 0, unit: None } }
            }
            "running" => {
                let open = last(yes_no(Op::IsNone(Box::new(period.stop.clone()))));
                Typed { expr: yes_no(Op::Within(Box::new(open), 1, 1)), ty: Type::YesNo }
            }
            "started" => Typed { expr: last(period.start.clone()), ty: Type::Instant },
            "stopped" => Typed { expr: last(period.stop.clone()), ty: Type::Instant },
            "outcome" if clock.outcome.is_some() => {
                let (_, ty) = clock.outcome?;
                Typed { expr: last(period.named("outcome")?), ty }
            }
            other => {
                let fault =
                    Diagnostic::error(codes::E0303, span, format!("a clock has no `{other}`"), "no such answer");
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
        let Some(clock) = self.clock(index, tree.name.span) else { return };
        let mut asked = vec!["running", "periods", "started", "stopped"];
        asked.extend(clock.outcome.is_some().then_some("outcome"));
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

fn asked(function: Function, alternative: Alternative, shape: Shape) -> Expr {
    Expr { op: Op::Query(Box::new(Query { function, alternatives: vec![alternative] })), shape }
}

/// What starts and ends periods.
const TURNING: [Verb; 3] = [Verb::Start, Verb::Stop, Verb::Nullify];

/// Whether the clock runs just before the event at level 0.
fn running_before(clock: &Clock) -> Expr {
    let before = Alternative {
        kinds: clock.kinds(&TURNING),
        filter: all(vec![clock.does(&TURNING), less(order(), order().inside())]),
        value: clock.is(Verb::Start),
    };
    let last = asked(Function::Last, before, Shape::YES_NO.or_none());
    yes_no(Op::Within(Box::new(last), 1, 1))
}

/// Something of the event that ends the period which begins at the event at level 0; none while it runs.
fn ending(clock: &Clock, value: Expr) -> Expr {
    let ends = [Verb::Stop, Verb::Nullify];
    let shape = value.shape.or_none();
    let after = Alternative {
        kinds: clock.kinds(&ends),
        filter: all(vec![clock.does(&ends), less(order().inside(), order())]),
        value,
    };
    asked(Function::First, after, shape)
}

fn chosen(choice: Option<u8>, shape: Shape) -> Expr {
    match choice {
        Some(choice) => Expr { op: Op::Choice(choice), shape: Shape { optional: false, ..shape } },
        None => Expr { op: Op::None, shape },
    }
}

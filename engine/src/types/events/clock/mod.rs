//! Clocks: what starts, stops and nullifies them, as event queries; what pauses them is in `pause`.
//!
//! A start while the clock runs, and a stop while it does not, change nothing; so the clock runs at an event exactly when the last
//! start, stop or nullifying event before it is a start. A *period* begins at an event that starts the clock while it does not
//! run, and ends with the first stop or nullifying event after it. A nullified period never was.

mod held;
mod idle;
mod pause;
mod period;
mod value;

use crate::diagnostics::{Diagnostic, codes};
use crate::names::unsupported;
use crate::plan::{Expr, Kinds, Op, Shape};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::{assume, at, at_most, hull, yes, yes_no};
use crate::types::package::declared_type::{MOST_CHOICES, choice_shape};
use crate::types::{Builder, Place};
use crate::values::types::Type;

/// A line of a clock: what it does, on which events, at which instant; with the event at level 0. A `continue` line does nothing, and its
/// events do nothing: no line below it counts for them.
#[derive(Clone, Debug)]
pub(in crate::types) struct Edge {
    verb: Option<Verb>,
    kinds: Kinds,
    filter: Expr,
    at: Expr,
    label: Option<u8>,
}

/// What a line does. Pauses are for a hold, by its place among the holds of the clock; a resumption without one ends them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::types) enum Verb {
    Start,
    Stop,
    Nullify,
    ResumeAll,
    Pause(u8),
    Resume(u8),
}

impl Verb {
    /// Its place among all the verbs of a clock.
    fn place(self) -> u8 {
        match self {
            Verb::Start => 0,
            Verb::Stop => 1,
            Verb::Nullify => 2,
            Verb::ResumeAll => 3,
            Verb::Pause(hold) => 4 + 2 * hold,
            Verb::Resume(hold) => 5 + 2 * hold,
        }
    }
}

/// The most kinds of hold that a clock may have.
const MOST_HOLDS: usize = 16;

/// A clock as built: what an event at level 0 does to it, of whichever kind it is.
#[derive(Clone, Debug)]
pub(in crate::types) struct Clock {
    /// The kinds of event that have a line with each verb.
    pub(in crate::types) lines: Vec<(Verb, Kinds)>,
    /// The verb of the first line that fits; none where no line does.
    pub(in crate::types) verb: Expr,
    /// The instant that the line gives.
    pub(in crate::types) at: Expr,
    /// The outcome that the line gives, and its type.
    pub(in crate::types) outcome: Option<(Expr, Type)>,
    pub(in crate::types) dated: Dated,
}

/// Which lines of a clock give an instant of their own, so that it may lie before that of an event before.
#[derive(Clone, Copy, Debug)]
pub(in crate::types) struct Dated {
    /// Some that start or end periods.
    pub(in crate::types) periods: bool,
    /// Some that begin or end holds.
    pub(in crate::types) holds: bool,
}

impl Clock {
    pub(in crate::types) fn kinds(&self, verbs: &[Verb]) -> Kinds {
        let lines = self.lines.iter().filter(|(verb, _)| verbs.contains(verb));
        lines.fold(Kinds::default(), |kinds, (_, line)| kinds.and(*line))
    }

    pub(in crate::types) fn does(&self, verbs: &[Verb]) -> Expr {
        let mask = verbs.iter().fold(0, |mask, verb| mask | 1 << verb.place());
        yes_no(Op::OneOf(Box::new(self.verb.clone()), mask))
    }

    /// Which verb it is, of an event that a line fits.
    pub(in crate::types) fn is(&self, verb: Verb) -> Expr {
        yes_no(Op::OneOf(Box::new(assume(self.verb.clone())), 1 << verb.place()))
    }

    /// The holds that some line pauses it for.
    fn holds(&self) -> Vec<u8> {
        let pauses =
            self.lines.iter().filter_map(|(verb, _)| if let Verb::Pause(hold) = verb { Some(*hold) } else { None });
        let mut holds: Vec<u8> = pauses.collect();
        holds.sort_unstable();
        holds.dedup();
        holds
    }
}

impl Builder<'_> {
    pub(in crate::types) fn clock(&mut self, index: usize, asked_at: Span) -> Option<Clock> {
        let tree = *self.names().clocks.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.clocks, index, at, |b| b.build_clock(tree))
    }

    fn build_clock(&mut self, tree: &tree::Clock) -> Option<Clock> {
        let mut labels: Vec<String> = Vec::new();
        let holds = self.holds(tree)?;
        let mut edges: Vec<Edge> = Vec::new();
        let mut whole = true;
        for edge in &tree.edges {
            match self.edge(edge, &holds, &mut labels) {
                Some(edge) => edges.push(edge),
                None => whole = false,
            }
        }
        if whole && !edges.iter().any(|e| e.verb == Some(Verb::Start)) {
            let title = format!("nothing starts the clock `{}`", tree.name.node);
            let fault = Diagnostic::error(codes::E0913, tree.name.span, title, "no `start`");
            self.faults.push(fault.help("add a line such as `start Referral where consultant_led`"));
            whole = false;
        }
        let whole = whole && self.continued(tree, &edges).is_some() && self.all_reached(tree, &edges).is_some();
        let whole = whole && self.all_paired(tree, &edges).is_some() && self.nothing_idle(tree).is_some();
        if whole {
            self.warn_of_endless_holds(tree, &edges);
        }
        whole.then(|| self.clock_of(tree, &edges, labels))
    }

    /// The names of a clock's holds, in the order of its `pause` lines; a hold without a name is one of them.
    fn holds<'t>(&mut self, tree: &'t tree::Clock) -> Option<Vec<Option<&'t str>>> {
        let mut holds = Vec::new();
        for edge in tree.edges.iter().filter(|edge| edge.verb.node == "pause") {
            let name = edge.label.as_ref().map(|label| label.node.as_str());
            if holds.contains(&name) {
                continue;
            }
            if holds.len() == MOST_HOLDS {
                return self.fault(unsupported(edge.span, "a clock with more than 16 kinds of hold"));
            }
            holds.push(name);
        }
        Some(holds)
    }

    /// A `continue` keeps the lines below it from counting; where none of them is for such an event, it says nothing.
    fn continued(&mut self, tree: &tree::Clock, edges: &[Edge]) -> Option<()> {
        for (place, (line, edge)) in tree.edges.iter().zip(edges).enumerate().filter(|(_, (_, e))| e.verb.is_none()) {
            let below = edges.iter().skip(place + 1);
            let title = match (&line.at, &line.label) {
                _ if !below.into_iter().any(|below| below.kinds.meet(edge.kinds) && below.verb.is_some()) => {
                    let event = self.context.words(line.on.events.span);
                    format!("no line below this `continue` would do anything with `{event}`")
                }
                (Some(_), _) => "a `continue` gives no instant: nothing starts or stops there".to_owned(),
                (_, Some(_)) => "a `continue` has no name: nothing starts or stops there".to_owned(),
                _ => continue,
            };
            let fault = Diagnostic::error(codes::E0917, line.span, title, "this changes nothing");
            return self.fault(fault.help("`continue X where …` goes above the line that it makes an exception to: the first line that fits counts"));
        }
        Some(())
    }

    /// The first line that fits an event counts: below one that takes all of its kind, no other does anything with it.
    fn all_reached(&mut self, tree: &tree::Clock, edges: &[Edge]) -> Option<()> {
        for (place, (line, edge)) in tree.edges.iter().zip(edges).enumerate() {
            let above = edges.iter().take(place).filter(|above| above.verb.is_some() && above.filter == yes());
            let taken = above.fold(Kinds::default(), |taken, above| taken.and(above.kinds));
            if edge.kinds.places().all(|kind| taken.contain(kind)) {
                let event = self.context.words(line.on.events.span);
                let title = format!("no `{event}` reaches this line: a line above takes every one");
                let fault = Diagnostic::error(codes::E0917, line.span, title, "this changes nothing");
                return self.fault(fault.help(
                    "the first line that fits counts: put the one with a condition above the other, or leave one out",
                ));
            }
        }
        Some(())
    }

    /// A `resume` ends what some line begins, and a hold has a name for the line that ends it.
    fn all_paired(&mut self, tree: &tree::Clock, edges: &[Edge]) -> Option<()> {
        let does = |wanted: Verb| edges.iter().any(|edge| edge.verb == Some(wanted));
        let pauses = edges.iter().any(|edge| matches!(edge.verb, Some(Verb::Pause(_))));
        for (line, edge) in tree.edges.iter().zip(edges) {
            let (title, label, help) = match edge.verb {
                Some(Verb::ResumeAll) if !pauses => (
                    "no line pauses this clock, so that there is nothing to resume".to_owned(),
                    "this changes nothing",
                    "put a line above it such as `pause Declined`, or leave it out",
                ),
                Some(Verb::Pause(hold))
                    if line.label.is_some() && !does(Verb::ResumeAll) && !does(Verb::Resume(hold)) =>
                {
                    (
                        "no line resumes the clock by this name, which is there for nothing else".to_owned(),
                        "on hold until the period ends",
                        "say what ends it: `resume Back as away`; a hold that lasts until the period ends has no name",
                    )
                }
                _ => continue,
            };
            let fault = Diagnostic::error(codes::E0917, line.span, title, label);
            return self.fault(fault.help(help));
        }
        Some(())
    }

    /// What a line does; nothing where it changes nothing.
    fn verb(&mut self, tree: &tree::Edge, holds: &[Option<&str>]) -> Option<Option<Verb>> {
        let name = tree.label.as_ref().map(|label| label.node.as_str());
        let hold = holds.iter().position(|hold| *hold == name).and_then(|hold| u8::try_from(hold).ok());
        Some(Some(match (tree.verb.node.as_str(), hold, &tree.label) {
            ("start", ..) => Verb::Start,
            ("stop", ..) => Verb::Stop,
            ("nullify", ..) => Verb::Nullify,
            ("pause", hold, _) => Verb::Pause(hold?),
            ("resume", _, None) => Verb::ResumeAll,
            ("resume", Some(hold), _) => Verb::Resume(hold),
            ("resume", None, Some(label)) => {
                let title = format!("no line pauses the clock as `{}`", label.node);
                let fault = Diagnostic::error(codes::E0303, label.span, title, "no such hold");
                return self.fault(fault.help("a `resume` without a name ends every hold"));
            }
            _ => return Some(None),
        }))
    }

    fn edge(&mut self, tree: &tree::Edge, holds: &[Option<&str>], labels: &mut Vec<String>) -> Option<Edge> {
        let verb = self.verb(tree, holds)?;
        if let Some(function) = &tree.on.function {
            let title = format!("a clock goes by each such event, not by `{}` of them", function.node);
            return self.error(codes::E0313, tree.on.span, title, "leave it out");
        }
        self.ended_by_a_line(tree)?;
        let (kinds, filter) = self.chosen(&tree.on, Place::default())?;
        let there = self.there(&filter, true);
        let filter = self.kept_for_each(kinds, filter);
        let place = self.enter(Place::default(), AtHand::of(kinds), None, tree.span)?;
        let time = match &tree.at {
            Some(expr) => self.instant_of_line(expr, &there, place)?,
            None => at(),
        };
        let outcome = !matches!(verb, None | Some(Verb::Pause(_) | Verb::Resume(_)));
        let label = match tree.label.as_ref().filter(|_| outcome) {
            Some(label) => Some(self.outcome_place(labels, label)?),
            None => None,
        };
        Some(Edge { verb, kinds, filter, at: time, label })
    }

    /// The instant that a line gives for its events; one that may be none says nothing of when the clock starts or stops. `there` is what its
    /// condition says to be there.
    fn instant_of_line(&mut self, tree: &tree::Expr, there: &[Expr], place: Place) -> Option<Expr> {
        let (time, _) = self.beginning(tree, place)?;
        if !time.shape.optional {
            return Some(time);
        }
        let said = self.expr(tree, Some(&Type::Instant), place)?;
        if self.roots(&said.expr).iter().all(|root| there.contains(root)) {
            return Some(assume(time));
        }
        let own = if said.ty == Type::Date { "date of at" } else { "at" };
        let said = self.context.words(tree.span);
        let title = format!("`{said}` may be none, and the clock would start or stop at no instant");
        let fault = Diagnostic::error(codes::E0935, tree.span, title, "this may be none");
        let whole = format!("({said} else {own})");
        let help =
            format!("say what counts then: `at {whole}`; or take only events that have it: `where {said} is not none`");
        self.fault(fault.help(help).edit(tree.span, whole))
    }

    /// The place of an outcome among those of a clock. That there are too many is said of the first that is.
    fn outcome_place(&mut self, labels: &mut Vec<String>, label: &tree::Name) -> Option<u8> {
        let before = labels.len();
        let place = label_place(labels, &label.node);
        if labels.len() <= MOST_CHOICES {
            return Some(place);
        }
        if labels.len() > before && before == MOST_CHOICES {
            let title = format!("a clock has at most {MOST_CHOICES} outcomes");
            let fault = Diagnostic::error(codes::E0306, label.span, title, "one too many");
            self.faults.push(fault.help("give lines that come to the same one name"));
        }
        None
    }

    /// Puts the lines of each kind of event together: the first that fits counts.
    fn clock_of(&mut self, tree: &tree::Clock, edges: &[Edge], labels: Vec<String>) -> Clock {
        let verb_of = |line: &Edge| line.verb.map(Verb::place);
        let last = edges.iter().filter_map(verb_of).max().unwrap_or(0);
        let verbs = Shape::set(i64::from(last) + 1).or_none();
        let now = self.as_of().expr;
        let verb = self.of_first_line(edges, verbs, |line| {
            let does = chosen(line.and_then(verb_of), verbs);
            match line.filter(|line| line.at != at() && line.verb != Some(Verb::Start)) {
                // What it gives an instant for has not come before that instant; a wait that begins later is known before.
                Some(line) => {
                    let nothing = Box::new(chosen(None, verbs));
                    let has_come = Box::new(at_most(line.at.clone(), now.clone()));
                    Expr { op: Op::If(has_come, Box::new(does), nothing), shape: verbs }
                }
                None => does,
            }
        });
        let plain = edges.iter().all(|e| e.at == at());
        let shape = edges.iter().map(|e| e.at.shape).fold(at().shape, hull);
        let time = if plain { at() } else { self.of_first_line(edges, shape, |e| e.map_or_else(at, |e| e.at.clone())) };
        let outcome = (!labels.is_empty()).then(|| {
            let unlabelled = vec![None; labels.len()];
            let ty = Type::Enum {
                name: format!("{} outcome", tree.name.node),
                variants: labels,
                labels: unlabelled,
                points: None,
            };
            let shape = choice_shape(&ty).or_none();
            (self.of_first_line(edges, shape, |e| chosen(e.and_then(|e| e.label), shape)), ty)
        });
        let lines = edges.iter().filter_map(|e| e.verb.map(|verb| (verb, e.kinds))).collect();
        Clock { lines, verb, at: time, outcome, dated: dated(edges) }
    }

    /// What the first line that fits an event says.
    fn of_first_line(&mut self, edges: &[Edge], shape: Shape, says: impl Fn(Option<&Edge>) -> Expr) -> Expr {
        let kinds = edges.iter().fold(Kinds::default(), |kinds, e| kinds.and(e.kinds));
        let parts = kinds.places().map(|kind| {
            let lines = edges.iter().filter(|e| e.kinds.contain(kind)).rev();
            let expr = lines.fold(says(None), |rest, line| Expr {
                op: Op::If(Box::new(line.filter.clone()), Box::new(says(Some(line))), Box::new(rest)),
                shape,
            });
            (kind, expr)
        });
        let parts: Vec<_> = parts.collect();
        self.plan.by_kind(shape, parts)
    }
}

fn dated(edges: &[Edge]) -> Dated {
    let ends_periods = |edge: &Edge| matches!(edge.verb, Some(Verb::Start | Verb::Stop | Verb::Nullify));
    let mut dated = Dated { periods: false, holds: false };
    for edge in edges.iter().filter(|edge| edge.at != at()) {
        if ends_periods(edge) { dated.periods = true } else { dated.holds = true }
    }
    dated
}

fn label_place(labels: &mut Vec<String>, label: &str) -> u8 {
    let place = labels.iter().position(|l| l == label).unwrap_or_else(|| {
        labels.push(label.to_owned());
        labels.len() - 1
    });
    u8::try_from(place).unwrap_or(u8::MAX)
}

fn chosen(choice: Option<u8>, shape: Shape) -> Expr {
    match choice {
        Some(choice) => Expr { op: Op::Choice(choice), shape: Shape { optional: false, ..shape } },
        None => Expr { op: Op::None, shape },
    }
}

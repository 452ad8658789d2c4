//! The standard path of a pathway: how far a case has come along it, and where it left it.
//!
//! A column says of each event which events of the path it may stand for (its symbol); an automaton over these symbols gives the
//! state of the case, and everything that a rule may ask is read off that state.

use super::arithmetic::yes_no;
use super::queries::at;
use super::stages::{Automaton, Stage, State as Standing};
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{AnswerKind, Expr, Kinds, MAX_STATES, Op, PathGives, PathOf, Row, Shape, Step, Table};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, Pathway, StageKind};
use crate::text::Span;
use crate::values::types::Type;

/// What a rule may ask of a path.
const ASKED: [&str; 5] = ["follows", "complete", "reached", "left", "left_at"];

/// A path as built: the cells of what may be asked of it, in the order of [`ASKED`].
#[derive(Clone, Debug)]
pub(super) struct BuiltPath {
    cells: [usize; 5],
    stage: Type,
}

/// An event that a stage names: its kind and which of them.
#[derive(Clone, Debug, PartialEq)]
struct Named {
    kind: usize,
    filter: Expr,
}

/// What events are to a path: the column of their symbols, and which of the path's events each symbol stands for.
struct Symbols {
    kinds: Kinds,
    column: usize,
    fits: Vec<u64>,
}

impl Builder<'_> {
    fn built_path(&mut self, index: usize, asked_at: Span) -> Option<BuiltPath> {
        let tree = *self.names.paths.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.paths, index, at, |b| b.build_path(tree))
    }

    fn build_path(&mut self, tree: &Pathway) -> Option<BuiltPath> {
        self.plan.subject.uses_as_of = true;
        self.check_stages(tree)?;
        let (named, stages) = self.stages(tree)?;
        let symbols = if named.len() > MAX_STATES { None } else { self.symbols(&named) };
        let Some(symbols) = symbols else { return self.too_many_ways(tree, None) };
        let Some(automaton) = Automaton::of(&stages, &symbols.fits) else {
            let largest = tree.stages.iter().filter(|s| s.kind == StageKind::All).max_by_key(|s| s.events.len());
            return self.too_many_ways(tree, largest.filter(|stage| stage.events.len() > 3));
        };
        for (place, stage) in tree.stages.iter().enumerate() {
            if !automaton.states.iter().any(|state| state.reached == Some(place)) {
                return self.unreachable(tree, stage);
            }
        }
        Some(self.answers_of_path(tree, &stages, &symbols, &automaton))
    }

    /// Stages and events there are, and no name twice.
    fn check_stages(&mut self, tree: &Pathway) -> Option<()> {
        let empty = tree.stages.iter().find(|stage| stage.events.is_empty()).map(|stage| &stage.name);
        let empty = empty.or_else(|| tree.stages.is_empty().then_some(&tree.name));
        if let Some(name) = empty {
            let title = format!("`{}` has no events", name.node);
            let fault = Diagnostic::error(codes::E0916, name.span, title, "needs at least one event");
            return self.fault(fault.help("name the events that belong to it: `stage triaged Triage`"));
        }
        for (place, stage) in tree.stages.iter().enumerate() {
            let first = tree.stages.iter().take(place).find(|other| other.name.node == stage.name.node);
            if let Some(first) = first {
                let title = format!("`{}` is declared twice", stage.name.node);
                let fault = Diagnostic::error(codes::E0302, stage.name.span, title, "declared again here");
                let fault = fault.because(first.name.span, "it is already a stage of this path");
                return self.fault(fault.help("give one of them another name, such as `second_review`"));
            }
        }
        Some(())
    }

    /// The events that stages name, each once, and the stages that ask for them.
    fn stages(&mut self, tree: &Pathway) -> Option<(Vec<Named>, Vec<Stage>)> {
        let mut named: Vec<Named> = Vec::new();
        let mut stages = Vec::new();
        let mut whole = true;
        for stage in &tree.stages {
            let mut events = Vec::new();
            for event in &stage.events {
                let Some(one) = self.named_event(event) else {
                    whole = false;
                    continue;
                };
                events.push(named.iter().position(|other| *other == one).unwrap_or(named.len()));
                if !named.contains(&one) {
                    named.push(one);
                }
            }
            let (optional, repeated) = (stage.optional, stage.repeated);
            stages.push(Stage { events, all: stage.kind == StageKind::All, optional, repeated });
        }
        whole.then_some((named, stages))
    }

    fn named_event(&mut self, tree: &tree::Query) -> Option<Named> {
        let kind = self.event_kind(tree)?;
        let filter = self.filter(tree, kind, Place::default())?;
        let filter = self.kept_for_each(Kinds::one(kind), filter);
        Some(Named { kind, filter })
    }

    /// The symbols of events. Of each kind one for every way in which its filters may come out, so that an event that fits several
    /// may belong to whichever stage is due. Nothing where there are too many.
    fn symbols(&mut self, named: &[Named]) -> Option<Symbols> {
        let kinds = named.iter().fold(Kinds::default(), |kinds, one| kinds.and(Kinds::one(one.kind)));
        let mut fits: Vec<u64> = Vec::new();
        let mut ways = Vec::new();
        for kind in kinds.places() {
            let own: Vec<(usize, &Expr)> = named
                .iter()
                .enumerate()
                .filter(|(_, one)| one.kind == kind)
                .map(|(place, one)| (place, &one.filter))
                .collect();
            let (always, sometimes): (Vec<_>, Vec<_>) = own.into_iter().partition(|(_, filter)| holds_always(filter));
            if sometimes.len() > 5 {
                return None;
            }
            let always = always.iter().fold(0, |mask, (place, _)| mask | 1_u64 << (place & 63));
            ways.push((kind, way(&sometimes, always, &mut fits)));
        }
        if fits.len() > MAX_STATES {
            return None;
        }
        let shape = Shape::set(i64::try_from(fits.len()).ok()?).or_none();
        let parts: Vec<(usize, Expr)> = ways.into_iter().map(|(kind, way)| (kind, way.expr(shape))).collect();
        let Op::Column(column, _) = self.by_kind(shape, parts).op else { return None };
        Some(Symbols { kinds, column, fits })
    }

    fn too_many_ways<T>(&mut self, tree: &Pathway, stage: Option<&tree::Stage>) -> Option<T> {
        let title = format!("there are too many ways through the path `{}`", tree.name.node);
        let fault = Diagnostic::error(codes::E0914, tree.name.span, title, "too many states");
        let fault = match stage {
            Some(stage) => fault.because(stage.span, "this many events can happen in too many orders"),
            None => fault,
        };
        let most = format!("a path has at most {MAX_STATES} states");
        self.fault(fault.note(most).help("split it into several paths, or an `any order` into several stages"))
    }

    fn unreachable<T>(&mut self, tree: &Pathway, stage: &tree::Stage) -> Option<T> {
        let title = format!("no event can reach the stage `{}`", stage.name.node);
        let fault =
            Diagnostic::error(codes::E0915, stage.span, title, "every event that fits it belongs to an earlier stage");
        let before = tree.stages.iter().take_while(|other| other.name.node != stage.name.node).last();
        let fault = match before {
            Some(before) => fault.because(before.span, "an event belongs to the earliest stage that can take it"),
            None => fault,
        };
        self.fault(fault.help("tell their events apart with `where`, or merge them into one stage"))
    }

    fn answers_of_path(
        &mut self,
        tree: &Pathway,
        stages: &[Stage],
        symbols: &Symbols,
        automaton: &Automaton,
    ) -> BuiltPath {
        let left = automaton.mask(|state| state.left.is_some());
        let states = automaton.states.len();
        let mut follow = |gives: PathGives, shape: Shape| {
            let Symbols { kinds, column, fits } = symbols;
            let (kinds, column, next) = (*kinds, *column, automaton.next.clone());
            let path = PathOf { kinds, column, states, symbols: fits.len(), next, left, gives };
            self.store(Expr { op: Op::Path(Box::new(path)), shape })
        };
        let state = follow(PathGives::State, Shape::set(i64::try_from(states).unwrap_or(1)));
        let left_at = follow(PathGives::LeftAt, at().shape.or_none());
        let state = self.load(state);
        let is = |mask: u64| yes_no(Op::OneOf(Box::new(state.clone()), mask));
        let follows = self.store(is(!left & automaton.mask(|_| true)));
        let complete = self.store(is(automaton.mask(|state| state.is_complete(stages))));
        let reached = self.stage_of(tree, &state, automaton, |state| state.reached);
        let left = self.stage_of(tree, &state, automaton, |state| state.left);
        BuiltPath { cells: [follows, complete, reached, left, left_at], stage: stage_type(tree) }
    }

    /// The stage that goes with the state, as a table, which keeps apart what is possible; none where there is none.
    fn stage_of(
        &mut self,
        tree: &Pathway,
        state: &Expr,
        automaton: &Automaton,
        stage: impl Fn(&Standing) -> Option<usize>,
    ) -> usize {
        let shape = Shape::set(i64::try_from(tree.stages.len()).unwrap_or(1)).or_none();
        let mut rows = Vec::new();
        let places = std::iter::once(None).chain((0..tree.stages.len()).map(Some));
        for place in places {
            let mask = automaton.mask(|state| stage(state) == place);
            if mask == 0 {
                continue;
            }
            let conditions = vec![yes_no(Op::OneOf(Box::new(state.clone()), mask))];
            let choice = place.and_then(|place| u8::try_from(place).ok());
            let (op, optional) = choice.map_or((Op::None, true), |choice| (Op::Choice(choice), false));
            let outputs = Some(vec![Expr { op, shape: Shape { optional, ..shape } }]);
            rows.push(Row { conditions, outputs, text: String::new(), span: tree.span });
        }
        let row_cell = self.new_cell(Shape::range(0, i64::try_from(rows.len()).unwrap_or(1) - 1));
        let cell = self.new_cell(shape);
        self.plan.steps.push(Step::Table(Table {
            name: tree.name.node.clone(),
            first: false,
            row_cell,
            output_cells: vec![cell],
            rows,
            inputs: Vec::new(),
            outputs: Vec::new(),
            source: None,
            span: tree.span,
        }));
        cell
    }

    /// What a rule may ask of a path: `standard.follows`, `standard.complete`, `standard.reached`, `standard.left`, `standard.left_at`.
    pub(super) fn path_value(&mut self, index: usize, what: &str, span: Span) -> Option<Typed> {
        let built = self.built_path(index, span)?;
        let Some(place) = ASKED.iter().position(|asked| *asked == what) else {
            let fault = Diagnostic::error(codes::E0303, span, format!("a path has no `{what}`"), "no such answer");
            return self.fault(match nearest(what, ASKED) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("ask for follows, complete, reached, left or left_at"),
            });
        };
        let expr = self.load(*built.cells.get(place)?);
        let ty = match what {
            "follows" | "complete" => Type::YesNo,
            "left_at" => Type::Instant,
            _ => built.stage,
        };
        Some(Typed { expr, ty })
    }

    /// The answers of a path, so that a caller sees how far a case has come.
    pub(super) fn path_answers(&mut self, index: usize) {
        let Some(tree) = self.names.paths.get(index).copied() else { return };
        for what in ASKED {
            let Some(typed) = self.path_value(index, what, tree.name.span) else { return };
            let Op::Cell(cell) = typed.expr.op else { return };
            let kind = AnswerKind::Value { cell, ty: typed.ty };
            let label = tree.label.as_ref().map(|label| format!("{label}: {}", what.replace('_', " ")));
            self.answer(&format!("{}.{what}", tree.name.node), label, kind, None, tree.span);
        }
    }
}

/// The stages of a path as choices.
fn stage_type(tree: &Pathway) -> Type {
    let variants = tree.stages.iter().map(|stage| stage.name.node.clone()).collect();
    let labels = tree.stages.iter().map(|stage| stage.label.clone()).collect();
    Type::Enum { name: format!("{} stage", tree.name.node), variants, labels }
}

fn holds_always(filter: &Expr) -> bool {
    filter.op == Op::Constant(1)
}

/// How the filters of a kind of event may come out.
enum Way<'e> {
    Symbol(Option<u8>),
    When(&'e Expr, Box<(Way<'e>, Way<'e>)>),
}

impl Way<'_> {
    fn expr(self, shape: Shape) -> Expr {
        match self {
            Way::Symbol(Some(symbol)) => Expr { op: Op::Choice(symbol), shape: Shape { optional: false, ..shape } },
            Way::Symbol(None) => Expr { op: Op::None, shape },
            Way::When(filter, both) => {
                let (then, otherwise) = *both;
                let [then, otherwise] = [then, otherwise].map(|way| Box::new(way.expr(shape)));
                Expr { op: Op::If(Box::new(filter.clone()), then, otherwise), shape }
            }
        }
    }
}

/// Every way in which filters may come out: a symbol for each, by the events of the path that then fit.
fn way<'e>(filters: &[(usize, &'e Expr)], fitting: u64, fits: &mut Vec<u64>) -> Way<'e> {
    if let [(place, filter), rest @ ..] = filters {
        let then = way(rest, fitting | 1 << (place & 63), fits);
        let otherwise = way(rest, fitting, fits);
        return Way::When(filter, Box::new((then, otherwise)));
    }
    if fitting == 0 {
        return Way::Symbol(None);
    }
    fits.push(fitting);
    Way::Symbol(u8::try_from(fits.len() - 1).ok())
}

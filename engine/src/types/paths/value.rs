//! What a rule may ask of a path, and what a caller sees of it.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{AnswerKind, CellId, Expr, Op, PathGives, PathOf, Region, Shape, Table, TableColumn, TableRow};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::Pathway;
use crate::text::Span;
use crate::types::expressions::terms::{at, yes_no};
use crate::types::paths::BuiltPath;
use crate::types::paths::automaton::{Automaton, Stage, State as Standing};
use crate::types::paths::symbol::Symbols;
use crate::types::{Builder, Typed};
use crate::values::types::Type;

/// What a rule may ask of a path.
const ASKED: [&str; 5] = ["follows", "complete", "reached", "left", "left_at"];

impl Builder<'_> {
    pub(super) fn answers_of_path(
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
            self.plan.store(Expr { op: Op::Path(Box::new(path)), shape })
        };
        let state = follow(PathGives::State, Shape::set(i64::try_from(states).unwrap_or(1)));
        let left_at = follow(PathGives::LeftAt, at().shape.or_none());
        let state = self.plan.load(state);
        let is = |mask: u64| yes_no(Op::OneOf(Box::new(state.clone()), mask));
        let follows = self.plan.store(is(!left & automaton.mask(|_| true)));
        let complete = self.plan.store(is(automaton.mask(|state| state.is_complete(stages))));
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
    ) -> CellId {
        let shape = Shape::set(i64::try_from(tree.stages.len()).unwrap_or(1)).or_none();
        let mut rows = Vec::new();
        let places = std::iter::once(None).chain((0..tree.stages.len()).map(Some));
        for place in places {
            let mask = automaton.mask(|state| stage(state) == place);
            if mask == 0 {
                continue;
            }
            let cells = vec![Region::of_mask(mask)];
            let choice = place.and_then(|place| u8::try_from(place).ok());
            let (op, optional) = choice.map_or((Op::None, true), |choice| (Op::Choice(choice), false));
            let outputs = Some(vec![Expr { op, shape: Shape { optional, ..shape } }]);
            rows.push(TableRow { cells, outputs, text: String::new(), span: tree.span });
        }
        let row_cell = self.plan.cell(Shape::range(0, i64::try_from(rows.len()).unwrap_or(1) - 1));
        let cell = self.plan.cell(shape);
        self.plan.table(Table {
            name: tree.name.node.clone(),
            first: false,
            row_cell,
            output_cells: vec![cell],
            columns: vec![TableColumn {
                title: tree.name.node.clone(),
                expr: state.clone(),
                ty: Type::Number { places: 0, unit: None },
            }],
            rows,
            outputs: Vec::new(),
            source: None,
            span: tree.span,
        });
        cell
    }

    /// What a rule may ask of a path: `standard.follows`, `standard.complete`, `standard.reached`, `standard.left`, `standard.left_at`.
    pub(in crate::types) fn path_value(&mut self, index: usize, what: &str, span: Span) -> Option<Typed> {
        let built = self.built_path(index, span)?;
        let Some(place) = ASKED.iter().position(|asked| *asked == what) else {
            let fault = Diagnostic::error(codes::E0303, span, format!("a path has no `{what}`"), "no such answer");
            return self.fault(match nearest(what, ASKED) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("ask for follows, complete, reached, left or left_at"),
            });
        };
        let expr = self.plan.load(*built.cells.get(place)?);
        let ty = match what {
            "follows" | "complete" => Type::YesNo,
            "left_at" => Type::Instant,
            _ => built.stage,
        };
        Some(Typed { expr, ty })
    }

    /// The answers of a path, so that a caller sees how far a case has come.
    pub(in crate::types) fn path_answers(&mut self, index: usize) {
        let Some(tree) = self.names().paths.get(index).copied() else { return };
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
    Type::Enum { name: format!("{} stage", tree.name.node), variants, labels, points: None }
}

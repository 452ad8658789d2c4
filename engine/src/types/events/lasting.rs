//! Events that last: none ends before it starts; `during` a ward stay, and the time `covered` by several.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::case::{Datum, When};
use crate::plan::{Expr, Function, Id, KindId, Kinds, Op, Region, Shape, Table, TableColumn, TableRow};
use crate::syntax::tree::{self, ExprKind, Name};
use crate::text::Span;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::lasting::{end_as_recorded, not_below_0};
use crate::types::expressions::moments::or_else;
use crate::types::expressions::terms::{all, at, at_most, constant, less, order, query_of, yes};
use crate::types::package::lasting::{END, INSTANT};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The claim, of each kind that lasts, that no such event ends before it starts: no answer is given for a case that breaks it.
    pub(in crate::types) fn ends_after_starts(&mut self) {
        let events = self.names().subject.into_iter().flat_map(|subject| &subject.events);
        for (place, span) in events.enumerate().filter_map(|(place, event)| Some((place, event.lasts?))) {
            self.ends_after_it_starts(KindId::at(place), span);
        }
    }

    fn ends_after_it_starts(&mut self, kind: KindId, span: Span) {
        let Some(name) = self.plan.subject.events.get(kind).map(|event| event.name.clone()) else { return };
        let early = less(end_as_recorded(kind, 0), at());
        let expr = query_of(Function::Any, Kinds::one(kind), early, at(), Shape::YES_NO);
        let row = |cell: i64, outputs, text: &str| TableRow {
            cells: vec![Region::range(cell, cell, Shape::YES_NO)],
            outputs,
            text: format!("{name} {text}"),
            span,
        };
        let rows = vec![
            row(0, Some(vec![constant(0)]), "ends when it starts, or later"),
            row(1, None, "ends before it starts"),
        ];
        let row_cell = self.plan.cell(Shape::range(0, 1));
        let output = self.plan.cell(Shape::YES_NO);
        self.plan.uses_as_of();
        self.plan.table(Table {
            name: name.clone(),
            first: false,
            row_cell,
            output_cells: vec![output],
            columns: vec![TableColumn { title: "ends before it starts".to_owned(), expr, ty: Type::YesNo }],
            rows,
            outputs: vec!["ends".to_owned()],
            source: None,
            span,
        });
    }

    /// Says so where a case has an event that ends before it starts.
    pub(in crate::types) fn no_end_before_start(
        &mut self,
        kind: KindId,
        at: When,
        fields: &[Datum],
        name: &Name,
    ) -> Option<()> {
        let starts = match at {
            When::Known(start) | When::Between(start, _) => Some(start),
            When::Unknown => None,
        };
        let ends = match fields.first() {
            Some(Datum::Known(end) | Datum::Between(_, end)) => Some(*end),
            _ => None,
        };
        match (starts, ends) {
            (Some(start), Some(end)) if self.lasts(kind) && end < start => {
                let title = format!("this `{}` ends before it starts", name.node);
                let fault = Diagnostic::error(codes::E0603, name.span, title, "its end is before its `at`");
                self.fault(fault.help("an event that lasts ends when it starts, or later; `end none` while it goes on"))
            }
            _ => Some(()),
        }
    }

    /// When the current event is over or, while it goes on, `as of`; of an event of one of several kinds.
    pub(in crate::types) fn until_of_any(&mut self, kinds: Kinds) -> Expr {
        let as_of = self.as_of().expr;
        self.end_of_any(kinds, &as_of)
    }

    /// When the current event is over or, while it goes on, something else; of an event of one of several kinds.
    pub(in crate::types) fn end_of_any(&mut self, kinds: Kinds, going_on: &Expr) -> Expr {
        match kinds.only() {
            Some(kind) => self.until_of(kind, 0, going_on.clone()),
            None => {
                let shape = Shape { optional: going_on.shape.optional, ..INSTANT };
                let parts: Vec<(KindId, Expr)> =
                    kinds.places().map(|kind| (kind, self.until_of(kind, 0, going_on.clone()))).collect();
                self.plan.by_kind(shape, parts)
            }
        }
    }

    /// `during Ward`, `during last Ward`, `during stay`: the tests, and what has to be there for any event to lie in it.
    pub(super) fn during(&mut self, of: &tree::Expr, place: Place) -> Option<(Vec<Expr>, Vec<Expr>)> {
        match &of.kind {
            ExprKind::Path(path) => match path.parts.as_slice() {
                [alias] if self.kinds_of_alias(&alias.node, place).is_some() => {
                    let kinds = self.kinds_of_alias(&alias.node, place)?;
                    self.all_last(kinds, of.span)?;
                    let mut moment = |name: &str| {
                        let name = Name { node: name.to_owned(), span: of.span };
                        self.of_alias(&alias.node, &name, place)?.map(|(typed, _)| typed.expr)
                    };
                    let (start, end) = (moment("at")?, moment(END)?);
                    let end = or_else(end, &self.as_of().expr);
                    let (start, end) = (self.outside(start), self.outside(end));
                    Some((vec![at_most(start, at()), at_most(at(), end)], Vec::new()))
                }
                _ => self.during_any(path, of.span, place),
            },
            ExprKind::Query(query) if query.field.is_none() => self.during_one(query, of.span, place),
            _ => self.set_without_a_name(of.span),
        }
    }

    /// `during (Stay or Visit)`: a set that stands behind such a word has a name.
    fn set_without_a_name<T>(&mut self, span: Span) -> Option<T> {
        let said = self.context.words(span);
        if !said.contains(" or ") {
            return self.lasts_not(span);
        }
        let title = "`during` and `covered` take a set of events by its name";
        let fault = Diagnostic::error(codes::E0313, span, title, "a set without a name");
        let said = said.trim_matches(['(', ')']);
        self.fault(fault.help(format!("give it one, `events stays = {said}`, and write `during stays`")))
    }

    /// Within any event of a kind or a set.
    fn during_any(&mut self, path: &tree::Path, span: Span, place: Place) -> Option<(Vec<Expr>, Vec<Expr>)> {
        let among = self.events_called(path)?;
        self.all_last(among.kinds, span)?;
        self.warn_of_any_of_its_kind(path, among.kinds, span, place);
        let asked = self.enter(place, AtHand::of(among.kinds), None, span)?;
        self.enter(asked, AtHand::of(among.kinds), None, span)?;
        let end = self.until_of_any(among.kinds);
        let mut tests: Vec<Expr> = among.belongs.into_iter().collect();
        tests.extend([at_most(at(), at().inside()), at_most(at().inside(), end)]);
        Some((vec![query_of(Function::Any, among.kinds, all(tests), at(), Shape::YES_NO)], Vec::new()))
    }

    /// Within the one event that a query finds.
    fn during_one(&mut self, query: &tree::Query, span: Span, place: Place) -> Option<(Vec<Expr>, Vec<Expr>)> {
        let (kinds, filter) = self.chosen(query, place)?;
        self.all_last(kinds, span)?;
        let until = self.until_of_any(kinds);
        let start = self.asked(query, kinds, filter.clone(), at(), Type::Instant)?.expr;
        let end = self.asked(query, kinds, filter, until, Type::Instant)?.expr;
        let (start, end) = (self.kept(start, place), self.kept(end, place));
        let tests = vec![at_most(self.outside(start.clone()), at()), at_most(at(), self.outside(end))];
        Some((tests, vec![start]))
    }

    /// `covered(Device, from, until)`: how long from one instant to another any of some events goes on; what several cover counts once.
    ///
    /// Events stand in order of their starts. So what one adds begins where the latest end of those before it is.
    pub(in crate::types) fn covered(
        &mut self,
        events: &tree::Expr,
        [from, until]: [&tree::Expr; 2],
        place: Place,
    ) -> Option<Typed> {
        let ExprKind::Path(path) = &events.kind else { return self.set_without_a_name(events.span) };
        let among = self.events_called(path)?;
        let kinds = among.kinds;
        self.all_last(kinds, events.span)?;
        let (from, until) = (self.instant(from, place)?, self.instant(until, place)?);
        let one = self.enter(place, AtHand::of(kinds), None, events.span)?;
        self.enter(one, AtHand::of(kinds), None, events.span)?;
        let end = self.until_of_any(kinds);
        let belongs = among.belongs.unwrap_or_else(yes);
        let before = all(vec![belongs.clone(), less(order(), order().inside())]);
        let reached = query_of(Function::Highest, kinds, before, end.clone(), INSTANT.or_none());
        let reached = self.kept_for_each(kinds, or_else(reached, &at()));
        let optional = from.shape.optional || until.shape.optional;
        let shape = Shape { optional, ..INSTANT };
        let begins = Expr { op: Op::Highest(vec![at(), reached, self.outside(from.clone())]), shape };
        let ends = Expr { op: Op::Lowest(vec![end, self.outside(until.clone())]), shape };
        let adds = not_below_0(self.shifted(ends, begins, false));
        let most = not_below_0(self.shifted(until, from, false));
        let sum = self.figure_of_sum(kinds, belongs, adds, events.span)?;
        let shape = Shape { low: 0, high: sum.shape.high.min(most.shape.high), ..most.shape };
        Some(Typed { expr: Expr { op: Op::Lowest(vec![sum, most]), shape }, ty: Type::Duration })
    }

    fn all_last(&mut self, kinds: Kinds, span: Span) -> Option<()> {
        if kinds.places().all(|kind| self.lasts(kind)) { Some(()) } else { self.lasts_not(span) }
    }

    fn lasts_not<T>(&mut self, span: Span) -> Option<T> {
        let title = "`during` and `covered` ask for an event that has a start and an end";
        let fault = Diagnostic::error(codes::E0313, span, title, "not an event that lasts");
        self.fault(fault.help("declare it as one, `event Ward : span`, and name it, a set of such events or one of them: `during Ward`, `during last Ward`, `covered(Ward, x, y)`"))
    }
}

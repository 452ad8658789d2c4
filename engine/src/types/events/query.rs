//! Event queries: the events in scope, filters and windows.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Function, Kinds, MAX_EVENTS, Shape};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::events::if_any::Windowed;
use crate::types::events::set::Among;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::guards::proved_by;
use crate::types::expressions::terms::{all, at, less, not, order, query_of};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    pub(in crate::types) fn query(&mut self, tree: &tree::Query, place: Place) -> Option<Typed> {
        let typed = self.answer_of_query(tree, place)?;
        self.once_for_each(typed, tree.span, place)
    }

    fn answer_of_query(&mut self, tree: &tree::Query, place: Place) -> Option<Typed> {
        let among = self.among(tree)?;
        let kinds = among.kinds;
        self.plan.uses_as_of();
        let inside = self.inside(tree, kinds, place)?;
        let mut conditions = self.conditions(tree, among, (place, inside))?;
        if let Some(have) = &tree.have {
            let function = tree.function.as_ref().map_or("", |f| f.node.as_str());
            if function != "all" {
                return self.error(
                    codes::E0313,
                    tree.span,
                    "`have` goes with `all`: `all Shift have rest >= 11 h`",
                    "not `all`",
                );
            }
            if tree.field.is_some() {
                let (expr, ty) = self.taken(tree, inside)?;
                self.nothing_is_taken(tree, &Typed { expr, ty })?;
            }
            let condition = self.condition(have, inside)?;
            self.warn_of_had_along(tree, &condition);
            conditions.push(not(condition));
            let breach = query_of(Function::Any, kinds, all(conditions), at(), Shape::YES_NO);
            return Some(Typed { expr: not(breach), ty: Type::YesNo });
        }
        let proved = conditions.iter().flat_map(proved_by).collect();
        let (value, ty) = self.beside(proved, (tree.span, inside), |_| true, |b| b.taken(tree, inside))?;
        self.says_which(tree, &ty)?;
        let taken = Typed { expr: value, ty };
        self.nothing_is_taken(tree, &taken)?;
        let Typed { expr: value, ty } = taken;
        self.asked(tree, kinds, all(conditions), value, ty)
    }

    /// `value of Lactate`: there may be several, and what was recorded of one is not that of another.
    fn says_which(&mut self, tree: &tree::Query, ty: &Type) -> Option<()> {
        let (Some(field), None, None) = (&tree.field, &tree.function, tree.nth) else { return Some(()) };
        let (said, events) = (self.context.words(field.span), self.context.words(tree.events.span));
        let title = format!("there may be several `{events}`: `{said}` of which one?");
        let fault = Diagnostic::error(codes::E0313, tree.span, title, "the first, the last, or the highest?");
        let has_order =
            matches!(ty, Type::Number { .. } | Type::Duration | Type::Instant | Type::Date | Type::TimeOfDay);
        let highest = if has_order { format!(", or `highest {said} of {events}`") } else { String::new() };
        let help = format!(
            "write `{said} of last {events}` or `{said} of first {events}`{highest}; `any {events} where {said} …` asks whether one of them is so"
        );
        self.fault(fault.help(help))
    }

    /// The place at which the event asked about is the current one.
    pub(in crate::types) fn inside(&mut self, tree: &tree::Query, kinds: Kinds, place: Place) -> Option<Place> {
        let alias = tree.alias.as_ref().map(|a| a.node.clone());
        self.enter(place, AtHand::of(kinds), alias, tree.span)
    }

    /// What is taken of each event: its time unless something is named.
    fn taken(&mut self, tree: &tree::Query, inside: Place) -> Option<(Expr, Type)> {
        match &tree.field {
            None => Some((at(), Type::Instant)),
            Some(field) => {
                let typed = self.expr(field, None, inside)?;
                Some((typed.expr, typed.ty))
            }
        }
    }

    pub(super) fn asked(
        &mut self,
        tree: &tree::Query,
        kinds: Kinds,
        filter: Expr,
        value: Expr,
        ty: Type,
    ) -> Option<Typed> {
        let function = tree.function.as_ref().map_or("first", |f| f.node.as_str());
        let whole = Type::Number { places: 0, unit: None };
        let optional = value.shape.or_none();
        let count = Shape::range(0, MAX_EVENTS);
        let (function, shape, ty) = match function {
            "first" | "next" => (Function::First, optional, ty),
            "last" | "latest" | "previous" => (Function::Last, optional, ty),
            "nth" => (self.function_of(tree)?, optional, ty),
            "count" => (Function::Count, count, whole),
            "any" => (Function::Any, Shape::YES_NO, Type::YesNo),
            "lowest" | "highest" | "sum" | "median" => return self.figure(tree, kinds, filter, value, ty),
            "all" => return self.all_where(tree),
            other => {
                let title = format!("events have no query `{other}`");
                return self.error(
                    codes::E0313,
                    tree.span,
                    title,
                    "use first, last, nth, next, previous, count, any, all … have, lowest, highest, sum or median",
                );
            }
        };
        Some(Typed { expr: query_of(function, kinds, filter, value, shape), ty })
    }

    /// `all Fall where harm`: what each of them has to have stands after `have`.
    fn all_where(&mut self, tree: &tree::Query) -> Option<Typed> {
        let events = self.context.words(tree.events.span);
        let title = format!("what `all {events}` have stands after `have`");
        let fault = Diagnostic::error(codes::E0313, tree.span, title, "nothing is asked of them");
        let Some(filter) = &tree.filter else {
            return self.fault(
                fault.help(format!("as in `all {events} have …`; that there is one is asked with `any {events}`")),
            );
        };
        let asked = self.context.words(filter.span);
        self.fault(fault.help(format!(
            "write `all {events} have {asked}`; `where` says of which of them something is asked: `all {events} where {asked} have …`"
        )))
    }

    /// The first, or the n-th that is written.
    pub(in crate::types) fn function_of(&mut self, tree: &tree::Query) -> Option<Function> {
        match tree.nth {
            None => Some(Function::First),
            Some(0) => {
                self.error(codes::E0313, tree.span, "events are counted from the 1st", "there is none before it")
            }
            Some(nth) => Some(Function::Nth(nth)),
        }
    }

    /// What a query says of the event asked about, as conditions: its set, its filter and its windows.
    fn conditions(&mut self, tree: &tree::Query, among: Among, (place, inside): (Place, Place)) -> Option<Vec<Expr>> {
        let kinds = among.kinds;
        let mut conditions: Vec<Expr> = among.belongs.into_iter().collect();
        conditions.extend(self.beside_the_current(tree, place)?);
        if let Some(filter) = &tree.filter {
            let mark = self.faults.mark();
            let condition = self.condition(filter, inside);
            if condition.is_none() {
                self.else_of_where(tree, filter, mark);
                self.number_before_a_window(tree, mark);
            }
            let condition = condition?;
            self.warn_of_taken_along(tree, &condition);
            conditions.push(condition);
        }
        let filter = conditions.clone();
        for window in &tree.windows {
            let mark = self.faults.mark();
            let Some((tests, needed)) = self.window(window, place) else {
                self.window_of_the_inner(tree, window, inside, mark);
                return None;
            };
            self.doubt_window(Windowed { query: tree, window, kinds, conditions: &filter }, &needed, place)?;
            conditions.extend(tests);
        }
        self.warn_of_window_behind(tree);
        Some(conditions)
    }

    /// An `else` after `where` belongs to the condition: where that can never be none, it was meant for the query.
    fn else_of_where(&mut self, tree: &tree::Query, filter: &tree::Expr, mark: usize) {
        let tree::ExprKind::Else { value, .. } = &filter.kind else { return };
        // A condition in brackets has an `else` of its own.
        let bare = value.span.start == filter.span.start;
        for fault in self.faults.take_out(mark) {
            let of_value = fault.primary.span == value.span && fault.edits.is_empty();
            let fault = if bare && fault.code == codes::E0508 && of_value {
                let place = |at: u32| Span { start: at, end: at, ..tree.span };
                let title = "the `else` after this belongs to the condition of the query, which is never none";
                Diagnostic::error(codes::E0508, value.span, title, "what stands after `where` goes on as far as it can")
                    .help("put the query in brackets, so that its condition ends there")
                    .edit(place(tree.span.start), "(")
                    .edit(place(value.span.end), ")")
            } else {
                fault
            };
            self.faults.push(fault);
        }
    }

    /// `next` comes after the current event in the order of the case, `previous` before it.
    fn beside_the_current(&mut self, tree: &tree::Query, place: Place) -> Option<Option<Expr>> {
        let word = tree.function.as_ref().map_or("", |function| function.node.as_str());
        let (own, current) = (order(), order().inside());
        let beside = match word {
            "next" => less(current, own),
            "previous" => less(own, current),
            _ => return Some(None),
        };
        if place.has_event() {
            return Some(Some(beside));
        }
        let title = format!("`{word}` goes from the current event, and there is none here");
        let fault = Diagnostic::error(codes::E0310, tree.span, title, "no current event");
        let name = self.context.words(tree.events.span);
        let instead = if word == "next" { "first" } else { "last" };
        self.fault(fault.help(format!(
            "use it about each of some events: `all Triage have {word} {name} …`; of the whole case ask for the `{instead} {name}`"
        )))
    }

    /// The events of a query, for queries that are made up of others: their kinds, and its set, filter and windows as one condition.
    pub(in crate::types) fn chosen(&mut self, tree: &tree::Query, place: Place) -> Option<(Kinds, Expr)> {
        if let Some(taken) = tree.field.as_ref().or(tree.have.as_ref()) {
            let title = "the events themselves are meant here, and nothing that is taken of them";
            return self.error(codes::E0313, taken.span, title, "leave it out, or ask for it after `where`");
        }
        let among = self.among(tree)?;
        let kinds = among.kinds;
        let inside = self.inside(tree, kinds, place)?;
        Some((kinds, all(self.conditions(tree, among, (place, inside))?)))
    }
}

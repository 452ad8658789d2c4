//! What is declared of one event: `define low of Observations = systolic < 90`, `table response of Referral { … }`. It is worked out once
//! for each event of the kind, and used wherever such an event is the current one.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{CellId, Class, Expr, Id, KindId, Kinds, Op, Shape, conditions};
use crate::syntax::tree::{self, Name, Path, Policy, RowOutput};
use crate::text::Span;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::all;
use crate::types::tables::places::{Placed, TablePlaces};
use crate::types::tables::{Conditions, ConditionsOfRow};
use crate::types::{Builder, Place, Typed};

/// The most rows of a table that are worked out for each event.
pub(in crate::types) const MOST_ROWS: usize = 200;

impl<'a> Builder<'a> {
    /// The event that a name is declared of.
    pub(in crate::types) fn is_of_event(&self, symbol: Symbol) -> Option<&'a Path> {
        let names = self.names();
        match symbol {
            Symbol::Define(index) => names.defines.get(index).copied()?.of.as_ref(),
            Symbol::Table(index) | Symbol::Output(index, _) => names.tables.get(index).copied()?.of.as_ref(),
            _ => None,
        }
    }

    /// What a name that is declared of an event comes to at a place; nothing where it is not declared so.
    pub(in crate::types) fn of_event(
        &mut self,
        symbol: Symbol,
        (name, span): (&str, Span),
        place: Place,
    ) -> Option<Option<(Typed, Meaning)>> {
        let of = self.is_of_event(symbol)?;
        let Some(kind) = self.kind_of(of) else { return Some(None) };
        let about = |what: &AtHand| matches!(what, AtHand::Event(other) if *other == kind);
        let Some((level, _)) = self.place_of(place, about) else { return Some(self.not_at_hand(name, of, span)) };
        let (declares, column) = match symbol {
            Symbol::Output(table, column) => (Symbol::Table(table), column),
            symbol => (symbol, 0),
        };
        let Some(outputs) = self.declared_of(declares, kind, (name, span)) else { return Some(None) };
        if symbol == declares && outputs.len() > 1 {
            let title = format!("`{name}` has several outputs");
            let fault = Diagnostic::error(codes::E0308, span, title, "which one?");
            return Some(self.fault(fault.help(format!("write `{name}.` and the name of the output"))));
        }
        let typed = outputs.get(column).cloned();
        let raised = typed.map(|t| Typed { expr: (0..level).fold(t.expr, |expr, _| expr.inside()), ty: t.ty });
        Some(raised.map(|typed| (typed, Meaning::Declared(symbol))))
    }

    /// Works out a declaration about an event where it stands, so that what is wrong with it is said, used or not.
    pub(in crate::types) fn declared_of_event(&mut self, name: &Name) {
        let Some(symbol) = self.names().get(&name.node) else { return };
        let Some(of) = self.is_of_event(symbol) else { return };
        let Some(Symbol::Event(_)) = self.names().get(&of.text()) else {
            let title = format!("there is no event `{}`", of.text());
            let fault = Diagnostic::error(codes::E0311, of.span, title, "not declared");
            return self.faults.push(fault.help("`of` names the event of the subject that this is about"));
        };
        if let Some(kind) = self.kind_of(of) {
            self.mention(of.span, Symbol::Event(kind.place()));
            self.declared_of(symbol, kind, (&name.node, name.span));
        }
    }

    fn kind_of(&self, of: &Path) -> Option<KindId> {
        match self.names().get(&of.text())? {
            Symbol::Event(kind) => Some(KindId::at(kind)),
            _ => None,
        }
    }

    fn not_at_hand<T>(&mut self, name: &str, of: &Path, span: Span) -> Option<T> {
        let event = of.text();
        let title = format!("`{name}` is said of one `{event}`, and there is no current `{event}` here");
        let fault = Diagnostic::error(codes::E0323, span, title, "of which one?");
        self.fault(fault.help(format!(
            "use it inside a query or a `for each` of that event: `any {event} where {name} …`, `{name} of last {event}`"
        )))
    }

    /// What is declared of an event of a kind, with the event at level 0.
    fn declared_of(&mut self, symbol: Symbol, kind: KindId, at: (&str, Span)) -> Option<Vec<Typed>> {
        let which = (self.context.other(), symbol);
        self.once(
            |b| &mut b.tables.of_event,
            which,
            at,
            |b| {
                let place = b.enter(Place::default(), AtHand::Event(kind), None, at.1)?;
                let worked_out = match symbol {
                    Symbol::Define(index) => {
                        let tree = *b.names().defines.get(index)?;
                        vec![b.expr(&tree.expr, None, place)?]
                    }
                    Symbol::Table(index) => {
                        let tree = *b.names().tables.get(index)?;
                        b.table_of_event(tree, place)?
                    }
                    _ => return None,
                };
                let keep = |t: Typed| Typed { expr: b.kept_for_each(Kinds::one(kind), t.expr), ty: t.ty };
                Some(worked_out.into_iter().map(keep).collect())
            },
        )
    }

    /// The outputs of a table about an event; it is proved as if it stood in the plan.
    fn table_of_event(&mut self, tree: &tree::Table, place: Place) -> Option<Vec<Typed>> {
        let impossible = tree.rows.iter().find(|row| matches!(row.outputs, RowOutput::Impossible(_)));
        let what = match (&tree.policy, impossible) {
            (Policy::Collect(how), _) => Some((how.span, "collect its rows", "add its parts up in a `define … of`")),
            (_, Some(row)) => Some((row.span, "claim a row to be impossible", "say what the answer is, or `none`")),
            _ if tree.rows.len() > MOST_ROWS => Some((tree.name.span, "have more than 200 rows", "split it")),
            _ => None,
        };
        if let Some((span, what, help)) = what {
            let title = format!("`{}` answers for each event, and cannot {what}", tree.name.node);
            let fault = Diagnostic::error(codes::E0321, span, title, "not of an event");
            return self.fault(fault.help(help));
        }
        let (conditions, outputs) = (self.conditions_of(tree, place), self.outputs(tree, place));
        let (conditions, (types, values)) = (conditions?, outputs?);
        let mut built = Vec::new();
        for (column, (ty, shape)) in types.iter().enumerate() {
            built.push(Typed { expr: chained(&conditions, &values, column, *shape)?, ty: ty.clone() });
        }
        if self.context.other().is_some() {
            return Some(built); // proved in its own package
        }
        let Conditions { columns, rows } = conditions;
        let spans = rows.iter().map(|row| row.spans.clone()).collect();
        let table = self.as_table(tree, columns, rows, &values, (CellId::at(0), Vec::new()));
        let table = Placed::OfEvent(Box::new(table));
        let any = tree.policy == Policy::Any;
        self.tables.places.push(TablePlaces { table, name: tree.name.span, cells: spans, any });
        Some(built)
    }
}

/// One output of a table as a chain of conditions. Its rows are proved to answer for everyone, so that the last is the rest.
pub(in crate::types) fn chained(
    of: &Conditions,
    values: &[Option<Vec<Expr>>],
    column: usize,
    shape: Shape,
) -> Option<Expr> {
    let mut chain: Option<Expr> = None;
    let asks = asks_of_the_rest(of, values);
    for ConditionsOfRow { row, cells, .. } in of.rows.iter().rev() {
        let Some(Some(value)) = values.get(*row).map(|outputs| outputs.as_ref()?.get(column)) else { continue };
        let fits = all(conditions(cells, &of.columns));
        chain = Some(match chain {
            None if asks && fits.op != Op::Constant(1) => {
                Expr { op: Op::Rest(Box::new(fits), Box::new(value.clone())), shape }
            }
            None => value.clone(),
            Some(rest) => Expr { op: Op::If(Box::new(fits), Box::new(value.clone()), Box::new(rest)), shape },
        });
    }
    chain.map(|expr| Expr { shape, ..expr })
}

/// Whether the last row may be out of the question where none of those before it is certain. Of two it never is, and neither is it where all
/// that is asked is one recorded choice, of which either one is possible or all are. Where a case is claimed to be impossible it answers.
fn asks_of_the_rest(of: &Conditions, values: &[Option<Vec<Expr>>]) -> bool {
    let answers = |row: &ConditionsOfRow| values.get(row.row).is_some_and(Option::is_some);
    let recorded = |expr: &Expr| expr.shape.class == Class::Set && matches!(expr.op, Op::Field(..) | Op::Input(_));
    let one_choice = matches!(of.columns.as_slice(), [only] if recorded(&only.expr));
    of.rows.len() > 2 && !one_choice && of.rows.iter().all(answers)
}

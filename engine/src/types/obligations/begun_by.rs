//! The events that the time of a start comes from, however it is put together: `from (last Appraisal else joined)` is counted from the last appraisal
//! where there is one, and that is none that is expected from it.

use crate::names::Symbol;
use crate::plan::{Expr, Kinds, Op};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::types::expressions::one_event::is_of_one;
use crate::types::expressions::terms::{all, at_most, not, order, yes_no};
use crate::types::{Builder, Place};

/// As many parts are looked into, at most.
const MOST_PARTS: usize = 64;

/// A part of a start still to be looked into, and when it gives the time.
struct PartOf<'t> {
    expr: &'t tree::Expr,
    place: Place,
    when: Vec<Expr>,
}

impl Builder<'_> {
    /// The places in the order of the case of the events of some kinds that a start may be the time of; none where it is not.
    pub(super) fn begun_by(&mut self, from: &tree::Expr, wanted: Kinds, place: Place) -> Option<Vec<(Kinds, Expr)>> {
        // What is wrong with the parts, or in doubt, was said where the start was read.
        let (before, doubts) = (self.faults.mark(), self.doubts());
        let mut found = Vec::new();
        let mut open = vec![PartOf { expr: from, place, when: Vec::new() }];
        for _ in 0..MOST_PARTS {
            let Some(part) = open.pop() else { break };
            match &part.expr.kind {
                ExprKind::Query(query) if is_of_one(query) => {
                    let event = tree::Query { field: None, ..(**query).clone() };
                    let kinds = self.among(&event)?.kinds;
                    if kinds.meet(wanted) {
                        let its_place = self.order_of(&event, part.place)?;
                        let its_place = where_it_is(part.when, its_place);
                        found.push((kinds, self.kept(its_place, place)));
                    }
                }
                _ => self.look_into(part, &mut open)?,
            }
        }
        self.faults.take_back(before);
        self.take_doubts(doubts);
        Some(found)
    }

    fn look_into<'t>(&mut self, part: PartOf<'t>, open: &mut Vec<PartOf<'t>>) -> Option<()>
    where
        Self: 't,
    {
        let PartOf { expr, place, when } = part;
        match &expr.kind {
            ExprKind::Path(path) => {
                let [name] = path.parts.as_slice() else { return Some(()) };
                let Some(Symbol::Define(index)) = self.names().get(&name.node) else { return Some(()) };
                let define = self.names().defines.get(index).filter(|define| define.of.is_none());
                if let Some(define) = define.filter(|_| !self.is_at_hand(&name.node, place)) {
                    open.push(PartOf { expr: &define.expr, place: Place::default(), when });
                }
            }
            ExprKind::Else { value, otherwise } => {
                let given = self.expr(value, None, place)?;
                let none = yes_no(Op::IsNone(Box::new(given.expr)));
                open.push(PartOf { expr: otherwise, place, when: [when.as_slice(), &[none]].concat() });
                open.push(PartOf { expr: value, place, when });
            }
            ExprKind::If { condition, then, otherwise } => {
                let holds = self.condition(condition, place)?;
                open.push(PartOf { expr: then, place, when: [when.as_slice(), std::slice::from_ref(&holds)].concat() });
                open.push(PartOf { expr: otherwise, place, when: [when.as_slice(), &[not(holds)]].concat() });
            }
            // `earlier of` says no later than when: `earlier of cancelled_for, first Examination` is never after the examination.
            ExprKind::Fold { fold, items } if fold.node == "later" => {
                self.look_into_the_later(items, (place, when), open)?
            }
            ExprKind::Binary { op, left, .. } if matches!(op.node, BinaryOp::Add | BinaryOp::Subtract) => {
                open.push(PartOf { expr: left, place, when });
            }
            ExprKind::Calendar { function, arguments } if function.node == "date" => {
                open.extend(arguments.iter().map(|expr| PartOf { expr, place, when: when.clone() }));
            }
            _ => {}
        }
        Some(())
    }

    /// The one that is later than all others gives the time; where two are as late, it stands without either.
    fn look_into_the_later<'t>(
        &mut self,
        items: &'t [tree::Expr],
        (place, when): (Place, Vec<Expr>),
        open: &mut Vec<PartOf<'t>>,
    ) -> Option<()>
    where
        Self: 't,
    {
        let mut moments = Vec::new();
        for item in items {
            moments.push(self.beginning(item, place)?.0);
        }
        for (at, (item, own)) in items.iter().zip(&moments).enumerate() {
            let others = moments.iter().enumerate().filter(|(other, _)| *other != at);
            let later = others.map(|(_, other)| not(at_most(own.clone(), other.clone())));
            open.push(PartOf { expr: item, place, when: when.iter().cloned().chain(later).collect() });
        }
        Some(())
    }
}

/// A place in the order where all conditions hold, and none where one does not.
fn where_it_is(when: Vec<Expr>, place: Expr) -> Expr {
    if when.is_empty() {
        return place;
    }
    let shape = order().shape.or_none();
    let none = Expr { op: Op::None, shape };
    Expr { op: Op::If(Box::new(all(when)), Box::new(place), Box::new(none)), shape }
}

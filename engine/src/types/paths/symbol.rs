//! The symbols of a path: which of its events each event of a case may stand for.

use crate::plan::{ColumnId, Expr, KindId, Kinds, MAX_STATES, Op, Shape};
use crate::syntax::tree;
use crate::types::{Builder, Place};

/// Events that a stage names: their kinds and which of them.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::types) struct Named {
    kinds: Kinds,
    filter: Expr,
}

/// What events are to a path: the column of their symbols, and which of the path's events each symbol stands for.
pub(super) struct Symbols {
    pub kinds: Kinds,
    pub column: ColumnId,
    pub fits: Vec<u64>,
}

/// How the filters of a kind of event may come out.
pub(in crate::types) enum Way<'e> {
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

impl Builder<'_> {
    pub(super) fn named_event(&mut self, tree: &tree::Query) -> Option<Named> {
        let (kinds, filter) = self.chosen(tree, Place::default())?;
        let filter = self.kept_for_each(kinds, filter);
        Some(Named { kinds, filter })
    }

    /// The symbols of events. Of each kind one for every way in which its filters may come out, so that an event that fits several
    /// may belong to whichever stage is due. Nothing where there are too many.
    pub(super) fn symbols(&mut self, named: &[Named]) -> Option<Symbols> {
        let kinds = named.iter().fold(Kinds::default(), |kinds, one| kinds.and(one.kinds));
        let mut fits: Vec<u64> = Vec::new();
        let mut ways = Vec::new();
        for kind in kinds.places() {
            let own: Vec<(usize, &Expr)> = named
                .iter()
                .enumerate()
                .filter(|(_, one)| one.kinds.contain(kind))
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
        let parts: Vec<(KindId, Expr)> = ways.into_iter().map(|(kind, way)| (kind, way.expr(shape))).collect();
        let Op::Column(column, _) = self.plan.by_kind(shape, parts).op else { return None };
        Some(Symbols { kinds, column, fits })
    }
}

/// Every way in which filters may come out: a symbol for each, by the events of the path that then fit.
pub(in crate::types) fn way<'e>(filters: &[(usize, &'e Expr)], fitting: u64, fits: &mut Vec<u64>) -> Way<'e> {
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

fn holds_always(filter: &Expr) -> bool {
    filter.op == Op::Constant(1)
}

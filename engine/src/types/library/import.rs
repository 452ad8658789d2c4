//! Another package's answers: `news2.total`, given for each event that carries its subject (`event Observations : news2.Observation`)
//! wherever such an event is in scope, and `limits.highest` anywhere, where it depends on no case.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Kinds, List, ListId};
use crate::syntax::tree::{Name, Path};
use crate::text::Span;
use crate::types::builder::once::Once;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::choice::choice;
use crate::types::library::carried::Carries;
use crate::types::library::inlined::Answer;
use crate::types::{Builder, Place, Typed};

/// How this package uses others.
#[derive(Debug, Default)]
pub(in crate::types) struct Uses {
    /// Events that carry another package's subject.
    pub(super) carries: Vec<Carries>,
    /// Other packages' answers.
    pub(super) answers: Once<Typed, Answer>,
}

impl Builder<'_> {
    /// `news2.total`, `news2.response.level`, `news2.Scale.one`: a name of a package that this one uses; nothing where the first
    /// part of the path is not such a package.
    pub(in crate::types) fn imported(&mut self, path: &Path, place: Place) -> Option<Option<(Typed, Meaning)>> {
        let (alias, rest) = path.parts.split_first()?;
        let import = self.context.import_called(&alias.node)?;
        let used = import.package.and_then(|package| Some((package, self.context.package(package)?)));
        let Some((package, used)) = used else { return Some(None) };
        let parts: Vec<&str> = rest.iter().map(|name| name.node.as_str()).collect();
        let symbol = match (parts.as_slice(), parts.first().and_then(|name| used.names.get(name))) {
            ([_], symbol) => symbol,
            ([_, variant], Some(Symbol::Enum(index))) => {
                if let Some(choice) = used.enums.get(index).and_then(|ty| choice(ty, variant)) {
                    return Some(Some(choice));
                }
                None
            }
            ([_, output], Some(Symbol::Table(table))) => {
                let columns = used.names.tables.get(table).map(|tree| tree.outputs.as_slice()).unwrap_or_default();
                let column = columns.iter().position(|column| column.node == **output);
                column.map(|column| Symbol::Output(table, column))
            }
            _ => None,
        };
        let typed = match symbol {
            Some(symbol) => self.answer_of(package, symbol, path, place),
            None => self.not_in(alias, &parts, path.span),
        };
        Some(typed.map(|typed| (typed, Meaning::Imported(package))))
    }

    fn not_in(&mut self, alias: &Name, parts: &[&str], span: Span) -> Option<Typed> {
        let title = format!("`{}` has no answer `{}`", alias.node, parts.join("."));
        self.error(codes::E0303, span, title, "not declared")
    }

    /// An answer of another package: about an event in scope that carries its subject, or about no case at all.
    fn answer_of(&mut self, package: usize, symbol: Symbol, path: &Path, place: Place) -> Option<Typed> {
        let name = path.parts.iter().skip(1).map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        if self.context.takes_over(package) {
            let said = |b: &mut Self| match b.of_event(symbol, (&name, path.span), place) {
                Some(found) => found.map(|(typed, _)| typed),
                None => b.inlined(symbol, &name, path.span, Place::default()),
            };
            return self.within(package, None, path.span, said);
        }
        let Some((level, kinds)) = self.event_that_carries(package, place) else {
            let mark = self.faults.mark();
            let typed =
                self.within(package, None, path.span, |b| b.inlined(symbol, &name, path.span, Place::default()));
            if typed.is_none() && matches!(symbol, Symbol::Define(_) | Symbol::Table(_) | Symbol::Output(..)) {
                self.faults.take_back(mark);
                return self.no_event(path, &name);
            }
            return typed;
        };
        let facts = self.facts_of(kinds, path.span)?;
        let at = self.enter(Place::default(), AtHand::Made(kinds, facts), None, path.span)?;
        let typed = self.within(package, Some(kinds), path.span, |b| b.inlined(symbol, &name, path.span, at))?;
        Some(Typed { expr: (0..level).fold(typed.expr, |expr, _| expr.inside()), ty: typed.ty })
    }

    /// The kinds of the nearest event in scope that carries a package's subject, and how far out it is.
    fn event_that_carries(&self, package: usize, place: Place) -> Option<(usize, Kinds)> {
        if !self.context.of_this_case() {
            return None; // the events of another package's cases are not in scope here
        }
        let carries = |kind| self.uses.carries.iter().any(|c| c.kind == kind && c.package == Some(package));
        let (level, at) = self.place_of(place, |what| match what {
            AtHand::Event(kind) => carries(*kind),
            AtHand::Either(kinds) => kinds.places().all(carries),
            AtHand::Made(..) => false,
        })?;
        Some((level, self.kinds_at(at)?))
    }

    fn no_event(&mut self, path: &Path, name: &str) -> Option<Typed> {
        let alias = path.parts.first().map_or("", |alias| alias.node.as_str());
        let title = format!("`{alias}.{name}` is an answer for one event, and there is no current event here");
        let fault = Diagnostic::error(codes::E0316, path.span, title, "no current event");
        self.fault(fault.help(format!(
            "use it inside a query of events that all have that subject: `first Observations where {alias}.{name} …`"
        )))
    }

    /// A code list of another package: its place among this plan's lists.
    pub(in crate::types) fn imported_list(&mut self, package: usize, name: &str) -> Option<ListId> {
        let used = self.context.package(package)?;
        let Some(Symbol::Codes(index)) = used.names.get(name) else { return None };
        let list = used.coded.lists.get(index)?;
        let values = self.coding.taken_over(list, &used.coded.codes);
        let list = List { name: format!("{}.{}", used.path, list.name), values, ..list.clone() };
        Some(self.plan.imported_list(list))
    }
}

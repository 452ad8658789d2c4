//! Another package's answers: `news2.total`, given for each event that carries its subject (`event Observations : news2.Observation`)
//! wherever such an event is at hand, and `limits.highest` anywhere, where it depends on no case.
//!
//! The other package is checked by itself, tables and all; here its defines and tables are worked out in place, with the event's
//! fields as its facts. Inside it only its own names count, and those of the packages that it uses itself.

use std::collections::BTreeMap;

use super::queries::all;
use super::scopes::AtHand;
use super::{Builder, Place, State, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Names, Symbol};
use crate::plan::{Expr, Input, Kinds, List, Op, Shape, Unknown};
use crate::syntax::tree::{self, Path, Policy};
use crate::text::{Source, Span};
use crate::values::types::Type;

/// The most rows of another package's table that are worked out for each event.
const MOST_ROWS: usize = 200;
/// How deep other packages' defines may lead on to one another.
const DEEPEST: usize = 64;

/// A package under the name that another gives it.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is called there.
    pub alias: String,
    /// Its place among all packages; nothing where it cannot be used, which is said at the `use`.
    pub package: Option<usize>,
}

/// A package as others see it.
#[derive(Debug)]
pub struct Used<'a> {
    /// `clinical.news2`
    pub path: String,
    /// Its text.
    pub source: &'a Source,
    /// Its declarations.
    pub names: &'a Names<'a>,
    /// Its enums.
    pub enums: Vec<Type>,
    /// The packages that it uses itself.
    pub imports: Vec<Import>,
    /// Its code lists.
    pub lists: Vec<List>,
}

impl<'a> Used<'a> {
    /// A package that is sound by itself.
    #[must_use]
    pub fn new(
        path: String,
        source: &'a Source,
        names: &'a Names<'a>,
        imports: Vec<Import>,
        lists: Vec<List>,
    ) -> Used<'a> {
        Used { path, source, names, enums: super::subject::enum_types(names), imports, lists }
    }
}

/// An event that carries another package's subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carries {
    kind: usize,
    /// Nothing where it cannot be used.
    package: Option<usize>,
    /// How many of the event's fields are the subject's facts.
    facts: usize,
}

/// Where a package's declarations are worked out in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inlining {
    pub package: usize,
    /// For each event of which kind; nothing where no event is at hand.
    kind: Option<usize>,
    depth: usize,
}

/// Answers by package, kind of event and symbol.
pub(super) type Inlined = BTreeMap<(usize, Option<usize>, Symbol), State<Typed>>;

impl<'a> Builder<'a> {
    pub(super) fn import_called(&self, alias: &str) -> Option<&'a Import> {
        let imports: &'a [Import] = self.imports;
        imports.iter().find(|import| import.alias == alias)
    }

    /// Works on another package's declarations instead of this one's, for something that stands at `span` here.
    fn within<T>(
        &mut self,
        package: usize,
        kind: Option<usize>,
        span: Span,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let packages: &'a BTreeMap<usize, Used<'a>> = self.packages;
        let used = packages.get(&package)?;
        let depth = self.inlining.map_or(0, |outer| outer.depth);
        let outer = self.inlining.replace(Inlining { package, kind, depth });
        let own = (self.source, self.names, self.imports, std::mem::replace(&mut self.enums, used.enums.clone()));
        (self.source, self.names, self.imports) = (used.source, used.names, &used.imports);
        let told = self.faults.len();
        let done = work(self);
        (self.source, self.names, self.imports, self.enums) = own;
        self.inlining = outer;
        if outer.is_none() {
            // What is wrong is wrong with what is asked here: the other package is sound by itself.
            for fault in self.faults.iter_mut().skip(told) {
                fault.primary.span = span;
                fault.reasons.clear();
                fault.edits.clear();
                fault.notes.push(format!("this comes up in the package `{}`", used.path));
            }
        }
        done
    }

    /// The fields that an event gets from the subject it carries.
    pub(super) fn carried(&mut self, kind: usize, event: &tree::Event) -> Vec<Input> {
        let Some(path) = &event.carries else { return Vec::new() };
        let import = match path.parts.as_slice() {
            [alias, subject] => self.import_called(&alias.node).filter(|import| {
                let used = import.package.and_then(|p| self.packages.get(&p));
                used.is_none_or(|used| used.names.subject.is_some_and(|s| s.name.node == subject.node))
            }),
            _ => None,
        };
        let Some(import) = import else {
            let written = path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
            let fault =
                Diagnostic::error(codes::E0316, path.span, format!("there is no subject `{written}`"), "not known");
            self.faults.push(fault.help("say `use area.package as name` below the header, and name its subject: `event Observations : name.Observation`"));
            return self.carries_nothing_known(kind);
        };
        let Some(package) = import.package else { return self.carries_nothing_known(kind) };
        let subject = self.packages.get(&package).and_then(|used| used.names.subject);
        let facts = subject.map(|s| s.facts.as_slice()).unwrap_or_default();
        let mut fields = Vec::new();
        for fact in facts {
            let unknown = Unknown::Field(kind, fields.len());
            fields.extend(self.within(package, None, path.span, |b| b.field(fact, unknown)));
        }
        self.carries.push(Carries { kind, package: Some(package), facts: fields.len() });
        fields
    }

    fn carries_nothing_known(&mut self, kind: usize) -> Vec<Input> {
        self.carries.push(Carries { kind, package: None, facts: 0 });
        Vec::new()
    }

    /// Whether an event carries something that is not known, so that its fields are not known either.
    pub(super) fn carries_unread(&self, kind: usize) -> bool {
        self.carries.iter().any(|c| c.kind == kind && c.package.is_none())
    }

    /// `news2.total`, `news2.response.level`, `news2.Scale.one`: a name of a package that this one uses; nothing where the first
    /// part of the path is not such a package.
    pub(super) fn imported(&mut self, path: &Path, place: Place) -> Option<Option<Typed>> {
        let (alias, rest) = path.parts.split_first()?;
        let import = self.import_called(&alias.node)?;
        let used = import.package.and_then(|p| Some((p, self.packages.get(&p)?)));
        let Some((package, used)) = used else { return Some(None) };
        let parts: Vec<&str> = rest.iter().map(|name| name.node.as_str()).collect();
        Some(match (parts.as_slice(), parts.first().and_then(|name| used.names.get(name))) {
            ([_], Some(symbol)) => self.answer_of(package, symbol, path, place),
            ([_, variant], Some(Symbol::Enum(index))) => {
                let ty = used.enums.get(index);
                match ty.and_then(|ty| super::names_in_use::choice(ty, variant)) {
                    Some(choice) => Some(choice),
                    None => self.not_in(alias, &parts, path.span),
                }
            }
            ([_, output], Some(Symbol::Table(table))) => {
                let columns = used.names.tables.get(table).map(|tree| tree.outputs.as_slice()).unwrap_or_default();
                match columns.iter().position(|column| column.node == **output) {
                    Some(column) => self.answer_of(package, Symbol::Output(table, column), path, place),
                    None => self.not_in(alias, &parts, path.span),
                }
            }
            _ => self.not_in(alias, &parts, path.span),
        })
    }

    fn not_in(&mut self, alias: &tree::Name, parts: &[&str], span: Span) -> Option<Typed> {
        let title = format!("`{}` has no answer `{}`", alias.node, parts.join("."));
        self.error(codes::E0303, span, title, "not declared")
    }

    /// An answer of another package: about the event at hand that carries its subject, or about no case at all.
    fn answer_of(&mut self, package: usize, symbol: Symbol, path: &Path, place: Place) -> Option<Typed> {
        let name = path.parts.iter().skip(1).map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        let carries: Vec<Carries> = match self.inlining {
            None => self.carries.iter().filter(|c| c.package == Some(package)).copied().collect(),
            Some(_) => Vec::new(), // what events of another package's cases carry is not at hand here
        };
        let carrying = |what: &AtHand| matches!(what, AtHand::Event(kind) if carries.iter().any(|c| c.kind == *kind));
        let found = self.place_of(place, carrying).and_then(|(level, at)| Some((level, self.kinds_at(at)?)));
        let event = found.and_then(|(level, kinds)| Some((level, carries.iter().find(|c| kinds.contain(c.kind))?)));
        let Some((level, carries)) = event else {
            let told = self.faults.len();
            let typed =
                self.within(package, None, path.span, |b| b.inlined(symbol, &name, path.span, Place::default()));
            if typed.is_none() && matches!(symbol, Symbol::Define(_) | Symbol::Table(_) | Symbol::Output(..)) {
                self.faults.truncate(told);
                return self.no_event(path, &name);
            }
            return typed;
        };
        let facts = self.facts_of(*carries);
        let at = self.enter(Place::default(), AtHand::Made(Kinds::one(carries.kind), facts), None, path.span)?;
        let kind = Some(carries.kind);
        let typed = self.within(package, kind, path.span, |b| b.inlined(symbol, &name, path.span, at))?;
        Some(Typed { expr: (0..level).fold(typed.expr, |expr, _| expr.inside()), ty: typed.ty })
    }

    fn no_event(&mut self, path: &Path, name: &str) -> Option<Typed> {
        let alias = path.parts.first().map_or("", |alias| alias.node.as_str());
        let title = format!("`{alias}.{name}` is an answer for one event, and none is at hand");
        let fault = Diagnostic::error(codes::E0316, path.span, title, "no event");
        self.fault(fault.help(format!(
            "ask it inside a question about an event that carries it: `first Observations where {alias}.{name} …`"
        )))
    }

    /// The facts of the subject that an event carries, as fields of the event at level 0.
    fn facts_of(&self, carries: Carries) -> Vec<(String, Typed)> {
        let fields =
            self.plan.subject.events.get(carries.kind).map(|event| event.fields.as_slice()).unwrap_or_default();
        let fact = |(place, field): (usize, &Input)| {
            let expr = Expr { op: Op::Field(carries.kind, place, 0), shape: field.shape };
            (field.name.clone(), Typed { expr, ty: field.ty.clone() })
        };
        fields.iter().take(carries.facts).enumerate().map(fact).collect()
    }

    /// A name of the package whose declarations are being worked out, once for each kind of event.
    pub(super) fn inlined(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        let inlining @ Inlining { package, kind, depth } = self.inlining?;
        let key = (package, kind.filter(|_| place.has_event()), symbol);
        match self.inlined.get(&key) {
            Some(State::Built(typed)) => return Some(typed.clone()),
            Some(State::Failed) => return None,
            Some(State::Building) => return self.circle(name, span),
            Some(State::Waiting) | None => {}
        }
        if depth == DEEPEST {
            let title = format!("definitions of other packages lead on to one another more than {DEEPEST} deep");
            return self.error(codes::E0206, span, title, "too deep here");
        }
        self.inlined.insert(key, State::Building);
        self.inlining = Some(Inlining { depth: depth + 1, ..inlining });
        let typed = self.worked_out(symbol, name, span, place);
        self.inlining = Some(inlining);
        let typed = typed.map(|Typed { expr, ty }| Typed { expr: self.kept_as(symbol, expr, place), ty });
        self.inlined.insert(key, typed.clone().map_or(State::Failed, State::Built));
        typed
    }

    /// A fixed figure goes into a cell: in its own package a parameter or define is not taken for a figure written at the place either.
    fn kept_as(&mut self, symbol: Symbol, expr: Expr, place: Place) -> Expr {
        let named = matches!(symbol, Symbol::Define(_) | Symbol::Parameter(_));
        if named && matches!(expr.op, Op::Constant(_) | Op::Choice(_)) {
            let cell = self.store(expr);
            return self.load(cell);
        }
        self.kept(expr, place)
    }

    fn worked_out(&mut self, symbol: Symbol, name: &str, span: Span, place: Place) -> Option<Typed> {
        match symbol {
            Symbol::Define(index) => {
                let tree = *self.names.defines.get(index)?;
                self.expr(&tree.expr, None, place)
            }
            Symbol::Table(index) => {
                let tree = *self.names.tables.get(index)?;
                if tree.outputs.len() != 1 {
                    return self.error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                }
                self.inline_table(tree, 0, span, place)
            }
            Symbol::Output(table, column) => {
                let tree = *self.names.tables.get(table)?;
                self.inline_table(tree, column, span, place)
            }
            Symbol::Parameter(index) => self.inline_parameter(index, span),
            other => self.error(
                codes::E0316,
                span,
                format!("`{name}` is {}, not an answer for one event", other.kind()),
                "not an answer",
            ),
        }
    }

    /// `response.level`, `Scale.one` in the package whose declarations are being worked out.
    pub(super) fn inlined_member(&mut self, path: &Path, place: Place) -> Option<Typed> {
        let [first, second] = path.parts.as_slice() else { return None };
        match self.names.get(&first.node) {
            Some(Symbol::Enum(index)) => super::names_in_use::choice(self.enums.get(index)?, &second.node),
            Some(Symbol::Table(table)) => {
                let columns = &self.names.tables.get(table)?.outputs;
                let column = columns.iter().position(|column| column.node == second.node);
                let symbol = column.map_or(Symbol::Table(table), |column| Symbol::Output(table, column));
                self.inlined(symbol, &second.node, path.span, place)
            }
            Some(other) => self.inlined(other, &first.node, path.span, place),
            None => None,
        }
    }

    /// A code list of another package: its place among this plan's lists.
    pub(super) fn imported_list(&mut self, package: usize, name: &str) -> Option<usize> {
        let used = self.packages.get(&package)?;
        let Some(Symbol::Codes(index)) = used.names.get(name) else { return None };
        let list = used.lists.get(index)?;
        let list = List { name: format!("{}.{}", used.path, list.name), ..list.clone() };
        let known = self.plan.lists.iter().position(|known| *known == list);
        Some(known.unwrap_or_else(|| {
            self.plan.lists.push(list);
            self.plan.lists.len() - 1
        }))
    }

    /// A parameter of another package: the group's value, where members may not set it.
    fn inline_parameter(&mut self, index: usize, span: Span) -> Option<Typed> {
        let tree = *self.names.parameters.get(index)?;
        let (ty, _) = self.declared_type(&tree.ty, true)?;
        let [value] = tree.values.as_slice() else {
            return self.error(
                codes::E0316,
                span,
                "a parameter with several values is not used from another package",
                "dated, or without a value",
            );
        };
        if tree.local.is_some() {
            return self.error(
                codes::E0316,
                span,
                "a parameter that members may set is not used from another package",
                "set locally",
            );
        }
        let typed = self.expr(&value.value, Some(&ty), Place::default())?;
        self.fit(typed, &ty, span)
    }

    /// A table as a chain of conditions. Its rows are proved disjoint and complete where it is declared, so the last needs no condition.
    fn inline_table(&mut self, tree: &tree::Table, column: usize, span: Span, place: Place) -> Option<Typed> {
        let dated = tree.rows.iter().any(|row| row.in_force.is_some());
        if tree.rows.len() > MOST_ROWS || dated || matches!(tree.policy, Policy::Collect(_)) {
            let title = format!("`{}` cannot be worked out for each event", tree.name.node);
            let why = if dated { "its rows hold from a date" } else { "too large, or a `collect` table" };
            return self.error(codes::E0316, span, title, why);
        }
        let columns = self.columns(tree, place)?;
        let mut rows = Vec::new();
        for row in &tree.rows {
            rows.push(self.grid_row(tree, row, &columns)?);
        }
        let (types, values) = self.outputs(tree)?;
        let (ty, shape): &(Type, Shape) = types.get(column)?;
        let mut chain: Option<Expr> = None;
        for (row, outputs) in rows.iter().zip(&values).rev() {
            let Some(value) = outputs.as_ref().and_then(|o| o.get(column)) else { continue };
            let fits = all(row.regions.iter().zip(&columns).filter_map(|(r, c)| r.condition(&c.expr)).collect());
            chain = Some(match chain {
                None => value.clone(),
                Some(rest) => {
                    Expr { op: Op::If(Box::new(fits), Box::new(value.clone()), Box::new(rest)), shape: *shape }
                }
            });
        }
        chain.map(|expr| Typed { expr: Expr { shape: *shape, ..expr }, ty: ty.clone() })
    }
}

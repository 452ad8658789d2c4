//! Another package's answers: `news2.total`, given for each event that carries its subject (`event Observations : news2.Observation`)
//! wherever such an event is at hand, and `limits.highest` anywhere, where it depends on no case.
//!
//! The other package is checked by itself, tables and all; here its declarations are worked out in place (`inlined`), with the
//! event's fields as its facts.

use super::scopes::AtHand;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Names, Symbol};
use crate::plan::{Expr, Input, Kinds, List, Op, Unknown};
use crate::syntax::tree::{self, Path};
use crate::text::{Source, Span};
use crate::values::types::Type;

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

impl<'a> Builder<'a> {
    pub(super) fn import_called(&self, alias: &str) -> Option<&'a Import> {
        let imports: &'a [Import] = self.imports;
        imports.iter().find(|import| import.alias == alias)
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
}

//! Who is meant by each name: one table of everything a package declares.
//!
//! Declarations may come in any order. A name means one thing in a package, whatever its kind; the exceptions are the
//! fields of an event, which are seen only while that event is in scope, and the variants of an enum, which are
//! found through the type that is expected.

mod taken;

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Item, Name};
use crate::text::Span;

pub use taken::{Owner, Whole};

/// What a name stands for: a place in the file's list of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// place in the subject's facts as written
    Fact(usize),
    /// place in the subject's events
    Event(usize),
    /// place among the enums
    Enum(usize),
    /// place among the parameters
    Parameter(usize),
    /// place among the tables
    Table(usize),
    /// an output column of a table that has several: table, column
    Output(usize, usize),
    /// place among the defines
    Define(usize),
    /// place among the obligations
    Obligation(usize),
    /// place among the measures
    Measure(usize),
    /// place among the clocks
    Clock(usize),
    /// place among the paths
    Path(usize),
    /// place among the code lists
    Codes(usize),
    /// place among the sets of events
    Events(usize),
}

impl Symbol {
    /// For messages: `a fact`, `an event`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Symbol::Fact(_) => "a fact",
            Symbol::Event(_) => "an event",
            Symbol::Enum(_) => "an enum",
            Symbol::Parameter(_) => "a parameter",
            Symbol::Table(_) => "a table",
            Symbol::Output(..) => "an output of a table",
            Symbol::Define(_) => "a define",
            Symbol::Obligation(_) => "an obligation",
            Symbol::Measure(_) => "a measure",
            Symbol::Clock(_) => "a clock",
            Symbol::Path(_) => "a path",
            Symbol::Codes(_) => "a code list",
            Symbol::Events(_) => "a set of events",
        }
    }
}

/// The declarations of a file by kind, and the table of their names.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Enums in order.
    pub enums: Vec<&'a tree::Enum>,
    /// The subject.
    pub subject: Option<&'a tree::Subject>,
    /// The packages whose subject it takes over, the first of the chain first.
    pub owners: &'a [Owner],
    /// Parameters in order.
    pub parameters: Vec<&'a tree::Parameter>,
    /// Tables in order.
    pub tables: Vec<&'a tree::Table>,
    /// Defines in order.
    pub defines: Vec<&'a tree::Define>,
    /// Obligations in order.
    pub obligations: Vec<&'a tree::Obligation>,
    /// Measures in order.
    pub measures: Vec<&'a tree::Measure>,
    /// Clocks in order.
    pub clocks: Vec<&'a tree::Clock>,
    /// Paths in order.
    pub paths: Vec<&'a tree::Pathway>,
    /// Code lists in order.
    pub codes: Vec<&'a tree::Codes>,
    /// Sets of events in order.
    pub events: Vec<&'a tree::EventSet>,
    /// Examples in order.
    pub examples: Vec<&'a tree::Example>,
    symbols: BTreeMap<&'a str, (Symbol, Span)>,
}

impl<'a> Names<'a> {
    /// Collects the declarations of `file`; names declared twice are reported. `whole` is its subject where that takes over another's: its
    /// names come first, so that what has one of them again is found in this file.
    pub fn collect(file: &'a tree::File, whole: Option<&'a Whole>, faults: &mut Vec<Diagnostic>) -> Names<'a> {
        let mut names = Names::default();
        if let Some(whole) = whole {
            names.owners = &whole.owners;
            names.declare_subject(&whole.subject, faults);
        }
        for item in &file.items {
            match item {
                Item::Subject(subject) if whole.is_some_and(|whole| whole.subject.span == subject.span) => {}
                item => names.declare(item, faults),
            }
        }
        names.declare_outputs();
        names
    }

    /// What `name` stands for, if anything.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.symbols.get(name).map(|(symbol, _)| *symbol)
    }

    /// Where a declaration gives its name.
    #[must_use]
    pub fn declared_at(&self, symbol: Symbol) -> Option<Span> {
        self.symbols.values().find(|(declared, _)| *declared == symbol).map(|(_, span)| *span)
    }

    /// All names declared, for suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.symbols.keys().copied()
    }

    /// The names of some kinds of declaration, for suggestions.
    pub fn of_kind(&self, wanted: fn(Symbol) -> bool) -> impl Iterator<Item = &str> {
        self.symbols.iter().filter(move |(_, (symbol, _))| wanted(*symbol)).map(|(name, _)| *name)
    }

    /// Enums that have a variant of this name.
    pub fn enums_with<'b>(&'b self, variant: &'b str) -> impl Iterator<Item = usize> + 'b {
        let has = move |e: &&tree::Enum| e.variants.iter().any(|choice| choice.name.node == variant);
        self.enums.iter().enumerate().filter(move |(_, e)| has(e)).map(|(index, _)| index)
    }

    /// The package that a fact is taken over from.
    #[must_use]
    pub fn owner_of_fact(&self, place: usize) -> Option<usize> {
        self.owners.iter().find(|owner| place < owner.facts).map(|owner| owner.package)
    }

    /// The package that an event is taken over from.
    #[must_use]
    pub fn owner_of_event(&self, place: usize) -> Option<usize> {
        self.owners.iter().find(|owner| place < owner.events).map(|owner| owner.package)
    }

    /// The package from which it is taken over that a case ends so.
    #[must_use]
    pub fn owner_of_end(&self, place: usize) -> Option<usize> {
        self.owners.iter().find(|owner| place < owner.ends).map(|owner| owner.package)
    }

    fn declare(&mut self, item: &'a Item, faults: &mut Vec<Diagnostic>) {
        match item {
            Item::Enum(e) => {
                self.add(&e.name, Symbol::Enum(self.enums.len()), faults);
                self.enums.push(e);
            }
            Item::Subject(subject) => self.declare_subject(subject, faults),
            Item::Parameter(p) => {
                self.add(&p.name, Symbol::Parameter(self.parameters.len()), faults);
                self.parameters.push(p);
            }
            Item::Table(t) => {
                self.add(&t.name, Symbol::Table(self.tables.len()), faults);
                self.tables.push(t);
            }
            Item::Define(d) => {
                self.add(&d.name, Symbol::Define(self.defines.len()), faults);
                self.defines.push(d);
            }
            Item::Obligation(o) => {
                self.add(&o.name, Symbol::Obligation(self.obligations.len()), faults);
                self.obligations.push(o);
            }
            Item::Measure(m) => self.measures.push(m),
            Item::Example(e) => self.examples.push(e),
            Item::Codes(c) => {
                self.add(&c.name, Symbol::Codes(self.codes.len()), faults);
                self.codes.push(c);
            }
            Item::Events(e) => {
                self.add(&e.name, Symbol::Events(self.events.len()), faults);
                self.events.push(e);
            }
            Item::Clock(c) => {
                self.add(&c.name, Symbol::Clock(self.clocks.len()), faults);
                self.clocks.push(c);
            }
            Item::Path(p) => {
                self.add(&p.name, Symbol::Path(self.paths.len()), faults);
                self.paths.push(p);
            }
            Item::Member(_) => {}
        }
    }

    fn declare_subject(&mut self, subject: &'a tree::Subject, faults: &mut Vec<Diagnostic>) {
        if let Some(first) = self.subject {
            let fault =
                Diagnostic::error(codes::E0301, subject.name.span, "a package has one subject", "a second subject")
                    .because(first.name.span, "the first is here")
                    .help("put the second subject in a package of its own, or make its facts part of the first");
            faults.push(fault);
            return;
        }
        for (index, fact) in subject.facts.iter().enumerate() {
            self.add(&fact.name, Symbol::Fact(index), faults);
        }
        for (index, event) in subject.events.iter().enumerate() {
            self.add(&event.name, Symbol::Event(index), faults);
        }
        self.subject = Some(subject);
    }

    /// A table with several outputs lends their names to the package where nothing else has them.
    fn declare_outputs(&mut self) {
        for (table, tree) in self.tables.iter().enumerate() {
            if tree.outputs.len() < 2 {
                continue;
            }
            for (column, name) in tree.outputs.iter().enumerate() {
                self.symbols.entry(&name.node).or_insert((Symbol::Output(table, column), name.span));
            }
        }
    }

    fn add(&mut self, name: &'a Name, symbol: Symbol, faults: &mut Vec<Diagnostic>) {
        if let Some((first, span)) = self.symbols.get(name.node.as_str()) {
            let title = format!("`{}` is declared twice", name.node);
            let fault = Diagnostic::error(codes::E0302, name.span, title, "declared again here")
                .because(*span, format!("it is already {}", first.kind()))
                .help("give one of them another name: in a package a name means one thing");
            faults.push(fault);
            return;
        }
        self.symbols.insert(&name.node, (symbol, name.span));
    }
}

/// A construct that can be read but not yet be built.
pub(crate) fn unsupported(span: Span, what: &str) -> Diagnostic {
    let title = format!("this version does not support {what}");
    Diagnostic::error(codes::E0399, span, title, "not supported")
        .help("see docs/language.md for what this version supports")
}

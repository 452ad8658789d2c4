//! Gives every expression its type, unit and range, and lowers it to the plan's operators.
//!
//! One [`Builder`] works through a file. Defines and tables are built when first needed, so that the steps of the
//! plan come out in order of dependence and a circular dependency is found where it closes. A fault is reported once; whatever
//! depends on the faulty part is left out in silence.
//!
//! The rooms in their order, each of which uses only those before it:
//! `builder → package → expressions → events → settings → tables → paths → obligations → library`.
//! An expression may lead on to any declaration by its name; that is the one way back.

mod builder;
mod events;
mod expressions;
mod library;
mod obligations;
mod package;
mod paths;
mod settings;
mod tables;

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Names, Symbol};
use crate::plan::library::{Credentials, Example};
use crate::plan::{Answer, AnswerId, AnswerKind, CellId, Expr, Package};
use crate::syntax::tree::{self, Item};
use crate::text::{Source, Span};
use crate::values::types::Type;
use builder::context::Context;
use builder::faults::Faults;
use builder::once::Once;
use builder::plan_writer::PlanWriter;
use builder::reader::Reader;

pub use builder::seen::{Asked, Meaning, Questions, Seen, SideTable};
pub(crate) use expressions::at_hand::Place;
pub use package::header::package as header;
pub use package::used::{Coded, Import, Used};
pub use tables::places::{Placed, TablePlaces};

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What to compute.
    pub expr: Expr,
    /// Its type.
    pub ty: Type,
}

/// A define or an output as built: its cell and type.
#[derive(Clone, Debug)]
struct BuiltCell {
    cell: CellId,
    ty: Type,
}

/// A package as read, before its types are known.
#[derive(Debug)]
pub struct AsRead<'a> {
    /// The tree of its file.
    pub file: &'a tree::File,
    /// The text of its file.
    pub source: &'a Source,
    /// All files of the run, by their places, for words of the cases and settings beside it; empty where it stands alone.
    pub sources: &'a [Source],
    /// Its declarations.
    pub names: &'a Names<'a>,
    /// Who wrote it, on what ground: see [`header`].
    pub credentials: Credentials,
    /// Files of cases beside it.
    pub cases: &'a [&'a [tree::Example]],
    /// Files of members' settings.
    pub members: &'a [&'a tree::File],
    /// Other files beside it: name and text.
    pub files: &'a [(String, String)],
    /// What it uses.
    pub imports: &'a [Import],
    /// All packages that can be used, by place.
    pub packages: &'a BTreeMap<usize, Used<'a>>,
    /// Whether what is worked out is kept by its place: see [`Questions`].
    pub asked: bool,
}

/// What a package's text means, with its tables still to be proved.
#[derive(Debug)]
pub struct Elaborated {
    /// The package; complete only when nothing was faulty.
    pub package: Package,
    /// Where each table that could be built is written.
    pub tables: Vec<TablePlaces>,
    /// The cases beside the rule, as examples.
    pub cases: Vec<Example>,
    /// What is at each place of the package's own text.
    pub seen: SideTable,
}

/// Works through a file: what may be read, where faults and the plan go, and what each room keeps.
pub(crate) struct Builder<'a> {
    context: Context<'a>,
    faults: Faults<'a>,
    plan: PlanWriter,
    seen: SideTable,
    roles: Vec<package::subject::Role>,
    defines: Once<BuiltCell>,
    at_hand: expressions::at_hand::Scopes,
    sets: Once<events::set::Among, (Option<usize>, usize)>,
    clocks: Once<events::clock::Clock>,
    settings: settings::Settings,
    tables: tables::Tables,
    /// When a case is over, where its subject says so.
    over: Option<Expr>,
    paths: Once<paths::BuiltPath>,
    obligations: Once<AnswerId>,
    /// What obligations judge for each event.
    judged_events: Vec<obligations::judged_event::JudgedEvent>,
    uses: library::import::Uses,
    doubts: expressions::doubts::Doubts,
    guards: expressions::guards::Guards,
    /// The query that a `not` stands before, while it is worked out.
    denied: Option<Span>,
    depth: builder::depth::Depth,
    coding: builder::coding::Coding,
}

/// Works out types and plan of one package.
pub fn elaborate(read: AsRead<'_>, faults: &mut Vec<Diagnostic>) -> Elaborated {
    let context = Context::new(&read);
    let mut coding = builder::coding::Coding::default();
    let mut faults = Faults::into(faults);
    let mut reader = Reader { context, faults: faults.lent(), coding: &mut coding };
    let enums = reader.enums();
    let lists = reader.code_lists();
    let mut builder = Builder {
        context: context.with_enums(&enums),
        faults,
        plan: PlanWriter::new(read.credentials),
        seen: if read.asked { SideTable::with_questions() } else { SideTable::default() },
        roles: Vec::new(),
        defines: Once::default(),
        at_hand: expressions::at_hand::Scopes::default(),
        sets: Once::default(),
        clocks: Once::default(),
        settings: settings::Settings::default(),
        tables: tables::Tables::default(),
        over: None,
        paths: Once::default(),
        obligations: Once::default(),
        judged_events: Vec::new(),
        uses: library::import::Uses::default(),
        doubts: expressions::doubts::Doubts::default(),
        guards: expressions::guards::Guards::default(),
        denied: None,
        depth: builder::depth::Depth::default(),
        coding,
    };
    builder.plan.lists(lists);
    builder.mention_joined();
    builder.subject();
    builder.ends_after_starts();
    builder.parameters();
    builder.end_of_case();
    builder.answers();
    builder.measures();
    builder.event_sets();
    builder.warn_of_mixed();
    builder.members(context.items());
    read.members.iter().for_each(|file| builder.members(&file.items));
    let examples = builder.examples(read.names.examples.iter().copied());
    builder.plan.examples(examples);
    let cases = builder.examples(read.cases.iter().copied().flatten());
    builder.report_doubts();
    package::header::unverified_means_draft(builder.plan.credentials(), context.header(), &mut builder.faults);
    builder.plan.codes(builder.coding.package);
    Elaborated {
        package: builder.plan.finish(),
        tables: builder.tables.into_places(),
        cases,
        seen: builder.seen.in_order(),
    }
}

impl<'a> Builder<'a> {
    /// Declarations by name: the package's own, or those of another that is worked out in place.
    fn names(&self) -> &'a Names<'a> {
        self.context.names()
    }

    /// For what only reads.
    fn reader(&mut self) -> Reader<'_> {
        Reader { context: self.context, faults: self.faults.lent(), coding: &mut self.coding }
    }

    /// Notes what a name that has a value means; in the package's own text only.
    fn saw(&mut self, span: Span, typed: &Typed, means: Meaning) {
        if self.context.inlining().is_none() {
            self.seen.name(span, typed, means);
        }
    }

    /// Notes a name that stands for something without a value.
    fn mention(&mut self, span: Span, symbol: Symbol) {
        if self.context.inlining().is_none() {
            self.seen.mention(span, symbol);
        }
    }

    fn fault<T>(&mut self, fault: Diagnostic) -> Option<T> {
        self.faults.fault(fault)
    }

    fn error<T>(&mut self, code: Code, span: Span, title: impl Into<String>, label: impl Into<String>) -> Option<T> {
        self.faults.error(code, span, title, label)
    }

    /// Everything a caller sees, in the order of the text.
    fn answers(&mut self) {
        for item in self.context.items() {
            match item {
                Item::Define(define) => self.define_answer(define),
                Item::Table(table) => self.table_answers(table),
                Item::Clock(clock) => {
                    if let Some(Symbol::Clock(index)) = self.names().get(&clock.name.node) {
                        self.clock_answers(index);
                    }
                }
                Item::Path(path) => {
                    if let Some(Symbol::Path(index)) = self.names().get(&path.name.node) {
                        self.path_answers(index);
                    }
                }
                Item::Obligation(obligation) => {
                    if let Some(Symbol::Obligation(index)) = self.names().get(&obligation.name.node) {
                        self.obligation(index, obligation.name.span);
                    }
                }
                _ => {}
            }
        }
    }

    fn define_answer(&mut self, define: &tree::Define) {
        if define.of.is_some() {
            self.declared_of_event(&define.name);
        } else if let Some(Symbol::Define(index)) = self.names().get(&define.name.node)
            && let Some(built) = self.define(index, define.name.span)
        {
            let kind = AnswerKind::Value { cell: built.cell, ty: built.ty };
            self.answer(&define.name.node, define.label.clone(), kind, None, define.span);
        }
    }

    fn answer(
        &mut self,
        name: &str,
        label: Option<String>,
        kind: AnswerKind,
        source: Option<String>,
        span: Span,
    ) -> AnswerId {
        self.plan.answer(Answer { name: name.to_owned(), label, kind, source, span })
    }
}

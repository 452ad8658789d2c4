//! Gives every expression its type, unit and range, and lowers it to the plan's operators.
//!
//! One [`Builder`] works through a file. Defines and tables are built when first needed, so that the steps of the
//! plan come out in order of dependence and a circle is found where it closes. A fault is reported once; whatever
//! hangs on the faulty part is left out in silence.

mod arithmetic;
mod clocks;
mod collect;
mod columns;
mod comparisons;
mod effect;
mod ending;
mod examples;
mod expressions;
mod formulas;
mod functions;
mod header;
mod imports;
mod judgements;
mod lists;
mod literals;
mod measures;
mod members;
mod names_in_use;
mod obligations;
mod occurrences;
mod parameters;
mod paths;
mod pauses;
mod queries;
mod regions;
mod scopes;
mod stages;
mod subject;
mod tables;

use crate::diagnostics::{Code, Diagnostic};
use crate::names::Names;
use crate::plan::{Expr, Needs, Op, Plan, Shape, Unknown};
use crate::syntax::tree;
use crate::text::{Source, Span};
use crate::values::types::Type;

pub use header::package as header;
pub use imports::Import;
pub use regions::{Grid, GridColumn, GridRow, Region};
pub(crate) use scopes::Place;

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What to compute.
    pub expr: Expr,
    /// Its type.
    pub ty: Type,
}

/// A declaration that may be asked for before it is built.
#[derive(Clone, Debug, Default)]
enum State<T> {
    #[default]
    Waiting,
    Building,
    Failed,
    Built(T),
}

/// A define as built: its cell and type.
#[derive(Clone, Debug)]
struct BuiltCell {
    cell: usize,
    ty: Type,
}

/// What a package's text means, with the grids of its tables still to be proved.
#[derive(Debug)]
pub struct Elaborated {
    /// The plan; complete only when nothing was faulty.
    pub plan: Plan,
    /// One for each table that could be built.
    pub grids: Vec<Grid>,
}

/// What a fact of the subject became.
#[derive(Clone, Copy, Debug)]
enum Role {
    Input(usize),
    Label(usize),
    Failed,
}

pub(crate) struct Builder<'a> {
    source: &'a Source,
    names: &'a Names<'a>,
    /// Packages that this one uses.
    imports: &'a [Import<'a>],
    /// Events that carry another package's subject: kind, and which package.
    carries: Vec<(usize, usize)>,
    /// The package whose declarations are being worked out in place.
    inlining: Option<usize>,
    inline_depth: usize,
    faults: &'a mut Vec<Diagnostic>,
    plan: Plan,
    enums: Vec<Type>,
    roles: Vec<Role>,
    defines: Vec<State<BuiltCell>>,
    tables: Vec<State<Vec<BuiltCell>>>,
    obligations: Vec<State<usize>>,
    grids: Vec<Grid>,
    scopes: Vec<scopes::Scope>,
    clocks: Vec<State<clocks::Clock>>,
    paths: Vec<State<paths::BuiltPath>>,
    /// Cells of `collect` tables, by full name.
    collects: Vec<(String, BuiltCell)>,
    /// Files beside the rule: name and text.
    files: &'a [(String, String)],
    /// The package header.
    header: Option<&'a tree::Package>,
    /// The date by which a case is judged, once asked for.
    index: Option<Expr>,
    /// When a case is over, where its subject says so.
    over: Option<Expr>,
    /// Parameters with dated values, by place.
    dated: std::collections::BTreeMap<usize, Typed>,
    /// Parameters with a fault of their own: what uses them is not faulted again.
    unbuilt_parameters: Vec<usize>,
}

/// Works out types and plan of one package file.
pub fn elaborate<'a>(
    file: &'a tree::File,
    source: &'a Source,
    names: &'a Names<'a>,
    package: crate::plan::library::Package,
    files: &'a [(String, String)],
    imports: &'a [Import<'a>],
    faults: &'a mut Vec<Diagnostic>,
) -> Elaborated {
    let plan = Plan::empty(package);
    let mut builder = Builder {
        source,
        names,
        imports,
        carries: Vec::new(),
        inlining: None,
        inline_depth: 0,
        faults,
        plan,
        enums: Vec::new(),
        roles: Vec::new(),
        defines: vec![State::Waiting; names.defines.len()],
        tables: vec![State::Waiting; names.tables.len()],
        obligations: vec![State::Waiting; names.obligations.len()],
        grids: Vec::new(),
        scopes: Vec::new(),
        clocks: vec![State::Waiting; names.clocks.len()],
        paths: vec![State::Waiting; names.paths.len()],
        collects: Vec::new(),
        files,
        header: file.package.as_ref(),
        index: None,
        over: None,
        dated: std::collections::BTreeMap::new(),
        unbuilt_parameters: Vec::new(),
    };
    builder.enums();
    builder.code_lists();
    builder.subject();
    builder.parameters();
    builder.ending();
    builder.answers(file);
    builder.measures();
    builder.members(file);
    builder.examples();
    header::unverified_means_draft(&builder.plan.package, file, builder.faults);
    Elaborated { plan: builder.plan, grids: builder.grids }
}

impl Builder<'_> {
    fn fault<T>(&mut self, fault: Diagnostic) -> Option<T> {
        self.faults.push(fault);
        None
    }

    fn error<T>(&mut self, code: Code, span: Span, title: impl Into<String>, label: impl Into<String>) -> Option<T> {
        self.fault(Diagnostic::error(code, span, title, label))
    }

    /// What a declaration comes to, built when first asked for. One that asks for itself while it is built is faulted as a circle.
    fn once<T: Clone>(
        &mut self,
        states: impl Fn(&mut Self) -> &mut Vec<State<T>>,
        index: usize,
        (name, asked_at): (&str, Span),
        build: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        match states(self).get(index)? {
            State::Built(built) => return Some(built.clone()),
            State::Failed => return None,
            State::Building => return self.circle(name, asked_at),
            State::Waiting => {}
        }
        let set = |builder: &mut Self, state: State<T>| {
            if let Some(place) = states(builder).get_mut(index) {
                *place = state;
            }
        };
        set(self, State::Building);
        let built = build(self);
        set(self, built.clone().map_or(State::Failed, State::Built));
        built
    }

    /// A new cell of this shape.
    fn new_cell(&mut self, shape: Shape) -> usize {
        self.plan.cells.push(shape);
        self.plan.cells.len() - 1
    }

    /// A new cell that holds the value of an expression.
    fn store(&mut self, expr: Expr) -> usize {
        let cell = self.new_cell(expr.shape);
        self.plan.steps.push(crate::plan::Step::Value { cell, expr });
        cell
    }

    /// The content of a cell as an expression.
    fn load(&self, cell: usize) -> Expr {
        let shape = self.plan.cells.get(cell).copied().unwrap_or(Shape::YES_NO);
        Expr { op: Op::Cell(cell), shape }
    }

    /// A bit for something that can be missing.
    fn unknown(&mut self, unknown: Unknown, span: Span) -> u8 {
        let place = self.plan.unknowns.len();
        self.plan.unknowns.push(unknown);
        if place == Needs::BITS as usize {
            let limit = crate::plan::MAX_UNKNOWNS;
            let title =
                format!("a package may have at most {limit} facts, fields, events and parameters that can be missing");
            let fault = Diagnostic::error(crate::diagnostics::codes::E0305, span, title, "one too many here");
            self.faults.push(fault.help("split the package, or leave out facts that no rule uses; an event counts twice: it can be left out of an export, and its time can be unknown"));
        }
        u8::try_from(place).unwrap_or(u8::MAX)
    }

    /// The source text of a span on one line, runs of white space folded.
    fn words(&self, span: Span) -> String {
        let (start, end) = (span.start as usize, span.end as usize);
        let text = self.source.text.get(start..end).unwrap_or_default();
        let text = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

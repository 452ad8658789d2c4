//! What occurs in random plans and cases: every operator, function, level and construct has to.

use std::collections::BTreeMap;

use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::formula::Real;
use concord_engine::plan::{
    Call, Expr, Function as Question, Kinds, Level, Limit, Op, PathGives, Plan, Query, Region, Rounding, Running, Step,
};
use concord_engine::values::real::{Function, Two};

use super::constructs::constructs;

/// How often each thing occurred.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// By name: an operator's word, `query highest`, `at 2`, `divide half up`, `alternatives 3`.
    pub counts: BTreeMap<String, u64>,
}

impl Seen {
    /// Counts what occurs in a plan.
    pub fn plan(&mut self, plan: &Plan) {
        for step in &plan.steps {
            match step {
                Step::Value { expr, .. } => self.expr(expr, 0),
                Step::Column { expr, .. } => {
                    self.running(expr);
                    self.expr(expr, 1);
                }
                Step::Table(table) => {
                    for row in &table.rows {
                        row.cells.iter().for_each(|cell| self.cell(cell));
                        let conditions = row.conditions(&table.columns);
                        conditions.iter().chain(row.outputs.iter().flatten()).for_each(|e| self.expr(e, 0));
                    }
                }
            }
        }
    }

    /// Counts the constructs of a text.
    pub fn constructs(&mut self, constructs: &[&str]) {
        constructs.iter().for_each(|name| self.one(name));
    }

    /// Counts what a case tells as a range.
    pub fn case(&mut self, case: &Case) {
        let ranges = |data: &[Datum]| data.iter().any(|datum| matches!(datum, Datum::Between(..)));
        let told = [
            ("range of a fact", ranges(&case.facts)),
            ("range of a field", case.events.iter().any(|event| ranges(&event.fields))),
            ("range of a time", case.events.iter().any(|event| matches!(event.at, When::Between(..)))),
            ("time not known", case.events.iter().any(|event| event.at == When::Unknown)),
            ("kind not supplied", case.not_supplied != 0),
        ];
        told.into_iter().filter(|(_, told)| *told).for_each(|(name, _)| self.one(name));
    }

    /// Adds what another has counted.
    pub fn add(&mut self, other: &Seen) {
        for (name, count) in &other.counts {
            *self.counts.entry(name.clone()).or_default() += count;
        }
    }

    /// What has to occur and has not.
    pub fn missing(&self) -> Vec<&'static str> {
        let calls = Call::ALL.map(|call| call.description().word);
        WANTED.into_iter().chain(calls).chain(constructs()).filter(|name| !self.counts.contains_key(*name)).collect()
    }

    fn running(&mut self, expr: &Expr) {
        let Some((running, query)) = Running::of(expr) else { return };
        self.one(if running.before { "running before" } else { "running after" });
        if matches!(query.function, Question::First | Question::Last) {
            self.one(if running.renews(query.function) {
                "running from far to near"
            } else {
                "running from near to far"
            });
        }
        for limit in running.limits {
            self.one(match limit {
                Limit::Place => "running place",
                Limit::UpToPlace => "running up to place",
                Limit::Time => "running time",
                Limit::UpToTime => "running up to time",
            });
        }
    }

    fn one(&mut self, name: &str) {
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    fn cell(&mut self, region: &Region) {
        self.one(match (region.ranges.len(), region.none) {
            (0, false) => "cell of nothing",
            (0, true) => "cell of none",
            (_, true) => "cell of none and values",
            (1, false) => "cell of a range",
            _ => "cell of ranges",
        });
    }

    fn expr(&mut self, expr: &Expr, depth: usize) {
        self.one(expr.op.word());
        match &expr.op {
            Op::Query(query) => self.query(query, depth),
            Op::Path(path) => self.one(match path.gives {
                PathGives::State => "path state",
                PathGives::LeftAt => "path left at",
            }),
            Op::At(level) => self.level("at", *level),
            Op::Order(level) => self.level("order", *level),
            Op::Column(_, level) => self.level("column", *level),
            Op::Field(_, _, level) => self.level("field", *level),
            Op::Divide(_, _, how) => self.one(match how {
                Rounding::HalfUp => "divide half up",
                Rounding::HalfEven => "divide half even",
                Rounding::AwayFromZero => "divide away from zero",
                Rounding::TowardsZero => "divide towards zero",
                Rounding::Down => "divide down",
            }),
            Op::Formula(formula) => self.real(&formula.value),
            _ => {}
        }
        expr.op.operands().into_iter().for_each(|e| self.expr(e, depth));
    }

    fn real(&mut self, real: &Real) {
        self.one(match real {
            Real::Figure(..) => "real figure",
            Real::Operand(..) => "real operand",
            Real::Negate(_) => "real negate",
            Real::Two(Two::Add, ..) => "real add",
            Real::Two(Two::Subtract, ..) => "real subtract",
            Real::Two(Two::Multiply, ..) => "real multiply",
            Real::Two(Two::Divide, ..) => "real divide",
            Real::Least(..) => "real least",
            Real::Greatest(..) => "real greatest",
            Real::Root(_) => "real root",
            Real::Function(Function::Ln, _) => "real ln",
            Real::Function(Function::Log10, _) => "real log10",
            Real::Function(..) => "real exp",
            Real::Power(..) => "real power",
            Real::WholePower(..) => "real whole power",
        });
        real.parts().into_iter().for_each(|part| self.real(part));
    }

    fn level(&mut self, what: &str, level: Level) {
        self.one(&format!("{what} {level}"));
    }

    fn query(&mut self, query: &Query, depth: usize) {
        self.one(&format!("query depth {}", depth + 1));
        self.one(&format!("query alternatives {}", query.alternatives.len()));
        let counted: u32 = query.alternatives.iter().map(|a| a.kinds.0.count_ones()).sum();
        let kinds = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        if counted > kinds.0.count_ones() {
            self.one("query one kind again");
        }
        if query.alternatives.iter().any(|a| a.kinds.only().is_none()) {
            self.one("query several kinds");
        }
        self.one(match query.function {
            Question::First => "query first",
            Question::Last => "query last",
            Question::Nth(_) => "query nth",
            Question::Count => "query count",
            Question::Any => "query any",
            Question::Sum => "query sum",
            Question::Lowest => "query lowest",
            Question::Highest => "query highest",
            Question::MedianDoubled => "query median",
        });
        for alternative in &query.alternatives {
            self.expr(&alternative.filter, depth + 1);
            self.expr(&alternative.value, depth + 1);
        }
    }
}

#[rustfmt::skip]
const WANTED: [&str; 110] = [
    "constant", "choice", "none", "fact", "field", "at", "order", "as of", "parameter", "cell", "negate", "add", "subtract",
    "multiply", "lowest", "highest", "at most", "less", "equal", "divide", "in list",
    "add working days", "weekday", "overlap", "within", "one of", "decided", "same choice", "not", "and",
    "or", "is none", "assume", "else", "if", "first yes", "query", "verdict", "at 0", "at 1", "at 2", "order 0", "order 1",
    "order 2", "field 0", "field 1", "field 2", "divide half up", "divide half even", "divide away from zero",
    "divide towards zero", "divide down",
    "query first", "query last", "query nth", "query count", "query any", "query sum", "query lowest", "query highest",
    "query median", "query depth 1", "query depth 2", "query depth 3", "query alternatives 1", "query alternatives 2",
    "query alternatives 3", "query one kind again", "query several kinds", "column", "column 0", "column 1", "column 2",
    "formula", "real figure", "real operand", "real negate", "real add",
    "real subtract", "real multiply", "real divide", "real least", "real greatest", "real root", "real ln", "real log10",
    "real exp", "real power", "real whole power",
    "running before", "running after", "running from far to near", "running from near to far",
    "running place", "running up to place", "running time", "running up to time",
    "path", "path state", "path left at",
    "range of a fact", "range of a field", "range of a time", "time not known", "kind not supplied",
    "cell of nothing", "cell of none", "cell of none and values", "cell of a range", "cell of ranges",
];

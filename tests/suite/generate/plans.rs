//! Random plans.

use concord_engine::plan::{
    Answer, AnswerId, AnswerKind, CellId, Class, Column, ColumnId, Contract, DueBy, EventKind, Expr, FieldId, Id,
    Input, InputId, JudgedEach, KindId, Kinds, Obligation, Op, Parameter, ParameterId, PathGives, Plan, Shape, Step,
    Unknown,
};
use concord_engine::text::Span;
use concord_engine::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT};
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

use super::cases::{NOW, TODAY};
use super::expressions::{Kind, hull};
use super::random::Random;

/// A plan being made.
pub struct Making {
    pub random: Random,
    pub plan: Plan,
    /// The kinds of which the events in scope may be, the innermost query's last.
    pub at_hand: Vec<Kinds>,
    /// The kinds for which each column is filled.
    pub filled: Vec<Kinds>,
    /// Places in the order of a case are only compared with one another, as rules do it.
    pub places_compared: bool,
    /// Nothing is asked but what lanes take: facts alone, by tests, tables and whole numbers.
    pub facts_alone: bool,
}

/// A random plan.
pub fn plan(random: &mut Random) -> Plan {
    made(random, false, false)
}

/// A random plan that asks only what lanes take: facts alone, by tests, tables and whole numbers.
pub fn plan_of_facts(random: &mut Random) -> Plan {
    made(random, false, true)
}

/// A random plan whose answers do not change when a place in the order of the case has another number: it compares them with one another.
pub fn plan_of_a_rule(random: &mut Random) -> Plan {
    made(random, true, false)
}

fn made(random: &mut Random, places_compared: bool, facts_alone: bool) -> Plan {
    let mut making = Making {
        random: Random::new(random.bits()),
        plan: empty(),
        at_hand: Vec::new(),
        filled: Vec::new(),
        places_compared,
        facts_alone,
    };
    making.subject();
    making.parameters();
    making.lists();
    let steps = 3 + making.random.below(8);
    for _ in 0..steps {
        if making.random.percent(25) {
            making.event_column();
        } else if making.random.percent(10) {
            making.path();
        } else if making.random.percent(50) {
            making.table();
        } else {
            making.define();
        }
    }
    making.define();
    making.answers();
    if making.facts_alone {
        making.plan.steps.iter_mut().for_each(for_lanes);
    }
    making.plan
}

/// Puts something known in the place of whatever lanes do not take.
fn for_lanes(step: &mut Step) {
    match step {
        Step::Value { expr, .. } | Step::Column { expr, .. } => known(expr),
        Step::Table(table) => {
            table.columns.iter_mut().for_each(|column| known(&mut column.expr));
            table.rows.iter_mut().flat_map(|row| &mut row.outputs).flatten().for_each(known);
        }
    }
}

fn known(expr: &mut Expr) {
    let is_beyond = matches!(
        expr.op,
        Op::AsOf
            | Op::Divide(..)
            | Op::AddWorkingDays(..)
            | Op::Weekday(_)
            | Op::Overlap(_)
            | Op::Formula(_)
            | Op::Call(..)
            | Op::InList(..)
            | Op::Query(_)
            | Op::Path(_)
            | Op::At(_)
            | Op::Order(_)
    );
    if is_beyond {
        let first = u8::try_from(expr.shape.low).unwrap_or(0);
        expr.op = if expr.shape.class == Class::Set { Op::Choice(first) } else { Op::Constant(expr.shape.low) };
    }
    expr.op.operands_mut().into_iter().for_each(known);
}

/// Somewhere in a text.
pub fn span() -> Span {
    Span::default()
}

fn empty() -> Plan {
    let mut plan = Plan::default();
    plan.subject.uses_as_of = true;
    plan
}

/// Ranges that inputs have: each width of column, both signs, single values.
const RANGES: [(i64, i64); 19] = [
    (0, 1),
    (0, 1),
    (0, 9),
    (-5, 5),
    (0, 100),
    (-128, 127),
    (0, 300),
    (-20_000, 20_000),
    (0, 70_000),
    (-3_000_000_000, 3_000_000_000),
    (7, 7),
    (250, 450),
    (1, 12),
    (-9, -2),
    (FIRST_DATE, LAST_DATE),
    (TODAY - 40, TODAY + 40),
    (NOW - 30 * DAY, NOW + 30 * DAY),
    (FIRST_INSTANT, LAST_INSTANT),
    (0, DAY - 1),
];

impl Making {
    /// A shape an input may have.
    pub fn input_shape(&mut self) -> Shape {
        let shape = if self.random.percent(30) {
            let variants = [1, 2, 3, 5, 8, 40][self.random.below(6)];
            Shape::set(variants)
        } else {
            let (low, high) = RANGES[self.random.below(RANGES.len())];
            Shape::range(low, high)
        };
        if self.random.percent(25) { shape.or_none() } else { shape }
    }

    fn unknown(&mut self, unknown: Unknown) -> u8 {
        self.plan.unknowns.push(unknown);
        u8::try_from(self.plan.unknowns.len() - 1).unwrap_or(63)
    }

    fn input(&mut self, name: String, unknown: Unknown) -> Input {
        let shape = self.input_shape();
        Input {
            name,
            ty: Type::Number { places: 0, unit: None },
            shape,
            unknown: self.unknown(unknown),
            also: Vec::new(),
        }
    }

    fn subject(&mut self) {
        self.unknown(Unknown::Decision(AnswerId::at(0)));
        for index in 0..1 + self.random.below(8) {
            let input = self.input(format!("fact_{index}"), Unknown::Fact(InputId::at(index)));
            self.plan.subject.inputs.push(input);
        }
        let kinds = if !self.facts_alone && self.random.percent(60) { 1 + self.random.below(3) } else { 0 };
        for kind in 0..kinds {
            let id = KindId::at(kind);
            let unsupplied = self.unknown(Unknown::Events(id));
            let untimed = self.unknown(Unknown::Time(id));
            let fields = self.random.below(4);
            let unknown = |field: usize| Unknown::Field { kind: id, field: FieldId::at(field) };
            let fields = (0..fields).map(|field| self.input(format!("field_{field}"), unknown(field))).collect();
            self.plan.subject.events.push(EventKind {
                name: format!("kind_{kind}"),
                fields,
                unsupplied,
                untimed,
                ends: None,
            });
        }
    }

    fn parameters(&mut self) {
        for index in 0..self.random.below(4) {
            let mut shape = self.input_shape();
            shape.optional = false;
            let within = {
                let (a, b) = (self.random.between(shape.low, shape.high), self.random.between(shape.low, shape.high));
                Contract::Within(a.min(b), a.max(b))
            };
            let fixed = self.random.percent(30);
            let value = (fixed || self.random.percent(60)).then(|| self.random.between(shape.low, shape.high));
            let unknown = self.unknown(Unknown::Parameter(ParameterId::at(index)));
            self.plan.parameters.push(Parameter {
                name: format!("parameter_{index}"),
                ty: Type::Number { places: 0, unit: None },
                shape,
                value,
                contract: if fixed { Contract::Fixed } else { within },
                tiers: BTreeSet::new(),
                reason: None,
                unknown,
            });
        }
    }

    /// Adds a cell.
    pub fn cell(&mut self, shape: Shape) -> CellId {
        self.plan.cells.push(shape)
    }

    fn define(&mut self) {
        let depth = 1 + self.random.below(4);
        let kind = Kind::any(&mut self.random);
        let expr: Expr = self.expression(kind, depth);
        let cell = self.cell(expr.shape);
        self.plan.steps.push(Step::Value { cell, expr });
    }

    /// Adds what is worked out for each event of a kind, where there are events.
    fn event_column(&mut self) {
        if self.plan.subject.events.is_empty() {
            return self.define();
        }
        let kind = Kind::any(&mut self.random);
        self.column_of(kind);
    }

    /// Adds what events are to a path, and how far a case has come along it.
    fn path(&mut self) {
        if self.plan.subject.events.is_empty() {
            return self.define();
        }
        let optional = self.random.percent(70);
        self.column_of(Kind::Choice(optional));
        for gives in [PathGives::State, PathGives::LeftAt] {
            if let Some(expr) = self.along(gives) {
                let cell = self.cell(expr.shape);
                self.plan.steps.push(Step::Value { cell, expr });
            }
        }
    }

    fn column_of(&mut self, kind: Kind) {
        let first = self.kinds();
        let mut parts = vec![(first, self.about(first, kind))];
        if self.random.percent(30) {
            let others = Kinds(self.kinds().0 & !first.0);
            let expr = self.about(others, kind);
            if others != Kinds::default() && parts.iter().all(|(_, e)| e.shape.class == expr.shape.class) {
                parts.push((others, expr));
            }
        }
        let shape = parts.iter().map(|(_, expr)| expr.shape).reduce(hull).unwrap_or(Shape::YES_NO);
        let column = self.plan.columns.push(Column { shape });
        self.filled.push(parts.iter().fold(Kinds::default(), |filled, (kinds, _)| filled.and(*kinds)));
        self.plan.steps.extend(parts.into_iter().map(|(kinds, expr)| Step::Column { column, kinds, expr }));
    }

    /// An expression about an event of one of these kinds.
    fn about(&mut self, kinds: Kinds, kind: Kind) -> Expr {
        let depth = 1 + self.random.below(4);
        self.at_hand.push(kinds);
        let runs = kind != Kind::Choice(false) && self.random.percent(40);
        let expr = if runs { self.running(kind) } else { self.expression(kind, depth) };
        self.at_hand.pop();
        expr
    }

    /// One kind of event, now and then several.
    pub fn kinds(&mut self) -> Kinds {
        let one = self.one_kind();
        if self.random.percent(75) { one } else { one.and(self.one_kind()) }
    }

    fn one_kind(&mut self) -> Kinds {
        Kinds::one(KindId::at(self.random.below(self.plan.subject.events.len())))
    }

    fn answers(&mut self) {
        for cell in (0..self.plan.cells.len()).map(CellId::at) {
            if self.random.percent(75) {
                let ty = Type::Number { places: 0, unit: None };
                self.answer(AnswerKind::Value { cell, ty });
            }
        }
        let mut any = || CellId::at(self.random.below(self.plan.cells.len()));
        let obligation = Obligation {
            verdict: any(),
            trigger: any(),
            due: any(),
            due_by: DueBy::Instant,
            done: any(),
            excuse: any(),
            excuses: Vec::new(),
            severity: None,
            counts: None,
            responsible: None,
            members: Vec::new(),
        };
        self.answer(AnswerKind::Obligation(obligation));
        self.judged();
    }

    /// Lets what is worked out about events of a kind come out.
    fn judged(&mut self) {
        if self.plan.subject.events.is_empty() || !self.random.percent(50) {
            return;
        }
        let kind = KindId::at(self.random.below(self.plan.subject.events.len()));
        let all: Vec<ColumnId> = (0..self.plan.columns.len()).map(ColumnId::at).collect();
        let filled: Vec<ColumnId> = all
            .into_iter()
            .zip(&self.filled)
            .filter(|(_, kinds)| kinds.contain(kind))
            .map(|(column, _)| column)
            .collect();
        if filled.is_empty() {
            return;
        }
        let mut any = || filled[self.random.below(filled.len())];
        let (among, verdict, trigger, due, done) = (any(), any(), any(), any(), any());
        let (due_by, splits) = (DueBy::Instant, filled.clone());
        self.plan.judged.push(JudgedEach { kind, among, verdict, trigger, due, due_by, done, splits });
    }

    fn answer(&mut self, kind: AnswerKind) {
        let name = format!("answer_{}", self.plan.answers.len());
        self.plan.answers.push(Answer { name, label: None, kind, source: None, span: span() });
    }
}

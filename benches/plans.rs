//! Plans to measure.

use concord_engine::plan::library::Package;
use concord_engine::plan::{Answer, AnswerKind, Expr, Input, Op, Plan, Row, Shape, Step, Table, Unknown};
use concord_engine::text::Span;
use concord_engine::values::types::Type;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// NEWS2: the published score and the response to it.
#[must_use]
pub fn news2_plan() -> Plan {
    let mut plan = Building::new();
    plan.input("respiration_rate", Shape::range(0, 100));
    plan.input("spo2", Shape::range(30, 100));
    plan.input("scale", Shape::set(2));
    plan.input("on_oxygen", Shape::YES_NO);
    plan.input("systolic", Shape::range(0, 350));
    plan.input("pulse", Shape::range(0, 350));
    plan.input("consciousness", Shape::set(5));
    plan.input("temperature", Shape::range(250, 450));
    let respiration = plan.banded("respiration", 0, &[(8, 3), (11, 1), (20, 0), (24, 2), (100, 3)]);
    let saturation = plan.saturation();
    let oxygen =
        plan.score("oxygen", vec![(vec![not(input(3, Shape::YES_NO))], 0), (vec![input(3, Shape::YES_NO)], 2)]);
    let pressure = plan.banded("blood_pressure", 4, &[(90, 3), (100, 2), (110, 1), (219, 0), (350, 3)]);
    let heart = plan.banded("heart", 5, &[(40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (350, 3)]);
    let mind = input(6, Shape::set(5));
    let mind = plan.score("mind", vec![(vec![one_of(&mind, 0b00001)], 0), (vec![one_of(&mind, 0b11110)], 3)]);
    let warmth = plan.banded("warmth", 7, &[(350, 3), (360, 1), (380, 0), (390, 1), (450, 2)]);
    let scores = [respiration, saturation, oxygen, pressure, heart, mind, warmth];
    let total = scores.into_iter().map(|cell| plan.get(cell)).reduce(|a, b| {
        let shape = Shape::range(a.shape.low + b.shape.low, a.shape.high + b.shape.high);
        make(Op::Add(Box::new(a), Box::new(b)), shape)
    });
    let total = plan.define("total", total.unwrap_or(number(0)));
    let reds = [respiration, saturation, pressure, heart, mind, warmth];
    let reds = reds.into_iter().map(|cell| within(&plan.get(cell), 3, 3)).collect();
    let single_red = plan.define("single_red", make(Op::Or(reds), Shape::YES_NO));
    plan.response(total, single_red);
    plan.plan
}

fn make(op: Op, shape: Shape) -> Expr {
    Expr { op, shape }
}

fn number(value: i64) -> Expr {
    make(Op::Constant(value), Shape::range(value, value))
}

fn input(index: usize, shape: Shape) -> Expr {
    make(Op::Input(index), shape)
}

fn not(x: Expr) -> Expr {
    make(Op::Not(Box::new(x)), Shape::YES_NO)
}

fn within(x: &Expr, low: i64, high: i64) -> Expr {
    make(Op::Within(Box::new(x.clone()), low, high), Shape::YES_NO)
}

fn one_of(x: &Expr, mask: u64) -> Expr {
    make(Op::OneOf(Box::new(x.clone()), mask), Shape::YES_NO)
}

struct Building {
    plan: Plan,
}

impl Building {
    fn new() -> Building {
        let package = Package {
            path: "clinical.news2".to_owned(),
            version: "1.0.0".to_owned(),
            title: "National Early Warning Score 2".to_owned(),
            ..Package::default()
        };
        let mut plan = Plan::empty(package);
        plan.subject.name = "Observation".to_owned();
        Building { plan }
    }

    fn input(&mut self, name: &str, shape: Shape) {
        let index = self.plan.subject.inputs.len();
        self.plan.unknowns.push(Unknown::Fact(index));
        let unknown = u8::try_from(index).unwrap_or(0);
        self.plan.subject.inputs.push(Input { name: name.to_owned(), ty: plain(), shape, unknown });
    }

    fn cell(&mut self, shape: Shape) -> usize {
        self.plan.cells.push(shape);
        self.plan.cells.len() - 1
    }

    fn get(&self, cell: usize) -> Expr {
        make(Op::Cell(cell), self.plan.cells.get(cell).copied().unwrap_or(Shape::YES_NO))
    }

    fn answer(&mut self, name: &str, kind: AnswerKind) {
        let name = name.to_owned();
        self.plan.answers.push(Answer { name, label: None, kind, source: None, span: Span::default() });
    }

    fn define(&mut self, name: &str, expr: Expr) -> usize {
        let cell = self.cell(expr.shape);
        self.plan.steps.push(Step::Value { cell, expr });
        self.answer(name, AnswerKind::Value { cell, ty: plain() });
        cell
    }

    fn table(&mut self, name: &str, shapes: &[Shape], rows: Vec<(Vec<Expr>, Option<Vec<Expr>>)>) -> Vec<usize> {
        let last = i64::try_from(rows.len()).unwrap_or(1) - 1;
        let row_cell = self.cell(Shape::range(0, last));
        let output_cells: Vec<usize> = shapes.iter().map(|shape| self.cell(*shape)).collect();
        let rows = rows.into_iter().map(|(conditions, outputs)| Row {
            conditions,
            outputs,
            text: String::new(),
            span: Span::default(),
        });
        let step = self.plan.steps.len();
        self.plan.steps.push(Step::Table(Table {
            name: name.to_owned(),
            first: false,
            row_cell,
            output_cells: output_cells.clone(),
            rows: rows.collect(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            source: None,
            span: Span::default(),
        }));
        for (number, cell) in output_cells.iter().enumerate() {
            let kind = AnswerKind::Output { cell: *cell, ty: plain(), step };
            self.answer(&format!("{name}.{number}"), kind);
        }
        output_cells
    }

    fn score(&mut self, name: &str, rows: Vec<(Vec<Expr>, i64)>) -> usize {
        let shape = Shape::range(
            rows.iter().map(|row| row.1).min().unwrap_or(0),
            rows.iter().map(|row| row.1).max().unwrap_or(0),
        );
        let rows = rows.into_iter().map(|(conditions, points)| (conditions, Some(vec![number(points)])));
        self.table(name, &[shape], rows.collect()).first().copied().unwrap_or(0)
    }

    /// A table of one column: up to and including each bound.
    fn banded(&mut self, name: &str, index: usize, bands: &[(i64, i64)]) -> usize {
        let shape = self.plan.subject.inputs.get(index).map_or(Shape::YES_NO, |input| input.shape);
        let x = input(index, shape);
        let mut low = shape.low;
        let rows = bands.iter().map(|(high, points)| {
            let row = (vec![within(&x, low, *high)], *points);
            low = high + 1;
            row
        });
        let rows = rows.collect();
        self.score(name, rows)
    }

    fn saturation(&mut self) -> usize {
        let (spo2, scale, oxygen) = (input(1, Shape::range(30, 100)), input(2, Shape::set(2)), input(3, Shape::YES_NO));
        let scale_1 = |low, high, points| (vec![one_of(&scale, 1), within(&spo2, low, high)], points);
        let scale_2 = |low, high, points| (vec![one_of(&scale, 2), within(&spo2, low, high)], points);
        let breathing = |air: bool, low, high, points| {
            let breathing = if air { not(oxygen.clone()) } else { oxygen.clone() };
            (vec![one_of(&scale, 2), within(&spo2, low, high), breathing], points)
        };
        let rows = vec![
            scale_1(30, 91, 3),
            scale_1(92, 93, 2),
            scale_1(94, 95, 1),
            scale_1(96, 100, 0),
            scale_2(30, 83, 3),
            scale_2(84, 85, 2),
            scale_2(86, 87, 1),
            scale_2(88, 92, 0),
            breathing(true, 93, 100, 0),
            breathing(false, 93, 94, 1),
            breathing(false, 95, 96, 2),
            breathing(false, 97, 100, 3),
        ];
        self.score("saturation", rows)
    }

    fn response(&mut self, total: usize, single_red: usize) {
        let (total, red) = (self.get(total), self.get(single_red));
        let most = total.shape.high;
        let choice = |variant: u8| make(Op::Choice(variant), Shape::set(4));
        let time = |of: Option<i64>| of.map_or(make(Op::None, Shape::range(0, 0).or_none()), number);
        let row = |low, high, red: Option<Expr>, answer: Option<(u8, Option<i64>, i64, Option<i64>)>| {
            let mut conditions = vec![within(&total, low, high)];
            conditions.extend(red);
            let outputs = answer.map(|(risk, review, continuous, every)| {
                let continuous = make(Op::Constant(continuous), Shape::YES_NO);
                vec![choice(risk), time(review), continuous, time(every)]
            });
            (conditions, outputs)
        };
        let (is_red, is_not) = (|| Some(red.clone()), || Some(not(red.clone())));
        let rows = vec![
            row(7, most, None, Some((3, Some(30 * MINUTE), 1, None))),
            row(5, 6, None, Some((2, Some(HOUR), 0, Some(HOUR)))),
            row(1, 4, is_red(), Some((1, None, 0, Some(HOUR)))),
            row(1, 4, is_not(), Some((0, None, 0, Some(6 * HOUR)))),
            row(0, 0, is_not(), Some((0, None, 0, Some(12 * HOUR)))),
            row(0, 0, is_red(), None),
        ];
        let shapes =
            [Shape::set(4), Shape::range(0, HOUR).or_none(), Shape::YES_NO, Shape::range(0, 12 * HOUR).or_none()];
        self.table("response", &shapes, rows);
    }
}

fn plain() -> Type {
    Type::Number { places: 0, unit: None }
}

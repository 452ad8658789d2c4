//! Random tables: partitions of what the columns may hold, and rows that overlap or leave gaps.

use concord_engine::plan::{Class, Expr, Op, Row, Shape, Step, Table};

use super::expressions::{Kind, constant, hull};
use super::plans::{Making, span};

/// What a region allows in one column.
#[derive(Clone, Copy)]
enum Part {
    Range(i64, i64),
    Set(u64),
    None,
}

impl Making {
    /// Adds a table step.
    pub fn table(&mut self) {
        let (mut conditions, complete) =
            if self.random.percent(75) { self.partition() } else { (self.loose_rows(), false) };
        let first = !complete || self.random.percent(35);
        if !first {
            for place in (1..conditions.len()).rev() {
                let other = self.random.below(place + 1);
                conditions.swap(place, other);
            }
        }
        let columns = 1 + self.random.below(3);
        let kinds: Vec<(Kind, bool)> =
            (0..columns).map(|_| (Kind::any(&mut self.random), self.random.percent(70))).collect();
        let mut shapes: Vec<Option<Shape>> = vec![None; columns];
        let mut rows = Vec::new();
        for conditions in conditions {
            let outputs: Vec<Expr> = kinds.iter().map(|(kind, fixed)| self.output(*kind, *fixed)).collect();
            let impossible = self.random.percent(12);
            if !impossible {
                for (shape, output) in shapes.iter_mut().zip(&outputs) {
                    *shape = Some(shape.map_or(output.shape, |shape| hull(shape, output.shape)));
                }
            }
            rows.push(Row { conditions, outputs: (!impossible).then_some(outputs), text: String::new(), span: span() });
        }
        let last = i64::try_from(rows.len()).unwrap_or(1) - 1;
        let row_cell = self.cell(Shape::range(0, last.max(0)));
        let output_cells = shapes.iter().map(|shape| self.cell(shape.unwrap_or(Shape::YES_NO))).collect();
        self.plan.steps.push(Step::Table(Table {
            name: format!("table_{row_cell}"),
            first,
            row_cell,
            output_cells,
            rows,
            inputs: Vec::new(),
            outputs: Vec::new(),
            source: None,
            span: span(),
        }));
    }

    fn output(&mut self, kind: Kind, fixed: bool) -> Expr {
        if !fixed {
            return self.expression(kind, 2);
        }
        match kind {
            Kind::Test => Expr { op: Op::Constant(self.random.between(0, 1)), shape: Shape::YES_NO },
            Kind::Number(optional) => {
                if optional && self.random.percent(30) {
                    return Expr { op: Op::None, shape: Shape::range(0, 0).or_none() };
                }
                let most = [3, 100, 40_000, 9_000_000_000][self.random.below(4)];
                constant(self.random.between(-most, most))
            }
            Kind::Choice(optional) => {
                if optional && self.random.percent(30) {
                    return Expr { op: Op::None, shape: Shape::set(1).or_none() };
                }
                let variant = u8::try_from(self.random.below(5)).unwrap_or(0);
                Expr { op: Op::Choice(variant), shape: Shape::set(5) }
            }
        }
    }

    fn loose_rows(&mut self) -> Vec<Vec<Expr>> {
        let rows = 1 + self.random.below(6);
        (0..rows).map(|_| (0..self.random.below(3)).map(|_| self.expression(Kind::Test, 2)).collect()).collect()
    }

    /// Rows that are disjoint, by splitting again and again; and whether they are complete.
    fn partition(&mut self) -> (Vec<Vec<Expr>>, bool) {
        let count = 1 + self.random.below(3);
        let columns: Vec<Expr> = (0..count).map(|_| self.column()).collect();
        let whole: Vec<Part> = columns.iter().map(|column| whole(column.shape)).collect();
        let mut regions = vec![whole];
        for (index, column) in columns.iter().enumerate() {
            if column.shape.optional {
                let mut without = regions[0].clone();
                without[index] = Part::None;
                regions.push(without);
            }
        }
        let complete = regions.len() <= 2;
        let splits = if self.random.percent(5) { 90 } else { self.random.below(12) };
        for _ in 0..splits {
            let region = self.random.below(regions.len());
            let column = self.random.below(columns.len());
            if let Some((one, other)) = self.split(regions[region][column]) {
                let mut twin = regions[region].clone();
                regions[region][column] = one;
                twin[column] = other;
                regions.push(twin);
            }
        }
        (regions.iter().map(|region| self.conditions(&columns, region)).collect(), complete)
    }

    fn column(&mut self) -> Expr {
        let kind = if self.random.percent(25) { Kind::Choice(true) } else { Kind::Number(true) };
        let depth = usize::from(self.random.percent(20));
        self.expression(kind, depth)
    }

    fn split(&mut self, part: Part) -> Option<(Part, Part)> {
        match part {
            Part::Range(low, high) if low < high => {
                let cut = self.random.between(low, high - 1);
                Some((Part::Range(low, cut), Part::Range(cut + 1, high)))
            }
            Part::Set(mask) if mask.count_ones() > 1 => {
                let one = mask & self.random.bits();
                (one != 0 && one != mask).then_some((Part::Set(one), Part::Set(mask & !one)))
            }
            _ => None,
        }
    }

    fn conditions(&mut self, columns: &[Expr], region: &[Part]) -> Vec<Expr> {
        let mut conditions = Vec::new();
        for (column, part) in columns.iter().zip(region) {
            let x = || Box::new(column.clone());
            let shape = column.shape;
            let op = match *part {
                Part::None => Op::IsNone(x()),
                Part::Range(low, high) if !shape.optional && low == shape.low && high == shape.high => {
                    continue;
                }
                Part::Set(mask) if !shape.optional && mask == shape.full_mask() => continue,
                Part::Range(low, high) if shape == Shape::YES_NO && low == high && self.random.percent(70) => {
                    conditions.push(if low == 1 { column.clone() } else { yes_no(Op::Not(x())) });
                    continue;
                }
                Part::Range(low, high) if low == shape.low && self.random.percent(50) => {
                    Op::LessOrEqual(x(), Box::new(constant(high)))
                }
                Part::Range(low, high) if high == shape.high && self.random.percent(50) => {
                    Op::Less(Box::new(constant(low - 1)), x())
                }
                Part::Range(low, high) => Op::Within(x(), low, high),
                Part::Set(mask) => Op::OneOf(x(), mask),
            };
            conditions.push(yes_no(op));
        }
        conditions
    }
}

fn yes_no(op: Op) -> Expr {
    Expr { op, shape: Shape::YES_NO }
}

fn whole(shape: Shape) -> Part {
    match shape.class {
        Class::Range => Part::Range(shape.low, shape.high),
        Class::Set => Part::Set(shape.full_mask()),
    }
}

//! Random tables: partitions of what the columns may hold, and rows that overlap or leave gaps.

use concord_engine::plan::{Class, Expr, Id, Op, Region, Shape, Step, Table, TableColumn, TableRow};
use concord_engine::values::types::Type;

use super::expressions::{Kind, constant, hull};
use super::plans::{Making, span};

impl Making {
    /// Adds a table step.
    pub fn table(&mut self) {
        let count = 1 + self.random.below(3);
        let columns: Vec<TableColumn> = (0..count).map(|_| self.column()).collect();
        let (mut cells, complete) =
            if self.random.percent(75) { self.partition(&columns) } else { (self.loose_rows(&columns), false) };
        let first = !complete || self.random.percent(35);
        if !first {
            for place in (1..cells.len()).rev() {
                let other = self.random.below(place + 1);
                cells.swap(place, other);
            }
        }
        let outputs = 1 + self.random.below(3);
        let kinds: Vec<(Kind, bool)> =
            (0..outputs).map(|_| (Kind::any(&mut self.random), self.random.percent(70))).collect();
        let mut shapes: Vec<Option<Shape>> = vec![None; outputs];
        let mut rows = Vec::new();
        for cells in cells {
            let outputs: Vec<Expr> = kinds.iter().map(|(kind, fixed)| self.output(*kind, *fixed)).collect();
            let impossible = self.random.percent(12);
            if !impossible {
                for (shape, output) in shapes.iter_mut().zip(&outputs) {
                    *shape = Some(shape.map_or(output.shape, |shape| hull(shape, output.shape)));
                }
            }
            let outputs = (!impossible).then_some(outputs);
            rows.push(TableRow { cells, outputs, text: String::new(), span: span() });
        }
        let last = i64::try_from(rows.len()).unwrap_or(1) - 1;
        let row_cell = self.cell(Shape::range(0, last.max(0)));
        let output_cells = shapes.iter().map(|shape| self.cell(shape.unwrap_or(Shape::YES_NO))).collect();
        self.plan.steps.push(Step::Table(Table {
            name: format!("table_{}", row_cell.place()),
            first,
            row_cell,
            output_cells,
            columns,
            rows,
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

    /// What is tested, more often than not something that is held already.
    fn column(&mut self) -> TableColumn {
        let kind = match self.random.below(100) {
            0..20 => Kind::Test,
            20..45 => Kind::Choice(true),
            _ => Kind::Number(true),
        };
        let depth = if self.random.percent(20) { 1 + self.random.below(2) } else { 0 };
        let expr = self.expression(kind, depth);
        TableColumn { title: String::new(), expr, ty: Type::Number { places: 0, unit: None } }
    }

    fn loose_rows(&mut self, columns: &[TableColumn]) -> Vec<Vec<Region>> {
        let rows = 1 + self.random.below(6);
        (0..rows).map(|_| columns.iter().map(|column| self.loose_cell(column.expr.shape)).collect()).collect()
    }

    fn loose_cell(&mut self, shape: Shape) -> Region {
        if self.random.percent(40) { Region::all(shape) } else { self.region(shape) }
    }

    /// Rows that are disjoint, by splitting again and again; and whether they are complete.
    fn partition(&mut self, columns: &[TableColumn]) -> (Vec<Vec<Region>>, bool) {
        let mut rows = vec![columns.iter().map(|column| Region::all(column.expr.shape)).collect::<Vec<_>>()];
        let splits = if self.random.percent(5) { 250 } else { self.random.below(16) };
        for _ in 0..splits {
            let row = self.random.below(rows.len());
            let column = self.random.below(columns.len());
            let shape = columns[column].expr.shape;
            let part = self.region(shape);
            let [one, other] = [part.complement(shape), part].map(|out| without(&rows[row][column], &out, shape));
            if !one.is_empty() && !other.is_empty() {
                let mut twin = rows[row].clone();
                rows[row][column] = one;
                twin[column] = other;
                rows.push(twin);
            }
        }
        let complete = rows.len() == 1 || !self.random.percent(15);
        if !complete {
            let lost = self.random.below(rows.len());
            rows.remove(lost);
        }
        (rows, complete)
    }

    /// Some of what a shape allows: for the most part one side of it.
    fn region(&mut self, shape: Shape) -> Region {
        let mut region = match shape.class {
            Class::Set => Region::of_mask(self.random.bits() & shape.full_mask()),
            Class::Range => {
                let (a, b) = (self.near(shape), self.near(shape));
                match self.random.below(10) {
                    0..4 => Region::range(shape.low, a, shape),
                    4..6 => Region::range(a, a, shape),
                    6 => Region::nothing(),
                    _ => Region::range(a.min(b), a.max(b), shape),
                }
            }
        };
        region.none = shape.optional && self.random.percent(40);
        region
    }
}

/// What is in one region and not in another.
fn without(region: &Region, out: &Region, shape: Shape) -> Region {
    region.complement(shape).union(out).complement(shape)
}

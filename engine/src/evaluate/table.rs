//! Decision tables: the rows that may answer, and what they give.

use super::at_hand::AtHand;
use super::{Machine, Value};
use crate::plan::{Claim, Class, Needs, Region, Shape, StepId, Table, TableRow};

impl Machine<'_> {
    pub(super) fn table(&mut self, step: StepId, table: &Table) {
        let classes: Vec<Class> = table.output_cells.iter().map(|c| self.class(*c)).collect();
        // What no row tests is not worked out, and may be anything.
        let shapes = table.columns.iter().map(|column| column.expr.shape);
        let mut seen: Vec<(Value, Class)> = shapes.map(|shape| (Value::anything(shape, 0), shape.class)).collect();
        for (place, column) in table.tested() {
            if let Some((value, _)) = seen.get_mut(place) {
                *value = self.eval(&column.expr, AtHand::default());
            }
        }
        let mut row_value: Option<Value> = None;
        let mut values: Vec<Value> = Vec::new();
        let mut claim = None;
        let mut needs: Needs = 0;
        for (number, row) in table.rows.iter().enumerate() {
            let matches = matches(row, &seen);
            if !matches.may_be_yes() {
                continue;
            }
            needs |= matches.needs;
            let certain = matches.is_yes();
            let Some(outputs) = &row.outputs else {
                claim = claim.or(Some(number));
                if certain {
                    if !table.first {
                        row_value = None;
                    }
                    break;
                }
                continue;
            };
            let place = Value::known(i64::try_from(number).unwrap_or(i64::MAX));
            let outputs: Vec<Value> = outputs.iter().map(|o| self.eval(o, AtHand::default())).collect();
            let replace = row_value.is_none() || (certain && !table.first);
            row_value = Some(if replace { place } else { row_value.unwrap_or(place).or_else(place, Class::Range) });
            if replace {
                values = outputs;
            } else {
                values = values.iter().zip(&outputs).zip(&classes).map(|((a, b), c)| a.or_else(*b, *c)).collect();
            }
            if certain {
                if !table.first {
                    needs = 0;
                }
                break;
            }
        }
        self.fill_table(step, table, needs, row_value.map(|row| (row, values)), claim);
    }

    /// Writes a table's cells: the row and outputs found, or, when only a claim was left, anything at all.
    pub(super) fn fill_table(
        &mut self,
        step: StepId,
        table: &Table,
        needs: Needs,
        found: Option<(Value, Vec<Value>)>,
        claim: Option<usize>,
    ) {
        if let Some((row, values)) = found {
            let row = Value { needs: row.needs | needs, ..row }.settled(Class::Range);
            self.fill(table.row_cell, row);
            for (cell, value) in table.output_cells.iter().zip(values) {
                let class = self.class(*cell);
                self.fill(*cell, Value { needs: value.needs | needs, ..value }.settled(class));
            }
            return;
        }
        // A proved table has a row for every case, or a claim; without either the case is reported all the same.
        let row = claim.unwrap_or(0);
        self.broken = self.broken.or(Some(Claim { step, row }));
        self.fill(table.row_cell, Value::known(i64::try_from(row).unwrap_or(i64::MAX)));
        for cell in &table.output_cells {
            let shape = self.plan.cells.get(*cell).copied().unwrap_or(Shape::YES_NO);
            self.fill(*cell, Value::anything(shape, 0));
        }
    }
}

/// Whether a row matches: it needs what the cells need of which it is not certain.
fn matches(row: &TableRow, seen: &[(Value, Class)]) -> Value {
    let (mut certain, mut possible, mut needs) = (true, true, 0);
    for (region, (value, class)) in row.cells.iter().zip(seen) {
        let (lets_all, lets_some) = lets_through(region, value, *class);
        certain &= lets_all;
        possible &= lets_some;
        needs |= if lets_all == lets_some { 0 } else { value.needs };
    }
    Value::test(certain, possible, needs)
}

/// Whether a region lets through all that is possible, and whether it lets through anything that is.
fn lets_through(region: &Region, value: &Value, class: Class) -> (bool, bool) {
    let (all, some) = match class {
        Class::Range => (region.covers(value.low, value.high), region.meets(value.low, value.high)),
        Class::Set => {
            let mask = region.mask().cast_signed();
            (value.low & !mask == 0, value.low & mask != 0)
        }
    };
    (
        (all || !value.may_be_some) && (region.none || !value.may_be_none),
        (some && value.may_be_some) || (region.none && value.may_be_none),
    )
}

//! Decision tables: the rows that may answer, and what they give.

use super::at_hand::AtHand;
use super::{Machine, Value};
use crate::plan::{Class, Needs, Shape, Table};

impl Machine<'_> {
    pub(super) fn table(&mut self, step: usize, table: &Table) {
        let classes: Vec<Class> = table.output_cells.iter().map(|c| self.class(*c)).collect();
        let mut row_value: Option<Value> = None;
        let mut values: Vec<Value> = Vec::new();
        let mut claim = None;
        let mut needs: Needs = 0;
        for (number, row) in table.rows.iter().enumerate() {
            let matches = self.all(&row.conditions, AtHand::default());
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
        step: usize,
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
        let row = claim.unwrap_or(0);
        self.broken = self.broken.or(Some((step, row)));
        self.fill(table.row_cell, Value::known(i64::try_from(row).unwrap_or(i64::MAX)));
        for cell in &table.output_cells {
            let shape = self.plan.cells.get(*cell).copied().unwrap_or(Shape::YES_NO);
            self.fill(*cell, Value::anything(shape, 0));
        }
    }
}

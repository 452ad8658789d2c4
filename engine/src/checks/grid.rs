//! The arithmetic of completeness.
//!
//! Each column is cut into *classes*: runs of values that no cell tells apart. A row then covers a box of classes, and the
//! table is complete exactly when the boxes of its rows, which do not overlap, add up to the whole. The sum finds out
//! whether there is a gap; walking down the columns, always into a class whose rows do not add up, finds where.

use crate::plan::{Region, Shape, Table};

/// A run of values that no cell of a column tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassOfValues {
    /// These values, ends included.
    Range(i64, i64),
    /// Recorded as none.
    None,
}

/// Volumes do not fit in 128 bits: the table is too large to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// The classes of each column, and for each row and column which classes it covers.
pub struct Classes {
    /// By column.
    pub columns: Vec<Vec<ClassOfValues>>,
    covers: Vec<Vec<Vec<bool>>>,
}

impl Classes {
    /// Cuts every column of a table at the ends of its cells' ranges.
    pub fn of(table: &Table) -> Classes {
        let mut columns = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            let regions = table.rows.iter().filter_map(|row| row.cells.get(index));
            columns.push(cut(regions, column.expr.shape));
        }
        let covers =
            table.rows.iter().map(|row| row.cells.iter().zip(&columns).map(|(r, c)| covered(r, c)).collect()).collect();
        Classes { columns, covers }
    }

    fn covers(&self, row: usize, column: usize, class: usize) -> bool {
        self.covers.get(row).and_then(|r| r.get(column)).and_then(|c| c.get(class)).copied().unwrap_or(false)
    }

    /// How many combinations of classes the columns from `column` on have.
    fn whole(&self, column: usize) -> Result<u128, TooLarge> {
        self.columns
            .iter()
            .skip(column)
            .try_fold(1_u128, |product, classes| product.checked_mul(classes.len() as u128))
            .ok_or(TooLarge)
    }

    /// How many of them a row covers.
    fn volume(&self, row: usize, column: usize) -> Result<u128, TooLarge> {
        let Some(columns) = self.covers.get(row) else {
            return Ok(0);
        };
        let count = |classes: &Vec<bool>| classes.iter().filter(|c| **c).count() as u128;
        columns.iter().skip(column).map(count).try_fold(1_u128, u128::checked_mul).ok_or(TooLarge)
    }

    fn sum(&self, rows: &[usize], column: usize) -> Result<u128, TooLarge> {
        let mut sum = 0_u128;
        for row in rows {
            sum = sum.checked_add(self.volume(*row, column)?).ok_or(TooLarge)?;
        }
        Ok(sum)
    }

    /// A combination of classes that no row covers, when the rows do not overlap: one class a column.
    pub fn gap(&self, rows: usize) -> Result<Option<Vec<ClassOfValues>>, TooLarge> {
        let mut left: Vec<usize> = (0..rows).collect();
        if self.sum(&left, 0)? == self.whole(0)? {
            return Ok(None);
        }
        let mut found = Vec::new();
        for (column, classes) in self.columns.iter().enumerate() {
            let whole = self.whole(column + 1)?;
            for (index, class) in classes.iter().enumerate() {
                let here: Vec<usize> = left.iter().copied().filter(|row| self.covers(*row, column, index)).collect();
                if self.sum(&here, column + 1)? != whole {
                    found.push(*class);
                    left = here;
                    break;
                }
            }
        }
        Ok(Some(found))
    }

    /// The same for rows that may overlap: the first that matches answers. Tries combinations, up to a limit.
    pub fn gap_of_first(&self, rows: usize) -> Result<Option<Vec<ClassOfValues>>, TooLarge> {
        let all: Vec<usize> = (0..rows).collect();
        let mut budget = 2_000_000_usize;
        let mut path = Vec::new();
        let found = self.descend(&all, 0, &mut path, &mut budget)?;
        Ok(found.then_some(path))
    }

    fn descend(
        &self,
        rows: &[usize],
        column: usize,
        path: &mut Vec<ClassOfValues>,
        budget: &mut usize,
    ) -> Result<bool, TooLarge> {
        *budget = budget.checked_sub(1 + rows.len()).ok_or(TooLarge)?;
        let Some(classes) = self.columns.get(column) else {
            return Ok(rows.is_empty());
        };
        let covers_the_rest =
            |row: &usize| self.volume(*row, column).ok().zip(self.whole(column).ok()).is_some_and(|(v, w)| v == w);
        if rows.iter().any(covers_the_rest) {
            return Ok(false);
        }
        for (index, class) in classes.iter().enumerate() {
            let here: Vec<usize> = rows.iter().copied().filter(|row| self.covers(*row, column, index)).collect();
            path.push(*class);
            if self.descend(&here, column + 1, path, budget)? {
                return Ok(true);
            }
            path.pop();
        }
        Ok(false)
    }
}

fn cut<'a>(regions: impl Iterator<Item = &'a Region>, shape: Shape) -> Vec<ClassOfValues> {
    let Shape { low, high, optional, .. } = shape;
    let mut starts = vec![low];
    for (from, to) in regions.flat_map(|region| &region.ranges) {
        starts.push(*from);
        if *to < high {
            starts.push(to + 1);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([high]);
    let mut classes: Vec<ClassOfValues> =
        starts.iter().zip(ends).map(|(from, to)| ClassOfValues::Range(*from, to)).collect();
    if optional {
        classes.push(ClassOfValues::None);
    }
    classes
}

fn covered(region: &Region, classes: &[ClassOfValues]) -> Vec<bool> {
    let mut ranges = region.ranges.iter().peekable();
    let mut covered = Vec::with_capacity(classes.len());
    for class in classes {
        covered.push(match class {
            ClassOfValues::None => region.none,
            ClassOfValues::Range(from, to) => {
                while ranges.next_if(|(_, end)| end < from).is_some() {}
                ranges.peek().is_some_and(|(start, end)| start <= from && to <= end)
            }
        });
    }
    covered
}

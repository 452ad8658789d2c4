//! A file, group of rows after group of rows.

use crate::chunk::Chunk;
use crate::fault::Fault;
use crate::footer::{Footer, footer};
use crate::leaf::{Column, Means};
use crate::texts::Cell;
use std::io::{Read, Seek};

/// A file.
pub struct Parquet<R> {
    file: R,
    footer: Footer,
}

impl<R: Read + Seek> Parquet<R> {
    /// Reads what the file says of itself.
    ///
    /// # Errors
    /// Where that is damaged, or has something that is not read.
    pub fn open(mut file: R) -> Result<Parquet<R>, Fault> {
        let footer = footer(&mut file)?;
        let rows = footer.groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(group.rows));
        if rows != Some(footer.rows) {
            return Err(Fault::Broken("its groups have other rows than it says"));
        }
        Ok(Parquet { file, footer })
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.footer.columns
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.footer.rows
    }

    /// How many groups of rows it has.
    pub fn groups(&self) -> usize {
        self.footer.groups.len()
    }

    /// The rows of a group, with some of the columns, by place in [`Parquet::columns`].
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn group(&mut self, number: usize, wanted: &[usize]) -> Result<Group<'_, R>, Fault> {
        let group = self.footer.groups.get(number).ok_or(Fault::Broken("it has fewer groups than it says"))?;
        let mut chunks = Vec::new();
        for place in wanted {
            let (Some(column), Some(chunk)) = (self.footer.columns.get(*place), group.chunks.get(*place)) else {
                return Err(Fault::Broken("it has fewer columns than it says"));
            };
            if let Means::Other(what) = column.means {
                return Err(Fault::NotRead(format!("{what} in `{}`", column.name)));
            }
            if column.repeats {
                return Err(Fault::NotRead(format!("lists in `{}`", column.name)));
            }
            if chunk.values != group.rows {
                return Err(Fault::Broken("a column has other values than there are rows"));
            }
            chunks.push(Chunk::of(column, chunk)?);
        }
        Ok(Group { file: &mut self.file, chunks, left: group.rows })
    }
}

/// Rows of a file that are read one after another.
pub struct Group<'a, R> {
    file: &'a mut R,
    chunks: Vec<Chunk>,
    left: u64,
}

impl<R: Read + Seek> Group<'_, R> {
    /// Goes on to the next row; false where there is none.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn next_row(&mut self) -> Result<bool, Fault> {
        let Some(left) = self.left.checked_sub(1) else {
            for chunk in &mut self.chunks {
                if !chunk.is_over(self.file)? {
                    return Err(Fault::Broken("a column has more values than there are rows"));
                }
            }
            return Ok(false);
        };
        self.left = left;
        for chunk in &mut self.chunks {
            chunk.next(self.file)?;
        }
        Ok(true)
    }

    /// What the row has of a column, by place among those that are wanted.
    pub fn cell(&self, place: usize) -> Cell<'_> {
        self.chunks.get(place).map_or(Cell::Missing, Chunk::cell)
    }
}

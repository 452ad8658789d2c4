//! Rows of an export that is not grouped by case, set apart by the number of their case's name: all rows of a case lie in one file, in the
//! order in which they were read, with no more of them than the mapping uses.

use super::error::ReadError;
use super::scratch::Scratch;
use crate::data::marks::{Marks, mark_of};
use crate::data::names::number_of;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, Write};

/// The files while rows are set apart.
pub(super) struct Apart {
    scratch: Scratch,
    files: Vec<BufWriter<File>>,
    /// Refused rows that name their case in a field that cannot be told for certain: their number, and what they may call it.
    unshaped: Vec<(usize, Vec<String>)>,
    /// The file that is being read.
    pub(super) file: u32,
    failure: Option<ReadError>,
}

/// One of the files, to be read again.
pub(super) struct Bundle {
    pub(super) rows: Rows,
    /// Refused rows of cases in it, in order: when they are met, their case is touched, if it has begun.
    pub(super) met: Vec<(usize, String)>,
    /// Cases in it that are touched once all is read.
    pub(super) at_the_end: Vec<String>,
}

/// A row that was set apart.
#[derive(Default)]
pub(super) struct Row {
    /// Its number among all rows.
    pub(super) number: usize,
    /// A number made of the name of its case.
    pub(super) mark: u64,
    pub(super) file: usize,
    pub(super) line: u64,
    /// The columns that the mapping uses; none for one whose text is not in the encoding.
    pub(super) texts: Vec<Option<String>>,
}

/// In which of so many files the rows of a case lie.
fn place(name: &str, files: usize) -> usize {
    let [_, number] = number_of(name.chars());
    // The rest by a small number is small.
    usize::try_from(number % (files.max(1) as u64)).unwrap_or_default()
}

impl Apart {
    /// Into so many files.
    pub(super) fn new(mut scratch: Scratch, files: usize) -> Result<Apart, ReadError> {
        let files = (0..files).map(|_| Ok(BufWriter::with_capacity(64 * 1024, scratch.file()?)));
        let files = files.collect::<Result<_, ReadError>>()?;
        Ok(Apart { scratch, files, unshaped: Vec::new(), file: 0, failure: None })
    }

    /// Sets a row of a case apart.
    pub(super) fn put<'t>(
        &mut self,
        name: &str,
        (number, line): (u64, u64),
        texts: impl Iterator<Item = Option<Cow<'t, str>>>,
    ) {
        let place = place(name, self.files.len());
        let Some(file) = self.files.get_mut(place) else { return };
        let write = || -> std::io::Result<()> {
            file.write_all(&number.to_le_bytes())?;
            file.write_all(&mark_of(name).to_le_bytes())?;
            file.write_all(&line.to_le_bytes())?;
            file.write_all(&self.file.to_le_bytes())?;
            for text in texts {
                // One more than its length, and 0 where there is none.
                let length = text.as_ref().map_or(Ok(0), |text| u32::try_from(text.len()).map(|length| length + 1));
                file.write_all(&length.map_err(std::io::Error::other)?.to_le_bytes())?;
                text.map_or(Ok(()), |text| file.write_all(text.as_bytes()))?;
            }
            Ok(())
        };
        if let Err(error) = write() {
            self.failure.get_or_insert(self.scratch.failed(&error));
        }
    }

    /// Takes note of a refused row and what it may call its case.
    pub(super) fn put_unshaped(&mut self, number: u64, names: Vec<String>) {
        // A row that is counted has a number that fits.
        self.unshaped.push((usize::try_from(number).unwrap_or(usize::MAX), names));
    }

    /// The files, to be read one after another, and how many refused rows name no case.
    pub(super) fn finish(self, columns: usize) -> Result<(Vec<Bundle>, u64), ReadError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let mut bundles = Vec::new();
        for file in self.files {
            let file = file.into_inner().map_err(|error| self.scratch.failed(error.error()))?;
            let rows = Rows { file: self.scratch.again(file)?, scratch: self.scratch.clone(), columns };
            bundles.push(Bundle { rows, met: Vec::new(), at_the_end: Vec::new() });
        }
        let cases = named(&mut bundles, &self.unshaped)?;
        let mut unplaced = 0;
        for (number, mut names) in self.unshaped {
            // The first that is a case: one that is the first of all is looked for when the row is met, as it is where nothing is set apart.
            let found = names.iter().position(|name| cases.has(mark_of(name)));
            let Some(found) = found else {
                unplaced += 1;
                continue;
            };
            let name = names.swap_remove(found);
            let place = place(&name, bundles.len());
            let Some(bundle) = bundles.get_mut(place) else { continue };
            match found {
                0 => bundle.met.push((number, name)),
                _ => bundle.at_the_end.push(name),
            }
        }
        Ok((bundles, unplaced))
    }
}

/// Which of the names that refused rows may mean are those of cases, by their numbers: all rows are gone through where there are such names.
fn named(bundles: &mut [Bundle], unshaped: &[(usize, Vec<String>)]) -> Result<Marks, ReadError> {
    let (mut asked, mut found) = (Marks::default(), Marks::default());
    unshaped.iter().flat_map(|(_, names)| names).for_each(|name| _ = asked.add(mark_of(name)));
    for Bundle { rows, .. } in bundles.iter_mut().filter(|_| !asked.is_empty()) {
        let mut row = Row::default();
        while rows.next(&mut row)? {
            if asked.has(row.mark) {
                found.add(row.mark);
            }
        }
        rows.file.rewind().map_err(|error| rows.scratch.failed(&error))?;
    }
    Ok(found)
}

/// The rows of a file.
pub(super) struct Rows {
    file: BufReader<File>,
    scratch: Scratch,
    columns: usize,
}

impl Rows {
    /// The next row, in the place of another.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        self.read(row).map_err(|error| self.scratch.failed(&error))
    }

    fn read(&mut self, row: &mut Row) -> std::io::Result<bool> {
        let mut number = [0; 8];
        if self.file.by_ref().take(1).read(&mut number)? == 0 {
            return Ok(false);
        }
        if let Some(rest) = number.get_mut(1..) {
            self.file.read_exact(rest)?;
        }
        row.number = usize::try_from(u64::from_le_bytes(number)).map_err(std::io::Error::other)?;
        row.mark = self.large()?;
        row.line = self.large()?;
        row.file = usize::try_from(self.small()?).map_err(std::io::Error::other)?;
        row.texts.resize(self.columns, None);
        for place in 0..self.columns {
            let length = self.small()?;
            let Some(slot) = row.texts.get_mut(place) else { continue };
            let Some(length) = length.checked_sub(1) else {
                *slot = None;
                continue;
            };
            let text = slot.get_or_insert_default();
            text.clear();
            let read = self.file.by_ref().take(length.into()).read_to_string(text)?;
            if u32::try_from(read) != Ok(length) {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(true)
    }

    fn large(&mut self) -> std::io::Result<u64> {
        let mut number = [0; 8];
        self.file.read_exact(&mut number)?;
        Ok(u64::from_le_bytes(number))
    }

    fn small(&mut self) -> std::io::Result<u32> {
        let mut number = [0; 4];
        self.file.read_exact(&mut number)?;
        Ok(u32::from_le_bytes(number))
    }
}

//! Pieces of an export, read side by side: each reader has pieces of its own, and what all of them found is what one would have found who read
//! the export from its start to its end. Where that cannot be known, as something depends on which row came first, it is read so.

use super::closed::Closed;
use super::counts::Counts;
use super::csv_rows::Header;
use super::differing::Differing;
use super::files::name_of;
use super::near::Strangers;
use super::partitioned::InParts;
use super::pieces::{Next, Piece};
use super::records::Records;
use super::rejects::Rejects;
use super::row_text::RowAt;
use super::scratch::Scratch;
use super::shared::Shared;
use super::{Part, ReadError, ReadSoFar, Reader, Source, Spread, files_of};
use crate::results::DataFile;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// The rows of a piece.
type Rows = Records<Cursor<Vec<u8>>>;

/// What one reader found, to be put together with what others did.
pub struct Gathered {
    counts: Counts,
    left_out: BTreeMap<String, u64>,
    rejects: Rejects,
    strangers: Strangers,
    /// Of each name that the mapping knows, whether a row carries it.
    carried: Vec<bool>,
    differing: Differing,
    unplaced: u64,
    shared: Shared,
    mixed: u64,
    handed_over: u64,
}

/// Reads pieces, and hands their cases over as they become whole; nothing where the export is to be read from its start to its end. `next` takes
/// back a piece that was read, and the names of its cases, and gives the next; what is refused is listed in a folder until all is put together.
pub fn read_pieces(
    source: Source<'_>,
    (absent, folder): (u64, &Path),
    next: &mut dyn FnMut(Option<Piece>, &mut Spread) -> Next,
    parts: &mut dyn FnMut(Part) -> Option<Part>,
) -> Option<Gathered> {
    let (mut silent, paths) = (|_: ReadSoFar| {}, files_of(source.paths).ok()?);
    let mut reader = Reader::new(source, Some(Closed::of_piece()), parts, &mut silent);
    reader.rejects.in_parts(Scratch::at(folder));
    reader.taken_for_absent = absent;
    let form = &source.mapping.file.source;
    let (quote, delimiter) = (u8::try_from(form.quote).ok()?, u8::try_from(form.delimiter).ok()?);
    let (mut records, mut before) = (Records::new(Cursor::default(), quote, delimiter), None);
    loop {
        match next(before.take(), reader.assembler.closed.as_mut()?.others()) {
            Next::Piece(mut piece) => {
                records.go_on_with(Cursor::new(std::mem::take(&mut piece.bytes)), piece.line);
                reader.rows_of_piece(&paths, &piece, &mut records)?;
                piece.bytes = records.go_on_with(Cursor::default(), 1).into_inner();
                before = Some(piece);
            }
            Next::End => return Some(reader.gathered()),
            Next::Whole => return None,
        }
    }
}

impl Reader<'_> {
    fn rows_of_piece(&mut self, paths: &[PathBuf], piece: &Piece, records: &mut Rows) -> Option<()> {
        let path = paths.get(piece.file)?;
        let header = self.header(records, path).ok()?;
        self.rejects.file(piece.file);
        self.assembler.number = piece.before;
        self.last_said.may_add();
        self.met.may_differ(header.fields());
        self.rows_of(records, &header, path)?;
        if !self.assembler.cases.is_empty() {
            self.hand_over(self.taken_for_absent);
        }
        let was_asked = self.assembler.closed.as_ref().is_none_or(Closed::was_asked);
        (self.pending.is_empty() && !was_asked && !self.is_over()).then_some(())
    }

    fn rows_of(&mut self, records: &mut Rows, header: &Header, path: &Path) -> Option<()> {
        let name = name_of(path);
        while records.next().ok()? {
            // Which case a row means whose fields are not where they should be depends on those that began before it.
            if records.record().len() != header.names.len() || self.is_over() {
                return None;
            }
            let line = records.line();
            self.row(RowAt { file: &name, line }, records.record(), header);
        }
        Some(())
    }

    fn gathered(self) -> Gathered {
        let Reader { counts, left_out, rejects, strangers, activities, assembler, .. } = self;
        let (unplaced, shared, mixed, handed_over) = (self.unplaced, self.shared, self.mixed, self.handed_over);
        let (carried, differing) = (activities.carried(), assembler.differing);
        Gathered { counts, left_out, rejects, strangers, carried, differing, unplaced, shared, mixed, handed_over }
    }

    /// Adds what another found of other rows; whether that is what would be found of all of them one after the other.
    fn take(&mut self, other: Gathered) -> Result<bool, ReadError> {
        self.counts.take(&other.counts);
        for (reason, rows) in other.left_out {
            *self.left_out.entry(reason).or_default() += rows;
        }
        self.rejects.take(other.rejects)?;
        self.activities.take(&other.carried);
        self.assembler.differing.take(&other.differing);
        self.unplaced += other.unplaced;
        self.shared.take(&other.shared);
        self.mixed += other.mixed;
        self.handed_over += other.handed_over;
        Ok(self.strangers.take(other.strangers))
    }
}

/// What the export is of which readers found all this, with the names of all its cases.
///
/// # Errors
/// What makes the export unreadable as a whole, or that the disk is full.
pub fn put_together(
    source: Source<'_>,
    absent: u64,
    (gathered, names): (Vec<Gathered>, Spread),
    (files, folder): (Vec<DataFile>, &Path),
) -> Result<InParts, ReadError> {
    let (mut none, mut silent) = (|_| Some(Part::default()), |_: ReadSoFar| {});
    let mut hashes = BTreeSet::new();
    if files.iter().filter(|file| !file.is_bare).any(|file| !hashes.insert(&file.sha256)) {
        return Ok(InParts::Over);
    }
    let mut reader = Reader::new(source, Some(Closed::with(names)), &mut none, &mut silent);
    reader.taken_for_absent = absent;
    reader.rejects.in_parts(Scratch::at(folder));
    for own in gathered {
        if !reader.take(own)? {
            return Ok(InParts::Over);
        }
    }
    let found = reader.absent();
    if found != absent && reader.handed_over > 0 {
        return Ok(InParts::Absent(found));
    }
    Ok(reader.finish(files)?.map_or(InParts::Over, |export| InParts::All(Box::new(export))))
}

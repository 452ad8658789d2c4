//! What is set out of each case while it is counted, and taken up once all are in: its rows in the file of cases, and, of several exports, its
//! name, as two exports may call two cases the same.

use super::cases::{self, Sink};
use crate::data::marks::mark_of;
use crate::data::read::{Cases, InOrder, ReadError, SoFar, Spread, SpreadSoFar};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::Package;
use std::path::Path;

/// What is set out.
pub(super) struct Listing<'a> {
    package: &'a Package,
    rows: Option<InOrder>,
    /// The number of each name, and that of its case.
    names: Option<Spread>,
}

/// How far it is, to be cut back to.
pub(super) struct ListedSoFar {
    rows: Option<SoFar>,
    names: Option<SpreadSoFar>,
}

impl<'a> Listing<'a> {
    /// Nothing is set out.
    pub(super) fn none(package: &'a Package) -> Listing<'a> {
        Listing { package, rows: None, names: None }
    }

    /// Sets out rows, and names, to a folder.
    pub(super) fn set_out(&mut self, folder: &Path, (rows, names): (bool, bool)) {
        self.rows = rows.then(|| InOrder::at(&folder.join("listed")));
        self.names = names.then(|| Spread::at(Some(folder.join("called"))));
    }

    /// Whether rows are set out.
    pub(super) fn has_rows(&self) -> bool {
        self.rows.is_some()
    }

    /// Another that holds the names of other cases of the same export, until they are handed over.
    pub(super) fn beside(&self) -> Listing<'a> {
        Listing { names: self.names.as_ref().map(|_| Spread::at(None)), ..Listing::none(self.package) }
    }

    /// Hands the names over so far.
    pub(super) fn pour(&mut self, into: &mut Listing<'_>) {
        self.names.as_mut().zip(into.names.as_mut()).into_iter().for_each(|(names, into)| names.pour(into));
    }

    /// Sets out what is wanted of cases.
    pub(super) fn add(&mut self, all: Cases<'_>, outcomes: &[Outcome]) {
        // Whoever sets out has cases with their numbers.
        let numbers = all.order.unwrap_or_default();
        if let Some(names) = &mut self.names {
            let pairs = all.ids.iter().zip(numbers);
            // A length in memory is never longer than 64 bits can count.
            pairs.for_each(|(id, number)| names.add([mark_of(id), u64::try_from(*number).unwrap_or(u64::MAX)]));
        }
        if let Some(rows) = &mut self.rows {
            for (((id, case), number), outcome) in all.ids.iter().zip(all.cases).zip(numbers).zip(outcomes) {
                let number = u64::try_from(*number).unwrap_or(u64::MAX);
                for row in cases::rows(self.package, id, case, outcome) {
                    rows.add(number, &row.each_ref().map(String::as_str));
                }
            }
        }
    }

    pub(super) fn so_far(&mut self) -> Result<ListedSoFar, ReadError> {
        let names = self.names.as_mut().map(Spread::so_far).transpose()?;
        Ok(ListedSoFar { rows: self.rows.as_ref().map(InOrder::so_far), names })
    }

    pub(super) fn cut(&mut self, to: &ListedSoFar) {
        self.rows.as_mut().zip(to.rows).into_iter().for_each(|(rows, to)| rows.cut(to));
        self.names.as_mut().zip(to.names.as_ref()).into_iter().for_each(|(names, to)| names.cut(to));
    }

    /// All cases are in: which of them have the name of another; `begun` are the numbers with which the exports begin, and the codes of their
    /// members.
    pub(super) fn again(&mut self, begun: Vec<(usize, Option<String>)>) -> Result<Again, ReadError> {
        let mut again = Again { begun, bits: Vec::new() };
        let Some(names) = self.names.take() else { return Ok(again) };
        names.in_order(|all| {
            for same in all.chunk_by(|a, b| a[0] == b[0]).filter(|same| same.len() > 1) {
                let numbers: Vec<usize> = same.iter().filter_map(|[_, number]| usize::try_from(*number).ok()).collect();
                let first = numbers.iter().map(|number| again.export(*number)).min();
                for number in numbers {
                    if Some(again.export(number)) > first {
                        again.set(number);
                    }
                }
            }
        })?;
        Ok(again)
    }

    /// Hands over the rows in the order of the exports, once all cases are in.
    pub(super) fn write(&mut self, again: &Again, sink: &mut dyn Sink) -> Result<Result<(), String>, ReadError> {
        let Some(rows) = self.rows.take() else { return Ok(Ok(())) };
        rows.each(|number, texts| {
            let Ok(mut row) = <[String; 11]>::try_from(texts) else { return Ok(()) };
            // A number that was set out came from one that fits.
            again.name(usize::try_from(number).unwrap_or(usize::MAX), &mut row[0]);
            sink.row(row)
        })
    }
}

/// Cases called as one of an earlier export is.
pub(super) struct Again {
    begun: Vec<(usize, Option<String>)>,
    /// A bit for each number.
    bits: Vec<u64>,
}

impl Again {
    /// In which export a number lies.
    fn export(&self, number: usize) -> usize {
        self.begun.partition_point(|(first, _)| *first <= number)
    }

    fn set(&mut self, number: usize) {
        let word = number / 64;
        self.bits.resize(self.bits.len().max(word + 1), 0);
        self.bits.iter_mut().skip(word).take(1).for_each(|bits| *bits |= 1 << (number % 64));
    }

    /// Puts the code of its member behind the name of a case that an earlier export has too.
    pub(super) fn name(&self, number: usize, id: &mut String) {
        let is = self.bits.get(number / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1);
        let code = self.export(number).checked_sub(1).and_then(|export| self.begun.get(export)?.1.as_deref());
        if let Some(code) = code.filter(|_| is) {
            *id = format!("{id} ({code})");
        }
    }
}

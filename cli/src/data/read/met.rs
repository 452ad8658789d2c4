//! What rows said that were read before, but for whose they are and when: an export says the same few things again and again, in the same bytes.

use super::records::Record;
use crate::data::marks::{SHORT, ends_of};
use concord_engine::plan::case::Datum;
use concord_engine::plan::{InputId, KindId};

/// So many are held; what comes up later takes the place of another.
const HELD: usize = 4_096;
/// Where so many more rows say something new than something that was met, no more of them are looked up.
const MOST_NEW: u32 = 4 * 4_096;
/// The place of none.
const NONE: u16 = u16::MAX;
/// Of more runs of fields than this, nothing is held.
const MOST_RUNS: usize = 4;

/// What was met.
pub(super) struct Met {
    all: Vec<Said>,
    /// By slot of the bytes, the place in the list.
    places: Vec<u16>,
    /// So many more rows were new than not.
    new: u32,
    /// The field of each column.
    fields: Vec<usize>,
}

/// What a row says, which makes an event.
pub(super) struct Said {
    /// Its bytes, run by run, each with the byte after it.
    text: Vec<u8>,
    /// The kind of event.
    pub(super) kind: KindId,
    /// The fields of the event, as they are read.
    pub(super) fields: Vec<Datum>,
    /// The facts that it says, as they are read.
    pub(super) facts: Vec<(InputId, Datum)>,
}

/// The bytes of runs of fields, each with the byte after it, so that they tell where each field ends.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'r> {
    runs: [&'r [u8]; MOST_RUNS],
    count: usize,
}

impl<'r> Bytes<'r> {
    /// Of a record, by the first and the last field of each run; none of one whose texts had quotes.
    #[inline]
    pub(super) fn of(record: &Record<'r>, fields: &[(usize, usize)]) -> Option<Bytes<'r>> {
        let mut bytes = Bytes { runs: [&[]; MOST_RUNS], count: fields.len() };
        if fields.len() > MOST_RUNS {
            return None;
        }
        for (run, (first, last)) in bytes.runs.iter_mut().zip(fields) {
            *run = record.through(*first, *last)?;
        }
        Some(bytes)
    }

    #[inline]
    fn all(&self) -> impl Iterator<Item = &'r [u8]> {
        // There are no more of them than there is room for.
        self.runs.get(..self.count).unwrap_or_default().iter().copied()
    }

    /// The slot of the bytes: which it is decides only what is read again.
    #[inline]
    fn slot(&self) -> usize {
        let mix = |mark: u64, word: u64| (mark.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mark = self.all().fold(0, |mark, run| {
            let whole = if run.len() > SHORT { run.as_chunks::<8>().0 } else { &[] };
            let mark = whole.iter().skip(1).fold(mark, |mark, word| mix(mark, u64::from_le_bytes(*word)));
            let [first, last] = ends_of(run);
            mix(mix(mark, first), last)
        });
        // Twelve bits fit.
        usize::try_from(mark >> 52).unwrap_or(0)
    }
}

impl Said {
    #[inline]
    fn is(&self, bytes: &Bytes<'_>) -> bool {
        let mut rest = self.text.as_slice();
        for run in bytes.all() {
            let Some((own, after)) = rest.split_at_checked(run.len()) else { return false };
            if !are_alike(own, run) {
                return false;
            }
            rest = after;
        }
        rest.is_empty()
    }
}

/// Whether two texts of one length are the same, eight bytes at a time.
#[inline]
fn are_alike(one: &[u8], other: &[u8]) -> bool {
    if ends_of(one) != ends_of(other) {
        return false;
    }
    let words = || one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    one.len() <= SHORT
        || words()
            .skip(1)
            .fold(0, |apart, (one, other)| apart | (u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other)))
            == 0
}

impl Met {
    pub(super) fn new() -> Met {
        Met { all: Vec::new(), places: vec![NONE; HELD], new: 0, fields: Vec::new() }
    }

    /// Rows follow whose columns have these fields: where they had others before, the same bytes say something else.
    pub(super) fn may_differ(&mut self, fields: &[usize]) {
        if self.fields != fields {
            *self = Met { fields: fields.to_vec(), ..Met::new() };
        }
    }

    /// Whether rows say again what others said.
    pub(super) fn is_of_use(&self) -> bool {
        self.new < MOST_NEW
    }

    /// Which row that was met says the same.
    #[inline]
    pub(super) fn find(&mut self, bytes: Option<&Bytes<'_>>) -> Option<usize> {
        let bytes = bytes.filter(|_| self.is_of_use())?;
        let slot = bytes.slot();
        let found = [slot, slot ^ 1].into_iter().find_map(|slot| {
            let place = usize::from(*self.places.get(slot)?);
            self.all.get(place).is_some_and(|said| said.is(bytes)).then_some(place)
        });
        self.new = if found.is_some() { self.new.saturating_sub(1) } else { self.new + 1 };
        found
    }

    /// One that was found.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<&Said> {
        self.all.get(place)
    }

    /// Takes note of what a row says.
    pub(super) fn keep(
        &mut self,
        bytes: &Bytes<'_>,
        (kind, fields, facts): (KindId, Vec<Datum>, Vec<(InputId, Datum)>),
    ) {
        // In its slot or in the one beside it.
        let slot = bytes.slot();
        let free = [slot, slot ^ 1].into_iter().find(|slot| self.places.get(*slot) == Some(&NONE));
        let Some(place) = self.places.get_mut(free.unwrap_or(slot)) else { return };
        let said = Said { text: bytes.all().flatten().copied().collect(), kind, fields, facts };
        match self.all.get_mut(usize::from(*place)) {
            Some(held) => *held = said,
            None => {
                // There are no more of them than slots.
                *place = u16::try_from(self.all.len()).unwrap_or(NONE);
                self.all.push(said);
            }
        }
    }
}

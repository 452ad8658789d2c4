//! Names of cases that are perhaps one: those that differ from another only in what people do not see, and those that another program
//! took for numbers and wrote again. All of them are known by numbers, so that memory does not grow with them.

use super::error::ReadError;
use super::spread::{Number, Spread};
use super::told::Told;
use crate::data::marks::mark_of;
use crate::data::names::{Zeros, folded, is_shortened, without_zeros};
use std::collections::BTreeMap;

/// Of the second half of a number, the bits for the name as it is written, those for its organisation, and those for what was done to it.
const BITS_OF_NAME: u32 = 38;
const BITS_OF_ORGANISATION: u32 = 24;
const BITS_OF_ZEROS: u32 = 2;

/// Of names, so many in a hundred that differ in what people do not see are more than a slip.
const MANY: u64 = 1;

/// Names of cases.
pub(super) struct Names {
    numbers: Spread,
    /// Names that a spreadsheet shortened.
    shortened: u64,
    all: u64,
}

/// How often names are alike.
#[derive(Default)]
struct Alike {
    /// Names that differ from another only in capitals, blanks, accents and such.
    unseen: u64,
    /// Names that differ from another only in zeros before a number, and in zeros after a point.
    zeros: u64,
    point: u64,
}

impl Names {
    pub(super) fn new(numbers: Spread) -> Names {
        Names { numbers, shortened: 0, all: 0 }
    }

    /// Adds the name of a case, and the organisation within which it is a name.
    pub(super) fn add(&mut self, name: &str, organisation: Option<&str>) {
        self.all += 1;
        self.shortened += u64::from(is_shortened(name));
        self.numbers.add(number(name, organisation));
    }

    /// Hands the numbers of names over so far to those of others.
    pub(super) fn pour(&mut self, into: &mut Names) {
        self.numbers.pour(&mut into.numbers);
        into.shortened += std::mem::take(&mut self.shortened);
        into.all += std::mem::take(&mut self.all);
    }

    /// In words; `as_shown` is a count as far as it may be known.
    pub(super) fn told(self, as_shown: impl Fn(u64) -> u64) -> Result<Vec<Told>, ReadError> {
        let mut alike = Alike::default();
        self.numbers.in_order(|all| all.chunk_by(|a, b| a[0] == b[0]).for_each(|same| alike.add(same)))?;
        let names = ("name of a case differs", "names of cases differ");
        let unseen = "from another only in capitals, blanks, accents or letters that look alike; they are kept apart";
        let zeros = "from another only in zeros before the number, which a spreadsheet drops: they are kept apart, and perhaps \
                     each is one case with the other, of which each has only a part";
        let point = "from another only in `.0` after the number, which a program adds that reads a column with gaps as numbers: they \
                     are kept apart, and perhaps each is one case with the other, of which each has only a part";
        let shortened = "as a spreadsheet shortens long numbers (`1.23E+05`): digits are lost, and several cases may have become one";
        let many = as_shown(alike.unseen) * 100 >= as_shown(self.all) * MANY;
        let unseen = Told::counted(alike.unseen, names, unseen);
        let all = [
            unseen.map(|told| if many { told.weighing() } else { told }),
            Told::counted(alike.zeros, names, zeros).map(Told::weighing),
            Told::counted(alike.point, names, point).map(Told::weighing),
            Told::counted(self.shortened, ("name of a case is written", "names of cases are written"), shortened)
                .map(Told::weighing),
        ];
        Ok(all.into_iter().flatten().collect())
    }
}

/// The first half is that of the name without zeros, so that names that are alike come together.
fn number(name: &str, organisation: Option<&str>) -> Number {
    let [first, second] = folded(name);
    let (first, done) = match without_zeros(name) {
        None => (first, Zeros::default()),
        Some((plain, done)) => (folded(&plain)[0], done),
    };
    let top = |number: u64, bits: u32| number >> (u64::BITS - bits);
    // Cases of no organisation are held against each other.
    let organisation = organisation.map_or(0, |code| top(mark_of(code), BITS_OF_ORGANISATION));
    let done = u64::from(done.before) << 1 | u64::from(done.after);
    let name = top(second, BITS_OF_NAME) << (BITS_OF_ORGANISATION + BITS_OF_ZEROS);
    [first, name | organisation << BITS_OF_ZEROS | done]
}

impl Alike {
    /// Adds names that are one without zeros.
    fn add(&mut self, same: &[Number]) {
        if same.len() < 2 {
            return;
        }
        let mut within: BTreeMap<u64, BTreeMap<u64, u64>> = BTreeMap::new();
        for written in same.chunk_by(|a, b| as_written(*a) == as_written(*b)) {
            if written.len() > 1 {
                self.unseen += written.len() as u64;
            }
            for [_, second] in written {
                let organisation = second >> BITS_OF_ZEROS & ((1 << BITS_OF_ORGANISATION) - 1);
                let done = second & ((1 << BITS_OF_ZEROS) - 1);
                // A name comes once for each way in which it is written.
                *within.entry(organisation).or_default().entry(second >> (u64::BITS - BITS_OF_NAME)).or_default() =
                    done;
            }
        }
        for names in within.into_values() {
            let mut done: Vec<u64> = names.into_values().collect();
            done.sort_unstable();
            // One of them is what the others differ from: in zeros after the number alone where both have zeros before it, or neither has.
            let Some((first, others)) = done.split_first() else { continue };
            for other in others {
                *if first ^ other == 1 { &mut self.point } else { &mut self.zeros } += 1;
            }
        }
    }
}

fn as_written(number: Number) -> u64 {
    number[1] >> (u64::BITS - BITS_OF_NAME)
}

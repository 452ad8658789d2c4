//! How rows make cases: how many to a case, whether those of a case stand together, how many of them share their time with another, and whether
//! several organisations give cases the same names.

use super::column::{Column, number};
use super::roles::Roles;
use super::source::Source;
use crate::data::names::tidy;
use crate::data::read::ReadError;
use csv::StringRecord;
use std::collections::BTreeMap;

/// Of more cases no more is told.
const MOST_CASES: usize = 5_000_000;

/// Rows and cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Cases, each within its organisation where a column names one; up to five million.
    pub cases: u64,
    /// Their names.
    pub names: u64,
    /// Names that more than one organisation uses.
    pub shared: u64,
    /// The most rows of one case.
    pub most: u64,
    /// Rows that name no case.
    pub unnamed: u64,
    /// Whether the rows of each case stand together.
    pub together: bool,
    /// Rows whose case has another row at the very same time; none where rows are not events.
    pub ties: Option<u64>,
}

/// The columns that say whose a row is and when.
struct Places {
    case: usize,
    organisation: Option<usize>,
    time: Option<usize>,
}

/// What is counted while rows go by; names and cases are numbers made of them.
struct Counting {
    found: Rows,
    places: Places,
    /// Of each name, the case that it meant last, and whether it meant another before.
    names: BTreeMap<u64, (u64, bool)>,
    cases: BTreeMap<u64, u64>,
    at: BTreeMap<u64, u32>,
    last: Option<u64>,
}

/// Reads the rows once more; none where no column names a case.
pub(super) fn rows(source: &Source, columns: &[Column], roles: &Roles) -> Result<Option<Rows>, ReadError> {
    let place = |name: &Option<String>| name.as_ref().and_then(|name| columns.iter().position(|c| c.name == *name));
    let Some(case) = place(&roles.case) else { return Ok(None) };
    let places = Places { case, organisation: place(&roles.organisation), time: place(&roles.time) };
    let found = Rows { together: true, ties: places.time.map(|_| 0), ..Rows::default() };
    let (names, cases, at) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut counting = Counting { found, places, names, cases, at, last: None };
    source.each(&mut |row| counting.add(row))?;
    Ok(Some(counting.finish()))
}

impl Counting {
    fn add(&mut self, row: &StringRecord) {
        let text = |place: usize| row.get(place).map(tidy).filter(|text| !text.is_empty());
        let Some(name) = text(self.places.case) else {
            self.found.unnamed += 1;
            return;
        };
        let own = number([&*name].into_iter());
        let code = self.places.organisation.and_then(text);
        let key = self.case(own, code.map(|code| number([&*name, &*code].into_iter())));
        if self.cases.len() >= MOST_CASES && !self.cases.contains_key(&key) {
            return;
        }
        let count = self.cases.entry(key).or_default();
        self.found.together &= *count == 0 || self.last == Some(key);
        *count += 1;
        self.last = Some(key);
        if let Some(time) = self.places.time.and_then(text) {
            let often = self.at.entry(number([&*time].into_iter()) ^ key.rotate_left(1)).or_default();
            *often = often.saturating_add(1);
        }
    }

    /// The case that a row is of, by its name and, where the row says its organisation, by both: a row that does not is of the case before it.
    fn case(&mut self, own: u64, both: Option<u64>) -> u64 {
        let alone = both.unwrap_or(own); // where nothing is said, the name alone says it
        let (meant, several) = self.names.entry(own).or_insert((alone, false));
        let key = both.unwrap_or(*meant); // of the case before it
        if *meant == own && key != own {
            // Rows before the first that says it are of the same case.
            if let Some(rows) = self.cases.remove(&own) {
                *self.cases.entry(key).or_default() += rows;
                self.last = self.last.map(|last| if last == own { key } else { last });
            }
        } else {
            *several |= *meant != key;
        }
        *meant = key;
        key
    }

    fn finish(self) -> Rows {
        let tied = self.at.values().filter(|often| **often > 1).map(|often| u64::from(*often)).sum();
        Rows {
            cases: self.cases.len() as u64,
            names: self.names.len() as u64,
            shared: self.names.values().filter(|(_, several)| *several).count() as u64,
            most: self.cases.values().copied().max().unwrap_or(0), // of no case
            ties: self.found.ties.map(|_| tied),
            ..self.found
        }
    }
}

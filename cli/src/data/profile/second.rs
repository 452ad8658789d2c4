//! How rows make cases: how many to a case, whether those of a case stand together, and how many of them share their time with another.

use super::Lines;
use super::column::{Column, number};
use super::roles::Roles;
use crate::data::names::tidy;
use crate::data::read::ReadError;
use std::collections::BTreeMap;

/// Of more cases no more is told.
const MOST_CASES: usize = 5_000_000;

/// Rows and cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Cases; up to five million.
    pub cases: u64,
    /// The most rows of one case.
    pub most: u64,
    /// Rows that name no case.
    pub unnamed: u64,
    /// Whether the rows of each case stand together.
    pub together: bool,
    /// Rows whose case has another row at the very same time; none where rows are not events.
    pub ties: Option<u64>,
}

/// Reads the rows once more; none where no column names a case.
pub(super) fn rows(mut lines: Lines, columns: &[Column], roles: &Roles) -> Result<Option<Rows>, ReadError> {
    let place = |name: &Option<String>| name.as_ref().and_then(|name| columns.iter().position(|c| c.name == *name));
    let Some(case) = place(&roles.case) else { return Ok(None) };
    let time = place(&roles.time);
    let mut found = Rows { together: true, ties: time.map(|_| 0), ..Rows::default() };
    let mut cases: BTreeMap<u64, u64> = BTreeMap::new();
    let mut at: BTreeMap<u64, u32> = BTreeMap::new();
    let mut last = None;
    lines.next()?;
    while let Some(row) = lines.next()? {
        let name = row.get(case).map(tidy).filter(|name| !name.is_empty());
        let Some(name) = name else {
            found.unnamed += 1;
            continue;
        };
        let key = number([&*name].into_iter());
        if cases.len() >= MOST_CASES && !cases.contains_key(&key) {
            continue;
        }
        let count = cases.entry(key).or_default();
        found.together &= *count == 0 || last == Some(key);
        *count += 1;
        last = Some(key);
        if let Some(time) = time.and_then(|time| row.get(time)).map(str::trim).filter(|time| !time.is_empty()) {
            let often = at.entry(number([&*name, time].into_iter())).or_default();
            *often = often.saturating_add(1);
        }
    }
    found.cases = cases.len() as u64;
    found.most = cases.values().copied().max().unwrap_or(0); // of no case
    let tied = at.values().filter(|often| **often > 1).map(|often| u64::from(*often)).sum();
    found.ties = found.ties.map(|_| tied);
    Ok(Some(found))
}

//! Files that have mostly the same rows: a month that was sent again, corrected, beside the one that it was meant to take the place of.
//!
//! Only asked where many events are exactly like another of their case; the lines of each file are then read once more, as numbers of 64 bits.

use super::Source;
use super::files::{ExportFile, comes_once};
use super::paths::files_of;
use super::told::Told;
use crate::data::mapping::file::Format;
use crate::data::marks::mark_of;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// Of the events, one in so many is like another, and so many at least.
const MANY: u64 = 100;
const LEAST: u64 = 20;
/// More files, and more lines, are not held against each other.
const MOST_FILES: usize = 200;
const MOST_LINES: usize = 20_000_000;
/// A row that stands in more files than this is no month sent again.
const MOST_ALIKE: usize = 8;
/// So many pairs are named.
const MOST_NAMED: usize = 3;

/// Whether so many copies among events may be those of a file that was sent again.
pub(super) fn may_be(copies: u64, events: u64) -> bool {
    copies >= LEAST && copies.saturating_mul(MANY) >= events
}

/// Each file of which half of the rows stand in another, or that other's.
pub(super) fn told(source: Source<'_>) -> Vec<Told> {
    let by_line = matches!(source.mapping.file.source.format, Format::Csv | Format::JsonLines | Format::Ndjson);
    let Some(paths) = files_of(source.paths).ok().filter(|paths| by_line && (2..=MOST_FILES).contains(&paths.len()))
    else {
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u64>)> = Vec::new();
    let mut left = MOST_LINES;
    for path in &paths {
        // What cannot be read once more is not held against anything.
        let Some(rows) = rows(path, source, left) else { return Vec::new() };
        left = left.saturating_sub(rows.len());
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        files.push((name.unwrap_or_else(|| path.display().to_string()), rows)); // what ends in no name is shown as it is
    }
    // By row: the files that have it, so that files without a row in common are not held against each other.
    let mut shared: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    let mut all: Vec<(u64, usize)> = Vec::new();
    for (number, (_, rows)) in files.iter().enumerate() {
        all.extend(rows.iter().map(|row| (*row, number)));
    }
    all.sort_unstable();
    all.dedup();
    for same in all.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1 && same.len() <= MOST_ALIKE) {
        for (place, (_, first)) in same.iter().enumerate() {
            let others = same.iter().skip(place + 1);
            others.for_each(|(_, second)| *shared.entry((*first, *second)).or_default() += 1);
        }
    }
    let found = shared.into_iter().filter_map(|((first, second), rows)| {
        let ((one, of_one), (other, of_other)) = (files.get(first)?, files.get(second)?);
        let fewer = of_one.len().min(of_other.len()) as u64;
        (rows >= LEAST && rows * 2 >= fewer).then(|| Told {
            count: Some((rows, format!("row of `{other}` stands").into(), format!("rows of `{other}` stand").into())),
            text: format!(
                " in `{one}` as well, which has {{}}: one of the two is probably meant to take the other's place. Both count; leave one of them out."
            ),
            also: Some((of_one.len() as u64, "row".into(), "rows".into())),
            weighs: true,
        })
    });
    found.take(MOST_NAMED).collect()
}

/// A number of each row of a file; none where it comes once, cannot be read again or has more than are left.
fn rows(path: &Path, source: Source<'_>, left: usize) -> Option<Vec<u64>> {
    if comes_once(path) {
        return None;
    }
    let lines = BufReader::new(ExportFile::open(path, source.mapping.file.source.encoding).ok()?);
    // Of delimited text the first line names the columns.
    let heading = usize::from(source.mapping.file.source.format == Format::Csv);
    let mut rows = Vec::new();
    for line in lines.lines().skip(heading) {
        rows.push(mark_of(line.ok()?.trim_end()));
        if rows.len() > left {
            return None;
        }
    }
    Some(rows)
}

//! What cannot be meant: refused before a report replaces the last.

use crate::data::read::Export;
use crate::words::share;

/// Of the events of an export, so many in a hundred after `as of` are not meant.
const MOST_AFTER: u64 = 90;

/// Why the export makes no report; nothing where it does.
#[must_use]
pub fn refused(export: &Export) -> Option<(String, &'static str)> {
    let data = &export.data;
    if data.rows == 0 {
        return Some(("the export has no rows".to_owned(), "is it the right file, and is its header its first line?"));
    }
    if data.rows_used == 0 {
        let mut reasons = data.reject_reasons.clone();
        reasons.sort_by_key(|(_, often)| std::cmp::Reverse(*often));
        let first = reasons.first().map(|(reason, _)| format!("; most often: {reason}")).unwrap_or_default();
        let why = if data.rows_rejected == 0 { "left out" } else { "refused" };
        let text = format!("nothing of the export could be used: every row was {why}{first}");
        return Some((text, "correct the mapping or the export; the last report stays as it was"));
    }
    let (all, after) = (data.events, export.after);
    if after * 100 >= all * MOST_AFTER && after > 0 {
        let text = format!("{} of the events are after `as of`, and would not count", share(after, all));
        return Some((text, "is the year of `as_of` right? The last report stays as it was"));
    }
    None
}

//! Files that end in the midst of a row: what came after it was lost on its way. Some forms know their end, and such a file is refused; of the others it
//! is told.

use super::Reader;
use super::told::Told;
use crate::data::case_json::MAX_BYTES;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// Whether a line is the last of its file, has no end, and stops in the midst of what it says as JSON.
pub(super) fn is_cut(line: &[u8]) -> bool {
    // Of a longer line no more is kept.
    let is_last = line.len() <= MAX_BYTES && !line.ends_with(b"\n");
    is_last && serde_json::from_slice::<IgnoredAny>(line).is_err_and(|error| error.is_eof())
}

/// What the segments of a file of messages show of its end.
#[derive(Default)]
pub(super) struct Ends {
    /// By kind, the least signs between fields that one of them has.
    least: BTreeMap<[u8; 3], usize>,
    /// Batches and files of batches that have begun and not ended.
    open: u64,
    /// The last segment has no end, and is shorter than all others of its kind.
    short: bool,
    /// A message has begun as systems frame it on a line, and that frame has no end.
    pub(super) framed: bool,
}

impl Ends {
    /// Takes note of a segment, and of whether something ends it.
    pub(super) fn add(&mut self, segment: &[u8], is_ended: bool) {
        let kind = segment.first_chunk::<3>();
        let sign = segment.get(3);
        let signs = segment.iter().filter(|byte| Some(*byte) == sign).count();
        match kind {
            Some(b"FHS" | b"BHS") => self.open += 1,
            Some(b"FTS" | b"BTS") => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        if !is_ended {
            self.short = signs == 0 || kind.and_then(|kind| self.least.get(kind)).is_some_and(|least| signs < *least);
        } else if let Some(kind) = kind {
            let least = self.least.entry(*kind).or_insert(signs);
            *least = signs.min(*least);
        }
    }

    /// Whether the file ends in the midst of a message, or of a batch of them.
    pub(super) fn is_cut(&self) -> bool {
        self.short || self.framed || self.open > 0
    }
}

impl Reader<'_> {
    /// Tells that a file ends in the midst of a row, a line, or whatever else it is made of.
    pub(super) fn tell_cut(&mut self, name: &str, midst: &str) {
        let text = format!(
            "`{name}` ends in the midst of {midst}: it may be cut short, and what stood after that is in no figure. Ask for the file again."
        );
        self.of_form.push(Told::once(text).weighing());
    }
}

//! Sentences in order of what matters most.

use crate::results::{Headline, Tone};

/// Sentences with what they are sorted by.
pub(super) type Ranked = Vec<(Rank, Headline)>;

/// What comes first among sentences of one tone; then the larger share of patients.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Target,
    Obligation,
    Organisations,
    Change,
    Data,
}

/// Adds a sentence.
pub(super) fn say(all: &mut Ranked, rank: Rank, tone: Tone, anchor: &str, text: String) {
    all.push((rank, Headline { tone, text, anchor: anchor.to_owned() }));
}

/// `special cause for concern`; `special cause and higher`, where neither is better.
pub(super) fn in_words(variation: &str) -> String {
    let way = if ["higher", "lower"].iter().any(|way| variation.ends_with(way)) { " and " } else { " for " };
    variation.replace(", ", way)
}

//! Sentences in order of what matters most.

use crate::results::{Headline, Tone};

/// Sentences with what they are sorted by.
pub(super) type Ranked = Vec<(Place, Headline)>;

/// What comes first among sentences of one tone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Target,
    Obligation,
    Organisations,
    Change,
    /// Of which nothing can be said.
    Nothing,
    Data,
}

/// Where a sentence stands: by its kind, then by clinical weight, then by the number of people it is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) rank: Rank,
    /// 0 for what is severe.
    weight: u8,
    /// The most first.
    people: std::cmp::Reverse<u64>,
}

/// How much a sentence matters among its like.
#[derive(Clone, Copy, Default)]
pub(super) struct Matters<'a> {
    pub(super) severity: Option<&'a str>,
    pub(super) people: u64,
    /// The part of the section with the chart that shows it.
    pub(super) chart: Option<&'a str>,
}

/// Adds a sentence.
pub(super) fn say(all: &mut Ranked, rank: Rank, tone: Tone, anchor: &str, text: String, matters: Matters<'_>) {
    let weight = match matters.severity {
        Some("high") => 0,
        Some("low") => 2,
        _ => 1,
    };
    let place = Place { rank, weight, people: std::cmp::Reverse(matters.people) };
    let chart = matters.chart.map(str::to_owned);
    all.push((place, Headline { tone, text, anchor: anchor.to_owned(), chart }));
}

/// `special cause for concern`; `special cause and higher`, where neither is better.
pub(super) fn in_words(variation: &str) -> String {
    let way = if ["higher", "lower"].iter().any(|way| variation.ends_with(way)) { " and " } else { " for " };
    variation.replace(", ", way)
}

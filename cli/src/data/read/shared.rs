//! Names of cases that more than one organisation uses: numbers that each gives for itself, or patients of whom each has a part.
//!
//! Two cases of one name are held against each other, and as often two of different names, so that what is alike by chance is known.

use super::told::{Told, as_shown};
use concord_engine::plan::Kinds;
use concord_engine::plan::case::{Case, Datum};

/// Fewer names tell nothing.
const LEAST: u64 = 20;
/// So many times as often as by chance.
const LEAST_TIMES: u64 = 3;

/// What is known of such names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shared {
    names: u64,
    /// Cases whose known facts are alike, and by chance; those that have no kind of event in common, and by chance.
    alike: [u64; 2],
    parted: [u64; 2],
}

impl Shared {
    /// Adds cases of one name; `before` is a case of another.
    pub(super) fn add<'c>(&mut self, mut cases: impl Iterator<Item = &'c Case>, before: Option<&Case>) {
        self.names += 1;
        let (Some(one), Some(other)) = (cases.next(), cases.next()) else { return };
        for (place, pair) in [Some(one), before].into_iter().enumerate().filter_map(|(at, of)| Some((at, of?))) {
            let count = |counts: &mut [u64; 2], is: bool| {
                counts.iter_mut().skip(place).take(1).for_each(|count| *count += u64::from(is));
            };
            count(&mut self.alike, are_alike(pair, other));
            count(&mut self.parted, are_parted(pair, other));
        }
    }

    /// Adds those of other cases.
    pub(super) fn take(&mut self, other: &Shared) {
        self.names += other.names;
        let sums = self.alike.iter_mut().zip(other.alike).chain(self.parted.iter_mut().zip(other.parted));
        sums.for_each(|(sum, own)| *sum += own);
    }

    /// In words.
    pub(super) fn told(&self) -> Option<Told> {
        let names = ("name of a case is", "names of cases are");
        let shown = as_shown(self.names);
        let stands_out = |[own, chance]: [u64; 2]| own * 2 > self.names && own > LEAST_TIMES * chance;
        let are_one = shown >= LEAST && (stands_out(self.alike) || stands_out(self.parted));
        if are_one {
            let text = "used by more than one organisation, and what is known of them fits one patient each: they count as one case at each organisation, which \
                        may count one patient twice; if they are one, let the mapping say whose the case is (`take = \"first\"` on the organisation)";
            return Told::counted(self.names, names, text).map(Told::weighing);
        }
        Told::counted(self.names, names, "used by more than one organisation; each means another case")
    }
}

/// Whether some fact of both is known, and no two differ.
fn are_alike(one: &Case, other: &Case) -> bool {
    let both = one.facts.iter().zip(&other.facts);
    let mut both = both.filter(|(one, other)| ![one, other].contains(&&&Datum::Missing)).peekable();
    both.peek().is_some() && both.all(|(one, other)| one == other)
}

/// Whether both have events, and none of one kind.
fn are_parted(one: &Case, other: &Case) -> bool {
    let kinds = |case: &Case| case.events.iter().fold(Kinds::default(), |all, event| all.and(Kinds::one(event.kind)));
    let (one, other) = (kinds(one), kinds(other));
    one.0 != 0 && other.0 != 0 && one.0 & other.0 == 0
}

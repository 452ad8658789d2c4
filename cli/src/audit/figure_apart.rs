//! Organisations whose place in a figure data or rules explain: they are not compared by it, and it is told without them as well.

use super::disclose::Disclosure;
use super::estimate::{Pile, Standings};
use super::few::told_standings;
use super::target::since;
use concord_engine::plan::library::Measure;
use concord_engine::variation::figures::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// Those, and what is left of all without them.
pub(super) struct Apart {
    pub(super) codes: BTreeSet<String>,
    /// All but they; and of the periods for which the target counts alone, where others are before.
    pub(super) rest: Pile,
    pub(super) rest_since: Option<Pile>,
}

/// What is counted by organisation and period.
type CellsOf<'c> = &'c BTreeMap<(Option<String>, Option<i64>), Pile>;

/// Those with a case, and what is left; none where that is so of most, as those left are no group, and where cases are `shared`, as those of one are those of
/// others.
pub(super) fn apart(
    (cells, is_left_out): (CellsOf<'_>, impl Fn(Option<&String>) -> bool),
    (organisations, shared): (&BTreeMap<String, Pile>, bool),
    causes: &BTreeMap<String, String>,
    from: Option<i64>,
) -> Option<Apart> {
    // Whoever has cases, and no number of any of them, may have none for that.
    let has_cases = |pile: &Pile| pile.cases() + pile.without > 0;
    let with_cases = || organisations.iter().filter(|(_, pile)| has_cases(pile)).map(|(code, _)| code);
    let codes: BTreeSet<String> = with_cases().filter(|code| causes.contains_key(*code)).cloned().collect();
    let (all, apart) = (with_cases().count(), codes.len());
    if apart == 0 || shared || (all - apart) * 2 < all {
        return None;
    }
    let is_left =
        |code: &Option<String>| !is_left_out(code.as_ref()) && code.as_ref().is_none_or(|code| !codes.contains(code));
    let left = || cells.iter().filter(|((code, _), _)| is_left(code)).map(|((_, period), pile)| (*period, pile));
    let mut rest = Pile::default();
    left().for_each(|(_, pile)| rest.take(pile));
    let mut held = Pile::default();
    let is_later = from.is_some_and(|from| since(left(), from, |pile| held.take(pile)));
    Some(Apart { rest, rest_since: is_later.then_some(held), codes })
}

/// Where each of the others stands, by its code, against these alone.
pub(super) fn standings_but(
    is_apart: &impl Fn(&String) -> bool,
    measure: &Measure,
    (organisations, rest): (&BTreeMap<String, Pile>, &Pile),
    disclosure: &Disclosure,
) -> (BTreeMap<String, Option<Standing>>, Standings) {
    let compared = organisations.iter().filter(|(code, _)| !is_apart(code));
    let compared: BTreeMap<String, Pile> = compared.map(|(code, pile)| (code.clone(), pile.clone())).collect();
    let standing = told_standings(measure, &compared, rest, disclosure);
    (compared.into_keys().zip(standing.found.iter().copied()).collect(), standing)
}

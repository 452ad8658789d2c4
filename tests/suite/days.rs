//! The days of a stay, held to going through them one by one; and where something of a stay is not told, to every way it may have been.

use std::collections::BTreeMap;

use concord_engine::evaluate::evaluate;
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{AnswerKind, CellId, Id, KindId, Plan, Subject, Verdict};
use concord_engine::values::calendar::{DAY, HOUR};
use concord_tests::text::whole;

use crate::packages;
use crate::sentences::same_in_module;

const RULE: &str = "subject S {
  event Stay : span
  event Review { full : yes/no }
}

obligation each_day  { for each day of Stay expect Review where full }
obligation each_whole { for each whole day of Stay expect Review where full }
obligation no_day    { for each day of Stay expect no Review where full }
obligation no_whole  { for each whole day of Stay expect no Review where full }
";

/// What each of the obligations says: of whole days, and that there is none.
const SAID: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

/// Hours are counted from midnight on 5 January 2026 in London.
const MIDNIGHT: i64 = 20_458 * DAY;
const STARTS: [i64; 4] = [0, 10, 24, 34];
const ENDS: [i64; 6] = [10, 24, 34, 48, 58, 96];
const REVIEWS: [i64; 6] = [9, 10, 24, 34, 58, 72];
/// When it is asked: in the middle of a day, and as one begins.
const NOWS: [i64; 2] = [58, 72];

/// A start and an end; none while it goes on.
type Stay = (i64, Option<i64>);

fn stays() -> Vec<Stay> {
    let of = |start: i64| {
        ENDS.into_iter().filter(move |end| *end >= start).map(Some).chain([None]).map(move |end| (start, end))
    };
    STARTS.into_iter().flat_map(of).collect()
}

/// Every choice of the reviews.
fn reviews() -> Vec<Vec<i64>> {
    let chosen = |mask: usize| (0..REVIEWS.len()).filter(|at| mask >> at & 1 == 1).map(|at| REVIEWS[at]).collect();
    (0..1 << REVIEWS.len()).map(chosen).collect()
}

fn when(hour: Option<i64>) -> When {
    hour.map_or(When::Unknown, |hour| When::Known(MIDNIGHT + hour * HOUR))
}

fn stay(start: Option<i64>, end: Datum) -> Occurrence {
    Occurrence { kind: KindId::at(0), at: when(start), fields: vec![end] }
}

fn review(at: Option<i64>, full: Datum) -> Occurrence {
    Occurrence { kind: KindId::at(1), at: when(at), fields: vec![full] }
}

fn recorded(end: Option<i64>) -> Datum {
    end.map_or(Datum::None, |end| Datum::Known(MIDNIGHT + end * HOUR))
}

fn case(now: i64, events: Vec<Occurrence>) -> Case {
    let mut case = Case { as_of: MIDNIGHT + now * HOUR, events, ..Case::default() };
    case.sort_events(&Subject::default());
    case
}

fn told(now: i64, stays: &[Stay], reviews: &[i64]) -> Case {
    let stays = stays.iter().map(|(start, end)| stay(Some(*start), recorded(*end)));
    case(now, stays.chain(reviews.iter().map(|at| review(Some(*at), Datum::Known(1)))).collect())
}

/// The verdict on one stay, day by day.
fn judged((start, end): Stay, reviews: &[i64], now: i64, (whole, no): (bool, bool)) -> Option<Verdict> {
    if start > now {
        return None;
    }
    let ended = end.filter(|end| *end <= now);
    let until = ended.unwrap_or(now);
    let mut worst = Verdict::NotApplicable;
    for (from, to) in (0..10).map(|day| (24 * day, 24 * day + 24)) {
        // While it goes on, the day of today is one of them from its first moment.
        let reached = from < until || ended.is_none() && from <= until;
        let counts = if whole { start <= from && to <= until } else { start < to && reached };
        if !counts {
            continue;
        }
        let done = reviews.iter().any(|at| (start..=until).contains(at) && (from..to).contains(at));
        let over = to <= now || ended.is_some_and(|end| end < now);
        let verdict = match (done, no) {
            (true, false) => Verdict::Met,
            (true, true) => Verdict::Missed,
            (false, _) if !over => Verdict::Open,
            (false, false) => Verdict::Missed,
            (false, true) => Verdict::Met,
        };
        worst = worse(worst, verdict);
    }
    Some(worst)
}

fn worse(one: Verdict, other: Verdict) -> Verdict {
    let mildest_first = [Verdict::NotApplicable, Verdict::Met, Verdict::Open, Verdict::Missed];
    let place = |verdict: Verdict| mildest_first.iter().position(|of| *of == verdict);
    if place(one) < place(other) { other } else { one }
}

/// The verdict on the case, and how many stays have which.
fn read(stays: &[Stay], reviews: &[i64], now: i64, said: (bool, bool)) -> (Verdict, [i64; 6]) {
    let mut counts = [0; 6];
    let mut worst = Verdict::NotApplicable;
    for verdict in stays.iter().filter_map(|stay| judged(*stay, reviews, now, said)) {
        counts[verdict as usize] += 1;
        worst = worse(worst, verdict);
    }
    (worst, counts)
}

/// The verdicts that each obligation allows as a mask, and what is possible for each count.
fn possible(plan: &Plan, case: &Case) -> Vec<(i64, [(i64, i64); 6])> {
    let outcome = evaluate(plan, case, &Settings::new());
    let ends = |cell: CellId| outcome.cells.get(cell).map(|value| (value.low, value.high)).unwrap();
    let of = |kind: &AnswerKind| match kind {
        AnswerKind::Obligation(of) => Some((ends(of.verdict).0, of.counts?.map(ends))),
        _ => None,
    };
    plan.answers.iter().filter_map(|answer| of(&answer.kind)).collect()
}

#[test]
fn a_stay_is_judged_by_the_worst_of_its_days() {
    let plan = packages::compile(&whole(RULE)).plan;
    let mut cases = Vec::new();
    let ones = stays().into_iter().map(|one| vec![one]);
    let twos = stays().into_iter().flat_map(|one| stays().into_iter().map(move |other| vec![one, other])).step_by(13);
    for stays in ones.chain(twos) {
        for reviews in reviews() {
            for now in NOWS {
                let case = told(now, &stays, &reviews);
                let found = possible(&plan, &case);
                for (place, said) in SAID.into_iter().enumerate() {
                    let (verdict, counts) = read(&stays, &reviews, now, said);
                    let exact = (1 << verdict as i64, counts.map(|count| (count, count)));
                    assert_eq!(found[place], exact, "{said:?} {stays:?} {reviews:?} as of {now}");
                }
                cases.push(case);
            }
        }
    }
    same_in_module(&plan, &cases);
}

/// What of a case is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Untold {
    Start,
    End,
    /// Whether the first review counts.
    Full,
    /// When the first review was.
    Review,
}

/// Every way in which what is not told may have been.
fn ways(untold: Untold, (start, end): Stay, reviews: &[i64], now: i64) -> Vec<(Stay, Vec<i64>)> {
    let at_any = || -30..=now;
    match untold {
        Untold::Start => {
            let until = end.filter(|end| *end <= now).unwrap_or(now);
            at_any().filter(|start| *start <= until).map(|start| ((start, end), reviews.to_vec())).collect()
        }
        Untold::End => {
            let ends = (start..=now).map(Some).chain([None]);
            ends.map(|end| ((start, end), reviews.to_vec())).collect()
        }
        Untold::Full => vec![((start, end), reviews.to_vec()), ((start, end), reviews[1..].to_vec())],
        Untold::Review => {
            let moved = |at| ((start, end), [vec![at], reviews[1..].to_vec()].concat());
            (-1..=now + 1).map(moved).collect()
        }
    }
}

fn half_told(untold: Untold, (start, end): Stay, reviews: &[i64], now: i64) -> Case {
    let told_end = if untold == Untold::End { Datum::Missing } else { recorded(end) };
    let mut events = vec![stay((untold != Untold::Start).then_some(start), told_end)];
    for (place, at) in reviews.iter().enumerate() {
        let full = if untold == Untold::Full && place == 0 { Datum::Missing } else { Datum::Known(1) };
        events.push(review((untold != Untold::Review || place > 0).then_some(*at), full));
    }
    case(now, events)
}

/// Nothing that may be is left out; and where only the end is not told, nothing is in doubt that every way has in common. But for today where there
/// was one yesterday: that today is the first day without is not ruled out by a day without before it, as each review may have been after the end.
#[test]
fn what_is_not_told_of_a_stay_may_have_been_in_every_way() {
    let plan = packages::compile(&whole(RULE)).plan;
    let (mut cases, mut wrong) = (Vec::new(), BTreeMap::new());
    for one in stays() {
        for reviews in reviews().into_iter().skip(1).step_by(3) {
            for (now, untold) in NOWS
                .into_iter()
                .flat_map(|now| [Untold::Start, Untold::End, Untold::Full, Untold::Review].map(|what| (now, what)))
            {
                let case = half_told(untold, one, &reviews, now);
                let found = possible(&plan, &case);
                for (place, said) in SAID.into_iter().enumerate() {
                    let ways = ways(untold, one, &reviews, now);
                    let verdicts = ways.iter().map(|(stay, reviews)| read(&[*stay], reviews, now, said).0);
                    let all = verdicts.fold(0, |all, verdict| all | 1 << verdict as i64);
                    let yesterday = now - 24..now;
                    let today_may_be_first = now % 24 == 0 && reviews.iter().any(|at| yesterday.contains(at));
                    let exact = untold == Untold::End && !today_may_be_first;
                    if all & !found[place].0 != 0 || (exact && found[place].0 != all) {
                        let about = || format!("{one:?} {reviews:?}: {all:06b}, and found {:06b}", found[place].0);
                        wrong.entry((said, untold, now)).or_insert_with(about);
                    }
                }
                cases.push(case);
            }
        }
    }
    assert_eq!(wrong, BTreeMap::new());
    same_in_module(&plan, &cases);
}

/// What is expected depends on the stay: by a yes or no of it, by two, and by more than that, so that it is asked anew of each stay.
const BY_STAY: &str = "subject S {
  event Stay : span { strict : yes/no, most : integer 0..2, wide : yes/no }
  event Review { full : yes/no, weight : integer 0..2 }
}

obligation full  { for each day of Stay expect Review where full }
obligation anyone { for each day of Stay expect Review }
obligation told  { for each day of Stay called stay expect Review where full or not stay.strict }
obligation both  { for each day of Stay called stay expect Review where (full or not stay.strict) and (weight = 0 or stay.strict or stay.wide) }
obligation anew  { for each day of Stay called stay expect Review where weight <= stay.most }
obligation whole_full  { for each whole day of Stay expect Review where full }
obligation whole_anyone { for each whole day of Stay expect Review }
obligation whole_told  { for each whole day of Stay called stay expect Review where full or not stay.strict }
obligation whole_both  { for each whole day of Stay called stay expect Review where (full or not stay.strict) and (weight = 0 or stay.strict or stay.wide) }
obligation whole_anew  { for each whole day of Stay called stay expect Review where weight <= stay.most }
";

/// Of each of a stay's kinds of days what every obligation must say, by what it says of full reviews and of any: a stay that is strict takes full ones,
/// and one that is not any; where that is not told, either, and nothing more is in doubt than where each stay is asked anew.
#[test]
fn what_is_expected_on_a_day_may_depend_on_the_stay() {
    let plan = packages::compile(&whole(BY_STAY)).plan;
    let mut cases = Vec::new();
    for (start, end) in stays() {
        for (number, reviews) in reviews().into_iter().enumerate().skip(1).step_by(3) {
            for (now, strict) in NOWS.into_iter().flat_map(|now| [Some(1), Some(0), None].map(|strict| (now, strict))) {
                let yes_or_no = strict.map_or(Datum::Missing, Datum::Known);
                let most = strict.map_or(Datum::Missing, |strict| Datum::Known(2 - strict));
                let fields = vec![recorded(end), yes_or_no, most, Datum::Known(1)];
                let mut events = vec![Occurrence { fields, ..stay(Some(start), recorded(end)) }];
                for (place, at) in reviews.iter().enumerate() {
                    let full = i64::from(!(number + place).is_multiple_of(3));
                    let fields = vec![Datum::Known(full), Datum::Known(2 - full)];
                    events.push(Occurrence { fields, ..review(Some(*at), Datum::Known(full)) });
                }
                let case = case(now, events);
                let found: Vec<i64> = possible(&plan, &case).into_iter().map(|(verdict, _)| verdict).collect();
                for of in found.chunks(5) {
                    let expected = strict.map_or(of[0] | of[1], |strict| of[usize::from(strict == 0)]);
                    let [told, both, anew] = [of[2], of[3], of[4]];
                    let holds = match strict {
                        Some(_) => [told, both, anew] == [expected; 3],
                        None => told & expected == expected && both == told && told & !anew == 0,
                    };
                    assert!(holds, "{strict:?} {start} {end:?} {reviews:?} as of {now}: {of:?}");
                }
                cases.push(case);
            }
        }
    }
    same_in_module(&plan, &cases);
}

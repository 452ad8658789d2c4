//! Events that last, held to counting minute by minute on every small case; and where an end or a start is not known, to every way it may have been.

use concord_engine::evaluate::evaluate;
use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{AnswerKind, Id, KindId, Plan, Subject};
use concord_engine::values::calendar::HOUR;
use concord_tests::text::whole;

use crate::packages;
use crate::sentences::same_in_module;
use crate::sentences::timelines::instant;

const RULE: &str = "subject S {
  event Worn : span
  event Fall
}

define covered_in = covered(Worn, 2026-01-05 09:01, 2026-01-05 09:04)
define worn       = sum length of Worn
define fell       = count Fall during Worn
define fell_last  = count Fall during last Worn, if any
define going_on   = count Worn where end is none
";

const MINUTE: i64 = HOUR / 60;
/// The minute asked about, and the minutes on which something starts or ends.
const NOW: i64 = 5;
const STARTS: [i64; 4] = [0, 1, 2, 4];
const ENDS: [i64; 5] = [0, 2, 3, 5, 7];

/// A start and an end; none while it goes on.
type Span = (i64, Option<i64>);

fn spans() -> Vec<Span> {
    let of = |start: i64| {
        let ends = ENDS.into_iter().filter(move |end| *end >= start).map(Some);
        ends.chain([None]).map(move |end| (start, end))
    };
    STARTS.into_iter().flat_map(of).collect()
}

/// Up to so many spans, in order of their starts.
fn several(most: usize) -> Vec<Vec<Span>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..most {
        let more = |worn: &Vec<Span>| {
            let from = worn.last().map_or(i64::MIN, |last| last.0);
            let worn = worn.clone();
            spans().into_iter().filter(move |span| span.0 >= from).map(move |span| [worn.clone(), vec![span]].concat())
        };
        longest = longest.iter().flat_map(more).collect();
        all.extend(longest.clone());
    }
    all
}

fn event(kind: usize, at: Option<i64>, fields: Vec<Datum>) -> Occurrence {
    Occurrence { kind: KindId::at(kind), at: at.map_or(When::Unknown, |at| When::Known(instant(at))), fields }
}

fn recorded(end: Option<i64>) -> Datum {
    end.map_or(Datum::None, |end| Datum::Known(instant(end)))
}

fn case(worn: &[Span], falls: &[i64]) -> Case {
    let worn = worn.iter().map(|(start, end)| event(0, Some(*start), vec![recorded(*end)]));
    let falls = falls.iter().map(|at| event(1, Some(*at), Vec::new()));
    let mut case = Case { as_of: instant(NOW), events: worn.chain(falls).collect(), ..Case::default() };
    case.sort_events(&Subject::default());
    case
}

/// The case where a start or an end of one of the spans is not told.
fn half_told(plan: &Plan, worn: &[Span], hidden: usize, [no_start, no_end]: [bool; 2], falls: &[i64]) -> Case {
    let told = |(place, (start, end)): (usize, &Span)| {
        let hide = place == hidden;
        let end = if hide && no_end { Datum::Missing } else { recorded(*end) };
        event(0, (!(hide && no_start)).then_some(*start), vec![end])
    };
    let mut half = case(&[], falls);
    half.events.extend(worn.iter().enumerate().map(told));
    half.sort_events(&plan.subject);
    half
}

/// What each answer is, minute by minute.
fn counted(worn: &[Span], falls: &[i64]) -> [i64; 5] {
    let until = |span: &Span| span.1.filter(|end| *end <= NOW).unwrap_or(NOW);
    let goes_on = |span: &Span, minute: i64| span.0 <= minute && minute < until(span);
    let covered = (1..4).filter(|minute| worn.iter().any(|span| goes_on(span, *minute))).count();
    let within = |span: &Span, at: i64| span.0 <= at && at <= until(span);
    let fell = falls.iter().filter(|at| worn.iter().any(|span| within(span, **at))).count();
    let fell_last = falls.iter().filter(|at| worn.last().is_some_and(|span| within(span, **at))).count();
    let going_on = worn.iter().filter(|span| span.1.is_none_or(|end| end > NOW)).count();
    let length: i64 = worn.iter().map(|span| until(span) - span.0).sum();
    let count = |n: usize| i64::try_from(n).unwrap();
    [count(covered) * MINUTE, length * MINUTE, count(fell), count(fell_last), count(going_on)]
}

/// The least and the most of each answer.
fn possible(plan: &Plan, case: &Case) -> Vec<(i64, i64)> {
    let outcome = evaluate(plan, case, &Settings::new());
    let of = |kind: &AnswerKind| match kind {
        AnswerKind::Value { cell, .. } => outcome.cells.get(*cell).map(|value| (value.low, value.high)),
        _ => None,
    };
    plan.answers.iter().filter_map(|answer| of(&answer.kind)).collect()
}

#[test]
fn what_lasts_is_what_is_counted_minute_by_minute() {
    let plan = packages::compile(&whole(RULE)).plan;
    let mut cases = Vec::new();
    for worn in several(2).into_iter().chain(several(3).into_iter().step_by(17)) {
        for falls in [vec![], vec![0], vec![2, 3], vec![5]] {
            let case = case(&worn, &falls);
            let exact: Vec<(i64, i64)> = counted(&worn, &falls).into_iter().map(|value| (value, value)).collect();
            assert_eq!(possible(&plan, &case), exact, "{worn:?} {falls:?}");
            cases.push(case);
        }
    }
    same_in_module(&plan, &cases);
}

#[test]
fn what_is_not_known_of_a_span_allows_every_way_it_may_have_been() {
    let plan = packages::compile(&whole(RULE)).plan;
    let mut cases = Vec::new();
    for worn in several(2) {
        let falls = [2, 3];
        let exact = counted(&worn, &falls);
        for hidden in 0..worn.len() {
            for (no_start, no_end) in [(false, true), (true, false), (true, true)] {
                let case = half_told(&plan, &worn, hidden, [no_start, no_end], &falls);
                let holds =
                    possible(&plan, &case).into_iter().zip(exact).all(|((low, high), is)| low <= is && is <= high);
                assert!(holds, "{worn:?}, {hidden} hidden: {exact:?} in {:?}", possible(&plan, &case));
                cases.push(case);
            }
        }
    }
    same_in_module(&plan, &cases);
}

/// What a start alone, or an end alone, decides.
const HALF_TOLD: &str = "subject S {
  event Worn : span
  event Fall
}

define happened   = any Worn
define many       = count Worn
define over       = count Worn where end is not none
define over_by_3  = any Worn where end <= 2026-01-05 09:03
define begun_by_2 = any Worn where at <= 2026-01-05 09:02
define fell       = count Fall during Worn
define last_end   = highest (end else as of) of Worn
";

/// The minutes at which what is not told may have started or ended.
const ANY_MINUTE: std::ops::RangeInclusive<i64> = -1..=8;

/// The same, read off the spans as a nurse would.
fn read(worn: &[Span], falls: &[i64]) -> Vec<Option<i64>> {
    let seen: Vec<Span> =
        worn.iter().filter(|span| span.0 <= NOW).map(|span| (span.0, span.1.filter(|e| *e <= NOW))).collect();
    let count = |holds: &dyn Fn(&Span) -> bool| seen.iter().filter(|span| holds(span)).count() as i64;
    let fell = falls.iter().filter(|at| seen.iter().any(|(start, end)| *start <= **at && **at <= end.unwrap_or(NOW)));
    vec![
        Some(count(&|_| true).min(1)),
        Some(count(&|_| true)),
        Some(count(&|span| span.1.is_some())),
        Some(count(&|span| span.1.is_some_and(|end| end <= 3)).min(1)),
        Some(count(&|span| span.0 <= 2).min(1)),
        Some(fell.count() as i64),
        seen.iter().map(|span| instant(span.1.unwrap_or(NOW))).max(),
    ]
}

/// Every way in which what is not told of one span may have been.
fn ways(worn: &[Span], hidden: usize, [no_start, no_end]: [bool; 2]) -> Vec<Vec<Span>> {
    let starts = ANY_MINUTE.filter(|start| no_start || *start == worn[hidden].0);
    let ends = || ANY_MINUTE.map(Some).chain([None]).filter(|end| no_end || *end == worn[hidden].1);
    let spans = starts.flat_map(|start| ends().map(move |end| (start, end)));
    let forwards = spans.filter(|(start, end)| end.is_none_or(|end| *start <= end));
    forwards
        .map(|span| worn.iter().enumerate().map(|(place, own)| if place == hidden { span } else { *own }).collect())
        .collect()
}

/// What is known of every question is just what every way has in common.
#[test]
fn a_start_or_an_end_alone_decides_all_that_it_can() {
    let plan = packages::compile(&whole(HALF_TOLD)).plan;
    let mut cases = Vec::new();
    for worn in several(2) {
        for falls in [vec![], vec![2, 3], vec![5]] {
            for (hidden, what) in (0..worn.len()).flat_map(|one| [[true, false], [false, true]].map(|what| (one, what)))
            {
                let case = half_told(&plan, &worn, hidden, what, &falls);
                let read: Vec<Vec<Option<i64>>> =
                    ways(&worn, hidden, what).iter().map(|way| read(way, &falls)).collect();
                let outcome = evaluate(&plan, &case, &Settings::new());
                for (place, answer) in plan.answers.iter().enumerate() {
                    let AnswerKind::Value { cell, .. } = &answer.kind else { continue };
                    let value = outcome.cells.get(*cell).unwrap();
                    let told = read.iter().map(|way| way[place]);
                    let (low, high) = (told.clone().flatten().min(), told.clone().flatten().max());
                    let found = value.may_be_some.then_some((value.low, value.high));
                    assert_eq!(found, low.zip(high), "{}: {worn:?}, {hidden} {what:?}, {falls:?}", answer.name);
                    assert_eq!(
                        value.may_be_none,
                        told.into_iter().any(|way| way.is_none()),
                        "{}: {worn:?}",
                        answer.name
                    );
                }
                cases.push(case);
            }
        }
    }
    same_in_module(&plan, &cases);
}

#[test]
fn a_case_with_an_end_before_the_start_has_no_answer() {
    let plan = packages::compile(&whole(RULE)).plan;
    let backwards = [case(&[(2, Some(0))], &[]), case(&[(0, Some(2)), (4, Some(2))], &[1])];
    for case in &backwards {
        assert!(evaluate(&plan, case, &Settings::new()).broken.is_some());
    }
    let mut unplaced = backwards[0].clone();
    unplaced.events.iter_mut().for_each(|event| event.at = When::Unknown);
    assert!(evaluate(&plan, &unplaced, &Settings::new()).broken.is_none());
    same_in_module(&plan, &backwards);
}

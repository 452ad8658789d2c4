//! Bundles: the worst of the members is exactly what can be the worst, and the reasons name the members.

use concord_engine::evaluate::{Value, evaluate};
use concord_engine::explain::explain_one;
use concord_engine::plan::case::{Case, Datum, Occurrence};
use concord_engine::plan::{AnswerKind, Id, KindId, Obligation, Plan, Subject, Verdict};
use concord_engine::values::calendar::{DAY, HOUR};
use concord_tests::text::{Tried, whole};

use crate::generate::Random;

const RULE: &str = "subject Patient {
  fit   : yes/no
  score : optional integer 0..10
  other : yes/no
  event Arrival
  event Surgery
  event Assessment { full : yes/no }
}

obligation surgery {
  applies when fit
  from    first Arrival
  expect  Surgery within 36 h
}

obligation assessed {
  from    first Arrival
  expect  Assessment where full within 72 h
  excused when other because \"elsewhere\"
}

obligation tariff {
  all     of surgery, assessed, score is not none
  applies when any Arrival
}

obligation unlimited { all of surgery, assessed }
";

/// 2026-01-05.
const MONDAY: i64 = 20_458 * DAY;
/// From the mildest to the worst.
const WORSE: [Verdict; 6] =
    [Verdict::NotApplicable, Verdict::Excused, Verdict::Met, Verdict::Open, Verdict::Late, Verdict::Missed];

fn plan() -> Plan {
    let tried = Tried::new(whole(RULE), String::new());
    assert_eq!(tried.messages(), "");
    tried.compiled.package.unwrap().plan
}

fn obligation<'p>(plan: &'p Plan, name: &str) -> &'p Obligation {
    let answer = plan.answers.iter().find(|answer| answer.name == name).unwrap();
    let AnswerKind::Obligation(obligation) = &answer.kind else { panic!() };
    obligation
}

/// Facts, then events by kind, hour and field.
fn case(facts: [Datum; 3], events: &[(usize, Option<i64>)], hours: i64) -> Case {
    let occurrence = |(kind, hour): &(usize, Option<i64>)| Occurrence {
        kind: KindId::at(*kind),
        at: hour.map(|hour| MONDAY + hour * HOUR).into(),
        fields: vec![Datum::Known(1); usize::from(*kind == 2)],
    };
    let events = events.iter().map(occurrence).collect();
    let mut case = Case { as_of: MONDAY + hours * HOUR, facts: facts.into(), events, ..Case::default() };
    case.sort_events(&Subject::default());
    case
}

#[test]
fn reasons_name_the_member_that_failed() {
    let plan = plan();
    let answer = plan.answers.iter().find(|answer| answer.name == "tariff").unwrap();
    let because = |facts, events: &[(usize, Option<i64>)], hours| {
        let case = case(facts, events, hours);
        explain_one(&plan, &case, &Vec::new(), &evaluate(&plan, &case, &Vec::new()), answer).because.join("; ")
    };
    let (yes, no) = (Datum::Known(1), Datum::Known(0));
    assert_eq!(
        because([yes, Datum::None, no], &[(0, Some(0)), (1, Some(40))], 48),
        "missed: score is not none (score none); late: surgery (by 4 h); open: assessed (due 2026-01-08 00:00)"
    );
    assert_eq!(
        because([yes, Datum::Known(3), yes], &[(0, Some(0))], 48),
        "missed: surgery (due 2026-01-06 12:00); met: score is not none (score 3); excused: assessed (because \"elsewhere\")"
    );
    assert_eq!(
        because([no, Datum::Missing, no], &[(0, Some(0)), (2, Some(1))], 48),
        "met: assessed; not applicable: surgery; not known: score is not none"
    );
    assert_eq!(because([yes, Datum::None, no], &[], 48), "it does not apply to this case");
}

/// Every verdict that can be the worst of these sets.
fn worst_of(members: &[Value]) -> i64 {
    let rank = |verdict: usize| WORSE.iter().position(|worse| *worse as usize == verdict).unwrap();
    members.iter().map(|member| member.low).fold(1, |worst, member| {
        let bits = |mask: i64| (0..6_usize).filter(move |bit| mask >> bit & 1 == 1);
        let pairs = bits(worst).flat_map(|one| bits(member).map(move |other| (one, other)));
        pairs.fold(0, |mask, (one, other)| mask | 1 << if rank(one) > rank(other) { one } else { other })
    })
}

#[test]
fn what_is_possible_of_the_worst_follows_from_what_is_possible_of_each() {
    let plan = plan();
    let mut random = Random::new(7);
    let (tariff, unlimited) = (obligation(&plan, "tariff"), obligation(&plan, "unlimited"));
    let mut sizes = [0; 7];
    for _ in 0..4_000 {
        let mut datum = |none: bool| match random.below(4) {
            0 => Datum::Missing,
            1 if none => Datum::None,
            n => Datum::Known(i64::from(n > 2)),
        };
        let facts = [datum(false), datum(true), datum(false)];
        let events: Vec<(usize, Option<i64>)> = (0..random.below(5))
            .map(|_| (random.below(3), (!random.percent(15)).then(|| random.between(0, 90))))
            .collect();
        let mut case = case(facts, &events, random.between(0, 100));
        case.not_supplied = if random.percent(20) { 1 << random.below(3) } else { 0 };
        let outcome = evaluate(&plan, &case, &Vec::new());
        let value = |cell| *outcome.cells.get(cell).unwrap();
        let members = |of: &Obligation| -> Vec<Value> { of.members.iter().map(|m| value(m.verdict)).collect() };
        let found = value(unlimited.verdict);
        assert_eq!(found.low, worst_of(&members(unlimited)), "{case:?}");
        sizes[found.low.count_ones() as usize] += 1;
        if events.iter().any(|(kind, at)| *kind == 0 && at.is_some_and(|at| MONDAY + at * HOUR <= case.as_of)) {
            assert_eq!(value(tariff.verdict).low, worst_of(&members(tariff)), "{case:?}");
        }
    }
    assert!(sizes[1] > 300 && sizes[2] > 300 && sizes[3] > 100, "{sizes:?}");
}

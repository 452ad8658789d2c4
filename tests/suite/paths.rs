//! Paths: the reasons of their answers, and that what is missing allows everything it could turn out to be.

use concord_engine::evaluate::{Value, evaluate};
use concord_engine::explain::explain;
use concord_engine::format::format;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{AnswerKind, ById, CellId, Class, Id, KindId, Kinds, Plan, Subject};
use concord_engine::values::calendar::{DAY, HOUR};
use concord_tests::text::{Tried, whole};

use crate::generate::Random;

const RULE: &str = "subject Stay {
  event Arrival
  event Fluids { large : yes/no }
  event Bloods
  event Review
  event Release
}

path standard \"Standard path\" {
  stage arrived  Arrival
  stage fluids   optional Fluids where large  // before the tests
  stage tested   any order {
    Bloods,
    // however little
    Fluids where not large,
  }
  stage reviewed repeated one of { Review, Arrival }
  stage late     optional Bloods
  stage released Release
}
";

/// 2026-01-05.
const MONDAY: i64 = 20_458 * DAY;

fn plan() -> Plan {
    let tried = Tried::new(whole(RULE), String::new());
    assert_eq!(tried.messages(), "");
    tried.compiled.package.unwrap().plan
}

/// Events by kind and hour; the fluids large or not or not known.
fn case(events: &[(usize, Option<i64>, Datum)]) -> Case {
    let occurrence = |(kind, hour, large): &(usize, Option<i64>, Datum)| Occurrence {
        kind: KindId::at(*kind),
        at: hour.map(|hour| MONDAY + hour * HOUR).into(),
        fields: if *kind == 1 { vec![*large] } else { Vec::new() },
    };
    let events = events.iter().map(occurrence).collect();
    let mut case = Case { as_of: MONDAY + 20 * HOUR, events, ..Case::default() };
    case.sort_events(&Subject::default());
    case
}

#[test]
fn a_path_is_laid_out_and_stays_so() {
    assert_eq!(format(RULE).unwrap(), RULE);
}

#[test]
fn answers_say_where_the_case_is_and_what_took_it_off() {
    let plan = plan();
    let because = |events: &[(usize, Option<i64>, Datum)]| {
        let case = case(events);
        let explained = explain(&plan, &case, &Vec::new(), &evaluate(&plan, &case, &Vec::new()));
        let said: Vec<Vec<String>> = explained.into_iter().map(|one| one.because).collect();
        assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{said:?}");
        said[0].join("; ")
    };
    let large = |yes: i64| Datum::Known(yes);
    let other = Datum::Missing;
    assert_eq!(because(&[]), "nothing on the path has happened yet");
    assert_eq!(because(&[(0, Some(9), other), (1, Some(10), large(1))]), "on the path, at stage fluids");
    assert_eq!(
        because(&[(0, Some(9), other), (4, Some(10), other)]),
        "left the path at stage tested: Release came at 2026-01-05 10:00"
    );
    assert_eq!(because(&[(0, None, other), (4, Some(10), other)]), "left the path at stage arrived or tested");
    assert_eq!(
        because(&[(0, Some(9), other), (2, Some(10), other), (1, Some(11), other)]),
        "where it left the path, if it did, is not known: tested or none"
    );
}

/// A case in which nothing is missing any more, such as the other may turn out to be.
fn settled(random: &mut Random, case: &Case) -> Case {
    let mut settled = Case { not_supplied: 0, ..case.clone() };
    for kind in Kinds(case.not_supplied).places() {
        for _ in 0..random.below(3) {
            settled.events.push(Occurrence {
                kind,
                at: When::Unknown,
                fields: vec![Datum::Missing; usize::from(kind.place() == 1)],
            });
        }
    }
    for event in &mut settled.events {
        event.at = match event.at {
            When::Unknown => When::Known(MONDAY + HOUR / 2 * random.between(0, 44)),
            When::Between(first, last) => When::Known(random.between(first, last)),
            known => known,
        };
        for field in event.fields.iter_mut().filter(|field| **field == Datum::Missing) {
            *field = Datum::Known(random.between(0, 1));
        }
    }
    settled.sort_events(&Subject::default());
    settled
}

/// Whether all that one value allows, another allows as well.
fn allows(wide: &Value, narrow: &Value, class: Class) -> bool {
    let some = !narrow.may_be_some
        || wide.may_be_some
            && match class {
                Class::Range => wide.low <= narrow.low && narrow.high <= wide.high,
                Class::Set => narrow.low & !wide.low == 0,
            };
    some && (wide.may_be_none || !narrow.may_be_none)
}

#[test]
fn what_is_missing_allows_everything_it_could_be() {
    let plan = plan();
    let mut random = Random::new(25);
    let (mut known, mut unknown) = (0, 0);
    for _ in 0..20_000 {
        let events: Vec<_> = (0..random.below(9))
            .map(|place| {
                let kind = if random.percent(50) { place.min(4) } else { random.below(5) };
                let hour = (!random.percent(6)).then(|| random.between(0, 21));
                let large = if random.percent(40) { Datum::Missing } else { Datum::Known(random.between(0, 1)) };
                (kind, hour, large)
            })
            .collect();
        let mut case = case(&events);
        case.not_supplied = if random.percent(25) { 1 << random.below(5) } else { 0 };
        case.events.retain(|event| !Kinds(case.not_supplied).contain(event.kind));
        let outcome = evaluate(&plan, &case, &Vec::new());
        for _ in 0..6 {
            let settled = settled(&mut random, &case);
            let after = evaluate(&plan, &settled, &Vec::new());
            for (place, shape) in plan.cells.iter().enumerate() {
                let (wide, narrow) = (&outcome.cells[place], &after.cells[place]);
                assert!(narrow.is_known(shape.class), "{settled:?}");
                assert!(allows(wide, narrow, shape.class), "cell {place} of {case:?}: {wide:?}, then {narrow:?}");
            }
            known += 1;
            agree(&plan, &after.cells);
        }
        unknown += usize::from(outcome.cells.iter().any(|cell| cell.needs != 0));
    }
    assert!(known > 100_000 && unknown > 5_000, "{known} known, {unknown} unknown");
}

/// It follows, has not left anywhere, and has not left at any time, or none of this.
fn agree(plan: &Plan, cells: &ById<CellId, Value>) {
    let answer = |name: &str| {
        let answer = plan.answers.iter().find(|answer| answer.name == name).unwrap();
        let AnswerKind::Value { cell, .. } = answer.kind else { panic!("{name}") };
        cells.get(cell).copied().unwrap()
    };
    let follows = answer("standard.follows").is_yes();
    assert_eq!(follows, answer("standard.left").may_be_none);
    assert_eq!(follows, answer("standard.left_at").may_be_none);
    assert!(follows || !answer("standard.complete").is_yes());
}

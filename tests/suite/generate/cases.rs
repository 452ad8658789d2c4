//! Random cases and settings for a plan.

use concord_engine::plan::case::{Case, Datum, Occurrence, Settings};
use concord_engine::plan::{Contract, Plan, Shape};

use super::expressions::STEP;
use super::random::Random;

/// The instant around which things happen: 2026-04-01.
const NOW: i64 = 1_775_001_600_000;

/// A random case.
pub fn case(random: &mut Random, plan: &Plan) -> Case {
    let missing = [0, 0, 10, 40][random.below(4)];
    let facts = plan.subject.inputs.iter().map(|input| datum(random, input.shape, missing)).collect();
    let mut case = Case {
        as_of: NOW + STEP * random.between(0, 10),
        facts,
        labels: Vec::new(),
        events: Vec::new(),
        not_supplied: if random.percent(15) { random.bits() } else { 0 },
    };
    if plan.subject.events.is_empty() {
        return case;
    }
    for _ in 0..random.below(9) {
        let kind = random.below(plan.subject.events.len());
        let Some(what) = plan.subject.events.get(kind) else {
            continue;
        };
        let at = (!random.percent(missing / 2)).then(|| NOW + STEP * random.between(0, 12));
        let fields = what.fields.iter().map(|field| datum(random, field.shape, missing / 2)).collect();
        case.events.push(Occurrence { kind, at, fields });
    }
    case.sort_events();
    case
}

fn datum(random: &mut Random, shape: Shape, missing: usize) -> Datum {
    if random.percent(missing) {
        return Datum::Missing;
    }
    if shape.optional && random.percent(25) {
        return Datum::None;
    }
    Datum::Known(match random.below(6) {
        0 => shape.low,
        1 => shape.high,
        _ => random.between(shape.low, shape.high),
    })
}

/// Random settings within the contracts.
pub fn settings(random: &mut Random, plan: &Plan) -> Settings {
    plan.parameters
        .iter()
        .map(|parameter| match parameter.contract {
            Contract::Within(low, high) if random.percent(60) => Some(random.between(low, high)),
            _ => None,
        })
        .collect()
}

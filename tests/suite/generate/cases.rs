//! Random cases and settings for a plan.

use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{Class, Contract, Id, KindId, Plan, Shape};

use concord_engine::values::calendar::{DAY, HOUR};

use super::expressions::STEP;
use super::random::Random;

/// The instant around which things happen: 2026-04-01.
pub const NOW: i64 = TODAY * DAY;
/// Its day.
pub const TODAY: i64 = 20_544;
/// The moments at which the clocks in London go forward and back in 2026.
const CLOCK_CHANGES: [i64; 2] = [1_774_746_000_000, 1_792_890_000_000];

/// A random case.
pub fn case(random: &mut Random, plan: &Plan) -> Case {
    let missing = [0, 0, 10, 40][random.below(4)];
    let facts = plan.subject.inputs.iter().map(|input| datum(random, input.shape, missing)).collect();
    let [forward, back] = CLOCK_CHANGES;
    let now = [NOW, NOW, forward - 6 * HOUR, back - 6 * HOUR][random.below(4)];
    let mut case = Case {
        as_of: now + STEP * random.between(0, 10),
        facts,
        labels: Vec::new(),
        events: Vec::new(),
        not_supplied: if random.percent(15) { random.bits() } else { 0 },
        ..Case::default()
    };
    if plan.subject.events.is_empty() {
        return case;
    }
    for _ in 0..random.below(9) {
        let kind = KindId::at(random.below(plan.subject.events.len()));
        let Some(what) = plan.subject.events.get(kind) else {
            continue;
        };
        let at = now + STEP * random.between(0, 12);
        let at = match random.below(100) {
            chance if chance < missing / 2 => When::Unknown,
            chance if chance < missing => When::Between(at, at + STEP * random.between(0, 6) + random.between(1, 3)),
            _ => When::Known(at),
        };
        let fields = what.fields.iter().map(|field| datum(random, field.shape, missing / 2)).collect();
        case.events.push(Occurrence { kind, at, fields });
    }
    case.sort_events();
    case
}

fn datum(random: &mut Random, shape: Shape, missing: usize) -> Datum {
    if random.percent(missing) {
        let has_range = shape.class == Class::Range && shape.low < shape.high;
        return if has_range && random.percent(40) { range(random, shape) } else { Datum::Missing };
    }
    if shape.optional && random.percent(25) {
        return Datum::None;
    }
    let change = CLOCK_CHANGES[random.below(2)] + HOUR / 2 * random.between(-4, 4) + random.between(-1, 1);
    if shape.low <= change && change <= shape.high && shape.low.abs() > HOUR && random.percent(40) {
        return Datum::Known(change);
    }
    Datum::Known(match random.below(6) {
        0 => shape.low,
        1 => shape.high,
        _ => random.between(shape.low, shape.high),
    })
}

/// A value that is there, known only to lie in a part of what is declared: often from or up to its end, as of a laboratory.
fn range(random: &mut Random, shape: Shape) -> Datum {
    let cut = random.between(shape.low, shape.high - 1);
    match random.below(3) {
        0 => Datum::between(shape.low, cut),
        1 => Datum::between(cut + 1, shape.high),
        _ => Datum::between(cut, random.between(cut, shape.high)),
    }
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

//! Random cases and settings for a plan.

use concord_engine::plan::case::{Case, Datum, Occurrence, Settings, When};
use concord_engine::plan::{Class, Contract, Expr, Id, KindId, Op, Plan, Shape, Step};
use concord_engine::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, HOUR, LAST_DATE, LAST_INSTANT};
use concord_engine::values::codes::{HIGHEST, LOWEST};

use super::expressions::STEP;
use super::random::Random;

/// The instant around which things happen: 2026-04-01.
pub const NOW: i64 = TODAY * DAY;
/// Its day.
pub const TODAY: i64 = 20_544;
/// The moments at which the clocks in London go forward and back in 2026.
const CLOCK_CHANGES: [i64; 2] = [1_774_746_000_000, 1_792_890_000_000];

/// Random cases of a plan.
pub struct Cases<'a> {
    plan: &'a Plan,
    /// The numbers that the plan itself speaks of: at them, answers change.
    speaks_of: Vec<i64>,
    /// Some of the values in its lists.
    listed: Vec<i64>,
}

/// A random case.
pub fn case(random: &mut Random, plan: &Plan) -> Case {
    Cases::of(plan).case(random)
}

impl Cases<'_> {
    pub fn of(plan: &Plan) -> Cases<'_> {
        let mut speaks_of = Vec::new();
        for step in &plan.steps {
            match step {
                Step::Value { expr, .. } | Step::Column { expr, .. } => numbers(expr, &mut speaks_of),
                Step::Table(table) => {
                    table.columns.iter().for_each(|column| numbers(&column.expr, &mut speaks_of));
                    let regions = table.rows.iter().flat_map(|row| &row.cells);
                    speaks_of.extend(regions.flat_map(|region| &region.ranges).flat_map(|(low, high)| [*low, *high]));
                }
            }
        }
        let listed = plan.lists.iter().flat_map(|list| list.values.iter().take(9)).copied().collect();
        Cases { plan, speaks_of, listed }
    }

    pub fn case(&self, random: &mut Random) -> Case {
        let plan = self.plan;
        let missing = [0, 0, 10, 40][random.below(4)];
        let [forward, back] = CLOCK_CHANGES;
        let now = [NOW, NOW, forward - 6 * HOUR, back - 6 * HOUR][random.below(4)];
        let facts = plan.subject.inputs.iter().map(|input| self.datum(random, input.shape, missing, now)).collect();
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
        for _ in 0..random.below(8 + plan.subject.events.len()) {
            let kind = KindId::at(random.below(plan.subject.events.len()));
            let Some(what) = plan.subject.events.get(kind) else {
                continue;
            };
            let at = now + STEP * random.between(0, 12);
            let when = match random.below(100) {
                chance if chance < missing / 2 => When::Unknown,
                chance if chance < missing => {
                    When::Between(at, at + STEP * random.between(0, 6) + random.between(1, 3))
                }
                _ => When::Known(at),
            };
            let fields = what.fields.iter().map(|field| self.datum(random, field.shape, missing / 2, at)).collect();
            case.events.push(Occurrence { kind, at: when, fields });
        }
        case.sort_events(&plan.subject);
        case
    }

    fn datum(&self, random: &mut Random, shape: Shape, missing: usize, now: i64) -> Datum {
        if random.percent(missing) {
            let has_range = shape.class == Class::Range && shape.low < shape.high;
            return if has_range && random.percent(40) { self.range(random, shape, now) } else { Datum::Missing };
        }
        if shape.optional && random.percent(25) {
            return Datum::None;
        }
        let change = CLOCK_CHANGES[random.below(2)] + HOUR / 2 * random.between(-4, 4) + random.between(-1, 1);
        if shape.low <= change && change <= shape.high && shape.low.abs() > HOUR && random.percent(20) {
            return Datum::Known(change);
        }
        if let Some(near) = self.near(random, shape, now).filter(|near| (shape.low..=shape.high).contains(near)) {
            return Datum::Known(near);
        }
        Datum::Known(match random.below(6) {
            0 => shape.low,
            1 => shape.high,
            _ => random.between(shape.low, shape.high),
        })
    }

    /// A value that is there, known only to lie in a part of what is declared: often close about one at which answers may change, so that it
    /// lies within one day, month or year, or just beyond.
    fn range(&self, random: &mut Random, shape: Shape, now: i64) -> Datum {
        let near = self.near(random, shape, now).filter(|near| (shape.low..=shape.high).contains(near));
        let Some(near) = near.filter(|_| random.percent(60)) else { return range(random, shape) };
        let most_days = [3, 40, 300][random.below(3)];
        let width = match (shape.low, shape.high) {
            (FIRST_INSTANT, LAST_INSTANT) => HOUR / 4 * random.between(0, 9) + random.between(0, 1),
            (FIRST_DATE, LAST_DATE) => random.between(0, most_days),
            _ => random.between(0, 3),
        };
        Datum::between(near, (near + width).min(shape.high))
    }

    /// More often than not, a value at which answers may change: a time or a date soon after now, a number of which the plan speaks,
    /// or the one beside it.
    fn near(&self, random: &mut Random, shape: Shape, now: i64) -> Option<i64> {
        let days = [1, 1, 3, 40][random.below(4)];
        match (shape.class, (shape.low, shape.high)) {
            _ if random.percent(10) => None,
            (Class::Range, (FIRST_INSTANT, LAST_INSTANT)) => Some(now + STEP * random.between(-1, 12) * days),
            (Class::Range, (FIRST_DATE, LAST_DATE)) => Some(now / DAY + random.between(-days, days)),
            (Class::Range, (LOWEST, HIGHEST)) if !self.listed.is_empty() => {
                Some(self.listed[random.below(self.listed.len())])
            }
            (Class::Range, _) if !self.speaks_of.is_empty() && random.percent(40) => {
                let one = self.speaks_of[random.below(self.speaks_of.len())];
                one.checked_add([0, 0, 1, -1][random.below(4)])
            }
            _ => None,
        }
    }
}

/// The numbers in an expression.
fn numbers(expr: &Expr, found: &mut Vec<i64>) {
    match &expr.op {
        Op::Constant(value) => found.push(*value),
        Op::Within(_, low, high) => found.extend([*low, *high]),
        Op::Query(query) => query.alternatives.iter().for_each(|alternative| {
            numbers(&alternative.filter, found);
            numbers(&alternative.value, found);
        }),
        _ => {}
    }
    expr.op.operands().into_iter().for_each(|operand| numbers(operand, found));
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

//! Codes and other units in random plans, which have none by themselves: the logic has no arithmetic with codes, and never sees a unit.

use concord_engine::plan::{
    Answer, AnswerKind, Class, Contract, Expr, FieldId, Id, Input, InputId, KindId, Op, OtherUnit, Parameter,
    ParameterId, Plan, Shape, Step, Unknown,
};
use concord_engine::text::Span;
use concord_engine::values::codes::{HIGHEST, LOWEST};
use concord_engine::values::dimension::Conversion;
use concord_engine::values::types::Type;
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::generate::Random;

const CODE: Shape = Shape::range(LOWEST, HIGHEST);
/// Codes that do not pack.
const LISTED: [&str; 5] = ["A&E", "E11.9 D", "?", "1.2.840.10008.5.1.4.1.1.2", "same \\\" code"];
/// Other units, by what is multiplied, added, and divided by.
const UNITS: [(&str, i64, i64, i64); 4] =
    [("mg/dL", 442_100, 0, 5_000), ("°F", 5, -160, 9), ("g", 1_000_000_007, 0, 1), ("mL", 1, 7, 999_999_937)];

/// The same plan with facts, fields and a parameter that are codes, and with other units of its numbers.
pub fn coded(random: &mut Random, mut plan: Plan) -> Plan {
    let units = |random: &mut Random, input: &mut Input| {
        if matches!(input.ty, Type::Number { .. }) && random.percent(50) {
            let (unit, times, plus, over) = UNITS[random.below(UNITS.len())];
            let conversion = Conversion { times, plus, over };
            input.also.push(OtherUnit { unit: unit.to_owned(), conversion });
        }
    };
    plan.subject.inputs.iter_mut().for_each(|input| units(random, input));
    for kind in plan.subject.events.iter_mut() {
        kind.fields.iter_mut().for_each(|input| units(random, input));
    }
    if random.percent(40) || plan.unknowns.len() > 50 {
        return plan;
    }
    for code in LISTED.iter().take(random.below(LISTED.len())) {
        plan.codes.number(code);
    }
    let unknown = |plan: &mut Plan, what: Unknown| {
        plan.unknowns.push(what);
        u8::try_from(plan.unknowns.len() - 1).unwrap()
    };
    for number in 0..1 + random.below(3) {
        let place = plan.subject.inputs.len();
        let unknown = unknown(&mut plan, Unknown::Fact(InputId::at(place)));
        let shape = if random.percent(30) { CODE.or_none() } else { CODE };
        let name = format!("code_{number}");
        plan.subject.inputs.push(Input { name: name.clone(), ty: Type::Code, shape, unknown, also: Vec::new() });
        answer(&mut plan, name, Expr { op: Op::Input(InputId::at(place)), shape });
    }
    let kinds: Vec<KindId> = plan.subject.events.placed().map(|(kind, _)| kind).collect();
    for kind in kinds {
        let field = FieldId::at(plan.subject.events.get(kind).unwrap().fields.len());
        let unknown = unknown(&mut plan, Unknown::Field { kind, field });
        let input = Input { name: "coded".to_owned(), ty: Type::Code, shape: CODE, unknown, also: Vec::new() };
        plan.subject.events.get_mut(kind).unwrap().fields.push(input);
    }
    let place = plan.parameters.len();
    let missing = unknown(&mut plan, Unknown::Parameter(ParameterId::at(place)));
    plan.parameters.push(Parameter {
        name: "coded".to_owned(),
        ty: Type::Code,
        shape: CODE,
        value: random.percent(50).then_some(7),
        contract: Contract::Within(LOWEST, HIGHEST),
        tiers: BTreeSet::new(),
        reason: None,
        unknown: missing,
    });
    answer(&mut plan, "set".to_owned(), Expr { op: Op::Parameter(ParameterId::at(place)), shape: CODE });
    plan
}

/// A case with codes that do not pack, and with numbers in the units that their facts have.
pub fn spelt(random: &mut Random, plan: &Plan, case: &mut Value) {
    for input in &plan.subject.inputs {
        let Some(value) = case.get_mut(&input.name).filter(|_| random.percent(50)) else { continue };
        if input.ty == Type::Code {
            *value = [LISTED[random.below(LISTED.len())], "a&e", "not in any list", "c 4"][random.below(4)].into();
        }
        if let (Some(other), Some(number)) = (input.also.first(), value.as_f64()) {
            let Conversion { times, plus, over } = other.conversion;
            let mut given = number;
            let mut unit = other.unit.as_str();
            match &input.ty {
                Type::Number { unit: Some(declared), .. } if random.percent(30) => unit = declared,
                _ => given = (number * over as f64 - plus as f64) / times as f64,
            }
            *value = json!({ "value": (given * 1e4).round() / 1e4, "unit": unit });
        }
    }
}

/// An answer that is a code.
fn answer(plan: &mut Plan, name: String, expr: Expr) {
    assert_eq!(expr.shape.class, Class::Range);
    let cell = plan.cells.push(expr.shape);
    plan.steps.push(Step::Value { cell, expr });
    let kind = AnswerKind::Value { cell, ty: Type::Code };
    plan.answers.push(Answer { name, label: None, kind, source: None, span: Span::default() });
}

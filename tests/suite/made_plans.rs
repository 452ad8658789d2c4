//! Plans that no package makes: lanes take them as the rest does.

use concord_engine::plan::{Expr, Id, InputId, Op, Shape, Step};
use concord_tests::text::whole;

use crate::differential::agree;
use crate::packages;

/// The prover lets no such package through; whoever makes a plan in another way is told of the claim in every row of a batch all the same.
#[test]
fn what_is_never_there_and_claimed_to_be_agrees() {
    let mut plan = packages::compile(&whole("subject S {\n  x : integer 0..3\n}\n\ndefine y = x > 1\n")).plan;
    for step in plan.steps.iter_mut() {
        if let Step::Value { expr, .. } = step {
            let none = Expr { op: Op::None, shape: Shape { optional: true, ..expr.shape } };
            expr.op = Op::Assume(Box::new(none));
        }
    }
    agree(&plan);
}

/// A branch that is known to be taken and is none: what takes for granted that it is not is anything of its own shape, whatever the branch says.
#[test]
fn what_is_none_in_a_branch_and_claimed_to_be_agrees() {
    let mut plan = packages::compile(&whole(
        "subject S {
  x : optional integer 0..3
}

define y = x else 0
",
    ))
    .plan;
    for step in plan.steps.iter_mut() {
        if let Step::Value { expr, .. } = step {
            let shape = expr.shape.or_none();
            let always = Expr { op: Op::Constant(1), shape: Shape::range(1, 1) };
            let none = Expr { op: Op::None, shape: Shape::range(-5, 9).or_none() };
            let x = Expr { op: Op::Input(InputId::at(0)), shape };
            let [condition, then, otherwise] = [always, none, x].map(Box::new);
            expr.op = Op::Assume(Box::new(Expr { op: Op::If(condition, then, otherwise), shape }));
        }
    }
    agree(&plan);
}

/// A value of two that the plan says may be any of four: a table tells it from all four.
#[test]
fn a_value_of_two_in_a_wider_shape_agrees() {
    let text = "enum E { a, b, c, d }\n\nsubject S {\n  x : E\n  w : yes/no\n}\n\ndefine y = if w then x else a\n\ntable t {\n  y | z\n  a | no\n  b | yes\n  c, d | no\n}\n";
    let mut plan = packages::compile(&whole(text)).plan;
    let x = Expr { op: Op::Input(InputId::at(0)), shape: Shape::set(4) };
    let is_a = Expr { op: Op::OneOf(Box::new(x), 1), shape: Shape::range(0, 1) };
    for step in plan.steps.iter_mut() {
        if let Step::Value { expr, .. } = step {
            expr.op = Op::FirstYes(vec![is_a.clone()]);
        }
    }
    agree(&plan);
}

/// A branch that is known to be taken is the time of an event; what is taken is no less a choice between two.
#[test]
fn a_time_that_stands_in_a_branch_agrees() {
    let mut plan = packages::compile(&whole("subject S {\n  event A\n}\n\ndefine y = last A\n")).plan;
    let mut changed = 0;
    for step in plan.steps.iter_mut() {
        if let Step::Value { expr, .. } = step
            && let Op::Query(query) = &mut expr.op
        {
            for alternative in &mut query.alternatives {
                let time = alternative.value.clone();
                let always = Expr { op: Op::Constant(1), shape: Shape::range(1, 1) };
                let branches = [always, time.clone(), time.clone()].map(Box::new);
                let [condition, then, otherwise] = branches;
                alternative.value = Expr { op: Op::If(condition, then, otherwise), shape: time.shape };
                changed += 1;
            }
        }
    }
    assert_eq!(changed, 1);
    agree(&plan);
}

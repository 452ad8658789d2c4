//! Real functions: within one unit in the last place, exact where the answer is a short number, and the same in every run.

use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::formula::{Fault, Formula, Real};
use concord_engine::plan::{Expr, Id, InputId, Op, Package, Rounding, Shape, Step};
use concord_engine::values::real::functions::rounded;
use concord_engine::values::real::interval::Interval;
use concord_engine::values::real::{Function, Host, Machine, Two};
use concord_wasm::emit::validate;
use concord_wasm::run::Program;

use crate::generate::Random;

fn of(function: Function, x: f64, y: f64) -> f64 {
    Host::for_answers().call(function, &x, &y)
}

/// Neighbours apart, of two numbers of one sign.
fn apart(a: f64, b: f64) -> u64 {
    a.to_bits().abs_diff(b.to_bits())
}

/// What the nearest float to the true value is, worked out to 70 digits.
#[allow(clippy::approx_constant, reason = "some of the points are well known")]
const NEAREST: [(Function, f64, f64, f64); 30] = [
    (Function::Ln, 0.1, 0.0, -2.302_585_092_994_045_5),
    (Function::Ln, 0.5, 0.0, -0.693_147_180_559_945_3),
    (Function::Ln, 0.7, 0.0, -0.356_674_943_938_732_45),
    (Function::Ln, 0.707_106_781_186_547_6, 0.0, -0.346_573_590_279_972_6),
    (Function::Ln, 0.999_999_9, 0.0, -1.0000000494736474e-07),
    (Function::Ln, 1.000_000_1, 0.0, 9.999999505838704e-08),
    (Function::Ln, 1.414_213_562_373_095_1, 0.0, 0.346_573_590_279_972_7),
    (Function::Ln, 2.0, 0.0, 0.693_147_180_559_945_3),
    (Function::Ln, 4.21, 0.0, 1.437_462_647_694_29),
    (Function::Ln, 10.0, 0.0, 2.302_585_092_994_046),
    (Function::Ln, 1e-09, 0.0, -20.723_265_836_946_41),
    (Function::Ln, 123_456.789, 0.0, 11.723_646_487_185_881),
    (Function::Ln, 1e+300, 0.0, 690.775_527_898_213_7),
    (Function::Log10, 0.3, 0.0, -0.522_878_745_280_337_6),
    (Function::Log10, 2.0, 0.0, 0.301_029_995_663_981_2),
    (Function::Log10, 7.5, 0.0, 0.875_061_263_391_700_1),
    (Function::Log10, 999.999, 0.0, 2.999_999_565_705_301),
    (Function::Exp, 1.0, 0.0, 2.718_281_828_459_045),
    (Function::Exp, -1.0, 0.0, 0.367_879_441_171_442_33),
    (Function::Exp, 0.346_6, 0.0, 1.414_250_911_850_528_6),
    (Function::Exp, -0.346_6, 0.0, 0.707_088_106_941_018_9),
    (Function::Exp, 12.75, 0.0, 344_551.896_137_823_7),
    (Function::Exp, -300.5, 0.0, 3.1225412772322846e-131),
    (Function::Exp, 650.0, 0.0, 1.956199921370272e+282),
    (Function::Power, 0.993_8, 65.0, 0.667_474_235_533_341_8),
    (Function::Power, 1.344_444_444_444_444_6, -1.2, 0.701_049_311_215_366),
    (Function::Power, 0.777_777_777_777_777_8, -0.241, 1.062_438_541_889_244_6),
    (Function::Power, 1.73, 0.725, 1.487_933_167_621_738_9),
    (Function::Power, 0.975, 3.3, 0.919_846_228_036_042_4),
    (Function::Power, 88.0, 0.333_333_333_333_333_3, 4.447_960_181_138_630_5),
];

#[test]
fn functions_are_right_to_one_unit_in_the_last_place() {
    for (function, x, y, expected) in NEAREST {
        let found = of(function, x, y);
        assert!(apart(found, expected) <= 1, "{function:?} {x} {y}: {found:e}, not {expected:e}");
    }
}

#[test]
#[allow(clippy::float_cmp, reason = "these are exact")]
fn short_answers_are_exact() {
    for n in 0..300 {
        assert_eq!(of(Function::Power, 2.0, f64::from(n)), f64::from_bits(u64::try_from(1023 + n).unwrap() << 52));
    }
    for (n, power) in [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e9, 1e12, 1e15, 1e20]
        .into_iter()
        .zip([0, 1, 2, 3, 4, 5, 6, 9, 12, 15, 20])
    {
        assert_eq!(of(Function::Log10, n, 0.0), f64::from(power), "log10 of {n}");
        assert_eq!(of(Function::Power, 10.0, f64::from(power)), n);
    }
    for n in 1..2_000 {
        let n = f64::from(n);
        assert_eq!(of(Function::Power, n * n, 0.5), n, "root of {}", n * n);
        assert_eq!(of(Function::Power, n, 1.0), n);
        assert_eq!(of(Function::Power, n, 2.0), n * n);
        assert_eq!(of(Function::Power, n, 0.0), 1.0);
    }
    assert_eq!(of(Function::Ln, 1.0, 0.0), 0.0);
    assert_eq!(of(Function::Exp, 0.0, 0.0), 1.0);
    assert_eq!(of(Function::Exp, -709.0, 0.0), 0.0);
    assert_eq!(of(Function::Power, 0.0, 2.5), 0.0);
}

#[test]
fn a_power_agrees_with_its_logarithm_and_its_inverse() {
    let mut random = Random::new(3);
    let mut real = |low: f64, high: f64| {
        let part = random.between(0, (1 << 53) - 1);
        #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
        let part = part as f64 / 9_007_199_254_740_992.0;
        low + part * (high - low)
    };
    for _ in 0..20_000 {
        let x = real(0.001, 500.0);
        assert!(apart(of(Function::Exp, of(Function::Ln, x, 0.0), 0.0), x) <= 16, "{x}");
        let (y, cube) = (real(-3.0, 3.0), x * x * x);
        assert!(apart(of(Function::Power, x, 3.0), cube) <= 3, "{x}");
        let product = of(Function::Power, x, y) * of(Function::Power, x, -y);
        assert!((product - 1.0).abs() < 8.0 * f64::EPSILON, "{x} {y}");
    }
}

#[test]
fn a_tie_in_decimals_is_rounded_like_one() {
    let mut m = Host::for_answers();
    let mut round = |x: f64, scale: f64, how: Rounding| rounded(&mut m, &x, scale, how);
    // 0.285 and 1.005 lie below their decimals as floats, 24.250000000000004 a little above.
    assert_eq!(round(0.285, 100.0, Rounding::HalfUp), 29);
    assert_eq!(round(1.005, 100.0, Rounding::HalfUp), 101);
    assert_eq!(round(1.005, 100.0, Rounding::HalfEven), 100);
    assert_eq!(round(-1.005, 100.0, Rounding::HalfUp), -101);
    assert_eq!(round(24.250_000_000_000_004, 10.0, Rounding::HalfEven), 242);
    assert_eq!(round(25.000_000_000_000_004, 1.0, Rounding::AwayFromZero), 25);
    assert_eq!(round(24.999_999_999_999_996, 1.0, Rounding::TowardsZero), 25);
    assert_eq!(round(24.999_999, 1.0, Rounding::TowardsZero), 24);
    assert_eq!(round(-24.999_999, 1.0, Rounding::TowardsZero), -24);
    assert_eq!(round(-24.000_001, 1.0, Rounding::AwayFromZero), -25);
    assert_eq!(round(-0.4, 1.0, Rounding::HalfUp), 0);
    assert_eq!(round(f64::NAN, 1.0, Rounding::HalfUp), 0);
}

fn operand(low: i64, high: i64) -> Expr {
    Expr { op: Op::Input(InputId::at(0)), shape: Shape::range(low, high) }
}

fn proved(value: Real, low: i64, high: i64) -> Result<Shape, Fault> {
    Formula { operands: vec![operand(low, high)], value, places: 2, how: Rounding::HalfUp }.proved()
}

#[test]
fn what_is_not_defined_for_every_case_is_refused() {
    let x = || Box::new(Real::Operand(0, 1));
    let figure = |digits| Box::new(Real::Figure(digits, 1));
    assert_eq!(proved(Real::Function(Function::Ln, x()), 0, 9), Err(Fault::Logarithm));
    assert_eq!(proved(Real::Function(Function::Ln, x()), 10, 1000), Ok(Shape::range(0, 461)));
    assert_eq!(proved(Real::Root(x()), -1, 9), Err(Fault::Root));
    assert_eq!(proved(Real::Root(x()), 0, 90), Ok(Shape::range(0, 300)));
    assert_eq!(proved(Real::Two(Two::Divide, figure(1), x()), -5, 5), Err(Fault::Divisor));
    assert_eq!(proved(Real::WholePower(x(), -2), 0, 5), Err(Fault::Divisor));
    assert_eq!(proved(Real::WholePower(x(), 2), -30, 20), Ok(Shape::range(0, 900)));
    assert_eq!(proved(Real::Power(x(), figure(5)), -1, 5), Err(Fault::Power));
    assert_eq!(proved(Real::Power(x(), figure(-5)), 0, 5), Err(Fault::Power));
    assert_eq!(proved(Real::Power(x(), x()), 1, 9_000), Err(Fault::Large));
    assert_eq!(proved(Real::Function(Function::Exp, x()), 0, 300), Err(Fault::Large));
    assert_eq!(proved(Real::Function(Function::Exp, x()), 0, 7_001), Err(Fault::Large));
    assert_eq!(proved(*x(), 0, 1 << 53), Err(Fault::Large));
}

/// The formulas inside an expression, the expressions of questions included.
fn formulas<'e>(expr: &'e Expr, found: &mut Vec<(&'e Formula, Shape)>) {
    match &expr.op {
        Op::Formula(formula) => found.push((&**formula, expr.shape)),
        Op::Query(query) => {
            query.alternatives.iter().flat_map(|a| [&a.filter, &a.value]).for_each(|e| formulas(e, found));
        }
        _ => {}
    }
    expr.op.operands().into_iter().for_each(|e| formulas(e, found));
}

#[test]
fn what_is_possible_holds_every_answer_and_is_held_by_what_is_proved() {
    let mut random = Random::new(11);
    let (mut tried, mut narrow) = (0, 0);
    for _ in 0..1_500 {
        let plan = crate::generate::plan(&mut random);
        let mut found = Vec::new();
        for step in &plan.steps {
            if let Step::Value { expr, .. } = step {
                formulas(expr, &mut found);
            }
        }
        for (formula, shape) in found {
            let shapes: Vec<Shape> = formula.operands.iter().map(|operand| operand.shape).collect();
            for round in 0..40 {
                let ends: Vec<Interval<i64>> = shapes.iter().map(|shape| within(&mut random, *shape, round)).collect();
                let possible = formula.ends(&mut Host::for_answers(), &ends);
                assert!(shape.low <= possible.low && possible.high <= shape.high, "{formula:?} {ends:?} {possible:?}");
                for _ in 0..20 {
                    let point: Vec<i64> = ends.iter().map(|end| random.between(end.low, end.high)).collect();
                    let answer = formula.point(&mut Host::for_answers(), &point);
                    assert!(possible.low <= answer && answer <= possible.high, "{formula:?} {point:?} {possible:?}");
                    tried += 1;
                }
                narrow += u32::from(possible.low == possible.high);
            }
        }
    }
    assert!(tried > 200_000 && narrow > 1_000, "{tried} {narrow}");
}

/// A part of a range: all of it, neighbours, or any.
fn within(random: &mut Random, shape: Shape, round: u32) -> Interval<i64> {
    let (a, b) = (random.between(shape.low, shape.high), random.between(shape.low, shape.high));
    match round {
        0 => Interval { low: shape.low, high: shape.high },
        1..15 => Interval { low: a, high: (a + random.between(0, 2)).min(shape.high) },
        _ => Interval { low: a.min(b), high: a.max(b) },
    }
}

#[test]
fn only_a_formula_brings_floats_into_a_module() {
    let with = |define: &str| {
        crate::packages::compile(&format!(
            "package sample.surface {{\n  version 0.1.0\n  title \"Sample\"\n  source x \"A book\"\n  owner \"A group\"\n  \
             use audit\n  status draft\n  review by 2027-04-01\n}}\n\nsubject Patient {{\n  height : integer 30..250 cm\n  \
             weight : decimal 0.5..300.0 kg\n}}\n\ndefine area = {define}\n"
        ))
    };
    let formula = with("round sqrt(weight to kg * height to cm / 3600) to 2 places");
    let exact = with("round weight to 0 places");
    let built = |package: &Package| Program::compile(&package.plan).unwrap().bytes().to_vec();
    let bytes = built(&formula);
    assert_eq!(validate(&bytes, &formula.plan), Ok(()));
    assert!(validate(&bytes, &exact.plan).is_err());
    assert!(validate(&built(&exact), &exact.plan).is_ok());
    assert!(Program::from_bytes(&formula.plan, &formula.examples, bytes).is_ok());
    assert_ne!(fingerprint(&formula), fingerprint(&with("round sqrt(weight to kg * height to cm / 3601) to 2 places")));
    println!("{} bytes with a root, {} without", built(&formula).len(), built(&exact).len());
}

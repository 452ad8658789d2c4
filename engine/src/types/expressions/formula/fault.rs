//! What is wrong with a formula: parts that are not defined for everybody, and functions that are not known.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::formula::Fault;
use crate::syntax::spelling::nearest;
use crate::syntax::tree::Name;
use crate::text::Span;
use crate::types::Builder;
use crate::types::expressions::formula::FUNCTIONS;
use crate::values::real::interval::Interval;
use crate::values::substances::giving_mass;

impl Builder<'_> {
    pub(super) fn undefined<T>(&mut self, fault: Fault, parts: &[Interval<f64>], span: Span) -> Option<T> {
        let range = parts.first().map_or(String::new(), |x| format!("between {} and {}", shown(x.low), shown(x.high)));
        let (code, title, label, help) = match fault {
            Fault::Divisor => (
                codes::E0612,
                "this could be a division by 0",
                "the divisor may be 0".to_owned(),
                "declare ranges that exclude 0 for the facts it is made from, or ask first: `if x > 0 then … else none`",
            ),
            Fault::Logarithm => (
                codes::E0614,
                "this could be the logarithm of 0 or less",
                format!("of a value {range}"),
                "declare a range that begins above 0, or say what stands for 0, as in `ln(max(x, 0.1))`",
            ),
            Fault::Root => (
                codes::E0614,
                "this could be the root of a number below 0",
                format!("of a value {range}"),
                "declare ranges that rule it out, or say what stands for it, as in `sqrt(max(x, 0))`",
            ),
            Fault::Power => (
                codes::E0614,
                "this power is not defined for every patient",
                format!("the base is {range}"),
                "a number below 0 needs a whole exponent, written out, and 0 needs an exponent above 0; declare a range above 0",
            ),
            Fault::Large => (
                codes::E0609,
                "this could be too large to be worked out",
                if range.is_empty() { "too large".to_owned() } else { range },
                "declare narrower ranges for the facts it is made from, or keep fewer decimal places",
            ),
        };
        self.fault(Diagnostic::error(code, span, title, label).help(help))
    }

    /// A function that only a formula has, outside one.
    pub(in crate::types) fn not_in_a_formula<T>(&mut self, what: &str, span: Span) -> Option<T> {
        let title = format!("{what} is a real number, and must be rounded before it is used");
        let fault = Diagnostic::error(codes::E0613, span, title, "not exact");
        self.fault(
            fault.help("round the whole formula, as published: `round … to 1 place`; inside an `if`, each branch"),
        )
    }

    /// A call of something that is not a function, or not of exact numbers.
    pub(in crate::types) fn no_function<T>(&mut self, function: &Name, known: &[&str]) -> Option<T> {
        let name = function.node.as_str();
        match name {
            "ln" | "log10" => return self.not_in_a_formula("a logarithm", function.span),
            "exp" => return self.not_in_a_formula("an exponential", function.span),
            "sqrt" => return self.not_in_a_formula("a root", function.span),
            _ if giving_mass(name).is_some() => {
                return self.not_in_a_formula("a mass worked out from an amount", function.span);
            }
            _ => {}
        }
        let title = format!("there is no function `{name}` with these arguments");
        let fault = Diagnostic::error(codes::E0510, function.span, title, "no such function");
        self.fault(match name {
            "count" | "first" | "last" | "any" | "median" | "sum" => {
                fault.help(format!("events are asked without brackets: `{name} {}`", asked(name)))
            }
            "min" => fault.help("outside a formula write `lowest of a, b`"),
            "max" => fault.help("outside a formula write `highest of a, b`"),
            "power" | "pow" => fault.help("write `x ^ y`, and round the whole formula"),
            "log" => fault.help("`ln(x)` is the natural logarithm, `log10(x)` the logarithm to base 10"),
            "root" | "cbrt" => fault.help("`sqrt(x)` is the square root, `x ^ (1 / 3)` the cube root"),
            _ => match nearest(name, known.iter().chain(&FUNCTIONS).copied()) {
                Some(near) => fault.help(format!("did you mean `{near}`?")).edit(function.span, near),
                None => fault.help(format!(
                    "the functions are abs(x), overlap(start, end, 23:00, 06:00), {}(x); in a formula {}",
                    known.iter().filter(|k| k.contains("_in_")).copied().collect::<Vec<_>>().join("(x), "),
                    FUNCTIONS.join(", ")
                )),
            },
        })
    }
}

/// What may stand after the word of a query.
fn asked(function: &str) -> &'static str {
    if matches!(function, "median" | "sum") { "value of Lactate" } else { "Fall where harm is severe" }
}

/// A bound for people: at most four digits after the point.
pub(in crate::types) fn shown(x: f64) -> String {
    let cut = (x * 10_000.0).round_ties_even() / 10_000.0;
    if cut.abs() < 1e15 { format!("{}", cut + 0.0) } else { format!("{x:e}") }
}

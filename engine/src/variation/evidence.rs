//! How strongly counts speak for something that happened to a record: a month that was not sent, a rate that changed, hours that are shifted.

use super::discrete::Discrete;
use super::maths;

/// The chance of so few, or fewer, where a mean is expected (Poisson); 1 where the mean is no number or not above 0.
#[must_use]
pub fn so_few(count: u64, mean: f64) -> f64 {
    if mean.is_finite() && mean > 0.0 { Discrete::Poisson { mean }.at_most(count) } else { 1.0 }
}

/// The chance that none of so many has what a share of all has.
#[must_use]
pub fn none_of(cases: u64, share: f64) -> f64 {
    if share >= 1.0 {
        return if cases == 0 { 1.0 } else { 0.0 };
    }
    maths::exp(cases as f64 * maths::ln(1.0 - share.max(0.0)))
}

/// Twice the logarithm of the likelihood ratio of two rates against one (Hinkley and Hinkley 1970, Biometrika 57: 477–488): each met, of how
/// many. Under one rate it is χ² with one degree of freedom. What is impossible, more met than there are, counts as all met.
#[must_use]
pub fn two_rates(before: [u64; 2], after: [u64; 2]) -> f64 {
    let [before, after] = [before, after].map(|[met, all]| [met.min(all), all]);
    let both = [before[0] + after[0], before[1] + after[1]];
    (2.0 * (likelihood(before) + likelihood(after) - likelihood(both))).max(0.0)
}

/// The largest logarithm of a likelihood of so many of so many.
fn likelihood([met, all]: [u64; 2]) -> f64 {
    let part = |some: f64, all: f64| if some > 0.0 { some * maths::ln(some / all) } else { 0.0 };
    let (met, all) = (met as f64, all as f64);
    part(met, all) + part(all - met, all)
}

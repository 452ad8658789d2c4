//! How far organisations lie apart: median odds ratio, intra-class correlation
//! and shrunken rates.
//!
//! All come from the between-organisation variance `V = σ²` on the logit scale of
//! a random-intercept logistic model, by maximum likelihood (adaptive
//! Gauss–Hermite quadrature; maximum likelihood is a little low with few units).
//!
//! ```text
//! median odds ratio    exp(√(2V) · 0.6744898)     (Larsen & Merlo 2005)
//! intra-class corr.    V / (V + π²/3)             (latent scale)
//! 90th : 10th odds     exp(2 · 1.2815516 · √V)
//! shrunken rate        E[p | the unit's cases, μ, V]
//! ```

use serde::Serialize;

use super::maths::exp;
use super::proportion::Proportion;
use super::random_intercept::{self, Binomial, Fit, logistic};
use super::{Fault, Interval, normal_deviate};

/// The 75th percentile of the normal distribution.
const Z_75: f64 = 0.674_489_750_196_081_7;
/// The 90th percentile of the normal distribution.
const Z_90: f64 = 1.281_551_565_544_600_4;

/// A unit's rate, drawn towards the others as far as its own cases are few.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ShrunkenRate {
    /// Position of the unit in the input.
    pub unit: usize,
    /// The rate as observed, 0 to 1.
    pub raw: f64,
    /// The empirical Bayes rate: the posterior mean of the probability.
    pub shrunken: f64,
    /// Posterior mean ± z posterior standard deviations on the logit scale, as
    /// rates. Takes μ and V as known, and so is a little narrow; where V is 0 it is
    /// the one rate of all units.
    pub interval: Interval,
}

/// The spread between units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The rate of the median unit, `1/(1+e^-μ)`; not the overall rate.
    pub median_unit_rate: f64,
    /// The between-unit variance on the logit scale; 0 where chance explains all.
    pub variance: f64,
    /// The median, over pairs of units, of the odds ratio of the higher to the
    /// lower: 1 is no spread.
    pub median_odds_ratio: f64,
    /// Its profile-likelihood interval; `None` where the data set no upper end.
    pub median_odds_ratio_interval: Option<Interval>,
    /// The share of latent variance that lies between units, 0 to 1.
    pub intra_class_correlation: f64,
    /// The odds at the 90th percentile of units over those at the 10th.
    pub odds_ratio_90_10: f64,
    /// The units with cases, in the order of the input.
    pub units: Vec<ShrunkenRate>,
    /// Positions of units left out for want of cases.
    pub left_out: Vec<usize>,
}

/// The spread of proportions between units, with intervals at a confidence level
/// such as 0.95.
///
/// Refused: fewer than two units with cases; a numerator above its denominator;
/// no event at all, or nothing but events; a level not between 0 and 1.
pub fn spread(units: &[Proportion], level: f64) -> Result<Spread, Fault> {
    let z = normal_deviate(level).ok_or(Fault::BadOption { name: "level" })?;
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        if unit.numerator > unit.denominator {
            return Err(Fault::NumeratorExceedsDenominator { index });
        }
        match unit.rate() {
            None => left_out.push(index),
            Some(raw) => rows.push((index, raw, binomial(*unit))),
        }
    }
    if rows.len() < 2 {
        return Err(Fault::NoData);
    }
    let counts: Vec<Binomial> = rows.iter().map(|(_, _, counts)| *counts).collect();
    let fit = random_intercept::fit(&counts)?;
    let (lower, upper) = random_intercept::sigma_interval(&counts, &fit, z);
    let variance = fit.sigma * fit.sigma;
    let third = std::f64::consts::PI * std::f64::consts::PI / 3.0;
    Ok(Spread {
        median_unit_rate: logistic(fit.mu),
        variance,
        median_odds_ratio: median_odds_ratio(fit.sigma),
        median_odds_ratio_interval: upper
            .map(|upper| Interval { lower: median_odds_ratio(lower), upper: median_odds_ratio(upper) }),
        intra_class_correlation: variance / (variance + third),
        odds_ratio_90_10: exp(2.0 * Z_90 * fit.sigma),
        units: rows.iter().map(|(unit, raw, counts)| shrink(*unit, *raw, *counts, &fit, z)).collect(),
        left_out,
    })
}

fn binomial(unit: Proportion) -> Binomial {
    Binomial { events: unit.numerator as f64, cases: unit.denominator as f64 }
}

fn median_odds_ratio(sigma: f64) -> f64 {
    exp(std::f64::consts::SQRT_2 * sigma * Z_75)
}

fn shrink(unit: usize, raw: f64, counts: Binomial, fit: &Fit, z: f64) -> ShrunkenRate {
    if fit.sigma <= 0.0 {
        let rate = logistic(fit.mu);
        let interval = Interval { lower: rate, upper: rate };
        return ShrunkenRate { unit, raw, shrunken: rate, interval };
    }
    let posterior = random_intercept::posterior(counts, fit.mu, fit.sigma);
    let half = z * posterior.variance.sqrt();
    ShrunkenRate {
        unit,
        raw,
        shrunken: random_intercept::expected_rate(counts, fit.mu, fit.sigma),
        interval: Interval { lower: logistic(posterior.mean - half), upper: logistic(posterior.mean + half) },
    }
}

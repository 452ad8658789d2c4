//! Maximum likelihood of the random-intercept logistic model.
//!
//! Unit `j` has `r` events in `n` cases, binomial with `logit p = η` and
//! `η ~ Normal(μ, σ²)`. Each unit's integral over η is by adaptive Gauss–Hermite
//! quadrature with 15 nodes, centred at the mode and scaled by its curvature
//! (Pinheiro & Bates 1995). For a given σ the best μ solves `μ = mean E[η]`, by
//! Newton; σ then solves `σ² = mean E[(η-μ)²]` between the neighbours of the best
//! point of a fixed grid. The same arithmetic on every run.

use super::Fault;
use super::maths::{self, exp, ln};
use std::cell::Cell;

/// Nodes `x ≥ 0` of the 15-point Gauss–Hermite rule with `w · e^{x²}`
/// (Abramowitz & Stegun 25.10 has the rule).
const NODES: [(f64, f64); 8] = [
    (0.0, 0.564_100_308_726_417_4),
    (0.565_069_583_255_575_8, 0.567_021_153_446_604_1),
    (1.136_115_585_210_920_6, 0.576_193_350_283_499_4),
    (1.719_992_575_186_488_8, 0.593_027_449_764_209_9),
    (2.325_732_486_173_858, 0.620_662_603_527_037_3),
    (2.967_166_927_905_603, 0.666_166_005_109_043_7),
    (3.669_950_373_404_452_7, 0.748_607_366_016_904_9),
    (4.499_990_707_309_392, 0.948_368_970_827_610_3),
];

/// Grid of σ searched: `SMALLEST · RATIO^i` for `i` below `STEPS`, to about 10.
const SMALLEST: f64 = 1e-3;
const RATIO: f64 = 1.5;
const STEPS: usize = 24;

/// Steps of μ shorter than this are not taken: where the likelihood is only held against that of another σ, it is flat in μ, and on the way to the answer.
const NEAR: f64 = 1e-6;
const EXACT: f64 = 1e-12;

/// Events and cases of one unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binomial {
    pub(super) events: f64,
    pub(super) cases: f64,
}

/// What the data say of one unit's η, given μ and σ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posterior {
    /// Logarithm of the unit's likelihood, without the binomial coefficient.
    ln_likelihood: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// How many nodes there are on both sides.
const BOTH: usize = 2 * NODES.len() - 1;

/// Where a unit's η is likely to be: its mode, offsets from it with their weights, and the sum of these.
struct Quadrature {
    mode: f64,
    scale: f64,
    top: f64,
    nodes: [(f64, f64); BOTH],
    mass: f64,
}

/// The fitted model.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) mu: f64,
    /// 0 where the likelihood is greatest without any spread.
    pub(super) sigma: f64,
    ln_likelihood: f64,
}

struct At {
    mu: f64,
    ln_likelihood: f64,
    /// `mean E[(η-μ)²] - σ²`, 0 where the likelihood is stationary in σ.
    excess: f64,
}

/// Fits the model; refused where no case has the event or every case has it.
pub(super) fn fit(units: &[Binomial]) -> Result<Fit, Fault> {
    let events = maths::total(units.iter().map(|u| u.events));
    let cases = maths::total(units.iter().map(|u| u.cases));
    if cases <= 0.0 {
        return Err(Fault::NoData);
    }
    if events <= 0.0 || events >= cases {
        return Err(Fault::NoVariation);
    }
    let mut grid = Vec::with_capacity(STEPS);
    let mut sigma = SMALLEST;
    let mut mu = logit(events / cases);
    for _ in 0..STEPS {
        let at = profile(units, mu, sigma, NEAR);
        mu = at.mu;
        grid.push((sigma, at));
        sigma *= RATIO;
    }
    let best = grid.iter().max_by(|a, b| a.1.ln_likelihood.total_cmp(&b.1.ln_likelihood)).ok_or(Fault::NoData)?;
    let (sigma, mu) = (best.0, best.1.mu);
    if best.0 <= SMALLEST {
        return Ok(Fit { mu: logit(events / cases), sigma: 0.0, ln_likelihood: best.1.ln_likelihood });
    }
    let last = Cell::new(mu);
    let excess = |sigma: f64| {
        let at = profile(units, last.get(), sigma, EXACT);
        last.set(at.mu);
        at.excess
    };
    let sigma = maths::root(sigma / RATIO, sigma * RATIO, 1e-12, excess);
    let at = profile(units, last.get(), sigma, EXACT);
    Ok(Fit { mu: at.mu, sigma, ln_likelihood: at.ln_likelihood })
}

/// The values of σ that the likelihood does not refuse: where twice its logarithm
/// falls by less than `z²` (profile likelihood). The lower end is 0 where no
/// spread is compatible; the upper is `None` beyond 10.
pub(super) fn sigma_interval(units: &[Binomial], fit: &Fit, z: f64) -> (f64, Option<f64>) {
    let last = Cell::new(fit.mu);
    let fall = |sigma: f64| {
        let at = profile(units, last.get(), sigma, EXACT);
        last.set(at.mu);
        2.0 * (fit.ln_likelihood - at.ln_likelihood) - z * z
    };
    let most = 10.0;
    let lower =
        if fit.sigma <= SMALLEST || fall(SMALLEST) <= 0.0 { 0.0 } else { maths::root(SMALLEST, fit.sigma, 1e-9, fall) };
    let from = fit.sigma.max(SMALLEST);
    let upper = (fall(most) > 0.0).then(|| maths::root(from, most, 1e-9, fall));
    (lower, upper)
}

/// The best μ for a σ, found from `start` until a step is as short as this.
fn profile(units: &[Binomial], start: f64, sigma: f64, within: f64) -> At {
    let count = units.len() as f64;
    let mut mu = start;
    let of_units = |mu: f64| -> Vec<Posterior> { units.iter().map(|u| posterior(*u, mu, sigma)).collect() };
    let mut found = of_units(mu);
    for _ in 0..60 {
        let pull = maths::total(found.iter().map(|p| p.mean - mu));
        let give = maths::total(found.iter().map(|p| 1.0 - p.variance / (sigma * sigma)));
        // The likelihood is log-concave in μ: steps this short cannot overshoot far.
        let step = if give > 0.0 { (pull / give).clamp(-2.0, 2.0) } else { pull / count };
        if step.abs() < within * (1.0 + mu.abs()) {
            break;
        }
        mu += step;
        found = of_units(mu);
    }
    let square = maths::total(found.iter().map(|p| {
        let gap = p.mean - mu;
        p.variance + gap * gap
    }));
    At {
        mu,
        ln_likelihood: maths::total(found.iter().map(|p| p.ln_likelihood)),
        excess: square / count - sigma * sigma,
    }
}

/// One unit's η given μ and σ above 0.
pub(super) fn posterior(unit: Binomial, mu: f64, sigma: f64) -> Posterior {
    let Quadrature { mode, scale, top, nodes, mass } = quadrature(unit, mu, sigma);
    let shift = maths::total(nodes.iter().map(|(offset, w)| offset * w)) / mass;
    let square = maths::total(nodes.iter().map(|(offset, w)| {
        let gap = offset - shift;
        gap * gap * w
    }));
    Posterior {
        ln_likelihood: top + ln(scale * mass / sigma) - 0.5 * ln(std::f64::consts::TAU),
        mean: mode + shift,
        variance: square / mass,
    }
}

/// The expected probability of one unit, `E[1/(1+e^-η)]`, given μ and σ above 0.
pub(super) fn expected_rate(unit: Binomial, mu: f64, sigma: f64) -> f64 {
    let Quadrature { mode, nodes, mass, .. } = quadrature(unit, mu, sigma);
    maths::total(nodes.iter().map(|(offset, w)| logistic(mode + offset) * w)) / mass
}

fn quadrature(unit: Binomial, mu: f64, sigma: f64) -> Quadrature {
    let height = |eta: f64| {
        let gap = (eta - mu) / sigma;
        unit.events * eta - unit.cases * ln_one_plus_exp(eta) - 0.5 * gap * gap
    };
    let mode = mode(unit, mu, sigma);
    let p = logistic(mode);
    let spread = 1.0 / (unit.cases * p * (1.0 - p) + 1.0 / (sigma * sigma)).sqrt();
    let scale = std::f64::consts::SQRT_2 * spread;
    let top = height(mode);
    let mut nodes = [(0.0, 0.0); BOTH];
    let offsets = NODES.iter().flat_map(|(x, w)| {
        let both = [(scale * x, *w), (-scale * x, *w)];
        both.into_iter().take(if *x > 0.0 { 2 } else { 1 })
    });
    for (node, (offset, w)) in nodes.iter_mut().zip(offsets) {
        *node = (offset, w * exp(height(mode + offset) - top));
    }
    let mass = maths::total(nodes.iter().map(|(_, w)| *w));
    Quadrature { mode, scale, top, nodes, mass }
}

/// The most likely η: where `r - n p(η) - (η-μ)/σ²` is 0. Newton within a
/// bracket, which is `μ ± nσ²` since `|r - n p| ≤ n`.
fn mode(unit: Binomial, mu: f64, sigma: f64) -> f64 {
    let tightness = 1.0 / (sigma * sigma);
    let reach = unit.cases / tightness;
    let (mut low, mut high) = (mu - reach, mu + reach);
    let mut eta = logit((unit.events + 0.5) / (unit.cases + 1.0)).clamp(low, high);
    for _ in 0..200 {
        let p = logistic(eta);
        let slope = unit.events - unit.cases * p - (eta - mu) * tightness;
        if slope > 0.0 {
            low = eta;
        } else {
            high = eta;
        }
        let mut next = eta + slope / (unit.cases * p * (1.0 - p) + tightness);
        if !(next > low && next < high) {
            next = 0.5 * (low + high);
        }
        let moved = (next - eta).abs();
        eta = next;
        if moved <= 1e-14 * (1.0 + eta.abs()) {
            break;
        }
    }
    eta
}

/// The log odds of a probability strictly between 0 and 1.
pub(super) fn logit(p: f64) -> f64 {
    ln(p) - libm::log1p(-p)
}

/// The probability of log odds.
pub(super) fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + exp(-eta))
}

fn ln_one_plus_exp(eta: f64) -> f64 {
    eta.max(0.0) + libm::log1p(exp(-eta.abs()))
}

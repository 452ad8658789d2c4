//! Binomial and Poisson probabilities, exact in the tails at any size.
//!
//! Single probabilities by the saddle-point expansion of Loader (2000, "Fast and
//! accurate computation of binomial probabilities"), tails by summing outward
//! from the value, away from the mode, until terms no longer count.

use super::maths::{self, exp, ln};

/// Beyond this standard deviation tails are normal: the error is below `1e-5` of
/// the tail's size at counts (of 10¹⁰ and over) that no register reaches, and
/// the sums stay short.
const LARGEST_SUMMED: f64 = 50_000.0;

const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;

/// A distribution on the counts 0, 1, 2 and so on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Discrete {
    /// Of `n` cases, each with probability `p`.
    Binomial { n: u64, p: f64 },
    /// With this mean, which is above 0.
    Poisson { mean: f64 },
}

impl Discrete {
    pub(super) fn mean(self) -> f64 {
        match self {
            Discrete::Binomial { n, p } => n as f64 * p,
            Discrete::Poisson { mean } => mean,
        }
    }

    fn deviation(self) -> f64 {
        match self {
            Discrete::Binomial { n, p } => (n as f64 * p * (1.0 - p)).sqrt(),
            Discrete::Poisson { mean } => mean.sqrt(),
        }
    }

    fn largest(self) -> u64 {
        match self {
            Discrete::Binomial { n, .. } => n,
            Discrete::Poisson { .. } => u64::MAX,
        }
    }

    /// `P(X = k)`.
    pub(super) fn at(self, k: u64) -> f64 {
        match self {
            Discrete::Binomial { n, p } => binomial(k, n, p),
            Discrete::Poisson { mean } => poisson(k, mean),
        }
    }

    /// `P(X = k-1) / P(X = k)`, for `k ≥ 1`.
    fn step_down(self, k: u64) -> f64 {
        let x = k as f64;
        match self {
            Discrete::Binomial { n, p } => x * (1.0 - p) / ((n as f64 - x + 1.0) * p),
            Discrete::Poisson { mean } => x / mean,
        }
    }

    /// `P(X ≤ k)`.
    pub(super) fn at_most(self, k: u64) -> f64 {
        if k >= self.largest() {
            1.0
        } else if self.deviation() > LARGEST_SUMMED {
            maths::normal_upper((self.mean() - k as f64 - 0.5) / self.deviation())
        } else if k as f64 <= self.mean() {
            self.sum_down(k)
        } else {
            (1.0 - self.sum_up(k + 1)).max(0.0)
        }
    }

    /// `P(X ≥ k)`.
    pub(super) fn at_least(self, k: u64) -> f64 {
        if k == 0 {
            1.0
        } else if k > self.largest() {
            0.0
        } else if self.deviation() > LARGEST_SUMMED {
            maths::normal_upper((k as f64 - 0.5 - self.mean()) / self.deviation())
        } else if k as f64 > self.mean() {
            self.sum_up(k)
        } else {
            (1.0 - self.sum_down(k - 1)).max(0.0)
        }
    }

    fn sum_down(self, k: u64) -> f64 {
        let mut term = self.at(k);
        let mut sum = term;
        let mut at = k;
        while at > 0 && term > sum * 1e-18 {
            term *= self.step_down(at);
            at -= 1;
            sum += term;
        }
        sum.min(1.0)
    }

    fn sum_up(self, k: u64) -> f64 {
        let mut term = self.at(k);
        let mut sum = term;
        let mut at = k;
        while at < self.largest() && term > sum * 1e-18 {
            at += 1;
            term /= self.step_down(at);
            sum += term;
        }
        sum.min(1.0)
    }

    /// The least `r` with `P(X ≤ r) ≥ p`, and `P(X ≤ r)` itself; `0 < p < 1`.
    pub(super) fn quantile(self, p: f64) -> (u64, f64) {
        let guess = self.mean() + maths::normal_quantile(p) * self.deviation();
        let mut r = (guess.max(0.0).floor() as u64).min(self.largest());
        let mut f = self.at_most(r);
        while f < p && r < self.largest() {
            r += 1;
            f += self.at(r);
        }
        while r > 0 {
            let before = f - self.at(r);
            if before < p {
                break;
            }
            r -= 1;
            f = before;
        }
        (r, f)
    }

    /// A percentage point made continuous by interpolation (Spiegelhalter 2005,
    /// appendix A.1.1): with `r` the quantile, `r - (F(r) - p) / (F(r) - F(r-1))`,
    /// not below 0. In counts. A distribution without spread has only its mean.
    pub(super) fn interpolated(self, p: f64) -> f64 {
        if self.deviation() <= 0.0 {
            return self.mean();
        }
        let (r, f) = self.quantile(p);
        let at = self.at(r);
        if at <= 0.0 {
            return r as f64;
        }
        (r as f64 - (f - p) / at).max(0.0)
    }

    /// The two-sided mid-p value of `k`: twice the smaller of
    /// `P(X < k) + P(X = k)/2` and `P(X > k) + P(X = k)/2`, at most 1 (Lancaster 1961).
    pub(super) fn mid_p(self, k: u64) -> f64 {
        let half = 0.5 * self.at(k);
        let below = self.at_most(k) - half;
        let above = self.at_least(k) - half;
        (2.0 * below.min(above)).clamp(0.0, 1.0)
    }
}

fn binomial(k: u64, n: u64, p: f64) -> f64 {
    let q = 1.0 - p;
    if k > n {
        return 0.0;
    }
    if p <= 0.0 || q <= 0.0 {
        let certain = if p <= 0.0 { 0 } else { n };
        return if k == certain { 1.0 } else { 0.0 };
    }
    let (x, size) = (k as f64, n as f64);
    if k == 0 {
        return exp(size * libm::log1p(-p));
    }
    if k == n {
        return exp(size * ln(p));
    }
    let rest = size - x;
    let exponent = stirling_error(size)
        - stirling_error(x)
        - stirling_error(rest)
        - deviance(x, size * p)
        - deviance(rest, size * q);
    exp(exponent) * (size / (std::f64::consts::TAU * x * rest)).sqrt()
}

fn poisson(k: u64, mean: f64) -> f64 {
    if k == 0 {
        return exp(-mean);
    }
    let x = k as f64;
    exp(-stirling_error(x) - deviance(x, mean)) / (std::f64::consts::TAU * x).sqrt()
}

/// `ln x! - ln(√(2πx) (x/e)^x)`, for `x ≥ 1`.
fn stirling_error(x: f64) -> f64 {
    if x <= 15.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * ln(x) + x - HALF_LN_TAU;
    }
    let s = x * x;
    let tail = 1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) / s) / s;
    (1.0 / 12.0 - (1.0 / 360.0 - tail / s) / s) / x
}

/// `x ln(x/m) + m - x` without cancellation near `x = m`.
fn deviance(x: f64, m: f64) -> f64 {
    let gap = x - m;
    if gap.abs() >= 0.1 * (x + m) {
        return x * ln(x / m) + m - x;
    }
    let v = gap / (x + m);
    let mut sum = gap * v;
    let mut power = 2.0 * x * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next.total_cmp(&sum).is_eq() {
            break;
        }
        sum = next;
    }
    sum
}

//! The few numerical tools that the statistics share.

/// `libm` and not `std`: the platform's own differ in the last place.
pub(super) fn ln(x: f64) -> f64 {
    libm::log(x)
}

pub(super) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The sum in the order given, compensated (Neumaier 1974).
pub(super) fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

/// The mean in the order given; `None` of nothing. Equal values give exactly that value.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    let first = values.first()?;
    if values.iter().all(|v| v.total_cmp(first).is_eq()) {
        return Some(*first);
    }
    Some(total(values.iter().copied()) / values.len() as f64)
}

/// A sorted copy, by `total_cmp`.
pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut copy = values.to_vec();
    copy.sort_by(f64::total_cmp);
    copy
}

/// The quantile of sorted values by linear interpolation, `h = (n-1)q`
/// (type 7 of Hyndman & Fan 1996, the default of R).
pub(super) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let h = last as f64 * q.clamp(0.0, 1.0);
    let below = h.floor();
    let a = sorted.get(below as usize)?;
    let b = sorted.get((below as usize + 1).min(last))?;
    Some(a + (h - below) * (b - a))
}

/// The normal distribution's upper tail, `P(Z > z)`.
pub(super) fn normal_upper(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// The two-sided p value of a normal deviate.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2).min(1.0)
}

/// The normal quantile, `0 < p < 1`.
pub(super) fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p)
}

/// The root of a monotone function between `low` and `high`, where its signs differ.
///
/// Illinois variant of false position (Dowell & Jarratt 1971), at most 200 steps,
/// to `within` of the bracket's scale. Where the signs agree, the nearer end.
pub(super) fn root(mut low: f64, mut high: f64, within: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut f_low, mut f_high) = (f(low), f(high));
    if f_low * f_high > 0.0 {
        return if f_low.abs() < f_high.abs() { low } else { high };
    }
    let mut side = 0;
    for step in 0..200 {
        let width = (high - low).abs();
        if width <= within * (1.0 + low.abs().max(high.abs())) {
            break;
        }
        // Every fourth step halves, so that a flat end cannot hold it up.
        let middle = if step % 4 == 3 { 0.5 * (low + high) } else { (low * f_high - high * f_low) / (f_high - f_low) };
        let value = f(middle);
        if value == 0.0 {
            return middle;
        }
        if value * f_high < 0.0 {
            (low, f_low) = (high, f_high);
            (high, f_high) = (middle, value);
            side = 0;
        } else {
            (high, f_high) = (middle, value);
            side += 1;
            if side >= 2 {
                f_low *= 0.5;
            }
        }
    }
    0.5 * (low + high)
}

//! What sums tell where their cases are all alike, so that nothing shows how far they may be off, and where cases hold several events, which come together.

use super::figures::{Figure, Sums, ratio};
use super::{Fault, Interval, normal_deviate};

/// A share of a sum: of one of which nothing counts, or all, the interval is that of Wilson (1927) for as many cases as the sum is worth, (Σ whole)² / Σ whole²
/// (Kish 1965), as there is no spread to tell it.
///
/// # Errors
/// Nothing below the line, or a level not between 0 and 1.
pub fn share(sums: &Sums, level: f64) -> Result<Figure, Fault> {
    let (found, z) = (ratio(sums, level)?, normal_deviate(level).ok_or(Fault::BadOption { name: "level" })?);
    let cases = sums.whole as f64 * sums.whole as f64 / sums.whole_squared as f64;
    if !is_point(&found) || !cases.is_finite() || cases <= 0.0 {
        return Ok(found);
    }
    let (p, per) = (found.value.clamp(0.0, 1.0), z * z / cases);
    let (middle, reach) = (p + per / 2.0, (per * (p * (1.0 - p)) + per * per / 4.0).sqrt());
    let interval = Interval { lower: (middle - reach) / (1.0 + per), upper: (middle + reach) / (1.0 + per) };
    Ok(Figure { interval: Some(interval), ..found })
}

/// Whether the interval of a figure is one number, as all its cases are alike.
#[must_use]
pub fn is_point(figure: &Figure) -> bool {
    figure.interval.is_some_and(|interval| interval.upper <= interval.lower)
}

/// How many times as much as independent events the cases of some groups vary, each about the rate of its own group: Σ (n/(n−1) Σ (events − rate · exposure)²)
/// over all events. 1 where it is no more than chance may make of it (three standard errors of what Poisson counts have).
#[must_use]
pub fn dispersion<'s>(groups: impl Iterator<Item = &'s Sums>) -> f64 {
    let groups = groups.filter(|sums| sums.cases > 1).filter_map(|sums| Some((sums, sums.ratio()?)));
    let (squares, events, cases) = groups.fold((0.0, 0.0, 0.0), |(squares, events, cases), (sums, rate)| {
        let own = sums.error(rate) * sums.whole as f64;
        (squares + own * own, events + sums.part as f64, cases + sums.cases as f64)
    });
    let (found, chance) = (squares / events, ((2.0 + cases / events) / cases).sqrt());
    if found.is_finite() && found > 1.0 + 3.0 * chance { found } else { 1.0 }
}

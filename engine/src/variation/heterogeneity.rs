//! Whether units differ more than chance would have them: Pearson's χ² of the table of units by met and not met.
//!
//! ```text
//! X² = Σ (r - n c)² / (n c (1 - c)),  c = Σr / Σn,  k - 1 degrees of freedom
//! ```
//!
//! Units of which fewer than 5 are expected to be met, or not to be met, count as one unit together (Cochran 1954, "Some methods for
//! strengthening the common χ² tests"), so that the distribution holds.

use super::maths;
use super::proportion::Proportion;
use statrs::function::gamma::checked_gamma_ur;

/// Fewer expected than this, of met or of not met, and a unit is put together with others like it.
const LEAST_EXPECTED: f64 = 5.0;

/// Rates of all are tried in so many steps.
const STEPS: u32 = 1_000;

/// The p value of the test; none where fewer than two units are large enough to tell, and 1 where all were met or none.
#[must_use]
pub fn heterogeneity(units: &[Proportion]) -> Option<f64> {
    let (told, rate) = match told(units)? {
        Told::Alike => return Some(1.0),
        Told::Units(told, rate) => (told, rate),
    };
    let squares = told.iter().map(|(r, n)| {
        let off = r - n * rate;
        off * off / (n * rate * (1.0 - rate))
    });
    Some(p_value(maths::total(squares), told.len()))
}

/// The least and the greatest p value of the test, where each unit has some counts between those of its least rate and those of its greatest: no counts
/// between them have one beyond. Which units are large enough is judged by the middle of their counts.
///
/// The least X² is no less than where each unit is as near to some one rate as it can be, whichever that is (see [`least_squares`]). The greatest is
/// no greater than where each is as far as it can be from a rate, as Σ (r - n c)² / n is least at the rate of all of them.
#[must_use]
pub fn heterogeneity_within(units: &[[Proportion; 2]]) -> Option<(f64, f64)> {
    let middle = |[low, high]: &[Proportion; 2]| Proportion {
        numerator: low.numerator.midpoint(high.numerator),
        denominator: low.denominator.midpoint(high.denominator),
    };
    let units: Vec<[Proportion; 2]> =
        units.iter().filter(|unit| unit.iter().all(|of| of.denominator > 0)).copied().collect();
    let middles: Vec<Proportion> = units.iter().map(middle).collect();
    let (told, rate) = match told(&middles)? {
        Told::Alike => return Some((0.0, 1.0)),
        Told::Units(told, rate) => (told, rate),
    };
    // One that is put together with others may as well lie at any rate.
    let alone = |(unit, middle): (&[Proportion; 2], &Proportion)| {
        let own = (middle.numerator as f64, middle.denominator as f64);
        told.contains(&own).then_some(*unit)
    };
    let alone: Vec<[Proportion; 2]> = units.iter().zip(&middles).filter_map(alone).collect();
    let each = |of: Proportion| (of.numerator as f64, of.denominator as f64);
    let far = |[low, high]: &[Proportion; 2]| {
        let ((r, n), (s, m)) = (each(*low), each(*high));
        let square = |(r, n): (f64, f64)| (r - n * rate) * (r - n * rate) / n;
        [(r, n), (r, m), (s, n), (s, m)].into_iter().map(square).fold(0.0, f64::max)
    };
    let least = least_squares(&alone);
    let sums = units.iter().fold([0.0; 4], |[a, b, c, d], [low, high]| {
        let ((r, n), (s, m)) = (each(*low), each(*high));
        [a + r, b + n, c + s, d + m]
    });
    let [of_low, n_of_low, of_high, n_of_high] = sums;
    let variance = |c: f64| c * (1.0 - c);
    let ends = [of_low / n_of_low, (of_high / n_of_high).min(1.0)].map(variance);
    let most = maths::total(units.iter().map(far)) / ends[0].min(ends[1]);
    let p = |squares: f64| if squares.is_finite() { p_value(squares, told.len()) } else { 0.0 };
    Some((p(most), p(least)))
}

/// What X² is not less than, whatever rate all have and whatever counts each unit has between its own.
///
/// As near as can be to a rate c, a unit has Σ (r - n c)² / n of 0 where its rates reach over c, and else that of its nearer end. Where the rates of all
/// have one in common, nothing is left. Else it is least between A, the least of their greatest rates, and B, the greatest of their least:
///
/// ```text
/// N(c) = Σ n (l - c)²,  N'(c) = -2 Σ n (l - c),  N ≤ (1 - c) |N'| / 2 ≤ c (1 - c) |N'| / (2c - 1)     below A, where only rates above c count
/// ```
///
/// so that N(c) / (c (1 - c)) falls to A, and rises from B as that is the same of those who were not met. Between the two a step has no less than
/// where each unit is as near as it can be to any rate of the step, over the greatest c (1 - c) in it.
fn least_squares(units: &[[Proportion; 2]]) -> f64 {
    let rates = |[low, high]: &[Proportion; 2]| low.rate().zip(high.rate());
    let (lows, highs): (Vec<f64>, Vec<f64>) = units.iter().filter_map(rates).unzip();
    let from = highs.into_iter().fold(f64::INFINITY, f64::min);
    let to = lows.into_iter().fold(f64::NEG_INFINITY, f64::max);
    if from >= to {
        return 0.0;
    }
    let rate = |step: u32| from + (to - from) * f64::from(step) / f64::from(STEPS);
    let of_step = |step: u32| {
        let (first, last) = (rate(step), rate(step + 1));
        let near = units.iter().map(|[low, high]| {
            let (above, below) = (beyond(*low, last).max(0.0), beyond(*high, first).min(0.0));
            above * above / low.denominator as f64 + below * below / high.denominator as f64
        });
        let widest = 0.5_f64.clamp(first, last);
        maths::total(near) / (widest * (1.0 - widest))
    };
    (0..STEPS).map(of_step).fold(f64::INFINITY, f64::min)
}

/// How many more were met than at a rate.
fn beyond(of: Proportion, rate: f64) -> f64 {
    of.numerator as f64 - of.denominator as f64 * rate
}

/// What a test is made of.
enum Told {
    /// All were met, or none.
    Alike,
    /// Those large enough, and others put together; with the rate of all.
    Units(Vec<(f64, f64)>, f64),
}

fn told(units: &[Proportion]) -> Option<Told> {
    let sized = units.iter().filter(|unit| unit.rate().is_some());
    let sized: Vec<(f64, f64)> = sized.map(|unit| (unit.numerator as f64, unit.denominator as f64)).collect();
    let (met, cases) = sized.iter().fold((0.0, 0.0), |(met, cases), (r, n)| (met + r, cases + n));
    if sized.len() < 2 {
        return None;
    }
    if met <= 0.0 || met >= cases {
        return Some(Told::Alike);
    }
    let rate = met / cases;
    let large = |n: f64| n * rate.min(1.0 - rate) >= LEAST_EXPECTED;
    let mut told: Vec<(f64, f64)> = sized.iter().copied().filter(|(_, n)| large(*n)).collect();
    let rest = sized.iter().filter(|(_, n)| !large(*n));
    let rest = rest.fold((0.0, 0.0), |(met, cases), (r, n)| (met + r, cases + n));
    if large(rest.1) {
        told.push(rest);
    }
    (told.len() >= 2).then_some(Told::Units(told, rate))
}

fn p_value(found: f64, units: usize) -> f64 {
    let freedom = (units - 1) as f64;
    let certain = if found > freedom { 0.0 } else { 1.0 };
    checked_gamma_ur(freedom / 2.0, found / 2.0).map_or(certain, |p| p.clamp(0.0, 1.0))
}

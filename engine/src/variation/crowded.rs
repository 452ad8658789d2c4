//! Events that are rare, period by period: in which of them there are more than chance puts there.
//!
//! Given how many events there are in all, each is as likely in a period as that has cases, so that the number in one period is binomial: the
//! conditional distribution of Poisson counts (Przyborowski & Wilenski 1940, Biometrika 31, 313–323). The mid-p of its upper tail is held
//! against that of a normal deviate of 3, as the limits of a control chart are.

use super::discrete::Discrete;

/// `P(Z > 3)`.
const BEYOND: f64 = 0.001_349_898;
/// Fewer events than this stand out nowhere.
const LEAST: u64 = 3;

/// Of each period, by its events and cases, whether it has more events than chance puts there.
#[must_use]
pub fn crowded(periods: &[(u64, u64)]) -> Vec<bool> {
    let sum = |of: fn(&(u64, u64)) -> u64| periods.iter().map(of).fold(0, u64::saturating_add);
    let (events, cases) = (sum(|period| period.0), sum(|period| period.1));
    let stands_out = |(own, of): &(u64, u64)| {
        let share = *of as f64 / cases as f64;
        if *own < LEAST || share >= 1.0 {
            return false;
        }
        let chance = Discrete::Binomial { n: events, p: share };
        chance.at_least(own + 1) + 0.5 * chance.at(*own) < BEYOND
    };
    periods.iter().map(stands_out).collect()
}

//! Days that lie an hour early in summer: the mark of an export in UTC that is read as local time.
//!
//! An organisation's cases by hour of the clock are held against those of the others. With their share of cases `f(h)`, a case at hour `h` scores
//! `s(h) = ln f(h + 1) - ln f(h)`, the logarithm of the likelihood ratio that it began an hour later than its clock says. The mean score of an
//! organisation's summer, less that of the others' summer, is 0 but for chance and for its own ways; an hour's shift adds `Δ`, the mean score that the
//! others would have were they shifted. Its own ways show in winter, when no clock is off:
//!
//! ```text
//! a = mean score of its winter, less that of the others      variance v/n + v/n of the others
//! b = the same of its summer
//! z = (b - B a) / √(var b + τ² (1 - B))                       B = τ² / (τ² + var a)
//! ```
//!
//! τ² is the variance between organisations beyond chance, of winter and summer together (winsorised at 10 %, DerSimonian–Laird form). Where
//! organisations have one and the same day, winter says nothing, and summer is held against the others alone; where their days differ much, each is
//! its own measure.

use super::maths;
use super::overdispersion::over_dispersion;

/// Cases by hour of the clock, in winter and in summer time.
pub type Days = [[u64; 24]; 2];

/// How an organisation's summer lies to its winter and to the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shifted {
    /// Standard errors by which its summer lies early.
    pub z: f64,
    /// The standard errors that a shift by an hour is worth there.
    pub expected: f64,
}

impl Shifted {
    /// How far its summer lies early, in parts of what a shift by an hour would do: 1 where it is an hour.
    #[must_use]
    pub fn hours(&self) -> f64 {
        self.z / self.expected
    }

    /// How many times as likely its summer is after a shift by an hour as after none.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        maths::exp(self.expected * (self.z - self.expected / 2.0))
    }
}

/// What one organisation's days are, before it is known how much organisations differ.
struct Own {
    /// Its winter's mean score less that of the others, with the variance of that.
    winter: Option<(f64, f64)>,
    summer: (f64, f64),
    by_an_hour: f64,
}

/// For each organisation; none where it, or the others, have no case in summer, or the others' day is the same at all hours.
#[must_use]
pub fn an_hour_early(organisations: &[Days]) -> Vec<Option<Shifted>> {
    an_hour_early_within(organisations, &|cases| (cases, cases))
}

/// The same of counts that are not known exactly: each organisation's summer as late, and its winter as early, as it may be, where `within` says the
/// least and the most that a count may stand for.
#[must_use]
pub fn an_hour_early_within(organisations: &[Days], within: &dyn Fn(u64) -> (u64, u64)) -> Vec<Option<Shifted>> {
    let mut all: Days = [[0; 24]; 2];
    organisations.iter().for_each(|days| each(&mut all, days, u64::saturating_add));
    let own: Vec<Option<Own>> = organisations.iter().map(|days| own(days, &all, within)).collect();
    let seasons = own.iter().flatten().flat_map(|own| own.winter.into_iter().chain([own.summer]));
    let units: Vec<(f64, f64)> = seasons
        .map(|(off, variance)| (off / variance.sqrt(), variance.sqrt()))
        .filter(|(z, _)| z.is_finite())
        .collect();
    let between = over_dispersion(&units, 0.1).map_or(0.0, |spread| spread.tau_squared);
    own.into_iter().map(|own| own.map(|own| shifted(&own, between))).collect()
}

/// How the summer of one that has no others lies to its own winter: as above, where the day is that of both seasons together. Chance is that of
/// dealing its cases out to the seasons, so each case may come once.
#[must_use]
pub fn an_hour_early_of_its_own(days: &Days) -> Option<Shifted> {
    let [winter, summer] = days;
    let both: [u64; 24] = std::array::from_fn(|hour| at(winter, hour).saturating_add(at(summer, hour)));
    let share = |hour: usize| at(&both, hour % 24) as f64 + 1.0;
    let score: [f64; 24] = std::array::from_fn(|hour| maths::ln(share(hour + 1) / share(hour)));
    let count = |hours: &[u64; 24]| maths::total(hours.iter().map(|cases| *cases as f64));
    let sum = |hours: &[u64; 24], of: fn(f64) -> f64| {
        maths::total(hours.iter().zip(&score).map(|(cases, score)| *cases as f64 * of(*score)))
    };
    let (of_winter, of_summer, all) = (count(winter), count(summer), count(&both));
    if of_winter == 0.0 || of_summer == 0.0 || all < 3.0 {
        return None;
    }
    let mean = sum(&both, |score| score) / all;
    let variance = (sum(&both, |score| score * score) - all * mean * mean) / (all - 1.0);
    let shares = maths::total((0..24).map(share));
    let moved = maths::total(score.iter().enumerate().map(|(hour, score)| share(hour + 1) * score)) / shares;
    let stays = maths::total(score.iter().enumerate().map(|(hour, score)| share(hour) * score)) / shares;
    let error = (variance * (1.0 / of_winter + 1.0 / of_summer)).sqrt();
    let early = sum(summer, |score| score) / of_summer - sum(winter, |score| score) / of_winter;
    (error > 0.0 && moved > stays).then(|| Shifted { z: early / error, expected: (moved - stays) / error })
}

fn each(all: &mut Days, days: &Days, with: fn(u64, u64) -> u64) {
    all.iter_mut().flatten().zip(days.iter().flatten()).for_each(|(sum, cases)| *sum = with(*sum, *cases));
}

fn own(days: &Days, all: &Days, within: &dyn Fn(u64) -> (u64, u64)) -> Option<Own> {
    let mut others = *all;
    each(&mut others, days, u64::saturating_sub);
    let [winter, summer] = &others;
    // Each hour once more, so that none is without a share.
    let shares: [f64; 24] = std::array::from_fn(|hour| at(winter, hour) as f64 + at(summer, hour) as f64 + 1.0);
    let share = |hour: usize| shares.get(hour % 24).copied().unwrap_or(1.0);
    let score: [f64; 24] = std::array::from_fn(|hour| maths::ln(share(hour + 1) / share(hour)));
    let sum = maths::total(shares);
    let mean = |of: &dyn Fn(usize, f64) -> f64| {
        maths::total(score.iter().enumerate().map(|(hour, score)| of(hour, *score))) / sum
    };
    let usual = mean(&|hour, score| share(hour) * score);
    let variance = mean(&|hour, score| share(hour) * score * score) - usual * usual;
    let by_an_hour = mean(&|hour, score| share(hour + 1) * score) - usual;
    let season = |own: &[u64; 24], others: &[u64; 24], late: bool| {
        let scored = |hours: &[u64; 24]| {
            let all = maths::total(hours.iter().map(|cases| *cases as f64));
            let sum = maths::total(hours.iter().zip(&score).map(|(cases, score)| *cases as f64 * score));
            (all > 0.0).then(|| (sum / all, variance / all))
        };
        let ((shown, _), (usual, of_others)) = (scored(own)?, scored(others)?);
        let furthest: [u64; 24] = std::array::from_fn(|hour| {
            let (least, most) = within(at(own, hour));
            let is_early = score.get(hour).is_some_and(|score| *score > shown);
            if is_early == late { least } else { most }
        });
        let (own, chance) = scored(&furthest)?;
        Some((own - usual, chance + of_others))
    };
    let summer = season(days.get(1)?, summer, true)?;
    (variance > 0.0 && by_an_hour > 0.0).then(|| Own { winter: season(&days[0], winter, false), summer, by_an_hour })
}

fn at(hours: &[u64; 24], hour: usize) -> u64 {
    hours.get(hour).copied().unwrap_or(0)
}

fn shifted(own: &Own, between: f64) -> Shifted {
    let (winter, of_winter) = own.winter.unwrap_or((0.0, f64::INFINITY));
    let (summer, of_summer) = own.summer;
    let weight = between / (between + of_winter);
    let error = (of_summer + between * (1.0 - weight)).sqrt();
    Shifted { z: (summer - weight * winter) / error, expected: own.by_an_hour / error }
}

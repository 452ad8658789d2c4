//! A figure from the numbers of its cases: its value, its interval, how it is written, and organisations beside one another.

use crate::results::{Estimate, FigureValue, Shown};
use concord_engine::plan::figure::{Figure, Statistic};
use concord_engine::plan::library::{Basis, Measure, Target};
use concord_engine::values::types::Type;
use concord_engine::variation::Fault;
use concord_engine::variation::clustered::{dispersion, is_point, share};
use concord_engine::variation::figures::{
    Bands, Compared, Figure as Found, Parts, Reading, Standing, Sums, percentile, rate, ratio, standings as compared,
};
use concord_engine::variation::funnel::{Flag, FunnelOptions, ObservedExpected, ratio_funnel};
use concord_engine::variation::overdispersion::SpreadEstimate;
use std::collections::BTreeMap;

/// The numbers of some cases.
#[derive(Clone, Debug, Default)]
pub(super) struct Pile {
    pub(super) excluded: u64,
    pub(super) open: u64,
    pub(super) unknown: u64,
    /// Of the unknown, those that count against and stand in the sums.
    pub(super) against: u64,
    /// Those that would count, and have no number: they are in none of the rest.
    pub(super) without: u64,
    /// Of a percentile.
    pub(super) readings: Vec<Reading>,
    /// Of a mean, a sum or a ratio.
    pub(super) sums: Sums,
    /// Of its cases, those that have anything above the line; and those that have there another number than below it.
    pub(super) some: u64,
    pub(super) other: u64,
}

impl Pile {
    pub(super) fn take(&mut self, other: &Pile) {
        self.excluded += other.excluded;
        self.open += other.open;
        self.unknown += other.unknown;
        self.against += other.against;
        self.without += other.without;
        self.readings.extend_from_slice(&other.readings);
        self.sums.take(&other.sums);
        self.some += other.some;
        self.other += other.other;
    }

    /// The same where nothing of it is decided.
    pub(super) fn undecided(&self) -> Pile {
        let decided = self.cases().saturating_sub(self.against);
        Pile {
            excluded: self.excluded,
            open: self.open,
            unknown: self.unknown + decided,
            without: self.without,
            ..Pile::default()
        }
    }

    /// Adds a case of a ratio.
    pub(super) fn add(&mut self, parts: Parts) {
        self.sums.add(parts);
        self.some += u64::from(parts.part != 0);
        self.other += u64::from(parts.part != parts.whole);
    }

    /// Adds a number that is added up.
    pub(super) fn add_number(&mut self, number: Reading) {
        self.sums.add_reading(number);
        self.some += u64::from(number.value != 0);
        self.other += u64::from(number.value != 1);
    }

    /// Its cases, but for those that are unknown and do not count.
    pub(super) fn cases(&self) -> u64 {
        let read = self.readings.iter().fold(0, |sum: u64, reading| sum.saturating_add(reading.cases));
        read.saturating_add(self.sums.cases)
    }
}

/// The figure of some cases, exactly.
pub(super) fn estimate(measure: &Measure, pile: &Pile) -> Option<Estimate> {
    let scale = scale(measure);
    let found = found(measure, pile).ok()?;
    let interval = found.interval.map(|interval| (interval.lower / scale, interval.upper / scale));
    let interval = match &measure.basis {
        Basis::Number(_) => interval,
        _ => interval.map(|(low, high)| (low.max(0.0), high.min(1.0))),
    };
    let Found { at_least, upper_at_least, .. } = found;
    Some(Estimate { value: found.value / scale, interval, at_least, upper_at_least, within: None })
}

pub(super) fn found(measure: &Measure, pile: &Pile) -> Result<Found, Fault> {
    let Basis::Number(figure) = &measure.basis else { return share(&pile.sums, 0.95) };
    match figure.statistic {
        Statistic::Percentile { per_mille, bands } => percentile(&pile.readings, per_mille, 0.95, in_bands(bands)),
        Statistic::Mean => Ok(unless_alike(ratio(&pile.sums, 0.95)?)),
        Statistic::Sum if pile.sums.cases == 0 => Err(Fault::NoData),
        Statistic::Sum => {
            Ok(Found { value: pile.sums.part as f64, interval: None, at_least: false, upper_at_least: false })
        }
        Statistic::Per { times, places, events: true, .. } => {
            let (events, exposure) = counted(&pile.sums);
            let found = rate(events, exposure, so_many(times, places), 0.95)?;
            Ok(of_clusters(found, &pile.sums, so_many(times, places)))
        }
        Statistic::Per { times, places, .. } => {
            let per = so_many(times, places);
            let mut found = unless_alike(ratio(&pile.sums, 0.95)?);
            found.value *= per;
            if let Some(interval) = &mut found.interval {
                (interval.lower, interval.upper) = (interval.lower * per, interval.upper * per);
            }
            Ok(found)
        }
    }
}

/// A figure without an interval where all its cases are alike: nothing tells how far it may be off.
fn unless_alike(found: Found) -> Found {
    if is_point(&found) { Found { interval: None, ..found } } else { found }
}

/// Where cases hold several events each, which come together, the interval reaches at least as far as that of the linearised variance.
fn of_clusters(mut found: Found, sums: &Sums, per: f64) -> Found {
    let wider = (dispersion(std::iter::once(sums)) > 1.0).then(|| ratio(sums, 0.95).ok()?.interval).flatten();
    if let Some((own, wider)) = found.interval.as_mut().zip(wider) {
        own.lower = own.lower.min(wider.lower * per).max(0.0);
        own.upper = own.upper.max(wider.upper * per);
    }
    found
}

/// So many of a number as it is summed: with its digits after the point.
pub(super) fn so_many(times: i64, places: u8) -> f64 {
    times as f64 * power_of_ten(places)
}

fn in_bands(bands: Option<concord_engine::plan::figure::Bands>) -> Option<Bands> {
    bands.map(|bands| Bands { width: bands.width, open_from: bands.open_from })
}

/// Events, and their exposure.
pub(super) fn counted(sums: &Sums) -> (u64, f64) {
    (u64::try_from(sums.part).unwrap_or(u64::MAX), sums.whole as f64)
}

/// By what the scaled numbers are divided to be shown.
pub(super) fn scale(measure: &Measure) -> f64 {
    let Basis::Number(figure) = &measure.basis else { return 1.0 };
    power_of_ten(places(&figure.ty))
}

fn power_of_ten(places: u8) -> f64 {
    (0..places).fold(1.0, |scale, _| scale * 10.0)
}

pub(super) fn places(ty: &Type) -> u8 {
    if let Type::Number { places, .. } = ty { *places } else { 0 }
}

/// How the figure is written: what lies between numbers, with one place more than they have.
pub(super) fn shown(measure: &Measure) -> Shown {
    let Basis::Number(figure) = &measure.basis else { return Shown::Share };
    let more = match figure.statistic {
        Statistic::Sum => 0,
        Statistic::Percentile { .. } | Statistic::Mean => 1,
        Statistic::Per { .. } => 2,
    };
    written(figure, places(&figure.ty) + more)
}

/// How a number of so many places is written.
pub(super) fn written(figure: &Figure, places: u8) -> Shown {
    match (&figure.ty, figure.statistic) {
        (_, Statistic::Per { plain: true, .. }) => Shown::Number { places, unit: None },
        (Type::Duration, _) => Shown::Duration,
        (Type::Number { unit, .. }, Statistic::Per { .. }) if unit.as_deref() != Some("GBP") => {
            Shown::Number { places, unit: None }
        }
        (Type::Number { unit, .. }, Statistic::Percentile { .. } | Statistic::Mean)
            if unit.as_deref() == Some("GBP") =>
        {
            Shown::Number { places: 2, unit: unit.clone() }
        }
        (Type::Number { unit, .. }, _) => Shown::Number { places, unit: unit.clone() },
        _ => Shown::Number { places, unit: None },
    }
}

/// A target in the unit in which the figure is shown.
pub(super) fn target_value(measure: &Measure, target: &Target) -> f64 {
    let value = target.value as f64 / power_of_ten(target.places);
    if matches!(measure.basis, Basis::Number(_)) { value } else { value / 100.0 }
}

/// The method in words.
pub(super) fn method(measure: &Measure) -> &'static str {
    let Basis::Number(figure) = &measure.basis else {
        return "The ratio of two sums, with a 95% interval from its linearised variance, cases being the units that vary (Cochran 1977)";
    };
    match figure.statistic {
        Statistic::Percentile { bands: None, .. } => {
            "Linear between order statistics (type 7 of Hyndman and Fan 1996), with a 95% interval between order statistics (Conover 1999)"
        }
        Statistic::Percentile { bands: Some(_), .. } => {
            "Linear within the band in which it falls, as NHS England publishes waits, with a 95% interval between order statistics (Conover 1999)"
        }
        Statistic::Mean => "The mean, with a 95% interval of the normal distribution from 30 cases on",
        Statistic::Sum => "The sum; it has no interval, and grows with the number of cases",
        Statistic::Per { events: true, .. } => {
            "Events over exposure, with the exact 95% interval of a Poisson count (Garwood 1936); where cases vary by more than such counts do, at least that of \
             their linearised variance (Cochran 1977)"
        }
        Statistic::Per { .. } => {
            "The ratio of two sums, with a 95% interval from its linearised variance, cases being the units that vary (Cochran 1977)"
        }
    }
}

/// Organisations beside the group.
#[derive(Default)]
pub(super) struct Standings {
    pub(super) found: Vec<Option<Standing>>,
    pub(super) phi: Option<f64>,
    pub(super) method: &'static str,
}

/// Where each organisation stands; a sum is not compared.
pub(super) fn standings(measure: &Measure, organisations: &BTreeMap<String, Pile>, total: &Pile) -> Standings {
    let Ok(centre) = found(measure, total) else { return Standings::default() };
    let statistic = match &measure.basis {
        Basis::Number(figure) => Some(figure.statistic),
        _ => None,
    };
    match statistic {
        Some(Statistic::Sum) => Standings::default(),
        Some(Statistic::Per { events: true, .. }) => by_events(organisations, total),
        Some(Statistic::Per { times, places, .. }) => {
            let ratio = centre.value / so_many(times, places);
            of_kind(organisations, total, ratio, |pile| Compared::Ratio(&pile.sums), RATIOS)
        }
        Some(Statistic::Percentile { .. }) => {
            of_kind(organisations, total, centre.value, |pile| Compared::Percentile(&pile.readings), PERCENTILES)
        }
        Some(Statistic::Mean) => of_kind(organisations, total, centre.value, |pile| Compared::Ratio(&pile.sums), MEANS),
        None => of_kind(organisations, total, centre.value, |pile| Compared::Ratio(&pile.sums), RATIOS),
    }
}

/// Where an organisation stands by a percentile: the share of its cases up to the group's may lie apart, though its own percentile is the same, as where many times are
/// one number. By that figure it is inside then, whatever the others' shares are.
pub(super) fn apart(measure: &Measure, standing: Standing, [own, all]: [&FigureValue; 2]) -> Standing {
    let Basis::Number(Figure { statistic: Statistic::Percentile { .. }, .. }) = &measure.basis else { return standing };
    let (Some(own), Some(all)) = (own.estimate, all.estimate) else { return standing };
    let lies = |flag: Flag| match flag {
        Flag::High95 | Flag::High998 => own.value > all.value || own.at_least,
        Flag::Low95 | Flag::Low998 => own.value < all.value || all.at_least,
        Flag::Within => true,
    };
    if lies(standing.flag) && lies(standing.flag_adjusted) {
        return standing;
    }
    Standing { z: 0.0, z_adjusted: 0.0, p_adjusted: 1.0, flag: Flag::Within, flag_adjusted: Flag::Within }
}

const PERCENTILES: &str = "the share of an organisation's cases at or below the group's figure, against the group's share (quantile test, Conover 1999)";
const MEANS: &str = "the distance of an organisation's mean from the group's in its own standard errors";
const RATIOS: &str =
    "the distance of an organisation's ratio from the group's in its own standard errors (Cochran 1977)";
const EVENTS: &str = "observed events over those expected at the group's rate, on the square-root scale, exact Poisson limits where few are expected (Spiegelhalter 2005); of as many fewer as events come together in cases";

fn of_kind<'a>(
    organisations: &'a BTreeMap<String, Pile>,
    total: &'a Pile,
    centre: f64,
    kind: impl Fn(&'a Pile) -> Compared<'a>,
    method: &'static str,
) -> Standings {
    let units: Vec<Compared<'_>> = organisations.values().map(&kind).collect();
    let (found, over) = compared(&units, &kind(total), centre);
    Standings { found, phi: over.map(|over| over.phi), method }
}

/// So many of a count by which it tells less.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn fewer(count: u64, effect: f64) -> u64 {
    if effect > 1.0 { (count as f64 / effect).round() as u64 } else { count }
}

fn by_events(organisations: &BTreeMap<String, Pile>, total: &Pile) -> Standings {
    let (events, exposure) = counted(&total.sums);
    // Events that come together in cases tell as little as so many fewer.
    let effect = dispersion(organisations.values().map(|pile| &pile.sums));
    // Where there was no exposure none are expected, and nothing is compared.
    let exposed = organisations.values().enumerate().filter(|(_, pile)| pile.sums.whole > 0);
    let (places, units): (Vec<usize>, Vec<ObservedExpected>) = exposed
        .map(|(place, pile)| {
            let (observed, own) = counted(&pile.sums);
            let expected = own * events as f64 / exposure / effect;
            (place, ObservedExpected { observed: fewer(observed, effect), expected })
        })
        .unzip();
    let mut found = vec![None; organisations.len()];
    let options = FunnelOptions { estimate: SpreadEstimate::Middle, ..FunnelOptions::default() };
    let Ok(funnel) = ratio_funnel(&units, &options) else {
        return Standings { found, phi: None, method: EVENTS };
    };
    for point in &funnel.points {
        if let Some(place) = places.get(point.unit).and_then(|place| found.get_mut(*place)) {
            *place = Some(Standing {
                z: point.z,
                z_adjusted: point.z_adjusted,
                p_adjusted: point.p_adjusted,
                flag: point.flag,
                flag_adjusted: point.flag_adjusted,
            });
        }
    }
    Standings { found, phi: funnel.model.over_dispersion.map(|over| over.phi), method: EVENTS }
}

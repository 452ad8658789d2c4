//! Case mix: indirect standardisation over declared strata.
//!
//! The reference rate of a stratum is that of all organisations together. An
//! organisation expects in each stratum its own cases times that rate:
//!
//! ```text
//! E = Σ cases(s) · events(s, all) / cases(s, all)      ratio = O/E
//! interval  O exact Poisson: χ²(α/2; 2O)/2, χ²(1-α/2; 2(O+1))/2, over E
//! rate = ratio × overall rate
//! ```
//!
//! Garwood (1936) for the exact interval; Byar's approximation (Breslow & Day
//! 1987, p. 69) beside it as a check. Where events are common the Poisson
//! interval is wider than it need be.

use std::collections::BTreeMap;

use serde::Serialize;

use super::discrete::Discrete;
use super::{Fault, Interval, maths, normal_deviate};

/// The cases of one organisation in one stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StratumCount {
    /// The organisation.
    pub organisation: String,
    /// The stratum, such as an age band within a sex.
    pub stratum: String,
    /// How many had the event.
    pub events: u64,
    /// How many cases.
    pub cases: u64,
}

/// The reference of one stratum: all organisations together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratumReference {
    /// The stratum.
    pub stratum: String,
    /// Events in all organisations.
    pub events: u64,
    /// Cases in all organisations.
    pub cases: u64,
    /// Events over cases; `None` without a case.
    pub rate: Option<f64>,
}

/// One organisation, standardised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standardised {
    /// The organisation.
    pub organisation: String,
    /// Observed events.
    pub observed: u64,
    /// Its cases.
    pub cases: u64,
    /// Expected events.
    pub expected: f64,
    /// Observed over expected; `None` if nothing is expected.
    pub ratio: Option<f64>,
    /// The exact Poisson interval of the ratio.
    pub interval: Option<Interval>,
    /// Byar's approximation of the same.
    pub byar: Option<Interval>,
    /// The ratio times the overall rate; may exceed 1 at an extreme case mix.
    pub rate: Option<f64>,
}

/// Indirect standardisation of a measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standardisation {
    /// All events over all cases.
    pub overall_rate: f64,
    /// The reference, by name of stratum.
    pub strata: Vec<StratumReference>,
    /// The organisations, by name.
    pub organisations: Vec<Standardised>,
}

/// Indirect standardisation with intervals at a confidence level such as 0.95.
///
/// Rows come in any order; those of the same organisation and stratum are added
/// up. Refused: no cases at all; more events than cases; a level not between 0 and 1.
pub fn indirect(rows: &[StratumCount], level: f64) -> Result<Standardisation, Fault> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Fault::BadOption { name: "level" });
    }
    let mut strata: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut cells: BTreeMap<&str, BTreeMap<&str, (u64, u64)>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if row.events > row.cases {
            return Err(Fault::NumeratorExceedsDenominator { index });
        }
        let own = cells.entry(&row.organisation).or_default();
        add(own.entry(&row.stratum).or_default(), row);
        add(strata.entry(&row.stratum).or_default(), row);
    }
    let strata: Vec<StratumReference> = strata
        .into_iter()
        .map(|(stratum, (events, cases))| StratumReference {
            stratum: stratum.to_owned(),
            events,
            cases,
            rate: (cases > 0).then(|| events as f64 / cases as f64),
        })
        .collect();
    let events = maths::total(strata.iter().map(|s| s.events as f64));
    let cases = maths::total(strata.iter().map(|s| s.cases as f64));
    if cases < 1.0 {
        return Err(Fault::NoData);
    }
    let overall_rate = events / cases;
    let rates: BTreeMap<&str, f64> = strata.iter().map(|s| (s.stratum.as_str(), s.rate.unwrap_or(0.0))).collect();
    let organisations = cells.iter().map(|(name, own)| standardised(name, own, &rates, overall_rate, level)).collect();
    Ok(Standardisation { overall_rate, strata, organisations })
}

fn add(cell: &mut (u64, u64), row: &StratumCount) {
    cell.0 = cell.0.saturating_add(row.events);
    cell.1 = cell.1.saturating_add(row.cases);
}

fn standardised(
    name: &str,
    own: &BTreeMap<&str, (u64, u64)>,
    rates: &BTreeMap<&str, f64>,
    overall_rate: f64,
    level: f64,
) -> Standardised {
    let observed = own.values().fold(0_u64, |sum, (events, _)| sum.saturating_add(*events));
    let cases = own.values().fold(0_u64, |sum, (_, cases)| sum.saturating_add(*cases));
    let expected = maths::total(
        own.iter().map(|(stratum, (_, cases))| *cases as f64 * rates.get(stratum).copied().unwrap_or(0.0)),
    );
    let over = |interval: Option<Interval>| {
        interval.filter(|_| expected > 0.0).map(|i| Interval { lower: i.lower / expected, upper: i.upper / expected })
    };
    let ratio = (expected > 0.0).then(|| observed as f64 / expected);
    Standardised {
        organisation: name.to_owned(),
        observed,
        cases,
        expected,
        ratio,
        interval: over(poisson_interval(observed, level)),
        byar: over(byar_interval(observed, level)),
        rate: ratio.map(|r| r * overall_rate),
    }
}

/// The exact interval of a Poisson mean from one count (Garwood 1936):
/// `χ²(α/2; 2O)/2` to `χ²(1-α/2; 2(O+1))/2`, found as the means whose tail
/// beyond the count is α/2. `None` unless `0 < level < 1`.
pub fn poisson_interval(observed: u64, level: f64) -> Option<Interval> {
    let z = normal_deviate(level)?;
    let tail = (1.0 - level) / 2.0;
    let o = observed as f64;
    let reach = 20.0 + 2.0 * z * z + 2.0 * z * (o + 1.0).sqrt();
    let lower = if observed == 0 {
        0.0
    } else {
        let start = (o - reach).max(o * 1e-12);
        maths::root(start, o, 1e-14, |mean| Discrete::Poisson { mean }.at_least(observed) - tail)
    };
    let upper = maths::root(o.max(1e-12), o + reach, 1e-14, |mean| Discrete::Poisson { mean }.at_most(observed) - tail);
    Some(Interval { lower, upper })
}

/// Byar's approximation of the same interval:
/// `O (1 - 1/9O - z/3√O)³` to `(O+1) (1 - 1/9(O+1) + z/3√(O+1))³`.
pub fn byar_interval(observed: u64, level: f64) -> Option<Interval> {
    let z = normal_deviate(level)?;
    let at = |count: f64, z: f64| {
        let root = 1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt());
        (count * root * root * root).max(0.0)
    };
    let o = observed as f64;
    let lower = if observed == 0 { 0.0 } else { at(o, -z) };
    Some(Interval { lower, upper: at(o + 1.0, z) })
}

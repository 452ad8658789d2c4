//! Funnel plots: each unit against limits that narrow with its size.
//!
//! Spiegelhalter (2005), "Funnel plots for comparing institutional performance",
//! Statistics in Medicine 24; over-dispersion as in Spiegelhalter et al. (2012).
//!
//! ```text
//! proportion  y = asin √(r/n)   s = 1/(2√n)   target θ = asin √(Σr/Σn)   rate = sin² y
//! ratio       y = √(O/E)        s = 1/(2√E)   target 1                   ratio = y²
//! z = (y - target)/s            limits = back-transformed target ± z_q √(s² + τ²)
//! ```
//!
//! Where τ² is that of the middle half, the widened limits, and the z beside them, are about the
//! median unit that it is about: one large unit takes the rate of all with it, and leaves the spread of the others where it is.
//!
//! Where few events are expected the plain limits are the exact binomial or
//! Poisson ones, interpolated as in Spiegelhalter's appendix A.1.1. Adjusted
//! limits are on the transformed scale, since τ² lives there, and never narrower
//! than those of chance. A flag rests on the exact two-sided mid-p value at every
//! size, with over-dispersion on the larger of that and the p value of the widened
//! z, on the same side of both; a unit below a least size is shown and not flagged, and widens nothing. The
//! ratio's logarithm is not used because it does not exist for a unit without an event.

use serde::Serialize;

use super::funnel_limits::chance;
use super::overdispersion::{SpreadEstimate, of_the_middle, over_dispersion};
use super::proportion::Proportion;
use super::{Fault, LARGEST, maths};

pub use super::funnel_limits::{CurvePoint, Flag, FunnelKind, FunnelLimits, FunnelModel, Widening};

/// Observed and expected events of a unit, as from indirect standardisation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ObservedExpected {
    /// Observed events.
    pub observed: u64,
    /// Expected events, not below 0.
    pub expected: f64,
}

/// What a funnel is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunnelOptions {
    /// Plain limits are exact where fewer events, or fewer cases without the
    /// event, than this are expected; `f64::INFINITY` makes them exact everywhere.
    pub exact_below: f64,
    /// The share of z values winsorised at each end.
    pub trim: f64,
    /// How limits are widened.
    pub widening: Widening,
    /// How the variance between units is estimated.
    pub estimate: SpreadEstimate,
    /// Units of fewer cases, or of fewer events both observed and expected, are not flagged; [`LEAST_CASES`] or [`LEAST_EVENTS`] unless said.
    pub least: Option<f64>,
    /// The rate or ratio that all are held to, where it is known otherwise than by the units that take part; from 0, and of a rate no more than 1.
    pub target: Option<f64>,
}

/// Units of fewer cases than this are shown and not flagged: one or two cases can reach any p value, and say nothing of how a unit works.
pub const LEAST_CASES: f64 = 10.0;
/// Of fewer units than this the middle half says too little, and the winsorised estimate stands.
pub(super) const LEAST_FOR_THE_MIDDLE: usize = 10;
/// Units with fewer events than this, both observed and expected, are shown and not flagged.
pub const LEAST_EVENTS: f64 = 3.0;

impl Default for FunnelOptions {
    fn default() -> Self {
        FunnelOptions {
            exact_below: 10.0,
            trim: 0.1,
            widening: Widening::Additive,
            estimate: SpreadEstimate::Winsorised,
            least: None,
            target: None,
        }
    }
}

/// One unit of a funnel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FunnelPoint {
    /// Position of the unit in the input.
    pub unit: usize,
    /// Events.
    pub observed: u64,
    /// The size that the funnel narrows with: cases, or expected events.
    pub size: f64,
    /// The rate or ratio.
    pub value: f64,
    /// Standard deviations from the target by chance alone.
    pub z: f64,
    /// The same with over-dispersion allowed for; from the median unit, where the spread is about that.
    pub z_adjusted: f64,
    /// Two-sided exact mid-p value, by chance alone.
    pub p: f64,
    /// Two-sided normal p value of [`z_adjusted`](Self::z_adjusted), not below [`p`](Self::p); 1 where the two lie on different sides.
    pub p_adjusted: f64,
    /// Too small to be flagged.
    pub few: bool,
    /// The part of the squared distances of all units, in standard errors, that is this unit's; 0 for one that is not a reference.
    pub part: f64,
    /// Limits by chance alone.
    pub limits: FunnelLimits,
    /// Limits with over-dispersion allowed for.
    pub limits_adjusted: FunnelLimits,
    /// Where it lies by chance alone.
    pub flag: Flag,
    /// Where it lies with over-dispersion allowed for.
    pub flag_adjusted: Flag,
}

/// How many units lie beyond the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// Beyond 95 %, those beyond 99.8 % included.
    pub beyond_95: usize,
    /// Beyond 99.8 %.
    pub beyond_998: usize,
}

/// A funnel plot: plain data to draw and to tabulate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Funnel {
    /// Target, φ, τ²: what the limits follow from, at any size.
    pub model: FunnelModel,
    /// Units with a denominator, in the order of the input.
    pub points: Vec<FunnelPoint>,
    /// Positions of units left out for want of cases or of expected events.
    pub left_out: Vec<usize>,
    /// How many lie outside by chance alone.
    pub outside: Outside,
    /// How many lie outside with over-dispersion allowed for.
    pub outside_adjusted: Outside,
}

impl Outside {
    /// Of so many flags.
    pub fn of(flags: impl Iterator<Item = Flag>) -> Outside {
        let mut outside = Outside::default();
        for flag in flags {
            outside.beyond_95 += usize::from(flag != Flag::Within);
            outside.beyond_998 += usize::from(matches!(flag, Flag::High998 | Flag::Low998));
        }
        outside
    }
}

struct Unit {
    index: usize,
    observed: u64,
    size: f64,
    /// It takes part in the target and the spread.
    counts: bool,
}

impl Unit {
    fn few(&self, kind: FunnelKind, least: Option<f64>) -> bool {
        match kind {
            FunnelKind::Proportion => self.size < least.unwrap_or(LEAST_CASES),
            FunnelKind::Ratio => self.size.max(self.observed as f64) < least.unwrap_or(LEAST_EVENTS),
        }
    }

    fn value(&self) -> f64 {
        self.observed as f64 / self.size
    }
}

/// The funnel of units' proportions against their overall rate.
///
/// Units without cases are left out and listed. Refused: no unit with cases, and
/// a numerator above its denominator.
pub fn proportion_funnel(units: &[Proportion], options: &FunnelOptions) -> Result<Funnel, Fault> {
    proportion_funnel_about(units, &vec![true; units.len()], options)
}

/// The same about the rate, and with the spread, of those units alone that `reference` marks.
pub fn proportion_funnel_about(
    units: &[Proportion],
    reference: &[bool],
    options: &FunnelOptions,
) -> Result<Funnel, Fault> {
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        if unit.numerator > unit.denominator {
            return Err(Fault::NumeratorExceedsDenominator { index });
        }
        if unit.denominator == 0 {
            left_out.push(index);
            continue;
        }
        let counts = reference.get(index).copied().unwrap_or(true);
        rows.push(Unit { index, observed: unit.numerator, size: unit.denominator as f64, counts });
    }
    if rows.iter().all(|row| !row.counts) {
        rows.iter_mut().for_each(|row| row.counts = true);
    }
    let cases = maths::total(rows.iter().filter(|row| row.counts).map(|r| r.size));
    let events = maths::total(rows.iter().filter(|row| row.counts).map(|r| r.observed as f64));
    build(FunnelKind::Proportion, events / cases, &rows, left_out, options)
}

/// The funnel of units' observed over expected events against a ratio of 1.
///
/// Units that expect nothing are left out and listed. Refused: no unit that
/// expects an event, and an expectation that is negative, not finite or above
/// [`LARGEST`].
pub fn ratio_funnel(units: &[ObservedExpected], options: &FunnelOptions) -> Result<Funnel, Fault> {
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        if !unit.expected.is_finite() {
            return Err(Fault::NotFinite { index });
        }
        if unit.expected < 0.0 {
            return Err(Fault::NotPositive { index });
        }
        if unit.expected > LARGEST {
            return Err(Fault::TooLarge { index });
        }
        if unit.expected < 1e-9 {
            left_out.push(index);
            continue;
        }
        rows.push(Unit { index, observed: unit.observed, size: unit.expected, counts: true });
    }
    build(FunnelKind::Ratio, 1.0, &rows, left_out, options)
}

fn build(
    kind: FunnelKind,
    target: f64,
    rows: &[Unit],
    left_out: Vec<usize>,
    options: &FunnelOptions,
) -> Result<Funnel, Fault> {
    if rows.is_empty() {
        return Err(Fault::NoData);
    }
    if options.exact_below.is_nan() {
        return Err(Fault::BadOption { name: "exact_below" });
    }
    let most = if kind == FunnelKind::Proportion { 1.0 } else { f64::MAX };
    if options.target.is_some_and(|target| !(0.0..=most).contains(&target)) {
        return Err(Fault::BadOption { name: "target" });
    }
    let target = options.target.unwrap_or(target);
    let mut model = FunnelModel {
        kind,
        target,
        over_dispersion: None,
        middle: None,
        widening: options.widening,
        exact_below: options.exact_below,
    };
    let sized = |row: &&Unit| row.counts && !row.few(kind, options.least);
    let mut wide: Vec<&Unit> = rows.iter().filter(sized).collect();
    if wide.len() < 2 {
        wide = rows.iter().filter(|row| row.counts).collect();
    }
    let spread: Vec<(f64, f64)> = wide.iter().map(|row| (model.z(row.value(), row.size), chance(row.size))).collect();
    if rows.len() > 1 && spread.len() > 1 {
        let mut over = over_dispersion(&spread, options.trim)?;
        if options.estimate == SpreadEstimate::Middle && spread.len() >= LEAST_FOR_THE_MIDDLE {
            let (tau_squared, centre) = of_the_middle(&spread);
            over.tau_squared = tau_squared;
            model.middle = Some(model.usual() + centre);
        }
        model.over_dispersion = Some(over);
    }
    let squares = maths::total(spread.iter().map(|(z, _)| z * z));
    let mut points: Vec<FunnelPoint> = rows.iter().map(|row| point(&model, row, options.least)).collect();
    for point in points.iter_mut().filter(|point| wide.iter().any(|row| row.index == point.unit)) {
        point.part = if squares > 0.0 { point.z * point.z / squares } else { 0.0 };
    }
    Ok(Funnel {
        model,
        left_out,
        outside: Outside::of(points.iter().map(|p| p.flag)),
        outside_adjusted: Outside::of(points.iter().map(|p| p.flag_adjusted)),
        points,
    })
}

fn point(model: &FunnelModel, unit: &Unit, least: Option<f64>) -> FunnelPoint {
    let (value, size) = (unit.value(), unit.size);
    let z = model.z(value, size);
    let s = chance(size);
    let off = model.middle.map_or(z * s, |middle| model.transform(value) - middle);
    let z_adjusted = off / model.widened(s);
    let few = unit.few(model.kind, least);
    let p = model.chance_at(size).mid_p(unit.observed);
    let p_adjusted = match model.is_widened() {
        true if z * z_adjusted < 0.0 => 1.0,
        true => maths::normal_two_sided(z_adjusted).max(p),
        false => p,
    };
    let flag = |p: f64| if few { Flag::Within } else { Flag::of(p, value > model.target) };
    FunnelPoint {
        unit: unit.index,
        observed: unit.observed,
        size,
        value,
        z,
        z_adjusted,
        p,
        p_adjusted,
        few,
        part: 0.0,
        limits: model.limits(size),
        limits_adjusted: model.limits_adjusted(size),
        flag: flag(p),
        flag_adjusted: flag(p_adjusted),
    }
}

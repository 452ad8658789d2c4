//! The limits of a funnel plot, and its curves.
//!
//! By chance alone: arcsine or square-root limits, or the exact binomial or
//! Poisson ones where few events are expected. With over-dispersion allowed for:
//! on the transformed scale, since τ² lives there, about the unit
//! that it is about. Formulas in [`super::funnel`].

use serde::Serialize;

use super::discrete::Discrete;
use super::overdispersion::OverDispersion;
use super::{Fault, LARGEST, Z_95, Z_998};

/// How limits are widened for over-dispersion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Widening {
    /// `√(s² + τ²)`: units differ by a random effect. The default.
    Additive,
    /// `s √φ`, where φ is above 1: every unit's chance is understated alike.
    Multiplicative,
}

/// Control limits in the unit of the funnel: a rate 0 to 1, or a ratio from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FunnelLimits {
    /// Lower 95 % limit.
    pub lower_95: f64,
    /// Upper 95 % limit.
    pub upper_95: f64,
    /// Lower 99.8 % limit.
    pub lower_998: f64,
    /// Upper 99.8 % limit.
    pub upper_998: f64,
}

/// Where a unit lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Within the 95 % limits, or too small to be flagged.
    Within,
    /// Above the 95 % limit.
    High95,
    /// Below the 95 % limit.
    Low95,
    /// Above the 99.8 % limit.
    High998,
    /// Below the 99.8 % limit.
    Low998,
}

impl Flag {
    /// By a two-sided p value and the side on which a value lies.
    pub fn of(p: f64, high: bool) -> Flag {
        match (p, high) {
            (p, true) if p < 0.002 => Flag::High998,
            (p, false) if p < 0.002 => Flag::Low998,
            (p, true) if p < 0.05 => Flag::High95,
            (p, false) if p < 0.05 => Flag::Low95,
            _ => Flag::Within,
        }
    }
}

/// The limits at one size, for drawing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Cases, or expected events.
    pub size: f64,
    /// Limits by chance alone.
    pub limits: FunnelLimits,
    /// Limits with over-dispersion allowed for.
    pub limits_adjusted: FunnelLimits,
}

/// Which funnel it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelKind {
    /// Proportions, arcsine square root.
    Proportion,
    /// Observed over expected, square root.
    Ratio,
}

/// What a funnel's limits follow from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FunnelModel {
    /// Proportions or ratios.
    pub kind: FunnelKind,
    /// The target: the overall rate, or a ratio of 1.
    pub target: f64,
    /// φ and τ²; `None` with a single unit, and then nothing is adjusted.
    pub over_dispersion: Option<OverDispersion>,
    /// About what limits are widened, on the transformed scale: the median unit, where the spread is that of the middle half; the target otherwise.
    pub middle: Option<f64>,
    /// How limits are widened.
    pub widening: Widening,
    /// Plain limits are exact where fewer events than this are expected.
    pub exact_below: f64,
}

/// The standard error by chance alone on the transformed scale of either funnel.
pub(super) fn chance(size: f64) -> f64 {
    0.5 / size.sqrt()
}

impl FunnelModel {
    /// The limits at `points` sizes between two sizes, both included, closer
    /// together where the funnel is steep (spaced evenly in √size). Sizes of a
    /// proportion are whole cases, from 1.
    pub fn curve(&self, from: f64, to: f64, points: usize) -> Result<Vec<CurvePoint>, Fault> {
        if !(from > 0.0 && to >= from && to <= LARGEST) {
            return Err(Fault::BadOption { name: "from" });
        }
        if !(2..=10_000).contains(&points) {
            return Err(Fault::BadOption { name: "points" });
        }
        let (start, end) = (from.sqrt(), to.sqrt());
        let mut curve: Vec<CurvePoint> = Vec::with_capacity(points);
        for step in 0..points {
            let root = start + (end - start) * step as f64 / (points - 1) as f64;
            let size = self.at_size(root * root);
            if curve.last().is_some_and(|last| size <= last.size) {
                continue;
            }
            curve.push(CurvePoint { size, limits: self.limits(size), limits_adjusted: self.limits_adjusted(size) });
        }
        Ok(curve)
    }

    /// Limits by chance alone at a size: exact where few events are expected.
    /// See [`at_size`](Self::at_size) for sizes that make no sense.
    pub fn limits(&self, size: f64) -> FunnelLimits {
        let size = self.at_size(size);
        let rare = match self.kind {
            FunnelKind::Proportion => size * self.target.min(1.0 - self.target),
            FunnelKind::Ratio => size,
        };
        if rare < self.exact_below {
            self.exact(size)
        } else {
            self.transformed(self.transform(self.target), chance(size))
        }
    }

    /// The nearest size that limits are computed for: whole cases from 1, or
    /// expected events from 0.000000001, up to [`LARGEST`]. NaN is the smallest.
    pub fn at_size(&self, size: f64) -> f64 {
        let size = if size.is_nan() { 0.0 } else { size };
        match self.kind {
            FunnelKind::Proportion => size.round().clamp(1.0, LARGEST),
            FunnelKind::Ratio => size.clamp(1e-9, LARGEST),
        }
    }

    /// Limits with over-dispersion allowed for, at a size; nowhere narrower than those of chance alone.
    pub fn limits_adjusted(&self, size: f64) -> FunnelLimits {
        let size = self.at_size(size);
        let plain = self.limits(size);
        if !self.is_widened() {
            return plain;
        }
        let wide = self.transformed(self.usual(), self.widened(chance(size)));
        FunnelLimits {
            lower_95: wide.lower_95.min(plain.lower_95),
            upper_95: wide.upper_95.max(plain.upper_95),
            lower_998: wide.lower_998.min(plain.lower_998),
            upper_998: wide.upper_998.max(plain.upper_998),
        }
    }

    /// About what limits are widened, on the transformed scale.
    pub(super) fn usual(&self) -> f64 {
        self.middle.unwrap_or_else(|| self.transform(self.target))
    }

    /// Whether units differ by more than chance, so that limits are widened at all, or may do so about another centre.
    pub(super) fn is_widened(&self) -> bool {
        self.middle.is_some()
            || match (self.over_dispersion, self.widening) {
                (None, _) => false,
                (Some(over), Widening::Additive) => over.tau_squared > 0.0,
                (Some(over), Widening::Multiplicative) => over.phi > 1.0,
            }
    }

    pub(super) fn widened(&self, s: f64) -> f64 {
        match (self.over_dispersion, self.widening) {
            (None, _) => s,
            (Some(o), Widening::Additive) => (s * s + o.tau_squared).sqrt(),
            (Some(o), Widening::Multiplicative) => s * o.phi.max(1.0).sqrt(),
        }
    }

    fn exact(&self, size: f64) -> FunnelLimits {
        let x = self.chance_at(size);
        let (scale, most) = match self.kind {
            FunnelKind::Proportion => (size, 1.0),
            FunnelKind::Ratio => (size, f64::MAX),
        };
        let at = |p: f64| (x.interpolated(p) / scale).min(most);
        FunnelLimits { lower_95: at(0.025), upper_95: at(0.975), lower_998: at(0.001), upper_998: at(0.999) }
    }

    pub(super) fn chance_at(&self, size: f64) -> Discrete {
        match self.kind {
            FunnelKind::Proportion => Discrete::Binomial { n: size as u64, p: self.target },
            FunnelKind::Ratio => Discrete::Poisson { mean: size },
        }
    }

    fn transformed(&self, centre: f64, s: f64) -> FunnelLimits {
        let at = |z: f64| self.back(centre + z * s);
        FunnelLimits { lower_95: at(-Z_95), upper_95: at(Z_95), lower_998: at(-Z_998), upper_998: at(Z_998) }
    }

    pub(super) fn transform(&self, value: f64) -> f64 {
        match self.kind {
            FunnelKind::Proportion => libm::asin(value.sqrt().min(1.0)),
            FunnelKind::Ratio => value.sqrt(),
        }
    }

    /// Back to a rate or ratio; beyond either end of the scale is the end, which
    /// keeps limits monotone in size.
    fn back(&self, y: f64) -> f64 {
        match self.kind {
            FunnelKind::Proportion => {
                let sine = libm::sin(y.clamp(0.0, std::f64::consts::FRAC_PI_2));
                sine * sine
            }
            FunnelKind::Ratio => y.max(0.0) * y.max(0.0),
        }
    }

    /// Standard deviations of a value from the target, by chance alone.
    pub(super) fn z(&self, value: f64, size: f64) -> f64 {
        (self.transform(value) - self.transform(self.target)) / chance(size)
    }
}

//! Organisations side by side: funnel, over-dispersion, spread, and many comparisons at once. Never a ranking.

use crate::results::{Audit, Counts, Funnel, Limits, OrganisationRate, Spread};
use concord_engine::variation::funnel::{self, Flag, FunnelLimits, FunnelOptions, FunnelPoint, proportion_funnel};
use concord_engine::variation::multiple_testing::{Adjustment, adjust};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::spread::spread;
use std::collections::BTreeMap;

/// Fewer organisations than this make no funnel.
const LEAST_FOR_A_FUNNEL: usize = 3;
/// Points of each limit's curve.
const CURVE_POINTS: usize = 120;

/// An organisation with its counts as they may be shown.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) counts: Counts,
}

/// The organisations in order of their codes, their funnel and their spread.
pub(super) fn compare(
    units: &[Unit],
    names: &BTreeMap<String, String>,
) -> (Vec<OrganisationRate>, Option<Funnel>, Option<Spread>) {
    let mut rates: Vec<OrganisationRate> = units.iter().map(|unit| bare(unit, names)).collect();
    let compared: Vec<usize> =
        (0..units.len()).filter(|place| units.get(*place).is_some_and(|unit| unit.counts.rate.is_some())).collect();
    let proportions: Vec<Proportion> = compared
        .iter()
        .filter_map(|place| units.get(*place))
        .map(|unit| Proportion { numerator: unit.counts.numerator, denominator: unit.counts.denominator })
        .collect();
    let spread = spread(&proportions, 0.95).ok();
    for shrunken in spread.iter().flat_map(|spread| &spread.units) {
        if let Some(rate) = compared.get(shrunken.unit).and_then(|place| rates.get_mut(*place)) {
            rate.shrunken = Some(shrunken.shrunken);
        }
    }
    let funnel = if proportions.len() < LEAST_FOR_A_FUNNEL {
        None
    } else {
        proportion_funnel(&proportions, &FunnelOptions::default()).ok()
    };
    for point in funnel.iter().flat_map(|funnel| &funnel.points) {
        if let Some(rate) = compared.get(point.unit).and_then(|place| rates.get_mut(*place)) {
            place_in(rate, point);
        }
    }
    let spread = spread
        .map(|spread| Spread { median_odds_ratio: spread.median_odds_ratio, icc: spread.intra_class_correlation });
    (rates, funnel.map(|funnel| drawn(&funnel)), spread)
}

/// An organisation that is not compared, or not yet.
pub(super) fn bare(unit: &Unit, names: &BTreeMap<String, String>) -> OrganisationRate {
    OrganisationRate {
        code: unit.code.clone(),
        name: names.get(&unit.code).cloned(),
        counts: unit.counts,
        z: None,
        z_adjusted: None,
        p: None,
        q: None,
        place: "not compared".to_owned(),
        place_adjusted: "not compared".to_owned(),
        shrunken: None,
    }
}

fn place_in(rate: &mut OrganisationRate, point: &FunnelPoint) {
    rate.z = Some(point.z);
    rate.z_adjusted = Some(point.z_adjusted);
    rate.p = Some(point.p_adjusted);
    rate.place = place(point.flag).to_owned();
    rate.place_adjusted = place(point.flag_adjusted).to_owned();
}

/// In words.
pub(super) fn place(flag: Flag) -> &'static str {
    match flag {
        Flag::Within => "inside",
        Flag::High95 => "above 95%",
        Flag::Low95 => "below 95%",
        Flag::High998 => "above 99.8%",
        Flag::Low998 => "below 99.8%",
    }
}

fn drawn(funnel: &funnel::Funnel) -> Funnel {
    let sizes = funnel.points.iter().map(|point| point.size);
    let most = sizes.fold(1.0_f64, f64::max);
    let curve = funnel.model.curve(1.0, most * 1.05, CURVE_POINTS).unwrap_or_default();
    let limits = |size: f64, l: FunnelLimits| Limits {
        n: size,
        low95: l.lower_95,
        high95: l.upper_95,
        low998: l.lower_998,
        high998: l.upper_998,
    };
    let over = funnel.model.over_dispersion.as_ref();
    let (plain, adjusted) = (funnel.outside, funnel.outside_adjusted);
    Funnel {
        method: "Proportions on the arcsine square-root scale against the rate of all organisations together, exact binomial limits where \
            fewer than 10 are expected; over-dispersion as an additive between-organisation variance from z values \
            winsorised at 10% (Spiegelhalter 2005, 2012)."
            .to_owned(),
        centre: funnel.model.target,
        phi: over.map_or(1.0, |over| over.phi),
        tau2: over.map_or(0.0, |over| over.tau_squared),
        outside: [
            [plain.beyond_95 as u64, plain.beyond_998 as u64],
            [adjusted.beyond_95 as u64, adjusted.beyond_998 as u64],
        ],
        limits: curve.iter().map(|point| limits(point.size, point.limits)).collect(),
        limits_adjusted: curve.iter().map(|point| limits(point.size, point.limits_adjusted)).collect(),
    }
}

/// Benjamini and Hochberg's adjustment over the family of all organisations and all measures of the report.
pub(super) fn adjust_for_many(audits: &mut [Audit]) {
    let compared = |audits: &mut [Audit], each: &mut dyn FnMut(Option<f64>, &mut Option<f64>)| {
        for audit in audits {
            for rate in audit.measures.iter_mut().flat_map(|measure| &mut measure.organisations) {
                each(rate.p, &mut rate.q);
            }
            for figure in audit.figures.iter_mut().flat_map(|figure| &mut figure.organisations) {
                each(figure.p, &mut figure.q);
            }
        }
    };
    let mut p = Vec::new();
    compared(audits, &mut |found, _| p.extend(found));
    let mut q = adjust(&p, Adjustment::BenjaminiHochberg).unwrap_or_default().into_iter();
    compared(audits, &mut |found, adjusted| {
        if found.is_some() {
            *adjusted = q.next();
        }
    });
}

//! Organisations side by side: funnel, over-dispersion, spread, and many comparisons at once. Never a ranking.

use super::clusters::told_effect;
use super::disclose::Disclosure;
use super::unfinished;
use super::unit::{Unit, Whole};
use super::unknowns;
use crate::results::{Audit, Counts, Funnel, Limits, OrganisationRate, Spread};
use concord_engine::variation::funnel::{
    self, Flag, FunnelLimits, FunnelOptions, FunnelPoint, Outside, proportion_funnel_about,
};
use concord_engine::variation::funnel_within::{SumWithin, UnitWithin, surely};
use concord_engine::variation::heterogeneity::{heterogeneity, heterogeneity_within};
use concord_engine::variation::multiple_testing::{Adjustment, adjust};
use concord_engine::variation::overdispersion::SpreadEstimate;
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::spread::{self, spread};
use std::collections::BTreeMap;

/// Fewer organisations than this make no funnel.
const LEAST_FOR_A_FUNNEL: usize = 3;
/// No more organisations than this are named as those that widen the limits.
const MOST_NAMED: usize = 3;
/// Of more than one organisation in so many whose counts are suppressed the others are no group: the spread is that of the middle half, which as many on
/// one side do not move.
const MOST_SUPPRESSED: usize = 4;
/// Organisations differ where chance alone has them differ so much in less than this part of all cases.
const LEVEL: f64 = 0.05;
/// Points of each limit's curve.
const CURVE_POINTS: usize = 120;

/// What is not independent.
pub(super) const OF_JUDGEMENTS: &str = "judgements belong to one case";
pub(super) const OF_RECORDS: &str = "are counted in one record, and records vary by more than chance";

/// What comparing gives.
pub(super) struct Comparison {
    /// In order of their codes.
    pub(super) rates: Vec<OrganisationRate>,
    pub(super) funnel: Option<Funnel>,
    pub(super) spread: Option<Spread>,
    /// The p value of the test whether they differ, where they are too few for a funnel.
    pub(super) differ: Option<f64>,
}

/// The organisations beside one another, with the counts of all of them together; `against` where unknown cases count against; `explained` says by
/// code what in data or rules explains where one stands.
pub(super) fn compare(
    (units, all): (&[Unit], &Whole),
    names: &BTreeMap<String, String>,
    (against, disclosure): (bool, &Disclosure),
    explained: &BTreeMap<String, String>,
) -> Comparison {
    let mut rates: Vec<OrganisationRate> = units.iter().map(|unit| bare(unit, names)).collect();
    let suppressed = units.iter().filter(|unit| unit.is_suppressed()).count();
    if suppressed * MOST_SUPPRESSED > units.iter().filter(|unit| unit.counts.denominator > 0).count() {
        return Comparison { rates, funnel: None, spread: None, differ: None };
    }
    let compared: Vec<&Unit> = units.iter().filter(|unit| unit.counts.rate.is_some()).collect();
    let places: Vec<usize> =
        (0..units.len()).filter(|place| units.get(*place).is_some_and(|unit| unit.counts.rate.is_some())).collect();
    let proportions: Vec<Proportion> = compared
        .iter()
        .map(|unit| Proportion { numerator: unit.counts.numerator, denominator: unit.counts.denominator })
        .collect();
    let causes = causes(&compared, (against, disclosure), explained);
    let left = causes.iter().filter(|cause| cause.is_none()).count();
    // Where most are explained away, those left are no group.
    let reference: Vec<bool> = causes.iter().map(|cause| cause.is_none() || left * 2 < causes.len()).collect();
    let of_reference: Vec<Proportion> =
        proportions.iter().zip(&reference).filter(|(_, counts)| **counts).map(|(of, _)| *of).collect();
    let spread = spread(&of_reference, 0.95).ok();
    let referred = compared.iter().zip(&reference).filter(|(_, counts)| **counts).map(|(unit, _)| *unit);
    let referred = referred.chain(units.iter().filter(|unit| unit.is_suppressed()));
    let (differ, differ_untold) = differ(&of_reference, referred, disclosure);
    let in_reference = places.iter().zip(&reference).filter(|(_, counts)| **counts).map(|(place, _)| *place);
    let in_reference: Vec<usize> = in_reference.collect();
    for shrunken in spread.iter().flat_map(|spread| &spread.units) {
        if let Some(rate) = in_reference.get(shrunken.unit).and_then(|place| rates.get_mut(*place)) {
            rate.shrunken = Some(shrunken.shrunken);
        }
    }
    // Those that are suppressed have less than the others: without them the group's rate would be too high.
    let apart = compared.iter().zip(&reference).filter(|(_, counts)| !**counts).map(|(unit, _)| *unit);
    let left = if suppressed == 0 { sum_of(&of_reference) } else { all_but(&all.counts, apart) };
    let target = if suppressed == 0 { None } else { left.rate() };
    let options = FunnelOptions { estimate: SpreadEstimate::Middle, target, ..FunnelOptions::default() };
    let funnel = if proportions.len() < LEAST_FOR_A_FUNNEL {
        None
    } else {
        proportion_funnel_about(&proportions, &reference, &options).ok()
    };
    let funnel = funnel.map(|funnel| certain(funnel, (units, &compared), (&reference, all), (&options, disclosure)));
    for point in funnel.iter().flat_map(|funnel| &funnel.points) {
        let centre = funnel.as_ref().map_or(0.0, |funnel| funnel.model.target);
        let own = proportions.get(point.unit).filter(|_| reference.get(point.unit) == Some(&true));
        // Of one that is all of them there are no others.
        let others = all_but_one(left, own).rate().unwrap_or(centre);
        if let Some(rate) = places.get(point.unit).and_then(|place| rates.get_mut(*place)) {
            place_in(rate, point, others);
            rate.cause = causes.get(point.unit).cloned().flatten();
        }
    }
    let funnel = funnel.map(|funnel| {
        let code = |unit: usize| compared.get(unit).map(|unit| unit.code.clone());
        let apart = reference.iter().enumerate().filter(|(_, counts)| !**counts);
        Funnel {
            differ,
            differ_untold,
            widened_by: widened_by(&funnel.points, code),
            apart: apart.filter_map(|(unit, _)| code(unit)).collect(),
            ..drawn(&funnel)
        }
    });
    let spread = told_spread(spread, differ, disclosure);
    Comparison { differ: differ.filter(|_| funnel.is_none() && suppressed == 0), rates, funnel, spread }
}

/// What explains where each stands: what is unknown of it, what is open, or what its data or rules show.
fn causes(
    compared: &[&Unit],
    (against, disclosure): (bool, &Disclosure),
    explained: &BTreeMap<String, String>,
) -> Vec<Option<String>> {
    let mut causes = unknowns::causes(compared, against, disclosure);
    let open = unfinished::causes(compared, disclosure);
    for ((cause, open), unit) in causes.iter_mut().zip(open).zip(compared) {
        *cause = cause.take().or(open).or_else(|| explained.get(&unit.code).cloned());
    }
    causes
}

/// How far organisations lie apart; what is rounded lies apart by that alone, and so it is told where they surely differ.
fn told_spread(found: Option<spread::Spread>, differ: Option<f64>, disclosure: &Disclosure) -> Option<Spread> {
    let found = found.filter(|_| disclosure.shows_cases() || differ.is_some_and(|p| p < LEVEL))?;
    Some(Spread { median_odds_ratio: found.median_odds_ratio, icc: found.intra_class_correlation })
}

/// The p value of the test whether organisations differ; and whether the shown counts are large enough for one, but may stand for either.
fn differ<'u>(
    shown: &[Proportion],
    units: impl Iterator<Item = &'u Unit>,
    disclosure: &Disclosure,
) -> (Option<f64>, bool) {
    let by_shown = heterogeneity(shown);
    if disclosure.shows_cases() {
        return (by_shown, false);
    }
    let told = surely_differ(units);
    (told, told.is_none() && by_shown.is_some())
}

/// The p value of the test whether units differ, as far as it says the same whatever was rounded: the one that says it least.
fn surely_differ<'u>(units: impl Iterator<Item = &'u Unit>) -> Option<f64> {
    let bounds: Vec<[Proportion; 2]> = units.map(|unit| unit.bounds).collect();
    let (least, most) = heterogeneity_within(&bounds)?;
    if most < LEVEL { Some(most) } else { Some(least).filter(|least| *least >= LEVEL) }
}

/// The same funnel, in which each unit has the place that it has whatever was rounded of its counts and of those of the others; those that are suppressed are
/// among these.
fn certain(
    mut funnel: funnel::Funnel,
    (units, compared): (&[Unit], &[&Unit]),
    (reference, all): (&[bool], &Whole),
    (options, disclosure): (&FunnelOptions, &Disclosure),
) -> funnel::Funnel {
    if disclosure.shows_cases() {
        return funnel;
    }
    let own = compared.iter().zip(reference).map(|(unit, counts)| unit.within(*counts));
    let hidden = units.iter().filter(|unit| unit.counts.hidden & 3 != 0).map(|unit| unit.within(true));
    let within: Vec<UnitWithin> = own.chain(hidden).collect();
    let apart = compared.iter().zip(reference).filter(|(_, counts)| !**counts).map(|(unit, _)| *unit);
    let whole: Option<SumWithin> = all.but(apart, disclosure);
    funnel.points = surely((&funnel.model, &funnel.points), (&within, whole), options);
    funnel.outside = Outside::of(funnel.points.iter().map(|point| point.flag));
    funnel.outside_adjusted = Outside::of(funnel.points.iter().map(|point| point.flag_adjusted));
    funnel
}

/// All but some.
fn all_but<'u>(all: &Counts, apart: impl Iterator<Item = &'u Unit>) -> Proportion {
    let shown = |counts: &Counts| Proportion { numerator: counts.numerator, denominator: counts.denominator };
    apart.fold(shown(all), |left, unit| all_but_one(left, Some(&shown(&unit.counts))))
}

fn all_but_one(all: Proportion, one: Option<&Proportion>) -> Proportion {
    let own = one.map_or((0, 0), |one| (one.numerator, one.denominator));
    let denominator = all.denominator.saturating_sub(own.1);
    Proportion { numerator: all.numerator.saturating_sub(own.0).min(denominator), denominator }
}

fn sum_of(all: &[Proportion]) -> Proportion {
    all.iter().fold(Proportion { numerator: 0, denominator: 0 }, |sum, of| Proportion {
        numerator: sum.numerator + of.numerator,
        denominator: sum.denominator + of.denominator,
    })
}

/// The same of judgements, of which several belong to one case: with the limits of so many fewer as they tell less, by the design effect of all
/// of them (Rao & Scott 1992). Rates and their intervals stay those of the judgements.
pub(super) fn compare_clustered(
    (units, all): (&[Unit], &Whole),
    names: &BTreeMap<String, String>,
    (against, disclosure): (bool, &Disclosure),
    explained: &BTreeMap<String, String>,
    (effect, why): (f64, &str),
) -> Comparison {
    let effect = told_effect(effect, disclosure).max(1.0);
    let fewer: Vec<Unit> = units.iter().map(|unit| effective(unit, effect)).collect();
    // Made of fewer, counts of each do not add up to the count of all to the last one.
    let of_all = Whole { counts: effective_counts(&all.counts, effect), within: None };
    let mut comparison = compare((&fewer, &of_all), names, (against, disclosure), explained);
    for (rate, unit) in comparison.rates.iter_mut().zip(units) {
        let fewer = Proportion { numerator: rate.counts.numerator, denominator: rate.counts.denominator };
        let others = fewer.rate().zip(rate.gap).map(|(fewer, gap)| fewer - gap);
        rate.counts = unit.counts;
        rate.gap = others.zip(unit.counts.rate).map(|(others, own)| own.value - others);
    }
    if let Some(funnel) = &mut comparison.funnel {
        let drawn = funnel.limits.iter_mut().chain(&mut funnel.limits_adjusted);
        drawn.for_each(|limits| limits.n *= effect);
        funnel.method.push_str(&format!(
            "; several {why}, so {effect:.1} of them tell as much as one that stands alone (Rao & Scott 1992)"
        ));
    }
    comparison
}

/// As many judgements as tell the same were each of another case.
fn effective(unit: &Unit, effect: f64) -> Unit {
    let fewer = |of: Proportion| {
        let denominator = fewer(of.denominator, effect).max(1);
        Proportion { numerator: fewer(of.numerator, effect).min(denominator), denominator }
    };
    let counts = effective_counts(&unit.counts, effect);
    Unit { code: unit.code.clone(), counts, told: unit.told, bounds: unit.bounds.map(fewer) }
}

fn fewer(count: u64, effect: f64) -> u64 {
    (count as f64 / effect).round() as u64
}

fn effective_counts(counts: &Counts, effect: f64) -> Counts {
    let fewer = |count: u64| fewer(count, effect);
    let denominator = fewer(counts.denominator);
    Counts {
        numerator: fewer(counts.numerator).min(denominator),
        denominator,
        excluded: fewer(counts.excluded),
        open: fewer(counts.open),
        // Where they count against they are in the denominator; else there may be more of them.
        unknown: fewer(counts.unknown),
        rate: counts.rate.filter(|_| denominator > 0),
        ..*counts
    }
}

/// The few that hold half of all squared distances, the most first; none where no few do.
fn widened_by(points: &[FunnelPoint], code: impl Fn(usize) -> Option<String>) -> Vec<(String, f64)> {
    let mut parts: Vec<(usize, f64)> = points.iter().map(|point| (point.unit, point.part)).collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let own = 1.0 / points.len().max(1) as f64;
    let few = parts.into_iter().take(MOST_NAMED).filter(|(_, part)| *part > 2.0 * own && *part >= 0.1);
    few.filter_map(|(unit, part)| Some((code(unit)?, part))).collect()
}

/// An organisation that is not compared, or not yet.
pub(super) fn bare(unit: &Unit, names: &BTreeMap<String, String>) -> OrganisationRate {
    OrganisationRate::not_compared(unit.code.clone(), names.get(&unit.code).cloned(), unit.counts)
}

fn place_in(rate: &mut OrganisationRate, point: &FunnelPoint, others: f64) {
    rate.gap = Some(point.value - others);
    rate.few = point.few;
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
        method: "Flags rest on the exact two-sided mid-p of a binomial count, and none on fewer than 10 cases. Limits are those of a proportion \
            on the arcsine square-root scale about the rate of all organisations together, exact and interpolated where fewer than 10 are \
            expected. The wider ones add a variance between organisations, which of 10 organisations and more is that of their middle half, \
            about the one in the middle, of fewer that of z values winsorised at 10%; they are nowhere narrower than those of chance (Spiegelhalter 2005, 2012; Hampel 1974)."
            .to_owned(),
        centre: funnel.model.target,
        phi: over.map_or(1.0, |over| over.phi),
        tau2: over.map_or(0.0, |over| over.tau_squared),
        differ: None,
        differ_untold: false,
        widened_by: Vec::new(),
        apart: Vec::new(),
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

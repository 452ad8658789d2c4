//! XmR limits, groups and icons; p and u charts and their primes.

use std::collections::BTreeMap;

use concord_engine::variation::attribute_chart::{EventRate, Prime, p_chart, u_chart};
use concord_engine::variation::control_chart::{Assurance, Chart, ChartOptions, Observation, Profile, too_rare, xmr};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::{Cause, Direction, Fault, Rule, Signal};

use super::special_cause::word;
use super::{close, data};

const OPTIONS: ChartOptions = ChartOptions {
    profile: Profile::MAKING_DATA_COUNT,
    direction: Direction::HigherIsBetter,
    target: None,
    fix_after: None,
};

fn series(values: &[f64]) -> Vec<Observation> {
    values.iter().map(|value| Observation { value: *value, rebase: false, after_gap: false }).collect()
}

fn chart(values: &[f64]) -> Chart {
    xmr(&series(values), &OPTIONS).unwrap()
}

const WITH_AN_OUTLIER: [f64; 12] = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 40.0, 10.0];

/// By hand: moving ranges are nine 2s, 28 and 30, mean 76/11 = 6.909; those from
/// 3.267 × 6.909 = 22.57 up are left out, which leaves 2. The mean is 160/12.
#[test]
fn outlying_moving_ranges_are_left_out_once() {
    let group = &chart(&WITH_AN_OUTLIER).groups[0];
    close(group.mean, 160.0 / 12.0, 1e-15);
    close(group.mean_moving_range.unwrap(), 2.0, 1e-15);
    close(group.limits.unwrap().upper, 160.0 / 12.0 + 5.32, 1e-15);
    let all = ChartOptions { profile: Profile::SPREADSHEET, ..OPTIONS };
    let group = &xmr(&series(&WITH_AN_OUTLIER), &all).unwrap().groups[0];
    close(group.mean_moving_range.unwrap(), 76.0 / 11.0, 1e-15);
    close(group.limits.unwrap().lower, 160.0 / 12.0 - 2.66 * 76.0 / 11.0, 1e-15);
}

/// By hand: 0, 0, 0, 0, 100 has ranges 0, 0, 0, 100, mean 25, screened at 81.7:
/// the mean of what is left is 0, and a range of 0 is no limit.
#[test]
fn screening_that_leaves_nothing_gives_no_limits() {
    let chart = chart(&[0.0, 0.0, 0.0, 0.0, 100.0]);
    assert_eq!((chart.groups[0].mean_moving_range, chart.groups[0].limits), (Some(0.0), None));
    assert_eq!(chart.variation, Cause::Common);
    let two_in_480: Vec<f64> = (0..24).map(|month| if month == 4 || month == 14 { 0.95 } else { 1.0 }).collect();
    let chart = self::chart(&two_in_480);
    assert_eq!(chart.groups[0].limits, None);
    assert!(chart.points.iter().all(|point| point.signal.is_none()));
}

#[test]
fn fewer_failures_than_periods_are_too_rare() {
    let months = |failures: u64| -> Vec<Proportion> {
        let failed = |month: u64| Proportion { numerator: 20 - u64::from(month < failures), denominator: 20 };
        (0..24).map(failed).collect()
    };
    assert!(too_rare(&months(0)) && too_rare(&months(2)) && too_rare(&months(23)));
    assert!(!too_rare(&months(24)));
    let turned: Vec<Proportion> =
        months(2).iter().map(|p| Proportion { numerator: p.denominator - p.numerator, ..*p }).collect();
    assert!(too_rare(&turned), "successes may be the rare ones");
    assert!(!too_rare(&salford()));
}

/// By hand: ranges 2, 2, 2 and 2, 2, 2 on either side of the gap, and 38 across it, which does not count.
#[test]
fn moving_ranges_and_runs_stop_at_a_gap() {
    let mut values = series(&[10.0, 12.0, 10.0, 12.0, 50.0, 52.0, 50.0, 52.0]);
    values[4].after_gap = true;
    let chart = xmr(&values, &OPTIONS).unwrap();
    assert_eq!((chart.groups.len(), chart.groups[0].mean_moving_range), (1, Some(2.0)));
    assert_eq!(chart.groups[0].mean, 31.0, "the mean goes over the gap");
    // Four above the mean, a gap, three above it: no run of seven.
    let run = [10.0, 9.0, 10.0, 9.0, 10.0, 9.0, 10.0, 12.0, 13.0, 12.0, 13.0, 12.0, 13.0, 12.0];
    let mut values = series(&run);
    let shifts = |values: &[Observation]| {
        let points = xmr(values, &OPTIONS).unwrap().points;
        let shift = |signal: Signal| signal.rule == Rule::Shift;
        points[7..].iter().filter(|point| point.signal.is_some_and(shift)).count()
    };
    assert_eq!(shifts(&values), 4, "the others are near a limit, which comes first");
    values[11].after_gap = true;
    assert_eq!(shifts(&values), 0);
    let mut apart = series(&[1.0, 2.0, 1.0]);
    for point in &mut apart {
        point.after_gap = true;
    }
    assert_eq!(xmr(&apart, &OPTIONS).unwrap().groups[0].limits, None);
}

/// Oracle: the definitions written out by window in numpy, no window across a gap of half a year.
#[test]
fn every_departments_chart_with_a_gap_agrees_with_numpy() {
    let rows = data::type_1();
    let mut points: BTreeMap<String, usize> = BTreeMap::new();
    let mut widths = 0.0;
    for months in rows.chunk_by(|a, b| a.organisation == b.organisation) {
        let kept = months.iter().filter(|m| !("2017-10".."2018-04").contains(&&m.period[..7]));
        let kept: Vec<_> = kept.filter_map(|m| Some((&m.period, m.within_four_hours.rate()?))).collect();
        let mut before = false;
        let observations: Vec<Observation> = kept
            .iter()
            .map(|(period, value)| {
                let after = period.as_str() >= "2018-04";
                let after_gap = after && before;
                before = !after;
                Observation { value: *value, rebase: false, after_gap }
            })
            .collect();
        let Ok(chart) = xmr(&observations, &OPTIONS) else { continue };
        for point in &chart.points {
            *points.entry(word(point.signal)).or_default() += 1;
        }
        widths += chart.groups[0].limits.map_or(0.0, |l| l.upper - l.lower);
    }
    let oracle = [
        (".", 2362),
        ("2+", 260),
        ("2-", 127),
        ("O+", 154),
        ("O-", 283),
        ("S+", 539),
        ("S-", 293),
        ("T+", 29),
        ("T-", 63),
    ];
    assert_eq!(points, counts(&oracle));
    close(widths, 22.631690428186676, 1e-12);
}

#[test]
fn a_constant_series_has_no_signal() {
    // 0.1 has no exact float: the mean must still equal the values.
    let chart = chart(&[0.1; 13]);
    assert_eq!(chart.groups[0].mean.to_bits(), 0.1_f64.to_bits());
    assert_eq!(chart.groups[0].mean_moving_range, Some(0.0));
    assert!(chart.points.iter().all(|p| p.cause == Cause::Common));
}

#[test]
fn the_multiplier_is_the_profiles() {
    let abspc = ChartOptions { profile: Profile::ABSPC, ..OPTIONS };
    let group = &xmr(&series(&WITH_AN_OUTLIER), &abspc).unwrap().groups[0];
    let width = group.limits.unwrap().upper - group.mean;
    close(width, 2.659574468085106 * 76.0 / 11.0, 1e-12);
}

#[test]
fn a_rebase_starts_limits_afresh_and_no_range_spans_it() {
    let mut values = series(&[10.0, 12.0, 10.0, 12.0, 50.0, 54.0, 50.0, 54.0]);
    values[4].rebase = true;
    let chart = xmr(&values, &OPTIONS).unwrap();
    let [first, second] = chart.groups.as_slice() else { panic!("two groups") };
    assert_eq!((first.first, first.points, second.first, second.points), (0, 4, 4, 4));
    assert_eq!((first.mean, second.mean), (11.0, 52.0));
    assert_eq!(first.mean_moving_range, Some(2.0));
    assert_eq!(second.mean_moving_range, Some(4.0));
    assert!(chart.points.iter().all(|p| p.signal.is_none()));
    // Without the rebase the last four stand out.
    values[4].rebase = false;
    let joined = xmr(&values, &OPTIONS).unwrap();
    assert_eq!(joined.groups.len(), 1);
}

#[test]
fn a_run_does_not_cross_a_rebase() {
    // Six above the mean, a rebase, six above the new one: neither is seven.
    let six = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5];
    let mut values = series(&six);
    values.extend(series(&[12.6, 12.7, 12.6, 12.7, 12.6, 12.7, 9.0]));
    values[12].rebase = true;
    let chart = xmr(&values, &OPTIONS).unwrap();
    assert!(
        chart.points[6..18]
            .iter()
            .all(|p| { p.signal.is_none_or(|s| s.rule != concord_engine::variation::Rule::Shift) })
    );
}

#[test]
fn few_points_give_trial_limits_and_one_gives_none() {
    assert!(chart(&[1.0; 11]).groups[0].trial_limits);
    assert!(!chart(&[1.0; 12]).groups[0].trial_limits);
    let one = chart(&[5.0]);
    assert_eq!(one.groups[0].limits, None);
    assert_eq!(one.variation, Cause::Common);
    assert_eq!(one.assurance, None);
}

/// By hand: limits of 10, 12, 10, … are 11 ± 5.32.
#[test]
fn assurance_compares_limits_with_the_target() {
    let values = series(&WITH_AN_OUTLIER[..10]);
    let assurance = |direction, target| {
        let options = ChartOptions { direction, target: Some(target), ..OPTIONS };
        xmr(&values, &options).unwrap().assurance
    };
    use Assurance::{ConsistentlyFailing, ConsistentlyPassing, Inconsistent};
    assert_eq!(assurance(Direction::HigherIsBetter, 17.0), Some(ConsistentlyFailing));
    assert_eq!(assurance(Direction::HigherIsBetter, 5.0), Some(ConsistentlyPassing));
    assert_eq!(assurance(Direction::HigherIsBetter, 11.0), Some(Inconsistent));
    assert_eq!(assurance(Direction::LowerIsBetter, 17.0), Some(ConsistentlyPassing));
    assert_eq!(assurance(Direction::LowerIsBetter, 5.0), Some(ConsistentlyFailing));
    assert_eq!(assurance(Direction::Neutral, 5.0), None);
}

#[test]
fn what_is_not_a_number_is_refused() {
    assert_eq!(xmr(&[], &OPTIONS), Err(Fault::NoData));
    assert_eq!(xmr(&series(&[1.0, f64::NAN]), &OPTIONS), Err(Fault::NotFinite { index: 1 }));
    let options = ChartOptions { target: Some(f64::INFINITY), ..OPTIONS };
    assert_eq!(xmr(&series(&[1.0]), &options), Err(Fault::BadOption { name: "target" }));
    assert_eq!(xmr(&series(&[f64::MAX, -f64::MAX, f64::MAX]), &OPTIONS), Err(Fault::NotFinite { index: 0 }));
}

fn salford() -> Vec<Proportion> {
    data::type_1().into_iter().filter(|row| row.organisation == "RM3").map(|row| row.within_four_hours).collect()
}

/// Oracle: Laney's formula in numpy on 36 months of one emergency department.
#[test]
fn p_prime_agrees_with_numpy() {
    let months = salford();
    assert_eq!(months.len(), 36);
    let profile = Profile::MAKING_DATA_COUNT;
    let laney = p_chart(&months, Prime::WhenOverDispersed, Direction::HigherIsBetter, &profile).unwrap();
    assert_eq!(laney.kind, "p'");
    close(laney.centre, 0.8471196672795382, 1e-14);
    close(laney.sigma_z.unwrap(), 10.550706159519565, 1e-12);
    close(laney.points[0].limits.lower, 0.7197437200504573, 1e-12);
    close(laney.points[0].limits.upper, 0.9744956145086192, 1e-12);
    let plain = p_chart(&months, Prime::Never, Direction::HigherIsBetter, &profile).unwrap();
    assert_eq!(plain.kind, "p");
    close(plain.points[0].limits.lower, 0.8350469258626849, 1e-12);
    close(plain.points[0].limits.upper, 0.8591924086963916, 1e-12);
}

/// Oracle: the u chart's formula in numpy.
#[test]
fn u_chart_agrees_with_numpy() {
    let rates: Vec<EventRate> = [(4, 1.2), (7, 1.5), (2, 0.9), (9, 1.6), (5, 1.1), (6, 1.4)]
        .into_iter()
        .map(|(events, exposure)| EventRate { events, exposure })
        .collect();
    let profile = Profile::MAKING_DATA_COUNT;
    let chart = u_chart(&rates, Prime::WhenOverDispersed, Direction::LowerIsBetter, &profile).unwrap();
    assert_eq!(chart.kind, "u");
    close(chart.centre, 4.285714285714285, 1e-14);
    close(chart.sigma_z.unwrap(), 0.7947796912558022, 1e-13);
    close(chart.points[0].limits.upper, 9.955181380852693, 1e-14);
    assert_eq!(chart.points[0].limits.lower, 0.0);
    assert_eq!(chart.variation, Cause::Common);
}

#[test]
fn a_p_chart_of_certainties_has_no_spread() {
    let all = [Proportion { numerator: 5, denominator: 5 }; 8];
    let profile = Profile::MAKING_DATA_COUNT;
    let chart = p_chart(&all, Prime::Always, Direction::HigherIsBetter, &profile).unwrap();
    assert_eq!((chart.centre, chart.sigma_z, chart.kind), (1.0, None, "p"));
    assert!(chart.points.iter().all(|p| p.signal.is_none()));
    let none = [Proportion { numerator: 0, denominator: 0 }];
    assert_eq!(p_chart(&none, Prime::Never, Direction::Neutral, &profile), Err(Fault::NotPositive { index: 0 }));
}

/// What a chart of every organisation's series shows, summed up.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    points: BTreeMap<String, usize>,
    variation: BTreeMap<String, usize>,
    assurance: BTreeMap<String, usize>,
    widths: f64,
}

fn four_hours_everywhere(profile: Profile) -> Tally {
    let rows = data::type_1();
    let mut tally = Tally::default();
    for months in rows.chunk_by(|a, b| a.organisation == b.organisation) {
        let rates: Vec<f64> = months.iter().filter_map(|m| m.within_four_hours.rate()).collect();
        if rates.is_empty() {
            continue;
        }
        let options = ChartOptions { profile, target: Some(0.95), ..OPTIONS };
        let chart = xmr(&series(&rates), &options).unwrap();
        for point in &chart.points {
            *tally.points.entry(word(point.signal)).or_default() += 1;
        }
        *tally.variation.entry(format!("{:?}", chart.variation)).or_default() += 1;
        *tally.assurance.entry(format!("{:?}", chart.assurance)).or_default() += 1;
        tally.widths += chart.groups[0].limits.map_or(0.0, |l| l.upper - l.lower);
    }
    tally
}

fn counts(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// Oracle: the published definitions written out by window in numpy, over 4,932
/// months of 140 departments (rate within four hours, target 95 %).
#[test]
fn every_departments_chart_agrees_with_numpy() {
    let found = four_hours_everywhere(Profile::MAKING_DATA_COUNT);
    let points = [
        (".", 2489),
        ("2+", 346),
        ("2-", 185),
        ("O+", 175),
        ("O-", 356),
        ("S+", 845),
        ("S-", 371),
        ("T+", 55),
        ("T-", 110),
    ];
    assert_eq!(found.points, counts(&points));
    assert_eq!(found.variation, counts(&[("Improvement", 4), ("Concern", 42), ("Common", 94)]));
    let assurance = [("Some(ConsistentlyFailing)", 95), ("Some(ConsistentlyPassing)", 2), ("Some(Inconsistent)", 43)];
    assert_eq!(found.assurance, counts(&assurance));
    close(found.widths, 23.659691623548795, 1e-12);
}

/// Oracle: the same with abspc's constants.
#[test]
fn another_profile_gives_other_signals() {
    let found = four_hours_everywhere(Profile::ABSPC);
    let points = [
        (".", 2643),
        ("2+", 286),
        ("2-", 181),
        ("O+", 140),
        ("O-", 328),
        ("S+", 677),
        ("S-", 254),
        ("T+", 146),
        ("T-", 277),
    ];
    assert_eq!(found.points, counts(&points));
    assert_eq!(found.variation, counts(&[("Improvement", 4), ("Concern", 36), ("Common", 100)]));
    close(found.widths, 24.55048766797721, 1e-12);
}

//! Funnels against scipy: A&E type 1 in March 2019, small units, ratios.

use concord_engine::variation::Fault;
use concord_engine::variation::funnel::{
    Flag, Funnel, FunnelLimits, FunnelOptions, ObservedExpected, Outside, Widening, proportion_funnel, ratio_funnel,
};
use concord_engine::variation::heterogeneity::{heterogeneity, heterogeneity_within};
use concord_engine::variation::overdispersion::SpreadEstimate;
use concord_engine::variation::proportion::Proportion;

use super::{close, data};

fn limits_close(found: FunnelLimits, expected: [f64; 4]) {
    let found = [found.lower_95, found.upper_95, found.lower_998, found.upper_998];
    for (found, expected) in found.into_iter().zip(expected) {
        close(found, expected, 1e-10);
    }
}

fn accident_and_emergency(options: &FunnelOptions) -> (Vec<String>, Funnel) {
    let (organisations, proportions) = data::march_2019();
    (organisations, proportion_funnel(&proportions, options).unwrap())
}

/// Oracle: Spiegelhalter's formulas in numpy and scipy on the published figures.
#[test]
fn four_hour_funnel_agrees_with_scipy() {
    let (_, funnel) = accident_and_emergency(&FunnelOptions::default());
    let spread = funnel.model.over_dispersion.unwrap();
    assert_eq!(funnel.points.len(), 134);
    close(funnel.model.target, 0.794862569734753, 1e-14);
    close(spread.phi, 490.4323205713953, 1e-11);
    close(spread.tau_squared, 0.012051134465671043, 1e-13);
    close(spread.winsor_lower, -27.266308298227738, 1e-11);
    close(spread.winsor_upper, 40.38009365132296, 1e-11);
    assert_eq!(funnel.outside, Outside { beyond_95: 129, beyond_998: 124 });
    assert_eq!(funnel.outside_adjusted, Outside { beyond_95: 18, beyond_998: 0 });
}

/// Oracle: the same with `s √φ`.
#[test]
fn multiplicative_widening_agrees_with_scipy() {
    let options = FunnelOptions { widening: Widening::Multiplicative, ..Default::default() };
    let (_, funnel) = accident_and_emergency(&options);
    assert_eq!(funnel.outside_adjusted, Outside { beyond_95: 14, beyond_998: 0 });
}

/// Oracle: `scipy.stats.binom` for the mid-p values, the normal for the others.
#[test]
fn units_agree_with_scipy() {
    let (organisations, funnel) = accident_and_emergency(&FunnelOptions::default());
    let at = |code: &str| {
        let unit = organisations.iter().position(|o| o == code).unwrap();
        *funnel.points.iter().find(|p| p.unit == unit).unwrap()
    };
    let salford = at("RM3");
    assert_eq!((salford.observed, salford.size as u64), (7749, 9286));
    close(salford.z, 9.838339429600818, 1e-11);
    close(salford.z_adjusted, 0.4644927442272573, 1e-12);
    close(salford.p / 2.9960175956618376e-22, 1.0, 1e-9);
    close(salford.p_adjusted, 0.642294756762683, 1e-12);
    limits_close(salford.limits, [0.7865891405967098, 0.8030140234935541, 0.7817639172669527, 0.8076580174494902]);
    limits_close(
        salford.limits_adjusted,
        [0.599294257331341, 0.9365486274985241, 0.4757515569153076, 0.9830863941579853],
    );
    assert_eq!((salford.flag, salford.flag_adjusted), (Flag::High998, Flag::Within));
    let wigan = at("RRF");
    close(wigan.p / 7.518754797832981e-12, 1.0, 1e-9);
    close(wigan.z_adjusted, -0.3558733335582509, 1e-12);
    assert_eq!((wigan.flag, wigan.flag_adjusted), (Flag::Low998, Flag::Within));
    let northumbria = at("RTF");
    close(northumbria.p / 1.3767925615296314e-204, 1.0, 1e-8);
    let royal_free = at("RAL");
    close(royal_free.p / 2.7818722918923048e-55, 1.0, 1e-8);
    limits_close(
        royal_free.limits_adjusted,
        [0.5994276655201592, 0.9364822450669545, 0.4759659288189278, 0.9830309995291564],
    );
}

fn of(numerator: u64, denominator: u64) -> Proportion {
    Proportion { numerator, denominator }
}

/// Oracle: `scipy.stats.binom`, Spiegelhalter's interpolation. The two units
/// together make the target 0.1, 0.15 or 0.02 exactly.
#[test]
fn small_units_have_exact_binomial_limits() {
    for (units, expected) in [
        ([of(5, 20), of(95, 980)], [0.0, 0.22846760702992439, 0.0, 0.3351718216852823]),
        (
            [of(3, 57), of(147, 943)],
            [0.054559917310251366, 0.24024097317225734, 0.016650848079741116, 0.3035534992379294],
        ),
        (
            [of(8, 400), of(12, 600)],
            [0.006067353598769876, 0.03366983779446263, 0.0006837742223847099, 0.043705256625797925],
        ),
    ] {
        let funnel = proportion_funnel(&units, &FunnelOptions::default()).unwrap();
        limits_close(funnel.points[0].limits, expected);
    }
    let p = |units: [Proportion; 2]| proportion_funnel(&units, &FunnelOptions::default()).unwrap().points[0].p;
    close(p([of(5, 20), of(95, 980)]), 0.054427629448972434, 1e-13);
    close(p([of(3, 57), of(147, 943)]), 0.026768698075424237, 1e-13);
}

#[test]
fn ratios_agree_with_numpy() {
    let units: Vec<ObservedExpected> =
        [(3, 5.5), (12, 10.2), (25, 18.4), (8, 9.9), (40, 31.0), (18, 22.5), (0, 2.1), (60, 41.7)]
            .into_iter()
            .map(|(observed, expected)| ObservedExpected { observed, expected })
            .collect();
    let options = FunnelOptions { least: Some(0.0), ..FunnelOptions::default() };
    let funnel = ratio_funnel(&units, &options).unwrap();
    let spread = funnel.model.over_dispersion.unwrap();
    close(spread.phi, 1.7322213241616264, 1e-13);
    close(spread.tau_squared, 0.014968274536035931, 1e-13);
    close(funnel.points[6].z, -2.898275349237888, 1e-13);
    // Oracle: scipy.stats.poisson, mean 4.5 and 9.2.
    limits_close(funnel.model.limits(4.5), [0.06174954481545902, 1.9241440812454822, 0.0, 2.639588024953513]);
    limits_close(
        funnel.model.limits(9.2),
        [0.34980246636727974, 1.6405828404056053, 0.10511730929517854, 2.1154815998203302],
    );
}

#[test]
fn without_excess_spread_nothing_is_widened() {
    // Rates all near 0.5, closer together than chance: τ² is 0.
    let units = [of(50, 100), of(51, 100), of(49, 100), of(100, 200), of(26, 50)];
    let funnel = proportion_funnel(&units, &FunnelOptions::default()).unwrap();
    assert_eq!(funnel.model.over_dispersion.unwrap().tau_squared, 0.0);
    for point in &funnel.points {
        close(point.z_adjusted, point.z, 1e-15);
        assert_eq!(point.limits, point.limits_adjusted);
    }
    assert_eq!(funnel.outside, Outside::default());
}

#[test]
fn units_without_cases_are_listed() {
    let funnel = proportion_funnel(&[of(0, 0), of(3, 9)], &FunnelOptions::default()).unwrap();
    assert_eq!(funnel.left_out, [0]);
    assert_eq!(funnel.points[0].unit, 1);
    assert_eq!(funnel.model.over_dispersion, None);
    assert_eq!(funnel.points[0].flag, Flag::Within);
    let nothing = proportion_funnel(&[of(0, 0)], &FunnelOptions::default());
    assert_eq!(nothing, Err(Fault::NoData));
    assert_eq!(
        proportion_funnel(&[of(3, 2)], &FunnelOptions::default()),
        Err(Fault::NumeratorExceedsDenominator { index: 0 })
    );
    let endless = ObservedExpected { observed: 1, expected: f64::NAN };
    assert_eq!(ratio_funnel(&[endless], &FunnelOptions::default()), Err(Fault::NotFinite { index: 0 }));
}

#[test]
fn rates_of_all_or_none_are_finite() {
    for units in [[of(0, 9), of(0, 70)], [of(9, 9), of(70, 70)]] {
        let funnel = proportion_funnel(&units, &FunnelOptions::default()).unwrap();
        for point in &funnel.points {
            assert_eq!((point.z, point.p, point.flag), (0.0, 1.0, Flag::Within));
            limits_close(point.limits, [funnel.model.target; 4]);
        }
    }
}

#[test]
fn curves_narrow_and_agree_with_the_points() {
    let (_, funnel) = accident_and_emergency(&FunnelOptions::default());
    let curve = funnel.model.curve(1.0, 30_000.0, 200).unwrap();
    assert_eq!(curve.first().unwrap().size, 1.0);
    assert_eq!(curve.last().unwrap().size, 30_000.0);
    for pair in curve.windows(2) {
        let width = |i: usize| pair[i].limits_adjusted.upper_998 - pair[i].limits_adjusted.lower_998;
        assert!(pair[0].size < pair[1].size);
        assert!(width(0) >= width(1));
    }
    let salford = funnel.model.curve(9286.0, 9287.0, 2).unwrap();
    limits_close(salford[0].limits, [0.7865891405967098, 0.8030140234935541, 0.7817639172669527, 0.8076580174494902]);
    assert!(funnel.model.curve(0.0, 10.0, 5).is_err());
    assert!(funnel.model.curve(5.0, f64::NAN, 5).is_err());
}

#[test]
fn limits_at_senseless_sizes_are_those_of_the_nearest() {
    let (_, funnel) = accident_and_emergency(&FunnelOptions::default());
    let model = funnel.model;
    for size in [f64::NAN, -3.0, 0.0, f64::NEG_INFINITY] {
        assert_eq!(model.limits(size), model.limits(1.0));
        assert_eq!(model.limits_adjusted(size), model.limits_adjusted(1.0));
    }
    assert_eq!(model.limits(f64::INFINITY), model.limits(1e15));
}

#[test]
fn few_cases_are_shown_and_neither_flagged_nor_part_of_the_spread() {
    let mut units: Vec<Proportion> = (0..12).map(|_| of(176, 200)).collect();
    units.extend([of(0, 2), of(0, 9), of(0, 10)]);
    let options = FunnelOptions { estimate: SpreadEstimate::Middle, ..FunnelOptions::default() };
    let funnel = proportion_funnel(&units, &options).unwrap();
    let flags: Vec<_> = funnel.points[12..].iter().map(|point| (point.few, point.flag)).collect();
    assert_eq!(flags, [(true, Flag::Within), (true, Flag::Within), (false, Flag::Low998)]);
    assert_eq!(funnel.model.over_dispersion.unwrap().units, 13);
}

/// Oracle: tests/oracle/overdispersion.py, `middle`: the equation is solved, and a quarter of the units may stand apart.
#[test]
fn the_middle_half_sets_the_spread() {
    let rates = [76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 40, 42];
    let units: Vec<Proportion> = rates.iter().map(|rate| of(rate * 10, 1_000)).collect();
    let options = FunnelOptions { estimate: SpreadEstimate::Middle, ..FunnelOptions::default() };
    let funnel = proportion_funnel(&units, &options).unwrap();
    let tau_squared = funnel.model.over_dispersion.unwrap().tau_squared;
    close(tau_squared, 0.003188007836273034, 1e-9);
    let flags = |funnel: &Funnel| funnel.points[10..].iter().map(|point| point.flag_adjusted).collect::<Vec<_>>();
    assert_eq!(flags(&funnel), [Flag::Low998; 2]);
    let usual = proportion_funnel(&units, &FunnelOptions::default()).unwrap();
    close(usual.model.over_dispersion.unwrap().tau_squared, 0.02208910443907347, 1e-9);
    assert_eq!(flags(&usual), [Flag::Low95; 2], "hidden behind the spread that they make");
}

/// By hand: 40 of 50 and 30 of 50 have χ² = 25/6.25 + 25/6.25 over 0.7 · 0.3 · 50 = 10.5, so 4.7619 with one degree of freedom, p 0.0291.
#[test]
fn whether_units_differ_is_tested() {
    close(heterogeneity(&[of(40, 50), of(30, 50)]).unwrap(), 0.029_096_33, 1e-6);
    assert_eq!(heterogeneity(&[of(40, 50), of(40, 50), of(40, 50)]), Some(1.0));
    assert_eq!(heterogeneity(&[of(0, 50), of(0, 20)]), Some(1.0));
    assert_eq!(heterogeneity(&[of(1, 2), of(0, 3)]), None);
    assert_eq!(heterogeneity(&[of(40, 50)]), None);
}

/// Whatever counts lie between bounds, their p value lies between those of the bounds.
#[test]
fn whether_units_differ_whatever_was_rounded() {
    let mut state = 20_261_130_u64;
    let mut dice = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..600 {
        // Rates of some tens in a hundred, and of some in ten thousand.
        let often = if round % 2 == 0 { 1 } else { 1_000 };
        let exact: Vec<(u64, u64)> = (0..4).map(|_| (20 + dice(30), (80 + dice(200)) * often)).collect();
        let near = |count: u64| (count + 2) / 5 * 5;
        let bounds: Vec<[Proportion; 2]> =
            exact.iter().map(|(r, n)| [of(near(*r) - 2, near(*n) + 2), of(near(*r) + 2, near(*n) - 2)]).collect();
        let (least, most) = heterogeneity_within(&bounds).unwrap();
        let p = heterogeneity(&exact.iter().map(|(r, n)| of(*r, *n)).collect::<Vec<_>>()).unwrap();
        assert!(least <= p + 1e-9 && p <= most + 1e-9, "{least} {p} {most} {exact:?}");
    }
    let sure = [(40, 200), (160, 200)].map(|(r, n)| [of(r - 2, n + 2), of(r + 2, n - 2)]);
    assert!(heterogeneity_within(&sure).unwrap().1 < 1e-6);
    let exact = [[of(40, 50); 2], [of(30, 50); 2]];
    let (least, most) = heterogeneity_within(&exact).unwrap();
    close(least, 0.029_096_33, 1e-6);
    close(most, 0.029_096_33, 1e-3);
}

/// Units that are all alike do not differ, however rare what is counted is, and however many cases there are.
#[test]
fn units_that_are_alike_do_not_differ_at_any_rate() {
    for (met, cases) in [(20, 30_000), (29_980, 30_000), (301_250, 1_000_000), (8, 1_000_000), (500, 1_000)] {
        let rounded = [of(met - 2, cases + 2), of(met + 2, cases - 2)];
        let (least, most) = heterogeneity_within(&[rounded; 4]).unwrap();
        assert!(least < 1.0 && most == 1.0, "{met} of {cases}: {least} {most}");
        assert_eq!(heterogeneity_within(&[[of(met, cases); 2]; 4]).unwrap().1, 1.0, "{met} of {cases}");
    }
}

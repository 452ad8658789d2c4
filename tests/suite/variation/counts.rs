//! Proportions, small numbers, standardisation and many comparisons.

use concord_engine::variation::Fault;
use concord_engine::variation::disclosure::{Disclosed, disclose, disclose_proportion};
use concord_engine::variation::multiple_testing::{Adjustment, adjust};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::standardise::{StratumCount, byar_interval, indirect, poisson_interval};

use super::close;

fn of(numerator: u64, denominator: u64) -> Proportion {
    Proportion { numerator, denominator }
}

/// Oracle: statsmodels `proportion_confint(method="wilson")`.
#[test]
fn wilson_intervals_agree_with_statsmodels() {
    for (n, d, level, lower, upper) in [
        (481, 823, 0.95, 0.5504615328871296, 0.6176480829493243),
        (0, 10, 0.95, 0.0, 0.27753279986288926),
        (10, 10, 0.95, 0.7224672001371106, 1.0),
        (1, 3, 0.95, 0.06149194472039626, 0.7923403991979523),
        (481, 823, 0.998, 0.5306893302792306, 0.6362677023520045),
        (7, 50, 0.9, 0.07772089782062995, 0.2392389959454846),
    ] {
        let found = of(n, d).wilson(level).unwrap();
        close(found.lower, lower, 1e-12);
        close(found.upper, upper, 1e-12);
    }
}

/// Published: Newcombe (1998), Statistics in Medicine 17, Table I, method 3:
/// 81 of 263 gives 0.2553 to 0.3662; 15 of 148 gives 0.0624 to 0.1605;
/// 0 of 20 gives 0 to 0.1611; 1 of 29 gives 0.0061 to 0.1718.
#[test]
fn wilson_intervals_agree_with_newcombe() {
    for (n, d, lower, upper) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let found = of(n, d).wilson_95().unwrap();
        close(found.lower, lower, 0.00005);
        close(found.upper, upper, 0.00005);
    }
}

#[test]
fn a_proportion_without_cases_has_no_rate() {
    assert_eq!(of(0, 0).rate(), None);
    assert_eq!(of(0, 0).wilson_95(), None);
    assert_eq!(of(4, 3).rate(), None);
    assert_eq!(of(1, 3).wilson(1.0), None);
    assert_eq!(of(1, 3).wilson(f64::NAN), None);
}

#[test]
fn small_numbers_are_suppressed_or_rounded() {
    assert_eq!(disclose(0), Disclosed::Count(0));
    for hidden in 1..=7 {
        assert_eq!(disclose(hidden), Disclosed::Suppressed);
    }
    for (count, shown) in [(8, 10), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (102, 100)] {
        assert_eq!(disclose(count), Disclosed::Count(shown));
    }
    assert_eq!(disclose(u64::MAX), Disclosed::Count(u64::MAX));
}

#[test]
fn rates_come_from_rounded_figures() {
    // 13 of 38 is shown as 15 of 40: 37.5 %, where the true rate is 34.2 %.
    let shown = disclose_proportion(of(13, 38));
    assert_eq!(shown.numerator, Disclosed::Count(15));
    assert_eq!(shown.denominator, Disclosed::Count(40));
    assert_eq!(shown.rate, Some(0.375));
    assert_eq!(disclose_proportion(of(3, 38)).rate, None);
    assert_eq!(disclose_proportion(of(0, 38)).rate, Some(0.0));
    assert_eq!(disclose_proportion(of(0, 0)).rate, None);
    assert_eq!(disclose_proportion(of(101, 100)).rate, None);
}

#[test]
fn rounding_keeps_order_so_rates_stay_below_one() {
    for denominator in 0..200_u64 {
        for numerator in 0..=denominator {
            let rate = disclose_proportion(of(numerator, denominator)).rate;
            assert!(rate.is_none_or(|r| (0.0..=1.0).contains(&r)));
        }
    }
}

/// Oracle: statsmodels `multipletests`, methods `fdr_bh`, `fdr_by`, `holm`.
#[test]
fn adjusted_p_values_agree_with_statsmodels() {
    let p = [0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81, 0.014, 0.0001];
    let bh = [0.0336, 0.0336, 0.0336, 0.38, 0.6, 0.75, 0.804, 0.804, 0.81, 0.81, 0.0336, 0.0012];
    let few = 0.10426787878787878;
    let by = [few, few, few, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, few, 0.0037238528138528143];
    let holm = [0.11, 0.13, 0.13, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.13, 0.0012];
    for (method, expected) in
        [(Adjustment::BenjaminiHochberg, bh), (Adjustment::BenjaminiYekutieli, by), (Adjustment::Holm, holm)]
    {
        for (found, expected) in adjust(&p, method).unwrap().into_iter().zip(expected) {
            close(found, expected, 1e-14);
        }
    }
}

/// Benjamini & Hochberg (1995), section 3: of these 15 p values the procedure at
/// 0.05 rejects the 4 smallest, Bonferroni's only 3.
#[test]
fn benjamini_hochberg_agrees_with_the_paper() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];
    let adjusted = adjust(&p, Adjustment::BenjaminiHochberg).unwrap();
    assert_eq!(adjusted.iter().filter(|p| **p <= 0.05).count(), 4);
}

#[test]
fn what_is_no_probability_is_refused() {
    assert_eq!(adjust(&[0.1, f64::NAN], Adjustment::Holm), Err(Fault::NotAProbability { index: 1 }));
    assert_eq!(adjust(&[-0.1], Adjustment::BenjaminiHochberg), Err(Fault::NotAProbability { index: 0 }));
    assert_eq!(adjust(&[], Adjustment::BenjaminiHochberg), Ok(vec![]));
}

/// Oracle: `scipy.stats.chi2` quantiles, Garwood's formula.
#[test]
fn poisson_intervals_agree_with_chi_square_quantiles() {
    for (observed, level, lower, upper) in [
        (0, 0.95, 0.0, 3.6888794541139354),
        (1, 0.95, 0.025317807984289897, 5.571643390938898),
        (5, 0.95, 1.623486390118421, 11.66833207932267),
        (10, 0.95, 4.7953886961324335, 18.39035604201778),
        (100, 0.95, 81.36399125092315, 121.62679379242638),
        (10_000, 0.95, 9804.952467260184, 10197.951624661473),
        (10, 0.998, 2.96052037274376, 24.13397114541759),
        (3_000_000, 0.95, 2996606.1900499715, 3003396.7048216565),
    ] {
        let found = poisson_interval(observed, level).unwrap();
        close(found.lower, lower, 1e-11);
        close(found.upper, upper, 1e-11);
    }
}

#[test]
fn byar_is_close_to_exact() {
    for observed in [1_u64, 5, 20, 200, 5000] {
        let exact = poisson_interval(observed, 0.95).unwrap();
        let byar = byar_interval(observed, 0.95).unwrap();
        assert!((exact.upper / byar.upper - 1.0).abs() < 0.002);
        assert!((exact.lower - byar.lower).abs() < 0.02);
    }
}

fn stratum(organisation: &str, stratum: &str, events: u64, cases: u64) -> StratumCount {
    StratumCount { organisation: organisation.to_owned(), stratum: stratum.to_owned(), events, cases }
}

/// By hand. Young: 10+30 of 100+300, a rate of 0.1. Old: 60+20 of 150+50, 0.4.
/// A expects 100×0.1 + 150×0.4 = 70 and has 70; B expects 30+20 = 50 and has 50.
/// Crude rates are 28 % and 14.3 %: all of the difference is case mix.
#[test]
fn indirect_standardisation_removes_case_mix() {
    let rows = [
        stratum("B", "old", 20, 50),
        stratum("A", "young", 10, 100),
        stratum("A", "old", 60, 100),
        stratum("B", "young", 30, 300),
        stratum("A", "old", 0, 50),
    ];
    let found = indirect(&rows, 0.95).unwrap();
    close(found.overall_rate, 0.2, 1e-15);
    let rates: Vec<Option<f64>> = found.strata.iter().map(|s| s.rate).collect();
    assert_eq!(rates, [Some(0.4), Some(0.1)]);
    let [a, b] = found.organisations.as_slice() else { panic!("two organisations") };
    assert_eq!((a.observed, a.cases, b.observed, b.cases), (70, 250, 50, 350));
    close(a.expected, 70.0, 1e-13);
    close(b.expected, 50.0, 1e-13);
    close(a.ratio.unwrap(), 1.0, 1e-14);
    close(a.rate.unwrap(), 0.2, 1e-14);
    // χ²(0.025; 140)/2 and χ²(0.975; 142)/2 over 70: 54.568 and 88.441 (Garwood).
    close(a.interval.unwrap().lower, 54.568 / 70.0, 1e-5);
    close(a.interval.unwrap().upper, 88.441 / 70.0, 1e-5);
}

#[test]
fn nothing_expected_has_no_ratio() {
    let found = indirect(&[stratum("A", "x", 0, 5), stratum("B", "y", 3, 5)], 0.95).unwrap();
    assert_eq!(found.organisations[0].ratio, None);
    assert_eq!(found.organisations[0].interval, None);
    assert_eq!(indirect(&[], 0.95), Err(Fault::NoData));
    assert_eq!(indirect(&[stratum("A", "x", 6, 5)], 0.95), Err(Fault::NumeratorExceedsDenominator { index: 0 }));
}

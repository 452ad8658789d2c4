//! Between-unit spread against a likelihood integrated on a fixed grid by scipy.

use concord_engine::variation::Fault;
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::spread::{Spread, spread};

use super::{close, data};

fn units(pairs: &[(u64, u64)]) -> Vec<Proportion> {
    pairs
        .iter()
        .map(|(numerator, denominator)| Proportion { numerator: *numerator, denominator: *denominator })
        .collect()
}

struct Expected {
    mu: f64,
    variance: f64,
    /// Median odds ratio, and its interval by profile likelihood.
    mor: [f64; 3],
    icc: f64,
    ninety_ten: f64,
    rates: [f64; 6],
}

fn agrees(found: &Spread, expected: &Expected) {
    let rate = found.median_unit_rate;
    close((rate / (1.0 - rate)).ln(), expected.mu, 1e-8);
    close(found.variance, expected.variance, 1e-8);
    close(found.median_odds_ratio, expected.mor[0], 1e-8);
    let interval = found.median_odds_ratio_interval.unwrap();
    close(interval.lower, expected.mor[1], 1e-6);
    close(interval.upper, expected.mor[2], 1e-6);
    close(found.intra_class_correlation, expected.icc, 1e-8);
    close(found.odds_ratio_90_10, expected.ninety_ten, 1e-8);
    for (unit, expected) in found.units.iter().zip(expected.rates) {
        close(unit.shrunken, expected, 1e-8);
        assert!(unit.interval.lower < unit.shrunken && unit.shrunken < unit.interval.upper);
    }
}

/// Oracle: trapezium rule on 4,001 points per unit, the likelihood equations solved
/// by scipy's `fsolve`; interval by `brentq` on the profile.
#[test]
fn ten_small_units_agree_with_scipy() {
    let units = units(&[(2, 10), (5, 12), (1, 8), (9, 20), (0, 6), (14, 31), (3, 22), (7, 9), (12, 40), (4, 7)]);
    agrees(
        &spread(&units, 0.95).unwrap(),
        &Expected {
            mu: -0.6970757882565174,
            variance: 0.4793943991335131,
            mor: [1.9356540191178957, 1.0, 4.867178572006032],
            icc: 0.12718519735837647,
            ninety_ten: 5.89821267869433,
            rates: [
                0.2717699398758545,
                0.3827184765370745,
                0.24900488536387277,
                0.4145772496043608,
                0.2225442383700278,
                0.425447327028845,
            ],
        },
    );
}

#[test]
fn one_unit_apart_agrees_with_scipy() {
    let units = units(&[(3, 30), (4, 41), (3, 29), (5, 52), (4, 38), (30, 90)]);
    agrees(
        &spread(&units, 0.95).unwrap(),
        &Expected {
            mu: -1.8798513007249504,
            variance: 0.34604390139171864,
            mor: [1.7526348127677642, 1.2758130391627374, 3.5998390917716208],
            icc: 0.0951738925618224,
            ninety_ten: 4.516593852549725,
            rates: [
                0.1183897359872818,
                0.11368134637807774,
                0.1204984333959378,
                0.110370952648853,
                0.11885760180769894,
                0.30041155271072495,
            ],
        },
    );
}

/// 134 departments with up to tens of thousands of cases each.
#[test]
fn four_hour_spread_agrees_with_scipy() {
    let (_, proportions) = data::march_2019();
    agrees(
        &spread(&proportions, 0.95).unwrap(),
        &Expected {
            mu: 1.5397096390705778,
            variance: 0.5561118528819372,
            mor: [2.036699276797758, 1.8844609573487379, 2.2392931980082587],
            icc: 0.14459561797581974,
            ninety_ten: 6.762418053773193,
            rates: [
                0.7648511209943565,
                0.8032808917726061,
                0.7402105830383204,
                0.7508652618384498,
                0.8612530296778076,
                0.829752599522942,
            ],
        },
    );
}

/// By hand: equal rates leave no variance; then the ratio is 1 and every unit has
/// the overall rate, 0.3.
#[test]
fn equal_rates_have_no_spread() {
    let found = spread(&units(&[(3, 10), (30, 100), (0, 0), (6, 20)]), 0.95).unwrap();
    assert_eq!((found.variance, found.median_odds_ratio), (0.0, 1.0));
    assert_eq!((found.intra_class_correlation, found.odds_ratio_90_10), (0.0, 1.0));
    assert_eq!(found.left_out, [2]);
    assert_eq!(found.median_odds_ratio_interval.unwrap().lower, 1.0);
    for unit in &found.units {
        close(unit.shrunken, 0.3, 1e-14);
    }
}

#[test]
fn what_has_no_spread_to_estimate_is_refused() {
    assert_eq!(spread(&units(&[(0, 10), (0, 20)]), 0.95), Err(Fault::NoVariation));
    assert_eq!(spread(&units(&[(10, 10), (20, 20)]), 0.95), Err(Fault::NoVariation));
    assert_eq!(spread(&units(&[(1, 10)]), 0.95), Err(Fault::NoData));
    assert_eq!(spread(&units(&[(1, 10), (3, 2)]), 0.95), Err(Fault::NumeratorExceedsDenominator { index: 1 }));
    assert_eq!(spread(&units(&[(1, 10), (1, 2)]), 1.5), Err(Fault::BadOption { name: "level" }));
}

#[test]
fn extreme_units_stay_finite() {
    let units = units(&[(0, 5_000_000), (5_000_000, 5_000_000), (1, 2), (0, 1)]);
    let found = spread(&units, 0.95).unwrap();
    assert!(found.variance.is_finite() && found.median_odds_ratio.is_finite());
    assert!(found.units.iter().all(|u| (0.0..=1.0).contains(&u.shrunken)));
}

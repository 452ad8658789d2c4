//! Figures that are numbers: percentiles of cases counted, means, ratios of sums and rates.

use concord_engine::variation::Fault;
use concord_engine::variation::delays::delay_percentiles;
use concord_engine::variation::figures::{
    Bands, Compared, Figure, Parts, Reading, Sums, percentile, rate, ratio, standings,
};
use concord_engine::variation::funnel::Flag;

use super::close;

fn readings(values: impl IntoIterator<Item = (i64, u64)>) -> Vec<Reading> {
    values.into_iter().map(|(value, cases)| Reading { value, cases }).collect()
}

fn mean(readings: &[Reading]) -> Result<Figure, Fault> {
    ratio(&Sums::of_readings(readings), 0.95)
}

/// A value that several cases have is that value so many times.
#[test]
fn counted_values_are_values_repeated() {
    let counted = [(4, 3), (9, 1), (1, 5), (7, 12), (30, 2), (11, 40)];
    let repeated: Vec<i64> =
        counted.iter().flat_map(|(value, cases)| std::iter::repeat_n(*value, *cases as usize)).collect();
    for per_mille in [1, 100, 250, 500, 501, 900, 950, 999] {
        let one = percentile(&readings(counted), per_mille, 0.95, None).unwrap();
        let other = delay_percentiles(&repeated, &[per_mille], 0.95).unwrap()[0];
        assert!((one.value - other.estimate_ms as f64).abs() <= 0.5, "{per_mille}");
        let ends = one.interval.map(|interval| (interval.lower, interval.upper));
        let wanted = other.lower_ms.zip(other.upper_ms).map(|(low, high)| (low as f64, high as f64));
        assert_eq!(ends, wanted, "{per_mille}");
    }
}

/// By hand: 10 wait 0 weeks, 20 wait 1, 10 wait 2: the 20th of 40 is half way through week 1, the 38th 0.8 through week 2. Between
/// the 14th and the 27th lies the median with 95 %, both in week 1: from 1 to 2 weeks.
#[test]
fn bands_are_cut_where_the_patients_are() {
    let waits = readings([(2, 10), (0, 10), (1, 20)]);
    let bands = Some(Bands { width: 1, open_from: Some(104) });
    let median = percentile(&waits, 500, 0.95, bands).unwrap();
    assert_eq!((median.value, median.at_least), (1.5, false));
    assert_eq!(median.interval.map(|i| (i.lower, i.upper)), Some((1.0, 2.0)));
    close(percentile(&waits, 950, 0.95, bands).unwrap().value, 2.8, 1e-12);
    let open = percentile(&readings([(104, 3), (3, 1)]), 950, 0.95, bands).unwrap();
    assert_eq!((open.value, open.at_least), (104.0, true));
    // Bands of 7 days: 0 to 6 and 7 to 13.
    let days = percentile(&readings([(0, 1), (7, 1)]), 500, 0.95, Some(Bands { width: 7, open_from: None })).unwrap();
    assert_eq!(days.value, 7.0);
    // 98 to 103 is a band, and all from 104 on another, which is open; intervals are of bands too.
    let bands = Some(Bands { width: 7, open_from: Some(104) });
    let mixed = readings([(20, 50), (100, 30), (104, 10), (228, 10)]);
    let found = percentile(&mixed, 500, 0.95, bands).unwrap();
    assert_eq!((found.value, found.at_least, found.upper_at_least), (21.0, false, false));
    assert_eq!(found.interval.map(|i| (i.lower, i.upper)), Some((14.0, 104.0)));
    let found = percentile(&mixed, 800, 0.95, bands).unwrap();
    assert_eq!((found.value, found.at_least, found.upper_at_least), (104.0, false, true));
    assert_eq!(found.interval.map(|i| (i.lower, i.upper)), Some((98.0, 104.0)));
    let found = percentile(&mixed, 950, 0.95, bands).unwrap();
    assert_eq!((found.value, found.at_least, found.upper_at_least), (104.0, true, true));
}

/// By hand: 10 and 20, 15 times each: mean 15, s² = 750/29, error √(25.862/30) = 0.92847, 1.959964 times that 1.81977.
#[test]
fn a_mean_has_its_interval_from_30_cases_on() {
    let found = mean(&readings([(10, 15), (20, 15)])).unwrap();
    assert_eq!(found.value, 15.0);
    close(found.interval.unwrap().upper, 16.819_77, 1e-5);
    assert_eq!(mean(&readings([(10, 15), (20, 14)])).unwrap().interval, None);
    assert_eq!(mean(&[]), Err(Fault::NoData));
}

/// By hand: 30 invoices of £100 in time and 10 of £300 late: £3,000 of £6,000. Each is off by 50 or −150: 30 × 2,500 + 10 × 22,500 =
/// 300,000; × 40/39 = 307,692.3, its root 554.700, over 6,000 = 0.0924500; 1.959964 times that 0.181198.
#[test]
fn a_share_by_value_varies_with_its_cases() {
    let early = std::iter::repeat_n(Parts { part: 100, whole: 100 }, 30);
    let late = std::iter::repeat_n(Parts { part: 0, whole: 300 }, 10);
    let found = ratio(&Sums::of_parts(&early.chain(late).collect::<Vec<_>>()), 0.95).unwrap();
    assert_eq!(found.value, 0.5);
    close(found.interval.unwrap().lower, 0.5 - 0.181_198, 1e-6);
    assert_eq!(ratio(&Sums::of_parts(&[Parts { part: 0, whole: 0 }]), 0.95), Err(Fault::NoData));
}

/// The exact interval of 10 events is 4.795389 to 18.390356 in every table of the Poisson distribution.
#[test]
fn a_rate_has_the_interval_of_its_count() {
    let found = rate(10, 2_000.0, 1_000.0, 0.95).unwrap();
    assert_eq!(found.value, 5.0);
    close(found.interval.unwrap().lower, 4.795_389 / 2.0, 1e-6);
    close(found.interval.unwrap().upper, 18.390_356 / 2.0, 1e-6);
    assert_eq!(rate(0, 0.0, 1_000.0, 0.95), Err(Fault::NoData));
}

/// One unit of which nearly all lie above the group's median stands out as higher, one like the group does not, and one with few cases is not
/// compared.
#[test]
fn an_organisation_stands_beside_the_group() {
    let like = readings([(1, 50), (3, 50)]);
    let high = readings([(1, 1), (3, 99)]);
    let few = readings([(3, 10)]);
    let all = readings([(1, 500), (2, 1), (3, 500)]);
    let units = [Compared::Percentile(&like), Compared::Percentile(&high), Compared::Percentile(&few)];
    let (found, over) = standings(&units, &Compared::Percentile(&all), 2.0);
    assert_eq!((found[0].unwrap().flag, found[1].unwrap().flag), (Flag::Within, Flag::High998));
    // By hand: the share above is 0.99, 0.49 beyond a half; √(0.25/100) is 0.05.
    close(found[1].unwrap().z, 9.8, 1e-9);
    assert!(found[2].is_none() && over.is_some());
    let [a, b] = [[(0, 50), (10, 50)], [(40, 50), (50, 50)]].map(|values| Sums::of_readings(&readings(values)));
    let (found, _) = standings(&[Compared::Ratio(&a), Compared::Ratio(&b)], &Compared::Ratio(&a), 5.0);
    assert_eq!((found[0].unwrap().z, found[1].unwrap().flag), (0.0, Flag::High998));
}

/// The error from whole sums is that of the cases themselves, however large their numbers and however alike.
#[test]
fn sums_of_parts_give_what_their_cases_give() {
    let alike: Vec<Reading> = readings([(1_700_000_000_000, 40), (1_700_000_000_002, 40)]);
    // By hand: each is off by 1; √(80/79 · 80)/80 = 0.112509.
    let interval = mean(&alike).unwrap().interval.unwrap();
    close((interval.upper - interval.lower) / 2.0, 1.959_964 * 0.112_509, 1e-3);
    // A third of each: no spread at all, and none is made of rounding.
    let thirds: Vec<Parts> = (1..=50).map(|n| Parts { part: n * 7, whole: n * 21 }).collect();
    let interval = ratio(&Sums::of_parts(&thirds), 0.95).unwrap().interval.unwrap();
    assert_eq!(interval.lower.to_bits(), interval.upper.to_bits());
    let mut parts = Sums::of_parts(&thirds[..20]);
    parts.take(&Sums::of_parts(&thirds[20..]));
    assert_eq!(parts, Sums::of_parts(&thirds));
}

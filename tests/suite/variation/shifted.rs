//! Days that lie an hour early in summer.

use super::close;
use concord_engine::variation::shifted::{Days, an_hour_early, an_hour_early_of_its_own};

const DAY: [u64; 24] = [3, 2, 2, 2, 2, 2, 2, 3, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 4, 4, 3];

fn days(winter: impl Fn(usize) -> u64, summer: impl Fn(usize) -> u64) -> Days {
    [std::array::from_fn(winter), std::array::from_fn(summer)]
}

/// Oracle. The first is read an hour early in summer; the third has a day of its own.
#[test]
fn a_summer_that_lies_an_hour_early() {
    let all = [
        days(|hour| DAY[hour] * 4, |hour| DAY[(hour + 1) % 24] * 6),
        days(|hour| DAY[hour] * 9, |hour| DAY[hour] * 12),
        days(|hour| DAY[hour] * 5 + hour as u64 * 2, |hour| DAY[hour] * 7 + hour as u64 * 3),
        days(|hour| DAY[hour] * 2, |hour| DAY[hour] * 3 + hour as u64 % 2),
    ];
    let found = an_hour_early(&all);
    let wanted = [
        (2.209_080_093_243_68, 2.684_160_382_366_157, 10.248_863_164_228_725),
        (0.409_563_440_535_320_9, 3.523_735_810_022_234, 0.008_521_493_436_510_42),
        (-1.188_254_022_307_353_4, 2.962_498_657_494_085_5, 0.000_367_642_303_565_838_65),
        (0.195_697_669_968_109_2, 2.028_136_238_788_917, 0.190_183_332_293_792_45),
    ];
    for (found, (z, expected, ratio)) in found.into_iter().zip(wanted) {
        let found = found.unwrap();
        close(found.z, z, 1e-9);
        close(found.expected, expected, 1e-9);
        close(found.ratio(), ratio, 1e-9);
        close(found.hours(), z / expected, 1e-9);
    }
}

#[test]
fn what_says_nothing_of_an_hour() {
    let none = days(|_| 0, |_| 0);
    let flat = days(|_| 5, |_| 5);
    let winter = days(|hour| DAY[hour], |_| 0);
    let summer = days(|_| 0, |hour| DAY[hour]);
    assert_eq!(an_hour_early(&[]), []);
    assert_eq!(an_hour_early(&[none, none]), [None, None]);
    assert_eq!(an_hour_early(&[flat, flat]), [None, None]);
    assert_eq!(an_hour_early(&[winter, winter]), [None, None]);
    // Nothing is known of their winters, and their summers are alike.
    for found in an_hour_early(&[summer, summer, summer]) {
        close(found.unwrap().z, 0.0, 1e-12);
    }
    let largest = days(|_| u64::MAX, |_| u64::MAX);
    assert!(an_hour_early(&[largest, winter, summer]).iter().flatten().all(|found| found.z.is_finite()));
}

/// By the formula in plain sums: 500 cases of winter around 10, 600 of summer around 9.
#[test]
fn one_that_has_no_others_is_held_against_its_own_winter() {
    let mut days: Days = [[0; 24]; 2];
    days[0][9..12].copy_from_slice(&[100, 300, 100]);
    days[1][8..11].copy_from_slice(&[120, 360, 120]);
    let early = an_hour_early_of_its_own(&days).unwrap();
    close(early.z, 19.291_790_096_465_41, 1e-9);
    close(early.expected, 19.421_649_836_859_18, 1e-9);
    // The same day in both seasons lies at no other hour; a day at no hour, or a season without a case, says nothing.
    days[1] = days[0];
    close(an_hour_early_of_its_own(&days).unwrap().z, 0.0, 1e-12);
    assert_eq!(an_hour_early_of_its_own(&[[5; 24]; 2]), None);
    assert_eq!(an_hour_early_of_its_own(&[[0; 24], days[0]]), None);
}

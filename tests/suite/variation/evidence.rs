//! How strongly counts speak: a month that was not sent, a rate that changed.

use super::close;
use concord_engine::variation::evidence::{none_of, so_few, two_rates};

/// Oracle: `tests/oracle/variation.py`, sums of the terms by their logarithms.
#[test]
fn so_few_is_the_tail_of_a_poisson_count() {
    close(so_few(0, 10.0), 4.539_992_976_248_485e-5, 1e-15);
    close(so_few(3, 12.5), 0.001_554_557_843_011, 1e-12);
    close(so_few(40, 60.0), 0.003_982_809_502_273, 1e-12);
    assert_eq!(so_few(3, 0.0), 1.0);
    assert_eq!(so_few(3, f64::NAN), 1.0);
}

#[test]
fn none_of_so_many_is_a_power() {
    close(none_of(20, 0.5), 0.5_f64.powi(20), 1e-18);
    assert_eq!(none_of(0, 1.0), 1.0);
    assert_eq!(none_of(1, 1.0), 0.0);
}

/// By hand: 90 of 100 before and 60 of 100 after; the logarithms of the likelihoods are −32.508297 and −67.301167, and −112.467029 of 150 in
/// 200 (`tests/oracle/variation.py`).
#[test]
fn two_rates_against_one() {
    close(two_rates([90, 100], [60, 100]), 25.315_129_767_382, 1e-12);
    assert_eq!(two_rates([50, 100], [5, 10]), 0.0);
    assert_eq!(two_rates([0, 0], [3, 7]), 0.0);
    assert!(two_rates([11, 10], [0, 10]).is_finite());
}

//! Each special-cause rule on series worked out by hand.
//!
//! Every series starts with ten points 10, 12, 10, … that alone fix the limits:
//! mean 11, every moving range 2, limits 11 ± 5.32 (5.68 and 16.32), near limits
//! 11 ± 3.5466… (7.4533… and 14.5466…).

use concord_engine::variation::control_chart::{Chart, ChartOptions, Observation, Profile, xmr};
use concord_engine::variation::{Cause, Direction, Rule, Side, Signal};

const BASE: [f64; 10] = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0];

fn chart(after: &[f64], profile: Profile) -> Chart {
    let series: Vec<Observation> =
        BASE.iter().chain(after).map(|value| Observation { value: *value, rebase: false, after_gap: false }).collect();
    let options = ChartOptions { profile, direction: Direction::HigherIsBetter, target: None, fix_after: Some(10) };
    xmr(&series, &options).unwrap()
}

/// The signals of the points after the base, as short words: `O` outside, `T`
/// trend, `2` two in three, `S` shift, with `+` high or `-` low, `.` for none.
fn read(after: &[f64], profile: Profile) -> String {
    let chart = chart(after, profile);
    let words: Vec<String> = chart.points[10..].iter().map(|p| word(p.signal)).collect();
    words.join(" ")
}

pub fn word(signal: Option<Signal>) -> String {
    let Some(signal) = signal else {
        return ".".to_owned();
    };
    let rule = match signal.rule {
        Rule::OutsideLimits => 'O',
        Rule::Trend => 'T',
        Rule::TwoInThree => '2',
        Rule::Shift => 'S',
    };
    format!("{rule}{}", if signal.side == Side::High { '+' } else { '-' })
}

fn nhs(after: &[f64]) -> String {
    read(after, Profile::MAKING_DATA_COUNT)
}

#[test]
fn the_base_has_the_limits_worked_out_by_hand() {
    let chart = chart(&[], Profile::MAKING_DATA_COUNT);
    let group = &chart.groups[0];
    let limits = group.limits.unwrap();
    super::close(group.mean, 11.0, 1e-15);
    super::close(limits.lower, 5.68, 1e-15);
    super::close(limits.upper, 16.32, 1e-15);
    super::close(limits.near_lower, 11.0 - 5.32 * 2.0 / 3.0, 1e-15);
    super::close(limits.near_upper, 11.0 + 5.32 * 2.0 / 3.0, 1e-15);
    assert!(chart.points.iter().all(|p| p.signal.is_none()));
}

#[test]
fn a_point_outside_a_limit_is_a_signal_and_one_on_it_is_not() {
    assert_eq!(nhs(&[10.0, 17.0, 10.0, 5.0, 12.0]), ". O+ . O- .");
    // With a factor of 2.5 the limits are 6 and 16 exactly.
    let even = Profile { limit_factor: 2.5, ..Profile::MAKING_DATA_COUNT };
    assert_eq!(read(&[10.0, 16.0, 10.0, 6.0, 12.0, 16.5], even), ". . . . . O+");
}

#[test]
fn seven_values_in_one_direction_are_a_trend() {
    assert_eq!(nhs(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0]), "T+ T+ T+ T+ T+ T+ T+");
    assert_eq!(nhs(&[14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0]), "T- T- T- T- T- T- T-");
    // Six are not.
    assert_eq!(nhs(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 11.0]), ". . . . . . .");
}

#[test]
fn a_tie_breaks_a_trend() {
    assert_eq!(nhs(&[8.0, 9.0, 10.0, 10.0, 12.0, 13.0, 14.0]), ". . . . . . .");
    // Seven rising, a tie, then two more: only the seven.
    assert_eq!(nhs(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 14.0, 10.0]), "T+ T+ T+ T+ T+ T+ T+ . .");
}

#[test]
fn where_a_trend_turns_the_later_direction_wins() {
    assert_eq!(
        nhs(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0]),
        "T+ T+ T+ T+ T+ T+ T- T- T- T- T- T- T-"
    );
}

#[test]
fn outside_comes_before_trend_and_trend_before_shift() {
    assert_eq!(nhs(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 17.0]), "T+ T+ T+ T+ T+ T+ O+");
    // 10, then eight above the mean, of which the last seven rise.
    assert_eq!(nhs(&[10.0, 13.0, 12.0, 12.2, 12.4, 12.6, 12.8, 13.0, 13.2]), ". S+ T+ T+ T+ T+ T+ T+ T+");
}

#[test]
fn two_of_three_near_a_limit_mark_only_the_near_ones() {
    assert_eq!(nhs(&[10.0, 15.0, 12.0, 15.0, 10.0]), ". 2+ . 2+ .");
    assert_eq!(nhs(&[10.0, 7.0, 7.0, 10.0, 12.0]), ". 2- 2- . .");
    // The third beyond the limit is marked by its own rule; it still lies on that side.
    assert_eq!(nhs(&[10.0, 15.0, 17.0, 15.0, 10.0]), ". 2+ O+ 2+ .");
    // One near and one beyond are not two near.
    assert_eq!(nhs(&[10.0, 15.0, 17.0, 12.0, 10.0]), ". . O+ . .");
}

#[test]
fn two_in_three_needs_all_three_on_one_side() {
    assert_eq!(nhs(&[10.0, 15.0, 10.0, 15.0, 10.0]), ". . . . .");
    // A point on the mean is on neither side.
    assert_eq!(nhs(&[10.0, 15.0, 11.0, 15.0, 10.0]), ". . . . .");
    // Two near in a row do not suffice if both threes around them cross the mean.
    assert_eq!(nhs(&[10.0, 15.0, 15.0, 10.0]), ". . . .");
}

#[test]
fn power_bi_lets_the_third_lie_anywhere() {
    // Its limits are 11 ± 2 × 2.6596, near limits 11 ± 3.5461.
    let read = |after: &[f64]| read(after, Profile::POWER_BI);
    assert_eq!(read(&[10.0, 15.0, 10.0, 15.0, 10.0]), ". 2+ . 2+ .");
    assert_eq!(read(&[10.0, 15.0, 17.0, 10.0]), ". 2+ O+ .");
    assert_eq!(read(&[10.0, 15.0, 7.0, 10.0]), ". . . .");
}

#[test]
fn seven_on_one_side_are_a_shift() {
    assert_eq!(nhs(&[10.0, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5, 12.0, 10.0]), ". S+ S+ S+ S+ S+ S+ S+ .");
    assert_eq!(nhs(&[10.0, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5, 10.0]), ". . . . . . . .");
    // A point on the mean breaks it.
    assert_eq!(nhs(&[10.0, 12.0, 12.5, 12.0, 11.0, 12.5, 12.0, 12.5, 12.0]), ". . . . . . . . .");
}

#[test]
fn a_shift_reaches_back_over_its_whole_run() {
    // The base ends above the mean, so six more make seven.
    let chart = chart(&[12.5, 12.0, 12.5, 12.0, 12.5, 12.0], Profile::MAKING_DATA_COUNT);
    assert_eq!(word(chart.points[8].signal), ".");
    assert!(chart.points[9..].iter().all(|p| word(p.signal) == "S+"));
}

#[test]
fn abspc_wants_eight_for_a_shift_and_six_for_a_trend() {
    let read = |after: &[f64]| read(after, Profile::ABSPC);
    assert_eq!(read(&[10.0, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5, 12.0, 10.0]), ". . . . . . . . .");
    assert_eq!(read(&[10.0, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5, 12.0, 12.5, 10.0]), ". S+ S+ S+ S+ S+ S+ S+ S+ .");
    assert_eq!(read(&[8.0, 9.0, 10.0, 11.0, 12.0, 13.0]), "T+ T+ T+ T+ T+ T+");
}

#[test]
fn the_direction_that_is_better_decides_what_a_signal_means() {
    let high = Some(Signal { rule: Rule::OutsideLimits, side: Side::High });
    let low = Some(Signal { rule: Rule::Trend, side: Side::Low });
    assert_eq!(Cause::of(high, Direction::HigherIsBetter), Cause::Improvement);
    assert_eq!(Cause::of(high, Direction::LowerIsBetter), Cause::Concern);
    assert_eq!(Cause::of(high, Direction::Neutral), Cause::NeutralHigh);
    assert_eq!(Cause::of(low, Direction::HigherIsBetter), Cause::Concern);
    assert_eq!(Cause::of(low, Direction::LowerIsBetter), Cause::Improvement);
    assert_eq!(Cause::of(low, Direction::Neutral), Cause::NeutralLow);
    assert_eq!(Cause::of(None, Direction::Neutral), Cause::Common);
}

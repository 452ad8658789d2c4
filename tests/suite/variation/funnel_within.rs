//! Funnels of rounded counts: nothing is flagged that the exact counts do not flag, whatever these are.

use concord_engine::variation::disclosure::{Disclosed, disclose};
use concord_engine::variation::funnel::{Flag, FunnelOptions, Outside, proportion_funnel, proportion_funnel_about};
use concord_engine::variation::funnel_within::{UnitWithin, surely};
use concord_engine::variation::overdispersion::SpreadEstimate;
use concord_engine::variation::proportion::Proportion;

const OPTIONS: FunnelOptions = FunnelOptions {
    exact_below: 10.0,
    trim: 0.1,
    widening: concord_engine::variation::funnel::Widening::Additive,
    estimate: SpreadEstimate::Middle,
    least: None,
    target: None,
};

fn of(numerator: u64, denominator: u64) -> Proportion {
    Proportion { numerator, denominator }
}

fn dice() -> impl FnMut(u64) -> u64 {
    let mut state = 20_261_130_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

/// What is shown of a count, and what that may be.
type Told = (Option<u64>, (u64, u64));

fn within(exact: u64) -> Told {
    match disclose(exact) {
        Disclosed::Suppressed => (None, (1, 7)),
        Disclosed::Count(0) => (Some(0), (0, 0)),
        Disclosed::Count(shown) => (Some(shown), ((shown - 2).max(8), shown + 2)),
    }
}

/// The flags of a group by its shown counts, as far as they are sure; none of one that is suppressed.
fn told(exact: &[Proportion]) -> Vec<(usize, Flag, Flag)> {
    let parts: Vec<_> = exact.iter().map(|of| (within(of.numerator), within(of.denominator))).collect();
    let bounds = |((_, (few, many)), (_, (least, most))): &(Told, Told)| {
        [of((*few).min(*most), *most), of((*many).min(*least), *least)]
    };
    let (shown, hidden): (Vec<usize>, Vec<usize>) = (0..exact.len()).partition(|at| {
        let ((numerator, _), (denominator, _)) = &parts[*at];
        numerator.is_some() && denominator.is_some()
    });
    let rated: Vec<Proportion> = shown
        .iter()
        .map(|at| {
            let ((numerator, _), (denominator, _)) = &parts[*at];
            of(numerator.unwrap().min(denominator.unwrap()), denominator.unwrap())
        })
        .collect();
    let units: Vec<UnitWithin> =
        shown.iter().chain(&hidden).map(|at| UnitWithin { bounds: bounds(&parts[*at]), counts: true }).collect();
    let sum =
        exact.iter().fold(of(0, 0), |sum, one| of(sum.numerator + one.numerator, sum.denominator + one.denominator));
    let whole = [within(sum.numerator).1, within(sum.denominator).1];
    let Ok(funnel) = proportion_funnel_about(&rated, &vec![true; rated.len()], &OPTIONS) else { return Vec::new() };
    let points = surely((&funnel.model, &funnel.points), (&units, Some(whole)), &OPTIONS);
    points.iter().map(|point| (shown[point.unit], point.flag, point.flag_adjusted)).collect()
}

/// A flag is there, on the same side and as far out.
fn bears_out(exact: Flag, told: Flag) -> bool {
    match told {
        Flag::Within => true,
        Flag::High95 => matches!(exact, Flag::High95 | Flag::High998),
        Flag::Low95 => matches!(exact, Flag::Low95 | Flag::Low998),
        other => exact == other,
    }
}

#[test]
fn what_is_told_of_rounded_counts_is_told_of_the_exact_ones() {
    let mut dice = dice();
    let mut flags = [0; 2];
    for group in 0..2_000 {
        let (units, size) = (3 + dice(18), [12, 60, 300, 2_000][group % 4]);
        let spread = dice(25);
        let exact: Vec<Proportion> = (0..units)
            .map(|_| {
                let n = size / 2 + dice(size);
                let rate = 60 + dice(spread + 1) + if dice(12) == 0 { 15 } else { 0 };
                of((0..n).filter(|_| dice(100) < rate).count() as u64, n)
            })
            .collect();
        let funnel = proportion_funnel(&exact, &OPTIONS).unwrap();
        for (unit, plain, adjusted) in told(&exact) {
            let own = funnel.points.iter().find(|point| point.unit == unit).unwrap();
            assert!(bears_out(own.flag, plain), "{exact:?}: {unit} {plain:?}, {own:?}");
            assert!(bears_out(own.flag_adjusted, adjusted), "{exact:?}: {unit} {adjusted:?}, {own:?}");
            flags[0] += usize::from(plain != Flag::Within);
            flags[1] += usize::from(adjusted != Flag::Within);
        }
    }
    assert!(flags[0] > 500 && flags[1] > 200, "hardly anything is told: {flags:?}");
}

/// Rounding lets eleven rates lie closer together than they do: their spread is not told to be that small.
#[test]
fn rounding_makes_no_spread_smaller() {
    let mut exact: Vec<Proportion> =
        [481, 478, 473, 484, 477, 487, 483, 472, 488, 476, 482].iter().map(|met| of(*met, 600)).collect();
    exact.push(of(5_520, 6_000));
    let funnel = proportion_funnel(&exact, &OPTIONS).unwrap();
    for (unit, _, adjusted) in told(&exact) {
        let own = funnel.points.iter().find(|point| point.unit == unit).unwrap();
        assert!(bears_out(own.flag_adjusted, adjusted), "{unit} {adjusted:?}, {own:?}");
    }
}

/// One large unit takes the rate of all with it, and not what is usual: eleven alike lie within their own spread, and it lies beyond that.
#[test]
fn the_spread_of_a_group_is_about_its_middle() {
    let mut units: Vec<Proportion> =
        [481, 478, 473, 484, 477, 487, 483, 472, 488, 476, 482].iter().map(|met| of(*met, 600)).collect();
    units.push(of(3_720, 6_000));
    let funnel = proportion_funnel(&units, &OPTIONS).unwrap();
    let flags: Vec<Flag> = funnel.points.iter().map(|point| point.flag_adjusted).collect();
    assert_eq!(flags[..11], [Flag::Within; 11], "{:?}", funnel.points);
    assert_eq!(flags[11], Flag::Low998);
    assert_eq!(funnel.outside_adjusted, Outside { beyond_95: 1, beyond_998: 1 });
    for point in &funnel.points {
        let (value, limits) = (point.value, point.limits_adjusted);
        assert_eq!(value < limits.lower_998 || value > limits.upper_998, point.unit == 11, "{point:?}");
    }
}
